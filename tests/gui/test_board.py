"""The board: each number opens exactly what it counts, whatever table, filter or chart shows it."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.models import board, board_charts, board_columns, board_filter, moved, roll
from gui.models.board_columns import Number
from gui.models.roll import NAMED, RollFilter
from gui.ops import QueryOp, change
from gui.pages.villages import stats
from gui.pages.villages.view import VIEW_KEYS
from storage import policies
from storage.batches import Handed
from storage.clock import Clock
from storage.commands import batches
from storage.commands import contacts as directory
from storage.commands.contacts import Entry
from storage.ledger import Changes, Edit, Ledger
from storage.policy.model import Policy
from storage.queries import charted, exported
from storage.queries import earlier as earlier_of
from storage.queries.exported import Line
from sync.reports import bulletins
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.gui.test_office import (
    WAITING,
    _make_twins_and_absences,
    at_office,
    cheap_keys,
    made_office,
    opened,
    row_of,
    titles,
)
from tests.gui.village import PASSPHRASE, TODAY, YEAR

__all__ = ["at_office", "cheap_keys", "made_office"]
CODE = "150621102201"
PEOPLE_DOORS = {"pending", board_columns.FILES_DOOR, board_columns.BATCHES, board_columns.MOVED}


@pytest.fixture
def ledger(made_office: Township, tmp_path: Path):
    """A copy of the office's ledger with twins, an explained and a dead person."""
    shutil.copytree(made_office.folder, tmp_path / "office")
    shutil.copytree(made_office.data_dir, tmp_path / "data")
    with Ledger.open(
        tmp_path / "office", passphrase=PASSPHRASE, data_dir=tmp_path / "data", clock=Clock(TODAY)
    ) as made:
        _make_twins_and_absences(made)
        yield made


@pytest.fixture
def policy(ledger: Ledger) -> Policy:
    return policies.load(ledger.profile.policy)


def stand(hand: Hand, table: str, code: str, title: str) -> Number:
    """Mark a number of a village by keys: the table's key, down to the row, right to the column."""
    hand.key(VIEW_KEYS[table])
    view = hand.page.view.table
    view.setFocus()
    view.select(row_of(hand, title).village.scope)
    view.stand_on(0)
    at = next(at for at, one in enumerate(hand.page.numbers) if one.code == code)
    hand.key(*["Right"] * at)
    assert view.currentIndex().column() == at
    return hand.page.numbers[at]


# ---- numbers open


def test_every_number_of_every_table_opens_exactly_its_people(at_office: Hand) -> None:
    hand, opened_numbers = at_office, 0
    for table in board_columns.TABLES:
        hand.open("villages", table)
        for number in list(hand.page.numbers):
            if number.door in PEOPLE_DOORS or number.code in ("rank", "place", "rate"):
                continue
            for title in ("柳林村", "海勒苏村"):
                hand.open("villages", table)
                told = stand(hand, table, number.code, title).column.text(row_of(hand, title))
                hand.key("Return")
                assert hand.shell.key == "people"
                assert len(hand.page.rows.rows) == int(told.replace(",", "")), (table, number.code, title)
                assert {entry.village for entry in hand.page.rows.rows} <= {title}
                assert hand.page.view.count.text() == f"{told} 人"
                hand.key("Escape")
                assert hand.shell.key == "villages"
                opened_numbers += 1
    assert opened_numbers >= 2 * 14


def test_every_door_holds_over_twins_and_absences(ledger: Ledger, policy: Policy) -> None:
    shown = board_columns.Shown(lambda: TODAY, lambda: 0.95, lambda: None)
    for base in board.choices(policy):
        for table in board_columns.tables(shown, office.CODE).values():
            for row in board.read(ledger, policy, base.code).rows:
                scope = row.village.scope
                everybody = roll.read(ledger, policy, base.code, scope, row.village.title)["all"]
                for number in table:
                    if number.door in PEOPLE_DOORS or number.code in ("rank", "place", "rate"):
                        continue
                    opens = roll.choose(policy, RollFilter(number.door, scope, base.code), everybody)
                    assert str(len(opens)) == number.column.text(row), (base.code, number.code)


