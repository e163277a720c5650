"""A day at the window with 5,000 people: how long it does not answer at the longest, piece by piece."""

import csv
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QApplication

from gui import app as composition
from gui.warming import Warming
from storage.clock import Clock
from storage.ledger import Edit, Ledger
from sync import enrol, exchange, kits
from tests.bench.conftest import TODAY, Compare, edits
from tests.bench.stalls import Watch
from tests.bench.townships import PASSPHRASE, cheap_keys, village_code
from tests.bench.waiting import wait
from tests.gui.conftest import Hand

PEOPLE = 5_000
AIM = 0.05
CODE = village_code(0)
_BIG_PATIENCE = 300.0


class Worker(Hand):
    """Somebody who never waits longer than the window makes them: the event loop turns as it does for a person."""

    def until(self, told: Callable[[], object], what: str = "") -> None:
        end = time.monotonic() + _BIG_PATIENCE
        while not told():
            assert time.monotonic() < end, f"waited in vain {what}"
            wait(4)

    def settle(self) -> None:
        for _again in range(3):
            wait(20)
            self.until(lambda: not self.app.runner.busy(), "for the ledger")


def make(folder: Path) -> None:
    """A township office and a village of 5,000 that sent nothing yet; a file for each of them is ready."""
    office = _office(folder)
    kit = folder / "village.hqk"
    kits.make(office, CODE, "查干沟嘎查", kit)
    village = enrol.open_kit(folder / "village", kit, **_who(folder, "village"))
    village.write(edits(PEOPLE))
    (for_office,) = exchange.send(village, folder / "out")
    exchange.receive(office, [for_office.path])
    _note(office)
    sent = exchange.send(office, folder / "back")
    shutil.move(sent[0].path, folder / "from-office.hqb")
    village.write(edits(1_000, seed=2))
    (again,) = exchange.send(village, folder / "out")
    shutil.move(again.path, folder / "from-village.hqb")
    _write_roster(folder / "花名册.csv", village)
    village.close()
    office.close()


def _office(folder: Path) -> Ledger:
    return enrol.create_office(folder / "office", f"{CODE[:9]}000", "白泥井镇", **_who(folder, "office"))


def _who(folder: Path, name: str) -> dict[str, object]:
    return {
        "passphrase": PASSPHRASE,
        "operator": name,
        "data_dir": folder / f"{name}-data",
        "clock": Clock(TODAY),
    }


def _note(office: Ledger) -> None:
    """Something an office has to say about 200 of them."""
    rows = office.connection.execute("SELECT record FROM resident ORDER BY record LIMIT 200").fetchall()
    office.write(
        [Edit("resident", row[0], {"contact": {"phone": f"1390000{at:04d}"}}) for at, row in enumerate(rows)]
    )


def _write_roster(path: Path, village: Ledger) -> None:
    rng = random.Random(5)
    people = village.connection.execute(
        "SELECT h.number, r.name, r.id_full FROM resident r JOIN household h ON h.record = r.household"
    ).fetchall()
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["户编号", "姓名", "身份证号", "联系电话"])
        for number, name, id_number in people:
            out.writerow((number, name, id_number, f"139{rng.randint(0, 99_999_999):08d}"))


@contextmanager
def at(folder: Path, name: str, watch: Watch, qapp: QApplication) -> Iterator[Worker]:
    """Somebody at the window of the village or the office."""
    options = composition.Options(
        folder / f"{name}-data", folder / name, PASSPHRASE, clock=Clock(TODAY), ahead=True
    )
    before = sys.excepthook
    app = composition.App(options, qapp)
    sys.excepthook = before
    app.window.resize(QSize(1366, 768))
    worker = Worker(app)
    watch.part(f"{name}: open")
    app.start()
    app.window.activateWindow()
    worker.until(lambda: app.window.shell() is not None)
    worker.settle()
    try:
        yield worker
    finally:
        watch.part(f"{name}: close")
        closed: list[bool] = []
        app.runner.closed.connect(lambda: closed.append(True))
        app.close()
        worker.until(lambda: closed, "for the end")
        app.window.deleteLater()
        app.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _sit(worker: Worker, watch: Watch, name: str) -> None:
    """Look at the first page for a while, as anybody does, until the others were made."""
    watch.part(f"{name}: pages made while nobody touches the window")
    shell = worker.app.window.shell()
    assert shell is not None
    worker.until(lambda: shell.findChild(Warming) is None, "for the pages")


def _village_day(worker: Worker, watch: Watch, folder: Path) -> None:
    _sit(worker, watch, "village")
    pages = ("today", "households", "visits", "targets", "money", "papers", "pending", "exchange", "settings")
    for key in pages:
        watch.part(f"village: page {key}")
        worker.open(key)
    worker.open("today")
    watch.part("village: find 10 people")
    for text in ("ns", "王", "其其格", "8", "138", "buren", "ngrl", "李", "02", "wulan"):
        worker.key(Qt.Key.Key_Slash)
        worker.key(Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
        worker.type(text)
    worker.key("Return")
    watch.part("village: 30 facts")
    _facts(worker)
    watch.part("village: lists")
    page = worker.open("visits")
    worker.click(page.view.make)
    worker.until(lambda: not worker.desk.writing())
    worker.settle()
    watch.part("village: roster looked at")
    page = worker.open("intake", [folder / "花名册.csv"])
    worker.until(lambda: page.files.rows and page.files.rows[0].state not in ("waiting", "reading"))
    worker.settle()
    watch.part("village: roster taken over")
    page.view.write.click()
    worker.settle()
    watch.part("village: file received")
    page = worker.open("exchange")
    page.receiving.take_in([folder / "from-office.hqb"])
    worker.settle()


def _facts(worker: Worker) -> None:
    page = worker.open("households")
    page.view.list.setFocus()
    for count in range(30):
        worker.key("Down")
        worker.key("Return")
        worker.key(*(("1", "1", "Return") if count % 2 else ("2", "1", "Return")))
        worker.key("Escape", "Escape")
        page.view.list.setFocus()


def _office_day(worker: Worker, watch: Watch, folder: Path) -> None:
    _sit(worker, watch, "office")
    for key in ("villages", "people", "targets", "money", "forms", "pending", "exchange"):
        watch.part(f"office: page {key}")
        worker.open(key)
    watch.part("office: find 5 people")
    for text in ("ns", "王", "138", "buren", "李"):
        worker.key(Qt.Key.Key_Slash)
        worker.key(Qt.Key.Key_A, modifier=Qt.KeyboardModifier.ControlModifier)
        worker.type(text)
    watch.part("office: file of 1,000 people received")
    page = worker.open("exchange")
    page.receiving.take_in([folder / "from-village.hqb"])
    worker.settle()


def test_stall(tmp_path: Path, qapp: QApplication, compare: Compare) -> None:
    with cheap_keys():
        make(tmp_path)
        watch = Watch()
        with watch.watching():
            with at(tmp_path, "village", watch, qapp) as worker:
                _village_day(worker, watch, tmp_path)
            with at(tmp_path, "office", watch, qapp) as worker:
                _office_day(worker, watch, tmp_path)
    for part in watch.parts:
        compare.say(
            f"stall, {part.name}: {part.own * 1000:.0f} ms of its own, {part.wall * 1000:.0f} ms by the clock,"
            f" {part.long} of {part.turns} turns over {AIM * 1000:.0f} ms"
        )
        for held in part.held[:6]:
            compare.say(f"    {held}")
    assert all(part.turns for part in watch.parts if "close" not in part.name)
