"""The page of forms, used as a person uses it: keys, mouse, files."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from gui.actions.lists import FOLDER
from gui.pages.forms.page import FormsPage
from storage import keys
from storage.clock import Clock
from storage.ledger import Edit, Ledger
from sync.reports import forms
from tests.gui import office, village
from tests.gui.conftest import Hand

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(hand: Hand, tmp_path: Path) -> FormsPage:
    hand.desk.settings.keep(FOLDER, str(tmp_path / "out"))
    opened = hand.open("forms")
    assert isinstance(opened, FormsPage)
    hand.settle()
    return opened


def written(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "out").iterdir())


def log(tmp_path: Path) -> list[tuple[object, ...]]:
    """The log of exports, read after the window is closed."""
    with Ledger.open(
        tmp_path / "ledger",
        passphrase=village.PASSPHRASE,
        data_dir=tmp_path / "d2",
        clock=Clock(village.TODAY),
    ) as ledger:
        return ledger.connection.execute("SELECT what, rows, masked, why FROM export ORDER BY id").fetchall()


def choose(hand: Hand, page: FormsPage, code: str) -> None:
    page.take(code)
    hand.settle()


def shown(page: FormsPage) -> list[str]:
    return [column.title for column in page.view.rows.columns]


def test_forms_stand_by_who_asks(hand: Hand, page: FormsPage) -> None:
    lines = page.view.forms.rows
    own = {code: form for code, form in forms.built_in().items() if "village" in form.roles}
    assert [line.form.code for line in lines] == list(own)
    assert [line.heads for line in lines if line.heads] == list(
        dict.fromkeys(form.office for form in own.values())
    )
    assert page.view.list.hasFocus()
    hand.key("Down")
    assert page.view.title.text() == lines[1].form.title


def test_a_form_is_shown_and_written_by_keys(hand: Hand, page: FormsPage, tmp_path: Path) -> None:
    choose(hand, page, "uninsured")
    count = len(page.view.rows.rows)
    assert count and f"共 {count} 行" in page.view.count.text()
    page.view.list.setFocus()
    hand.key("S")
    hand.settle()
    (path,) = written(tmp_path)
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[2]] == shown(page)
    numbers = [row[7] for row in sheet.iter_rows(min_row=3, max_row=2 + count, values_only=True)]
    assert all(number is None or "*" in str(number) for number in numbers)
    assert f"已写出 {count} 行" in hand.notice()
    hand.key("V")
    assert [path.suffix for path in written(tmp_path)] == [".csv", ".xlsx"]


def test_full_numbers_take_a_reason(hand: Hand, page: FormsPage, tmp_path: Path) -> None:
    choose(hand, page, "roster")
    hand.click(page.view.full)
    assert page.view.why.hasFocus() and page.view.why.isVisible()
    place = shown(page).index("身份证号码")
    assert "*" in page.view.rows.columns[place].text(page.view.rows.rows[0])
    hand.click(page.view.xlsx)
    assert "用途" in page.view.why_error.text() and not (tmp_path / "out").exists()
    page.view.why.setFocus()
    hand.type("税务核对")
    assert "*" not in page.view.rows.columns[place].text(page.view.rows.rows[0])
    hand.click(page.view.xlsx)
    (path,) = written(tmp_path)
    number = openpyxl.load_workbook(path).active.cell(3, place + 1)
    assert number.data_type in ("s", "inlineStr") and len(str(number.value)) == 18
    hand.app.close()
    assert hand.app.runner.wait(10_000)
    assert [row[2:] for row in log(tmp_path)] == [(0, "税务核对")]


def test_a_whole_number_format_asks_for_full_numbers(hand: Hand, page: FormsPage) -> None:
    page.view.ids.setCurrentIndex(page.view.ids.findData("spaced"))
    page.view.ids.activated.emit(page.view.ids.currentIndex())
    hand.settle()
    assert page.view.full.isChecked() and page.view.ids.currentData() == "spaced"


def test_columns_are_ticked_moved_and_renamed_by_keys(hand: Hand, page: FormsPage, tmp_path: Path) -> None:
    choose(hand, page, "new_enrollees")
    page.view.list.setFocus()
    hand.key("C")
    view = page.view.columns.view
    assert view.hasFocus() and view.isVisible()
    before = shown(page)
    hand.key("Down", "Space")
    assert shown(page) == [before[0], *before[2:]]
    hand.key("Down")
    hand.key("Up", modifier=CONTROL)
    hand.key("Up", modifier=CONTROL)
    assert shown(page)[:2] == [before[2], before[0]]
    hand.key("Return")
    assert page.view.columns.title.hasFocus()
    hand.type("户号")
    hand.key("Return")
    assert shown(page)[0] == "户号" and view.hasFocus()
    hand.key("Escape")
    assert not page.view.columns_card.isVisible()
    hand.key("S")
    (path,) = written(tmp_path)
    assert [cell.value for cell in openpyxl.load_workbook(path).active[2]] == shown(page)


def test_a_line_is_dragged(hand: Hand, page: FormsPage) -> None:
    model = page.view.columns.lines
    titles = [line.title for line in model.rows]
    data = model.mimeData([model.index(0, 0)])
    assert model.dropMimeData(data, Qt.DropAction.MoveAction, 3, 0) is False
    assert [line.title for line in model.rows][:4] == [titles[1], titles[2], titles[0], titles[3]]
    page.view.columns.view.moved.emit(0)
    hand.settle()
    assert shown(page)[:3] == [titles[1], titles[2], titles[0]]


def test_two_columns_of_one_name_are_refused(hand: Hand, page: FormsPage) -> None:
    lines = page.view.columns.lines
    lines.rename(lines.rows[2].key, "序号")
    page.view.columns.changed.emit()
    hand.settle()
    assert "同一个标题" in page.view.columns.field.error()
    assert not page.view.xlsx.isEnabled()
    lines.rename(lines.rows[2].key, "户号")
    page.view.columns.changed.emit()
    hand.settle()
    assert page.view.xlsx.isEnabled() and not page.view.columns.field.error()


def test_a_form_of_ones_own_is_kept_and_removed(hand: Hand, page: FormsPage) -> None:
    choose(hand, page, "insured")
    page.view.columns.lines.tick(page.view.columns.lines.rows[1:4], False)
    hand.settle()
    wanted = shown(page)
    hand.key("K")
    hand.type("断保人员名单")
    hand.key("Return")
    assert "自定义表的名称" in page.view.name_field.error()
    page.view.name.clear()
    hand.type("我的花名册")
    hand.key("Return")
    hand.settle()
    line = page.view.list.current_row()
    assert (line.form.title, line.heads) == ("我的花名册", "自定义表") and shown(page) == wanted
    assert page.view.drop.isVisible() and line.form.id_format == "full"
    hand.key("Delete")
    hand.settle()
    assert "我的花名册" not in [line.form.title for line in page.view.forms.rows]


def test_who_may_only_look_exports_masked(hand: Hand, tmp_path: Path) -> None:
    from dataclasses import replace

    hand.desk.facts = replace(hand.desk.facts, roles=frozenset(("exchange",)))
    hand.desk.settings.keep(FOLDER, str(tmp_path / "out"))
    page = hand.open("forms")
    assert not page.view.full.isVisible() and not page.view.keep.isEnabled()
    hand.click(page.view.xlsx)
    assert len(written(tmp_path)) == 1


def test_the_preview_follows_the_ledger(hand: Hand, page: FormsPage) -> None:
    from gui.ops import change
    from storage.commands import facts

    choose(hand, page, "new_enrollees")
    count = len(page.view.rows.rows)
    page.view.columns.lines.tick(page.view.columns.lines.rows[1:2], False)
    hand.settle()
    arranged = shown(page)
    hand.app.desk.change(
        change(lambda ledger: facts.new_enrollee(ledger, [village.resident(ledger, "呼和")], 2026), "x"),
        owner=hand.app.window,
    )
    hand.settle()
    hand.settle()
    assert len(page.view.rows.rows) == count + 1
    assert shown(page) == arranged


def test_any_table_goes_out_as_it_stands(hand: Hand, tmp_path: Path) -> None:
    hand.desk.settings.keep(FOLDER, str(tmp_path / "out"))
    page = hand.open("today")
    page.view.work.setFocus()
    hand.key("E", modifier=CONTROL)
    hand.settle()
    (path,) = written(tmp_path)
    rows = list(openpyxl.load_workbook(path).active.values)
    assert len(rows) - 2 == len(page.work.rows)
    assert any("那顺" in str(cell) for cell in rows[2])
    assert f"已写出 {len(page.work.rows)} 行" in hand.notice()
    (action,) = page.view.work.actions()
    action.trigger()
    hand.settle()
    assert len(written(tmp_path)) == 2


def test_a_revealed_number_is_masked_in_the_sheet(hand: Hand, tmp_path: Path) -> None:
    from gui.actions import forms as actions

    number = village.number("19750505", 11)
    op = actions.shown("表", ["号"], [[f"那顺 {number}"], ["=1+1"]], tmp_path / "x.xlsx")
    hand.desk.ask(op, lambda _written: None, owner=hand.app.window)
    hand.settle()
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "x.xlsx").active.values]
    assert cells == ["表", "号", f"那顺 {number[:6]}********{number[-4:]}", "=1+1"]


def test_nothing_to_write_is_said(hand: Hand) -> None:
    hand.open("settings")
    hand.key("E", modifier=CONTROL)
    assert hand.notice()


@pytest.mark.parametrize("size", [(911, 512), (1366, 768)])
def test_everything_fits_a_small_laptop(hand: Hand, page: FormsPage, size: tuple[int, int]) -> None:
    view = page.view
    hand.app.window.resize(*size)
    hand.settle()
    for press in (view.columns_button, view.full, view.keep):
        hand.click(press)
        assert (hand.app.window.width(), hand.app.window.height()) == size
        for widget in page.findChildren(QAbstractButton):
            if widget.isVisible():
                assert widget.width() >= widget.sizeHint().width(), widget.accessibleName()
                assert page.rect().contains(widget.mapTo(page, widget.rect().bottomRight()))
        assert view.preview.height() >= 60


def test_an_office_takes_all_villages_or_one(
    start: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MEMORY_KIB", 1024)
    monkeypatch.setattr(keys, "PASSES", 1)
    township = office.make(tmp_path / "township")
    hand = start(ledger=township.folder, passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.desk.settings.keep(FOLDER, str(tmp_path / "out"))
    page = hand.open("forms", "insured")
    hand.settle()
    everybody = sum(place.paid + place.away for place in office.PLACES)
    assert f"共 {everybody} 行" in page.view.count.text() and len(page.view.rows.rows) == everybody
    page.view.villages.setCurrentIndex(2)
    page.view.villages.activated.emit(2)
    hand.settle()
    assert f"共 {office.PLACES[1].paid} 行" in page.view.count.text()
    hand.click(page.view.xlsx)
    (path,) = written(tmp_path)
    assert office.PLACES[1].title in path.name
    rows = list(openpyxl.load_workbook(path).active.values)
    assert sum(isinstance(row[0], int) for row in rows) == office.PLACES[1].paid
    total = next(row for row in rows if "合计" in row)
    assert total[rows[1].index("缴费金额（元）")] == 400 * office.PLACES[1].paid
    page = hand.open("forms", "progress")
    hand.settle()
    assert not page.view.full.isVisible() and len(page.view.rows.rows) == 1


def test_writing_can_be_stopped(hand: Hand, page: FormsPage, tmp_path: Path) -> None:
    hand.click(page.view.xlsx)
    assert not page.view.busy.isVisible() and page.view.buttons.isVisible()
    page.view.xlsx.click()
    page.view.busy.stopped.emit()
    hand.settle()
    hand.settle()
    assert page._writing is None and page.view.buttons.isVisible()
    assert not [path for path in written(tmp_path) if path.name.startswith(".") or path.suffix == ".part"]


def test_who_the_banner_would_refuse_is_shown_before_anything_goes_out(
    start: Callable[..., Hand], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MEMORY_KIB", 1024)
    monkeypatch.setattr(keys, "PASSES", 1)
    township = office.make(tmp_path / "township")
    with Ledger.open(
        township.folder,
        passphrase=village.PASSPHRASE,
        data_dir=township.data_dir,
        clock=Clock(village.TODAY),
    ) as ledger:
        paid = [one[0] for one in ledger.connection.execute("SELECT DISTINCT resident FROM payment")][:3]
        odd = {"category": {"category": "骑兵"}}
        scopes = dict(ledger.connection.execute("SELECT record, scope FROM resident").fetchall())
        ledger.write([Edit("resident", record, odd, scopes[record]) for record in paid])
    hand = start(ledger=township.folder, passphrase=village.PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.desk.settings.keep(FOLDER, str(tmp_path / "out"))
    page = hand.open("forms", "import")
    hand.settle()
    assert page.view.held.isVisible()
    whole = page._looked
    everybody = sum(place.paid + place.away for place in office.PLACES)
    assert whole is not None and whole.held is not None
    assert whole.count + len(whole.held.rows) == everybody and 0 < len(whole.held.rows) <= 3
    assert f"应导出 {everybody} 人" in page.view.count.text()
    page.view.list.setFocus()
    hand.key("H")
    assert "为什么没有导出、怎么办" in shown(page)
    assert len(page.view.rows.rows) == len(whole.held.rows)
    assert f"应导出 {everybody} 人 ＝" in page.view.notes.text()
    hand.key("Escape")
    assert "psn_type" in "".join(shown(page))
    page.view.list.setFocus()
    hand.key("S")
    hand.settle()
    (path,) = written(tmp_path)
    head, *rows = openpyxl.load_workbook(path).active.values
    assert list(head) == shown(page) and len(rows) == whole.count
    assert f"未导出 {len(whole.held.rows)} 人" in hand.notice()
    choose(hand, page, "insured")
    assert not page.view.held.isVisible()
