"""The manual on paper: the same pages one after another, on A4 with a list of contents and page x of y."""

from collections.abc import Sequence
from itertools import islice
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
    QTextOption,
)

from gui.help import book
from gui.help.book import Topic
from gui.help.document import HelpDocument, blocks, lay_out
from gui.i18n import _
from gui.printing import pdf
from gui.printing.paper import MM, PORTRAIT, Inks, inks
from storage.kinds import OFFICE

_SIDE, _HEAD, _FOOT = 20 * MM, 22 * MM, 18 * MM
_TEXT = 3.4  # mm, between 9 and 10 pt
_AIR = 0.5
_SLIVER = 0.8 * MM  # what the first line of the next page reaches up
_PICTURE = 0.6  # of the width of the lines
_LEAST = {1: 0.36, 2: 0.12, 3: 0.1}
_WITH_TABLE = 0.3
"""What of a page a heading needs below itself to stand there."""
_INK, _LINE, _KEY, _LINK = (QColor(name) for name in ("#1b2430", "#b6c2cf", "#e8eef2", "#1f6f6b"))


def write(path: Path, language: str, role: str) -> int:
    """Write the manual for a role ("v", "o"); returns its pages. KnownError print.no_font, file.not_written."""
    made = Manual(language, role, inks())
    pdf.write_pages(path, made.title, made.pages, made.paint, format=PORTRAIT)
    return made.pages


class Manual:
    """The laid out manual; ``paint`` puts one page on a painter."""

    def __init__(self, language: str, role: str, fonts: Inks) -> None:
        topics = book.book(language).of(role)
        self.title = manual_title(role)
        self._inks = fonts
        self._room = QRectF(
            _SIDE,
            _HEAD,
            PORTRAIT.size.width() - 2 * _SIDE,
            PORTRAIT.size.height() - _HEAD - _FOOT,
        )
        self._document = self._made(language, topics)

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

    def _made(self, language: str, topics: Sequence[Topic]) -> HelpDocument:
        font = QFont(self._inks.text.font)
        font.setPixelSize(round(_TEXT * MM))
        made = HelpDocument(language, font, self._room.width() * _PICTURE, sharp=0, air=_AIR)
        made.setPageSize(self._room.size())
        contents = [f"# {self.title}", *(topic.title for topic in topics)]
        text = "\n\n".join([*contents, *(topic.markdown for topic in topics)])
        lay_out(made, text, _INK, _LINE, _KEY, _INK)
        heads = [block for block in blocks(made) if block.blockFormat().headingLevel()]
        self._break_pages(made, heads)
        self._number(made, [block for block in heads[1:] if block.blockFormat().headingLevel() == 1])
        return made

    def _break_pages(self, document: HelpDocument, heads: Sequence[QTextBlock]) -> None:
        """No heading stands at the foot of a page without what it is about."""
        tall = self._room.height()
        for block, following in zip(heads[1:], [*heads[2:], None], strict=True):
            top = document.documentLayout().blockBoundingRect(block).top() % tall
            needed = (
                _WITH_TABLE if _has_table(block, following) else _LEAST[block.blockFormat().headingLevel()]
            )
            if top > tall * (1 - needed):
                made = QTextBlockFormat()
                made.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).mergeBlockFormat(made)
                # Laid out again from its beginning: Qt loses what follows a table when it only mends the rest.
                document.setPageSize(document.pageSize() + QSizeF(1, 0))
                document.setPageSize(document.pageSize() - QSizeF(1, 0))

    def _number(self, document: HelpDocument, heads: Sequence[QTextBlock]) -> None:
        """Write the pages into the list of contents."""
        tab = QTextBlockFormat()
        end = QTextOption.Tab(self._room.width(), QTextOption.TabType.RightTab)
        tab.setTabPositions([end])
        lines = islice(blocks(document), 1, 1 + len(heads))
        for line, head in zip(list(lines), heads, strict=True):
            top = document.documentLayout().blockBoundingRect(head).top()
            cursor = QTextCursor(line)
            cursor.mergeBlockFormat(tab)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.insertText(f"\t{int(top // self._room.height()) + 1}")


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
