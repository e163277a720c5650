"""A new insurance year: what goes on and what stays behind, at whoever opens it, in any order."""

import random
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from storage import policies, years
from storage.carrying import Counts
from storage.commands import facts, moves, payments, people, publish, undo
from storage.commands import years as opening
from storage.commands.moves import Decision
from storage.commands.payments import Payment
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries import figures, review
from storage.queries import people as register
from storage.records import derived_id
from tests.unit.storage.worlds import OTHER_CODE, TODAY, VILLAGE_CODE, Pair, World, id_number, person, summary

A, B = VILLAGE_CODE, OTHER_CODE
OLD, NEW = "example-2026", "example-2027"
PAID = Payment(40000, date(2025, 12, 1), "pos")


def filled(ledger: Ledger) -> Ledger:
    """Register five people and what stands of them in 2026; their records are named a to e."""
    for number, name in enumerate("abcde", 1):
        ledger.write([person(name, f"人员{number}", id_number(number))])
    facts.grant(ledger, ["a"], "dibao", source="民政局", since=None, year=2026)
    facts.grant(ledger, ["b"], "dibao", source="", since=None, year=2026)
    facts.absence(ledger, ["c"], "death", note="", on=date(2025, 11, 2), year=2026)
    facts.absence(ledger, ["d"], "employee_here", note="", on=None, year=2026)
    facts.assistance(ledger, ["e"], "mobility", what="", on=None, note="", year=2026)
    payments.record(ledger, ["a", "e"], PAID, year=2026, today=TODAY)
    facts.credential(ledger, ["a"], "self", on=TODAY, today=TODAY)
    return ledger


@pytest.fixture
def village(world: World) -> Ledger:
    """A village without an office, with five people in 2026."""
    return filled(world.alone())


def shown(ledger: Ledger, year: int) -> dict[str, tuple[tuple[str, ...], str, str, str]]:
    """Return record → groups, absence, need, paid of one year."""
    return {one.record: (one.groups, one.absence, one.need, one.paid) for one in register.load(ledger, year)}


def test_what_goes_on_and_what_stays_behind(village: Ledger) -> None:
    before = shown(village, 2026)
    opened = opening.open_year(village, NEW)
    assert policies.in_force(village).policy.year == 2027
    assert shown(village, 2027) == {
        "a": (("dibao",), "", "", "none"),
        "b": (("dibao",), "", "", "none"),
        "c": ((), "death", "", "none"),
        "d": ((), "", "", "none"),
        "e": ((), "", "", "none"),
    }
    assert shown(village, 2026) == before
    assert opened.plan.counts == {
        A: Counts(people=5, households=0, credentials=1, identities=2, departed=1, reasons=1, needs=1)
    }
    sources = village.connection.execute(
        "SELECT resident, grant_source FROM subsidy WHERE year = 2027 ORDER BY 1"
    ).fetchall()
    assert sources == [("a", "民政局 2026"), ("b", "2026")]


def test_looking_writes_nothing_and_says_what_opening_does(village: Ledger) -> None:
    before = summary(village, A)
    plan = opening.preview(village, policies.load(NEW))
    assert summary(village, A) == before
    assert plan.before == {A: 2026}
    assert opening.open_year(village, NEW).plan.counts == plan.counts


def test_opening_twice_carries_only_what_came_since(village: Ledger) -> None:
    opening.open_year(village, NEW)
    assert not opening.open_year(village, NEW).changes
    facts.absence(village, ["d"], "moved", note="", on=None, year=2026)
    again = opening.open_year(village)
    assert again.changes.records == {"enrolment": {derived_id("enrolment", "d", 2027)}}
    assert shown(village, 2027)["d"][1] == "moved"


def test_what_somebody_took_back_in_the_new_year_does_not_return(village: Ledger) -> None:
    opening.open_year(village, NEW)
    facts.grant_withdrawn(village, ["a"], "dibao", 2027)
    facts.absence_withdrawn(village, ["c"], 2027)
    again = opening.open_year(village)
    assert not again.changes
    assert again.plan.counts[A].held == 3


def test_who_has_paid_for_the_new_year_has_not_left(village: Ledger) -> None:
    village.write([Edit("payment", "p", {"fact": {"resident": "c", "year": 2027, "amount": 40000}})])
    opening.open_year(village, NEW)
    assert shown(village, 2027)["c"] == ((), "", "", "reported")


