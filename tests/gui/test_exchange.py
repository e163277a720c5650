"""Sending and receiving in a window: a village's, a village's without an office, an office's."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.actions import exchange as actions
from gui.actions import people as people_actions
from gui.errors import sentence_for
from gui.ops import change
from gui.widgets.pieces import words as words_of
from gui.widgets.rows import RowsModel
from storage.clock import Clock
from storage.commands import contacts
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import delivery, people
from sync import enrol, exchange, folder, kits, sessions
from sync.devices import handle_of
from sync.exchange import Fate
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.office import Place, Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR
from tests.unit.storage.worlds import cheapen

VILLAGE = "150621102200"


@pytest.fixture(scope="module")
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
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
    at_village.page.sending.send_into(blocked)
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


@pytest.fixture
def there_and_back(township: Path, made_township: Township) -> Path:
    """The village's file was taken in, the office wrote something of its own, and its file lies in ``down``."""
    with opened_office(township) as ledger:
        exchange.receive(ledger, made_township.bundles)
        person = people.load(ledger, YEAR, scope=VILLAGE)[0]
        residence = {"residence": {"residence": "away"}}
        ledger.write([Edit("resident", person.record, residence, scope=VILLAGE)])
        return next(one.path for one in exchange.send(ledger, township / "down") if one.scope == VILLAGE)


def opened_office(township: Path, name: str = "office") -> Ledger:
    return Ledger.open(
        township / name, passphrase=PASSPHRASE, data_dir=township / "office-data", clock=Clock(TODAY)
    )


def counts(hand: Hand) -> list[str]:
    """The numbers of the figures: not sent, not confirmed, confirmed, told by the office."""
    return [card.accessibleName().split()[-2] for card in hand.page.view.figures.values()]


def test_figures_follow_what_is_sent_and_confirmed_and_open_the_records_behind_them(
    at_village: Hand, there_and_back: Path, township: Path
) -> None:
    hand = at_village
    unsent, waiting, confirmed, told = counts(hand)
    assert (unsent, confirmed, told) == ("0", "0", "0") and int(waiting) > 20
    drop(hand.page, there_and_back)
    hand.settle()
    assert counts(hand) == ["0", "0", waiting, "1"]
    assert "今天" in hand.page.view.figures["confirmed"]._below.text()
    hand.key("Escape")
    hand.open("households")
    hand.desk.book.ensure()
    hand.until(lambda: hand.desk.book.loaded)
    hand.settle()
    first = hand.desk.book.cards[0]
    card = first.people[0]
    hand.desk.change(
        people_actions.correct(
            card.person.record, {"contact": {"phone": "13712345678"}}, told="", household=""
        ),
        owner=hand.page,
    )
    hand.settle()
    hand.open("exchange")
    assert counts(hand) == ["1", "0", str(int(waiting) - 1), "1"]
    hand.click(hand.page.view.figures["unsent"])
    (line,) = hand.page.listing.records.rows
    assert line.who == card.person.name and "137****5678" in line.what and "13712345678" not in line.what
    assert hand.focus() is hand.page.listing.table and not hand.page.view.log_card.isVisible()
    hand.key("Return")
    assert hand.shell.key == "households"
    assert hand.page.view.people.current_row().person.record == card.person.record
    hand.open("exchange")
    hand.key("Escape")
    assert hand.page.view.log_card.isVisible() and not hand.page.listing.isVisible()


def said_of(model: RowsModel, column: int, row: object) -> str:
    """What stands in a cell."""
    return words_of(model.columns[column].picture(row))


def test_people_and_entries_say_how_far_they_are_until_the_office_confirms(
    at_village: Hand, there_and_back: Path
) -> None:
    hand = at_village
    page = hand.open("households")
    hand.until(lambda: hand.desk.book.loaded)
    hand.settle()
    card = page.people.rows[0]
    assert "已报送，待确认" in said_of(page.people, 0, card)
    assert "已报送，待确认" in said_of(page.past, 1, page.past.rows[0])
    assert "户信息已报送，待确认" in page.view.where.text()
    hand.open("exchange")
    drop(hand.page, there_and_back)
    hand.settle()
    page = hand.open("households")
    hand.settle()
    for text in (said_of(page.people, 0, page.people.rows[0]), page.view.where.text()):
        assert "报送" not in text
    assert not any("报送" in said_of(page.past, 1, row) for row in page.past.rows)
    told = people_actions.correct(
        card.person.record, {"contact": {"phone": "13712345678"}}, told="", household=card.person.household
    )
    hand.desk.change(told, owner=page)
    hand.settle()
    assert "未报送" in said_of(page.people, 0, page.people.rows[0])
    assert ["未报送" in said_of(page.past, 1, row) for row in page.past.rows].count(True) == 1
    assert "报送" not in said_of(page.people, 0, page.people.rows[1])


