"""The ledger thread: every answer arrives, on the main thread; what nobody wants any more does not."""

import threading
import time

import pytest
from PySide6.QtCore import QObject

from gui.ops import ChangeOp, QueryOp, TaskOp
from gui.runner import Runner
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes


class Box:
    """Stands in for a ledger: the runner never looks inside."""

    closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def runner(qtbot):
    made = Runner()
    opened = []
    made.open(Box, lambda box: box, opened.append, lambda error: None)
    qtbot.waitUntil(lambda: bool(opened))
    made.box = opened[0]
    yield made
    made.close()
    assert made.wait(5000)
    assert made.box.closed


def test_answers_and_errors_arrive_on_the_main_thread(runner, qtbot) -> None:
    seen = []

    def fail(_ledger) -> None:
        raise KnownError("code.form", code="1")

    runner.run(
        QueryOp(lambda _ledger: threading.get_ident()),
        lambda there: seen.append((there, threading.get_ident())),
    )
    runner.run(QueryOp(fail), refused=lambda error: seen.append((error.code, threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    (there, here), (code, main) = seen
    assert there != here == main == threading.get_ident() and code == "code.form"


def test_errors_nobody_takes_go_to_everybody(runner, qtbot) -> None:
    failed = []
    runner.failed.connect(failed.append)
    runner.run(QueryOp(lambda _ledger: 1 / 0), refused=lambda error: False)
    runner.run(QueryOp(lambda _ledger: int("x")))
    qtbot.waitUntil(lambda: len(failed) == 2)
    assert [type(error) for error in failed] == [ZeroDivisionError, ValueError]


def test_only_the_newest_question_of_a_slot_is_answered(runner, qtbot) -> None:
    answers, asked = [], []
    gate = threading.Event()
    runner.run(QueryOp(lambda _ledger: gate.wait(5)))

    def ask(text: str) -> QueryOp:
        return QueryOp(lambda _ledger: asked.append(text) or text, slot="find")

    for text in ("n", "ns", "nsg"):
        runner.run(ask(text), answers.append)
    gate.set()
    qtbot.waitUntil(lambda: not runner.busy())
    assert answers == ["nsg"] and asked == ["nsg"]


def test_changes_are_announced_before_their_answer_and_questions_that_can_wait_do(runner, qtbot) -> None:
    order = []
    gate = threading.Event()
    runner.changed.connect(lambda op, result, owner: order.append("changed"))
    runner.run(QueryOp(lambda _ledger: gate.wait(5)))
    runner.run(QueryOp(lambda _ledger: None, later=True), lambda _none: order.append("later"))
    runner.run(ChangeOp(lambda _ledger, _task: Changes({}, (b"1",))), lambda _changes: order.append("done"))
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["changed", "done", "later"]


def test_an_owner_that_is_gone_hears_nothing(runner, qtbot) -> None:
    from shiboken6 import delete

    owner, heard = QObject(), []
    gate = threading.Event()
    runner.run(QueryOp(lambda _ledger: gate.wait(5)), heard.append, owner=owner)
    delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not runner.busy())
    assert heard == []


def test_long_work_tells_and_stops(runner, qtbot) -> None:
    told, results = [], []

    def work(_ledger, task) -> str:
        for number in range(1000):
            task.tell(number, 1000)
            if task.stopped():
                return "stopped"
            time.sleep(0.005)
        return "done"

    job = runner.run(TaskOp(work), results.append)
    job.progressed.connect(lambda done, total: told.append((done, total)))
    qtbot.waitUntil(lambda: len(told) > 2)
    job.stop()
    qtbot.waitUntil(lambda: bool(results))
    assert results == ["stopped"] and all(total == 1000 for _done, total in told)
    assert len(told) < 200


def test_a_refusal_of_the_rules_is_handed_to_who_asked(runner, qtbot) -> None:
    refused, failed = [], []
    runner.failed.connect(failed.append)

    def work(_ledger, _task) -> Changes:
        raise RuleViolation("payment.future", field="paid_on")

    runner.run(ChangeOp(work), refused=refused.append)
    qtbot.waitUntil(lambda: bool(refused))
    assert refused[0].field == "paid_on" and not failed


def test_closing_finishes_the_write_under_way_and_forgets_the_questions(qtbot) -> None:
    runner, opened, done = Runner(), [], []
    runner.open(Box, lambda box: box, opened.append, lambda error: None)
    qtbot.waitUntil(lambda: bool(opened))

    def slow(_ledger, _task) -> Changes:
        time.sleep(0.2)
        done.append("written")
        return Changes()

    runner.run(ChangeOp(slow))
    runner.run(ChangeOp(lambda _ledger, _task: done.append("second") or Changes()))
    runner.run(QueryOp(lambda _ledger: done.append("asked"), slot="find"))
    assert runner.writing()
    with qtbot.waitSignal(runner.closed, timeout=5000):
        runner.close()
    assert done == ["written", "second"] and opened[0].closed


def test_another_ledger_closes_the_one_before(runner, qtbot) -> None:
    opened = []
    runner.open(Box, lambda box: box, opened.append, lambda error: None)
    qtbot.waitUntil(lambda: bool(opened))
    assert runner.box.closed
    runner.box = opened[0]
