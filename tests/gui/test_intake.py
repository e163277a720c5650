"""Lists of every kind on the import page: looked at, answered by key, written, taken back."""

import ast
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from gui import i18n
from gui.models import intake, reviewing
from gui.widgets.buttons import KeyButton
from gui.widgets.rows import Column
from gui.wording import listed as words
from gui.wording import matching
from storage import keys, operators
from storage.clock import Clock
from storage.ledger import Ledger
from storage.operators import EXCHANGE, RECORD
from storage.policy.id_repair import _COST
from sync.intake.results import Candidate, Reason, Row
from sync.matching.model import AGAINST, FOR
from tests.gui import office, village
from tests.gui.conftest import Hand

NASHUN, QIQIGE, BUREN = ("19500614", 121), ("19530208", 42), ("19810719", 151)


def number(who: tuple[str, int]) -> str:
    """The ID number of somebody of the village."""
    return village.number(*who)


def aided(folder: Path, *rows: str, name: str = "民政.csv") -> Path:
    """A list of civil affairs."""
    path = folder / name
    head = ["白泥井镇民政局城乡低保对象名单", "序号,姓名,身份证号,出生日期,嘎查村,救助类别"]
    path.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")
    return path


def stranger(each: int) -> str:
    """Name and number of somebody nobody knows."""
    born = f"{1950 + each % 50}{each % 12 + 1:02d}{each % 28 + 1:02d}"
    return f"王{chr(0x4E00 + each)}{chr(0x5E00 + each % 300)},{village.number(born, each // 50 * 2 + 1, '110101')}"


def staged(hand: Hand, *paths: Path):
    """The page with these files looked at."""
    page = hand.open("intake", list(paths))
    hand.until(lambda: all(line.state in ("ready", "refused") for line in page.files.rows), "for the lists")
    hand.settle()
    return page


def mixed(folder: Path) -> Path:
    """One row that is sure, three that are not, one of nobody."""
    return aided(
        folder,
        f"1,那顺,{number(NASHUN)},,查干沟嘎查村,特困人员",
        "2,布仁,,,查干沟嘎查村,城乡低保",
        "3,巴雅尔,,,,城乡低保",
        "4,毕力格,,,,城乡低保",
        "5,王陌生,150621198001010017,,,城乡低保",
    )


def statuses(page) -> dict[str, int]:
    """How many rows of each sort."""
    return dict(page.files.rows[0].preview.counts)


