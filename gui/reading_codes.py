"""Codes of printed lists out of pictures: a photograph, a scan; from a phone's cable or a stick, never the network."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from storage.errors import KnownError
from storage.printed import SheetCode, parse

_LARGEST = 40_000_000  # pixels; a photograph of a phone has 12 to 50 million
_LEAST_SIDE = 1600  # px: a small picture is read enlarged, too


def codes_in(path: Path) -> list[SheetCode]:
    """Return the codes of our lists in a picture, each once, pages before rows.

    Raises KnownError: picture.unreadable (file, reason), picture.no_code (file).
    """
    import zxingcpp  # only where a picture is read

    image = _picture(path)
    found: dict[SheetCode, None] = {}
    for one in (image, *_enlarged(image)):
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


def _enlarged(image: QImage) -> list[QImage]:
    side = max(image.width(), image.height())
    if side >= _LEAST_SIDE:
        return []
    return [
        image.scaled(
            image.size() * (_LEAST_SIDE / side),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    ]