@pytest.mark.parametrize(
    ("until", "carried"), [(None, True), ("2026-12-31", False), ("2027-01-01", True), ("2028-06-30", True)]
)
def test_an_identity_goes_on_while_it_reaches_the_first_day(
    village: Ledger, until: str | None, carried: bool
) -> None:
    record = derived_id("subsidy", "e", 2026, "tekun")
    link = {"resident": "e", "year": 2026}
    grant = {"group_code": "tekun", "grant_source": "民政局", "until": until}
    village.write([Edit("subsidy", record, {"link": link, "grant": grant})])
    counts = opening.open_year(village, NEW).plan.counts[A]
    assert (shown(village, 2027)["e"][0] == ("tekun",)) is carried
    assert counts.ended == (0 if carried else 1)


def test_a_group_the_new_policy_does_not_know_is_told(village: Ledger) -> None:
    facts.grant(village, ["e"], "old_group", source="民政局", since=None, year=2026)
    counts = opening.open_year(village, NEW).plan.counts[A]
    assert (counts.identities, counts.unknown) == (2, 1)
    assert shown(village, 2027)["e"][0] == ()


def test_a_source_keeps_the_year_somebody_last_confirmed_it(village: Ledger) -> None:
    opening.open_year(village, NEW)
    plan = opening.preview(village, _later(2028))
    said = {edit.changes["grant"]["grant_source"] for edit in plan.edits if edit.kind == "subsidy"}
    assert said == {"民政局 2026", "2026"}
    assert {edit.via for edit in plan.edits} == {"year:2027"}


def _later(year: int) -> policies.Policy:
    """Return the policy of 2027 as if it were for a later year."""
    import msgspec

    policy = policies.load(NEW)
    shift = year - policy.year

    def moved(period: object) -> object:
        start, end = period.start, period.end  # type: ignore[attr-defined]
        return msgspec.structs.replace(
            period, start=start.replace(year=start.year + shift), end=end.replace(year=end.year + shift)
        )

    return msgspec.structs.replace(
        policy, year=year, window=moved(policy.window), benefit=moved(policy.benefit)
    )


# ---- taking it back


def test_an_opened_year_is_taken_back_and_opened_again(village: Ledger) -> None:
    opening.open_year(village, NEW)
    first = shown(village, 2027)
    facts.absence(village, ["d"], "employee_here", note="", on=None, year=2027)
    assert opening.take_back(village, 2027)
    assert policies.in_force(village).policy.id == OLD
    assert years.known(village) == (2026,)
    left = shown(village, 2027)
    assert left["d"][1] == "employee_here", "what a person entered stays"
    assert left["a"][0] == left["b"][0] == ()
    assert left["c"][1] == ""
    assert not opening.take_back(village, 2027)
    opening.open_year(village, NEW)
    assert shown(village, 2027) == first | {"d": ((), "employee_here", "", "none")}
    assert review.conflicts(village) == []


def test_the_first_year_cannot_be_taken_back(village: Ledger) -> None:
    with pytest.raises(RuleViolation, match=r"year\.first"):
        opening.take_back(village, 2026)


def test_one_carried_fact_can_be_undone_alone(village: Ledger) -> None:
    opened = opening.open_year(village, NEW)
    for oid in reversed(opened.changes.oids):
        undo.revert(village, oid, "撤销")
    assert policies.in_force(village).policy.id == OLD
    assert all(one[:2] == ((), "") for one in shown(village, 2027).values())


# ---- who may


def test_only_an_office_opens_a_year_for_its_villages(world: World) -> None:
    office = world.office()
    village = world.village(office)
    with pytest.raises(RuleViolation, match=r"year\.office_opens"):
        opening.open_year(village, NEW)
    assert policies.in_force(village).policy.id == OLD


def test_no_year_is_opened_behind_the_one_in_force(village: Ledger) -> None:
    opening.open_year(village, NEW)
    with pytest.raises(RuleViolation, match=r"year\.backward"):
        opening.open_year(village, OLD)
    with pytest.raises(KnownError, match=r"policy\.unknown"):
        opening.open_year(village, "nowhere-2028")