def test_the_rate_and_the_name_open_who_is_missing(at_office: Hand) -> None:
    hand = at_office
    for code in ("rank", "place", "rate"):
        hand.open("villages", "progress")
        stand(hand, "progress", code, "柳林村")
        hand.key("Return")
        assert len(hand.page.rows.rows) == 8
        assert all(entry.person.paid == "none" for entry in hand.page.rows.rows)


def test_files_conflicts_and_batches_have_doors_of_their_own(at_office: Hand) -> None:
    hand = at_office
    stand(hand, "files", "sent", "柳林村")
    hand.key("Return")
    bundles = hand.page.bundles
    assert bundles.isVisible() and "柳林村" in bundles.title.text()
    assert [line.row.scope for line in bundles.rows.rows] == [CODE]
    hand.key("Escape")
    assert hand.page.view.table.isVisible()
    stand(hand, "files", "out", "柳林村")
    hand.key("Return")
    assert hand.page.batches.isVisible() and hand.page.batches.scope == CODE
    hand.key("Escape", "Escape")
    stand(hand, "files", "settle", "柳林村")
    hand.key("Return")
    assert hand.shell.key == "pending"


def test_nobody_reaches_no_target(policy: Policy) -> None:
    target = policy.target("credential")
    assert target is not None and stats.missing(target, 0, 0) == "还没有人员。"


def test_whom_to_ring_stands_there_and_shows_whole_while_the_key_is_held(at_office: Hand) -> None:
    hand = at_office

    def put(ledger: Ledger) -> Changes:
        return directory.save(ledger, Entry("柳林村", "village", CODE, "赵建国", phone="15847732330"))

    hand.desk.ask(change(put, lambda _done: ""), lambda _n: None, owner=hand.page)
    hand.settle()
    hand.page.view.cards["unsent"].opened.emit()  # the silent ones, the longest silent first
    hand.settle()
    at = next(at for at, one in enumerate(hand.page.numbers) if one.code == "ring")

    def told() -> list[str]:
        return [hand.page.rows.index(line, at).data() for line in range(hand.page.rows.rowCount())]

    hand.page.view.table.selectRow(titles(hand).index("柳林村"))
    masked = told()
    assert "赵建国，158****2330" in masked and "没有电话" in masked
    QTest.keyPress(hand.focus(), Qt.Key.Key_R)
    hand.settle()
    assert "赵建国，15847732330" in told()
    release = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(hand.focus(), release)
    hand.settle()
    assert told() == masked
    log: list[Line] = []
    hand.desk.ask(QueryOp(exported.lines), log.extend, owner=hand.desk)
    hand.settle()
    assert any(line.what == "shown" for line in log)


def test_the_keyboard_is_on_the_board_as_soon_as_it_is_read(at_office: Hand) -> None:
    """An office opens on it: the arrows walk without a click."""
    hand = at_office
    hand.page._board = None
    hand.page.setFocus()
    hand.page.refresh()
    hand.settle()
    assert hand.page.view.table.hasFocus()


def test_a_double_click_opens_the_cell_it_hits(at_office: Hand) -> None:
    hand = at_office
    table = hand.page.view.table
    at = next(at for at, one in enumerate(hand.page.numbers) if one.code == "should_paid")
    index = hand.page.rows.index(0, at)
    table.setCurrentIndex(index)
    table.activated.emit(index)
    hand.settle()
    assert hand.shell.key == "people"
    assert len(hand.page.rows.rows) == 19


def test_each_cell_is_read_aloud_with_its_title(at_office: Hand) -> None:
    for table in board_columns.TABLES:
        at_office.key(VIEW_KEYS[table])
        rows = at_office.page.rows
        for at, number in enumerate(at_office.page.numbers):
            said = rows.data(rows.index(0, at), Qt.ItemDataRole.AccessibleTextRole)
            assert said.startswith(number.column.title)


# ---- tables and filter


