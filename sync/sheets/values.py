"""One cell of a roster → one value. What cannot be read is a doubt (a code), never a guess.

Each reader returns the value and the doubt or None.
"""

import csv
import math
import re
import unicodedata
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads
from typing import Any

from storage.policy.id_number import normalise
from sync.sheets.cells import Cell, Fault
from sync.sheets.columns import data, plain

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe]"
)
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_WORD = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U000323af\u1800-\u18af"  # Han, Mongolian
_DOTS = re.compile(rf"(?<=[{_WORD}])\s*[.．•・･‧∙⋅●。﹒᛫·]\s*(?=[{_WORD}])")
_SPACE_IN_WORD = re.compile(rf"(?<=[{_WORD}·])\s+(?=[{_WORD}·])")
_REMARK = re.compile(r"\s*[(（\[【〔](.*?)[)）\]】〕]?\s*$|[*＊#＃★☆△▲√]+$", re.DOTALL)
_NAME = re.compile(rf"[{_WORD}·]{{2,}}|[A-Za-z][A-Za-z'’ .·-]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+?\d{1,2}")
_IN_NUMBER = re.compile(r"(?<=\d)[\s-](?=\d)")
_SEVEN = re.compile(r"\d{7}")
_NO_PHONE = {"无", "没有", "暂无", "-", "/", "0", "空"}
_COUNT = "第?([0-9]{1,3}|[一二三四五六七八九十]{1,3})"
_UNIT = "(村民小组|居民小组|小组|村民组|组|社|队|独贵龙)"
_GROUP = re.compile(f"{_COUNT}{_UNIT}?")
_GROUP_IN = re.compile(
    f"(?<![0-9一二三四五六七八九十]){_COUNT}{_UNIT}(?![长织区会保村委])"
)  # 三组 of 某村三组花名册
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}
_YMD = re.compile(
    r"(\d{4})\s*[-./年,、 ]\s*(\d{1,2})\s*[-./月,、 ]\s*(\d{1,2})\s*[日号]?(\s*[T ]?\d{1,2}:\d{2}.*)?"
)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})(\.0)?")
_MONTH = re.compile(r"(19|20)\d{2}(\s*[-./年]\s*)?(0?[1-9]|1[0-2])\s*月?")

Read = tuple[str, str | None]


def text_of(cell: Cell) -> str:
    """A cell as text without invisible characters and outer space; whole numbers without a point."""
    if cell is None or isinstance(cell, Fault):
        return ""
    if isinstance(cell, str) and cell.isalnum():
        return cell
    if isinstance(cell, float):
        return format(cell, ".15g") if abs(cell) < 1e15 else _fifteen_digits(cell)
    return _INVISIBLE.sub("", str(cell)).strip()


