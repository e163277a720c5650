"""What is changed at once is laid out once, and afterwards all of it is where it belongs."""

from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from gui.widgets.laying import laid_out_once, laying_out_once


class _Counting(QVBoxLayout):
    """Counts how often it lays out."""

    times = 0

    def setGeometry(self, rect: QRect) -> None:
        self.times += 1
        super().setGeometry(rect)


def _window(qtbot) -> tuple[QWidget, _Counting, list[QLabel]]:
    window, inner = QWidget(), QWidget()
    qtbot.addWidget(window)
    layout = _Counting(window)
    layout.addWidget(inner)
    line = QHBoxLayout(inner)
    labels = [QLabel(f"{number} words") for number in range(12)]
    for label in labels:
        label.hide()
        line.addWidget(label)
    window.resize(900, 300)
    window.show()
    QTest.qWait(1)
    layout.times = 0
    return window, layout, labels


def test_each_part_shown_lays_the_window_out_where_nobody_holds_it(qtbot) -> None:
    _shown, layout, labels = _window(qtbot)
    for label in labels:
        label.show()
    assert layout.times > len(labels) // 2


def test_it_is_laid_out_once_and_rightly(qtbot) -> None:
    window, layout, labels = _window(qtbot)
    with laid_out_once(window):
        for label in labels:
            label.show()
    assert layout.times == 0
    QTest.qWait(1)
    assert layout.times <= 2
    assert [label.x() for label in labels] == sorted({label.x() for label in labels})
    assert all(label.width() >= label.sizeHint().width() for label in labels)


def test_what_takes_the_place_of_another_gets_its_room(qtbot) -> None:
    stack, inside = QStackedWidget(), QWidget()
    qtbot.addWidget(stack)
    stack.addWidget(QLabel("first"))
    QVBoxLayout(inside).addWidget(QLabel("second"))
    stack.addWidget(inside)
    stack.resize(900, 300)
    stack.show()
    QTest.qWait(1)
    with laid_out_once(stack):
        stack.setCurrentWidget(inside)
    QTest.qWait(1)
    assert inside.size() == stack.size()


def test_it_ends_with_an_error_too_and_when_the_widget_has_gone(qtbot) -> None:
    window, layout, labels = _window(qtbot)
    try:
        with laid_out_once(window):
            labels[0].parentWidget().setParent(None)
            raise KeyError
    except KeyError:
        pass
    assert layout.isEnabled()


def test_an_answer_is_shown_at_once(qtbot) -> None:
    window, layout, labels = _window(qtbot)
    asked: list[bool] = []
    laying_out_once(labels[0], asked.append)(True)
    laying_out_once(window, lambda _answer: asked.append(layout.isEnabled()))(None)
    assert asked == [True, False]
    assert layout.isEnabled()
