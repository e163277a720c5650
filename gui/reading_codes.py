"""Codes of printed lists out of pictures: a photograph, a scan; from a phone's cable or a stick, never the network."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from storage.errors import KnownError
from storage.printed import SheetCode, parse

_LARGEST = 40_000_000  # pixels; a photograph of a phone has 12 to 50 million
_SCALES = (1.0, 0.5, 2.0)
"""As it is; smaller, which takes noise and shake away; larger, where the code is small in the picture."""
_MOST = 120_000_000  # pixels, enlarged


def codes_in(path: Path) -> list[SheetCode]:
    """Return the codes of our lists in a picture, each once, pages before rows.

    Raises KnownError: picture.unreadable (file, reason), picture.no_code (file).
    """
    import zxingcpp  # only where a picture is read

    image = _picture(path)
    found: dict[SheetCode, None] = {}
    for one in _sizes(image):
        read = zxingcpp.read_barcodes(one, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
        found |= {code: None for barcode in read if (code := parse(barcode.text)) is not None}
        if found:
            break
    if not found:
        raise KnownError("picture.no_code", file=path.name)
    return sorted(found, key=lambda code: (code.row > 0, code.number, code.page, code.row))


def _picture(path: Path) -> QImage:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)  # as the camera was held
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > _LARGEST:
        reader.setScaledSize(size.scaled(QSize(6000, 6000), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise KnownError("picture.unreadable", file=path.name, reason=reader.errorString())
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def _sizes(image: QImage) -> Iterator[QImage]:
    """The picture in the sizes in which a code may be found, each made when it is asked for."""
    for scale in _SCALES:
        size = image.size() * scale
        if size.width() * size.height() <= _MOST:
            how = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            yield image if scale == 1.0 else image.scaled(size, *how)
