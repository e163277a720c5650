"""A file as it stands: what it is taken for, what it would change, what is asked about it, its rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.desk import Desk
from gui.errors import sentence_for
from gui.i18n import _
from gui.models import intake
from gui.models.intake import NEEDS_VILLAGE, FileLine
from gui.models.taken import by_person
from gui.wording import listed as sheets
from gui.wording import matching
from gui.wording.listed import ROSTER
from sync.intake.results import Listed
from sync.intake.roster import TOLD_BESIDE

if TYPE_CHECKING:
    from gui.pages.intake.page import IntakePage
    from gui.pages.intake.view import IntakeView

_WRAPPED = 200  # rows up to which each may be as high as its words are long
_OTHER_KIND = ("intake.other_kind", "intake.kind_unknown")


class Showing(QObject):
    """The part of the import page that shows the chosen file; it changes nothing."""

    def __init__(self, desk: Desk, page: "IntakePage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self._count = "rows"
        self._shown: Path | None = None

    def attach(self, view: "IntakeView") -> None:
        """Listen to the widgets."""
        self.view = view
        view.files.row_changed.connect(self.show_line)
        view.columns_button.toggled.connect(view.columns_area.setVisible)
        view.search.searched.connect(lambda _text: self.show_rows(self._count))
        for panel in (view.removals, view.corrections):
            panel.ticked.connect(lambda _count: self._show_asks())
        for code, chip in view.chips.items():
            chip.clicked.connect(lambda _checked, code=code: self.show_rows(code))

    def start_anew(self) -> None:
        """Another list was read: all its rows come first."""
        self._count = "rows"

    def show_line(self, line: FileLine) -> None:
        """Show a file as it stands."""
        view = self.view
        view.file_box.setCurrentIndex(self.page.files.row_of(line.path))
        if line.state == "refused":
            roster = line.code == NEEDS_VILLAGE
            title = _("A roster: {file}") if roster else _("Not taken: {file}")
            view.refused.show_words(title.format(file=line.path.name), line.words)
            view.anyway.setVisible(line.code in _OTHER_KIND)
            self._show_recognised(line)
            view.recognised.setVisible(line.code in (*_OTHER_KIND, NEEDS_VILLAGE))
            view.show_state("refused")
        elif line.preview is None:
            view.busy.tell(_("Reading {file}").format(file=line.path.name))
            view.show_state("busy")
        else:
            self._show_preview(line, line.preview)

    def _show_recognised(self, line: FileLine) -> None:
        recognised, listed = self.view.recognised, line.preview
        kind = line.choice.kind or (listed.kind if listed else "")
        if line.code == NEEDS_VILLAGE:
            kind = ROSTER
        source = line.choice.source or (listed.source if listed else "")
        year = line.choice.year or (listed.year if listed else 0)
        recognised.show_kind(kind, source, year, self.desk.policy.year)
        recognised.show_villages(self.page.titles, line.choice.scope, needed=kind == ROSTER)
        recognised.setVisible(True)
        recognised.setEnabled(line.state != "done")

    def _show_preview(self, line: FileLine, listed: Listed) -> None:
        view = self.view
        if line.path != self._shown:
            self._shown = line.path
            for model in (self.page.removals, self.page.corrections):
                model.set_rows([])  # nothing of another list stays ticked
        view.what.setText(listed.file)
        self._show_recognised(line)
        self._show_notes(line, listed)
        view.columns.show_tables(listed.tables, self.page.name_column)
        view.columns_button.setEnabled(line.state == "ready")
        view.removals.show_rows(by_person(listed.removals), short_text(listed))
        view.corrections.show_rows(listed.corrections)
        self.page.missing.set_rows(sorted(listed.missing, key=lambda one: -one.days_late))
        self._show_asks()
        self.show_rows(self._count)
        view.show_state("preview")

    def _show_notes(self, line: FileLine, listed: Listed) -> None:
        view = self.view
        told = [sentence_for(note.code, note.params) for note in listed.notes]
        if line.words:
            told.insert(0, line.words)
        elif line.state == "ready" and not self._writes(listed) and not listed.blocked:
            told.insert(0, _("Nothing new in it: there is nothing to write."))
        view.notes.setText("\n".join(told))
        view.notes.setVisible(bool(told))
        ready = line.state == "ready"
        warned = [matching.warning_text(one) for one in listed.warnings if ready]
        view.warnings.setText("\n".join(warned))
        view.warnings.setVisible(bool(warned))

    def _writes(self, listed: Listed) -> bool:
        """Whether writing would change something, or leave rows in the log that wait for somebody."""
        counts = listed.counts
        ticked = bool(self.page.removals.ticked_rows() or self.page.corrections.ticked_rows())
        waiting = 0 if listed.kind == ROSTER else counts.get("review", 0) + counts.get("unmatched", 0)
        return ticked or bool(counts.get("added", 0) + counts.get("changed", 0) + waiting)

    def _show_asks(self) -> None:
        """What is asked about the list, and whether it can be written."""
        view, line = self.view, self.page.current()
        if line is None or line.preview is None:
            return
        listed, ready = line.preview, line.state == "ready"
        review = listed.counts.get("review", 0) if listed.kind != ROSTER else 0
        ticked, right = len(self.page.removals.ticked_rows()), len(self.page.corrections.ticked_rows())
        for button, there, words in (
            (view.review_button, review, _("Check one by one {count}").format(count=f"{review:,}")),
            (view.words_button, len(listed.unmapped), _("Unknown words {count}").format(count=len(listed.unmapped))),
            (view.removals_button, self.page.removals.rowCount(),
             _("No longer named {ticked}/{count}").format(ticked=ticked, count=self.page.removals.rowCount())),
            (view.corrections_button, len(listed.corrections),
             _("Numbers to correct {ticked}/{count}").format(ticked=right, count=len(listed.corrections))),
            (view.missing_button, len(listed.missing),
             _("Reported, not posted {count}").format(count=len(listed.missing))),
        ):  # fmt: skip
            button.setText(words)
            button.setVisible(bool(there) and ready)
        self._show_write(line, listed)

    def _show_write(self, line: FileLine, listed: Listed) -> None:
        view, ready = self.view, line.state == "ready"
        why = sheets.blocked_text(listed, removed=len(self.page.removals.ticked_rows())) if ready else ""
        view.blocked.setText(why)
        view.blocked.setVisible(bool(why))
        view.write.setVisible(ready and (self._writes(listed) or bool(listed.blocked)))
        view.write.setEnabled(not why and not self.page.asking.working())
        view.write.setText(self._write_text(listed))
        view.review_button.primary = bool(listed.counts.get("review", 0))
        view.households.setVisible(line.state == "done")
        beside = any(note.code == TOLD_BESIDE for note in listed.notes)
        view.beside.setVisible(beside and line.state == "done" and line.number > 0)
        view.save_bad.setVisible(ready and bool(sheets.bad(listed)))
        view.look.setVisible(ready and listed.kind != ROSTER)
        self.page.writing.ask_revert(False)

    def _write_text(self, listed: Listed) -> str:
        counts = listed.counts
        written = counts.get("added", 0) + counts.get("changed", 0)
        rest = sum(counts.get(code, 0) for code in ("review", "unmatched", "broken"))
        if listed.kind == ROSTER or not rest or listed.blocked:
            return _("Write into the ledger")
        return _("Write {count} rows, {rest} stay to be settled").format(
            count=f"{written:,}", rest=f"{rest:,}"
        )

    def show_rows(self, code: str) -> None:
        """Show the rows one of the counts counts."""
        line = self.page.current()
        if line is None or line.preview is None:
            return
        counts = intake.counts(line.preview)
        self._count = code if any(one.code == code for one in counts) else "rows"
        self.view.show_counts(counts, self._count)
        found = intake.chosen(line.preview, self._count, self.view.search.text())
        self.view.rows.set_wraps(len(found) <= _WRAPPED)
        self.page.rows.set_rows(found)


def short_text(listed: Listed) -> str:
    """The warning that a list is much shorter than the one before, where removals are ticked, too."""
    return "\n".join(matching.warning_text(one) for one in listed.warnings if one.code == "list.short")
