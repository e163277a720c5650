"""What the words of lists mean: those of a staged list nobody knows yet, and all that were ever said."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui import theme as themes
from gui.i18n import _
from gui.models.intake import MOST_WORDS
from gui.models.taken import aliases_model
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.labels import FlowLayout, label
from gui.widgets.notices import EmptyState
from gui.widgets.scroll import Scroller
from gui.widgets.tables import TableView
from gui.wording.listed import Alias

NOTHING = ""
_UNSAID = None


class WordsPanel(Card):
    """Each unknown word with how many rows say it and a box of what it means; ``named(word, code)`` tells one."""

    named = Signal(str, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, QComboBox] = {}
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        theme = themes.current()
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(8))
        self._grid.setColumnStretch(3, 1)
        self.title = label("", "title", wrap=True)
        self.below = label("", "soft", wrap=True)
        self.close_button = KeyButton(_("Back to the rows"), "Escape", bind=False)
        self.close_button.clicked.connect(self.closed)
        self.add(self.title)
        self.add(self.below)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._inner)
        column.addStretch(1)
        self.add(Scroller(holder), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        self.add(foot)

    def show_words(self, unmapped: Mapping[str, int], meanings: Mapping[str, str]) -> None:
        """Show the words nobody knows, the most frequent first."""
        held = next((word for word, box in self.boxes.items() if box.hasFocus()), "")
        order = list(self.boxes)
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.boxes = {}
        words = sorted(unmapped, key=lambda word: (-unmapped[word], word))
        self.title.setText(
            _("{count} words nobody has said the meaning of").format(count=len(words))
            if words
            else _("Every word is known")
        )
        self.below.setText(self._explained(len(words)))
        for row, word in enumerate(words[:MOST_WORDS]):
            box = self._box(word, meanings)
            rows = _("{count} rows").format(count=f"{unmapped[word]:,}")
            for column, widget in enumerate(
                (label(word or _("empty"), wrap=False), label(rows, "soft"), box)
            ):
                self._grid.addWidget(widget, row, column)
            self.boxes[word] = box
        self._keep_focus(held, order)

    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return next(iter(self.boxes.values()), self.close_button)

    def _keep_focus(self, held: str, order: Sequence[str]) -> None:
        """Once a word is named the keyboard goes on with the next one."""
        if held:
            after = [*order[order.index(held) + 1 :], *order]
            following = next((self.boxes[word] for word in after if word in self.boxes), None)
            (following or self.close_button).setFocus()

    def _explained(self, count: int) -> str:
        if count > MOST_WORDS:
            return _(
                "Only the {most} most frequent are shown. So many mean that a column was taken for the wrong one."
            ).format(most=MOST_WORDS)
        if not count:
            return _("Back to the rows with Esc.")
        return _("Your answer is kept for the next lists; it can be changed in the table of words.")

    def _box(self, word: str, meanings: Mapping[str, str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(word)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.addItem(_("what does it mean?"), _UNSAID)
        for code, name in meanings.items():
            if code:
                box.addItem(name, code)
        box.addItem(_("nothing for us"), NOTHING)
        box.activated.connect(lambda _line, word=word, box=box: self._on_chosen(word, box))
        return box

    def _on_chosen(self, word: str, box: QComboBox) -> None:
        if box.currentData() is not _UNSAID:
            self.named.emit(word, str(box.currentData()))


class AliasPanel(Card):
    """The table of words: ``changed(vocabulary, word, code)``; a code of None forgets the word."""

    changed = Signal(str, str, object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.model = aliases_model()
        self.table = TableView(self.model, _("What words of lists mean"))
        self.table.set_empty(
            EmptyState(
                _("No word was explained here yet"),
                _(
                    "The usual words of the departments are known. Words explained here apply to all later lists."
                ),
            )
        )
        self.word, self.meaning = QLineEdit(), QComboBox()
        self.word.setPlaceholderText(_("word of a list, such as 农村低保"))
        self.word.setAccessibleName(_("Word"))
        self.meaning.setAccessibleName(_("Meaning"))
        self.meaning.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.keep = KeyButton(_("Keep"), "Return", primary=True)
        self.forget = KeyButton(_("Forget this word"), "Delete")
        self.close_button = KeyButton(_("Back"), "Escape", bind=False)
        self._vocabulary = "group"
        self._build()
        self.keep.clicked.connect(self._on_keep)
        self.forget.clicked.connect(self._on_forget)
        self.close_button.clicked.connect(self.closed)
        self.table.row_changed.connect(self._show)

    def show_aliases(self, aliases: Sequence[Alias], meanings: Mapping[tuple[str, str], str]) -> None:
        """Show the table; ``meanings`` are what a word can mean: (vocabulary, code) → name."""
        held = self.meaning.currentData()
        self.meaning.clear()
        for key, name in meanings.items():
            self.meaning.addItem(name, key)
        self.meaning.setCurrentIndex(max(self.meaning.findData(held), 0) if held else 0)
        self.model.set_rows(aliases)
        self.forget.setEnabled(bool(aliases))

    def _show(self, alias: Alias) -> None:
        self.word.setText(alias.word)
        for line in range(self.meaning.count()):
            if tuple(self.meaning.itemData(line)) == (alias.vocabulary, alias.code):
                self.meaning.setCurrentIndex(line)

    def _on_keep(self) -> None:
        word = self.word.text().strip()
        if word and self.meaning.currentData() is not None:
            vocabulary, code = self.meaning.currentData()
            self.word.clear()
            self.changed.emit(vocabulary, word, code)

    def _on_forget(self) -> None:
        alias: Alias | None = self.table.current_row()
        if alias is not None:
            self.changed.emit(alias.vocabulary, alias.word, None)

    def _build(self) -> None:
        theme = themes.current()
        self.add(label(_("What words of lists mean"), "title"))
        self.add(
            label(
                _("It applies from the next list on; lists taken over before stay as they are."),
                "soft",
                wrap=True,
            )
        )
        self.add(self.table, 1)
        form = QWidget()
        flow = FlowLayout(form, gap=8)
        self.word.setMinimumWidth(theme.px(240))
        for widget in (self.word, self.meaning, self.keep, self.forget, self.close_button):
            flow.addWidget(widget)
        self.add(form)