def test_what_the_office_made_of_a_record_is_told_and_leads_to_the_person(
    at_village: Hand, there_and_back: Path
) -> None:
    hand = at_village
    drop(hand.page, there_and_back)
    hand.settle()
    hand.key("Escape")
    hand.click(hand.page.view.figures["told"])
    (line,) = hand.page.listing.told.rows
    assert (line.fate, line.what) == ("changed", "居住情况")
    columns = [column.text(line) for column in hand.page.listing.told.columns]
    assert columns[1] == "医保办已改" and "重新填" in columns[3]
    hand.key("Return")
    assert hand.shell.key == "households"
    assert hand.page.view.people.current_row().person.name == line.who


def test_the_log_says_what_the_office_made_of_each_file(
    at_village: Hand, there_and_back: Path, township: Path
) -> None:
    hand = at_village
    said = hand.page.log.columns[-1].text
    assert said(hand.page.log.rows[0]) == "待对方确认"
    hand.page.sending.send_into(township / "again")
    hand.settle()
    with opened_office(township) as ledger:
        exchange.receive(ledger, list((township / "again").iterdir()))
        answer = next(one.path for one in exchange.send(ledger, township / "answer") if one.scope == VILLAGE)
    hand.page.sending.send_into(township / "third")
    hand.settle()
    drop(hand.page, answer)
    hand.settle()
    found = [(line.row.direction, said(line)) for line in hand.page.log.rows]
    assert [way for way, _words in found] == ["in", "out", "out", "out"]
    assert found[1][1] == "待对方确认"
    assert found[2][1].startswith("已收到，没有新内容") and "12-03" in found[2][1]
    assert found[3][1].startswith("已收下")


def test_a_file_that_was_lost_is_not_missed_once_a_later_one_is_confirmed(
    at_village: Hand, township: Path, made_township: Township
) -> None:
    hand = at_village
    hand.page.sending.send_into(township / "again")
    hand.settle()
    with opened_office(township) as ledger:
        exchange.receive(ledger, list((township / "again").iterdir()))
        answer = next(one.path for one in exchange.send(ledger, township / "answer") if one.scope == VILLAGE)
    drop(hand.page, answer)
    hand.settle()
    said = hand.page.log.columns[-1].text
    words = [said(line) for line in hand.page.log.rows if line.row.direction == "out"]
    assert words[0].startswith("已收下") and words[1] == "不需要了，后来的文件已全部带到"
    hand.app.close()
    assert hand.app.runner.wait()
    with opened_office(township) as ledger:
        assert delivery.missing_files(ledger) == {VILLAGE: (1,)}


def test_the_code_of_the_office_stays_until_it_was_compared(at_village: Hand, township: Path) -> None:
    hand, view = at_village, at_village.page.view
    assert view.code_card.isVisible() and "白泥井镇医保办" in view.compare.title.text()
    assert "恢复钥匙" in view.compare.text.text() and "打电话" in view.compare.text.text()
    with_office = view.compare.code.text()
    assert view.compare.code.accessibleName() == "核对代码：" + " ".join(with_office.replace(" ", ""))
    assert "代码还没核对" in hand.shell.nav._foot.text()
    hand.click(view.compare.put_off)
    assert not view.code_card.isVisible() and view.show_code.isVisible()
    hand.key("C")
    assert view.code_card.isVisible() and view.compare.code.text() == with_office
    hand.key("C")
    assert hand.notice() == "已记下：代码核对过了。"
    assert not view.code_card.isVisible() and not view.show_code.isVisible()
    assert "代码已核对（今天）" in view.office_text.text()
    assert "代码还没核对" not in hand.shell.nav._foot.text()


# ---- a folder both sides look into


def patiently(told: Callable[[], bool]) -> None:
    """Wait and leave the ledger thread all the time it wants: QTest.qWait lets no other thread run."""
    end = time.monotonic() + 20
    while not told():
        assert time.monotonic() < end, "waited in vain"
        QApplication.processEvents()
        time.sleep(0.002)


