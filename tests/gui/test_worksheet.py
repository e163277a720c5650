"""Working sheets in the window: out, filled in, looked at, written, taken back."""

from pathlib import Path

import openpyxl

from storage.commands import people
from storage.queries import people as register
from tests.gui import village
from tests.gui.village import YEAR, number


def filled(path: Path, *rows: tuple[str, str, object]) -> Path:
    """The sheet after somebody filled cells in: (name, title, value); a new name adds a row."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    columns = {cell.value: cell.column for cell in page[3]}
    names = {page.cell(line, columns["姓名"]).value: line for line in range(4, page.max_row + 1)}
    names.pop(None, None)
    for name, title, value in rows:
        if name not in names:
            names[name] = max(names.values()) + 1
            page.cell(names[name], columns["姓名"]).value = name
        page.cell(names[name], columns[title]).value = value
    back = path.with_name(f"回-{path.name}")
    book.save(back)
    return back


def exported(hand, tmp_path: Path) -> Path:
    """A sheet of everybody, written by the button."""
    page = hand.open("worksheet")
    hand.desk.settings.keep("lists_folder", str(tmp_path / "表"))
    hand.click(page.view.export)
    (path,) = (tmp_path / "表").glob("*.xlsx")
    return path


def asked(hand, work):
    """What the ledger says of something, asked as a page asks."""
    from gui.ops import QueryOp

    found: list[object] = []
    hand.desk.ask(QueryOp(work), found.append, owner=hand.page)
    hand.settle()
    return found[0]


def person(hand, name: str):
    return asked(hand, lambda ledger: next(one for one in register.load(ledger, YEAR) if one.name == name))


def test_out_and_back(hand, tmp_path: Path) -> None:
    path = exported(hand, tmp_path)
    assert "22 人" in hand.notice()
    new = number("20010203", 45)
    back = filled(
        path,
        ("布仁", "备注", "问过了"),
        ("苏雅拉", "是否已缴", "交了"),
        ("刘建国", "未参保原因", "谁知道"),
        ("刘桂兰", "身份证号", 1.50621195907220e17),
        ("新来的", "身份证号", new),
        ("新来的", "户编号", "0031"),
    )
    page = hand.open("worksheet", [back])
    hand.settle()
    view = page.view
    counts = page.staged.counts
    assert (
        counts["rows"]
        == sum(counts[name] for name in ("unchanged", "changed", "added", "review", "unmatched"))
        == 23
    )
    assert (counts["changed"], counts["added"], counts["review"]) == (2, 1, 1)
    hand.click(view.chips["review"])
    (line,) = page.lines.rows
    assert (line.row.name, line.cell.outcome) == ("刘建国", "unreadable") and not view.theirs.isEnabled()
    hand.click(view.chips["added"])
    assert {line.row.name for line in page.lines.rows} == {"新来的"}
    hand.click(view.write)
    assert "已写入" in hand.notice()
    assert person(hand, "布仁").note == "问过了" and person(hand, "苏雅拉").paid == "reported"
    assert person(hand, "刘建国").absence == "" and person(hand, "新来的").id_number == new
    assert not view.write.isVisible() and view.revert.isVisible()
    hand.click(view.revert)
    hand.settle()
    assert person(hand, "布仁").note == "" and person(hand, "苏雅拉").paid == "none"


def test_both_sides_are_shown_and_one_is_chosen_by_key(hand, tmp_path: Path) -> None:
    path = exported(hand, tmp_path)
    back = filled(path, ("布仁", "联系电话", "13800001111"))
    record = person(hand, "布仁").record
    asked(hand, lambda ledger: people.correct(ledger, record, "contact", phone="13922223333"))
    page = hand.open("worksheet", [back])
    hand.settle()
    (line,) = page.lines.rows
    assert line.cell.outcome == "conflict" and not page.view.write.isVisible()
    page.view.lines.setFocus()
    hand.key("T")
    (line,) = page.lines.rows
    assert line.cell.outcome == "write"
    hand.key("L")
    assert page.lines.rows[0].cell.outcome == "agreed"
    hand.click(page.view.chips["rows"])
    page._choices.clear()
    page.read(back)
    hand.settle()
    page.view.lines.setFocus()
    hand.key("T")
    hand.click(page.view.write)
    assert person(hand, "布仁").phone == "13800001111"


def test_a_file_that_is_none_is_refused_with_a_sentence(hand, tmp_path: Path) -> None:
    path = tmp_path / "乱.txt"
    path.write_text("这不是表格", encoding="utf-8")
    page = hand.open("worksheet", [path])
    hand.settle()
    assert page.view.empty.isVisible() and page.staged is None


def test_a_sheet_dropped_on_the_imports_finds_its_page(hand, tmp_path: Path) -> None:
    back = filled(exported(hand, tmp_path), ("布仁", "备注", "问过了"))
    hand.open("intake", [back])
    hand.until(lambda: hand.shell.key == "worksheet" and hand.page.staged, "for the page")
    assert [line.row.name for line in hand.page.lines.rows] == ["布仁"]


def test_a_sheet_of_a_lost_ledger_is_taken_as_the_villages_own(hand, tmp_path: Path) -> None:
    back = filled(exported(hand, tmp_path), ("布仁", "医保电子凭证", None), ("苏雅拉", "是否已缴", "交了"))
    asked(hand, lambda ledger: ledger.connection.execute("UPDATE intake SET digest = 'lost'").rowcount)
    page = hand.open("worksheet", [back])
    hand.settle()
    assert page.staged is None and page.view.anyway.isVisible()
    hand.click(page.view.anyway)
    assert page.staged.kind == "village_report" and page.staged.counts["changed"] == 1
    assert {line.row.name for line in page.lines.rows if line.cell and line.cell.outcome == "write"} == {
        "苏雅拉"
    }


def test_one_group_of_who_has_not_paid(hand, tmp_path: Path) -> None:
    page = hand.open("worksheet")
    hand.desk.settings.keep("lists_folder", str(tmp_path / "表"))
    page.view.groups.setCurrentIndex(page.view.groups.findData("02组"))
    page.view.who.setCurrentIndex(1)
    page.view.columns["note"].setChecked(False)
    hand.click(page.view.export)
    (path,) = (tmp_path / "表").glob("*.xlsx")
    rows = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert "备注" not in rows[0]
    assert {row[4] for row in rows[1:] if row[0]} == {"那顺", "其其格"}


def test_nobody_to_write_of_is_told_beside_the_button(hand, tmp_path: Path) -> None:
    from gui.models.worksheet import Wanted

    hand.desk.settings.keep("lists_folder", str(tmp_path / "表"))
    page = hand.open("worksheet", Wanted((village.CODE,), frozenset(), title="页面上选出的 0 人"))
    hand.click(page.view.export)
    assert page.view.wrong.isVisible() and "没有" in page.view.wrong.text()


def test_the_board_tells_the_last_sheet_of_a_village() -> None:
    from datetime import UTC, datetime

    from gui.models import board
    from gui.models.board_columns import _sent_cell
    from gui.widgets.pieces import words
    from storage.queries.figures import Figures
    from storage.queries.sheets import LastSheet
    from storage.queries.villages import VillageRow

    row = VillageRow(village.CODE, "查干沟嘎查村", Figures(), "", "", "waiting")
    at = datetime(2025, 12, 2, 3, tzinfo=UTC)
    sheet = LastSheet(village.CODE, "填好的.xlsx", at, "镇医保办", 3, own=False)
    without, with_one = board.BoardRow(row, None, False), board.BoardRow(row, None, False, sheet=sheet)
    assert "填好的" in _sent_cell(with_one, village.TODAY)[0][0].hint
    assert words(_sent_cell(with_one, village.TODAY)).startswith("表格")
    shown = [board.Board("resident", (one,), Figures()) for one in (without, with_one)]
    assert [len(board.unsent(one, village.TODAY)) for one in shown] == [1, 0]


def test_the_office_says_whose_sheet_it_is(start, tmp_path: Path) -> None:
    from datetime import date

    from storage import keys
    from storage.clock import Clock
    from storage.ledger import Edit
    from sync import enrol, kits

    before = keys.MEMORY_KIB, keys.PASSES
    keys.MEMORY_KIB, keys.PASSES = 64, 1
    try:
        office = enrol.create_office(
            tmp_path / "office", "150621102000", "白泥井镇", passphrase=village.PASSPHRASE, operator="镇医保办",
            data_dir=tmp_path / "data", clock=Clock(village.TODAY),
        )  # fmt: skip
    finally:
        keys.MEMORY_KIB, keys.PASSES = before
    kits.make(office, village.CODE, "查干沟嘎查村", tmp_path / "村.hqk")
    person_of = {"identity": {"name": "布仁", "id_number": number("19810719", 151)}}
    office.write([Edit("resident", office.id_for("resident", "x"), person_of, village.CODE)])
    office.close()
    book = openpyxl.Workbook()
    book.active.append(["姓名", "身份证号", "是否缴费", "缴费金额", "缴费时间"])
    book.active.append(["布仁", number("19810719", 151), "已交", 400, date(2025, 11, 4)])
    book.save(tmp_path / "村里的表.xlsx")
    hand = start(ledger=tmp_path / "office", passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger")
    page = hand.open("worksheet")
    page.take([tmp_path / "村里的表.xlsx"])
    hand.settle()
    assert page.staged is None and page.view.villages.isVisible()
    box = page.view.villages
    box.setCurrentIndex(box.findData(village.CODE))
    box.activated.emit(box.currentIndex())
    hand.settle()
    assert page.staged is not None and page.staged.counts["changed"] == 1
    hand.click(page.view.write)
    assert person(hand, "布仁").paid == "reported"
