"""The manual on paper: the same pages one after another, on A4 with a list of contents and page x of y."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextFormat,
)

from gui.help import book
from gui.help.book import Chapter
from gui.help.document import HelpDocument, blocks, floating, lay_out
from gui.i18n import _
from gui.printing import pdf
from gui.printing.paper import MM, PORTRAIT, Inks, inks
from storage.kinds import OFFICE

_SIDE, _HEAD, _FOOT = 20 * MM, 21 * MM, 17 * MM
_TEXT = 3.3  # mm, between 9 and 10 pt
_AIR = 0.5
_SLIVER = 0.8 * MM  # what the first line of the next page reaches up
_PICTURE = 0.5  # of the width of the lines
_LEAST = {1: 0.16, 2: 0.1, 3: 0.07}
_WITH_TABLE = 0.2
"""What of a page a heading needs below itself to stand there."""
_TOPIC = 2
"""The level of a topic's heading here, below its chapter's."""
_DEEPER = re.compile(r"^(#{1,2} )", re.MULTILINE)
_INK, _LINE, _KEY, _LINK = (QColor(name) for name in ("#1b2430", "#b6c2cf", "#e8eef2", "#1f6f6b"))


def write(path: Path, language: str, role: str) -> int:
    """Write the manual for a role ("v", "o"); returns its pages. KnownError print.no_font, file.not_written."""
    made = Manual(language, role, inks())
    pdf.write_pages(path, made.title, made.pages, made.paint, format=PORTRAIT)
    return made.pages


class Manual:
    """The laid out manual; ``paint`` puts one page on a painter."""

    def __init__(self, language: str, role: str, fonts: Inks) -> None:
        self.title = manual_title(role)
        self._inks = fonts
        self._room = QRectF(
            _SIDE,
            _HEAD,
            PORTRAIT.size.width() - 2 * _SIDE,
            PORTRAIT.size.height() - _HEAD - _FOOT,
        )
        self._document = self._made(language, role)

    @property
    def pages(self) -> int:
        """How many there are."""
        return int(self._document.pageCount())

    def paint(self, painter: QPainter, number: int) -> None:
        """One page, its head and its foot."""
        room, small = self._room, self._inks.small
        head = QRectF(room.left(), room.top() - 9 * MM, room.width(), 6 * MM)
        foot = QRectF(room.left(), room.bottom() + 5 * MM, room.width(), 6 * MM)
        painter.setPen(QColor("#4a5663"))
        if number:
            small.draw(painter, head, self.title)
        page = _("Page {page} of {pages}").format(page=number + 1, pages=self.pages)
        small.draw(painter, foot, page, "right")
        small.draw(painter, foot, _("All people in the pictures are invented."))
        top = number * room.height()
        painter.save()
        painter.translate(room.left(), room.top() - top)
        self._document.drawContents(painter, QRectF(0, top, room.width(), room.height() - _SLIVER))
        painter.restore()

    def _made(self, language: str, role: str) -> HelpDocument:
        chapters = book.book(language).chapters(role)
        blank = self._laid_out(language, chapters, {})
        return self._laid_out(language, chapters, self._begins(blank, chapters))

    def _laid_out(
        self, language: str, chapters: Sequence[Chapter], begins: Mapping[str, int]
    ) -> HelpDocument:
        font = QFont(self._inks.text.font)
        font.setPixelSize(round(_TEXT * MM))
        made = HelpDocument(language, font, self._room.width() * _PICTURE, sharp=0, air=_AIR, beside=True)
        made.setPageSize(self._room.size())
        lay_out(made, _markdown(self.title, chapters, begins), _INK, _LINE, _KEY, _INK)
        self._place(made, [block for block in blocks(made) if block.blockFormat().headingLevel()])
        return made

    def _place(self, document: HelpDocument, heads: Sequence[QTextBlock]) -> None:
        """No heading stands at the foot of a page without what it is about, no topic beside another one's picture."""
        tall, layout, taken = self._room.height(), document.documentLayout(), 0.0
        for block, following in zip(heads[1:], [*heads[2:], None], strict=True):
            level, top = block.blockFormat().headingLevel(), layout.blockBoundingRect(block).top()
            made = QTextBlockFormat()
            if level <= _TOPIC and top < taken:
                made.setTopMargin(block.blockFormat().topMargin() + taken - top)
                top = taken
            if top % tall > tall - self._needed(document, block, following):
                made.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            if made.propertyCount():
                QTextCursor(block).mergeBlockFormat(made)
                # Laid out again from its beginning: Qt loses what follows a table when it only mends the rest.
                document.setPageSize(document.pageSize() + QSizeF(1, 0))
                document.setPageSize(document.pageSize() - QSizeF(1, 0))
            taken = max(taken, floating(document, block.next()).bottom())

    def _needed(self, document: HelpDocument, head: QTextBlock, following: QTextBlock | None) -> float:
        """The room below its top that a heading needs on its page; a chapter's that of its first topic as well."""
        level, tall = head.blockFormat().headingLevel(), self._room.height()
        below = _WITH_TABLE if _has_table(head, following) else _LEAST[level]
        topic = head.next() if level < _TOPIC else head
        picture = floating(document, topic.next()).height()
        return max(below * tall, picture + (_TOPIC + 1 - level) * 12 * MM if picture else 0.0)

    def _begins(self, document: HelpDocument, chapters: Sequence[Chapter]) -> dict[str, int]:
        """The page each topic begins on."""
        names = [topic.name for chapter in chapters for topic in chapter.topics]
        heads = [block for block in blocks(document) if block.blockFormat().headingLevel() == _TOPIC]
        layout, tall = document.documentLayout(), self._room.height()
        tops = (layout.blockBoundingRect(head).top() for head in heads)
        return {name: int(top // tall) + 1 for name, top in zip(names, tops, strict=True)}


def _markdown(title: str, chapters: Sequence[Chapter], begins: Mapping[str, int]) -> str:
    """The whole manual: a table of contents, then the chapters, their topics a level further in."""
    rows = [
        f"| {chapter.title} | "
        + "　".join(f"{topic.title} {begins.get(topic.name, 0)}" for topic in chapter.topics)
        + " |"
        for chapter in chapters
    ]
    contents = "\n".join([f"| {_('When')} | {_('What, and on which page')} |", "|---|---|", *rows])
    parts = [
        part
        for chapter in chapters
        for part in (f"# {chapter.title}", *(_DEEPER.sub(r"#\1", one.markdown) for one in chapter.topics))
    ]
    return "\n\n".join([f"# {title}", contents, *parts])


def _has_table(head: QTextBlock, end: QTextBlock | None) -> bool:
    """Whether a table stands under a heading, before the next one."""
    block = head.next()
    while block.isValid() and block != end:
        if QTextCursor(block).currentTable() is not None:
            return True
        block = block.next()
    return False


def manual_title(role: str) -> str:
    """What the manual for a role is called."""
    return _("Huqing manual for townships") if role == OFFICE else _("Huqing manual for villages")