# ---- between village and office


class Scene(Pair):
    """An office and two villages that know each other."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        filled(self.a)
        self.up()


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    """An office with two villages."""
    yield Scene(world)


def test_a_village_finds_the_year_open_when_it_has_received(scene: Scene) -> None:
    opening.open_year(scene.office, NEW)
    assert policies.in_force(scene.a).policy.year == 2026
    scene.down()
    assert policies.in_force(scene.a).policy.year == 2027
    assert policies.in_force(scene.b).policy.year == 2027
    assert not opening.open_year(scene.a).changes, "nothing is left to carry"
    scene.up()
    assert summary(scene.a, A) == summary(scene.office, A)
    assert shown(scene.a, 2027) == shown(scene.office, 2027)


def test_both_carrying_make_one_record(scene: Scene) -> None:
    """The office publishes only; office and village carry, neither having heard of the other."""
    publish.publish(scene.office, policies.text_for(scene.office, NEW))
    scene.down()
    one = opening.open_year(scene.a)
    other = opening.open_year(scene.office)
    assert one.changes.records == other.changes.records
    scene.up()
    scene.down()
    for ledger in (scene.a, scene.office):
        assert review.conflicts(ledger) == []
        count = ledger.connection.execute("SELECT count(*) FROM subsidy WHERE year = 2027").fetchone()[0]
        assert count == 2
    assert summary(scene.a, A) == summary(scene.office, A)


def test_what_crossed_the_opening_is_carried_later(scene: Scene) -> None:
    """The village records a death in the old year while the office's new year is on its way."""
    opening.open_year(scene.office, NEW)
    facts.absence(scene.a, ["e"], "death", note="", on=None, year=2026)
    scene.down()
    scene.up()
    assert shown(scene.office, 2027)["e"][1] == ""
    plan = opening.preview(scene.a, policies.in_force(scene.a).policy)
    assert plan.counts[A].departed == 1
    opening.open_year(scene.a)
    scene.up()
    assert shown(scene.office, 2027)["e"][1] == "death"


def test_whoever_moved_is_carried_where_they_count(scene: Scene) -> None:
    policy = policies.in_force(scene.office).policy
    moves.move(scene.office, policy, A, "a", Decision(B, TODAY), today=TODAY)
    opening.open_year(scene.office, NEW)
    rows = scene.office.connection.execute(
        "SELECT scope FROM subsidy WHERE year = 2027 AND resident = 'a'"
    ).fetchall()
    assert rows == [(B,)]


def test_whoever_was_taken_out_is_not_carried(village: Ledger) -> None:
    people.remove_resident(village, "a", "录入错误")
    people.remove_resident(village, "c", "录入错误")
    counts = opening.open_year(village, NEW).plan.counts[A]
    assert (counts.identities, counts.departed, counts.people) == (1, 0, 3)


def test_twins_are_one_person_in_the_new_year(village: Ledger) -> None:
    village.write([person("a2", "人员1", id_number(1))])
    facts.grant(village, ["a2"], "dibao", source="民政局", since=None, year=2026)
    opening.open_year(village, NEW)
    found = figures.by_scope(village, policies.load(NEW))[A]
    assert (found.people, found.special) == (5, 2)


# ---- years to look at


def test_the_years_of_a_ledger(village: Ledger) -> None:
    assert years.known(village) == (2026,)
    opening.open_year(village, NEW)
    assert years.known(village) == (2027, 2026)
    assert years.for_year(village, 2026).id == OLD
    assert years.for_year(village, 2027).id == NEW
    with pytest.raises(KnownError, match=r"policy\.no_year"):
        years.for_year(village, 2031)


def test_at_new_year_the_old_year_closes(village: Ledger) -> None:
    opening.open_year(village, NEW)
    last, first = date(2026, 12, 31), date(2027, 1, 1)
    assert not years.is_over(village, 2026, last)
    assert years.is_over(village, 2026, first)
    assert not years.is_over(village, 2027, date(2029, 1, 1)), "the year in force is never closed"
    years.require_open(village, 2026, last)
    with pytest.raises(RuleViolation, match=r"year\.over"):
        years.require_open(village, 2026, first)


