"""Printed lists that come back, entered without a window."""

from contextlib import closing

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import with_qt
from gui.verbs.record import choice
from gui.verbs.session import Session, WrongUse, policy_of
from storage.commands import returns
from storage.commands.payments import Payment
from storage.commands.returns import Ticks
from storage.errors import KnownError, RuleViolation
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.printed import SheetCode, parse
from storage.queries import returns as asked
from storage.queries.returns import Printed, Row


def papers(session: Session) -> int:
    """List the printed lists; of one its rows, or close it."""
    options = session.options
    with closing(session.open()) as ledger:
        code = _code(session, ledger)
        found = asked.lists(ledger, ledger.profile.scope)
        if code is None:
            data = {"lists": [_told(one) for one in found], "out": sum(one.out for one in found)}
            session.give(data, [_line(one) for one in found])
            return DONE
        sheet = _meant(found, code)
        if options.close or options.reopen:
            returns.close(ledger, sheet.record, options.close or "", today=session.today)
            sheet = _meant(asked.lists(ledger, ledger.profile.scope), code)
        rows = asked.rows(ledger, policy_of(ledger), sheet.scope, sheet.record, session.today)
    data = {**_told(sheet), "rows": [_told_row(row) for row in rows]}
    out = [row for row in rows if row.visit is None and not sheet.closed]
    session.give(data, [_line(sheet), *(_row_line(row) for row in out)])
    return DONE


def returned(session: Session) -> int:
    """Enter what stands in one row."""
    options = session.options
    with closing(session.open()) as ledger:
        code = _code(session, ledger)
        if code is None:
            raise WrongUse("use.which_list")
        policy = policy_of(ledger)
        sheet = _meant(asked.lists(ledger, ledger.profile.scope), code)
        number = options.row if options.row is not None else code.row
        rows = asked.rows(ledger, policy, sheet.scope, sheet.record, session.today)
        if not 1 <= number <= len(rows):
            raise RuleViolation("returns.row", field="row", row=number, rows=len(rows))
        row, on = rows[number - 1], session.date(options.date)
        if row.card is None:
            raise RuleViolation("returns.nobody", field="row")
        ticks = _ticks(session, policy, row)
        changes = returns.enter(ledger, sheet.record, number, ticks, on=on, today=session.today)
        sheet = _meant(asked.lists(ledger, ledger.profile.scope), code)
    entries = len(changes.oids)
    data = {**_told(sheet), "row": number, "name": row.card.person.name, "changed": entries}
    told = _("{who}: recorded") if entries else _("{who}: that was recorded already")
    session.give(data, [told.format(who=row.card.person.name), _line(sheet)])
    return DONE


def _ticks(session: Session, policy: Policy, row: Row) -> Ticks:
    options = session.options
    assert row.card is not None
    paid = None
    if options.paid:
        due = row.card.due.pay_now_fen
        if not due:
            raise KnownError("payment.nothing_due", name=row.card.person.name)
        channel = choice(policy.channels, options.channel)
        paid = Payment(due, session.date(options.date), channel, advanced_by=options.advanced_by)
    return Ticks(
        paid=paid,
        credential=row.way(policy, session.today) if options.credential else "",
        help=choice(policy.assistance_reasons, options.help_needed),
        refused=options.refused,
        absent=options.absent,
        retry_on=session.date(options.retry) if options.retry else None,
        note=options.note,
    )


def _code(session: Session, ledger: Ledger) -> SheetCode | None:
    """Return which list is meant: by its number, its code or a photograph; None where none is named."""
    options = session.options
    if options.picture is not None:
        application = with_qt()  # held while the picture is read
        from gui.reading_codes import codes_in

        found = codes_in(options.picture)[0]
        del application
        return found
    if not options.list:
        return None
    text = options.list.strip()
    if text.isascii() and text.isdecimal():
        return SheetCode(ledger.profile.scope, int(text))
    code = parse(text)
    if code is None:
        raise WrongUse("use.which_list")
    return code


def _meant(found: list[Printed], code: SheetCode) -> Printed:
    meant = asked.meant(found, code)
    if len(meant) != 1:
        raise KnownError("returns.several" if meant else "returns.unknown", number=code.number)
    return meant[0]


def _told(one: Printed) -> dict[str, object]:
    return {
        "list": one.number,
        "printed_on": one.printed_on,
        "filter": one.filter,
        "rows": one.rows,
        "returned": one.returned,
        "out": one.out,
        "closed": one.closed,
    }


def _told_row(row: Row) -> dict[str, object]:
    return {
        "row": row.number,
        "name": row.card.person.name if row.card else "",
        "returned": row.visit is not None,
        "outcome": row.visit.outcome if row.visit else "",
        "retry_on": row.visit.retry_on if row.visit else None,
    }


def _line(one: Printed) -> str:
    if one.closed:
        text = _("list {number}: {done} of {rows} rows, the rest does not come back: {why}")
    else:
        text = _("list {number}: {done} of {rows} rows, {out} not returned")
    return text.format(number=one.number, done=one.returned, rows=one.rows, out=one.out, why=one.closed)


def _row_line(row: Row) -> str:
    name = row.card.person.name if row.card else _("no longer in the ledger")
    return _("row {row}: {name}").format(row=row.number, name=name)