def test_through_a_folder_files_come_and_go_by_themselves(
    at_village: Hand, township: Path, made_township: Township, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, shared = at_village, township / "共享"
    shared.mkdir()
    card = hand.page.view.folder
    assert not card.visit.isVisible() and not card.leave.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(shared))
    hand.key("D")
    hand.settle()
    (put,) = shared.iterdir()
    assert str(shared) in card.text.text() and "放入 1 个文件" in card.text.text()
    with opened_office(township) as ledger:
        folder.exchange(ledger, shared)
        person = people.load(ledger, YEAR, scope=VILLAGE)[0]
        ledger.write([Edit("resident", person.record, {"remark": {"note": "已核实"}}, scope=VILLAGE)])
        folder.exchange(ledger, shared)
    hand.key("E")
    assert "取回新记录 1 条" in card.text.text() and hand.notice() == "从交换文件夹收到 1 条新记录"
    assert counts(hand)[:2] == ["0", "0"]
    put.unlink()
    shutil.rmtree(shared)
    hand.key("E")
    assert card.trouble.text() == sentence_for("folder.not_found", {"path": str(shared)})
    hand.click(card.leave)
    assert hand.desk.courier.folder is None and not card.trouble.text()


def test_the_folder_is_visited_when_something_comes_and_when_the_ledger_is_opened(
    at_village: Hand, township: Path, start: Callable[..., Hand]
) -> None:
    hand, shared = at_village, township / "共享"
    shared.mkdir()
    hand.desk.courier._rest.setInterval(20)
    hand.desk.courier.choose(shared)
    hand.settle()
    with opened_office(township) as ledger:
        folder.exchange(ledger, shared)
        (answer,) = [path for path in shared.iterdir() if "下发" in path.name]
        held = answer.read_bytes()
    patiently(lambda: any(line.row.direction == "in" for line in hand.page.log.rows))
    patiently(lambda: not hand.app.runner.busy())
    assert hand.desk.courier._now_and_then.isActive()
    hand.app.close()
    assert hand.app.runner.wait()
    answer.write_bytes(held)
    again = at(start, township / VILLAGE, township / f"{VILLAGE}-data")
    patiently(lambda: again.desk.courier.last is not None)
    assert again.desk.courier.folder == shared


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
    titles = [at_office.page.log.columns[1].text(row) for row in at_office.page.log.rows]
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
    at_office.page.sending.send_into(township / "down")
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
    def slow(ledger, paths, *, progress, cancelled, **_options):
        end = time.monotonic() + 10
        while not cancelled() and time.monotonic() < end:
            progress(1, len(paths))
            time.sleep(0.005)
        return []

    monkeypatch.setattr(sessions, "receive", slow)
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

    monkeypatch.setattr(sessions, "receive", full)
    card = at_office.page.receiving
    card.receive([township / "sent"])
    at_office.settle()
    assert card.trouble.text() == sentence_for("ledger.disk", {"path": "L"})
    assert not card.receiving and card.table.isHidden() and not at_office.notice()


# ---- a look first


def test_a_look_changes_nothing_and_says_what_a_file_would_change(at_office: Hand, township: Path) -> None:
    hand = at_office
    drop(hand.page, *sorted((township / "sent").glob("*.hqb")))
    hand.settle()
    hand.key("Escape")
    with Ledger.open(
        township / VILLAGE, passphrase=PASSPHRASE, data_dir=township / f"{VILLAGE}-data", clock=Clock(TODAY)
    ) as ledger:
        first, second = people.load(ledger, YEAR, scope=VILLAGE)[:2]
        other = first.id_number[:8] + "9" + first.id_number[9:]
        identity = {"name": first.name, "id_number": other}
        ledger.write([Edit("resident", first.record, {"identity": identity})])
        ledger.write([Edit("resident", second.record, {"contact": {"phone": "13998765432"}})])
        ledger.write([Edit("resident", second.record, {"residence": {"residence": "away"}})])
        sent = exchange.send(ledger, township / "next")[0].path
    with_office = hand.page.log.rows[:]
    hand.key("L")
    assert hand.page.look.isChecked()
    drop(hand.page, sent)
    hand.settle()
    card = hand.page.receiving
    assert card.summary.text() == "已查看 1 个文件，还没有收下，台账没有变"
    assert card.take_button.isVisible() and hand.focus() is card.take_button
    lines = {(line.who, line.what): (line.old, line.new) for line in card.changes.rows}
    assert lines[second.name, "联系电话"][1] == "139****5432"
    old, new = lines[first.name, "证件号"]
    assert "*" in old and "中间的数字不同" in new and other not in new
    assert first.id_number not in str(lines) and other not in str(lines)
    assert [one.row.name for one in hand.page.log.rows] == [one.row.name for one in with_office]
    hand.key("Escape")
    assert card.isHidden() and len(hand.page.log.rows) == len(with_office)
    drop(hand.page, sent)
    hand.settle()
    hand.key("Y")
    assert outcomes(hand) == {sent.name: "applied"} and not card.take_button.isVisible()
    assert len(hand.page.log.rows) == len(with_office) + 1
    hand.key("L")
    assert not hand.page.look.isChecked()
    hand.open("villages")
    assert not hand.page.look.isChecked()


