"""Sending and receiving in a window: a village's, a village's without an office, an office's."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from gui.actions import exchange as actions
from gui.actions.exchange import bundles_in
from gui.errors import sentence_for
from storage import keys
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Ledger
from sync import exchange
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.office import Place, Township
from tests.gui.village import PASSPHRASE, TODAY


@pytest.fixture(scope="module")
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"MEMORY_KIB": 32, "PASSES": 1, "LANES": 1}.items():
            patch.setattr(keys, name, value)
        yield


@pytest.fixture(scope="module")
def made_township(cheap_keys: None, tmp_path_factory: pytest.TempPathFactory) -> Township:
    """An office that has received nothing yet, and the files of its villages."""
    return office.make(tmp_path_factory.mktemp("township"), received=False)


@pytest.fixture
def township(made_township: Township, tmp_path: Path) -> Path:
    """A folder of one's own with everything in it."""
    shutil.copytree(made_township.folder.parent, tmp_path / "all")
    return tmp_path / "all"


def at(start: Callable[..., Hand], folder: Path, data: Path) -> Hand:
    """A window on a ledger, on sending and receiving."""
    hand = start(ledger=folder, passphrase=PASSPHRASE, data_dir=data)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("exchange")
    return hand


@pytest.fixture
def at_office(start: Callable[..., Hand], township: Path) -> Hand:
    """The office's window."""
    return at(start, township / "office", township / "office-data")


@pytest.fixture
def at_village(start: Callable[..., Hand], township: Path) -> Hand:
    """The window of one of its villages."""
    return at(start, township / "150621102200", township / "150621102200-data")


def outcomes(hand: Hand) -> dict[str, str]:
    """What became of each file."""
    return {fate.name: fate.outcome for fate in hand.page.receiving.fates.rows}


def words(hand: Hand, name: str) -> str:
    """What is said of a file."""
    model = hand.page.receiving.fates
    return model.columns[2].text(next(fate for fate in model.rows if fate.name == name))


def logged(hand: Hand) -> list[tuple[str, str]]:
    """The log from the newest: direction and outcome."""
    return [(line.row.direction, line.row.outcome) for line in hand.page.log.rows]


# ---- a village


def test_a_village_sends_with_one_key_into_a_folder_it_remembers(
    at_village: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, stick = at_village, township / "usb stick"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(stick))
    assert "白泥井镇医保办" in hand.page.view.send_text.text()
    hand.key("O")
    hand.settle()
    (written,) = stick.iterdir()
    assert written.name in hand.page.view.sent.text() and "U 盘" in hand.page.view.sent.text()
    assert str(stick) in hand.page.view.send_text.text()
    hand.key("S")
    hand.settle()
    assert len(list(stick.iterdir())) == 2
    assert logged(hand)[:2] == [("out", "sent"), ("out", "sent")]
    with Ledger.open(
        township / "office", passphrase=PASSPHRASE, data_dir=township / "office-data", clock=Clock(TODAY)
    ) as ledger:
        assert [fate.outcome for fate in exchange.receive(ledger, [written])] == ["applied"]


def test_a_village_takes_in_what_its_office_sends(
    at_village: Hand, township: Path, made_township: Township
) -> None:
    with Ledger.open(
        township / "office", passphrase=PASSPHRASE, data_dir=township / "office-data", clock=Clock(TODAY)
    ) as ledger:
        exchange.receive(ledger, made_township.bundles)
        sent = {one.scope: one.path for one in exchange.send(ledger, township / "down")}
    drop(at_village.page, sent["150621102200"], sent["150621102201"])
    at_village.settle()
    assert outcomes(at_village) == {
        sent["150621102200"].name: "known",
        sent["150621102201"].name: "refused",
    }
    assert words(at_village, sent["150621102201"].name) == sentence_for("bundle.not_for_us", {})
    assert at_village.page.receiving.fates.rows[0].outcome == "refused"  # what wants a look comes first
    assert logged(at_village)[0] == ("in", "known")


def test_a_folder_that_cannot_be_written_is_said_beside_the_button(at_village: Hand, township: Path) -> None:
    blocked = township / "file"
    blocked.write_text("x", "utf-8")
    at_village.page.send_into(blocked)
    at_village.settle()
    assert at_village.page.view.trouble.text()
    assert at_village.page.view.send.isEnabled() and at_village.page.view.writing.isHidden()


def test_a_ledger_without_an_office_says_why_it_cannot_send(hand: Hand) -> None:
    page = hand.open("exchange")
    assert page.join.isVisible() and "启用包" in page.join.text.text()
    assert hand.focus() is page.join.open
    for widget in (page.view.send, page.view.receive, page.view.code_card, page.view.folder):
        assert not widget.isVisible()
    assert not any(card.isVisible() for card in page.view.figures.values())


# ---- an office


