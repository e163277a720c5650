"""A policy goes from the office to its villages, and everybody works by it; what cannot be read changes nothing."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from storage import operators, policies
from storage.commands import payments, publish
from storage.commands.payments import Payment
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries import review
from storage.records import derived_id
from sync import exchange
from tests.unit.storage.worlds import (
    OTHER_CODE,
    PASSPHRASE,
    TODAY,
    VILLAGE_CODE,
    Pair,
    World,
    person,
    raw_body,
    take_in,
)

A, B = VILLAGE_CODE, OTHER_CODE
OWN = "own-2026"


def text(**changes: str) -> str:
    """Return a policy of the office's own: example-2026 with other lines."""
    lines = (files("resources") / "policy" / "example-2026.toml").read_text("utf-8")
    for name, value in {"id": f'"{OWN}"', **changes}.items():
        lines, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", lines)
        assert count == 1, name
    return lines


class Scene(Pair):
    """An office with two villages."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.up()


@pytest.fixture
def scene(world: World) -> Scene:
    """Two villages the office knows."""
    return Scene(world)


def by(ledger: Ledger) -> tuple[str, int]:
    """Return id and premium of the policy a ledger works by."""
    policy = policies.in_force(ledger).policy
    return policy.id, policy.personal_fen


def test_everybody_works_by_a_published_policy(scene: Scene) -> None:
    before = by(scene.a)
    done = publish.publish(scene.office, text(personal_fen="42000"), file="own.toml")
    assert (done.policy.id, done.scopes) == (OWN, (scene.office.profile.scope, A, B))
    assert by(scene.office) == (OWN, 42000)
    assert by(scene.a) == before, "not before it heard"
    scene.down()
    for ledger in (scene.a, scene.b):
        assert by(ledger) == (OWN, 42000)
        assert policies.in_force(ledger).problem is None
        assert [head.id for head in policies.published(ledger)] == [OWN]
        assert policies.load_for(ledger, OWN) == done.policy
        assert policies.load_for(ledger, "baotou-2026") == policies.load("baotou-2026")
        assert review.conflicts(ledger) == []
    with pytest.raises(KnownError, match=r"policy\.unknown"):
        policies.load(OWN)


def test_what_is_published_is_whole(scene: Scene) -> None:
    """A program whose shared files read otherwise must still read the same policy."""
    publish.publish(scene.office, text())
    (stored,) = scene.office.connection.execute(
        "SELECT policy_toml FROM policy_text WHERE scope = ?", (A,)
    ).fetchone()
    assert "include" not in stored
    assert "[retention]" in stored or "retention" in stored
    assert policies.whole(stored, "x")[0] == policies.whole(text(), "x")[0]


def test_only_some_villages(scene: Scene) -> None:
    before = by(scene.office)
    assert publish.publish(scene.office, text(), [B]).scopes == (B,)
    scene.down()
    assert [by(ledger)[0] for ledger in (scene.a, scene.b)] == [before[0], OWN]
    assert by(scene.office) == before
    assert policies.load_for(scene.office, OWN).id == OWN
    with pytest.raises(RuleViolation) as error:
        publish.publish(scene.office, text(), ["150621102999"])
    assert (error.value.code, error.value.params) == ("publish.village", {"code": "150621102999"})


def test_the_same_again_writes_nothing(scene: Scene) -> None:
    publish.publish(scene.office, text())
    assert not publish.publish(scene.office, text()).changes
    assert not publish.publish(scene.office, text(), [B]).changes


def test_a_changed_text_needs_a_higher_version(scene: Scene) -> None:
    publish.publish(scene.office, text())
    with pytest.raises(KnownError) as error:
        publish.publish(scene.office, text(personal_fen="43000"), file="own.toml")
    assert error.value.params == {"file": "own.toml", "where": "version", "why": "not_newer"}
    publish.publish(scene.office, text(personal_fen="43000", version="2"))
    scene.down()
    assert by(scene.a) == (OWN, 43000)
    with pytest.raises(KnownError, match=r"policy\.invalid"):
        publish.publish(scene.office, text(id='"example-2026"', personal_fen="1"))


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        ("not toml at all = = =", ""),
        (text(year='"soon"'), "year"),
        (text(personal_fen="-1"), "personal_fen"),
        (text(include='["nowhere"]'), "include"),
        (text() + "\n[retention]\nbackup_days = 4000\n", "retention"),
        ("x = [" * 3000, ""),
        ("", ""),
    ],
)
def test_a_broken_file_is_told_at_the_fault_and_changes_nothing(
    scene: Scene, broken: str, where: str
) -> None:
    before = scene.office.connection.execute("SELECT count(*) FROM op").fetchone()
    with pytest.raises(KnownError) as error:
        publish.publish(scene.office, broken, file="own.toml")
    assert (error.value.code, error.value.params["file"]) == ("policy.invalid", "own.toml")
    assert str(error.value.params["where"]).startswith(where)
    assert scene.office.connection.execute("SELECT count(*) FROM op").fetchone() == before


def test_only_an_office_and_who_may(scene: Scene) -> None:
    with pytest.raises(RuleViolation, match=r"publish\.not_office"):
        publish.publish(scene.a, text())
    operators.add(scene.office, "只记录", "另一个 口令 9", (operators.RECORD,))
    scene.office.close()
    again = Ledger.open(
        scene.office.folder,
        passphrase="另一个 口令 9",
        data_dir=Path(scene.world.folder),
        clock=scene.office.clock,
    )
    with again, pytest.raises(KnownError, match=r"operator\.not_allowed"):
        publish.publish(again, text())
    assert PASSPHRASE


def test_records_keep_the_policy_they_were_made_under(scene: Scene) -> None:
    scene.a.write([person("r", "王伟"), person("q", "李娜")])
    payment = Payment(40000, date(2025, 12, 1), "alipay")
    payments.record(scene.a, ["r"], payment, year=2026, today=TODAY)
    publish.publish(scene.office, text())
    scene.down()
    payments.record(scene.a, ["q"], payment, year=2026, today=TODAY)
    found = scene.a.connection.execute("SELECT resident, policy FROM payment").fetchall()
    assert dict(found) == {"r": "example-2026", "q": OWN}


@pytest.mark.parametrize(
    "newer",
    [
        text(id='"next-2027"') + "\n[shadow_period]\ndays = 3\n",
        text(id='"another"'),
        "nonsense",
    ],
    ids=["a field this version does not know", "another id inside", "no TOML"],
)
def test_a_policy_this_version_cannot_read_leaves_the_old_one_in_force(scene: Scene, newer: str) -> None:
    publish.publish(scene.office, text(personal_fen="42000"))
    scene.office.write(
        [
            Edit("policy_text", derived_id("policy_text", "next-2027"), {"text": value}, A)
            for value in ({"policy_id": "next-2027", "policy_toml": newer},)
        ]
    )
    scene.office.write(
        [Edit("village", derived_id("village", A), {"published": {"published": "next-2027"}}, A)]
    )
    scene.down()
    found = policies.in_force(scene.a)
    assert (found.policy.id, found.policy.personal_fen, found.wanted) == (OWN, 42000, "next-2027")
    assert found.problem is not None
    assert found.problem.code == "policy.invalid"


def test_an_unknown_policy_leaves_the_old_one_in_force(scene: Scene) -> None:
    before = by(scene.a)
    scene.office.write(
        [Edit("village", derived_id("village", A), {"published": {"published": "nowhere"}}, A)]
    )
    scene.down()
    found = policies.in_force(scene.a)
    assert (found.policy.id, found.wanted) == (before[0], "nowhere")
    assert found.problem is not None
    assert found.problem.code == "policy.unknown"


def test_a_newer_text_of_the_same_policy_that_cannot_be_read(scene: Scene) -> None:
    publish.publish(scene.office, text(personal_fen="42000"))
    record = derived_id("policy_text", OWN)
    broken = {"policy_id": OWN, "policy_toml": text() + "\n[shadow]\nx = 1\n"}
    scene.office.write([Edit("policy_text", record, {"text": broken}, A)])
    scene.down()
    found = policies.in_force(scene.a)
    assert found.policy.personal_fen == 42000
    assert found.problem is not None


def test_a_village_cannot_publish(scene: Scene) -> None:
    before = by(scene.a)
    with pytest.raises(KnownError, match=r"record\.not_allowed"):
        scene.a.write([Edit("village", derived_id("village", A), {"published": {"published": OWN}})])
    forged = {"text": {"policy_id": "example-2026", "policy_toml": text(personal_fen="1")}}
    take_in(
        scene.a,
        [raw_body(forged, kind="policy_text", record=derived_id("policy_text", "example-2026"), seq=99)],
    )
    assert by(scene.a) == before


def test_a_village_that_joins_later_gets_what_is_in_force(scene: Scene) -> None:
    publish.publish(scene.office, text(personal_fen="42000"))
    late = scene.world.village(scene.office, "late", "150621102202")
    exchange.receive(scene.office, scene.world.send(late))
    for path in scene.world.send(scene.office):
        exchange.receive(late, [path])
    assert by(late) == (OWN, 42000)
    assert not publish.catch_up(scene.office)
    assert not publish.catch_up(late)
