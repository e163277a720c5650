"""Sheets as offices open them: read by three readers, over many sheets, with sums, stopped, or open elsewhere."""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import KnownError
from sync.reports.xlsx import ColumnSpec, write_table
from tests.unit.sync.reports.reread import by_calamine, by_openpyxl, cells_in_xml, vectors

TEXT = (ColumnSpec("姓名"), ColumnSpec("证件号码", 20))
COUNTED = (ColumnSpec("序号", 5, "int"), ColumnSpec("姓名"), ColumnSpec("金额", None, "money", total=True))


def same(value: object) -> str:
    """A text as any reader may give it: the XML standard turns bare CR into LF."""
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def test_every_vector_comes_back_as_text(tmp_path: Path) -> None:
    texts, path = vectors(), tmp_path / "x.xlsx"
    assert len(texts) > 27
    write_table(path, "=1+1", TEXT, [(text, "152726197308210978") for text in texts], notes=texts)
    for rows in (by_openpyxl(path), by_calamine(path)):
        assert [same(row[0]) for row in rows[2 : 2 + len(texts)]] == [same(text) for text in texts]
        assert {row[1] for row in rows[2 : 2 + len(texts)]} == {"152726197308210978"}
        assert [same(row[0]) for row in rows[3 + len(texts) :]] == [same(text) for text in texts]
    cells = cells_in_xml(path)
    assert {(kind, form) for _at, kind, form in cells} == {("inlineStr", "@")}
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in everything and b"hyperlink" not in everything and b"externalLink" not in everything


sheet_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(sheet_text, min_size=1, max_size=8), st.sampled_from(["", "=", "+", "-", "@", "\t", "'"]))
def test_any_text_comes_back(tmp_path: Path, texts: list[str], first: str) -> None:
    path, wanted = tmp_path / "x.xlsx", [first + text for text in texts]
    write_table(path, "名单", TEXT, [(text, text) for text in wanted])
    assert [same(row[0]) for row in by_calamine(path)[2:]] == [same(text) for text in wanted]
    assert all(kind == "inlineStr" for _at, kind, _form in cells_in_xml(path))


@given(st.integers(0, 10**18 - 1))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_id_number_loses_a_digit(tmp_path: Path, number: int) -> None:
    path, text = tmp_path / "x.xlsx", f"{number:018d}"
    write_table(path, "名单", TEXT, [("云海", text)])
    assert by_openpyxl(path)[2][1] == by_calamine(path)[2][1] == text


def test_rows_go_on_in_further_sheets(tmp_path: Path) -> None:
    path, people = tmp_path / "x.xlsx", [(number, f"人{number}", 100 * number) for number in range(1, 26)]
    assert write_table(path, "名单", COUNTED, iter(people), notes=["甲", "乙"], last_row=12) == 25
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["名单", "名单 (2)", "名单 (3)"]
    found: list[tuple[object, ...]] = []
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][0] == "名单" and rows[1] == ("序号", "姓名", "金额")
        assert sheet.max_row <= 12 and sheet.freeze_panes == "A3" and sheet.print_title_rows == "$1:$2"
        found += rows[2:]
    assert [row[1] for row in found if isinstance(row[0], int)] == [row[1] for row in people]
    assert (None, "合计", sum(row[2] for row in people) / 100) in found
    assert [row[0] for row in found][-2:] == ["甲", "乙"]


def test_a_sheet_just_full_needs_no_other(tmp_path: Path) -> None:
    columns = (ColumnSpec("序号", 5, "int"), ColumnSpec("姓名"))
    people = [(number, "人") for number in range(1, 11)]
    write_table(tmp_path / "x.xlsx", "名单", columns, people, last_row=12)
    assert len(openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames) == 1
    write_table(tmp_path / "y.xlsx", "名单", columns, [*people, (11, "人")], last_row=12)
    assert len(openpyxl.load_workbook(tmp_path / "y.xlsx").sheetnames) == 2


def test_the_sums_are_exact(tmp_path: Path) -> None:
    amounts = [1, 10, 33, 99, 40050, 123456789] * 50
    write_table(tmp_path / "x.xlsx", "名单", COUNTED, [(1, "人", fen) for fen in amounts])
    last = by_openpyxl(tmp_path / "x.xlsx")[-1]
    assert last[1] == "合计" and round(float(str(last[2])) * 100) == sum(amounts)


def test_a_page_says_which_it_is(tmp_path: Path) -> None:
    write_table(tmp_path / "x.xlsx", "名单", COUNTED, [(1, "人", 5)])
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert (sheet.oddFooter.center.text, sheet.page_setup.orientation) == ("第 &P 页 共 &N 页", "landscape")


class Watcher:
    """Looks on; stops after so many words."""

    def __init__(self, patience: int = 10**9) -> None:
        self.told: list[tuple[int, int]] = []
        self.patience = patience

    def tell(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def stopped(self) -> bool:
        return len(self.told) >= self.patience


def test_progress_is_told_and_stopping_leaves_nothing(tmp_path: Path) -> None:
    def people() -> Iterator[tuple[object, ...]]:
        yield from ((number, "人", 1) for number in range(3000))

    watcher = Watcher()
    write_table(tmp_path / "x.xlsx", "名单", COUNTED, people(), watch=watcher)
    assert watcher.told[-1] == (3000, 3000) and len(watcher.told) > 5
    (tmp_path / "x.xlsx").unlink()
    with pytest.raises(KnownError, match=r"report\.stopped"):
        write_table(tmp_path / "x.xlsx", "名单", COUNTED, people(), watch=Watcher(2))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mark", ["~$x.xlsx", ".~lock.x.xlsx#", ".~x.xlsx"])
def test_a_file_that_is_open_elsewhere(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "x.xlsx"
    write_table(path, "名单", COUNTED, [(1, "人", 5)])
    before = path.read_bytes()
    (tmp_path / mark).write_bytes(b"")
    with pytest.raises(KnownError) as caught:
        write_table(path, "名单", COUNTED, [(2, "人", 5)])
    assert (caught.value.code, caught.value.params["file"]) == ("file.open_elsewhere", "x.xlsx")
    assert path.read_bytes() == before and not (tmp_path / "x.xlsx.part").exists()


def test_a_file_the_system_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(_part: Path, _path: Path) -> None:
        raise PermissionError(13, "held")

    monkeypatch.setattr("sync.reports.xlsx.replace", held)
    with pytest.raises(KnownError, match=r"file\.open_elsewhere"):
        write_table(tmp_path / "x.xlsx", "名单", COUNTED, [(1, "人", 5)])
    assert list(tmp_path.iterdir()) == []


def test_days_and_amounts_are_what_they_are(tmp_path: Path) -> None:
    columns = (ColumnSpec("日期", kind="date"), ColumnSpec("金额", kind="money"))
    write_table(tmp_path / "x.xlsx", "名单", columns, [(date(2025, 11, 3), 40050), ("1944年", None)])
    rows = by_calamine(tmp_path / "x.xlsx")
    assert rows[2] == [date(2025, 11, 3), 400.5]
    assert rows[3][0] == "1944年"
