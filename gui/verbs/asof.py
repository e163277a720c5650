"""The moment a report is asked for: a day, a time of day, or the one at which a bulletin was issued."""

import re
from datetime import date, datetime, time, timedelta

from gui.i18n import _
from gui.verbs.session import Session, WrongUse
from storage import asof
from storage.ledger import Ledger
from storage.queries import bulletins

_ISSUE = re.compile(r"(?:bulletin[:：]|第)\s*(\d{1,4}(?:-[0-9a-f]+)?)期?")


def past(session: Session, ledger: Ledger, text: str) -> asof.Past:
    """Return the ledger as it stood at the moment somebody typed; it closes the present one with itself.

    A day means its end, today's the present. Raises WrongUse use.moment; KnownError asof.*, bulletin.*.
    """
    issue = _ISSUE.fullmatch(text.strip())
    if issue:
        found = bulletins.find(ledger, issue[1], session.options.insured_year)
        made = bulletins.past(ledger, found).ledger.owning()
    else:
        made = asof.at(ledger, _moment(session, text.strip()), owned=True)
    moment = datetime.fromtimestamp(made.clock.now_ms() / 1000).astimezone()
    session.tell(_("As the ledger stood on {moment}.").format(moment=moment.isoformat(" ", "seconds")[:19]))
    return made


def _moment(session: Session, text: str) -> datetime:
    try:
        if "T" not in text and " " not in text and ":" not in text:
            day = date.fromisoformat(text)
            return _end(session, day)
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise WrongUse("use.moment", text=text) from error


def _end(session: Session, day: date) -> datetime:
    """The end of a day, of today the moment it is."""
    if day == session.today:
        return datetime.fromtimestamp(session.clock.now_ms() / 1000).astimezone()
    return datetime.combine(day + timedelta(days=1), time()).astimezone() - timedelta(milliseconds=1)
