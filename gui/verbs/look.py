"""Looking: people found."""

from contextlib import closing

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.verbs.who import place
from storage.queries import find as finding
from storage.queries.find import Hit


def find(session: Session) -> int:
    """Find people by whatever the box of the window takes; several words have to fit all."""
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        hits = finding.find(ledger, session.options.text)
        rows = []
        for hit in hits:
            one = place(session, ledger, policy, hit.household, hit.record)
            open_ = one.card.person.unsettled + one.household.household.unsettled if one else ()
            rows.append(_row(hit, one.row if one else None, open_))
        without = [] if hits else finding.without(ledger, session.options.text)
    if not rows:
        session.tell(_("Nobody was found."))
        for left_out in without:
            words = _("without “{word}”: {count} people")
            session.tell(words.format(word=left_out.word, count=left_out.people))
    told = [{"word": one.word, "people": one.people} for one in without]
    session.give({"people": rows, "without": told}, [_line(row) for row in rows])
    return DONE


def _row(hit: Hit, row: int | None, unsettled: tuple[str, ...]) -> dict[str, object]:
    return {
        "name": hit.name,
        "id": wording.id_number(hit.id_number),
        "household": hit.household_number,
        "row": row,
        "group": hit.group,
        "head": hit.head_name,
        "scope": hit.scope,
        "why": hit.why,
        "fits": [{"why": mark.why, "in": mark.field} for mark in hit.marks],
        "disputed": list(unsettled),
    }


def _line(row: dict[str, object]) -> str:
    where = _("household {number} row {row}").format(number=row["household"] or "—", row=row["row"] or "—")
    disputed = row["disputed"]
    assert isinstance(disputed, list)
    open_ = wording.disputed_text(disputed) if disputed else ""
    name = wording.marked(str(row["name"]), disputed, "resident.identity")
    number = wording.marked(str(row["id"]), disputed, "resident.identity")
    return " · ".join(str(part) for part in (name, number, row["group"], where, row["head"], open_) if part)
