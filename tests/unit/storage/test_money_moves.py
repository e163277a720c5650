"""Money when people move, are erased, or turn out to be two: it can still be traced, and counts once."""

from datetime import date
from typing import Any

import pytest

from storage.commands import advances, erasure, moves
from storage.commands import money as commands
from storage.commands.advances import Repaying
from storage.commands.money import Claim, Handing
from storage.commands.moves import Decision
from storage.commands.split import split
from storage.ledger import Edit, Ledger
from storage.policy.budgets import everything
from storage.queries import counting, history, money, retention
from storage.queries.money import Money
from storage.records import derived_id
from sync import exchange
from tests.unit.storage.test_money import POLICY, YEAR, aided
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number, paid, person, rebuilt

A, B = VILLAGE_CODE, "150621102201"
NAME, NUMBER, WIFE = "那顺巴图", id_number(7), "其其格玛"
DAY = date(2025, 12, 2)


def read(ledger: Ledger, scope: str = "") -> Money:
    return money.read(ledger, POLICY, TODAY, scope)


class Scene:
    """Somebody in A whose premium the accountant laid out and whose refund a cadre laid out; half of it is back."""

    def __init__(self, world: World) -> None:
        self.world, self.office = world, world.office()
        self.a, self.b = (world.village(self.office, name, code) for name, code in (("a", A), ("b", B)))
        self.who = self.a.id_for("resident", NUMBER)
        home = {"membership": {"household": "h", "relation": "0"}}
        self.a.write([Edit("household", "h", {"head": {"head_name": NAME}})])
        self.a.write([person(self.who, NAME, NUMBER, **home), aided(self.who, "dibao")])
        self.a.write([Edit("payment", "p", paid(self.who, advanced_by="王会计"))])
        self.claim = Claim(A, self.who, "subsidy", 35000, "dibao", "民政局")
        commands.apply(self.a, POLICY, [self.claim], on=DAY, by=NAME, today=TODAY)
        handing = Handing(DAY, NAME, "李干部", "现金", "李干部")
        commands.hand(self.a, POLICY, {self.claim: 35000}, handing, today=TODAY)
        commands.receive(self.a, POLICY, {self.claim: 35000}, 35000, on=DAY, batch="1", today=TODAY)
        self.advance = f"refund:{self.claim.id(YEAR)}"
        advances.settle(self.a, {(A, self.advance): 20000}, Repaying(DAY, "出纳"), today=TODAY)
        advances.settle(self.a, {(A, "payment:p"): 5000}, Repaying(DAY, NAME), today=TODAY)
        self.meet()

    def meet(self) -> None:
        """Everybody hears of everything."""
        for village in (self.a, self.b):
            exchange.receive(self.office, self.world.send(village))
        for path in self.world.send(self.office):
            for village in (self.a, self.b):
                exchange.receive(village, [path])

    def move(self) -> None:
        """Let them count in B."""
        moves.move(self.office, POLICY, A, self.who, Decision(B, TODAY, "搬家"), today=TODAY)
        self.meet()


@pytest.fixture
def scene(world: World) -> Scene:
    return Scene(world)


def told(found: Money) -> list[tuple[Any, ...]]:
    """What there is of refunds and laid-out money."""
    return [
        *((one.village, one.case.stage, one.case.advance_fen, one.case.problems) for one in found.refunds),
        *((one.scope, one.what, one.by, one.advance.open_fen) for one in found.loans),
    ]


def test_a_refund_goes_along_and_the_premium_laid_out_stays(scene: Scene) -> None:
    scene.move()
    for ledger, scope in ((scene.office, B), (scene.b, "")):
        assert told(read(ledger, scope)) == [("柳沟村", "handed", 15000, ()), (B, "refund", "李干部", 15000)]
    for ledger, scope in ((scene.office, A), (scene.a, "")):
        assert told(read(ledger, scope)) == [(A, "payment", "王会计", 35000)]
    assert [one.name for one in read(scene.a).loans] == [NAME]
    whole = everything(read(scene.office).totals)
    assert (whole.due_fen, whole.received_fen, whole.handed_fen) == (35000, 35000, 35000)
    assert len(read(scene.office).loans) == 2
    # settled each where it is: nothing of it is a question to the office
    advances.settle(scene.b, {(B, scene.advance): 15000}, Repaying(TODAY, "出纳"), today=TODAY)
    advances.settle(scene.a, {(A, "payment:p"): 35000}, Repaying(TODAY, NAME), today=TODAY)
    commands.sign(scene.b, POLICY, [Claim(B, scene.who, "subsidy", 35000)], on=TODAY, today=TODAY)
    scene.meet()
    assert counting.questions(scene.office) == []
    assert [row[1] for row in told(read(scene.office, B))] == ["closed", "refund"]
    assert {one.advance.stage for one in read(scene.office).loans} == {"settled"}


