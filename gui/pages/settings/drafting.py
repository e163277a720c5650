"""Writing policies at an office: the drafts there are, how a new one begins, and the form of the one that is open."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QStackedWidget, QWidget

from gui import wording
from gui.actions import drafts as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import publishing
from gui.ops import ChangeOp, QueryOp
from gui.pages.settings.drafting_form import DraftForm
from gui.pages.settings.section import Section, row_of, tell_refusal
from gui.theme import Tone
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.pieces import Cell, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.widgets.tables import TableView
from storage import drafts
from storage.drafts import Draft
from storage.ledger import Ledger
from storage.operators import EXCHANGE
from storage.policies import PolicyHead


@dataclass(frozen=True, slots=True)
class Desktop:
    """The drafts of this ledger, and the policies one can begin from."""

    drafts: tuple[Draft, ...]
    offers: tuple[PolicyHead, ...]


def _read(ledger: Ledger) -> Desktop:
    return Desktop(tuple(drafts.listed(ledger)), publishing.read(ledger).offers)


class DraftingSection(Section):
    """``giving`` with the id of a draft that is to be published; ``filled`` while one takes the whole room."""

    giving = Signal(str)
    filled = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows = _model(desk)
        self.table = TableView(self.rows, _("Drafts"), wraps=True)
        self.table.set_empty(
            EmptyState(_("No draft"), _("Begin one below: change a policy, or take one over."))
        )
        self.table.setMinimumHeight(190)
        self.open_one = KeyButton(_("Open"), "Return", bind=False)
        self.discard = KeyButton(_("Throw away"), "D")
        self.offers = QComboBox()
        self.offers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.offers.setMinimumContentsLength(12)
        self.year = QLineEdit()
        self.begin = KeyButton(_("Change this one"), "E")
        self.clone = KeyButton(_("Take it over into that year"), "C", primary=True)
        self.file = KeyButton(_("From a file…"), "O")
        self.trouble = ErrorLine()
        self.form = DraftForm(lambda: desk.today)
        self._heads: dict[str, PolicyHead] = {}
        self._build()
        self._listen()
        desk.permit(EXCHANGE, self.begin, self.clone, self.file, self.discard, self.form.give)

    def refresh(self) -> None:
        self.desk.ask(QueryOp(_read, slot="drafting"), self._on_read, owner=self)

    def back(self) -> bool:
        if not self.is_open():
            return False
        if self.form.is_in_fields():
            self.form.tabs.setFocus(Qt.FocusReason.BacktabFocusReason)
        else:
            self._close()
        return True

    def first_focus(self) -> QWidget:
        if self.is_open():
            return self.form.tabs
        return self.table if self.rows.rows else self.offers

    def take(self, request: object) -> None:
        """Open the draft of this id."""
        self.desk.ask(actions.read(str(request)), self._on_opened, owner=self)

    # ---- layout

    def _build(self) -> None:
        listed = Card(_("Drafts of policies"), self.discard, self.open_one)
        listed.add(self.table)
        words = _(
            "A draft is this office's alone until it is given to the villages. Records keep the version they were "
            "made under, and a year that was given before does not change with it."
        )
        listed.add(label(words, "small", wrap=True))
        fresh = Card(_("A new draft"))
        fresh.add(FormField(_("From which policy"), self.offers))
        self.year_field = FormField(_("Insurance year to take it over into"), self.year)
        fresh.add(self.year_field)
        for widget in (row_of(self.clone, self.begin, self.file), self.trouble):
            fresh.add(widget)
        self.column.addWidget(listed)
        self.column.addWidget(fresh)
        self.column.addStretch(1)
        whole = self.layout()
        assert whole is not None
        item = whole.takeAt(0)
        assert item is not None
        self._stack = QStackedWidget()
        self._stack.addWidget(item.widget())
        self._stack.addWidget(self.form)
        whole.addWidget(self._stack)

    def _listen(self) -> None:
        self.table.opened.connect(lambda draft: self.take(draft.id))
        self.table.row_changed.connect(lambda _draft: self._enable())
        self.open_one.clicked.connect(self._on_open_clicked)
        self.discard.clicked.connect(self._on_discard_clicked)
        self.offers.currentIndexChanged.connect(lambda _line: self._offer_year())
        self.begin.clicked.connect(lambda: self._start(actions.begin(self._chosen())))
        self.clone.clicked.connect(self._on_clone_clicked)
        self.file.clicked.connect(self._on_file_clicked)
        self.form.saving.connect(self._on_saving)
        self.form.giving.connect(self._on_giving)
        self.form.exporting.connect(self._on_exporting)
        self.form.left.connect(self._close)

    # ---- showing

    def is_open(self) -> bool:
        """Whether a draft is open."""
        return self._stack.currentWidget() is self.form

    def _on_read(self, found: Desktop) -> None:
        self.rows.set_rows(found.drafts)
        if found.drafts and self.table.current_row() is None:
            self.table.selectRow(0)
        chosen = self.offers.currentData() or self.desk.policy.id
        self._heads = {head.id: head for head in found.offers}
        self.offers.blockSignals(True)
        self.offers.clear()
        for head in found.offers:
            self.offers.addItem(head.title, head.id)
        self.offers.setCurrentIndex(max(self.offers.findData(chosen), 0))
        self.offers.blockSignals(False)
        self._offer_year()
        self._enable()

    def _enable(self) -> None:
        for button in (self.open_one, self.discard):
            button.setEnabled(self.table.current_row() is not None)
        for button in (self.begin, self.clone):
            button.setEnabled(bool(self._heads))

    def _offer_year(self) -> None:
        head = self._heads.get(self._chosen())
        if head is not None:
            self.year.setText(str(head.year + 1))
            self.year_field.set_error("")

    def _chosen(self) -> str:
        return str(self.offers.currentData() or "")

    def _on_opened(self, draft: Draft | None) -> None:
        assert draft is not None
        self.trouble.show_error("")
        self.year_field.set_error("")
        self.form.start(draft)
        self._stack.setCurrentWidget(self.form)
        self.filled.emit(True)
        self.form.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)  # what is being typed is kept
        self._stack.setCurrentIndex(0)
        self.filled.emit(False)
        self.refresh()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- beginning

    def _start(self, op: ChangeOp[Draft | None]) -> None:
        self.trouble.show_error("")
        self.year_field.set_error("")
        self.desk.run(op, self._on_opened, owner=self, refused=self._on_refused)

    def _on_clone_clicked(self) -> None:
        text = self.year.text().strip()
        year = int(text) if text.isdecimal() and len(text) == 4 else 0
        if not year:
            self.year_field.set_error(_("A year has four digits."))
            self.year.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._start(actions.clone(self._chosen(), year))

    def _on_file_clicked(self) -> None:
        words = _("Policy files ({pattern})").format(pattern="*.toml")
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose a policy"), "", words)
        if path:
            self.take_file(Path(path))

    def take_file(self, path: Path) -> None:
        """Begin a draft from a file."""
        self._start(actions.take(path))

    def _on_open_clicked(self) -> None:
        draft: Draft | None = self.table.current_row()
        if draft is not None:
            self.take(draft.id)

    def _on_discard_clicked(self) -> None:
        draft: Draft | None = self.table.current_row()
        if draft is None:
            return
        if self.discard.words() != _("Really throw it away"):
            self.discard.setText(_("Really throw it away"))
            return
        self.discard.setText(_("Throw away"))
        self.desk.run(
            actions.discard(draft.id),
            lambda _none: self.refresh(),
            owner=self,
            refused=self._on_refused,
        )

    # ---- what the form asks for

    def _on_saving(self) -> None:
        writing = self.form.writing
        if writing is not None:
            self.form.trouble.show_error("")
            self.desk.run(
                actions.save(writing.id, writing.raw),
                lambda _none: None,
                owner=self,
                refused=self._on_unsaved,
            )

    def _on_unsaved(self, error: Exception) -> bool:
        return tell_refusal(self.desk, error, self.form.trouble)

    def _on_giving(self) -> None:
        writing = self.form.writing
        if writing is not None:
            self._close()
            self.giving.emit(writing.id)

    def _on_exporting(self) -> None:
        writing = self.form.writing
        words = _("Policy files ({pattern})").format(pattern="*.toml")
        if writing is None:
            return
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Write the policy as a file"), f"{writing.id}.toml", words
        )
        if path:
            self.desk.run(
                actions.export(writing.raw, Path(path)),
                self._on_exported,
                owner=self,
                refused=self._on_unsaved,
            )

    def _on_exported(self, path: Path) -> None:
        self.desk.events.told.emit(_("{file} is written.").format(file=path.name), False)

    def _on_refused(self, error: Exception) -> bool:
        from gui.errors import sentence
        from gui.trouble import known
        from storage.errors import RuleViolation

        expected = known(error, self.desk.facts.folder)
        if isinstance(expected, RuleViolation) and expected.field == "year":
            self.year_field.set_error(sentence(expected))
            return True
        return tell_refusal(self.desk, error, self.trouble)


def _model(desk: Desk) -> RowsModel:
    def state(draft: Draft) -> str:
        wrong, waiting = len(draft.faults), len(draft.unchecked)
        if wrong:
            return _("{count} not right").format(count=wrong)
        return _("{count} sources to look up").format(count=waiting) if waiting else _("ready")

    def picture(draft: Draft) -> Cell:
        tone: Tone = "bad" if draft.faults else "warn" if draft.unchecked else "ok"
        return [[Tag(state(draft), tone)]]

    def saved(draft: Draft) -> str:
        moment = wording.moment(datetime.fromisoformat(draft.at), desk.today)
        return " · ".join(part for part in (moment, draft.who) if part)

    return RowsModel(
        [
            Column(_("Policy"), lambda draft: draft.title, stretch=True),
            Column(_("State"), state, cell=picture, width=170),
            Column(_("Last saved"), saved, cell=lambda draft: [[Text(saved(draft), "soft")]], width=210),
        ],
        key=lambda draft: draft.id,
    )