def test_a_look_names_conflicts_and_leaves_out_what_would_be_refused(
    at_office: Hand, township: Path, there_and_back: Path
) -> None:
    hand = at_office
    with opened_office(township) as ledger:
        person = people.load(ledger, YEAR, scope=VILLAGE)[0]
    with Ledger.open(
        township / VILLAGE, passphrase=PASSPHRASE, data_dir=township / f"{VILLAGE}-data", clock=Clock(TODAY)
    ) as ledger:
        residence = {"residence": {"residence": "outside"}}
        ledger.write([Edit("resident", person.record, residence)])
        sent = exchange.send(ledger, township / "next")[0].path
    torn = township / "torn.hqb"
    torn.write_bytes(sent.read_bytes()[:-10])
    card = hand.page.receiving
    card.look([sent, torn])
    hand.settle()
    assert "1 个拒收" in card.summary.text()
    assert (card.changes.rows[0].sort, card.changes.rows[0].who) == ("dispute", person.name)
    hand.key("Y")
    assert outcomes(hand) == {sent.name: "applied"}


# ---- who joined, and who we were


def test_codes_of_new_devices_are_compared_one_after_another(at_office: Hand, township: Path) -> None:
    hand, panel = at_office, at_office.page.receiving.compare
    drop(hand.page, *sorted((township / "sent").glob("*.hqb")))
    hand.settle()
    titles, codes = [], set()
    while panel.isVisible():
        titles.append(panel.title.text())
        codes.add(panel.code.text())
        hand.key("V")
    assert len(titles) == 3 and len(codes) == 3 and "另有 2 台" in titles[0]
    hand.open("devices")
    assert not any(known.to_compare for row in hand.page.villages.rows for known in row.devices)


def test_both_ends_read_the_same_digits(
    start: Callable[..., Hand], township: Path, made_township: Township
) -> None:
    village = at(start, township / VILLAGE, township / f"{VILLAGE}-data")
    code = village.page.view.compare.code.text()
    hand = at(start, township / "office", township / "office-data")
    drop(hand.page, next(path for path in (township / "sent").glob("*.hqb") if path.name.startswith("200")))
    hand.settle()
    assert hand.page.receiving.compare.code.text() == code


def test_entries_of_a_lost_office_come_back_once_somebody_says_they_are_its_own(
    start: Callable[..., Hand], township: Path, there_and_back: Path
) -> None:
    data = township / f"{VILLAGE}-data"
    with opened_office(township) as lost:
        key = lost.device.verify_key
    with Ledger.open(township / VILLAGE, passphrase=PASSPHRASE, data_dir=data, clock=Clock(TODAY)) as ledger:
        exchange.receive(ledger, [there_and_back])
    made = enrol.create_office(
        township / "anew", office.CODE, office.TITLE,
        passphrase=PASSPHRASE, operator="李科员", data_dir=township / "office-data", clock=Clock(TODAY),
    )  # fmt: skip
    with made:
        kits.make(made, VILLAGE, "查干沟嘎查", township / "anew.hqk")
    with Ledger.open(township / VILLAGE, passphrase=PASSPHRASE, data_dir=data, clock=Clock(TODAY)) as ledger:
        enrol.join(ledger, township / "anew.hqk")
        sent = exchange.send(ledger, township / "to-anew")[0].path
    hand = at(start, township / "anew", township / "office-data")
    card = hand.page.receiving
    drop(hand.page, sent)
    hand.settle()
    assert outcomes(hand) == {sent.name: "refused"} and key.hex() not in words(hand, sent.name)
    handle = handle_of(key)
    assert card.former.isVisible() and f"{handle[:4]} {handle[4:]}" in card.former.text.text()
    hand.click(card.former.no)
    assert not card.former.isVisible() and outcomes(hand) == {sent.name: "refused"}
    drop(hand.page, sent)
    hand.settle()
    hand.click(card.former.yes)
    hand.settle()
    assert outcomes(hand) == {sent.name: "applied"} and not card.former.isVisible()
    assert card.compare.isVisible()  # it joined with this very file


