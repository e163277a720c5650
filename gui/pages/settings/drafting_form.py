"""The form of a policy: its sections as tabs, each with its fields; what is typed is kept at once."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.drafting import SECTIONS, Writing, section_of, titles
from gui.pages.settings.drafting_blocks import EntriesCard, OptionalCard, PlainCard
from gui.pages.settings.drafting_review import Review
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import TagLine, label
from gui.widgets.notices import ErrorLine
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording import policy_fields as words
from storage.drafts import Draft
from storage.policy.drafting import Difference
from storage.policy.model import Cite, Policy
from storage.policy.schema import shapes

REVIEW = "review"
_NAV = 184  # px the parts take at the left
_NARROW = 640  # px under which the buttons stand below the title


class SectionForm(QWidget):
    """The cards of one section. ``reshaped`` once its fields are no longer the same."""

    reshaped = Signal()

    def __init__(self, section: str, writing: Writing, put: Callable[[str, Any], None], today: date) -> None:
        super().__init__()
        self._writing, self._put, self._today = writing, put, today
        self._cards: list[PlainCard | OptionalCard | EntriesCard] = []
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(themes.current().px(12))
        for name in SECTIONS[section]:
            self._add(name)
        column.addStretch(1)
        self.remark()

    def remark(self) -> None:
        """Say beside each field what is wrong with it and what stood there."""
        for card in self._cards:
            card.remark()

    def field_at(self, path: str) -> QWidget | None:
        """The editor of a path."""
        return next((found for card in self._cards if (found := card.field_at(path))), None)

    def first(self) -> QWidget | None:
        """The first editor."""
        card = self._cards[0]
        return card.table if isinstance(card, EntriesCard) else card.fields.first()

    def _add(self, name: str) -> None:
        shape, title = shapes(Policy)[name], words.label(Policy, name)
        if shape.holds == "entries":
            self._add_entries(name, title)
        elif shape.holds == "table" and shape.model is not Cite:
            if shape.required and shape.model is not None:
                card = self._plain(title)
                card.paths.append(name)
                card.fields.add_all(name, shape.model)
            else:
                self._add_optional(name)
        else:
            last = self._cards[-1] if self._cards else None
            card = last if isinstance(last, PlainCard) and not last.paths else self._plain("")
            card.fields.add(name, Policy, shape)

    def _plain(self, title: str) -> PlainCard:
        card = PlainCard(title, self._writing, self._put, self._today)
        self._keep(card)
        return card

    def _add_optional(self, name: str) -> None:
        shape = shapes(Policy)[name]
        card = OptionalCard(name, shape, self._writing, self._put, self._today)
        card.reshaped.connect(self.reshaped)
        self._keep(card)
        if card.has.isChecked() and shape.model is not None:
            for inner, one in shapes(shape.model).items():
                if one.holds == "entries":
                    self._add_entries(f"{name}.{inner}", words.label(shape.model, inner))

    def _add_entries(self, path: str, title: str) -> None:
        outer, _dot, inner = path.rpartition(".")
        model = shapes(Policy)[outer].model if outer else Policy
        assert model is not None
        card = EntriesCard(path, shapes(model)[inner], title, self._writing, self._put, self._today)
        card.reshaped.connect(card.refill)
        self._keep(card)

    def _keep(self, card: PlainCard | OptionalCard | EntriesCard) -> None:
        self._cards.append(card)
        self._column.addWidget(card)


class DraftForm(QWidget):
    """One draft; ``saving`` with its text after every change, ``giving`` when it is to be published."""

    saving = Signal()
    giving = Signal()
    exporting = Signal()
    left = Signal()

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today, self._section = today, ""
        self.writing: Writing | None = None
        self._shown: SectionForm | Review | None = None
        self.title = label("", "title", wrap=True)
        self.tags = TagLine()
        self.trouble = ErrorLine()
        self.give = KeyButton(_("Give it to the villages…"), "G", primary=True)
        self.export = KeyButton(_("As a file…"), "X")
        self.close_form = KeyButton(_("Back to the list"), "Escape", bind=False)
        self.sections = RowsModel([Column(_("Part"), self._tab_words, cell=self._tab, stretch=True)], key=str)
        self.tabs = TableView(self.sections, _("Parts of the policy"), header=False)
        self.sections.set_rows([*SECTIONS, REVIEW])
        self._body = QVBoxLayout()
        self._scroller: Scroller | None = None
        self._build()
        self.tabs.row_changed.connect(self.show_section)
        self.tabs.opened.connect(lambda _name: self._enter())
        self.give.clicked.connect(self.giving)
        self.export.clicked.connect(self.exporting)
        self.close_form.clicked.connect(self.left)

    def _build(self) -> None:
        theme = themes.current()
        head = self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        buttons = QHBoxLayout()
        for button in (self.close_form, self.export, self.give):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        head.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(4), theme.px(20), theme.px(8))
        column.setSpacing(theme.px(8))
        column.addLayout(head)
        column.addWidget(self.tags)
        column.addWidget(self.trouble)
        card = Card()
        card.body.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        card.add(self.tabs, 1)
        card.setFixedWidth(theme.px(_NAV))
        halves = QHBoxLayout()
        halves.setSpacing(theme.px(12))
        halves.addWidget(card)
        halves.addLayout(self._body, 1)
        column.addLayout(halves, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        narrow = self.width() < themes.current().px(_NARROW)
        self._head.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def start(self, draft: Draft) -> None:
        """Show a draft from its beginning."""
        self.writing, self._shown = Writing(draft), None
        self.trouble.show_error("")
        self._remark()
        self._section = ""
        self.show_section(next(iter(SECTIONS)))

    def show_section(self, name: str, *, anew: bool = False) -> None:
        """Show one section, or what there is to look through; one that is shown only where it is wanted ``anew``."""
        if self.writing is None or (name == self._section and not anew):
            return
        self._section = name
        self.tabs.select(name)
        if name == REVIEW:
            review = Review(self.writing)
            review.opened.connect(self.go_to)
            review.restored.connect(self._on_restored)
            review.looked_up.connect(self._on_looked_up)
            self._shown = review
        else:
            form = SectionForm(name, self.writing, self._put, self._today())
            form.reshaped.connect(
                lambda: QTimer.singleShot(0, form, lambda: self.show_section(name, anew=True))
            )
            self._shown = form
        old = self._scroller
        self._scroller = Scroller(self._shown)
        self._body.addWidget(self._scroller, 1)
        if old is not None:
            self._body.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _enter(self) -> None:
        first = self._shown.first() if self._shown is not None else None
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def go_to(self, path: str) -> None:
        """Show the field at a path and give it the keyboard."""
        self.show_section(section_of(path))
        found = self._shown.field_at(path) if self._shown is not None else None
        if found is not None:
            QTimer.singleShot(0, found, lambda: self._bring(found))  # once everything has its place

    def _bring(self, editor: QWidget) -> None:
        editor.setFocus(Qt.FocusReason.TabFocusReason)
        if self._scroller is not None:
            self._scroller.reveal(editor)

    def is_in_fields(self) -> bool:
        """Whether the keyboard is in the fields, and not on the tabs."""
        focused = self.focusWidget()
        return focused is not None and self._shown is not None and self._shown.isAncestorOf(focused)

    def _put(self, path: str, value: Any) -> None:
        assert self.writing is not None
        self.writing.put(path, value)
        self._changed()

    def _changed(self) -> None:
        self._remark()
        if self._shown is not None:
            self._shown.remark()
        self.saving.emit()

    def _on_restored(self, one: Difference) -> None:
        self._put(one.where, one.old) if not isinstance(one.old, list) or "." in one.where else self._reorder(
            one
        )

    def _reorder(self, one: Difference) -> None:
        """A list back in its old order, or a plain list back as it was."""
        assert self.writing is not None
        held = self.writing.of(one.where)
        if shapes(Policy)[one.where].holds == "entries":
            order = {code: number for number, code in enumerate(one.old)}
            held = sorted(
                held, key=lambda item: order.get(str(item.get("code") or item.get("key")), len(order))
            )
            self._put(one.where, held)
        else:
            self._put(one.where, one.old)

    def _on_looked_up(self, paths: list[str]) -> None:
        assert self.writing is not None
        self.writing.check(paths)
        self._changed()

    def _remark(self) -> None:
        """Title, marks and what each tab counts."""
        writing = self.writing
        assert writing is not None
        self.title.setText(writing.title)
        tags = [Tag(_("draft"), "info")]
        if writing.faults:
            tags.append(Tag(_("{count} not right").format(count=len(writing.faults)), "bad"))
        if writing.unchecked:
            tags.append(Tag(_("{count} sources to look up").format(count=len(writing.unchecked)), "warn"))
        tags.append(Tag(_("{count} changes").format(count=len(writing.differences))))
        self.tags.show_tags(tags)
        self.give.setEnabled(not writing.faults)
        self.sections.dataChanged.emit(self.sections.index(0, 0), self.sections.index(len(SECTIONS), 0))

    def _tab_words(self, section: str) -> str:
        title = titles().get(section, _("Look through"))
        wrong, waiting = self._counts(section)
        told = [_("{count} not right").format(count=wrong)] if wrong else []
        told += [_("{count} sources to look up").format(count=waiting)] if waiting else []
        return _("; ").join((title, *told))

    def _tab(self, section: str) -> Cell:
        wrong, waiting = self._counts(section)
        line: list[Piece] = [Text(titles().get(section, _("Look through")))]
        if wrong:
            line.append(Tag(f"✕{wrong}", "bad", hint=_("{count} not right").format(count=wrong)))
        elif waiting:
            line.append(
                Tag(f"?{waiting}", "warn", hint=_("{count} sources to look up").format(count=waiting))
            )
        return [line]

    def _counts(self, section: str) -> tuple[int, int]:
        writing = self.writing
        return (writing.faults_in(section), writing.unchecked_in(section)) if writing else (0, 0)
