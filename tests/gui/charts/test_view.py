"""Charts in the window: every mark is walked by arrows, said in words, opened by Enter; the table says the same."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from gui.charts.values import Chart, percent, scale_of, standing
from gui.charts.view import ChartPanel, ChartView
from tests.gui.charts.examples import progress, ranking

pytestmark = pytest.mark.usefixtures("dressed")
KEY = Qt.Key


def panel_of(qtbot: QtBot, chart: Chart) -> ChartPanel:
    panel = ChartPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 420)
    panel.show()
    panel.show_chart(chart)
    panel.setFocus()
    return panel


def words(view: ChartView) -> str:
    return QAccessible.queryAccessibleInterface(view).text(QAccessible.Text.Description)


@pytest.mark.parametrize("chart", [ranking([0.96, 0.7, None, 0.2]), progress([0.96, 0.7, 0.3, 0.2])])
def test_every_mark_is_walked_said_and_opened(qtbot: QtBot, chart: Chart) -> None:
    panel = panel_of(qtbot, chart)
    view, opened = panel.chart, list[str]()
    panel.opened.connect(opened.append)
    said = list(chart.spoken())
    qtbot.keyClick(view, KEY.Key_Home)
    seen = []
    for _step in range(len(said) * 3):
        mark = view.mark()
        assert mark is not None and words(view) == mark.words
        seen.append((mark.code, mark.words))
        qtbot.keyClick(view, KEY.Key_Return)
        before = mark
        qtbot.keyClick(view, KEY.Key_Right)
        if view.mark() is before:
            qtbot.keyClick(view, KEY.Key_Down)
        if view.mark() is before:
            break
    assert set(seen) == set(said)
    assert opened == [code for code, _words in seen]


def test_a_value_is_said_with_rank_people_movement_and_target() -> None:
    (_code, first), *_rest, (_last, last) = ranking([0.961, 0.7, 0.2]).spoken()
    assert first.startswith("第 1 名，柳林村0，96.1%，0 / 12,345")
    assert "已达目标 95%" in first and "上期 11-24 86.4%" in first
    assert "还差 75.0 个百分点" in last and last.endswith("预警")


def test_down_and_up_keep_the_column_of_small_multiples(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, progress([0.5] * 11))
    view = panel.chart
    qtbot.keyClick(view, KEY.Key_Home)
    qtbot.keyClick(view, KEY.Key_Right)
    start = view.mark()
    qtbot.keyClick(view, KEY.Key_Down)
    below = view.mark()
    assert start is not None and below is not None
    assert below.rect.left() == pytest.approx(start.rect.left()) and below.rect.top() > start.rect.top()
    qtbot.keyClick(view, KEY.Key_Up)
    assert view.mark() == start


def test_who_stands_on_a_place_stays_on_it_when_the_numbers_change(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, ranking([0.9, 0.8, 0.7]))
    assert panel.chart.go("c1") and not panel.chart.go("nobody")
    panel.show_chart(ranking([0.5, 0.4, 0.3, 0.2]))
    mark = panel.chart.mark()
    assert mark is not None and mark.code == "c1"


def test_the_table_behind_says_the_same_and_opens_the_same(qtbot: QtBot) -> None:
    chart = ranking([0.96, 0.7, 0.2])
    panel = panel_of(qtbot, chart)
    panel.show_table(True)
    table, opened = panel.table, list[str]()
    assert table is not None and panel.is_tabled()
    panel.opened.connect(opened.append)
    assert table.rows_model.rowCount() == 3
    for bar, row in zip(chart.bars, chart.table().rows, strict=True):
        assert bar.name in row and bar.rate in row and bar.people in row
    table.selectRow(2)
    qtbot.keyClick(table, KEY.Key_Return)
    assert opened == ["c2"]
    panel.show_table(False)
    assert not panel.is_tabled()


def test_figures_of_the_table_sort_by_what_they_are_worth(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, ranking([0.096, 0.7, 0.2]))
    assert panel.table is not None
    at = next(i for i, one in enumerate(panel.table.rows_model.columns) if one.title == "参保率")
    panel.table.rows_model.sort(at, Qt.SortOrder.DescendingOrder)
    assert [row[0] for row in panel.table.rows_model.rows] == ["c1", "c2", "c0"]


def test_the_table_of_lines_tells_the_weeks_and_the_whole_last() -> None:
    chart = progress([0.7, 0.35])
    table = chart.table()
    assert table.columns[-1] == "12-03" and len(table.columns) == 9
    assert table.rows[0][-1] == "70.0%" and table.rows[1][-1] == "35.0%"
    assert table.rows[-1][0] == "全镇" and table.codes[-1] == ""


def test_an_empty_chart_says_nothing_and_opens_nothing(qtbot: QtBot) -> None:
    for chart in (ranking([]), progress([])):
        panel = panel_of(qtbot, chart)
        for key in (KEY.Key_Down, KEY.Key_Return, KEY.Key_End):
            qtbot.keyClick(panel.chart, key)
        assert panel.chart.mark() is None and words(panel.chart) == ""


def test_shares_are_never_flattered() -> None:
    assert percent(0.9499999) == "94.9%" and percent(0.57) == "57.0%" and percent(1.032) == "103.2%"
    assert standing(0.95, 0.95) == "已达目标 95%"
    assert scale_of([0.3, None]) == 1.0 and scale_of([1.21]) == 1.3 and scale_of([9.0]) == 1.5
    assert scale_of([]) == 1.0
