"""What a file is, from its bytes; the name says nothing (half of all .xls files are something else)."""

import io
import re
import zipfile
import zlib
from typing import Literal

from storage.errors import KnownError

Format = Literal["ooxml", "xls", "ods", "text"]

_HEAD = 1 << 20  # bytes of a part that tell what the package is
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (  # a workbook of Excel 2 to 95 without a container
    *(b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00"),
    *(b"\x09\x00\x04\x00", b"\x09\x00\x06\x00"),
)
_BIFF5 = re.compile(rb"\x09\x08\x08\x00\x00\x05\x05\x00")
_BIFF8 = re.compile(rb"\x09\x08.\x00\x00\x06\x05\x00", re.DOTALL)
_LOCKED_XLS = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_FOREIGN = {
    b"%PDF": "pdf",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"BM": "picture",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
    b"\x7fELF": "program",
    b"{\\rtf": "word",
    b"SQLite format 3": "database",
    b"age-encryption.org": "bundle",
}


def sniff(data: bytes) -> Format:
    """Tell the kind of content; raises KnownError where it is no spreadsheet or cannot be one we read."""
    if not data.strip(b" \t\r\n\x00"):
        raise KnownError("sheet.empty")
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith(_BIFF):
        raise KnownError("sheet.unknown_format", found="excel95")
    if data.startswith(b"PK") or zipfile.is_zipfile(io.BytesIO(data)):
        return _zip(data)
    for magic, found in _FOREIGN.items():
        if data.startswith(magic) and not (magic == b"BM" and data[6:10] != bytes(4)):
            raise KnownError("sheet.unknown_format", found=found)
    return "text"


def _ole(data: bytes) -> Format:
    """Old Office container: a workbook, an encrypted new one, or another program's file."""
    for stream in ("EncryptedPackage", "EncryptionInfo"):
        if stream.encode("utf-16-le") in data:
            raise KnownError("sheet.password")
    if _LOCKED_XLS.search(data):
        raise KnownError("sheet.password")
    if "WordDocument".encode("utf-16-le") in data:
        raise KnownError("sheet.unknown_format", found="word")
    if _BIFF5.search(data) and not _BIFF8.search(data):
        raise KnownError("sheet.unknown_format", found="excel95")  # its letters would come out wrong
    return "xls"


def _zip(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = {name.replace("\\", "/").lstrip("/").lower() for name in package.namelist()}
            if "mimetype" in names:
                return _open_document(package)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, KeyError, EOFError) as error:
        raise KnownError("sheet.damaged") from error  # no directory at its end: the copy was cut short
    if "word/document.xml" in names:
        raise KnownError("sheet.unknown_format", found="word")
    if any(name.startswith("xl/") for name in names):
        return "ooxml"
    raise KnownError("sheet.unknown_format", found="archive")


def _open_document(package: zipfile.ZipFile) -> Format:
    """What a package is that names its own kind; one with a password says so in its list of parts."""
    kind = _start(package, "mimetype")
    if b"opendocument.text" in kind:
        raise KnownError("sheet.unknown_format", found="word")
    if b"opendocument.spreadsheet" not in kind:
        raise KnownError("sheet.unknown_format", found="archive")
    if b"encryption-data" in _start(package, "META-INF/manifest.xml"):
        raise KnownError("sheet.password")
    return "ods"


def _start(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_HEAD)
