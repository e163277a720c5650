"""Lists that come in: staged and looked at, answered, applied in one transaction, taken back; kept as sheets."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gui.i18n import _
from gui.ops import ChangeOp, QueryOp, Task, TaskOp
from gui.wording.listed import ROSTER, Alias, Choice, KeptRow, Sheet, kept_row
from storage import policies
from storage.commands import exports
from storage.commands import lists as taking
from storage.commands.lists import Reverted
from storage.errors import KnownError
from storage.ledger import Changes, Ledger
from storage.operators import RECORD
from storage.queries import find, villages
from storage.queries import taken as log
from storage.queries.find import Hit
from storage.queries.people import names as names_of
from storage.queries.taken import Taken
from sync.intake import roster, words
from sync.intake.results import Listed, Reason, Row
from sync.intake.roster import Preview
from sync.sheets.columns import plain

_IS_ROSTER = "intake.is_roster"
_FOUND = 30
"""People a search by hand shows."""
Words = tuple[list[Alias], dict[tuple[str, str], str]]
"""What words mean, and what they can mean: (vocabulary, code) → name."""


@dataclass(frozen=True, slots=True)
class Held:
    """A staged file: what it would do, and what works that out (a list's Staged, a roster's Preview)."""

    listed: Listed
    staged: Any


def stage(path: Path, choice: Choice) -> TaskOp[Held]:
    """Read a file and work out what it would change, touching nothing."""
    return TaskOp(lambda ledger, task: staged(ledger, path, choice, task.stopped))


def staged(ledger: Ledger, path: Path, choice: Choice, stopped: Callable[[], bool]) -> Held:
    """The same at once; a village register goes its own way. Raises KnownError sheet.*, intake.*, list.*."""
    from sync.intake import lists

    if choice.kind != ROSTER:
        try:
            found = lists.stage(
                ledger, path, kind=choice.kind, source=choice.source, year=choice.year, scope=choice.scope,
                mapping=choice.mapping, cancelled=stopped,
            )  # fmt: skip
            return Held(found.listed, found)
        except KnownError as error:
            if error.code != _IS_ROSTER:
                raise
    preview = roster.stage(
        ledger, path, scope=choice.scope, kind=choice.kind, mapping=choice.mapping, cancelled=stopped
    )
    return Held(listed_of(preview), preview)


def listed_of(preview: Preview) -> Listed:
    """A roster's preview as other lists are shown; rows with a doubt are told apart from what rows do."""
    rows = tuple(
        Row(
            key, one.sheet, one.row, one.name, one.id_text, "", {}, one.status,  # type: ignore[arg-type]
            changes=one.changes,
            doubts=tuple(Reason(code) for code in one.reasons),
        )
        for key, one in enumerate(preview.rows)
    )  # fmt: skip
    statuses = Counter[str](row.status for row in rows)
    counts: dict[str, int] = {"rows": len(rows), **statuses, "skipped": len(preview.skipped)}
    return Listed(
        preview.file, preview.digest, ROSTER, "", 0, "good_rows", preview.tables, rows, preview.skipped, counts,
        notes=preview.notes,
    )  # fmt: skip


# ---- answering


def answer(held: Any, answers: Mapping[int, str | None]) -> TaskOp[Listed]:
    """Say who is meant by rows: "scope/record", "" for nobody here, None takes an answer back."""

    def do(ledger: Ledger, _task: Task) -> Listed:
        back = [key for key, who in answers.items() if who is None]
        said = {key: who for key, who in answers.items() if who is not None}
        if back:
            held.unanswer(ledger, back)
        if said:
            held.answer(ledger, said)
        listed: Listed = held.listed
        return listed

    return TaskOp(do)


def name_words(held: Any, words: Mapping[str, str]) -> TaskOp[Listed]:
    """Say what words of a list mean; "" means nothing for us. It is kept for the next lists."""
    return TaskOp(lambda ledger, _task: held.name_words(ledger, dict(words)))


def meanings(held: Any) -> Mapping[str, str]:
    """What a word of this list can mean: code → name."""
    found: Mapping[str, str] = held.meanings()
    return found


# ---- writing and taking back


@dataclass(frozen=True, slots=True)
class Written:
    """A list that was written: its line in the log (0 where it has none) and the changes."""

    number: int
    changes: Changes


