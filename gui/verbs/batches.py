"""What was handed out to be filled in: listed, recorded, taken back."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.wording import batches as words
from gui.wording.units import number
from storage.batches import Handed
from storage.commands import batches
from storage.errors import RuleViolation
from storage.ledger import Changes, Ledger
from storage.places import under
from storage.queries import batches as asked
from storage.queries.batches import Batch

HANDLE = 8
"""So many characters of a record name a batch."""


def listed(session: Session) -> int:
    """List who owes what, the most pressing first; all of it, or as a reminder, where that is asked for."""
    options = session.options
    with closing(session.open()) as ledger:
        found = [
            one
            for one in asked.load(ledger)
            if not options.village or under(one.handed.place, options.village)
        ]
    owing = asked.owing(found, session.today)
    shown = owing if not options.all else [*owing, *(one for one in found if not one.out)]
    data = {
        "batches": [_told(one, session) for one in shown],
        "owing": len(owing),
        "people": sum(one.out for one in owing),
        "late": sum(one.late(session.today) > 0 for one in owing),
    }
    lines = (
        [words.reminder(owing, session.today)] if options.reminder else [_line(one, session) for one in shown]
    )
    session.give(data, lines)
    return DONE


def hand(session: Session) -> int:
    """Record that something was handed out."""
    options = session.options
    with closing(session.open()) as ledger:
        handed = Handed(
            options.sort,
            options.title,
            options.village or ledger.profile.scope,
            options.people,
            session.date(options.on),
            session.date(options.due) if options.due else None,
        )
        record, _changes = batches.hand_out(
            ledger, handed, today=session.today, holder=options.holder, phone=options.phone
        )
        one = _of(ledger, record)
    session.give(_told(one, session), [_line(one, session)])
    return DONE


def hold(session: Session) -> int:
    """Record who has it."""
    options = session.options
    return _about(
        session,
        lambda ledger, one, known: batches.hold(
            ledger, one.record, options.holder, options.phone, known=known
        ),
    )


def back(session: Session) -> int:
    """Record for how many people it came back."""
    options = session.options
    on, today = session.date(options.on), session.today
    return _about(
        session,
        lambda ledger, one, known: batches.returned(
            ledger, one.record, options.people, on=on, today=today, note=options.note, known=known
        ),
    )


def close(session: Session) -> int:
    """Record that the rest is no longer expected, or that it is again."""
    options = session.options
    return _about(
        session,
        lambda ledger, one, known: batches.take_back(
            ledger, one.record, "" if options.reopen else options.why, today=session.today, known=known
        ),
    )


def _about(session: Session, write: Callable[[Ledger, Batch, Handed | None], Changes]) -> int:
    with closing(session.open()) as ledger:
        one = _of(ledger, session.options.batch)
        changes = write(ledger, one, one.handed if one.handed.of else None)
        one = _of(ledger, one.record)
    session.give({**_told(one, session), "changed": len(changes.oids)}, [_line(one, session)])
    return DONE


def _of(ledger: Ledger, handle: str) -> Batch:
    """Return the batch a handle names; raises RuleViolation batch.unknown, batch.several."""
    found = asked.find(asked.load(ledger), handle)
    if not found:
        raise RuleViolation("batch.unknown", field="batch")
    if len(found) > 1:
        raise RuleViolation("batch.several", field="batch", count=len(found))
    return found[0]


def _told(one: Batch, session: Session) -> dict[str, Any]:
    return {
        "handle": one.record[:HANDLE],
        "sort": one.handed.sort,
        "number": one.number,
        "title": one.handed.title,
        "scope": one.handed.place,
        "place": one.place,
        "holder": one.holder,
        "phone": one.phone,
        "people": one.handed.people,
        "returned": one.returned,
        "out": one.out,
        "state": one.state,
        "handed_on": one.handed.on,
        "due_on": one.handed.due,
        "days": one.age(session.today),
        "late": one.late(session.today),
        "closed": one.closed,
        "note": one.note,
    }


def _line(one: Batch, session: Session) -> str:
    counts = _("{out} of {people} people not back").format(
        out=number(one.out), people=number(one.handed.people)
    )
    parts = [
        one.record[:HANDLE],
        one.place,
        words.title(one),
        counts,
        words.state(one),
        words.age(one, session.today) if one.out else "",
        one.holder,
    ]
    return " · ".join(part for part in parts if part)