def _fifteen_digits(number: float) -> str:
    """The 15 digits a spreadsheet keeps of a long number, then zeros.

    A float this long is a multiple of 32 or 128, so …000 comes back a little off; what is further off was never
    rounded by a spreadsheet, and its first 15 digits are right as they are.
    """
    whole, slack = int(number), int(math.ulp(number) / 2)
    if 10**17 <= abs(whole) < 10**18 and (whole + slack) % 1000 > 2 * slack:
        return str(whole // 1000 * 1000)
    mantissa, _, exponent = f"{number:.14e}".partition("e")
    return mantissa.replace(".", "") + "0" * (int(exponent) - 14)


@lru_cache(maxsize=8192)
def line_of(cell: Cell) -> str:
    """Text on one line, runs of space made one."""
    return " ".join(text_of(cell).split())


def fault_of(cell: Cell, field: str) -> str | None:
    """The doubt of a cell that holds an error or a formula without a result."""
    return f"{field}.{cell.kind}" if isinstance(cell, Fault) else None


@lru_cache(maxsize=16384)
def name(cell: Cell) -> tuple[str, str, str | None]:
    """A name, a remark that stood behind it in the same cell, and a doubt.

    NFC, no spaces inside Han names, one "·" whatever dot was typed (GB/T 2312 keyboards offer six).
    """
    if isinstance(cell, str) and _PLAIN_NAME.fullmatch(cell):
        return cell, "", None
    if isinstance(cell, Fault):
        return "", "", fault_of(cell, "name")
    raw = unicodedata.normalize("NFC", text_of(cell).strip("'\"`‘’“”"))
    found = _REMARK.search(raw)
    remark = (found[1] or "").strip() if found else ""
    bare = raw[: found.start()] if found else raw
    clean = _SPACE_IN_WORD.sub("", _DOTS.sub("·", " ".join(bare.split()))).strip("·. ")
    if not clean:
        return "", remark, "name.missing"
    if not isinstance(cell, str):
        return clean, remark, "name.number"
    if not _NAME.fullmatch(clean):
        return clean, remark, "name.odd"
    return clean, remark, "name.remark" if found else None


def id_text(cell: Cell) -> tuple[str, bool, str | None]:
    """An ID number as written, freed of width, spaces and quotes; whether a number cell held it; a doubt."""
    if isinstance(cell, Fault):
        return "", False, fault_of(cell, "id")
    if isinstance(cell, str):
        if cell.isascii() and cell.isalnum():
            return cell.upper(), False, None
        text = normalise(cell)
        return text, _SCIENTIFIC.fullmatch(text) is not None, None
    return text_of(cell), cell is not None, None


@cache
def _vocabulary() -> dict[str, Any]:
    return data("values.toml")


def _code_file(file: str) -> str:
    return (files("resources") / "codes" / file).read_text("utf-8-sig")


@lru_cache(maxsize=2048)
def sex(cell: Cell) -> Read:
    """'1' male, '2' female, '' where blank or unreadable."""
    return _listed(cell, _words("sex"), "sex")


@cache
def _words(kind: str) -> dict[str, str]:
    return {plain(word): code for code, words in _vocabulary()[kind].items() for word in words}


def _listed(cell: Cell, words: dict[str, str], field: str) -> Read:
    if isinstance(cell, Fault):
        return "", fault_of(cell, field)
    text = plain(text_of(cell))
    code = words.get(text, "")
    return code, f"{field}.unreadable" if text and not code else None


@cache
def _ethnic_words() -> dict[str, str]:
    rows = list(csv.DictReader(_code_file("ethnic.csv").splitlines()))
    words = {row["name"]: row["code"] for row in rows} | {row["code"]: row["code"] for row in rows}
    words |= {row["name"].removesuffix("族"): row["code"] for row in rows if len(row["name"]) > 2}
    words |= {"汉": "01", "回": "03", "藏": "04", "满": "11"}
    return words | _words("ethnic")


@lru_cache(maxsize=2048)
def ethnic(cell: Cell) -> Read:
    """GB/T 3304 code, or the text itself with a doubt."""
    code, doubt = _listed(cell, _ethnic_words(), "ethnic")
    return code or line_of(cell), doubt


@cache
def _relation_words() -> dict[str, str]:
    words = _words("relation")
    for row in csv.DictReader(_code_file("relationships.csv").splitlines()):
        for word in (row["name"], row["code"], row["digit"], *row["variants"].split()):
            words.setdefault(plain(word), row["digit"])
    ordinals = _vocabulary()["relation_words"]
    return words | {"": "", **{plain(word): words[plain(word)] for word in ordinals["ordered"]}}


@cache
def _ordinal() -> re.Pattern[str]:
    return re.compile(f"^({_vocabulary()['relation_words']['ordinals']})(?=.)")


@lru_cache(maxsize=2048)
def relation(cell: Cell) -> Read:
    """Relation to the head: one digit of GB/T 4761, 0 the head; '' where blank or unreadable."""
    if isinstance(cell, Fault):
        return "", fault_of(cell, "relation")
    words, rules = _relation_words(), _vocabulary()["relation_words"]
    text = plain(text_of(cell))
    for prefix in rules["prefixes"]:
        if text not in words:
            text = text.removeprefix(prefix)
    if text not in words and (stripped := _ordinal().sub("", text)) in rules["ordered"]:
        text = stripped
    if text in rules["ambiguous"]:
        return words[text], "relation.ambiguous"
    return words.get(text, ""), None if text in words else "relation.unreadable"


@cache
def _residence_words() -> dict[str, str]:
    shared = loads(_code_file("residence_aliases.toml"))["words"]
    words = {plain(word): code for code, listed in shared.items() for word in listed}
    return words | _words("residence")


_YES_IS = {
    "residence": ("resident", "away"),
    "residence_away": ("away", "resident"),
    "residence_incoming": ("incoming", ""),
}


@lru_cache(maxsize=2048)
def residence(cell: Cell, column: str) -> Read:
    """'resident', 'away', 'incoming' or ''; what yes and no mean depends on which ``column`` it is."""
    if isinstance(cell, Fault):
        return "", fault_of(cell, "residence")
    text = plain(text_of(cell))
    answers = _words("yes_no")
    if answer := answers.get(text):
        return _YES_IS[column][answer == "no"], None
    code, doubt = _listed(cell, _residence_words(), "residence")
    return "" if code == "unknown" else code, doubt


@lru_cache(maxsize=2048)
def yes(cell: Cell) -> bool | None:
    """What a column that asks yes or no says, None where it is blank or says something else."""
    answer = _words("yes_no").get(plain(text_of(cell)))
    return None if answer is None else answer == "yes"


@lru_cache(maxsize=2048)
def group(cell: Cell) -> str:
    """A village group in one writing: 第三村民小组, 三组, 3 → 3组; 三社 → 3社; other words as they are."""
    text = plain(text_of(cell))
    match = _GROUP.fullmatch(text)
    if not match:
        return line_of(cell)
    unit = match[2] if match[2] in ("社", "队", "独贵龙") else "组"
    return f"{_count(match[1])}{unit}"


def group_in(text: str) -> str:
    """The village group a title or a sheet's name speaks of, '' where it names none."""
    match = _GROUP_IN.search(plain(text))
    return group(match[0]) if match else ""


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_NUMERALS[numeral]) for numeral in text))
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)


