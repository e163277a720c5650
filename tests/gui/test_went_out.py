"""What leaves the ledger is told: full numbers shown and copied, files written; a lent number comes back."""

from PySide6.QtWidgets import QApplication

from tests.gui.conftest import Hand


def log(hand: Hand):
    hand.open("settings")
    hand.page.show_part("went_out")
    section = hand.page.parts["went_out"]
    hand.settle()
    return [row[0] for row in section.rows.rows]


def test_numbers_that_were_shown_are_told(hand: Hand) -> None:
    hand.open("households")
    people = len(hand.page.people.rows)
    hand.page._reveal.turn(True)
    hand.settle()
    hand.page._reveal.turn(False)
    hand.settle()
    (line,) = log(hand)
    assert (line.what, line.rows, line.masked) == ("shown", people, False)
    assert "完整号码" in hand.page.parts["went_out"].rows.columns[2].text(
        hand.page.parts["went_out"].rows.rows[0]
    )


def test_a_copied_number_is_told_and_taken_back(hand: Hand) -> None:
    hand.open("households")
    hand.key("Right")
    number = hand.page.view.people.current_row().person.id_number
    hand.key("I")
    assert QApplication.clipboard().text() == number and "30 秒" in hand.notice()
    hand.desk._lending._timer.timeout.emit()
    assert QApplication.clipboard().text() == ""
    hand.key("I")
    QApplication.clipboard().setText("自己复制的")
    hand.desk._lending._timer.timeout.emit()
    assert QApplication.clipboard().text() == "自己复制的"
    hand.key("I")
    hand.app.locking.lock()  # whoever goes away takes it along
    assert QApplication.clipboard().text() == ""
    hand.app.window.uncover()
    assert [line.what for line in log(hand)] == ["copied"] * 3
