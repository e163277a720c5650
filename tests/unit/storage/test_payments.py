"""Payment claims: said twice they count once, taken back they hide nothing unseen, and nobody is left unpaid by two."""

from datetime import date
from itertools import permutations

import pytest

from storage import policies
from storage.commands import conflicts, payments, people
from storage.commands.payments import Payment
from storage.errors import RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries import figures, review
from storage.queries.people import load
from sync import exchange
from tests.unit.storage.worlds import (
    TODAY,
    VILLAGE_CODE,
    World,
    id_number,
    paid,
    person,
    rebuilt,
    summary,
)

POLICY = policies.load("example-2026")
PAYMENT = Payment(amount=40000, paid_on=date(2025, 12, 1), channel="pos")


@pytest.fixture
def ledger(world: World) -> Ledger:
    made = world.alone()
    made.write([person("a", "王伟", id_number(1)), person("b", "李娜", id_number(2))])
    return made


def record(ledger: Ledger, *residents: str, **fields: object) -> bool:
    payment = Payment(**{"amount": 40000, "paid_on": date(2025, 12, 1), "channel": "pos", **fields})  # type: ignore[arg-type]
    return bool(payments.record(ledger, residents, payment, year=2026, today=TODAY))


def claims(ledger: Ledger) -> list[str]:
    rows = ledger.connection.execute("SELECT record FROM payment WHERE stands = 1 ORDER BY record")
    return [row[0] for row in rows]


def questions(ledger: Ledger) -> list[tuple[str, str]]:
    return [(item.code, item.record) for item in review.items(ledger) if item.kind == "payment"]


# ---- recording


def test_saying_the_same_again_writes_nothing(ledger: Ledger) -> None:
    assert record(ledger, "a", "b", receipt="No 1")
    assert not record(ledger, "a", receipt=" No 1 ")
    assert not record(ledger, "a", "a", "b", receipt="No 1")
    assert len(claims(ledger)) == 2


def test_another_claim_has_to_be_voided_first_and_nothing_of_a_group_is_recorded(ledger: Ledger) -> None:
    record(ledger, "a")
    with pytest.raises(RuleViolation) as caught:
        record(ledger, "b", "a", amount=38000)
    assert caught.value.code == "payment.already"
    assert len(claims(ledger)) == 1
    payments.void(ledger, claims(ledger)[0], "金额错")
    assert record(ledger, "b", "a", amount=38000)


def test_any_of_several_standing_claims_is_the_same_again(ledger: Ledger) -> None:
    ledger.write([Edit("payment", "p1", paid("a", amount=38000)), Edit("payment", "p2", paid("a"))])
    assert not record(ledger, "a")


def test_a_claim_under_the_other_record_of_a_person_is_the_person_s(ledger: Ledger) -> None:
    ledger.write([person("a2", "王伟", id_number(1))])
    record(ledger, "a")
    assert not record(ledger, "a2")
    with pytest.raises(RuleViolation):
        record(ledger, "a2", amount=38000)


