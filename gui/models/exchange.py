"""What went out and came in, as tables; what just came in, in a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from gui import wording
from gui.actions.exchange import Received
from gui.i18n import _
from gui.models import preview
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import receiving
from gui.wording.delivery import receipt_text
from gui.wording.units import number
from storage.queries.villages import BundleRow
from sync.exchange import Fate
from sync.sessions import Line, Session

Entry = TypeVar("Entry", bound=Fate | Line)
_READ = ("applied", "known")
_OUTCOME = 120  # px for what became of a file; its name needs what is left


@dataclass(frozen=True, slots=True)
class LogLine:
    """A file of the log; ``covered`` where it was never confirmed itself, but a later one with all of it was."""

    row: BundleRow
    covered: bool = False


def log_lines(rows: Sequence[BundleRow]) -> list[LogLine]:
    """The log from the newest, with what is known of each file that was sent."""
    read: set[str] = set()
    lines = []
    for row in rows:
        mine = row.direction == "out"
        lines.append(LogLine(row, mine and not row.receipt and row.scope in read))
        if mine and row.receipt in _READ:
            read.add(row.scope)
    return lines


def log_model(
    today: Callable[[], date], titles: Mapping[str, str] | None = None, place: str = ""
) -> RowsModel:
    """Sent or received when, the file, how much was in it, what became of it.

    With ``titles`` (an office) also which place it came from or was for; ``place`` is what one of those is called.
    """

    def when(line: LogLine) -> str:
        return _moment(line.row.at, today())

    def way(line: LogLine) -> Tag:
        return Tag(_("sent"), "info") if line.row.direction == "out" else Tag(_("received"), "ok")

    def fresh(line: LogLine) -> str:
        return number(line.row.fresh) if line.row.direction == "in" else wording.units.NOTHING

    columns = [
        Column(
            _("When"),
            lambda line: f"{way(line).text} {when(line)}",
            sort=lambda line: line.row.at,
            cell=lambda line: [[way(line), Text(when(line), "soft")]],
        ),
        Column(_("File"), lambda line: line.row.name, stretch=True),
        Column(
            _("Entries"),
            lambda line: number(line.row.operations),
            sort=lambda line: line.row.operations,
            align="right",
            folds=True,
        ),
        Column(
            _("New"),
            fresh,
            sort=lambda line: line.row.fresh if line.row.direction == "in" else None,
            align="right",
        ),
        Column(
            _("What became of it"),
            lambda line: wording.units.listed([piece.text for piece in _outcome(line, today())]),
            cell=lambda line: [_outcome(line, today())],
            width=_OUTCOME,
            stretch=True,
        ),
    ]
    if titles is not None:
        columns.insert(1, Column(place, lambda line: titles.get(line.row.scope, line.row.peer)))
    return RowsModel(columns, key=lambda line: (line.row.direction, line.row.name, line.row.at))


def _moment(text: str, today: date) -> str:
    return wording.moment(datetime.fromisoformat(text), today)


def _outcome(line: LogLine, today: date) -> list[Tag | Text]:
    row = line.row
    if row.direction == "in":
        tones: dict[str, Tone] = {"applied": "ok", "incomplete": "warn"}
        words = {
            "applied": _("taken in"),
            "known": _("nothing new in it"),
            "incomplete": _("taken in, {count} earlier entries missing").format(count=number(row.missing)),
        }
        return [Tag(words.get(row.outcome, row.outcome), tones.get(row.outcome, "mute"))]
    if row.receipt:
        tone: Tone = "ok" if row.receipt in _READ else "warn"
        at = _moment(row.receipt_at, today) if row.receipt_at else ""
        return [Tag(receipt_text(row.receipt), tone), Text(at, "soft")]
    if line.covered:
        return [Tag(_("not needed any more"), "mute"), Text(_("a later file brought all of it"), "soft")]
    return [Tag(_("not confirmed yet"), "info")]


# ---- what was just received, or looked at


def fates_model(source: Callable[[], Received | None]) -> RowsModel:
    """What became of each file of one receiving, or what it would do where it was only looked at."""

    def looked() -> bool:
        found = source()
        return found is not None and found.looked

    return RowsModel(
        [
            Column(_("File"), lambda fate: fate.name, cell=lambda fate: [[Text(fate.name, "strong")]]),
            Column(_("From"), lambda fate: fate.title),
            Column(
                _("Result"),
                lambda fate: fate_words(fate, looked()),
                sort=_severity,
                cell=lambda fate: _fate(fate, looked()),
                stretch=True,
            ),
        ],
        key=lambda fate: id(fate),
    )


def worst_first(fates: Sequence[Entry]) -> list[Entry]:
    """The files in the order of how much they want to be looked at."""
    return sorted(fates, key=_severity)


def _severity(fate: Fate | Line) -> tuple[int, bool]:
    return receiving.OUTCOMES.index(fate.outcome), not fate.new_device


def fate_words(fate: Fate | Line, looked: bool = False) -> str:
    """What became of a file and what to do, or what it would do."""
    if looked and isinstance(fate, Fate) and fate.preview is not None and fate.outcome != "refused":
        return preview.summary(fate.preview)
    return receiving.told(fate)


def _fate(fate: Fate | Line, looked: bool) -> Cell:
    words, tone = receiving.outcome(fate.outcome), receiving.tone(fate.outcome)
    if looked and fate.outcome != "refused":
        words, tone = _("looked at"), "info"
    line: list[Piece] = [Tag(words, tone), Text(fate_words(fate, looked))]
    if fate.new_device:
        line.append(Tag(_("new device, code not compared"), "warn"))
    return [line]


def summary(received: Received) -> str:
    """One receiving in one sentence."""
    if received.looked:
        return _looked(received)
    new = sum(fate.fresh for fate in received.fates)
    confirmed = sum(fate.confirmed for fate in received.fates)
    parts = [
        _("{taken} of {all} files taken in, {fresh} new entries").format(
            taken=received.count("applied", "known", "incomplete"), all=len(received.fates), fresh=number(new)
        )
        if received.fates
        else "",
        _("{count} had nothing new").format(count=count) if (count := received.count("known")) else "",
        _("{count} incomplete").format(count=count) if (count := received.count("incomplete")) else "",
        *_rest(received),
        _("{count} entries of ours confirmed").format(count=number(confirmed)) if confirmed else "",
    ]
    return wording.units.sentences(parts)


def past_summary(session: Session, today: date) -> str:
    """A receiving of before in one sentence."""
    new = sum(line.fresh for line in session.files)
    taken = sum(line.outcome != "refused" for line in session.files)
    words = _("{when}, by {who}: {taken} of {all} files taken in, {fresh} new entries")
    when = _moment(session.at, today)
    said = words.format(when=when, who=session.by, taken=taken, all=len(session.files), fresh=number(new))
    left = _("stopped: {count} files were not begun").format(count=session.left) if session.left else ""
    return wording.units.sentences([said, left])


def _looked(received: Received) -> str:
    sound = len(received.fates) - received.count("refused")
    words = _("{count} files looked at; nothing was changed yet").format(count=sound) if sound else ""
    return wording.units.sentences([words, *_rest(received)])


def _rest(received: Received) -> list[str]:
    """Files that were not taken, and why not."""
    return [
        _("{count} refused").format(count=count) if (count := received.count("refused")) else "",
        _("stopped: {count} files were not begun").format(count=received.left) if received.left else "",
        *(_("no bundle in {folder}").format(folder=name) for name in received.empty),
        _("{count} other files passed over").format(count=len(received.passed)) if received.passed else "",
    ]
