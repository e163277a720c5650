"""Why a person has to do what: the sentence, another day of payment, the parts with their paragraphs; print, copy."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from gui import theme as themes
from gui.actions import why as actions
from gui.desk import Desk
from gui.i18n import _
from gui.pages.households.panels.base import Panel
from gui.widgets.buttons import KeyButton
from gui.widgets.fields import DateField, FormField
from gui.widgets.labels import flowing, label, plain
from gui.wording import why, why_parts
from gui.wording.why_sheet import WhySheet, sheet_of
from storage.errors import KnownError
from storage.policy.window import add_months
from storage.queries.explain import Known

_MASKED = "why_masked"


class WhyPanel(Panel):
    """What the rules answer about one person; nothing to record. ``village`` is the title of their village."""

    def __init__(self, desk: Desk, scope: str, record: str, name: str, village: str = "") -> None:
        super().__init__(desk, _("Why so · {name}").format(name=name or _("no name")))
        self._scope, self._village = scope, village or desk.profile.title
        self._known: Known | None = None
        self._parts: QWidget | None = None
        self.save_button.hide()
        self.cancel_button.setText(_("Close"))
        self.said = label(_("Reading the ledger…"), "title", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.day = DateField(desk.today, "future")
        self.what_if = label("", wrap=True)
        self.masked = QCheckBox(_("hide the name (其**)"))
        self.masked.setChecked(desk.settings.text(_MASKED) == "yes")
        self.copy_button = KeyButton(_("Copy for WeChat"), "C")
        self.print_button = KeyButton(_("Print"), "Ctrl+P")
        self.pdf_button = KeyButton(_("Save as PDF"), "Ctrl+S")
        self._build()
        self._listen()
        desk.ask(actions.read(self.policy, scope, record), self._on_read, owner=self)

    def first(self) -> QWidget:
        return self.cancel_button

    def save(self) -> None:
        self.closed.emit()

    def case(self) -> why.Case | None:
        """What is shown, None until it was read."""
        if self._known is None:
            return None
        known, asked = self._known, self.day.day()
        return why.case_of(
            self.policy,
            known.person,
            known.facts,
            self.desk.today,
            pay_on=asked,
            masked=self.masked.isChecked(),
        )

    def sheet(self) -> WhySheet | None:
        """What would be printed, None until it was read."""
        case = self.case()
        if case is None or self._known is None:
            return None
        return sheet_of(case, self._known.household, self._village)

    # ---- layout

    def _build(self) -> None:
        theme = themes.current()
        self._grid.addWidget(self.said, 0, 0, 1, 3)
        outside = (self.copy_button, self.print_button, self.pdf_button)
        for button in outside:
            button.setEnabled(False)
        self._grid.addWidget(flowing(*outside, self.cancel_button, self.masked), 1, 0, 1, 3)
        self.days = flowing(*self._usual_days())
        asked = QVBoxLayout()
        asked.setSpacing(theme.px(6))
        asked.addWidget(self.what_if)
        asked.addWidget(self.days)
        asked.addStretch(1)
        self._field = FormField(_("And if it is paid on … (D)"), self.day)
        self._grid.addWidget(self._field, 2, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(asked, 2, 1, 1, 2)
        self._room = QVBoxLayout()
        self._grid.addLayout(self._room, 3, 0, 1, 3)
        self._ask(False)

    def _usual_days(self) -> list[KeyButton]:
        """Buttons for the days people ask about."""
        closes, buttons = self.policy.window.end, []
        for words, day in (
            (_("Today"), self.desk.today),
            (_("Last day of the window"), closes),
            (_("A month after it"), add_months(closes, 1)),
        ):
            button = KeyButton(words, bind=False)
            button.clicked.connect(partial(self.day.set_day, day))
            buttons.append(button)
        return buttons

    def _ask(self, on: bool) -> None:
        """Another day can be asked about only while there is something to pay."""
        for widget in (self._field, self.what_if, self.days):
            widget.setVisible(on)

    def _listen(self) -> None:
        self.day.changed.connect(self._show)
        self.masked.toggled.connect(self._on_masked)
        self.copy_button.clicked.connect(self._on_copy)
        self.print_button.clicked.connect(self._on_print)
        self.pdf_button.clicked.connect(self._on_pdf)
        short = QShortcut(QKeySequence("D"), self)
        short.activated.connect(lambda: self.day.setFocus(Qt.FocusReason.ShortcutFocusReason))

    # ---- showing

    def _on_read(self, known: Known | None) -> None:
        self._known = known
        case = self.case()
        if case is None:
            self.said.setText(_("This person is not in the ledger any more."))
            return
        for button in (self.copy_button, self.print_button, self.pdf_button):
            button.setEnabled(True)
        self._ask(case.payable)
        self._show()
        self.grown.emit()

    def _show(self) -> None:
        case = self.case()
        if case is None:
            return
        wrong = self.day.is_wrong()
        self._field.set_error(_("Not a day. Write 2025-11-03 or 11-03.") if wrong else "")
        self.said.setText(why.sentence(case))
        self.said.setAccessibleName(why.sentence(case))
        told = why.what_if(case) or _("Type a day, or choose one below; the arrows up and down walk by days.")
        self.what_if.setText("" if wrong else told)
        self.what_if.setAccessibleName(self.what_if.text())
        self._show_parts(case)

    def _show_parts(self, case: why.Case) -> None:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(themes.current().px(16))
        grid.setVerticalSpacing(themes.current().px(12))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 2)
        for row, part in enumerate(why_parts.parts(case)):
            grid.addWidget(_question(part), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_reasons(part), row, 1, Qt.AlignmentFlag.AlignTop)
        if self._parts is not None:
            self._room.removeWidget(self._parts)
            self._parts.hide()
            self._parts.deleteLater()
        self._parts = box
        self._room.addWidget(box)

    def _on_return_pressed(self) -> None:
        """Enter presses the button that has the keyboard; in the day's field it leaves the panel open."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()

    # ---- out of the ledger

    def _on_masked(self, on: bool) -> None:
        self.desk.settings.keep(_MASKED, "yes" if on else "")
        self._show()

    def _on_copy(self) -> None:
        case = self.case()
        if case is None:
            return
        QGuiApplication.clipboard().setText(why.message(case, self._village))
        self._note(_("words for WeChat"))
        self.desk.events.told.emit(_("Copied, without any number: paste it into WeChat."), False)

    def _on_print(self) -> None:
        from gui.printing.printer import new_printer, print_pages
        from gui.printing.why_sheet import WhyPaper

        sheet = self.sheet()
        if sheet is None:
            return
        printer = new_printer()
        dialog = QPrintDialog(printer, self)
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return
        try:
            pages = print_pages(printer, 1, WhyPaper(sheet).paint)
        except KnownError as error:
            self.desk.events.failed.emit(error)
            return
        self._note(sheet.stem)
        self.desk.events.told.emit(_("{pages} pages went to the printer.").format(pages=pages), False)

    def _on_pdf(self) -> None:
        sheet = self.sheet()
        if sheet is None:
            return
        chosen, _filter = QFileDialog.getSaveFileName(
            self, _("Save as PDF"), f"{sheet.stem}.pdf", "PDF (*.pdf)"
        )
        if chosen:
            op = actions.pdf(sheet, Path(chosen).with_suffix(".pdf"), self._scope)
            self.desk.ask(op, self._on_written, owner=self)

    def _on_written(self, path: Path) -> None:
        self.desk.events.told.emit(_("Written: {path}").format(path=path), False)

    def _note(self, name: str) -> None:
        self.desk.ask(actions.gone_out(name, self._scope), lambda _none: None, owner=self)


def _question(part: why_parts.Part) -> QWidget:
    """The question and the answer in short."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(themes.current().px(2))
    column.addWidget(label(part.title, "heading", wrap=True))
    if part.lead:
        column.addWidget(_strong(part.lead))
    return box


def _strong(text: str) -> QWidget:
    made = label(f"<b>{plain(text)}</b>", wrap=True)
    made.setTextFormat(Qt.TextFormat.RichText)
    return made


def _reasons(part: why_parts.Part) -> QWidget:
    """Each reason and, smaller under it, the paragraph it rests on."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(themes.current().px(6))
    for line in part.lines:
        pair = QVBoxLayout()
        pair.setSpacing(0)
        pair.addWidget(label(line.text, wrap=True))
        pair.addWidget(label(line.source or _("from the entries themselves"), "small", wrap=True))
        column.addLayout(pair)
    return box