def test_a_small_screen_has_fewer_columns_and_none_is_cut(at_office: Hand) -> None:
    hand, window = at_office, at_office.app.window
    codes: dict[str, dict[str, list[str]]] = {}
    for name, size in {"wide": (1366, 768), "small": (911, 512)}.items():
        window.resize(*size)
        hand.settle()
        for table in board_columns.TABLES:
            hand.key(VIEW_KEYS[table])
            view = hand.page.view.table
            codes.setdefault(table, {})[name] = [one.code for one in hand.page.numbers]
            assert view.horizontalHeader().length() <= view.viewport().width()
            assert not any(view.isColumnHidden(at) for at in range(hand.page.rows.columnCount())), (
                name,
                table,
            )
            assert view.horizontalScrollBar().maximum() == 0
    everything = {code for table in codes.values() for code in table["wide"]}
    assert everything == {
        *("rank", "place", "should", "should_paid", "confirmed", "rate", "moved", "explained", "register"),
        *("sent", "active", "credential", "special", "special_unpaid", "help", "new", "paid_beside"),
        *("gaps", "settle", "out", "ring"),
    }
    assert {code for table in codes.values() for code in table["small"]} >= everything - {
        "credential", "new", "paid_beside"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["查干沟嘎查", "海勒苏村", "柳林村", WAITING]),
        ("林", ["柳林村"]),
        ("hls", ["海勒苏村"]),
        ("liulin", ["柳林村"]),
        ("未达标", ["海勒苏村", "柳林村"]),
        ("未报", ["柳林村", WAITING]),
        ("预警", ["海勒苏村", "柳林村"]),
        ("未达标 未报", ["柳林村"]),
        ("未达标、未报", ["柳林村"]),
        ("未交回", []),
        ("没有这个村", []),
    ],
)
def test_one_box_filters_by_name_and_by_what_is_wrong(at_office: Hand, typed: str, found: list[str]) -> None:
    hand = at_office
    hand.key("F")
    assert hand.page.view.filter.hasFocus()
    hand.type(typed)
    hand.until(lambda: titles(hand) == found, typed)
    if typed:
        assert hand.page.view.title.text() == f"显示 {len(found)} / 4"
        hand.key("Escape")
        hand.until(lambda: len(titles(hand)) == 4)


def test_every_word_of_the_filter_finds_itself(ledger: Ledger, policy: Policy) -> None:
    rows = board.read(ledger, policy, "resident").rows
    for code, said in board_filter.words().items():
        wanted = [row for row in rows if board_filter.holds(code, row, 0.95, TODAY)]
        for word in said:
            assert board_filter.chosen(rows, word, 0.95, TODAY) == wanted, word


def test_the_table_and_the_column_stay_when_numbers_are_read_anew(at_office: Hand) -> None:
    hand = at_office
    stand(hand, "people", "help", "柳林村")
    at = hand.page.view.table.currentIndex().column()
    hand.page.refresh()
    hand.settle()
    assert hand.page.part == "people"
    assert hand.page.view.table.current_row().village.title == "柳林村"
    assert hand.page.view.table.currentIndex().column() in (at, 0)


# ---- movement


def issue(ledger: Ledger, ago: int) -> None:
    bulletins.make(ledger, policies.load(ledger.profile.policy), TODAY - timedelta(days=ago), "resident")


def pay(ledger: Ledger, policy: Policy, scope: str, count: int) -> list[str]:
    found = roll.choose(
        policy,
        RollFilter("unpaid", scope, "resident"),
        roll.read(ledger, policy, "resident", scope, "")["all"],
    )
    records = [entry.person.record for entry in found[:count]]
    for record in records:
        fact = {
            "resident": record,
            "year": YEAR,
            "amount": 40000,
            "paid_on": TODAY.isoformat(),
            "channel": "pos",
        }
        ledger.write([Edit("payment", ledger.id_for("payment", record), {"fact": fact}, scope=scope)])
    return records


