"""At the end: all agree, every bulletin counts again to what was printed, every fen and every person is there once."""

from storage import checking
from storage.commands import moves
from storage.ledger import Ledger
from storage.queries import bulletins, counting, money, review
from storage.queries.figures import Figures, by_scope
from tests.proof.season.acts import Week
from tests.proof.season.town import Town
from tests.unit.storage.worlds import OFFICE_CODE, rebuilt, summary

_ROUNDS = 6


def converge(town: Town) -> None:
    """Let everybody hear everything, and answer what is open, until nothing is new."""
    for _ in range(_ROUNDS):
        fresh = _one_round(town)
        asked = _answer(town)
        if not fresh and not asked:
            return
    raise AssertionError(f"no end after {_ROUNDS} rounds")


def _one_round(town: Town) -> int:
    fresh = 0
    for village in town.villages.values():
        paths = town.post.send(village)
        fresh += sum(fate.fresh for fate in town.post.hand(town.clerks["a"], paths))
    town.meet()
    back = town.post.send(town.clerks["a"])
    for code, village in town.villages.items():
        mine = [path for path in back if path.name.startswith(f"{code[-3:]}-")]
        fresh += sum(fate.fresh for fate in town.post.hand(village, mine))
    return fresh


def _answer(town: Town) -> int:
    """Settle disagreements, carry over what came late, decide who counts where two villages claim somebody."""
    week, clerk, asked = Week(town), town.clerks["a"], 0
    for scope, resident in counting.late(clerk):
        moves.carry_over(clerk, town.policy, scope, resident)
        asked += 1
    for scope, record in town.truth.twice:
        if len(counting.whereabouts(clerk, scope, record).scopes) > 1 and _undecided(clerk, scope, record):
            decision = moves.Decision(scope, town.day, "户籍地")
            moves.count_in(clerk, town.policy, scope, record, decision, today=town.day)
            asked += 1
    for ledger in (clerk, *town.villages.values()):
        asked += week.settle_conflicts(ledger)
    return asked


def _undecided(clerk: Ledger, scope: str, record: str) -> bool:
    row = clerk.connection.execute(
        "SELECT counted_in FROM resident WHERE scope = ? AND record = ?", (scope, record)
    ).fetchone()
    return row is None or row[0] is None


# ---- what has to hold


def everybody_agrees(town: Town) -> None:
    """Operations and state are the same wherever a place is held, and what is stored is what folding gives."""
    clerks = list(town.clerks.values())
    for code, village in town.villages.items():
        told = {repr(summary(one, code)) for one in (*clerks, village)}
        assert len(told) == 1, f"{code} differs: {told}"
    assert len({repr(summary(one, OFFICE_CODE)) for one in clerks}) == 1
    for ledger in (*clerks, *town.villages.values()):
        assert checking.check(ledger).findings == ()
        before, after = rebuilt(ledger)
        assert before == after
        assert [item for item in review.items(ledger) if item.code == "conflict"] == []


def bulletins_recount(town: Town, printed: dict[str, tuple[int, int]]) -> int:
    """Every issue counts again to what was printed, on every clerk's computer; returns how many were counted."""
    counted = 0
    for clerk in town.clerks.values():
        issued = bulletins.issued(clerk, OFFICE_CODE)
        assert {one.record for one in issued} == printed.keys()
        for one in issued:
            total = one.content.total
            assert (total.people, total.paid) == printed[one.record]
            again = bulletins.recount(clerk, one)
            assert again.equal and not again.lacks, (one.number, again.differences[:5], again.lacks)
            counted += 1
    return counted


def everybody_counts_once(town: Town) -> None:
    """Each village's row, and the sum of all, say what is true."""
    for clerk in town.clerks.values():
        township = counting.township(clerk, town.policy)
        assert _of(township.total) == town.truth.figures()
        for code in town.codes:
            assert _of(township.rows[code]) == town.truth.figures(code), code
    for code, village in town.villages.items():
        assert _of(by_scope(village, town.policy)[code]) == town.truth.figures(code), code


def _of(found: Figures) -> dict[str, int]:
    names = ("people", "paid", "confirmed", "amount", "credential", "special", "new")
    return {name: getattr(found, name) for name in names}


def every_fen_is_there(town: Town) -> None:
    """Paid is confirmed and awaiting; laid out is back and open; what finance paid is handed over and held."""
    for clerk in town.clerks.values():
        found = money.read(clerk, town.policy, town.day)
        laid = sum(one.advance.laid_fen for one in found.loans)
        opened = sum(one.advance.open_fen for one in found.loans)
        recorded = [one for one in found.refunds if one.recorded]
        told = {
            "laid": laid,
            "back": sum(part.fen for one in found.loans for part in one.settled),
            "received": sum(one.steps.received_fen or 0 for one in recorded),
            "handed": sum(one.steps.handed_fen or 0 for one in recorded),
            "signed": sum((one.steps.handed_fen or 0) for one in recorded if one.steps.signed_on),
        }
        assert told == town.truth.money()
        assert laid - told["back"] == opened
        assert sum(one.case.held_fen for one in recorded) == told["received"] - told["handed"]
        people = town.truth.people.values()
        township = counting.township(clerk, town.policy).total
        assert township.amount == sum(one.taxed for one in people) + sum(
            one.claimed for one in people if not one.taxed
        )


def telephones_are_somebody_s(town: Town) -> None:
    """What is shown of a disputed number is one that somebody entered."""
    clerk = town.clerks["a"]
    for one in town.truth.people.values():
        if one.phones:
            row = clerk.connection.execute(
                "SELECT phone FROM resident WHERE scope = ? AND record = ?", (one.village, one.record)
            ).fetchone()
            entered = {
                *one.phones,
                *({None} if one.record in town.moved else ()),
            }  # which may stay where they left
            assert row is not None and row[0] in entered, one.record
