"""Lists taken over before: the log, taking one back, what the words of lists mean."""

from contextlib import closing
from datetime import date

from gui import wording
from gui.actions import intake as actions
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import listed, matching, names
from storage import operators
from storage.commands import lists as taking
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import taken
from storage.queries.taken import Taken
from sync.intake.results import STATUSES
from sync.sheets.columns import plain

_NOTHING = "-"
"""Typed for a word that means nothing for us."""


def log(session: Session) -> int:
    """List the lists taken over, the rows kept of one, or take one back."""
    options = session.options
    if options.revert is not None and options.rows is not None:
        raise WrongUse("use.revert_or_rows")
    with closing(session.open()) as ledger:
        if options.revert is not None:
            return _revert(session, ledger, options.revert)
        if options.rows is not None:
            return _rows(session, ledger, options.rows)
        found = taken.lists(ledger)
    session.give({"lists": [_told(one) for one in found]}, [_line(one, session.today) for one in found])
    return DONE


def _told(one: Taken) -> dict[str, object]:
    return {
        "number": one.number,
        "at": one.at,
        "who": one.who,
        "file": one.file,
        "kind": one.kind,
        "source": one.source,
        "year": one.year,
        "scope": one.scope,
        "counts": one.counts,
        "operations": one.operations,
        "reverted_at": one.reverted_at,
        "reverted_by": one.reverted_by,
    }


def _line(one: Taken, today: date) -> str:
    what = [names.list_kind(one.kind), names.department(one.source) if one.source else ""]
    what.append(str(one.year) if one.year else "")
    told = [f"{matching.status_text(code)} {one.counts[code]}" for code in STATUSES if one.counts.get(code)]
    back = _("taken back by {who}").format(who=one.reverted_by) if one.reverted_at else ""
    parts = [" ".join(part for part in what if part), *told, back]
    return f"{one.number}  {one.at[:10]}  {one.who}  {one.file}: {wording.units.listed(parts)}"


def _revert(session: Session, ledger: Ledger, number: int) -> int:
    dry = session.options.dry_run
    done = taking.foresee(ledger, number) if dry else taking.revert(ledger, number)[0]
    data = {
        "number": number,
        "dry_run": dry,
        "restored": done.restored,
        "kept": [
            {
                "scope": one.scope,
                "kind": one.kind,
                "record": one.record,
                "register": one.register,
                "why": one.why,
            }
            for one in done.kept
        ],
    }
    session.give(data, [listed.foreseen_text(done) if dry else listed.reverted_text(done)])
    return DONE


def _rows(session: Session, ledger: Ledger, number: int) -> int:
    if not any(one.number == number for one in taken.lists(ledger)):
        raise KnownError("list.unknown", number=number)
    rows = actions.kept_rows(number).ask(ledger)
    data = [
        {
            "sheet": row.sheet,
            "line": row.line,
            "status": row.status,
            "name": row.said.get("name", ""),
            "id": wording.id_number(row.said["id"]) if row.said.get("id") else "",
            "village": row.said.get("village", ""),
            "person": row.person,
            "score": row.score,
            "why": row.why,
            "sentence": listed.why_text(row),
        }
        for row in rows
    ]
    lines = [
        f"{one['line']}  {matching.status_text(str(one['status']))}  {one['name'] or one['person']}  {one['sentence']}"
        for one in data
    ]
    session.give({"number": number, "rows": data}, lines)
    return DONE


def words(session: Session) -> int:
    """Show what words of lists mean, or say what one means."""
    options = session.options
    if (options.word is None) != (options.code is None and not options.forget):
        raise WrongUse("use.word_and_code")
    with closing(session.open()) as ledger:
        if options.word is not None:
            _set(ledger, options.vocabulary, options.word, None if options.forget else options.code)
        aliases, meanings = actions.words_now(ledger)
    found = [
        {"vocabulary": one.vocabulary, "word": one.word, "code": one.code, "meaning": one.name}
        for one in aliases
    ]
    choices = [{"vocabulary": key[0], "code": key[1], "meaning": name} for key, name in meanings.items()]
    lines = [f"{one.word} → {one.name}" for one in aliases]
    session.give({"words": found, "meanings": choices}, lines)
    return DONE


def _set(ledger: Ledger, vocabulary: str, word: str, code: str | None) -> None:
    ledger.require(operators.RECORD)
    code = "" if code == _NOTHING else code
    if code is None:
        taking.remove_alias(ledger, vocabulary, plain(word))
        return
    codes = tuple(key[1] for key in actions.words_now(ledger)[1] if key[0] == vocabulary)
    if code not in codes:
        raise WrongUse("use.no_choice", text=code, choices=tuple(one for one in codes if one))
    taking.set_alias(ledger, vocabulary, plain(word), code)