def apply(
    held: Any,
    told: str,
    *,
    removals: frozenset[tuple[str, str]] = frozenset(),
    corrections: frozenset[int] = frozenset(),
) -> ChangeOp[Written]:
    """Write a staged list with the removals and corrections somebody agreed to."""

    def do(ledger: Ledger, _task: Task) -> Written:
        return written(ledger, held, removals=removals, corrections=corrections)

    return ChangeOp(do, told, undoable=False, changes=lambda done: done.changes)


def written(
    ledger: Ledger,
    held: Any,
    *,
    removals: frozenset[tuple[str, str]] = frozenset(),
    corrections: frozenset[int] = frozenset(),
) -> Written:
    """The same at once."""
    from sync.intake import lists

    if isinstance(held, Preview):
        applied = roster.apply(ledger, held)
        return Written(applied.number, applied.changes)
    done = lists.apply(ledger, held, removals=removals, corrections=corrections)
    return Written(done.number, done.changes)


def foreseen(number: int) -> QueryOp[Reverted]:
    """What taking a list back would do."""
    return QueryOp(lambda ledger: taking.foresee(ledger, number))


def revert(number: int, told: str) -> ChangeOp[tuple[Reverted, Changes]]:
    """Take a list back; what was changed since stays."""
    return ChangeOp(
        lambda ledger, _task: taking.revert(ledger, number),
        told,
        undoable=False,
        changes=lambda done: done[1],
    )


def taken() -> QueryOp[list[Taken]]:
    """The log of lists taken over, the newest first."""
    return QueryOp(log.lists, slot="taken")


def kept_rows(number: int) -> QueryOp[list[KeptRow]]:
    """The rows of a list as they were kept."""

    def ask(ledger: Ledger) -> list[KeptRow]:
        notes = log.rows_of(ledger, number)
        names = names_of(ledger, sorted({note.record for note in notes if note.record}))
        return [kept_row(at, note, names.get(note.record, "")) for at, note in enumerate(notes)]

    return QueryOp(ask, slot="kept_rows")


# ---- words


def aliases() -> QueryOp[Words]:
    """What words of lists mean, and what they can mean."""
    return QueryOp(words_now, slot="aliases")


def set_alias(vocabulary: str, word: str, code: str | None) -> TaskOp[Words]:
    """Say what a word means from now on ("" nothing for us); None forgets it."""

    def do(ledger: Ledger, _task: Task) -> Words:
        ledger.require(RECORD)
        if code is None:
            taking.remove_alias(ledger, vocabulary, word)
        else:
            taking.set_alias(ledger, vocabulary, plain(word), code)
        return words_now(ledger)

    return TaskOp(do)


def words_now(ledger: Ledger) -> Words:
    """The same at once."""
    policy = policies.in_force(ledger).policy
    meanings = {("group", group.code): group.name for group in policy.groups}
    meanings[("group", "")] = _("nothing for us")
    meanings |= {("channel", channel.code): channel.name for channel in policy.channels}
    found = [
        Alias(vocabulary, word, code, meanings.get((vocabulary, code), code))
        for (vocabulary, word), code in words.load(ledger.connection).own.items()
    ]
    return sorted(found, key=lambda one: (one.vocabulary, one.word)), meanings


# ---- people


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody of the register found by hand, with the title of their village."""

    hit: Hit
    village: str


def people(text: str) -> QueryOp[list[Found]]:
    """People of the register by name, pinyin initials, end of the number or household."""

    def ask(ledger: Ledger) -> list[Found]:
        titles = villages.titles(ledger) if ledger.is_office else {}
        return [Found(hit, titles.get(hit.scope, "")) for hit in find.find(ledger, text, limit=_FOUND)]

    return QueryOp(ask, slot="intake_people")


# ---- sheets


def save(path: Path, sheet: Sheet, *, what: str, masked: bool) -> TaskOp[Path]:
    """Write a table as xlsx and note it in the log of exports."""

    def do(ledger: Ledger, task: Task) -> Path:
        save_now(ledger, path, sheet, what=what, masked=masked)
        return path

    return TaskOp(do)


def save_now(ledger: Ledger, path: Path, sheet: Sheet, *, what: str, masked: bool) -> None:
    """The same at once. Raises KnownError file.not_written, file.open_elsewhere."""
    from sync.reports.xlsx import ColumnSpec, write_table

    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [ColumnSpec(title, width) for title, width in sheet.columns]
    count = write_table(path, sheet.title, columns, sheet.rows)
    exports.note(ledger, what, path, rows=count, masked=masked)
