"""Refunds and laid-out money in a ledger: step by step, in batches, taken back, by department, over villages."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from storage import policies
from storage.commands import advances, conflicts, payments, undo
from storage.commands import money as commands
from storage.commands.advances import Repaying
from storage.commands.money import Claim, Handing
from storage.errors import RuleViolation
from storage.ledger import Edit, Ledger
from storage.policy import budgets
from storage.policy.amounts import due
from storage.policy.budgets import everything
from storage.policy.model import Policy
from storage.queries import money, review
from storage.queries.money import Loan, Money, Refund
from storage.records import derived_id
from sync import exchange
from sync.reports import filling, forms
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    TODAY,
    VILLAGE_CODE,
    World,
    id_number,
    paid,
    person,
    rebuilt,
)  # fmt: skip
from tests.unit.storage.worlds import (
    everything as whole_ledger,
)

POLICY = policies.load("example-2026")
YEAR = POLICY.year
RULELESS = changed(POLICY, refunds=None)
DAY = date(2025, 12, 2)


def aided(record: str, group: str, year: int = YEAR) -> Edit:
    """The edit that puts somebody into a subsidy group."""
    link = {"resident": record, "year": year}
    return Edit(
        "subsidy", derived_id("subsidy", record, year, group), {"link": link, "grant": {"group_code": group}}
    )


def people_edits() -> list[Edit]:
    """Five people: two paid first and get money back, for one of them the accountant laid it out."""
    edits = [Edit("household", "h", {"number": {"number": "0017"}, "head": {"head_name": "那顺"}})]
    names = ("那顺", "其其格", "布仁", "娜仁", "聂顺利")
    for number, name in enumerate(names):
        home = {"membership": {"household": "h", "relation": "0" if not number else "8"}}
        edits.append(person(f"r{number}", name, id_number(number), **home))
    edits += [aided("r0", "dibao"), aided("r1", "dibao"), aided("r2", "tekun"), aided("r3", "jiance")]
    edits.append(Edit("payment", "p0", paid("r0")))
    edits.append(Edit("payment", "p1", paid("r1", advanced_by="王会计")))
    edits.append(Edit("payment", "p4", paid("r4")))
    return edits


@pytest.fixture
def village(world: World) -> Ledger:
    ledger = world.alone()
    ledger.write(people_edits())
    return ledger


def read(ledger: Ledger, policy: Policy = POLICY, scope: str = "") -> Money:
    return money.read(ledger, policy, TODAY, scope)


def refund(ledger: Ledger, name: str, reason: str = "subsidy") -> Refund:
    (one,) = [one for one in read(ledger).refunds if (one.person.name, one.reason) == (name, reason)]
    return one


def loan(ledger: Ledger, name: str, what: str = "payment") -> Loan:
    (one,) = [one for one in read(ledger).loans if (one.name, one.what) == (name, what)]
    return one


def claim(one: Refund, fen: int = 0) -> Claim:
    record = one.recorded.record if one.recorded else ""
    return Claim(
        one.scope, one.resident, one.reason, fen or one.case.due_fen, one.group, one.department, record
    )


def stage(ledger: Ledger, name: str) -> tuple[str, tuple[str, ...]]:
    told = refund(ledger, name).case
    return told.stage, told.problems


def refused(code: str, call: Any) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        call()
    assert caught.value.code == code
    return caught.value


# ---- what is due


def test_who_gets_money_back_and_who_laid_it_out(village: Ledger) -> None:
    found = read(village)
    assert {(one.person.name, one.case.stage, one.case.due_fen) for one in found.refunds} == {
        ("那顺", "due", 35000), ("其其格", "due", 35000),
    }  # fmt: skip
    assert [(one.name, one.by, one.advance.open_fen, one.advance.stage) for one in found.loans] == [
        ("其其格", "王会计", 40000, "open")
    ]
    assert refund(village, "其其格").lenders == found.loans
    assert all((one.group, one.department) == ("dibao", "民政局") for one in found.refunds)
    assert all(one.case.days == 2 and one.recorded is None for one in found.refunds)


def test_only_the_year_of_the_policy(village: Ledger) -> None:
    assert read(village, policies.load("example-2027")) == Money((), (), ())


# ---- step by step


def test_from_due_to_closed(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    commands.apply(village, POLICY, [one], on=DAY, by="王联络员", paper="申请表", today=TODAY)
    assert stage(village, "那顺") == ("applied", ())
    commands.receive(
        village, POLICY, {one: 35000}, 35000, on=DAY, source="旗财政局", batch="2026-1", today=TODAY
    )
    assert stage(village, "那顺") == ("received", ()) and refund(village, "那顺").case.held_fen == 35000
    commands.hand(village, POLICY, {one: 35000}, Handing(DAY, "", "王联络员", "现金"), today=TODAY)
    assert stage(village, "那顺") == ("handed", ())
    commands.sign(village, POLICY, [one], on=TODAY, paper="签收表", today=TODAY)
    assert stage(village, "那顺") == ("closed", ()) and refund(village, "那顺").case.done
    held = refund(village, "那顺").recorded
    assert held is not None and (held.said["handed_to"], held.said["signed_by"]) == ("那顺", "那顺")
    assert (held.said["terms_policy"], held.said["terms_version"]) == (POLICY.id, POLICY.version)
    assert held.record == derived_id("refund", "r0", YEAR, "subsidy")
    assert rebuilt(village)[0] == rebuilt(village)[1]


def test_the_same_again_writes_nothing(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    for _again in range(2):
        done = commands.apply(village, POLICY, [one, one], on=DAY, by="王", today=TODAY)
    assert not done
    refused("money.already", lambda: commands.apply(village, POLICY, [one], on=TODAY, by="王", today=TODAY))


def test_nothing_without_its_counterpart(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    before = whole_ledger(village)

    def hand(fen: int, lender: str = "") -> None:
        commands.hand(village, POLICY, {one: fen}, Handing(DAY, "", advanced_by=lender), today=TODAY)

    error = refused("money.handed_unfunded", lambda: hand(35000))
    assert (error.field, error.params["name"]) == ("advanced_by", "那顺")
    refused("money.handed_more", lambda: hand(35001, "王会计"))
    refused("money.amount", lambda: hand(0))
    refused("money.signed_unhanded", lambda: commands.sign(village, POLICY, [one], on=DAY, today=TODAY))
    refused("date.future", lambda: commands.apply(village, POLICY, [one], on=date(2025, 12, 4), today=TODAY))
    refused("money.why", lambda: commands.refuse(village, POLICY, [one], on=DAY, why=" ", today=TODAY))
    refused(
        "money.amount",
        lambda: commands.apply(
            village, POLICY, [Claim(VILLAGE_CODE, "r4", "subsidy", 0)], on=DAY, today=TODAY
        ),
    )
    refused("record.unknown", lambda: commands.take_back(village, POLICY, [one], "applied"))
    assert whole_ledger(village) == before


def test_one_bad_row_keeps_the_whole_batch_out(village: Ledger) -> None:
    first, second = (claim(refund(village, name)) for name in ("那顺", "其其格"))
    commands.refuse(village, POLICY, [second], on=DAY, why="不符合条件", today=TODAY)
    before = whole_ledger(village)
    amounts = {first: 35000, second: 35000}

    def receive(total: int, batch: str = "1") -> None:
        commands.receive(village, POLICY, amounts, total, on=DAY, batch=batch, today=TODAY)

    error = refused("money.batch_sum", lambda: receive(69999))
    assert (error.params["amount"], error.params["sum"], error.field) == (69999, 70000, "total")
    refused("money.batch", lambda: receive(70000, " "))
    refused("money.refused_received", lambda: receive(70000))
    assert whole_ledger(village) == before
    commands.take_back(village, POLICY, [second], "refused")
    receive(70000)
    assert everything(read(village).totals).received_fen == 70000


def test_finance_pays_in_two_parts(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))

    def receive(fen: int, batch: str) -> None:
        commands.receive(village, POLICY, {one: fen}, fen, on=DAY, source="财政", batch=batch, today=TODAY)

    receive(20000, "一")
    assert stage(village, "那顺") == ("received", ("received_less",))
    assert refused("money.batch_known", lambda: receive(20001, "一")).params["name"] == "那顺"
    receive(15000, "二")
    held = refund(village, "那顺")
    assert (held.steps.received_fen, held.case.problems) == (35000, ())
    assert held.recorded is not None and held.recorded.said["received_batch"] == "一、二"


def test_what_finance_paid_too_much_is_recorded_and_stays_open(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    commands.apply(village, POLICY, [one], on=DAY, today=TODAY)
    commands.receive(village, POLICY, {one: 40000}, 40000, on=DAY, batch="1", today=TODAY)
    assert stage(village, "那顺") == ("received", ("received_more",))
    commands.hand(village, POLICY, {one: 35000}, Handing(DAY, ""), today=TODAY)
    commands.sign(village, POLICY, [one], on=DAY, today=TODAY)
    assert stage(village, "那顺") == ("signed", ("received_more", "handed_less"))
    assert refund(village, "那顺").case.held_fen == 5000


def test_a_refund_laid_out_before_finance_paid(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    commands.hand(
        village,
        POLICY,
        {one: 35000},
        Handing(DAY, "那顺", "李干部", "现金", advanced_by="李干部"),
        today=TODAY,
    )
    commands.sign(village, POLICY, [one], on=DAY, today=TODAY)
    assert stage(village, "那顺") == ("signed", ())
    owed = loan(village, "那顺", "refund")
    assert (owed.by, owed.advance.open_fen, owed.on) == ("李干部", 35000, DAY)
    commands.receive(village, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY)
    assert refund(village, "那顺").case.held_fen == 35000
    key = (owed.scope, owed.named)
    refused(
        "money.settled_beyond", lambda: advances.settle(village, {key: 35001}, Repaying(DAY), today=TODAY)
    )
    advances.settle(village, {key: 30000}, Repaying(DAY, "会计", how="转账"), today=TODAY)
    assert loan(village, "那顺", "refund").advance.stage == "part"
    refused("money.settled_beyond", lambda: advances.settle(village, {key: 5001}, Repaying(DAY), today=TODAY))
    advances.settle(village, {key: 5000}, Repaying(TODAY, "会计"), today=TODAY)
    owed = loan(village, "那顺", "refund")
    assert owed.advance.stage == "settled" and [one.to for one in owed.settled] == ["李干部"] * 2
    assert stage(village, "那顺") == ("closed", ())
    commands.void(village, "settlement", owed.settled[0].record, "记错了")
    assert stage(village, "那顺")[0] == "signed" and loan(village, "那顺", "refund").advance.open_fen > 0


def test_a_refund_that_goes_to_whoever_laid_the_premium_out(village: Ledger) -> None:
    one, owed = claim(refund(village, "其其格")), loan(village, "其其格")
    commands.receive(village, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY)
    handing = Handing(DAY, "王会计", "出纳", "现金")
    commands.hand(village, POLICY, {one: 35000}, handing, today=TODAY, repays={one: owed.named})
    commands.sign(village, POLICY, [one], on=DAY, by="王会计", role="垫付人", today=TODAY)
    assert stage(village, "其其格") == ("closed", ())
    owed = loan(village, "其其格")
    assert (owed.advance.open_fen, owed.advance.stage) == (5000, "part")
    assert [(part.fen, part.to, part.by, part.how) for part in owed.settled] == [
        (35000, "王会计", "出纳", "refund")
    ]
    advances.settle(
        village, {(owed.scope, owed.named): 5000}, Repaying(TODAY, "其其格"), today=TODAY, total=5000
    )
    assert loan(village, "其其格").advance.stage == "settled"
    by_refund = next(part.record for part in loan(village, "其其格").settled if part.how == "refund")
    refused("money.by_refund", lambda: commands.void(village, "settlement", by_refund, "记错了"))
    commands.take_back(village, POLICY, [one], "signed")
    commands.take_back(village, POLICY, [one], "handed")
    assert loan(village, "其其格").advance.open_fen == 35000  # what the refund settled is open again
    commands.hand(village, POLICY, {one: 35000}, handing, today=TODAY, repays={one: owed.named})
    assert loan(village, "其其格").advance.stage == "settled"
    assert rebuilt(village)[0] == rebuilt(village)[1]


def test_what_comes_back_to_a_lender_has_to_add_up(village: Ledger) -> None:
    one, owed = claim(refund(village, "其其格")), loan(village, "其其格")
    key = (owed.scope, owed.named)
    more = {"today": TODAY, "total": 39999}
    refused("money.batch_sum", lambda: advances.settle(village, {key: 40000}, Repaying(DAY), **more))
    refused("money.amount", lambda: advances.settle(village, {key: 0}, Repaying(DAY), today=TODAY))
    refused(
        "date.future", lambda: advances.settle(village, {key: 1}, Repaying(date(2025, 12, 4)), today=TODAY)
    )
    for named in ("payment:p0", "payment:none", "visit:p1", ""):
        with pytest.raises(RuleViolation, match=r"record\.unknown"):
            advances.settle(village, {(VILLAGE_CODE, named): 1}, Repaying(DAY), today=TODAY)
    advances.settle(village, {key: 40000}, Repaying(DAY), today=TODAY, total=40000)
    commands.receive(village, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY)
    with pytest.raises(RuleViolation, match=r"money\.settled_beyond"):
        commands.hand(village, POLICY, {one: 35000}, Handing(DAY, ""), today=TODAY, repays={one: owed.named})


def test_names_to_type_are_of_one_thing_each(village: Ledger) -> None:
    found = read(village)
    advances.settle(village, {(VILLAGE_CODE, found.loans[0].named): 1}, Repaying(DAY), today=TODAY)
    (part,) = read(village).loans[0].settled
    names = [one.short for one in (*found.refunds, *found.loans)] + [money.short_of(part)]
    assert len(set(names)) == len(names) == 4
    assert [name.partition(".")[0] for name in names] == ["subsidy", "subsidy", "advance", "back"]
    assert [one.short for one in read(village).refunds] == names[:2]


def test_steps_are_taken_back_in_their_order(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    commands.receive(village, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY)
    commands.hand(village, POLICY, {one: 35000}, Handing(DAY, ""), today=TODAY)
    commands.sign(village, POLICY, [one], on=DAY, today=TODAY)
    refused("money.handed_unfunded", lambda: commands.take_back(village, POLICY, [one], "received"))
    refused("money.signed_unhanded", lambda: commands.take_back(village, POLICY, [one], "handed"))
    refused("money.moved", lambda: commands.void(village, "refund", one.id(YEAR), "记错"))
    for step in ("signed", "handed", "received"):
        commands.take_back(village, POLICY, [one], step)
    assert stage(village, "那顺") == ("due", ())
    commands.void(village, "refund", one.id(YEAR), "记错")
    assert refund(village, "那顺").recorded is None
    commands.apply(village, POLICY, [one], on=DAY, by="再次", today=TODAY)  # it begins anew
    held = refund(village, "那顺")
    assert held.case.stage == "applied" and held.steps.signed_on is None and held.steps.received_fen is None


def test_everything_can_be_undone(village: Ledger) -> None:
    before = read(village)
    one = claim(refund(village, "其其格"))
    done = [
        commands.apply(village, POLICY, [one], on=DAY, today=TODAY),
        commands.receive(village, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY),
        commands.hand(
            village, POLICY, {one: 35000}, Handing(DAY, "王会计"), today=TODAY,
            repays={one: loan(village, "其其格").named},
        ),
        commands.sign(village, POLICY, [one], on=DAY, today=TODAY),
        advances.settle(
            village, {(VILLAGE_CODE, loan(village, "其其格").named): 5000}, Repaying(DAY), today=TODAY
        ),
    ]  # fmt: skip
    refused("money.moved", lambda: undo.revert(village, done[0].oids[0], "撤销"))
    for changes in reversed(done):
        for oid in reversed(changes.oids):
            undo.revert(village, oid, "撤销")
    assert read(village) == before


def test_a_claim_follows_the_policy_until_money_moves(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    commands.apply(village, POLICY, [one], on=DAY, today=TODAY)
    village.write([Edit("payment", "p0", {"fact": {**paid("r0")["fact"], "amount": 20000}})])
    assert stage(village, "那顺") == ("applied", ("due_differs",))
    commands.take_back(village, POLICY, [one], "applied")
    commands.apply(village, POLICY, [claim(refund(village, "那顺"), 20000)], on=DAY, today=TODAY)
    assert stage(village, "那顺") == ("applied", ())


def test_a_payment_taken_back_leaves_what_came_of_it_open(village: Ledger) -> None:
    one, owed = claim(refund(village, "其其格")), loan(village, "其其格")
    commands.receive(village, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY)
    advances.settle(village, {(owed.scope, owed.named): 40000}, Repaying(DAY), today=TODAY)
    payments.void(village, "p1", "记错了")
    assert stage(village, "其其格") == ("received", ("due_differs",))
    assert loan(village, "其其格").advance.problems == ("nothing_laid",)


def test_how_much_waits_how_long(village: Ledger) -> None:
    one = claim(refund(village, "那顺"))
    commands.hand(village, POLICY, {one: 35000}, Handing(DAY, "", advanced_by="李干部"), today=TODAY)
    found = money.read(village, POLICY, date(2026, 3, 10))
    assert {band: told for band, told in money.ageing(found.refunds).items() if told[0]} == {
        "d180": (1, 35000)
    }
    assert {band: told for band, told in money.ageing(found.loans).items() if told[0]} == {"d180": (2, 75000)}
    village.write([Edit("payment", "p1", {"fact": paid("r1", paid_on="")["fact"]})])
    assert money.ageing(read(village).refunds)["undated"] == (1, 35000)


# ---- other reasons


def test_other_reasons_of_the_policy(village: Ledger) -> None:
    absence = {"link": {"resident": "r4", "year": YEAR}, "absence": {"absence": "employee_here"}}
    village.write([Edit("enrolment", "e4", absence), Edit("payment", "p00", paid("r0", receipt="2"))])
    found = {(one.person.name, one.reason): one for one in read(village).refunds}
    twice, employee = found["那顺", money.PAID_TWICE], found["聂顺利", "employee"]
    assert (twice.case.due_fen, employee.case.due_fen) == (40000, 40000)
    assert employee.verdict is not None and employee.verdict.verdict == "after_ending"
    assert found["那顺", "subsidy"].case.due_fen == 35000
    after = money.read(village, POLICY, date(2026, 1, 1)).refunds
    assert {one.reason for one in after} == {"subsidy"}  # in principle none once the year has begun
    commands.apply(village, POLICY, [claim(employee)], on=DAY, today=TODAY)  # asked for in time
    assert {one.reason for one in money.read(village, POLICY, date(2026, 1, 1)).refunds} == {
        "subsidy",
        employee.reason,
    }
    assert {one.reason for one in read(village, RULELESS).refunds} == {"subsidy", employee.reason}
    totals = {row.reason: row for row in read(village).totals if row.reason != "subsidy"}
    assert totals[employee.reason].applied_fen == totals[employee.reason].due_fen == 40000


def test_nobody_gets_back_more_than_was_paid(village: Ledger) -> None:
    absence = {"link": {"resident": "r0", "year": YEAR}, "absence": {"absence": "employee_here"}}
    village.write([Edit("enrolment", "e0", absence)])

    def sums() -> int:
        return sum(one.reckoned_fen for one in read(village).refunds if one.person.name == "那顺")

    assert sums() == 40000
    whole = Claim(VILLAGE_CODE, "r0", "employee", 40000)
    commands.apply(village, POLICY, [whole], on=DAY, today=TODAY)
    assert sums() == 40000
    assert [one.reason for one in read(village).refunds if one.person.name == "那顺"] == [whole.reason]


# ---- once each


def test_twins_have_one_refund(village: Ledger) -> None:
    village.write([person("twin", "那顺", id_number(0))])
    assert len([one for one in read(village).refunds if one.person.name == "那顺"]) == 1
    one = claim(refund(village, "那顺"))
    commands.apply(village, POLICY, [one], on=DAY, today=TODAY)
    other = Claim(VILLAGE_CODE, "twin", "subsidy", 35000, "dibao", "民政局")
    commands.receive(village, POLICY, {other: 35000}, 35000, on=DAY, batch="1", today=TODAY)
    assert stage(village, "那顺") == ("received", ("twice",))
    assert everything(read(village).totals).received_fen == 35000
    commands.take_back(village, POLICY, [one], "applied")
    assert stage(village, "那顺") == ("received", ())


def test_people_two_villages_claim_count_once(world: World) -> None:
    office = world.office()
    villages = [
        world.village(office, name, code) for name, code in (("a", VILLAGE_CODE), ("b", "150621102201"))
    ]
    for ledger in villages:
        record = ledger.id_for("resident", id_number(0))
        ledger.write([person(record, "那顺", id_number(0)), aided(record, "dibao")])
        ledger.write([Edit("payment", f"p{ledger.profile.scope}", paid(record, advanced_by="王会计"))])
        (one,) = read(ledger).refunds
        commands.apply(ledger, POLICY, [claim(one)], on=DAY, today=TODAY)
        exchange.receive(office, world.send(ledger))
    found = read(office)
    assert [(one.village, one.case.problems) for one in found.refunds] == [("查干沟嘎查村", ("twice",))]
    assert [one.scope for one in found.loans] == [VILLAGE_CODE]
    assert (everything(found.totals).due_fen, everything(found.totals).budget_fen) == (35000, 35000)
    for scope in (VILLAGE_CODE, "150621102201"):  # each by itself has its own
        alone = read(office, scope=scope)
        assert [one.scope for one in (*alone.refunds, *alone.loans)] == [scope, scope]
    assert OFFICE_CODE not in {one.scope for one in found.refunds}


def test_what_two_ledgers_wrote_differently_stays_open_until_it_is_settled(world: World) -> None:
    office = world.office()
    village = world.village(office)
    village.write(people_edits())
    exchange.receive(office, world.send(village))
    for ledger, to in ((village, "那顺"), (office, "其其格")):
        one = claim(refund(ledger, "那顺"))
        commands.receive(ledger, POLICY, {one: 35000}, 35000, on=DAY, batch="1", today=TODAY)
        commands.hand(ledger, POLICY, {one: 35000}, Handing(DAY, to), today=TODAY)
        commands.sign(ledger, POLICY, [one], on=DAY, by="那顺", today=TODAY)
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))
    assert stage(village, "那顺") == stage(office, "那顺") == ("signed", ("disputed",))
    (item,) = [one for one in review.items(village) if one.code == "conflict"]
    assert (item.kind, item.register) == ("refund", "handed")
    value = next(one.value for one in item.candidates if one.value["handed_to"] == "那顺")
    about = (item.scope, "refund", item.record, "handed")
    with pytest.raises(RuleViolation, match=r"date\.future"):
        conflicts.resolve(village, *about, {**value, "handed_on": "2026-01-01"}, today=TODAY)
    conflicts.resolve(village, *about, value, today=TODAY)
    assert stage(village, "那顺") == ("closed", ())


def test_nobody_settles_a_disagreement_with_no_amount() -> None:
    with pytest.raises(RuleViolation, match=r"money\.amount"):
        conflicts.check("settlement", "fact", {"resident": "r0"}, today=TODAY)
    conflicts.check("settlement", "fact", {"resident": "r0", "amount": 1}, today=TODAY)


# ---- to the fen

WHO = st.tuples(
    st.sampled_from(("", "dibao", "tekun", "jiance", "disabled12", "youfu")),
    st.sampled_from(("", "dibao", "tuopin")),
    st.sampled_from((0, 1, 20000, 35000, 40000)),
    st.sampled_from(("", "death", "employee_here", "refused")),
    st.sampled_from(("", "王会计")),
)


@settings(max_examples=30)
@given(st.lists(WHO, min_size=1, max_size=9))
def test_people_forms_and_departments_agree_to_the_fen(
    tmp_path_factory: pytest.TempPathFactory, people: list[tuple[str, str, int, str, str]]
) -> None:
    world = World(tmp_path_factory.mktemp("money"))
    ledger = world.alone()
    edits: list[Edit] = []
    for number, (group, other, fen, absence, lender) in enumerate(people):
        record = f"r{number}"
        edits.append(person(record, f"人{number}", id_number(number)))
        edits += [aided(record, code) for code in {group, other} - {""}]
        if fen:
            edits.append(Edit("payment", f"p{number}", paid(record, amount=fen, advanced_by=lender)))
        if absence:
            link = {"resident": record, "year": YEAR}
            edits.append(Edit("enrolment", f"e{number}", {"link": link, "absence": {"absence": absence}}))
    ledger.write(edits)
    found = read(ledger)
    wish = filling.wanted(ledger, POLICY, TODAY)
    budget = filling.read(ledger, forms.built_in()["budget"], wish)
    back = filling.read(ledger, forms.built_in()["refunds"], wish)
    planned = [
        due(POLICY, [group, other]).subsidy_fen
        for group, other, fen, absence, _lender in people
        if absence != "death" and (fen or absence != "employee_here")
    ]
    whole = everything(found.totals)
    assert whole.budget_fen == sum(row.total_fen or 0 for row in budget) == sum(planned)
    assert whole.due_fen == sum(one.reckoned_fen for one in found.refunds)
    subsidies = [one.reckoned_fen for one in found.refunds if one.reason == "subsidy"]
    assert sum(subsidies) == sum(budgets.reckoned(row.due, row.person.amount) for row in back)
    by_office: dict[str, int] = {}
    for row in budget:
        by_office[row.department] = by_office.get(row.department, 0) + (row.total_fen or 0)
    told = {row.department: row.budget_fen for row in budgets.departments(found.totals)}
    assert {name: fen for name, fen in told.items() if fen} == {
        name: fen for name, fen in by_office.items() if fen
    }
    assert sum(one.advance.open_fen for one in found.loans) == sum(
        fen for *_, fen, _a, lender in people if lender
    )
    world.close()