def test_movement_is_held_against_the_newest_issue_and_opens_who_came(ledger: Ledger, policy: Policy) -> None:
    assert earlier_of.of_issue(ledger, policy, "resident", TODAY) is None
    issue(ledger, 14)
    issue(ledger, 7)
    records = pay(ledger, policy, CODE, 3)
    earlier = earlier_of.of_issue(ledger, policy, "resident", TODAY)
    assert earlier is not None and (earlier.number, earlier.on) == (2, TODAY - timedelta(days=7))
    assert "第 2 期" in moved.words(earlier, TODAY)
    row = next(r for r in board.read(ledger, policy, "resident").rows if r.village.scope == CODE)
    assert earlier.more(CODE, row.village.figures.should_paid) == 3
    opens = moved.people(ledger, policy, "resident", earlier, CODE, TODAY)
    assert opens.code == NAMED and opens.among == {(CODE, record) for record in records}
    assert "新增 3 人，减少 0 人" in opens.title
    everybody = roll.read(ledger, policy, "resident", CODE, "")["all"]
    assert {e.person.record for e in roll.choose(policy, opens, everybody)} == set(records)
    assert earlier_of.of_issue(ledger, policy, "registered", TODAY) is None, "another denominator"
    assert earlier_of.of_issue(ledger, policy, "resident", TODAY - timedelta(days=10)).number == 1  # type: ignore[union-attr]


def test_without_an_issue_it_is_held_against_the_ledger_of_a_week_ago(
    made_office: Township, tmp_path: Path
) -> None:
    shutil.copytree(made_office.folder, tmp_path / "office")
    shutil.copytree(made_office.data_dir, tmp_path / "data")
    today = TODAY + timedelta(days=8)
    with Ledger.open(
        tmp_path / "office", passphrase=PASSPHRASE, data_dir=tmp_path / "data", clock=Clock(today)
    ) as ledger:
        policy = policies.load(ledger.profile.policy)
        records = pay(ledger, policy, CODE, 2)
        earlier = moved.of_week(ledger, policy, "resident", today)
        assert earlier is not None and not earlier.record and "一周前" in moved.words(earlier, today)
        paid = {
            r.village.scope: r.village.figures.should_paid
            for r in board.read(ledger, policy, "resident").rows
        }
        assert {scope: earlier.more(scope, count) for scope, count in paid.items() if count} == {
            "150621102200": 0,
            CODE: 2,
            "150621102202": 0,
        }
        opens = moved.people(ledger, policy, "resident", earlier, CODE, today)
        assert opens.among == {(CODE, record) for record in records}


def test_a_ledger_younger_than_a_week_has_no_movement(ledger: Ledger, policy: Policy) -> None:
    assert moved.of_week(ledger, policy, "resident", TODAY) is None


# ---- charts


def test_charts_say_what_the_board_says(ledger: Ledger, policy: Policy) -> None:
    for base in board.choices(policy):
        read = board.read(ledger, policy, base.code)
        drawn = board_charts.read(ledger, policy, base.code)
        for which in (board_charts.RANKING, board_charts.LINES):
            chart = board_charts.chart(which, policy, read, drawn, None, office.CODE, TODAY)
            rows = [row for row in read.rows if row.rank is not None]
            marks = chart.bars if which == board_charts.RANKING else chart.panels  # type: ignore[union-attr]
            assert [(one.code, one.rate) for one in marks] == [
                (row.village.scope, f"{row.village.figures.rate}%") for row in rows
            ]
        lines = board_charts.lines(policy, read, drawn, office.CODE, TODAY)
        for panel, row in zip(lines.panels, rows, strict=True):
            found = row.village.figures
            assert panel.line[-1] == pytest.approx(found.should_paid / found.should)
            known = [share for share in panel.line if share is not None]
            assert known == sorted(known), "nobody unpays"
        assert lines.whole[-1] == pytest.approx(read.total.should_paid / read.total.should)


def test_groups_of_the_chart_are_the_people_they_open(ledger: Ledger, policy: Policy) -> None:
    found = charted.groups(ledger, policy)
    everybody = [
        entry
        for row in board.read(ledger, policy, "resident").rows
        for entry in roll.read(ledger, policy, "resident", row.village.scope, "")["all"]
    ]
    assert found
    for code, (people, paid) in found.items():
        group = roll.choose(policy, RollFilter(roll.GROUP + code), everybody)
        unpaid = roll.choose(policy, RollFilter(roll.GROUP_UNPAID + code), everybody)
        assert (len(group), len(group) - len(unpaid)) == (people, paid)


