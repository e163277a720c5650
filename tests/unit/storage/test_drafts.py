"""An office writes a policy: begun, cloned, put right, given to its villages; its villages see nothing before."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import drafts, operators, policies, policy_text
from storage.commands import drafts as writing
from storage.commands import publish
from storage.errors import KnownError, RuleViolation
from storage.policy.drafting import checked, moved_day
from storage.policy.schema import get, put
from tests.unit.storage.test_publish import OWN, A, B, Scene, by, text
from tests.unit.storage.worlds import PASSPHRASE, World, everything


@pytest.fixture
def scene(world: World) -> Scene:
    """An office with two villages that work by the office's own policy."""
    made = Scene(world)
    publish.publish(made.office, text())
    made.down()
    return made


def change(scene: Scene, name: str, **values: Any) -> None:
    """Put values in a draft and keep it."""
    raw = drafts.read(scene.office, name).raw
    for path, value in values.items():
        raw = put(raw, path.replace("__", "."), value)
    writing.save(scene.office, name, raw)


def test_a_policy_is_changed_and_given(scene: Scene) -> None:
    name = writing.begin(scene.office, OWN)
    assert (name, drafts.read(scene.office, name).differences) == (OWN, [])
    change(scene, name, personal_fen=43000)
    change(scene, name, groups__dibao={"code": "dibao", "name": "低保", "share": "0.5", "mode": "advance"})
    assert [one.why for one in drafts.read(scene.office, name).faults] == ["no_source"]
    change(scene, name, groups__dibao__cite={"source": "assumed"})
    draft = drafts.read(scene.office, name)
    found = {one.where: (one.old, one.new) for one in draft.differences}
    assert found["personal_fen"] == (40000, 43000)
    assert found["groups.dibao.share"][1] == "0.5"
    assert draft.who == scene.office.operator
    done = writing.publish(scene.office, name)
    assert (done.policy.version, done.policy.personal_fen) == (2, 43000)
    assert drafts.listed(scene.office) == []
    scene.down()
    for ledger in (scene.office, scene.a, scene.b):
        assert by(ledger) == (OWN, 43000)
        assert policies.load_version(ledger, OWN, 1).personal_fen == 40000


def test_beginning_again_goes_on_where_it_was(scene: Scene) -> None:
    name = writing.begin(scene.office, OWN)
    change(scene, name, title="另一个名称")
    assert writing.begin(scene.office, OWN) == name
    assert [one.title for one in drafts.listed(scene.office)] == ["另一个名称"]


def test_what_is_drafted_is_nobody_elses(scene: Scene) -> None:
    before = scene.office.connection.execute("SELECT count(*) FROM op").fetchone()
    name = writing.begin(scene.office, OWN)
    change(scene, name, personal_fen=1)
    writing.discard(scene.office, name)
    assert scene.office.connection.execute("SELECT count(*) FROM op").fetchone() == before
    with pytest.raises(KnownError) as error:
        drafts.read(scene.office, name)
    assert (error.value.code, error.value.params) == ("draft.unknown", {"policy": OWN})
    with pytest.raises(KnownError, match=r"draft\.unknown"):
        writing.save(scene.office, name, {})


def test_a_draft_may_be_wrong_but_is_not_given(scene: Scene) -> None:
    name = writing.begin(scene.office, OWN)
    change(scene, name, window__end=date(2020, 1, 1), title=None)
    assert [one.where for one in drafts.read(scene.office, name).faults] == ["title"]
    change(scene, name, title="白泥井镇")
    assert {one.where for one in drafts.read(scene.office, name).faults} == {"window"}
    before = everything(scene.office)
    with pytest.raises(KnownError) as error:
        writing.publish(scene.office, name)
    assert (error.value.code, error.value.params["where"]) == ("policy.invalid", "window")
    assert everything(scene.office) == before


def test_the_version_goes_up_by_itself_and_only_for_a_change(scene: Scene) -> None:
    writing.begin(scene.office, OWN)
    assert writing.publish(scene.office, OWN).policy.version == 1
    writing.begin(scene.office, OWN)
    publish.publish(scene.office, text(version="7", personal_fen="41000"))
    change(scene, OWN, personal_fen=44000)
    assert writing.publish(scene.office, OWN).policy.version == 8


# ---- another year


def test_a_year_is_taken_over_into_the_next(scene: Scene) -> None:
    name = writing.clone(scene.office, OWN, 2027)
    draft = drafts.read(scene.office, name)
    old = policies.load_for(scene.office, OWN)
    assert (name, draft.raw["year"], draft.raw["version"], draft.known) == ("own-2027", 2027, 1, False)
    assert draft.faults == []
    new = policies.build(draft.raw, "")
    assert new.title == old.title.replace("2026", "2027") != old.title
    assert (new.window.start, new.window.end) == (
        moved_day(old.window.start, 1),
        moved_day(old.window.end, 1),
    )
    assert [one.deadline for one in new.targets] == [
        one.deadline and moved_day(one.deadline, 1) for one in old.targets
    ]
    assert new.sources == old.sources, "documents do not move"
    assert new.groups[0].share == old.groups[0].share
    graded = {one.key: one.grade for one in new.sources}
    waiting = {path: get(draft.raw, path) for path in draft.unchecked}
    assert "window.cite" in waiting
    assert "groups.tekun.cite" in waiting
    assert all(cite["note"].startswith("待核对：沿用2026年度") for cite in waiting.values())
    assert all(graded[cite["source"]] != "common" for cite in waiting.values())
    writing.publish(scene.office, name)
    scene.down()
    assert by(scene.a) == ("own-2027", 40000)
    assert policies.load_for(scene.a, OWN) == old