def test_a_list_is_shown_with_who_is_meant_and_why(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    view = page.view
    assert view.recognised.kind.currentText() == "部门名单" and view.recognised.source.currentText() == "民政"
    assert "2026" in view.recognised.year.currentText()
    counts = intake.counts(page.files.rows[0].preview)
    parts = [
        one.number
        for one in counts
        if one.code in ("added", "changed", "known", "review", "unmatched", "broken")
    ]
    assert sum(parts) == counts[0].number == 5
    first = page.rows.rows[0]
    line = page.rows.row_of(first.key)
    shown = [page.rows.data(page.rows.index(line, column)) for column in range(6)]
    said = page.rows.data(page.rows.index(line, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert (
        number(NASHUN) not in said
        and "那顺" in shown[2]
        and "身份证号相同" in shown[4]
        and "特困" in shown[5]
    )
    hand.click(view.chips["review"])
    assert [row.name for row in page.rows.rows] == ["布仁", "巴雅尔", "毕力格"]
    hand.click(view.chips["rows"])
    view.search.setText("毕力")
    hand.until(lambda: [row.name for row in page.rows.rows] == ["毕力格"])


def test_numbers_are_shown_only_while_the_key_is_held(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    page._reveal.turn(True)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert number(NASHUN) in page.rows.data(page.rows.index(0, 1), role)
    page._reveal.turn(False)
    assert number(NASHUN) not in page.rows.data(page.rows.index(0, 1), role)


def test_rows_are_checked_one_by_one_by_keys(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    panel = page.view.review
    hand.key("V")
    assert page.view.state() == "review" and "3" in panel.count.text() and panel._row.name == "布仁"
    hand.key("1")
    assert panel._row.name == "巴雅尔" and "2" in panel.count.text()
    hand.key("0")
    assert panel._row.name == "毕力格" and "1" in panel.count.text()
    hand.key("Backspace")
    assert panel._row.name == "巴雅尔" and "2" in panel.count.text()
    hand.key("Space")
    assert panel._row.name == "毕力格"
    hand.key("1")
    assert panel.again.isVisible() and "1" in panel.done.accessibleName()
    hand.key("L")
    assert panel._row.name == "巴雅尔"
    hand.key("0", "Escape")
    assert page.view.state() == "preview" and statuses(page)["review"] == 0
    assert (statuses(page)["added"], statuses(page)["unmatched"]) == (3, 2)
    assert page.view.write.isVisible() and "3" in page.view.write.words()
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    groups = {card.person.name: card.person.groups for _home, card in hand.desk.book.people()}
    assert "tekun" in groups["那顺"] and groups["布仁"] == ("dibao",) and groups["巴雅尔"] == ()


def test_answers_given_in_a_burst_all_count(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    hand.key("V")
    for _row in range(3):
        page.view.review.sides.buttons[0].click()
    hand.settle()
    assert statuses(page)["review"] == 0 and statuses(page)["added"] == 4
    assert page.files.rows[0].staged.listed.counts["added"] == 4


def test_all_that_are_sure_enough_are_answered_together(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    panel = page.view.review
    listed = page.files.rows[0].preview
    low = min(row.candidates[0].score for row in listed.rows if row.status == "review")
    assert len(reviewing.alike(listed, low)) == 3 and reviewing.alike(listed, 101) == {}
    hand.key("V")
    panel.show_alike(lambda score: reviewing.alike(listed, low))
    hand.key("A")
    assert panel.sure.isVisible() and "3" in panel.sure.words() and statuses(page)["review"] == 3
    hand.key("Y")
    assert statuses(page)["review"] == 0
    hand.key("Backspace")
    assert statuses(page)["review"] == 3


def test_somebody_else_can_be_meant(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    stranger = next(row for row in page.rows.rows if row.name == "王陌生")
    page.view.rows.select(stranger.key)
    page.view.rows.setFocus()
    hand.key("E")
    assert page.view.review._row.name == "王陌生"
    hand.key("F")
    page.view.review.search.setText("乌力吉")
    hand.until(lambda: page.view.review.people.rows)
    hand.key("Down", "Return")
    row = next(row for row in page.files.rows[0].preview.rows if row.name == "王陌生")
    assert row.answered and words.meant(row).name == "乌力吉" and row.status == "added"


def test_words_nobody_knows_are_asked_and_kept(hand: Hand, tmp_path: Path) -> None:
    page = staged(
        hand, aided(tmp_path, f"1,那顺,{number(NASHUN)},,,马倌补贴", f"2,布仁,{number(BUREN)},,,马倌补贴")
    )
    assert page.view.words_button.isVisible() and statuses(page)["review"] == 2
    hand.key("W")
    box = page.view.words.boxes["马倌补贴"]
    assert box.hasFocus()
    box.setCurrentIndex(box.findText("特困人员"))
    box.activated.emit(box.currentIndex())
    hand.settle()
    assert page.view.words.boxes == {}
    hand.key("Escape")
    assert not page.view.words_button.isVisible() and statuses(page)["added"] == 2
    hand.key("L", "W")
    assert [(one.word, one.name) for one in page.view.aliases.model.rows] == [("马倌补贴", "特困人员")]
    page.view.aliases.table.selectRow(0)
    page.view.aliases.table.setFocus()
    hand.key("Delete")
    assert page.view.aliases.model.rows == []
    page.view.aliases.word.setText("牧工")
    page.view.aliases.keep.click()
    hand.settle()
    assert [one.word for one in page.view.aliases.model.rows] == ["牧工"]
    hand.key("Escape", "Escape")
    assert page.view.part() == "work"


def test_who_is_no_longer_named_goes_only_where_ticked(hand: Hand, tmp_path: Path) -> None:
    both = [f"1,那顺,{number(NASHUN)},,,特困人员", f"2,布仁,{number(BUREN)},,,特困人员"]
    page = staged(hand, aided(tmp_path, *both, name="十月.csv"))
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    page = staged_second(hand, page, aided(tmp_path, both[0], name="十一月.csv"))
    assert [one.name for one in page.removals.rows] == ["布仁"] and page.removals.ticked_rows() == []
    hand.key("T")
    hand.key("A")
    assert page.removals.ticked_rows() == [] and page.view.removals.sure.isVisible()
    hand.key("Y", "Escape")
    assert "1/1" in page.view.removals_button.words() and page.view.write.isVisible()
    hand.key("Return")
    hand.until(lambda: page.files.rows[1].state == "done")
    hand.settle()
    groups = {card.person.name: card.person.groups for _home, card in hand.desk.book.people()}
    assert groups["布仁"] == () and "tekun" in groups["那顺"]


def staged_second(hand: Hand, page, path: Path):
    """The page with another file looked at."""
    page.add([path])
    hand.until(lambda: all(line.state in ("ready", "done") for line in page.files.rows))
    hand.settle()
    page.view.files.select(path)
    page.view.rows.setFocus()
    hand.settle()
    return page


def test_a_number_the_list_has_right_is_taken_over_where_ticked(hand: Hand, tmp_path: Path) -> None:
    right = number(QIQIGE)
    page = staged(hand, aided(tmp_path, f"1,其其格,{right},1953-02-08,查干沟嘎查村,城乡低保"))
    (fix,) = page.corrections.rows
    assert fix.new == right and page.corrections.ticked_rows() == []
    hand.key("N", "Space", "Escape")
    assert page.corrections.ticked_rows() == [fix] and page.view.write.isVisible()
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    people = {card.person.name: card.person for _home, card in hand.desk.book.people()}
    assert people["其其格"].id_number == right


def test_a_list_with_unreadable_rows_says_why_it_cannot_be_written(hand: Hand, tmp_path: Path) -> None:
    hand.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    page = staged(hand, aided(tmp_path, f"1,那顺,{number(NASHUN)},,,特困人员", "2,（低保户）,,,,城乡低保"))
    view = page.view
    assert view.write.isVisible() and not view.write.isEnabled()
    assert "4" in view.blocked.text() and "退回" in view.blocked.text()
    before = hand.desk.book.people()
    hand.key("Return", "Escape")
    assert page.files.rows[0].state == "ready" and len(hand.desk.book.people()) == len(before)
    hand.key("B")
    hand.until(lambda: list((tmp_path / "out").glob("*.xlsx")))
    sheet = openpyxl.load_workbook(next((tmp_path / "out").glob("*.xlsx"))).active
    assert sheet.max_row >= 3 and "无法读取" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_list_is_taken_back_from_its_page_and_from_the_log(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, aided(tmp_path, f"1,布仁,{number(BUREN)},,,特困人员"))
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    assert page.view.revert.isVisible() and page.view.households.isVisible()
    hand.key("Z")
    groups = {card.person.name: card.person.groups for _home, card in hand.desk.book.people()}
    assert groups["布仁"] == ("tekun",) and page.view.sure_revert.isVisible()
    hand.key("Y")
    hand.until(lambda: not page.view.sure_revert.isVisible())
    hand.settle()
    groups = {card.person.name: card.person.groups for _home, card in hand.desk.book.people()}
    assert groups["布仁"] == () and "收回" in page.view.notes.text() and not page.view.revert.isVisible()
    hand.key("L")
    assert page.past.log.rows[0].reverted_at and not page.view.log.revert.isEnabled()
    hand.key("Return")
    assert page.view.log.showing_rows() and page.past.kept.rows
    hand.key("Escape", "Escape")
    assert page.view.part() == "work"


def test_the_log_opens_the_rows_that_still_wait(hand: Hand, tmp_path: Path) -> None:
    hand.desk.settings.keep("lists_folder", str(tmp_path / "out"))
    page = staged(hand, mixed(tmp_path))
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    hand.key("L", "Return")
    hand.click(page.view.log.chips["review"])
    assert [row.said["name"] for row in page.past.kept.rows] == ["布仁", "巴雅尔", "毕力格"]
    hand.key("S")
    hand.until(lambda: list((tmp_path / "out").glob("*.xlsx")))
    hand.settle()
    sheet = openpyxl.load_workbook(next((tmp_path / "out").glob("*.xlsx"))).active
    text = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"布仁", "巴雅尔", "毕力格", "城乡低保"} <= {part for cell in text for part in cell.split()}
    assert number(NASHUN) not in " ".join(text)


def test_what_a_list_is_can_be_corrected(hand: Hand, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(f"姓名,身份证号,备注\n布仁,{number(BUREN)},\n", encoding="utf-8")
    page = staged(hand, path)
    assert page.view.state() == "refused" and page.view.recognised.isVisible()
    kind = page.view.recognised.kind
    kind.setCurrentIndex(kind.findData("department_list"))
    kind.activated.emit(kind.currentIndex())
    hand.until(lambda: page.files.rows[0].state == "ready")
    hand.settle()
    source = page.view.recognised.source
    assert source.isVisible()
    source.setCurrentIndex(source.findData("veterans"))
    source.activated.emit(source.currentIndex())
    hand.until(lambda: page.files.rows[0].state == "ready")
    hand.settle()
    assert page.files.rows[0].preview.source == "veterans"
    year = page.view.recognised.year
    year.setCurrentIndex(year.findData(2025))
    year.activated.emit(year.currentIndex())
    hand.until(lambda: page.files.rows[0].state == "ready" and page.files.rows[0].preview.year == 2025)


def test_reading_another_file_does_not_leave_the_review(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, mixed(tmp_path))
    hand.key("V")
    page.add([aided(tmp_path, f"1,布仁,{number(BUREN)},,,特困人员", name="另一份.csv")])
    page.view.files.select(tmp_path / "民政.csv")
    hand.until(lambda: all(line.state == "ready" for line in page.files.rows))
    hand.settle()
    page.view.review_button.click()
    hand.settle()
    page.add([aided(tmp_path, f"1,那顺,{number(NASHUN)},,,特困人员", name="第三份.csv")])
    page.view.files.select(tmp_path / "民政.csv")
    hand.until(lambda: all(line.state == "ready" for line in page.files.rows))
    assert page.current().path.name == "民政.csv"


def test_who_may_not_record_cannot_answer_or_write(
    start: Callable[..., Hand], made_village: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ledger"
    shutil.copytree(made_village, folder)
    with Ledger.open(
        folder, passphrase=village.PASSPHRASE, data_dir=tmp_path / "data", clock=Clock(village.TODAY)
    ) as ledger:
        operators.add(ledger, "萨仁", "another long one", (EXCHANGE,))
    hand = start(ledger=folder, passphrase="another long one")
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded)
    hand.settle()
    assert not hand.desk.may(RECORD)
    page = staged(hand, mixed(tmp_path))
    assert not page.view.write.isEnabled() and "录入" in page.view.write.toolTip()
    hand.key("V")
    assert not page.view.review.sides.buttons[0].isEnabled() and not page.view.review.nobody.isEnabled()
    before = statuses(page)
    hand.key("1", "0")
    assert statuses(page) == before


def test_the_rows_of_a_short_list_are_as_high_as_their_words(hand: Hand, tmp_path: Path) -> None:
    page = staged(hand, aided(tmp_path, f"1,布仁,{number(BUREN)},,查干沟嘎查村,特困人员"))
    table = page.view.rows
    assert page.rows.rowCount() and table.wraps
    table.setFixedWidth(600)
    hand.settle()
    table.viewport().repaint()
    cells = [table.rows_model.index(0, column) for column in range(table.rows_model.columnCount())]
    assert not [cell.data() for cell in cells if table._cells.was_cut(cell)]


def test_of_a_long_list_only_the_rows_in_sight_are_told(hand: Hand, tmp_path: Path) -> None:
    many = 2000
    rows = [f"{n},{stranger(n)},,查干沟嘎查村,特困人员" for n in range(many - 1)]
    rows.append(f"{many},布仁,{number(BUREN)},,查干沟嘎查村,特困人员")
    page = staged(hand, aided(tmp_path, *rows))
    assert page.rows.rowCount() == many and not page.view.rows.wraps
    told: set[int] = set()

    def counting(column: Column) -> Column:
        return replace(column, cell=lambda row: told.add(row.key) or column.picture(row))

    page.rows.columns = [counting(column) for column in page.rows.columns]
    for code, text, most in (("unmatched", "", 150), ("rows", "布仁", 1), ("rows", "", 150)):
        page.view.search.setText(text)
        told.clear()
        page.showing.show_rows(code)
        page.view.rows.viewport().repaint()
        assert 0 < len(told) <= most


def test_an_office_says_which_village_a_roster_is_of(
    start: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MEMORY_KIB", 1024)
    monkeypatch.setattr(keys, "PASSES", 1)
    town = office.make(tmp_path / "town", office.PLACES[:2])
    hand = start(ledger=town.folder, passphrase=village.PASSPHRASE, data_dir=town.data_dir)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    path = tmp_path / "花名册.csv"
    head = "户编号,户主姓名,与户主关系,姓名,身份证号"
    path.write_text(f"{head}\n0901,王建军,户主,王建军,{number(('19750505', 11))}\n", encoding="utf-8")
    page = staged(hand, path)
    box = page.view.recognised.village
    assert page.files.rows[0].state == "refused" and box.isVisible() and not page.view.anyway.isVisible()
    box.setCurrentIndex(box.findData(office.PLACES[1].code))
    box.activated.emit(box.currentIndex())
    hand.until(lambda: page.files.rows[0].state == "ready")
    hand.settle()
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    hand.key("L")
    (taken,) = page.past.log.rows
    assert (taken.kind, taken.scope) == ("roster", office.PLACES[1].code)
    hand.key("Z", "Y")
    hand.until(lambda: page.past.log.rows[0].reverted_at)


def test_numbers_inside_other_words_are_masked() -> None:
    right = number(BUREN)
    assert right not in words.said_value("note", f"原号{right}，已更正")
    assert words.said_value("note", f"原号{right}", masked=False).endswith(right)
    assert right not in words.said_value("disability_number", f"{right}42")
    assert words.said_value("amount", "400") == "400"


def test_every_reason_and_doubt_has_words_in_both_languages() -> None:
    codes = {*AGAINST, *FOR, *_raised("sync/intake"), *_raised("sync/sheets")}
    row = Row(0, "名单", 2, "萨如拉", "", "", {}, "review")
    person = Candidate("s", "r", "萨茹拉", "", "", "", "", "", "", 90, ())
    for language in ("zh_CN", "en"):
        i18n.install(language)
        for code in sorted(codes):
            text = matching.reason_text(Reason(code), row, person)
            assert text and text != code and "?" not in text and "{" not in text, code
            chinese = any(
                "\u4e00" <= one <= "\u9fff" for one in text.replace("萨如拉", "").replace("萨茹拉", "")
            )
            assert chinese == (language == "zh_CN"), (code, text)
    i18n.install()


def _raised(folder: str) -> set[str]:
    """The codes of every Reason made in a folder."""
    root = Path(__file__).resolve().parents[2]
    found = set()
    for path in sorted((root / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found - {"list.short"}


def test_every_repair_is_told() -> None:
    for how in _COST:
        for at in (-1, 0, 17):
            text = matching.doubt(Reason("id_repaired", {"how": how, "at": at, "number": "x"}))
            assert text and text != matching.doubt(Reason("id_repaired", {"how": "never heard of"})), how
    swapped = matching.doubt(Reason("id_repaired", {"how": "transposed", "at": 17}))
    assert swapped == "身份证号第17、18位颠倒"


@pytest.mark.parametrize("size", [(911, 512), (1366, 768)])
def test_no_state_of_the_page_needs_more_room(hand: Hand, tmp_path: Path, size: tuple[int, int]) -> None:
    page = staged(
        hand, mixed(tmp_path), aided(tmp_path, f"1,布仁,{number(BUREN)},,,马倌补贴", name="另一份.csv")
    )
    page.view.files.select(tmp_path / "民政.csv")

    def fits() -> None:
        hand.app.window.resize(*size)
        hand.settle()
        assert (hand.app.window.width(), hand.app.window.height()) == size, page.view.state()
        for button in page.findChildren(KeyButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), button.words()

    for state in ("preview", "review", "words", "removals", "corrections", "missing", "refused", "busy"):
        page.view.show_state(state)
        if state == "review":
            page.asking._on_review()
        fits()
    page.past.open_log()
    fits()
    page.past.open_words()
    fits()


def test_a_roster_that_says_who_paid_leads_to_where_that_is_looked_at(hand: Hand, tmp_path: Path) -> None:
    path = tmp_path / "花名册.csv"
    head = "户编号,户主姓名,与户主关系,姓名,身份证号,是否缴费,缴费时间"
    row = f"0901,王建军,户主,王建军,{number(('19750505', 11))},√,2025.11.5"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    page = staged(hand, path)
    assert "“是否缴费、缴费时间”" in page.view.notes.text() and not page.view.beside.isVisible()
    hand.key("Return")
    hand.until(lambda: page.files.rows[0].state == "done")
    hand.settle()
    assert page.view.beside.isVisible()
    hand.key("K")
    hand.until(lambda: hand.shell.key == "worksheet" and hand.page.staged is not None, "for the same file")
    (found,) = hand.page.staged.rows
    assert (found.name, found.status) == ("王建军", "changed")
    assert {cell.column for cell in found.cells} == {"paid", "paid_on", "amount"}
