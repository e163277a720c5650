"""Every file of the shared material: what comes out of it, or the code it is refused with."""

from pathlib import Path

import pytest

from storage.errors import KnownError
from sync.sheets.header import find_tables
from sync.sheets.kinds import recognise
from sync.sheets.reading import read
from sync.sheets.roster import roster_rows
from tests.unit.sync.sheets.making import FIXTURES

SHEETS, SAMPLES = FIXTURES / "sheets", FIXTURES / "samples"

# file → people, households, first and last name, last ID number
ROSTERS = {
    "01_title_and_unit_rows.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "03_hidden_rows_cols_sheets_filter.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "05_spaces_fullwidth_zero_width_notes.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "07_1904_dates.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "09_formula_injection_as_text.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "11_gbk.csv": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "13_utf8_nobom.csv": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "15_utf16le_tab.csv": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "17_id_with_tab_and_equals_quote.csv": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "19_trailing_commas_blank_lines.csv": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "23_spreadsheetml2003_renamed.xls": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "25_xlsx_renamed.xls": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "27_xls_renamed.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "32_junk_before_zip.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "36_dimension_missing.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "38_one_cell_at_bottom_right.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "40_no_styles.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "44_path_traversal_entry.xlsx": (60, 23, "王阳", "王秀兰", "150626200807030004"),
    "48_formulas_no_cache_and_errors.xlsx": (60, 23, "", "王秀兰", "150626200807030004"),
    "50_blank_rows_subtotal_second_header_duplicates.xlsx": (66, 27, "王阳", "王阳", "15272719360509000X"),
    "merged.xls": (5, 2, "云海", "李娜", "150621199001010022"),
    "01-查干沟嘎查村花名册.xlsx": (600, 228, "彭洋候", "伊拉", "150621197103177482"),
    "02-巴音淖尔村花名册.xlsx": (600, 218, "杜翠莲", "恩和巴雅尔", "612732200212203717"),
    "03-乌兰木独村花名册.xlsx": (600, 229, "通拉嘎", "熊涛小", "152726197007040717"),
}

# file → kind, whose, rows
OTHERS = {
    "21_html_table_renamed.xls": ("tax_payments", None, 60),
    "乡村振兴统筹发展中心名单.xlsx": ("department_list", "rural_revitalisation", 75),
    "残联名单.xlsx": ("department_list", "disabled_federation", 75),
    "民政局名单.xlsx": ("department_list", "civil_affairs", 75),
    "在校学生参保统计.xlsx": ("student_list", None, 79),
    "平台参保信息导出.xlsx": ("platform_export", None, 1440),
    "税务缴费明细.csv": ("tax_payments", None, 1116),
    "缴费导出.xls": ("tax_payments", None, 40),
}

REFUSED = {
    "30_truncated.xlsx": "sheet.damaged",
    "34_flipped_bytes.xlsx": "sheet.damaged",
    "42_xxe.xlsx": "sheet.entities",
    "46_many_rows_1M_small_file.xlsx": "sheet.too_many_rows",
    "password.xlsx": "sheet.password",
}


def path_of(name: str) -> Path:
    """The fixture of that name, wherever it lies."""
    return next(folder / name for folder in (SHEETS, SAMPLES) if (folder / name).exists())


def test_every_file_is_spoken_of() -> None:
    files = {path.name for folder in (SHEETS, SAMPLES) for path in folder.iterdir()}
    assert files == {*ROSTERS, *OTHERS, *REFUSED}


@pytest.mark.parametrize("name", ROSTERS)
def test_rosters(name: str) -> None:
    (table,) = find_tables(read(path_of(name)))
    people = roster_rows(table).rows
    assert recognise(table).name == "roster"
    households = {person.household for person in people}
    assert None not in households
    assert (len(people), len(households)) == ROSTERS[name][:2]
    assert (people[0].name, people[-1].name, people[-1].id_text) == ROSTERS[name][2:]


@pytest.mark.parametrize("name", OTHERS)
def test_other_lists_are_recognised(name: str) -> None:
    (table,) = find_tables(read(path_of(name)))
    kind = recognise(table)
    assert (kind.name, kind.department, table.last_row - table.first_row + 1) == OTHERS[name]
    assert kind.because


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    with pytest.raises(KnownError) as caught:
        read(path_of(name))
    assert (caught.value.code, caught.value.params["file"]) == (REFUSED[name], name)


def test_renamed_files_are_the_same() -> None:
    assert read(SHEETS / "01_title_and_unit_rows.xlsx").digest == read(SHEETS / "25_xlsx_renamed.xls").digest


def test_defects_of_the_forms_are_doubts() -> None:
    def rows(name: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
        people = roster_rows(find_tables(read(SHEETS / name))[0]).rows
        return [(row.name, row.id_text, row.note, row.doubts) for row in people[:8]]

    assert rows("05_spaces_fullwidth_zero_width_notes.xlsx") == [
        ("王阳", "15272719360509000X", "", ()),
        ("徐健", "152727197404090001", "", ()),
        ("王平", "152727193904230009", "", ()),
        ("王凤兰", "150626201706140006", "", ()),
        ("王帅", "150626202212250007", "", ("name.remark",)),
        ("王琳", "152727193410010006", "外出", ("name.remark",)),
        ("王秀珍", "15272719951026000X", "", ()),
        ("薛凯", "152727195711050000", "故", ("name.remark",)),
    ]
    assert [doubts for _, _, _, doubts in rows("48_formulas_no_cache_and_errors.xlsx")] == [
        *[("name.formula",), (), ("name.error",), ("name.error",)],
        *[("name.formula",), (), ("name.error",), ("name.error",)],
    ]


def test_what_stands_between_and_below_the_people() -> None:
    def skipped(name: str) -> list[tuple[int, str]]:
        return [(row.row_number, row.why) for row in roster_rows(find_tables(read(path_of(name)))[0]).skipped]

    assert skipped("50_blank_rows_subtotal_second_header_duplicates.xlsx") == [
        (20, "blank"), (21, "blank"), (22, "blank"), (65, "blank"), (66, "total"), (67, "header"),
    ]  # fmt: skip
    assert skipped("02-巴音淖尔村花名册.xlsx") == [(604, "total"), (605, "signature")]


def test_notes_say_what_was_left_out() -> None:
    def notes(name: str) -> list[tuple[str, dict[str, str | int]]]:
        return [(note.code, note.params) for note in read(path_of(name)).notes]

    assert notes("03_hidden_rows_cols_sheets_filter.xlsx") == [
        ("sheet.note.hidden_sheet", {"sheet": "去年"}),
        ("sheet.note.hidden_sheet", {"sheet": "字典"}),
    ]
    assert notes("38_one_cell_at_bottom_right.xlsx") == [
        ("sheet.note.far_cells", {"sheet": "参保花名册", "place": "IW1"}),
    ]
