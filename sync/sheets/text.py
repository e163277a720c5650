"""Text files: which encoding, which separator, which rows."""

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE
from collections import Counter
from collections.abc import Iterator

from storage.errors import KnownError
from sync.sheets.cells import Fault, shown

_SEPARATORS = ",\t;|，"
_PROTECTED = re.compile(
    r'\s*="(.*)"\s*\Z', re.DOTALL
)  # ="1506…": how exports keep Excel from making a number
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_ASCII = bytes(range(128))
_DAMAGE = 0.005  # share of unreadable characters up to which a text still counts as this encoding


def decode(data: bytes) -> tuple[str, int]:
    """Text of the bytes and how many characters of it could not be read (shown as U+FFFD).

    UTF-8, UTF-16 with or without its mark, GB 18030 (which GBK and GB 2312 are part of). A declared encoding
    is not asked: exports write gb2312 and mean GBK. Raises sheet.encoding or sheet.unknown_format.
    """
    if encoding := _marked(data):
        text = data.decode(encoding, "replace")
    else:
        data = data.rstrip(b"\x00")  # a disk's padding
        if b"\x00" in data:
            raise KnownError("sheet.unknown_format", found="binary")
        text = _unmarked(data)
    if len(_CONTROL.findall(text)) > len(text) * _DAMAGE:
        raise KnownError("sheet.unknown_format", found="binary")
    return text.lstrip("\ufeff"), text.count("\ufffd")


def _marked(data: bytes) -> str | None:
    """Encoding told by a byte order mark, or by every second byte being zero."""
    if data.startswith(BOM_UTF8):
        return "utf-8"
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) and not data.startswith(BOM_UTF32_LE):
        return "utf-16"
    head = data[:4096]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high, low = head[start::2], head[1 - start :: 2]
        if high.count(0) > len(high) * 0.1 and high.count(0) > 10 * low.count(0):
            return encoding
    return None


def _unmarked(data: bytes) -> str:
    foreign = len(data.translate(None, _ASCII))
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= foreign * _DAMAGE:
            return text
    for encoding in ("utf-8", "gb18030"):  # a short text, one bad byte in it
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= 1 and len(text) > 40:
            return text
    raise KnownError("sheet.encoding")


def csv_rows(text: str) -> Iterator[list[str | Fault]]:
    """Rows of separated text; a row's number counts records, as a spreadsheet shows them."""
    told = re.match(r"sep=(.)\r?\n", text)
    separator = told[1] if told else _separator(text)
    if told:
        text = text[told.end() :]
    closed = _quotes_close(text, separator)
    lines = io.StringIO(text, newline="")
    quoted = csv.reader(lines, delimiter=separator)
    bare = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    try:
        for row in quoted if closed else bare:
            yield [shown(_unprotected(cell if closed else cell.strip('"'))) for cell in row]
    except csv.Error as error:
        raise KnownError("sheet.damaged") from error


def _separator(text: str) -> str:
    """The character that cuts most lines into the same number of pieces."""
    lines = [line for line in text[:200_000].splitlines()[:300] if line.strip()]

    def score(separator: str) -> int:
        counts = Counter(line.count(separator) for line in lines)
        del counts[0]
        return max((pieces * times for pieces, times in counts.items()), default=0)

    return max(_SEPARATORS, key=score)


def _quotes_close(text: str, separator: str) -> bool:
    """Whether no unclosed quotation mark draws whole lines into one cell."""
    if '"' not in text:
        return True
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any("\n" in cell and cell.count("\n") > 3 and cell.count(separator) > 6 for cell in row):
                return False
    except csv.Error:  # it drew in a great part of the file
        return False
    return True


def _unprotected(cell: str) -> str:
    if not cell.lstrip().startswith('="'):
        return cell
    match = _PROTECTED.match(cell)
    return match[1] if match else cell
