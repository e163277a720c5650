"""Refunds and laid-out money without a window: listed with where each stands, taken step by step, summed up."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from typing import TypeVar

from gui import wording
from gui.actions import money as actions
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.record import fen
from gui.verbs.session import Session, WrongUse, policy_of
from gui.wording import refunds as words
from gui.wording.units import amount
from storage import years
from storage.commands import advances
from storage.commands import money as commands
from storage.commands.advances import Repaying
from storage.commands.money import Claim, Handing
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.policy import budgets, mask
from storage.policy.budgets import Total
from storage.policy.model import Policy
from storage.policy.money import APPLIED, HANDED, RECEIVED, REFUSED, SIGNED, band
from storage.queries import money
from storage.queries.money import Loan, Money, Refund
from storage.queries.money_rows import Settled

Told = dict[str, object]
Item = TypeVar("Item", Refund, Loan)


def _read(session: Session, ledger: Ledger) -> tuple[Policy, Money]:
    options = session.options
    policy = years.for_year(ledger, options.year) if options.year else policy_of(ledger)
    return policy, money.read(ledger, policy, session.today, options.village)


# ---- looking


def listed(session: Session) -> int:
    """List refunds and laid-out money with where each stands."""
    options = session.options
    with closing(session.open()) as ledger:
        policy, found = _read(session, ledger)
    refunds = [one for one in found.refunds if _wanted(options.stage, one)]
    refunds = [one for one in refunds if not (options.open and one.case.done)]
    loans = [one for one in found.loans if not (options.stage or (options.open and one.advance.done))]
    data = {
        "year": policy.year,
        "refunds": [_refund(policy, one) for one in refunds],
        "advances": [_loan(one) for one in loans],
    }
    lines = [_refund_line(policy, one) for one in refunds] + [_loan_line(one) for one in loans]
    session.give(data, lines or [_("No money comes back, and nobody laid any out.")])
    return DONE


def _wanted(stages: Sequence[str], one: Refund) -> bool:
    return not stages or one.case.stage in stages


def _refund(policy: Policy, one: Refund) -> Told:
    steps, said = one.steps, one.recorded.said if one.recorded else {}
    return {
        "id": one.short,
        "village": one.village,
        "scope": one.scope,
        "household": one.home.number if one.home else "",
        "name": one.person.name,
        "number": wording.id_number(one.person.id_number),
        "reason": one.reason,
        "group": one.group,
        "department": one.department,
        "stage": one.case.stage,
        "due_fen": one.case.due_fen,
        "reckoned_fen": one.reckoned_fen,
        "received_fen": steps.received_fen or 0,
        "handed_fen": steps.handed_fen or 0,
        "open_fen": one.case.open_fen,
        "held_fen": one.case.held_fen,
        "advance_fen": one.case.advance_fen,
        "days": one.case.days,
        "age": band(one.case.days),
        "problems": list(one.case.problems),
        "verdict": one.verdict.verdict if one.verdict else "",
        "premium_advanced_by": [loan.by for loan in one.lenders],
        "said": {name: said[name] for name in sorted(said) if name not in ("resident", "year")},
    }


def _loan(one: Loan) -> Told:
    return {
        "id": one.short,
        "village": one.village,
        "scope": one.scope,
        "name": one.name,
        "what": one.what,
        "by": one.by,
        "on": one.on.isoformat() if one.on else "",
        "laid_fen": one.advance.laid_fen,
        "open_fen": one.advance.open_fen,
        "stage": one.advance.stage,
        "days": one.advance.days,
        "age": band(one.advance.days),
        "problems": list(one.advance.problems),
        "settled": [_settled(part) for part in one.settled],
    }


def _settled(part: Settled) -> Told:
    on = part.on.isoformat() if part.on else ""
    return {
        "id": money.short_of(part),
        "fen": part.fen,
        "on": on,
        "by": part.by,
        "to": part.to,
        "how": part.how,
    }


def _refund_line(policy: Policy, one: Refund) -> str:
    days = (
        _("{count} days").format(count=one.case.days) if one.case.days is not None else words.age(band(None))
    )
    parts = [
        one.short,
        one.village,
        one.person.name,
        words.reason(policy, one.reason),
        words.stage(one.case.stage),
    ]
    parts += [
        _("{amount} yuan").format(amount=amount(one.case.due_fen)),
        days,
        *map(words.problem, one.case.problems),
    ]
    return " · ".join(parts)


def _loan_line(one: Loan) -> str:
    told = _("{by} laid out the {what} of {name}: {laid} yuan, {open} not back")
    text = told.format(
        by=one.by, what=words.laid_for(one.what), name=one.name, laid=amount(one.advance.laid_fen),
        open=amount(one.advance.open_fen),
    )  # fmt: skip
    return " · ".join([one.short, one.village, text, *map(words.problem, one.advance.problems)])


def totals(session: Session) -> int:
    """Sum up by department and group: what was planned, is due, came, was handed over and signed for."""
    with closing(session.open()) as ledger:
        policy, found = _read(session, ledger)
    offices, whole = budgets.departments(found.totals), budgets.everything(found.totals)
    agreed = money.agreement(found)
    data = {
        "year": policy.year,
        "groups": [_total(row) for row in found.totals],
        "departments": [_total(row) for row in offices],
        "total": _total(whole),
        "ages": {"refunds": _ages(found.refunds), "advances": _ages(found.loans)},
        "villages": [
            {"scope": scope, "village": village, "ages": _counted(ages)}
            for (scope, village), ages in money.by_village([*found.refunds, *found.loans]).items()
        ],
        "agreement": {**asdict(agreed), "closes": agreed.closes},
    }
    lines = [_total_line(policy, row) for row in (*offices, whole)]
    for head, found_ in ((_("Refunds"), found.refunds), (_("Laid out"), found.loans)):
        told = words.ageing(money.ageing(found_))
        lines += [f"{head}: {told}"] if told else []
    lines.append(words.agreed(agreed))
    session.give(data, lines)
    return DONE


def rosters(session: Session) -> int:
    """Write who gets how much back, a roster for each village and department; xlsx holds all in one sheet."""
    from gui.printing import rosters as prints

    options = session.options
    with closing(session.open()) as ledger:
        policy = years.for_year(ledger, options.year) if options.year else policy_of(ledger)
        people, count = prints.write(ledger, policy, session.today, options.out, options.village)
    data = {"file": options.out, "people": people, "rosters": count}
    session.give(data, [_("{file}: {count} rows").format(file=options.out, count=people)])
    return DONE


def _ages(lines: Sequence[Refund | Loan]) -> Told:
    return _counted(money.ageing(lines))


def _counted(ages: Mapping[str, tuple[int, int]]) -> Told:
    return {band: {"count": count, "fen": sum_} for band, (count, sum_) in ages.items()}


def _total(row: Total) -> Told:
    return {
        **{name: getattr(row, name) for name in Total.__dataclass_fields__},
        "outstanding_fen": row.outstanding_fen,
    }


def _total_line(policy: Policy, row: Total) -> str:
    told = _(
        "{who}: {people} people, planned {budget}, due {due}, received {received}, handed over {handed}, open {open}"
    )
    who = row.department or (
        _("Together") if row.people or row.budget_fen else words.reason(policy, row.reason)
    )
    return told.format(
        who=who, people=row.people, budget=amount(row.budget_fen), due=amount(row.due_fen),
        received=amount(row.received_fen), handed=amount(row.handed_fen), open=amount(row.open_fen),
    )  # fmt: skip


# ---- who is meant


def _chosen(session: Session, found: Money, step: str) -> list[Refund]:
    """The refunds that were named by ID, by ID number, or ``--all`` that wait for a step."""
    options = session.options
    named = _named(found.refunds, options.items)
    for text in options.id_number:
        of_number = [
            one for one in found.refunds if text.strip().upper() in (one.person.id_full, one.person.id_number)
        ]
        if not of_number:
            raise KnownError("find.nobody", number=mask.id_number(text))
        named += [one for one in of_number if actions.can(one, step) or len(of_number) == 1]
    if options.all:
        named += [
            one
            for one in found.refunds
            if actions.NEXT.get(one.case.stage) == step and actions.can(one, step)
        ]
    if not named:
        raise WrongUse("use.no_refund")
    return list({one.short: one for one in named}.values())


def _named(found: Sequence[Item], names: Sequence[str]) -> list[Item]:
    known = {one.short: one for one in found}
    for name in names:
        if name not in known:
            raise KnownError("money.unknown", id=name)
    return [known[name] for name in names]


def _done(session: Session, chosen: Sequence[Refund | Loan], changes: Changes, fen_in_all: int) -> int:
    names = [one.person.name if isinstance(one, Refund) else one.name for one in chosen]
    data = {"changed": len(changes.oids), "items": [one.short for one in chosen], "fen": fen_in_all}
    told = (
        _("{count} recorded, {amount} yuan: {who}") if changes.oids else _("{who}: that was recorded already")
    )
    who = _(", ").join(names)
    session.give(data, [told.format(count=len(chosen), amount=amount(fen_in_all), who=who)])
    return DONE


Write = Callable[[Ledger, Policy, list[Claim]], Changes]


def _step(session: Session, step: str, write: Write) -> int:
    """Record a step without amounts of all that are meant."""
    with closing(session.open()) as ledger:
        policy, found = _read(session, ledger)
        chosen = _chosen(session, found, step)
        changes = write(ledger, policy, [actions.claim(one) for one in chosen])
    return _done(session, chosen, changes, sum(one.case.due_fen for one in chosen))


def apply(session: Session) -> int:
    """Record that refunds were applied for."""
    options, on = session.options, session.date(session.options.date)
    write = partial(commands.apply, on=on, by=options.by, paper=options.paper, today=session.today)
    return _step(session, APPLIED, write)


def refuse(session: Session) -> int:
    """Record that refunds were refused."""
    on = session.date(session.options.date)
    write = partial(commands.refuse, on=on, why=session.options.why, today=session.today)
    return _step(session, REFUSED, write)


def sign(session: Session) -> int:
    """Record who signed for refunds."""
    options, on = session.options, session.date(session.options.date)
    write = partial(
        commands.sign, on=on, by=options.by, role=options.signed_as, paper=options.paper, today=session.today
    )
    return _step(session, SIGNED, write)


def undo(session: Session) -> int:
    """Take a step back, the last one where none is named."""
    with closing(session.open()) as ledger:
        policy, found = _read(session, ledger)
        chosen = _named(found.refunds, session.options.items)
        changes = Changes()
        for one in chosen:
            step = session.options.step or actions.last_step(one)
            done = commands.take_back(ledger, policy, [actions.claim(one)], step)
            changes = Changes({}, changes.oids + done.oids)
    return _done(session, chosen, changes, sum(one.case.due_fen for one in chosen))


def _amounts(session: Session, chosen: Sequence[Refund], usual: Callable[[Refund], int]) -> dict[Claim, int]:
    """How much of each: what was typed for one person, else what is usual."""
    text = session.options.amount
    if text is None:
        return {actions.claim(one): usual(one) for one in chosen}
    if len(chosen) != 1:
        raise WrongUse("use.one_amount")
    return {actions.claim(chosen[0]): fen(text)}


def received(session: Session) -> int:
    """Record one sum of finance for a list of people; it has to be what their amounts make."""
    options = session.options
    with closing(session.open()) as ledger:
        policy, found = _read(session, ledger)
        chosen = _chosen(session, found, RECEIVED)
        amounts = _amounts(session, chosen, actions.missing)
        changes = commands.receive(
            ledger, policy, amounts, fen(options.total), on=session.date(options.date), source=options.source,
            batch=options.batch, today=session.today,
        )  # fmt: skip
    return _done(session, chosen, changes, sum(amounts.values()))


def hand(session: Session) -> int:
    """Record that money was handed over, with --repay to whoever laid the premium out."""
    options = session.options
    handing = Handing(session.date(options.date), options.to, options.by, options.how, options.advanced_by)
    with closing(session.open()) as ledger:
        policy, found = _read(session, ledger)
        chosen = _chosen(session, found, HANDED)
        amounts = _amounts(session, chosen, actions.to_hand)
        repays = actions.laid_out(chosen) if options.repay else {}
        changes = commands.hand(ledger, policy, amounts, handing, today=session.today, repays=repays)
    return _done(session, chosen, changes, sum(amounts.values()))


def settle(session: Session) -> int:
    """Record that laid-out money came back: named advances, or all that somebody laid out."""
    options = session.options
    with closing(session.open()) as ledger:
        _policy, found = _read(session, ledger)
        chosen = _named(found.loans, options.items)
        chosen += [
            one for one in found.loans if options.lender and one.by == options.lender and one.advance.open_fen
        ]
        if not chosen:
            raise WrongUse("use.no_advance")
        if options.amount is not None and len(chosen) != 1:
            raise WrongUse("use.one_amount")
        given = {
            one: one.advance.open_fen if options.amount is None else fen(options.amount) for one in chosen
        }
        repaying = Repaying(session.date(options.date), options.by, options.to, options.how, options.note)
        total = fen(options.total) if options.total else None
        parts: Mapping[tuple[str, str], int] = {(one.scope, one.named): part for one, part in given.items()}
        changes = advances.settle(ledger, parts, repaying, today=session.today, total=total)
    return _done(session, list(given), changes, sum(given.values()))


def void(session: Session) -> int:
    """Take a refund (nothing came or was handed over yet) or one settlement back as a whole."""
    options = session.options
    with closing(session.open()) as ledger:
        _policy, found = _read(session, ledger)
        refunds = {one.short: one for one in found.refunds if one.recorded is not None}
        settled = {money.short_of(part): part for loan in found.loans for part in loan.settled}
        if options.item in refunds and (held := refunds[options.item].recorded) is not None:
            changes = commands.void(ledger, commands.REFUND, held.record, options.reason, held.scope)
        elif options.item in settled:
            part = settled[options.item]
            changes = commands.void(ledger, advances.SETTLEMENT, part.record, options.reason, part.scope)
        else:
            raise KnownError("money.unknown", id=options.item)
    session.give(
        {"changed": len(changes.oids), "item": options.item}, [_("{id}: taken back").format(id=options.item)]
    )
    return DONE
