"""What went out and came in, as tables."""

from collections.abc import Callable
from datetime import date, datetime

from gui import wording
from gui.errors import sentence_for
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from storage.queries.villages import BundleRow
from sync.exchange import Fate


def log_model(today: Callable[[], date]) -> RowsModel:
    """When, sent or received, the file, with whom, what became of it."""

    def when(row: BundleRow) -> str:
        return wording.moment(datetime.fromisoformat(row.at), today())

    def way(row: BundleRow) -> Cell:
        return [[Tag(_("sent"), "info")]] if row.direction == "out" else [[Tag(_("received"), "ok")]]

    return RowsModel(
        [
            Column(_("When"), when, sort=lambda row: row.at, cell=lambda row: [[Text(when(row), "soft")]]),
            Column(_("Way"), lambda row: row.direction, cell=way),
            Column(_("File"), lambda row: row.name, stretch=True),
            Column(
                _("Entries"),
                lambda row: f"{row.operations:,}",
                sort=lambda row: row.operations,
                align="right",
            ),
            Column(_("What became of it"), outcome_words),
        ],
        key=lambda row: (row.direction, row.name, row.at),
    )


def outcome_words(row: BundleRow) -> str:
    """What became of a bundle."""
    words = {
        "sent": _("written"),
        "applied": _("taken in, {fresh} new entries"),
        "known": _("nothing new in it"),
        "incomplete": _("taken in, {fresh} new entries; some are missing"),
    }
    return words.get(row.outcome, row.outcome).format(fresh=f"{row.fresh:,}")


def fates_model() -> RowsModel:
    """What became of each file of one receiving."""
    return RowsModel(
        [
            Column(
                _("File"), lambda fate: fate.name, cell=lambda fate: [[Text(fate.name, "strong")]], width=260
            ),
            Column(_("From"), lambda fate: fate.title),
            Column(_("Result"), fate_words, cell=_fate, stretch=True),
        ],
        key=lambda fate: fate.name,
    )


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
    return sentence_for(fate.code, fate.params or {})


def _fate(fate: Fate) -> Cell:
    tones: dict[str, tuple[str, Tone]] = {
        "applied": (_("taken in"), "ok"),
        "known": (_("known"), "mute"),
        "incomplete": (_("incomplete"), "warn"),
        "refused": (_("refused"), "bad"),
    }
    words, tone = tones.get(fate.outcome, (fate.outcome, "mute"))
    line: list[Piece] = [Tag(words, tone), Text(fate_words(fate))]
    return [line, [Tag(_("new device, code not compared"), "warn")]] if fate.new_device else [line]