def test_what_the_old_village_wrote_too_late_is_carried_over(scene: Scene) -> None:
    moves.move(scene.office, POLICY, A, scene.who, Decision(B, TODAY, "搬家"), today=TODAY)
    advances.settle(scene.a, {(A, scene.advance): 15000}, Repaying(TODAY, "出纳"), today=TODAY)
    commands.sign(scene.a, POLICY, [scene.claim], on=TODAY, today=TODAY)
    scene.meet()
    assert [one.code for one in counting.questions(scene.office)] == ["late_entries"]
    moves.carry_over(scene.office, POLICY, A, scene.who)
    scene.meet()
    assert told(read(scene.b))[0] == ("柳沟村", "closed", 0, ())


def test_another_record_in_the_new_village_gets_a_refund_of_its_own_name(scene: Scene) -> None:
    scene.b.write([person("there", NAME, NUMBER)])
    scene.meet()
    scene.move()
    refund = derived_id("refund", "there", YEAR, "subsidy")
    (one,) = read(scene.office, B).refunds
    assert one.recorded is not None and (one.recorded.record, one.case.advance_fen) == (refund, 15000)
    (loan,) = read(scene.office, B).loans
    assert (loan.named, loan.advance.open_fen) == (f"refund:{refund}", 15000)


def test_an_erased_person_leaves_no_money_behind(scene: Scene) -> None:
    wife = scene.a.id_for("resident", id_number(8))
    scene.a.write([person(wife, WIFE, id_number(8), membership={"household": "h", "relation": "1"})])
    scene.a.write([aided(wife, "dibao"), Edit("payment", "w", paid(wife))])
    hers = Claim(A, wife, "subsidy", 35000, "dibao", "民政局")
    commands.apply(scene.a, POLICY, [hers], on=DAY, by=NAME, today=TODAY)
    handing = Handing(DAY, NAME, NAME, advanced_by=NAME)
    commands.hand(scene.a, POLICY, {hers: 35000}, handing, today=TODAY)
    commands.sign(scene.a, POLICY, [hers], on=DAY, by=NAME, today=TODAY)
    advances.settle(scene.a, {(A, f"refund:{hers.id(YEAR)}"): 100}, Repaying(DAY, NAME, NAME), today=TODAY)
    scene.meet()
    reach = erasure.preview(scene.office, POLICY, A, scene.who)
    assert (reach.records["refund"], reach.records["settlement"]) == (1, 2)
    erasure.erase(scene.office, POLICY, A, scene.who, "本人申请", today=TODAY)
    scene.meet()
    for ledger in (scene.office, scene.a):
        (one,) = read(ledger).refunds
        assert one.person.name == WIFE and one.steps.handed_fen == 35000
        bodies = [row[0] for row in ledger.connection.execute("SELECT body FROM op WHERE body <> x''")]
        assert bodies and not any(NAME.encode() in text for text in map(_plain, bodies))
        assert rebuilt(ledger)[0] == rebuilt(ledger)[1]


def _plain(stored: bytes) -> bytes:
    from storage import store

    return store.body(stored)


def test_history_and_retention_know_the_money(scene: Scene) -> None:
    rows = {(row.kind, row.register) for row in history.of_resident(scene.a, scene.who)}
    assert {("refund", "received"), ("refund", "handed"), ("settlement", "fact")} <= rows
    scene.a.write(
        [Edit("refund", "late", {"link": {"resident": scene.who, "year": YEAR + 9}, "claim": {"amount": 1}})]
    )
    over = date(YEAR + 9 + POLICY.retention.identity_years, 12, 31)
    assert not [one for one in retention.due(scene.a, POLICY, over) if one.what == "person"]


def test_of_two_people_in_one_record_each_keeps_their_money(world: World) -> None:
    office = world.office()
    village = world.village(office, "a", A)
    record = village.id_for("resident", NUMBER)
    village.write(
        [person(record, "王伟", NUMBER), aided(record, "dibao"), Edit("payment", "p", paid(record))]
    )
    exchange.receive(office, world.send(village))
    office.write([Edit("resident", record, {"identity": {"name": "李娜", "id_number": NUMBER}}, A, pred={})])
    exchange.receive(village, world.send(office))
    claim = Claim(A, record, "subsidy", 35000, "dibao", "民政局")
    commands.hand(village, POLICY, {claim: 35000}, Handing(DAY, "", advanced_by="李干部"), today=TODAY)
    advances.settle(village, {(A, f"refund:{claim.id(YEAR)}"): 100}, Repaying(DAY), today=TODAY)
    state = village.state_of("resident", record, A)
    hers = [one.oid for one in state["identity"].operations if one.body.changes["identity"]["name"] == "李娜"]
    settlement = read(village).loans[0].settled[0].record
    other, _changes = split(
        village, A, record, hers, moves=[claim.id(YEAR), "p", settlement, *_aided(village)]
    )
    (one,) = read(village).refunds
    assert (one.person.name, one.person.record, one.case.advance_fen) == ("李娜", other, 34900)
    assert one.recorded is not None and one.recorded.record == derived_id("refund", other, YEAR, "subsidy")
    assert [(loan.name, loan.advance.open_fen) for loan in read(village).loans] == [("李娜", 34900)]


def _aided(ledger: Ledger) -> list[str]:
    return [row[0] for row in ledger.connection.execute("SELECT record FROM subsidy")]