def test_an_office_takes_in_folders_and_files_at_once(at_office: Hand, township: Path) -> None:
    (township / "sent" / "deeper").mkdir()
    first, *_rest = sorted((township / "sent").glob("*.hqb"))
    renamed = first.rename(township / "sent" / "deeper" / "收到(1).HQB")
    shutil.copy(renamed, township / "again.hqb")
    torn = township / "torn.hqb"
    torn.write_bytes(renamed.read_bytes()[:-100])
    note = township / "说明.txt"
    note.write_text("请查收", "utf-8")
    (township / "empty").mkdir()
    drop(at_office.page, township / "sent", township / "again.hqb", torn, note, township / "empty")
    at_office.settle()
    found = outcomes(at_office)
    assert sorted(found.values()) == ["applied", "applied", "applied", "known", "refused", "refused"]
    assert found["收到(1).HQB"] == "applied" and found["again.hqb"] == "known"
    assert words(at_office, torn.name) == sentence_for("bundle.damaged", {})
    assert words(at_office, note.name) == sentence_for("bundle.not_a_bundle", {})
    said = at_office.page.receiving.summary.text()
    assert "6 个文件收下 4 个" in said and "2 个拒收" in said and "empty" in said
    assert at_office.page.receiving.compare.isVisible()
    assert len(logged(at_office)) == 4  # what was refused left no trace
    titles = [at_office.page.log.columns[2].text(row) for row in at_office.page.log.rows]
    assert set(titles) == {"查干沟嘎查", "柳林村", "海勒苏村"}
    at_office.open("villages")
    assert [row.village.figures.people for row in at_office.page.rows.rows] == [20, 23, 20]


def test_a_village_without_a_kit_is_refused_with_what_to_do(
    at_office: Hand, township: Path, tmp_path: Path
) -> None:
    foreign = office.make(tmp_path / "foreign", [Place("150621102216", "塔并召村", 3, 1)], received=False)
    drop(at_office.page, *foreign.bundles)
    at_office.settle()
    assert list(outcomes(at_office).values()) == ["refused"]
    assert words(at_office, foreign.bundles[0].name) == sentence_for("bundle.not_for_us", {})
    assert not logged(at_office)


def test_an_office_sends_to_every_village_that_joined(at_office: Hand, township: Path) -> None:
    assert not at_office.page.view.send.isEnabled()
    assert "还没有启用" in at_office.page.view.send_text.text()
    drop(at_office.page, *sorted((township / "sent").glob("*.hqb"))[:2])
    at_office.settle()
    assert at_office.page.view.send.isEnabled()
    at_office.page.send_into(township / "down")
    at_office.settle()
    assert len(list((township / "down").glob("*-下发.hqb"))) == 2
    assert "海勒苏村" in at_office.page.view.send_text.text()


def test_stopping_leaves_out_what_was_not_begun(made_township: Township, township: Path) -> None:
    class Impatient:
        """Stops once the first file is in."""

        def __init__(self) -> None:
            self.told: list[tuple[int, int]] = []

        def tell(self, done: int, total: int) -> None:
            self.told.append((done, total))

        def stopped(self) -> bool:
            return len(self.told) >= 2

    with Ledger.open(
        township / "office", passphrase=PASSPHRASE, data_dir=township / "office-data", clock=Clock(TODAY)
    ) as ledger:
        received = actions.receive([township / "sent"]).do(ledger, Impatient())
    assert ([fate.outcome for fate in received.fates], received.left) == (["applied", "applied"], 1)


def test_escape_stops_the_work_and_what_is_left_is_said(
    at_office: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(ledger, paths, *, progress, cancelled):
        end = time.monotonic() + 10
        while not cancelled() and time.monotonic() < end:
            progress(1, len(paths))
            time.sleep(0.005)
        return []

    monkeypatch.setattr(exchange, "receive", slow)
    card = at_office.page.receiving
    card.receive([township / "sent"])
    at_office.until(lambda: "1 / 3" in card.busy.accessibleName(), "for word of progress")
    assert card.busy.isVisible() and not card.table.isVisible()
    drop(at_office.page, township / "sent")  # one thing at a time
    at_office.key("Escape")
    assert card.summary.text() == "已停止，3 个文件没有处理"
    assert card.busy.isHidden() and card.close_button.isVisible() and not card.receiving


def test_a_failing_disk_ends_the_work_with_its_sentence(
    at_office: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments, **_options):
        raise KnownError("ledger.disk", path="L")

    monkeypatch.setattr(exchange, "receive", full)
    card = at_office.page.receiving
    card.receive([township / "sent"])
    at_office.settle()
    assert card.trouble.text() == sentence_for("ledger.disk", {"path": "L"})
    assert not card.receiving and card.table.isHidden() and not at_office.notice()


def test_a_folder_stands_for_every_bundle_below_it(tmp_path: Path) -> None:
    for name in ("b.hqb", "a.HQB", "sub/c.hqb", "sub/d.txt", "part.hqb.part"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    (tmp_path / "none").mkdir()
    inside = tmp_path / "in"
    found, empty = bundles_in([inside, inside / "b.hqb", tmp_path / "none", tmp_path / "gone.hqb"])
    assert found == [inside / "a.HQB", inside / "b.hqb", inside / "sub" / "c.hqb", tmp_path / "gone.hqb"]
    assert empty == ["none"]
