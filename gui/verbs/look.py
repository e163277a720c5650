"""Looking: the ledger checked through and through, and people found."""

from contextlib import closing

from gui import wording
from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session, policy_of
from gui.verbs.who import place
from storage import checking
from storage.queries import find as finding
from storage.queries.find import Hit


def check(session: Session) -> int:
    """Check pages, log and derived tables; exit 3 where something is wrong. Repairs nothing."""
    with closing(session.open()) as ledger:
        report = checking.check(ledger)
    findings = [
        {"code": found.code, "sentence": sentence_for(found.code, found.params), "params": found.params}
        for found in report.findings
    ]
    data = {
        "ok": report.sound,
        "pages": report.pages,
        "operations": report.operations,
        "streams": report.streams,
        "rows": report.rows,
        "findings": findings,
    }
    told = _("{pages} pages, {operations} entries, {rows} derived rows checked").format(
        pages=report.pages, operations=report.operations, rows=report.rows
    )
    end = _("all is well") if report.sound else _("{count} things are wrong").format(count=len(findings))
    session.give(data, [*(str(one["sentence"]) for one in findings), f"{told}: {end}"])
    return DONE if report.sound else REFUSED


def find(session: Session) -> int:
    """Find people by name, initials, end of ID number or phone, or household number."""
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        hits = finding.find(ledger, session.options.text)
        rows = []
        for hit in hits:
            one = place(session, ledger, policy, hit.household, hit.record)
            open_ = one.card.person.unsettled + one.household.household.unsettled if one else ()
            rows.append(_row(hit, one.row if one else None, open_))
    if not rows:
        session.tell(_("Nobody was found."))
    session.give({"people": rows}, [_line(row) for row in rows])
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
