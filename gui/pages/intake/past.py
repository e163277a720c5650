"""What was taken over before, and what words mean: reading it, taking a list back, changing a meaning."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from gui.actions import intake as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import taken
from gui.models.taken import KeptModel
from gui.widgets.rows import RowsModel
from gui.wording import listed as sheets
from gui.wording.listed import Alias
from storage.operators import RECORD
from storage.queries.taken import Taken

if TYPE_CHECKING:
    from gui.pages.intake.page import IntakePage
    from gui.pages.intake.view import IntakeView


class Past(QObject):
    """The parts of the import page that are not about a file at hand."""

    def __init__(self, desk: Desk, page: "IntakePage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.log = taken.log_model(lambda: desk.today)
        self.kept = KeptModel()
        self.models: Mapping[str, RowsModel] = {"log": self.log, "kept": self.kept}

    def attach(self, view: "IntakeView") -> None:
        """Listen to the widgets."""
        self.view = view
        view.log.opened.connect(self._on_opened)
        view.log.asked.connect(self._on_asked)
        view.log.reverted.connect(self._on_reverted)
        view.log.saved.connect(self._on_saved)
        view.log.closed.connect(self.page.back)
        view.log.words.clicked.connect(self.open_words)
        view.aliases.closed.connect(self.page.back)
        view.aliases.changed.connect(self._on_alias_changed)

    def open_log(self) -> None:
        """Show the lists taken over."""
        self.view.show_part("log")
        self.view.log.show_list()
        self._read_log()

    def open_words(self) -> None:
        """Show the table of words."""
        self.view.show_part("aliases")
        self.desk.ask(actions.aliases(), self._on_aliases_read, owner=self)

    def back(self) -> bool:
        """Close what lies on top; False where the log itself is to be closed."""
        if self.view.part() == "aliases":
            self.open_log()
            return True
        if self.view.log.showing_rows():
            self.view.log.show_list()
            return True
        return False

    def reveal(self, on: bool) -> None:
        """Show numbers in full, or mask them again."""
        self.kept.reveal(on)

    # ---- the log

    def _read_log(self) -> None:
        self.desk.ask(actions.taken(), self.view.log.show_log, owner=self)

    def _on_opened(self, number: int) -> None:
        one: Taken | None = next((one for one in self.log.rows if one.number == number), None)
        if one is not None:
            self.desk.ask(
                actions.kept_rows(number), lambda rows: self.view.log.show_rows(one, rows), owner=self
            )

    def _on_asked(self, number: int) -> None:
        """Look what taking a list back would leave."""
        log = self.view.log
        self.desk.ask(
            actions.foreseen(number),
            lambda found: log.show_foreseen(number, sheets.foreseen_text(found)),
            owner=self,
        )

    def _on_reverted(self, number: int) -> None:
        one: Taken | None = next((one for one in self.log.rows if one.number == number), None)
        if one is None or self.desk.writing():
            return
        told = _("Taken back: {file}").format(file=one.file)

        def on_done(done: Any) -> None:
            self.view.log.show_reverted(sheets.reverted_text(done[0]))
            self._read_log()
            self.page.forget(number)

        self.desk.change(actions.revert(number, told), on_done, owner=self)

    def _on_saved(self) -> None:
        one, rows = self.view.log.taken, self.kept.rows
        if one is not None:
            masked = not self.view.log.full.isChecked()
            title = f"{one.file.rpartition('.')[0] or one.file}-{_('Result of the import')}"
            sheet = sheets.kept_sheet(title, rows, masked=masked)
            self.page.writing.save_sheet(sheet, masked=masked)

    # ---- words

    def _on_aliases_read(self, found: tuple[list[Alias], dict[tuple[str, str], str]]) -> None:
        self.view.aliases.show_aliases(*found)
        self.view.aliases.word.setFocus()

    def _on_alias_changed(self, vocabulary: str, word: str, code: str | None) -> None:
        if not self.desk.may(RECORD):
            self.desk.refuse(RECORD)
            return
        self.desk.ask(actions.set_alias(vocabulary, word, code), self._on_aliases_read, owner=self)
