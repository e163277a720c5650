"""A record keeps the policy version it was made under; an old year never changes when a new one is edited."""

import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from storage import policies
from storage.commands import conflicts, facts, moves, payments, publish, undo
from storage.commands.moves import Decision
from storage.commands.payments import Payment
from storage.errors import KnownError
from storage.fold import disputed
from storage.ledger import Edit, Ledger
from storage.queries import history
from storage.records import derived_id
from sync import exchange
from tests.unit.storage.test_publish import OWN, A, B, Scene, by, text
from tests.unit.storage.worlds import TODAY, World, paid, person

PAID = Payment(40000, date(2025, 12, 1), "pos")


@pytest.fixture
def scene(world: World) -> Scene:
    """An office with two villages; the first has two people."""
    made = Scene(world)
    made.a.write([person("a", "其其格"), person("b", "布仁")])
    return made


def terms(ledger: Ledger, table: str, resident: str) -> tuple[Any, ...]:
    """Return what the records of a person in a table keep of their policy."""
    rows = ledger.connection.execute(
        f"SELECT terms_policy, terms_version FROM {table} WHERE resident = ? ORDER BY record", (resident,)
    ).fetchall()
    assert len(rows) == 1
    return tuple(rows[0])


def give(scene: Scene, **changes: str) -> None:
    publish.publish(scene.office, text(**changes))
    scene.down()


def test_a_payment_keeps_the_version_it_was_made_under(scene: Scene) -> None:
    give(scene)
    payments.record(scene.a, ["a"], PAID, year=2026, today=TODAY)
    give(scene, version="2", personal_fen="43000")
    payments.record(scene.a, ["b"], PAID, year=2026, today=TODAY)
    assert terms(scene.a, "payment", "a") == (OWN, 1)
    assert terms(scene.a, "payment", "b") == (OWN, 2)
    scene.up()
    for ledger in (scene.a, scene.office):
        assert policies.load_version(ledger, *terms(ledger, "payment", "a")).personal_fen == 40000
        assert policies.load_version(ledger, *terms(ledger, "payment", "b")).personal_fen == 43000


def test_a_reason_keeps_the_version_it_was_given_under_and_leaves_it_with_the_reason(scene: Scene) -> None:
    give(scene)
    facts.absence(scene.a, ["a"], "employee_here", note="", on=None, year=2026)
    assert terms(scene.a, "enrolment", "a") == (OWN, 1)
    give(scene, version="2")
    assert not facts.absence(scene.a, ["a"], "employee_here", note="", on=None, year=2026), (
        "nothing new was said"
    )
    assert terms(scene.a, "enrolment", "a") == (OWN, 1)
    facts.absence(scene.a, ["a"], "army", note="", on=None, year=2026)
    assert terms(scene.a, "enrolment", "a") == (OWN, 2)
    facts.absence_withdrawn(scene.a, ["a"], 2026)
    assert terms(scene.a, "enrolment", "a") == (None, None)


def test_taking_an_entry_back_brings_the_old_terms_back(scene: Scene) -> None:
    give(scene)
    facts.absence(scene.a, ["a"], "employee_here", note="", on=None, year=2026)
    give(scene, version="2")
    done = facts.absence(scene.a, ["a"], "army", note="", on=None, year=2026)
    undo.revert(scene.a, done.oids[0], "误登")
    assert terms(scene.a, "enrolment", "a") == (OWN, 1)


def test_nobody_is_asked_about_terms(scene: Scene) -> None:
    """The same reason, said under two versions on both sides: no question; another one: a question about the reason."""
    give(scene)
    scene.up()
    facts.absence(scene.a, ["a", "b"], "army", note="", on=None, year=2026)
    publish.publish(scene.office, text(version="2"))
    facts.absence(scene.office, ["a"], "army", note="", on=None, year=2026)
    facts.absence(scene.office, ["b"], "employee_here", note="", on=None, year=2026)
    scene.up()
    scene.down()
    for ledger in (scene.office, scene.a):
        assert terms(ledger, "enrolment", "a")[0] == OWN
        assert ledger.connection.execute("SELECT kind, register FROM conflict").fetchall() == [
            ("enrolment", "absence")
        ]
        state = ledger.state_of("enrolment", derived_id("enrolment", "a", 2026), A)
        assert len(state["terms"].operations) == 2
        assert disputed(state) == []
    asked = derived_id("enrolment", "b", 2026)
    conflicts.settle(
        scene.a, [conflicts.Answer(A, "enrolment", asked, "absence", {"absence": "army"})], today=TODAY
    )
    assert not scene.a.connection.execute("SELECT 1 FROM conflict").fetchall()


