"""A fault of the program: written down without anything about people, told once, and the window goes on."""

import sys
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from gui.dialogs.crash import CrashDialog
from gui.widgets.tables import TableView
from tests.gui.conftest import Hand


def test_a_fault_is_written_down_without_anything_about_people(hand: Hand) -> None:
    try:
        raise ValueError("其其格 150621195302080423")
    except ValueError as error:
        hand.desk.events.crashed.emit(error)
    dialog = hand.app.window.findChild(CrashDialog)
    assert dialog is not None and dialog.isVisible()
    log = next((hand.app.place.data_dir / "crashes").iterdir())
    text = log.read_text(encoding="utf-8")
    assert "ValueError" in text and "其其格" not in text and "150621" not in text
    dialog.accept()


def test_a_fault_while_painting_is_told_and_the_window_goes_on(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.open("households")
    table = next(one for one in hand.page.findChildren(TableView) if one.isVisible() and one.rows_model.rows)
    model = table.rows_model
    monkeypatch.setattr(sys, "excepthook", hand.app.faults.on_uncaught)
    monkeypatch.setattr(model, "columns", [replace(one, cell=lambda _row: 1 // 0) for one in model.columns])
    table.redraw()
    for _again in range(3):
        table.viewport().repaint()
        QTest.qWait(5)
    dialog = hand.app.window.findChild(CrashDialog)
    assert dialog is not None and dialog.isVisible()
    (log,) = (hand.app.place.data_dir / "crashes").iterdir()
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    dialog.accept()
    monkeypatch.undo()
    assert hand.open("today").isVisible()
