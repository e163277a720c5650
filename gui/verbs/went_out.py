"""What left the ledger, without a window."""

from contextlib import closing

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.wording import units, went_out
from storage.queries import exported


def log(session: Session) -> int:
    """List every file, sheet and text that went out, the newest first."""
    from sync.reports.forms import forms_for  # with the writers' libraries

    with closing(session.open()) as ledger:
        found = exported.lines(ledger, session.options.most)
        forms = {form.code: form.title for form in forms_for(ledger)}
    data = [
        {
            "at": line.at.isoformat(),
            "who": line.who,
            "what": line.what,
            "title": went_out.what_text(line, forms),
            "file": line.name,
            "people": line.rows,
            "masked": line.masked,
            "why": line.why,
            "village": line.scope,
        }
        for line in found
    ]
    words = _("{at} {who}: {what}, {people} people, {numbers} ({file}) {why}")
    lines = [
        words.format(
            at=units.moment(line.at, session.today),
            who=line.who,
            what=went_out.what_text(line, forms),
            people=line.rows,
            numbers=went_out.numbers_text(line),
            file=line.name,
            why=line.why,
        ).strip()
        for line in found
    ]
    session.give({"exports": data}, lines)
    return DONE