# ---- a receiving from folder to receipts


def test_a_folder_is_received_by_keys_and_each_count_opens_to_exactly_its_people(
    at_office: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, card = at_office, at_office.page.receiving
    (township / "sent" / "花名册.xlsx").write_bytes(b"PK")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(township / "sent"))
    hand.key("G")
    hand.settle()
    panel = card.outcome
    assert "1 个其他文件未处理" in card.summary.text() and "花名册.xlsx" in panel.passed.text()
    counts = {(row.title, row.figure): row.count for row in panel.counts.rows}
    assert counts["查干沟嘎查", "new"] == 20 and counts["柳林村", "paid"] == 12
    for row in list(panel.counts.rows):
        panel.count_table.select((row.scope, row.figure))
        panel.count_table.setFocus()
        hand.key("Return")
        hand.settle()
        assert len(panel.people.rows) == row.count, row
        assert {one.scope for one in panel.people.rows} == {row.scope}
    hand.key("Escape")  # closes the people, not the receiving
    assert panel.people_table.isHidden() and card.isVisible()


def test_receipts_are_written_by_one_key_and_say_whom_to_give_them_to(
    at_office: Hand, township: Path
) -> None:
    hand = at_office
    with_phone = contacts.Entry("柳林村", "village", "150621102201", "巴图", "", "13900000001")
    hand.desk.change(change(lambda ledger: contacts.save(ledger, with_phone), ""), owner=hand.page)
    hand.settle()
    hand.page.receiving.receive([township / "sent"])
    hand.settle()
    panel = hand.page.receiving.outcome
    hand.desk.settings.keep("receipt_folder", str(township / "back"))
    hand.key("R")
    hand.settle()
    written = sorted(path.name for path in (township / "back").iterdir())
    assert sorted(row.name for row in panel.replies.rows) == written and len(written) == 3
    whom = {row.title: panel.replies.columns[3].text(row) for row in panel.replies.rows}
    assert whom["柳林村"] == "巴图，13900000001" and whom["海勒苏村"] == "—"
    assert str(township / "back") in panel.written.text()
    assert all(name.startswith(("200-", "201-", "202-")) for name in written)


def test_a_receiving_of_before_opens_again_with_its_files_and_counts(
    at_office: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = at_office
    hand.page.receiving.receive([township / "sent"])
    hand.settle()
    before = [(row.scope, row.figure, row.count) for row in hand.page.receiving.outcome.counts.rows]
    hand.key("Escape")
    assert hand.page.receiving.isHidden()
    hand.key("H")
    hand.settle()
    assert len(hand.page.past.sessions.rows) == 1
    hand.key("Return")
    hand.settle()
    panel = hand.page.receiving.outcome
    assert [(row.scope, row.figure, row.count) for row in panel.counts.rows] == before
    assert len(hand.page.receiving.fates.rows) == 3 and "李科员" in hand.page.receiving.summary.text()
    for name in ("情况.xlsx", "情况.pdf"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, name=name: (str(township / name), ""))
        hand.key("B")
        hand.settle()
        assert (township / name).stat().st_size > 2000


def test_the_fate_of_each_file_is_shown_as_it_happens(
    at_office: Hand, township: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()

    def slow(ledger, paths, *, progress, told, cancelled):
        told(Fate(paths[0].name, "applied", fresh=3, title="柳林村"))
        while not goes_on.wait(0.01):
            progress(1, len(paths))
        return []

    monkeypatch.setattr(sessions, "receive", slow)
    card = at_office.page.receiving
    card.receive([township / "sent"])
    at_office.until(lambda: card.table.isVisible(), "for the first file to be told")
    assert [fate.title for fate in card.fates.rows] == ["柳林村"] and card.receiving
    goes_on.set()
    at_office.settle()