def phone(cell: Cell) -> Read:
    """Digits of a phone number; several numbers in one cell stay as written."""
    if isinstance(cell, Fault):
        return "", fault_of(cell, "phone")
    if isinstance(cell, str) and cell.isdecimal() and cell.isascii():
        return cell, None
    if type(cell) is int and cell > 10**6:
        return str(cell), None
    text = unicodedata.normalize("NFKC", line_of(cell)).strip("'\"` ")
    if _SCIENTIFIC.fullmatch(text):
        return text, "phone.unreadable"
    joined = _IN_NUMBER.sub("", text).removeprefix("+86").removesuffix(".0")
    if joined in _NO_PHONE:
        return "", None
    return joined, "phone.unreadable" if joined and not _SEVEN.search(joined) else None


def birth(cell: Cell, *, date_1904: bool = False) -> tuple[date | None, str | None]:
    """A date of birth with its day; a month alone, two-digit years and other riddles are None with a doubt."""
    if cell is None:
        return None, None
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day), None
    if isinstance(cell, int | float) and 3_000 < cell < 80_000 and cell == int(cell):
        start = date(1904, 1, 1) if date_1904 else date(1899, 12, 30)
        return start + timedelta(days=int(cell)), "birth.serial"
    if isinstance(cell, Fault):
        return None, fault_of(cell, "birth")
    return _written_date(unicodedata.normalize("NFKC", text_of(cell)).strip("'\"` "))


def _written_date(text: str) -> tuple[date | None, str | None]:
    match = _YMD.fullmatch(text) or _EIGHT.fullmatch(text)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3])), None
        except ValueError:
            return None, "birth.unreadable"
    if not text:
        return None, None
    return None, "birth.month_only" if _MONTH.fullmatch(text) else "birth.unreadable"
