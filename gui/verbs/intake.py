"""Importing lists of any kind: look, then apply; a refused file stops no other."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from gui import wording
from gui.actions import intake as actions
from gui.actions.intake import Held
from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session, WrongUse, policy_of, refusal
from gui.wording import listed as lists_in
from gui.wording import matching, names
from gui.wording.listed import ROSTER, Choice
from storage.commands import lists as taking
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy import mask
from storage.policy.model import Policy
from sync.intake import roster
from sync.intake import words as words_of
from sync.intake.planning import RowResult
from sync.intake.results import STATUSES, Candidate, FieldChange, Listed, Reason, Row
from sync.intake.roster import Preview
from sync.reports import lists
from sync.sheets.columns import plain
from sync.sheets.header import Table
from sync.sheets.kinds import department_names, kind_names

File = dict[str, Any]
_MASKS = {"id_number": mask.id_number, "phone": mask.phone}


def intake(session: Session) -> int:
    """Import each file in a transaction of its own."""
    options = session.options
    for given, choices in ((options.kind, kind_names()), (options.source, department_names())):
        if given and given not in choices:
            raise WrongUse("use.no_choice", text=given, choices=choices)
    if options.result is not None and options.result.suffix.lower() != ".xlsx":
        raise WrongUse("use.ending", path=options.result, choices=(".xlsx",))
    answers = _read_answers(options.answers)
    with closing(session.open()) as ledger:
        if options.village or not ledger.is_office:
            roster.village_scope(ledger, options.village)
        work = _Work(session, ledger, answers)
        files = [work.take(path) for path in options.files]
        if options.result is not None:
            work.write_result(options.result)
    data = {"dry_run": options.dry_run, "files": files, "result": options.result}
    session.give(data, [_line(file) for file in files if "counts" in file])
    return REFUSED if any(file["outcome"] == "refused" or file.get("blocked") for file in files) else DONE


def _read_answers(path: Path | None) -> Mapping[str, Any]:
    """Who rows mean and what words mean: {"rows": {key: "scope/record" or ""}, "words": {word: code}}."""
    if path is None:
        return {}
    import msgspec

    try:
        found = msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
        rows = {int(key): who for key, who in found.get("rows", {}).items()}
    except OSError as error:
        raise KnownError("file.unreadable", file=path.name) from error
    except (msgspec.DecodeError, ValueError) as error:
        raise WrongUse("use.answers", file=path.name) from error
    if found.keys() - {"rows", "words"}:
        raise WrongUse("use.answers", file=path.name)
    return {"rows": rows, "words": found.get("words", {})}


class _Work:
    """The files of one call against one ledger."""

    def __init__(self, session: Session, ledger: Ledger, answers: Mapping[str, Any]) -> None:
        self._session = session
        self._ledger = ledger
        self._answers = answers
        self._policy = policy_of(ledger)
        self._done: list[tuple[str, Held]] = []

    def take(self, path: Path) -> File:
        """Stage a file, answer what was answered beforehand, write it unless it is only looked at."""
        options = self._session.options
        choice = Choice(options.kind, options.source, options.year or 0, options.village)
        try:
            held = actions.staged(self._ledger, path, choice, lambda: False)
            if held.listed.kind != ROSTER:
                held = self._answered(held)
            told = self._told(held, "preview" if options.dry_run else "applied")
            if not options.dry_run:
                told["number"] = self._write(held)
        except KnownError as error:
            # Wrong use ends the call, unless something was written by it already.
            if error.code == "intake.needs_village" and not self._done:
                raise WrongUse("use.village_needed") from error
            if isinstance(error, WrongUse) and not self._done:
                raise
            return self._refused(path, error)
        self._done.append((path.name, held))
        for note in told["notes"]:
            self._session.tell(f"{path.name}: {note}")
        return told

    def _answered(self, held: Held) -> Held:
        """Lay answers over a list; what a word means is kept in the ledger, unless it is only looked at."""
        staged, listed = held.staged, held.listed
        if words := self._answers.get("words"):
            if unknown := set(words.values()) - {"", *actions.meanings(staged)}:
                raise WrongUse("use.no_choice", text=min(unknown), choices=tuple(actions.meanings(staged)))
            before = words_of.load(self._ledger.connection).own
            listed = staged.name_words(self._ledger, dict(words))
            if self._session.options.dry_run:
                self._forget(words, before)
        if rows := self._answers.get("rows"):
            keys = {row.key for row in listed.rows}
            if rows.keys() - keys:
                raise WrongUse("use.no_row", row=min(rows.keys() - keys))
            listed = staged.answer(self._ledger, dict(rows))
        return Held(listed, staged)

    def _forget(self, words: Mapping[str, str], before: Mapping[tuple[str, str], str]) -> None:
        """Put back what was known of words before."""
        for word in words:
            key = (words_of.GROUP, plain(word))
            if key in before:
                taking.set_alias(self._ledger, *key, before[key])
            else:
                taking.remove_alias(self._ledger, *key)

    def _write(self, held: Held) -> int:
        options, listed = self._session.options, held.listed
        removals = listed.removals if options.accept_removals else ()
        corrections = listed.corrections if options.accept_corrections else ()
        done = actions.written(
            self._ledger,
            held.staged,
            removals=frozenset((one.scope, one.record) for one in removals),
            corrections=frozenset(one.key for one in corrections),
        )
        return done.number

    def _refused(self, path: Path, error: KnownError) -> File:
        told = refusal(error)
        self._session.tell(str(told["sentence"]))
        return {"file": path.name, "outcome": "refused", **told}

    def _told(self, held: Held, outcome: str) -> File:
        if isinstance(held.staged, Preview):
            return _roster(held.staged, outcome)
        return _list(held.listed, self._policy, outcome)

    def write_result(self, path: Path) -> None:
        """Write what became of each row as a sheet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        title = _("Result of the import")
        if all(isinstance(held.staged, Preview) for _name, held in self._done):
            results = [(name, row) for name, held in self._done for row in held.staged.rows]
            lists.intake_results(path, title, results, wording.doubt_text)
            return
        rows = [row for _name, held in self._done for row in held.listed.rows]
        sheet = lists_in.rows_sheet(title, rows, self._policy, masked=True)
        actions.save_now(self._ledger, path, sheet, what="intake_rows", masked=True)


