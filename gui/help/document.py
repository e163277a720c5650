"""A help page as a document: Markdown laid out with our fonts, alike on screen and on paper (QtGui only)."""

from collections.abc import Iterator
from importlib.resources import as_file
from itertools import product

from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFragment,
    QTextFrame,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextListFormat,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
    QTextTableFormat,
)

from gui.help import book

_OF_TEXT, _OF_HEADINGS, _OF_PICTURES = (
    150.0,
    125.0,
    100.0,
)  # heights of lines, per cent of what stands in them
_COLUMNS = (24, 76)  # per cent of the width, for a key and what it does
_HEADINGS = {1: 1.6, 2: 1.2, 3: 1.05}
"""Sizes of headings, as multiples of the text's."""
_ABOVE = {1: 2.2, 2: 1.5, 3: 1.1}
"""Room above headings, in heights of the text."""


_AFTER_DOTS = "\u2005"  # a quarter of the text's height


class HelpDocument(QTextDocument):
    """A page with pictures of ``width``, scaled for ``sharp`` pixels per unit (0: left as they are).

    ``air`` is the room between lines and paragraphs, 1 on a screen; ``beside``: words flow along the pictures.
    """

    def __init__(
        self,
        language: str,
        font: QFont,
        width: float,
        sharp: float = 1.0,
        air: float = 1.0,
        *,
        beside: bool = False,
    ) -> None:
        super().__init__()
        self.width, self.air, self.beside = width, air, beside
        self._language, self._sharp = language, sharp
        self.setDefaultFont(font)
        self.setDocumentMargin(0)
        self.setIndentWidth(font.pixelSize() * 1.8)
        self.setUseDesignMetrics(True)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of this language, scaled to its width."""
        if kind != int(QTextDocument.ResourceType.ImageResource.value):
            return super().loadResource(kind, name)
        path = name.toString() if isinstance(name, QUrl) else name
        with as_file(book.folder(self._language).joinpath(*path.split("/"))) as file:
            image = QImage(str(file))
        most = round(self.width * self._sharp)
        if self._sharp and image.width() > most:
            image = image.scaledToWidth(most, Qt.TransformationMode.SmoothTransformation)
        shown = _framed(image) if self.beside else image
        self.addResource(kind, name if isinstance(name, QUrl) else QUrl(name), shown)  # asked at every layout
        return shown


def lay_out(
    document: HelpDocument, markdown: str, ink: QColor, soft: QColor, mark: QColor, link: QColor
) -> None:
    """Fill a document with a page in these colours: words, what is beside them, the ground of keys, links."""
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    if document.beside:
        _float_pictures(document)
    size = document.defaultFont().pixelSize()
    for block in blocks(document):
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(_block_format(document, block))
        if level:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(_heading(document.defaultFont(), round(size * _HEADINGS[level]), ink))
        for fragment in _fragments(block):
            if fragment.charFormat().isImageFormat():
                _fit(document, fragment)
            else:
                _dress(document, fragment, ink, mark, link)
        marks = block.textList()
        if marks is not None and marks.format().style() == QTextListFormat.Style.ListDisc:
            _part_from_dot(document, block)
    _tables(document, soft, mark)


def place_of(document: QTextDocument, title: str) -> QTextBlock | None:
    """The block of a heading."""
    return next(
        (
            block
            for block in blocks(document)
            if block.blockFormat().headingLevel() and block.text().strip() == title
        ),
        None,
    )


def blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    """Its paragraphs, one after another."""
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    found = []
    at = block.begin()
    while not at.atEnd():
        found.append(at.fragment())
        at += 1
    return found


def _block_format(document: HelpDocument, block: QTextBlock) -> QTextBlockFormat:
    size, air = document.defaultFont().pixelSize(), document.air
    level, made = block.blockFormat().headingLevel(), QTextBlockFormat()
    high = (
        _OF_PICTURES
        if _picture(block) is not None and not document.beside
        else _OF_HEADINGS
        if level
        else _OF_TEXT
    )
    made.setLineHeight(100 + (high - 100) * air, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    made.setTopMargin(size * air * _ABOVE.get(level, 0.0))
    made.setBottomMargin(size * air * (0.2 if block.textList() is not None else 0.5))
    return made


def _part_from_dot(document: HelpDocument, block: QTextBlock) -> None:
    """Keep the words from the dot before them: Qt leaves it a space of their font, too little beside Chinese."""
    wide = QFontMetricsF(document.defaultFont()).horizontalAdvance(_AFTER_DOTS)
    made = QTextBlockFormat()
    made.setLeftMargin(wide)
    made.setTextIndent(-wide)  # the lines that follow begin where the words of the first do
    first = QTextCursor(block)
    first.mergeBlockFormat(made)
    first.insertText(_AFTER_DOTS, QTextCharFormat())


def _heading(font: QFont, size: int, ink: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    larger = QFont(font)
    larger.setPixelSize(size)
    larger.setBold(True)
    made.setFont(larger, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll)
    made.setForeground(ink)
    return made


def _dress(document: QTextDocument, fragment: QTextFragment, ink: QColor, mark: QColor, link: QColor) -> None:
    """Keys get a ground, links their colour; both keep the face of the text."""
    found = fragment.charFormat()
    made = QTextCharFormat()
    if found.fontFixedPitch():
        made.setFontFamilies(document.defaultFont().families())
        made.setFontFixedPitch(False)
        made.setBackground(mark)
    elif found.isAnchor():
        made.setForeground(link)
        made.setFontUnderline(True)  # colour alone says nothing
    else:
        made.setForeground(ink)
    _cursor_over(document, fragment).mergeCharFormat(made)


def _fit(document: HelpDocument, fragment: QTextFragment) -> None:
    """A picture as wide as the page wants it."""
    made = QTextImageFormat(fragment.charFormat().toImageFormat())
    made.setWidth(document.width)
    _cursor_over(document, fragment).setCharFormat(made)


def _float_pictures(document: HelpDocument) -> None:
    """Let each picture, a paragraph of its own, stand at the right of the paragraph before it and what follows."""
    alone = [block for block in blocks(document) if _picture(block) is not None]
    for block in reversed(alone):
        found = _picture(block)
        assert found is not None
        made, before = QTextImageFormat(found.charFormat().toImageFormat()), QTextCursor(block.previous())
        gone = QTextCursor(block)
        gone.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        gone.removeSelectedText()
        gone.deletePreviousChar()
        before.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        before.insertImage(made, QTextFrameFormat.Position.FloatRight)


def _framed(image: QImage) -> QImage:
    """A picture with a thin edge, and white at its left and below, where the words would touch it."""
    gap, edge = image.width() // 28, 2
    made = QImage(image.width() + gap, image.height() + gap // 2, QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    with QPainter(made) as painter:
        painter.drawImage(gap, 0, image)
        painter.setPen(QPen(QColor("#b6c2cf"), edge))
        painter.drawRect(gap, edge // 2, image.width() - edge, image.height() - edge)
    return made


def _picture(block: QTextBlock) -> QTextFragment | None:
    return next((one for one in _fragments(block) if one.charFormat().isImageFormat()), None)


def floating(document: QTextDocument, block: QTextBlock) -> QRectF:
    """Where the picture beside a paragraph stands in the document; empty where there is none."""
    found = _picture(block)
    frame = document.object(found.charFormat().objectIndex()) if found is not None else None
    if not isinstance(frame, QTextFrame):
        return QRectF()
    return document.documentLayout().frameBoundingRect(frame)


def _cursor_over(document: QTextDocument, fragment: QTextFragment) -> QTextCursor:
    cursor = QTextCursor(document)
    cursor.setPosition(fragment.position())
    cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _tables(document: HelpDocument, line: QColor, ground: QColor) -> None:
    """A line under each row, the titles on a ground of their own."""
    size = document.defaultFont().pixelSize()
    for table in document.rootFrame().childFrames():
        if not isinstance(table, QTextTable):
            continue
        made = QTextTableFormat()
        made.setBorder(0)
        made.setCellSpacing(0)
        made.setTopMargin(size * 0.3)
        made.setBottomMargin(size * 0.8)
        made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        made.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.PercentageLength, share) for share in _COLUMNS]
        )
        table.setFormat(made)
        for row, column in product(range(table.rows()), range(table.columns())):
            _dress_cell(table.cellAt(row, column), size * document.air, line, None if row else ground)


def _dress_cell(cell: QTextTableCell, size: float, line: QColor, ground: QColor | None) -> None:
    made = QTextTableCellFormat()
    made.setPadding(size * 0.35)
    made.setBottomBorder(max(1.0, size * 0.05))
    made.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    made.setBottomBorderBrush(line)
    if ground is not None:
        made.setBackground(ground)
    cell.setFormat(made)
    flat = QTextBlockFormat()
    flat.setTopMargin(0)
    flat.setBottomMargin(0)
    cell.firstCursorPosition().mergeBlockFormat(flat)
