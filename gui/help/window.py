"""The help window: topics at the left, the page at the right, one box that finds; it stays beside the work."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from gui import i18n
from gui import theme as themes
from gui.help import book
from gui.help.book import Book, Found, Topic
from gui.help.document import HelpDocument, lay_out, place_of
from gui.i18n import _
from gui.widgets.buttons import KeyButton
from gui.widgets.labels import flowing
from gui.widgets.nav import NavEntry, NavList
from gui.widgets.notices import Notice
from gui.widgets.reading import move_focus
from gui.widgets.search import SearchBox
from storage.version import VERSION

_SIZE = QSize(1120, 700)
_SIDE = 28  # px beside the words


class _Pages(QTextBrowser):
    """The page shown; the pictures follow its width."""

    widened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("look", "help")
        self.setAccessibleName(_("Help page"))

    def room(self) -> int:
        """Pixels a line has."""
        return max(self.viewport().width() - 2 * themes.current().px(_SIDE), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.widened.emit()


class HelpWindow(QWidget):
    """``touring`` asks for the guided tour, ``printing`` for the manual as a file."""

    touring = Signal()
    printing = Signal()

    def __init__(self, role: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._beside = parent
        self._role = role
        self._book: Book = book.book(i18n._.language or i18n.DEFAULT)
        self._before: list[tuple[str, str]] = []
        self.shown: tuple[str, str] = ("", "")
        self.setWindowTitle(f"{_('Guide')} · {_('Huqing')} {VERSION}")
        self.setProperty("ground", True)
        self.nav = NavList(_("Guide"))
        self.search = SearchBox(_("What would you do?"))
        self.pages = _Pages()
        self.back = KeyButton(_("Back"), "Alt+Left")
        self.tour = KeyButton(_("Show me around"), "F2")
        self.manual = KeyButton(_("Manual as PDF…"), "Ctrl+P")
        self.leave = KeyButton(_("Close"), "Escape")
        self._build()
        self.notice = Notice(self)
        self._listen()

    def show_about(self, topic: Topic, anchor: str = "") -> None:
        """Show a topic, at a heading where one is named."""
        if self.shown[0] and self.shown != (topic.name, anchor):
            self._before.append(self.shown)
        self._show(topic.name, anchor)

    def open(self) -> None:
        """Come to the front, beside the work the first time."""
        if not self.isVisible():
            self.setGeometry(self._place())
        self.show()
        self.raise_()
        self.activateWindow()
        self.pages.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, words: str) -> None:
        """Say what was done."""
        self.notice.tell(words)

    def _build(self) -> None:
        theme = themes.current()
        self.nav.set_entries([NavEntry(topic.name, topic.title) for topic in self._book.of(self._role)])
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(16), theme.px(10), theme.px(16), theme.px(10))
        head.setSpacing(theme.px(8))
        head.addWidget(self.search, 1)
        for button in (self.back, self.leave):
            head.addWidget(button)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.px(16), theme.px(8), theme.px(16), theme.px(8))
        foot.addWidget(flowing(self.tour, self.manual))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(head)
        right.addWidget(self.pages, 1)
        right.addLayout(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.nav)
        whole.addLayout(right, 1)
        self.back.setEnabled(False)

    def _listen(self) -> None:
        self.nav.chosen.connect(lambda name: self._go(name, ""))
        self.search.searched.connect(self._on_searched)
        self.search.entered.connect(self._on_entered)
        self.search.moved_down.connect(self.pages.setFocus)
        self.search.left.connect(self.pages.setFocus)
        self.pages.anchorClicked.connect(self._on_link)
        self.pages.widened.connect(self._draw_again)
        self.back.clicked.connect(self._on_back)
        self.tour.clicked.connect(self.touring)
        self.manual.clicked.connect(self.printing)
        self.leave.clicked.connect(self.close)

    def _place(self) -> QRect:
        """In the middle of the window it helps with, never larger than the screen."""
        screen = self.screen() or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        size = (_SIZE * themes.current().scale).boundedTo(room.size() * 0.95)
        wanted = QRect(room.topLeft(), size)
        wanted.moveCenter(self._beside.geometry().center())
        if not room.contains(wanted):
            wanted.moveCenter(room.center())
        return wanted

    def _go(self, name: str, anchor: str) -> None:
        topic = self._book.topic(name)
        if topic is not None:
            self.show_about(topic, anchor)

    def _show(self, name: str, anchor: str) -> None:
        topic = self._book.topic(name, self._role)
        if topic is None:
            return
        self.shown = (name, anchor)
        self.back.setEnabled(bool(self._before))
        if topic in self._book.of(self._role):
            self.nav.select(name)
        self._draw(topic.markdown)
        title = next((one.title for one in topic.sections if one.anchor == anchor and anchor), "")
        self._scroll_to(title)

    def _draw(self, markdown: str) -> None:
        theme, pages = themes.current(), self.pages
        made = HelpDocument(self._book.language, theme.font(), pages.room(), self.devicePixelRatioF())
        made.setParent(pages)
        colours = [theme.colour(name) for name in ("ink", "edge", "mainsoft", "main")]
        lay_out(made, markdown, *colours)
        made.setDocumentMargin(theme.px(_SIDE))
        before = pages.document()
        pages.setDocument(made)
        if isinstance(before, HelpDocument):
            before.deleteLater()  # with its pictures; Qt keeps what it did not make itself

    def _scroll_to(self, title: str) -> None:
        block = place_of(self.pages.document(), title) if title else None
        top = self.pages.document().documentLayout().blockBoundingRect(block).top() if block else 0
        self.pages.verticalScrollBar().setValue(round(top) - themes.current().px(8) if block else 0)

    def _draw_again(self) -> None:
        if self.shown[0]:
            self._show(*self.shown)

    def _on_searched(self, text: str) -> None:
        if text:
            self._draw(_results(text, self._book.find(text, self._role)))
        elif self.shown[0]:
            self._show(*self.shown)

    def _on_entered(self) -> None:
        found = self._book.find(self.search.text(), self._role)
        if found:
            self.search.clear()
            self.show_about(found[0].topic, found[0].section.anchor)
            self.pages.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_link(self, link: QUrl) -> None:
        self._go(link.path().removesuffix(".md") or self.shown[0], link.fragment())

    def _on_back(self) -> None:
        if self._before:
            self._show(*self._before.pop())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._beside.activateWindow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._draw_again()


def _results(text: str, found: list[Found]) -> str:
    """What was found, as a page."""
    if not found:
        return (
            f"# {_('Nothing found for “{words}”').format(words=_quiet(text))}\n\n"
            f"{_('Try a shorter word, or choose a topic at the left.')}"
        )
    lines = [f"# {_('Found for “{words}”').format(words=_quiet(text))}"]
    for one in found:
        link = f"{one.topic.name}.md#{one.section.anchor}".removesuffix("#")
        title = (
            one.topic.title
            if one.section.title == one.topic.title
            else f"{one.topic.title}：{one.section.title}"
        )
        lines.append(f"[{title}]({link})  \n{_quiet(one.excerpt)}")
    return "\n\n".join(lines)


def _quiet(text: str) -> str:
    """Words that Markdown does not take for marks."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]<>#|" else sign for sign in text)