@pytest.mark.parametrize("which", board_charts.CHARTS)
def test_charts_are_walked_read_as_a_table_and_opened_by_keys(at_office: Hand, which: str) -> None:
    hand = at_office
    hand.key(VIEW_KEYS[which])
    panel = hand.page.charts.panel
    assert panel.chart.isVisible() and panel.chart.hasFocus()
    hand.key("B")
    assert panel.is_tabled() and panel.table.rowsInserted is not None
    assert panel.table.rows_model.rowCount() >= len(panel.chart._drawing.marks)
    hand.key("B")
    panel.setFocus()
    mark = panel.chart.mark()
    assert mark is not None and panel.chart.accessibleDescription() == mark.words
    hand.key("Return")
    assert hand.shell.key == "people" and hand.page.rows.rows
    hand.key("Escape")
    hand.key("Escape")
    assert hand.page.view.table.isVisible()


def test_a_chart_is_printed_and_copied_and_that_is_noted(at_office: Hand) -> None:
    hand = at_office
    hand.key("G", "P")
    assert hand.page.charts.preview.isVisible()
    hand.key("Escape")
    assert hand.page.charts.panel.chart.isVisible()
    hand.key("C")
    image = QGuiApplication.clipboard().image()
    assert not image.isNull() and image.width() == 1080
    QGuiApplication.clipboard().clear()
    out: list[Line] = []
    hand.desk.ask(QueryOp(lambda ledger: exported.lines(ledger)), out.extend, owner=hand.page)
    hand.settle()
    assert [(line.what, line.rows, line.masked) for line in out[:1]] == [
        ("table:参保率排名（常住人口）", 0, True)
    ]


# ---- batches


def test_hand_out_return_and_take_back_by_keys(at_office: Hand) -> None:
    hand = at_office
    hand.key("K", "N")
    hand.type("未参保人员登记表")
    form = hand.page.batches.panel
    form.to.choose(CODE)
    form.fields["people"].editor.setText("12")
    form.fields["holder"].editor.setText("王建国")
    hand.key("Return")
    (one,) = hand.page.batches.rows.rows
    assert (one.place, one.handed.people, one.out, one.holder) == ("柳林村", 12, 12, "王建国")
    assert (one.handed.due, one.state) == (TODAY + timedelta(days=7), "out")
    hand.key("E")
    hand.page.batches.panel.fields["people"].editor.setText("13")
    hand.key("Return")
    assert "0 到 12" in hand.page.batches.panel.fields["people"].error()
    hand.page.batches.panel.fields["people"].editor.setText("5")
    hand.key("Return")
    (one,) = hand.page.batches.rows.rows
    assert (one.returned, one.out, one.state) == (5, 7, "part")
    hand.key("A")
    assert row_of(hand, "柳林村").out == 7
    hand.key("K", "C")
    told = QGuiApplication.clipboard().text()
    assert "柳林村：报表：未参保人员登记表" in told and "12 人中 7 人未交回" in told and "王建国" in told
    QGuiApplication.clipboard().clear()
    hand.key("X")
    hand.type("名单作废")
    hand.key("Return")
    assert hand.page.batches.rows.rows == []
    hand.key("B")
    assert [one.state for one in hand.page.batches.rows.rows] == ["closed"]
    hand.key("Z", modifier=Qt.KeyboardModifier.ControlModifier)
    hand.page.batches.refresh()
    hand.settle()
    assert [one.state for one in hand.page.batches.rows.rows] == ["part"]


def test_the_filter_finds_who_owes(start: Callable[..., Hand], made_office: Township, tmp_path: Path) -> None:
    hand = opened(start, made_office, tmp_path)
    handed = Handed("form", "表", CODE, 3, TODAY)
    op = change(lambda ledger: batches.hand_out(ledger, handed, today=TODAY)[1], "")
    hand.desk.change(op, owner=hand.page)
    hand.settle()
    hand.open("villages")
    hand.key("F")
    hand.type("未交回")
    hand.until(lambda: titles(hand) == ["柳林村"])