# ---- rosters


def _roster(preview: Preview, outcome: str) -> File:
    return {
        "file": preview.file,
        "outcome": outcome,
        "kind": preview.kind,
        "village": preview.scope,
        "counts": preview.counts,
        "columns": _columns(preview.tables),
        "notes": [sentence_for(note.code, note.params) for note in preview.notes],
        "rows": [_row(row) for row in preview.rows],
    }


def _columns(tables: tuple[Table, ...]) -> list[dict[str, object]]:
    """Which column of which sheet was taken for what."""
    return [
        {
            "sheet": table.sheet.name,
            "header_row": table.header_row,
            "title": column.title,
            "field": column.field,
        }
        for table in tables
        for column in table.columns
        if column.title
    ]


def _row(row: RowResult) -> dict[str, object]:
    """What became of one row: added, known or changed, and what about it waits for a person."""
    return {
        "sheet": row.sheet,
        "row": row.row,
        "name": row.name,
        "id": wording.id_number(row.id_text) if row.id_text else "",
        "status": row.status,
        "reasons": row.reasons,
        "sentence": _("; ").join(wording.doubt_text(code) for code in row.reasons),
    }


# ---- other lists


def _list(listed: Listed, policy: Policy, outcome: str) -> File:
    return {
        "file": listed.file,
        "outcome": outcome,
        "kind": listed.kind,
        "source": listed.source,
        "year": listed.year,
        "rule": listed.rule,
        "counts": listed.counts,
        "columns": _columns(listed.tables),
        "notes": [sentence_for(note.code, note.params) for note in listed.notes],
        "rows": [_listed_row(row, policy) for row in listed.rows],
        "skipped": [{"sheet": sheet, "row": row.row_number, "why": row.why} for sheet, row in listed.skipped],
        "unmapped": listed.unmapped,
        "removals": [
            {
                **_who(one.scope, one.record, one.name, one.id_number),
                "village": one.village,
                "loses": one.what,
            }
            for one in listed.removals
        ],
        "corrections": [
            {
                "key": one.key,
                **_who(one.scope, one.record, one.name, one.old),
                "new": wording.id_number(one.new),
                "why": [reason.code for reason in one.why],
                "sentence": matching.doubts_text(one.why),
            }
            for one in listed.corrections
        ],
        "missing": [
            {
                **_who(one.scope, one.record, one.name, one.id_number),
                "paid_on": one.paid_on,
                "late": one.days_late,
            }
            for one in listed.missing
        ],
        "warnings": [
            {"code": one.code, "params": dict(one.params), "sentence": matching.warning_text(one)}
            for one in listed.warnings
        ],
        "blocked": listed.blocked,
        "blocked_sentence": lists_in.blocked_text(listed),
    }