def test_another_year_is_another_matter(ledger: Ledger) -> None:
    record(ledger, "a")
    assert payments.record(ledger, ["a"], PAYMENT, year=2025, today=TODAY)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": 0}, "payment.amount"),
        ({"amount": -1}, "payment.amount"),
        ({"paid_on": date(2025, 12, 4)}, "payment.future"),
        ({"paid_on": date(1990, 1, 1)}, "payment.early"),
    ],
)
def test_what_cannot_be(ledger: Ledger, fields: dict[str, object], code: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        record(ledger, "a", "b", **fields)
    assert caught.value.code == code
    assert claims(ledger) == []


# ---- taking back


def test_void_hides_the_claim_and_lifting_it_brings_it_back(ledger: Ledger) -> None:
    record(ledger, "a")
    (claim,) = claims(ledger)
    assert payments.void(ledger, claim, "重复")
    assert claims(ledger) == [] and questions(ledger) == []
    assert not payments.void(ledger, claim, "重复 ")
    people.set_register(ledger, "payment", claim, "void", {})
    assert claims(ledger) == [claim]


@pytest.mark.parametrize(("payment", "reason"), [("unknown", "重复"), ("", "重复")])
def test_what_is_not_there_cannot_be_voided(ledger: Ledger, payment: str, reason: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        payments.void(ledger, payment, reason)
    assert caught.value.code == "record.unknown"


def test_a_void_needs_a_reason(ledger: Ledger) -> None:
    record(ledger, "a")
    with pytest.raises(RuleViolation) as caught:
        payments.void(ledger, claims(ledger)[0], " \n")
    assert caught.value.code == "void.reason"


class Pair:
    """A village and its office that both hold one claim of one person."""

    def __init__(self, world: World, *claims: str) -> None:
        self.world = world
        self.office = world.office()
        self.village = world.village(self.office)
        self.village.write([person("a", "王伟", id_number(1))])
        self.village.write([Edit("payment", claim, paid("a", receipt=claim)) for claim in claims])
        self.meet()

    def meet(self) -> None:
        """Exchange files both ways; afterwards both hold the same."""
        exchange.receive(self.office, self.world.send(self.village))
        exchange.receive(self.village, self.world.send(self.office))
        assert summary(self.office) == summary(self.village)
        for ledger in (self.office, self.village):
            before, after = rebuilt(ledger)
            assert before == after

    def void(self, ledger: Ledger, claim: str) -> None:
        payments.void_record(ledger, "payment", claim, "重复", VILLAGE_CODE)

    def paid(self) -> str:
        (one,) = load(self.village, 2026)
        assert figures.by_scope(self.office, POLICY)[VILLAGE_CODE].paid == int(one.paid != "none")
        return ",".join(claim.record for claim in one.claims)


@pytest.mark.parametrize("keeps_the_void", [True, False])
def test_a_void_of_what_was_corrected_meanwhile_is_a_question(world: World, keeps_the_void: bool) -> None:
    pair = Pair(world, "p")
    pair.void(pair.village, "p")
    fact = paid("a", receipt="p", amount=38000)
    pair.office.write([Edit("payment", "p", fact, scope=VILLAGE_CODE)])
    pair.meet()
    assert pair.paid() == ""
    (item,) = [item for item in review.items(pair.village) if item.kind == "payment"]
    assert (item.code, item.register, item.resident, item.name) == ("conflict", "void", "a", "王伟")
    assert [candidate.value.get("void_reason") for candidate in item.candidates] == ["重复", None]
    assert item.candidates[1].who == pair.office.operator
    chosen = item.candidates[0 if keeps_the_void else 1].value
    conflicts.resolve(pair.village, VILLAGE_CODE, "payment", "p", "void", chosen, today=TODAY)
    pair.meet()
    assert questions(pair.village) == questions(pair.office) == []
    assert pair.paid() == ("" if keeps_the_void else "p")


@pytest.mark.parametrize("names", [("p", "q"), ("q", "p")])
def test_each_voiding_the_other_s_duplicate_leaves_the_person_paid(
    world: World, names: tuple[str, str]
) -> None:
    pair = Pair(world, "p", "q")
    pair.void(pair.village, names[0])
    pair.void(pair.office, names[1])
    pair.meet()
    assert pair.paid() == "p"
    assert questions(pair.village) == questions(pair.office) == [("void_leaning", "p")]


def test_whoever_settles_it_settles_it_for_both(world: World) -> None:
    pair = Pair(world, "p", "q")
    pair.void(pair.village, "p")
    pair.void(pair.office, "q")
    pair.meet()
    pair.void(pair.office, "p")  # no: that one neither
    pair.meet()
    assert pair.paid() == "" and questions(pair.village) == []
    people.set_register(pair.village, "payment", "q", "void", {})
    pair.meet()
    assert pair.paid() == "q" and questions(pair.office) == []


def test_one_side_taking_back_both_one_after_the_other_leaves_nothing(world: World) -> None:
    pair = Pair(world, "p", "q")
    pair.void(pair.village, "p")
    pair.void(pair.village, "q")
    pair.meet()
    assert pair.paid() == "" and questions(pair.village) == []


def test_a_void_that_leaned_on_a_claim_the_other_side_took_back_unseen(world: World) -> None:
    pair = Pair(world, "q")
    pair.village.write([Edit("payment", "p", paid("a", receipt="p"))])
    pair.void(pair.village, "p")
    pair.void(pair.office, "q")  # knows nothing of p
    pair.meet()
    assert pair.paid() == "p"
    assert questions(pair.office) == [("void_leaning", "p")]


def test_three_claims_each_voided_by_somebody_who_kept_another(world: World) -> None:
    """Whatever the order in which the three hear of each other."""
    results = set()
    for number, order in enumerate(permutations("pqr")):
        office = world.office(f"office{number}")
        sides = [world.village(office, f"village{number}")]
        sides += [office]
        sides[0].write([person("a", "王伟", id_number(1))])
        sides[0].write([Edit("payment", claim, paid("a", receipt=claim)) for claim in "pqr"])
        exchange.receive(office, world.send(sides[0]))
        payments.void_record(sides[0], "payment", order[0], "重复", VILLAGE_CODE)
        payments.void_record(office, "payment", order[1], "重复", VILLAGE_CODE)
        exchange.receive(office, world.send(sides[0]))
        exchange.receive(sides[0], world.send(office))
        assert claims(office) == claims(sides[0]) == [order[2]]
        assert questions(office) == []
        payments.void_record(sides[0], "payment", order[2], "重复", VILLAGE_CODE)
        results.add((*claims(sides[0]), *questions(sides[0])))
        before, after = rebuilt(sides[0])
        assert before == after
    assert results == {()}


def test_standing_does_not_depend_on_the_order_of_arrival(world: World) -> None:
    """Voids arrive before the claims they lean on, and after."""
    void = {"void_reason": "重复"}
    edits = {
        "p": {**paid("a"), "void": {**void, "void_beside": "q"}},
        "q": {**paid("a"), "void": {**void, "void_beside": "r"}},
        "r": {**paid("a"), "void": {**void, "void_beside": "p"}},
        "s": {**paid("a"), "void": {**void, "void_beside": "unknown,p"}},
        "t": {**paid("b"), "void": void},
    }
    found = set()
    for number, order in enumerate(permutations(edits)):
        scope = f"15062110{number:04d}"
        ledger = world.opened[0] if world.opened else world.office()
        for record_id in order:
            ledger.write([Edit("payment", record_id, edits[record_id], scope=scope)])
        rows = ledger.connection.execute(
            "SELECT record FROM payment WHERE scope = ? AND stands = 1", (scope,)
        )
        found.add(tuple(row[0] for row in rows))
    assert found == {("p",)}


def test_a_chain_of_ten_thousand_voids_is_no_trouble(world: World) -> None:
    ledger = world.alone()
    leaning = [{"void_reason": "x", "void_beside": f"p{number + 1:05d}"} for number in range(10_000)]
    ledger.write(
        [
            Edit("payment", f"p{number:05d}", {**paid("a"), "void": void})
            for number, void in enumerate(leaning)
        ]
    )
    assert claims(ledger) == ["p00000"]
    ledger.write([Edit("payment", "p10000", paid("a"))])
    assert claims(ledger) == ["p10000"]
