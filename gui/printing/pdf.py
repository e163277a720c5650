"""PDF files that come whole or not at all, and whose words can be searched."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from PySide6.QtCore import QBuffer, QIODevice, QSaveFile
from PySide6.QtGui import QPainter, QPdfWriter, QRawFont

from gui import theme
from gui.ops import Task
from gui.printing.paper import LANDSCAPE, UNITS_PER_INCH, Format, page_layout
from storage.errors import KnownError

Paint = Callable[[QPainter, int], None]
Watch = Callable[[int, int], bool]
"""Hears after each page how many of how many are painted; False stops the work."""

_DESCRIBED = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{about}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_MAPS = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_RADICAL = re.compile(rb"<(2[EF][0-9A-F]{2})>")


def unwatched(_done: int, _total: int) -> bool:
    """Let it go on."""
    return True


def watched(task: Task) -> Watch:
    """Let a task hear how far it is, and stop where somebody asked it to."""

    def watch(done: int, total: int) -> bool:
        task.tell(done, total)
        return not task.stopped()

    return watch


def write_pages(
    path: Path,
    title: str,
    pages: int,
    paint: Paint,
    *,
    about: str = "",
    format: Format = LANDSCAPE,
    watch: Watch = unwatched,
) -> None:
    """Write `pages` pages of A4, on its side unless told otherwise.

    KnownError "file.not_written" and no file where that fails, "report.stopped" where `watch` said so.
    `about` stands in the file's own description, where a program finds it as plain text.
    """
    content = mend_words(render(title, pages, paint, about=about, format=format, watch=watch))
    # Written beside the target and renamed when complete: an old list survives a full disk.
    target = QSaveFile(str(path))
    written = target.open(QIODevice.OpenModeFlag.WriteOnly) and target.write(content) == len(content)
    if not written or not target.commit():
        raise KnownError("file.not_written", file=path.name, reason=target.errorString())


def render(
    title: str,
    pages: int,
    paint: Paint,
    *,
    about: str = "",
    format: Format = LANDSCAPE,
    watch: Watch = unwatched,
) -> bytes:
    """The PDF as it comes from Qt; KnownError "report.stopped"."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(UNITS_PER_INCH)
    writer.setPageLayout(page_layout(format))
    writer.setTitle(title)
    writer.setCreator("Huqing")
    if about:
        writer.setDocumentXmpMetadata(_DESCRIBED.format(title=escape(title), about=escape(about)).encode())
    # A painter left open when its paper is dropped takes the process with it.
    with QPainter(writer) as painter:
        for number in range(pages):
            if number:
                writer.newPage()
            paint(painter, number)
            if not watch(number + 1, pages):
                raise KnownError("report.stopped")
    return bytes(buffer.data().data())


def mend_words(content: bytes) -> bytes:
    """Let the PDF say 女 where Qt says ⼥, the radical that is drawn with the same glyph.

    Qt names a glyph by the lowest code point drawn with it, so 子, 女, 力 or 门 could be neither
    found nor copied. The tables that name glyphs are plain text of fixed width: they are mended in place.
    """
    names = _same_glyph()

    def name(match: re.Match[bytes]) -> bytes:
        return b"<%04X>" % names.get(int(match[1], 16), int(match[1], 16))

    return _MAPS.sub(lambda table: _RADICAL.sub(name, table[0]), content)


def _same_glyph() -> dict[int, int]:
    """Radicals (U+2E80 to U+2FDF) to the ideographs drawn with the same glyph by the fonts in use."""
    found: dict[int, int] = {}
    ideographs = [*range(0x4E00, 0xA000), *range(0x3400, 0x4DC0)]
    for bold in (False, True):
        raw = QRawFont.fromFont(theme.make_font(theme.installed_families(), 100, bold))
        glyphs = zip(_glyphs(raw, ideographs), ideographs, strict=True)
        by_glyph = {glyph: point for glyph, point in glyphs if glyph}
        radicals = range(0x2E80, 0x2FE0)
        for glyph, radical in zip(_glyphs(raw, radicals), radicals, strict=True):
            if glyph in by_glyph:
                found[radical] = by_glyph[glyph]
    return found


def _glyphs(raw: QRawFont, points: range | list[int]) -> list[int]:
    return raw.glyphIndexesForString("".join(map(chr, points)))
