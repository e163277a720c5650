"""Charts on A4 and as pictures: the same drawing as on screen."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from PySide6.QtCore import QRectF, QSaveFile, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from gui.charts import faces, lay
from gui.charts.drawing import Drawing
from gui.charts.values import Chart, Ranking
from gui.i18n import _
from gui.printing.paper import LANDSCAPE, MM, PORTRAIT, Format
from gui.printing.pdf import write_pages
from storage.errors import KnownError

_FOOT = 7 * MM
_MARGIN = 22.0  # px round a picture


class Sheets:
    """A chart on as few pages of A4 as it can be read on: bars upright, small multiples on their side."""

    def __init__(self, chart: Chart) -> None:
        self.chart, self.face = chart, faces.paper()
        self.format: Format = PORTRAIT if isinstance(chart, Ranking) else LANDSCAPE
        self._drawings = self._split()

    @property
    def pages(self) -> range:
        """The pages."""
        return range(len(self._drawings))

    def paint(self, painter: QPainter, number: int) -> None:
        """Paint page ``number`` (from 0) on a painter whose unit is 0.02 mm."""
        body = self.format.body
        painter.save()
        painter.translate(body.topLeft())
        self._drawings[number].paint(painter)
        painter.restore()
        foot = QRectF(body.left(), body.bottom() - _FOOT + 2 * MM, body.width(), _FOOT - 2 * MM)
        painter.setPen(QColor("black"))
        words = _("Page {page} of {pages}").format(page=number + 1, pages=len(self.pages))
        self.face.ink(12).draw(painter, foot, words, "right")

    def _split(self) -> list[Drawing]:
        """Pages of equal length: one more, until each has room."""
        room = self.format.body.height() - _FOOT
        count, pages = len(self.chart), 0
        while True:
            pages += 1
            each = max(ceil(count / pages), 1)
            parts = [self.chart.part(first, first + each) for first in range(0, max(count, 1), each)]
            drawn = [self._draw(part, room) for part in parts]
            if each == 1 or all(one.height <= room for one in drawn):
                return drawn

    def _draw(self, part: Chart, room: float) -> Drawing:
        return lay.drawing(part, self.face, self.format.body.width(), room)


def write_pdf(chart: Chart, path: Path) -> int:
    """Write a chart as PDF, whole or not at all; returns its pages. KnownError print.no_font, file.not_written."""
    sheets = Sheets(chart)
    write_pages(path, chart.title, len(sheets.pages), sheets.paint, format=sheets.format)
    return len(sheets.pages)


def image(chart: Chart, width: int = 1080, scale: float = 1.9) -> QImage:
    """A picture ``width`` pixels across, letters ``scale`` times as large as on a screen; KnownError print.no_font."""
    face = faces.picture(scale)
    edge = face.at(_MARGIN)
    drawn = lay.drawing(chart, face, width - 2 * edge)
    made = QImage(width, ceil(drawn.height + 2 * edge), QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    with QPainter(made) as painter:
        painter.translate(edge, edge)
        drawn.paint(painter)
    return made


def write_png(charts: Sequence[Chart], path: Path) -> list[Path]:
    """Write each chart as a PNG, the second and further ones numbered; returns the files.

    KnownError print.no_font, file.not_written.
    """
    paths = [
        path.with_stem(f"{path.stem}-{number}") if number > 1 else path
        for number in range(1, len(charts) + 1)
    ]
    for chart, target in zip(charts, paths, strict=True):
        made, file = image(chart), QSaveFile(str(target))
        opened = file.open(QSaveFile.OpenModeFlag.WriteOnly)
        if not opened or not made.save(file, "png") or not file.commit():  # type: ignore[call-overload]
            raise KnownError("file.not_written", file=target.name, reason=file.errorString())
    return paths