def test_a_source_that_was_looked_up_no_longer_waits(scene: Scene) -> None:
    name = writing.clone(scene.office, OWN, 2027)
    raw = drafts.read(scene.office, name).raw
    before = policies.load_for(scene.office, OWN)
    writing.save(scene.office, name, checked(raw, drafts.read(scene.office, name).unchecked))
    draft = drafts.read(scene.office, name)
    assert draft.unchecked == []
    assert policies.build(draft.raw, "").groups == before.groups, "notes are as they were"


def test_cloned_twice_it_waits_once(scene: Scene) -> None:
    first = writing.clone(scene.office, OWN, 2027)
    writing.publish(scene.office, first)
    second = drafts.read(scene.office, writing.clone(scene.office, first, 2028))
    notes = [get(second.raw, path)["note"] for path in second.unchecked]
    assert notes
    assert all(note.count("待核对") == 1 and "2027" in note for note in notes)


def test_names_nobody_has_yet(scene: Scene) -> None:
    made = [writing.clone(scene.office, "example-2026", year) for year in (2027, 2027, 2028)]
    assert made == ["150621102-2027", "150621102-2027-2", "example-2028"]
    assert {one.id for one in drafts.listed(scene.office)} == set(made)


@pytest.mark.parametrize("year", [1999, 2101, 0, -5])
def test_no_insurance_year(scene: Scene, year: int) -> None:
    with pytest.raises(RuleViolation) as error:
        writing.clone(scene.office, OWN, year)
    assert (error.value.code, error.value.field) == ("draft.year", "year")


def test_an_earlier_year_is_put_right_without_coming_back_into_force(scene: Scene) -> None:
    writing.publish(scene.office, writing.clone(scene.office, OWN, 2027))
    writing.begin(scene.office, OWN)
    change(scene, OWN, personal_fen=41000)
    done = writing.publish(scene.office, OWN)
    assert done.changes
    scene.down()
    for ledger in (scene.office, scene.a):
        assert by(ledger) == ("own-2027", 40000)
        assert policies.load_for(ledger, OWN).personal_fen == 41000
        assert policies.load_version(ledger, OWN, 1).personal_fen == 40000


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(-40, 40))
def test_days_move_and_come_back(day: date, years: int) -> None:
    moved = moved_day(day, years)
    assert (moved.year, moved.month) == (day.year + years, day.month)
    back = moved_day(moved, -years)
    assert back == day or (day.month, day.day) == (2, 28), (
        "only 28 February may be a month's end and not be one"
    )


# ---- files, places, rights


def test_a_file_becomes_a_draft_whatever_is_wrong_with_it(scene: Scene) -> None:
    name = writing.take(scene.office, text(id='"new-2026"', personal_fen="-4"), file="x.toml")
    assert [one.where for one in drafts.read(scene.office, name).faults] == ["personal_fen"]
    with pytest.raises(RuleViolation, match=r"draft\.exists"):
        writing.take(scene.office, text(id='"new-2026"'))
    for broken in ("= =", "x = 1", text(id='"X Y"')):
        with pytest.raises(KnownError, match=r"policy\.invalid"):
            writing.take(scene.office, broken, file="y.toml")


def test_a_draft_survives_being_written_and_read(scene: Scene) -> None:
    """Whatever a file may hold comes back as it was: also what no policy has."""
    odd = "t = 12:00:00\nd = 2026-01-01T00:00:00\n"
    odd += 'q = "\\u0001\\"\\\\"\nf = 1.5\nn = nan\ne = []\n"x y" = { "a.b" = [1] }\n'
    name = writing.take(scene.office, odd + text(id='"odd-2026"'))
    raw = drafts.read(scene.office, name).raw
    again = policies.raw_of(policy_text.written(raw), "")
    assert repr(again) == repr(raw)
    assert raw["q"] == '\x01"\\'


def test_only_some_villages(scene: Scene) -> None:
    writing.begin(scene.office, OWN)
    change(scene, OWN, personal_fen=43000)
    assert writing.publish(scene.office, OWN, [B]).scopes == (B,)
    scene.down()
    assert (by(scene.a)[1], by(scene.b)[1]) == (40000, 43000)


def test_a_village_writes_none(scene: Scene) -> None:
    for begin in (
        lambda: writing.begin(scene.a, OWN),
        lambda: writing.clone(scene.a, OWN, 2027),
        lambda: writing.take(scene.a, text()),
    ):
        with pytest.raises(RuleViolation, match=r"publish\.not_office"):
            begin()


def test_it_takes_the_right_to_exchange(scene: Scene) -> None:
    operators.add(scene.office, "新来的", PASSPHRASE, [operators.RECORD])
    writing.begin(scene.office, OWN)
    scene.office.unlocked_by = "新来的"
    for attempt in (
        lambda: writing.begin(scene.office, OWN),
        lambda: writing.save(scene.office, OWN, {}),
        lambda: writing.discard(scene.office, OWN),
    ):
        with pytest.raises(KnownError, match=r"operator\.not_allowed"):
            attempt()


def test_unknown_policies(scene: Scene) -> None:
    for attempt in (
        lambda: writing.begin(scene.office, "nowhere-1999"),
        lambda: writing.clone(scene.office, "nowhere-1999", 2027),
    ):
        with pytest.raises(KnownError, match=r"policy\.unknown"):
            attempt()
    assert A in publish.places_of(scene.office)
