"""csv for offices that ask: digits stay, nothing runs, all comes back."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import KnownError
from sync.reports.tables import ColumnSpec
from sync.reports.textfile import shielded, write_csv
from sync.sheets.reading import read
from tests.unit.sync.reports.reread import vectors

COLUMNS = (
    ColumnSpec("姓名"),
    ColumnSpec("身份证号"),
    ColumnSpec("金额", kind="money", total=True),
    ColumnSpec("日期", kind="date"),
    ColumnSpec("率", kind="percent"),
)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_a_file_for_excel(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    row = ("云海", "152726197308210978", 40050, date(2025, 11, 3), Decimal("94.9"))
    assert write_csv(path, COLUMNS, [row, ("=1+1", "0017", None, None, None)]) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows_of(path) == [
        ["姓名", "身份证号", "金额", "日期", "率"],
        ["云海", "\t152726197308210978", "400.50", "2025-11-03", "94.9%"],
        ["'=1+1", "\t0017", "", "", ""],
        ["合计", "", "400.50", "", ""],
    ]


def unshielded(text: str) -> str:
    """What the first character alone says was added goes again."""
    return text[1:] if text.startswith(("\t", "'")) else text


def test_our_own_reader_drops_the_shield(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, COLUMNS[:2], [("云海", "152726197308210978")])
    (sheet,) = read(path).sheets
    assert [[str(cell).strip() for cell in row] for row in sheet.rows][-1] == ["云海", "152726197308210978"]


@pytest.mark.parametrize("text", vectors())
def test_no_vector_begins_a_formula(text: str) -> None:
    held = shielded(text)
    assert unshielded(held) == text
    assert not held.lstrip("\ufeff\u200b\u00a0\u3000 ").startswith(tuple("=+-@\t\r\n\0|＝＋－＠"))


@pytest.mark.parametrize(
    "digits",
    [
        "152726197308210978",
        "15272619730821097X",
        "13800001111",
        "0017",
        "1-2",
        "3/4",
        "1e5",
        "2025-01-01",
        "12:30",
    ],
)
def test_digits_that_are_no_number_stay_text(digits: str) -> None:
    assert shielded(digits) == f"\t{digits}"


@pytest.mark.parametrize("words", ["云海", "17", "0", "2组", "152726********0978", "a-b", "A1"])
def test_words_stand_as_they_are(words: str) -> None:
    assert shielded(words) == words


@given(st.text(max_size=40))
def test_what_goes_out_comes_back(text: str) -> None:
    held = shielded(text)
    assert unshielded(held) == text
    assert held[:1] not in tuple("=+-@\r\n|") or held == text == ""


def test_the_old_file_stays_where_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, COLUMNS[:1], [("云海",)])
    before = path.read_bytes()

    class Stopper:
        def tell(self, done: int, total: int) -> None:
            pass

        def stopped(self) -> bool:
            return True

    with pytest.raises(KnownError, match=r"report\.stopped"):
        write_csv(path, COLUMNS[:1], [("巴图",)], watch=Stopper())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