def _listed_row(row: Row, policy: Policy) -> dict[str, object]:
    """A row: what became of it, whom it means and why, what it changes; numbers are masked."""
    person = lists_in.meant(row)
    others = row.candidates[1:] if person else row.candidates
    why = person.why if person else ()
    return {
        "key": row.key,
        "sheet": row.sheet,
        "line": row.line,
        "name": row.name,
        "id": wording.id_number(row.id_text) if row.id_text else "",
        "village": row.village,
        "status": row.status,
        "answered": row.answered,
        "person": _candidate(person, row) if person else None,
        "score": person.score if person else 0,
        "candidates": [_candidate(one, row) for one in others],
        "why": [_reason(one) for one in why],
        "doubts": [_reason(one) for one in row.doubts],
        "sentence": _("; ").join(
            part
            for part in (matching.why_text(row, person) if person else "", matching.doubts_text(row.doubts))
            if part
        ),
        "changes": [_change(one) for one in row.changes],
        "changes_sentence": matching.changes_text(policy, row.changes),
    }


def _who(scope: str, record: str, name: str, number: str) -> dict[str, object]:
    return {"scope": scope, "record": record, "name": name, "id": wording.id_number(number) if number else ""}


def _candidate(one: Candidate, row: Row) -> dict[str, object]:
    return {
        **_who(one.scope, one.record, one.name, one.id_number),
        "village": one.village,
        "head": one.head_name,
        "score": one.score,
        "why": [_reason(reason) for reason in one.why],
        "sentence": matching.why_text(row, one),
    }


def _reason(reason: Reason) -> dict[str, object]:
    """A reason with what it speaks of; a number it names is masked."""
    params = {
        name: mask.id_number(str(value)) if name == "number" else value
        for name, value in reason.params.items()
    }
    return {"code": reason.code, "params": params}


def _change(one: FieldChange) -> dict[str, object]:
    hide = _MASKS.get(one.field, lambda text: text)
    old, new = (hide(value) if isinstance(value, str) else value for value in (one.old, one.new))
    return {"kind": one.kind, "register": one.register, "field": one.field, "old": old, "new": new}


def _line(file: File) -> str:
    counts = file["counts"]
    if file["kind"] == ROSTER:
        text = _(
            "{file}: {rows} people, {added} added, {known} known, {changed} changed, {review} to review, "
            "{skipped} other rows"
        )
        return text.format(file=file["file"], **counts)
    whose = names.department(file["source"]) if file["source"] else ""
    what = " ".join(part for part in (names.list_kind(file["kind"]), whose, str(file["year"])) if part)
    told = [f"{matching.status_text(code)} {counts[code]}" for code in ("rows", *STATUSES)]
    if file["blocked"]:
        told.append(str(file["blocked_sentence"]))
    return f"{file['file']} ({what}): {wording.units.listed(told)}"
