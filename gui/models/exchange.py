"""What went out and came in, as tables."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from gui import wording
from gui.actions.exchange import Received
from gui.errors import sentence_for
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from storage.queries.villages import BundleRow
from sync.exchange import Fate

_WORST_FIRST = ("refused", "incomplete", "applied", "known")


def log_model(today: Callable[[], date], titles: Mapping[str, str] | None = None) -> RowsModel:
    """When, sent or received, the file, how much was in it, what became of it.

    With ``titles`` (an office) also which village it came from or was for.
    """

    def when(row: BundleRow) -> str:
        return wording.moment(datetime.fromisoformat(row.at), today())

    def way(row: BundleRow) -> Cell:
        return [[Tag(_("sent"), "info")]] if row.direction == "out" else [[Tag(_("received"), "ok")]]

    def village(row: BundleRow) -> str:
        return (titles or {}).get(row.scope, row.peer)

    def fresh(row: BundleRow) -> str:
        return f"{row.fresh:,}" if row.direction == "in" else wording.units.NOTHING

    columns = [
        Column(_("When"), when, sort=lambda row: row.at, cell=lambda row: [[Text(when(row), "soft")]]),
        Column(_("Way"), lambda row: row.direction, cell=way),
        Column(_("File"), lambda row: row.name, stretch=True),
        Column(
            _("Entries"), lambda row: f"{row.operations:,}", sort=lambda row: row.operations, align="right"
        ),
        Column(_("New"), fresh, sort=lambda row: row.fresh if row.direction == "in" else None, align="right"),
        Column(_("What became of it"), outcome_words, cell=_outcome),
    ]
    if titles is not None:
        columns.insert(2, Column(_("Village"), village))
    return RowsModel(columns, key=lambda row: (row.direction, row.name, row.at))


def outcome_words(row: BundleRow) -> str:
    """What became of a bundle."""
    words = {
        "sent": _("written, to be handed over"),
        "applied": _("taken in"),
        "known": _("nothing new in it"),
        "incomplete": _("taken in, earlier entries missing"),
    }
    return words.get(row.outcome, row.outcome)


def _outcome(row: BundleRow) -> Cell:
    tones: dict[str, Tone] = {"sent": "info", "applied": "ok", "incomplete": "warn"}
    return [[Tag(outcome_words(row), tones.get(row.outcome, "mute"))]]


def fates_model() -> RowsModel:
    """What became of each file of one receiving."""
    return RowsModel(
        [
            Column(
                _("File"), lambda fate: fate.name, cell=lambda fate: [[Text(fate.name, "strong")]], width=300
            ),
            Column(_("From"), lambda fate: fate.title),
            Column(_("Result"), fate_words, sort=_severity, cell=_fate, stretch=True),
        ]
    )


def worst_first(fates: Sequence[Fate]) -> list[Fate]:
    """The files in the order of how much they want to be looked at."""
    return sorted(fates, key=_severity)


def _severity(fate: Fate) -> tuple[int, bool]:
    return _WORST_FIRST.index(fate.outcome), not fate.new_device


def fate_words(fate: Fate) -> str:
    """What became of a file, with the reason where it was refused."""
    match fate.outcome:
        case "applied":
            return _("{fresh} new entries").format(fresh=f"{fate.fresh:,}")
        case "known":
            return _("nothing new in it")
        case "incomplete":
            text = _("{fresh} new entries; {missing} earlier ones are missing, the next file brings them")
            return text.format(fresh=f"{fate.fresh:,}", missing=f"{fate.missing:,}")
    # The file has a column of its own.
    return sentence_for(fate.code, {**(fate.params or {}), "file": ""})


def _fate(fate: Fate) -> Cell:
    tones: dict[str, tuple[str, Tone]] = {
        "applied": (_("taken in"), "ok"),
        "known": (_("known"), "mute"),
        "incomplete": (_("incomplete"), "warn"),
        "refused": (_("refused"), "bad"),
    }
    words, tone = tones[fate.outcome]
    line: list[Piece] = [Tag(words, tone), Text(fate_words(fate))]
    if fate.new_device:
        line.append(Tag(_("new device, code not compared"), "warn"))
    return [line]


def summary(received: Received) -> str:
    """One receiving in one sentence."""
    new = sum(fate.fresh for fate in received.fates)
    parts = [
        _("{taken} of {all} files taken in, {fresh} new entries").format(
            taken=received.count("applied", "known", "incomplete"), all=len(received.fates), fresh=f"{new:,}"
        )
        if received.fates
        else "",
        _("{count} had nothing new").format(count=count) if (count := received.count("known")) else "",
        _("{count} incomplete").format(count=count) if (count := received.count("incomplete")) else "",
        _("{count} refused").format(count=count) if (count := received.count("refused")) else "",
        _("stopped: {count} files were not begun").format(count=received.left) if received.left else "",
        *(_("no bundle in {folder}").format(folder=name) for name in received.empty),
    ]
    return wording.units.sentences(parts)


def new_devices(received: Received) -> str:
    """What to do about devices that joined just now; "" where none did."""
    names = list(dict.fromkeys(fate.title for fate in received.fates if fate.new_device))
    if not names:
        return ""
    return _(
        "New device of {villages}: code not compared yet. Ring them and ask whether it was they."
    ).format(villages=_(", ").join(names))