def test_history_says_under_which_version(scene: Scene) -> None:
    give(scene)
    payments.record(scene.a, ["a"], PAID, year=2026, today=TODAY)
    rows = {row.register: row.terms for row in history.of_resident(scene.a, "a")}
    title = policies.load_for(scene.a, OWN).title
    assert rows == {"fact": history.Terms(OWN, 1, title), "identity": None}
    unheard = {"terms_policy": "nowhere-1999", "terms_version": 3}
    scene.a.write([Edit("payment", "p", {**paid("b"), "terms": unheard})])
    rows = {row.register: row.terms for row in history.of_resident(scene.a, "b")}
    assert rows["fact"] == history.Terms("nowhere-1999", 3, "")


# ---- any version can be read again


def test_every_version_heard_of_can_be_read_again(scene: Scene) -> None:
    give(scene)
    first = policies.load_for(scene.office, OWN)
    give(scene, version="2", personal_fen="43000")
    give(scene, version="3", personal_fen="44000")
    for ledger in (scene.office, scene.a, scene.b):
        assert by(ledger) == (OWN, 44000)
        assert sorted(policies.versions(ledger, OWN)) == [1, 2, 3]
        assert policies.load_version(ledger, OWN, 1) == first
        assert policies.load_version(ledger, OWN, 2).personal_fen == 43000
    with pytest.raises(KnownError) as error:
        policies.load_version(scene.a, OWN, 4)
    assert (error.value.code, error.value.params) == (
        "policy.no_version",
        {"policy": OWN, "version": 4, "known": [1, 2, 3]},
    )


def test_a_village_that_joins_late_reads_what_it_heard(scene: Scene) -> None:
    """It never heard of the versions before; those of the program are everybody's."""
    give(scene)
    give(scene, version="2", personal_fen="43000")
    late = scene.world.village(scene.office, "late", "150621102202")
    exchange.receive(scene.office, scene.world.send(late))
    for path in scene.world.send(scene.office):
        exchange.receive(late, [path])
    assert by(late) == (OWN, 43000)
    assert list(policies.versions(late, OWN)) == [2]
    assert policies.load_version(late, "example-2026", 1) == policies.load("example-2026")
    with pytest.raises(KnownError, match=r"policy\.no_version"):
        policies.load_version(late, "nowhere-1999", 1)


def test_an_old_year_never_changes_when_a_new_one_is_edited(scene: Scene) -> None:
    """And the other way round: correcting last year leaves this year alone; everywhere, through bundles."""
    new = {"id": '"own-2027"', "year": "2027", "personal_fen": "45000"}
    give(scene)
    old = policies.load_for(scene.office, OWN)
    publish.publish(scene.office, _next_year(**new))
    scene.down()
    young = policies.load_for(scene.office, "own-2027")
    for ledger in (scene.office, scene.a, scene.b):
        assert by(ledger) == ("own-2027", 45000)
        assert policies.load_for(ledger, OWN) == policies.load_version(ledger, OWN, 1) == old
    give(scene, version="2", personal_fen="41000")
    publish.publish(scene.office, _next_year(**new))
    scene.down()
    for ledger in (scene.office, scene.a, scene.b):
        assert by(ledger) == ("own-2027", 45000)
        assert policies.load_for(ledger, "own-2027") == young
        assert policies.load_version(ledger, OWN, 1) == old
        assert policies.load_for(ledger, OWN).personal_fen == 41000


def _next_year(**changes: str) -> str:
    lines = (files("resources") / "policy" / "example-2027.toml").read_text("utf-8")
    for name, value in changes.items():
        lines = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", lines)
    return lines


def test_terms_go_with_whoever_moves_and_with_what_they_belong_to(scene: Scene) -> None:
    give(scene)
    payments.record(scene.a, ["a"], PAID, year=2026, today=TODAY)
    facts.absence(scene.a, ["b"], "death", note="", on=None, year=2026)
    facts.new_enrollee(scene.a, ["b"], 2026)
    give(scene, version="2")
    scene.up()
    policy = policies.in_force(scene.office).policy
    for who in ("a", "b"):
        moves.move(scene.office, policy, A, who, Decision(B, TODAY, "搬家"), today=TODAY)
    scene.down()
    assert terms(scene.b, "payment", "a") == (OWN, 1)
    there = scene.b.connection.execute("SELECT entry, absence, terms_policy FROM enrolment").fetchall()
    assert there == [("new", None, None)], "that she died is no reason there, so its terms are none either"