def test_a_year_that_is_over_takes_no_entries(world: World) -> None:
    village = filled(world.alone())
    opening.open_year(village, NEW)
    world.time("village").ms += 400 * 86_400_000
    today = village.clock.today()
    assert today > date(2026, 12, 31)
    for entry in (
        lambda: payments.record(village, ["b"], PAID, year=2026, today=today),
        lambda: facts.absence(village, ["b"], "refused", note="", on=None, year=2026),
        lambda: facts.absence_withdrawn(village, ["c"], 2026),
        lambda: facts.assistance(village, ["b"], "mobility", what="", on=None, note="", year=2026),
        lambda: facts.new_enrollee(village, ["b"], 2026),
        lambda: facts.grant(village, ["e"], "tekun", source="", since=None, year=2026),
    ):
        with pytest.raises(RuleViolation, match=r"year\.over"):
            entry()
    facts.credential(village, ["b"], "self", on=today, today=today)
    facts.absence(village, ["b"], "refused", note="", on=None, year=2027)
    assert shown(village, 2026)["b"] == (("dibao",), "", "", "none")


def test_until_new_year_a_newborn_enrols_in_both_years(village: Ledger) -> None:
    """The window of 2027 is open since autumn, the benefit period of 2026 runs to its last day."""
    opening.open_year(village, NEW)
    for year in (2026, 2027):
        said = Payment(40000, date(2026, 10, 8), "pos")
        payments.record(village, ["b"], said, year=year, today=date(2026, 10, 9))
    assert shown(village, 2026)["b"][3] == shown(village, 2027)["b"][3] == "reported"


def test_a_move_in_autumn_takes_the_running_year_along(scene: Scene) -> None:
    """2027 is collected for, 2026 still runs: the new village answers for both, with what was paid for them."""
    opening.open_year(scene.office, NEW)
    autumn = date(2026, 10, 8)
    scene.world.time("office").ms += (autumn - TODAY).days * 86_400_000
    policy = policies.in_force(scene.office).policy
    before = figures.by_scope(scene.office, policies.load(OLD))
    moves.move(scene.office, policy, A, "a", Decision(B, autumn), today=autumn)
    after = figures.by_scope(scene.office, policies.load(OLD))
    assert (before[A].paid, after[A].paid, after[B].paid) == (2, 1, 1)
    assert (after[B].special, after[B].amount) == (1, 40000)
    assert figures.by_scope(scene.office, policy)[B].special == 1


@pytest.mark.parametrize("seed", range(8))
def test_whatever_crosses_the_change_both_sides_end_alike(world: World, seed: int) -> None:
    """Entries in either year, carrying at either side and files in any order: one state, and every death is carried."""
    scene, rng = Scene(world), random.Random(seed)
    steps: list[Callable[[], object]] = [
        lambda: opening.open_year(scene.office, NEW),
        lambda: opening.open_year(scene.a),
        lambda: scene.up(),
        lambda: scene.down(),
        lambda: facts.absence(scene.a, [rng.choice("abe")], "death", note="", on=None, year=2026),
        lambda: facts.grant(scene.a, [rng.choice("de")], "tekun", source="民政局", since=None, year=2026),
        lambda: facts.absence(scene.a, [rng.choice("de")], "refused", note="", on=None, year=2027),
        lambda: facts.grant_withdrawn(scene.a, [rng.choice("ab")], "dibao", 2027),
        lambda: opening.take_back(scene.office, 2027),
    ]
    for _ in range(14):
        rng.choice(steps)()
    opening.open_year(scene.office, NEW)
    for _ in range(2):
        scene.up()
        scene.down()
    opening.open_year(scene.a)
    scene.up()
    scene.down()
    assert summary(scene.a, A) == summary(scene.office, A)
    assert shown(scene.a, 2027) == shown(scene.office, 2027)
    assert not opening.preview(scene.office, policies.in_force(scene.office).policy).edits
    old, new = shown(scene.a, 2026), shown(scene.a, 2027)
    said = {  # by hand in the new year: that is what stands there
        record
        for record in old
        if scene.a.state_of("enrolment", derived_id("enrolment", record, 2027)).get("absence")
    }
    assert {record for record, told in old.items() if told[1] == "death"} <= said
    assert all(new[record][1] in ("death", "refused", "") for record in said)
