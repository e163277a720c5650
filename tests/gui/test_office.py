"""An office's day: kits out, files in, who is behind, and the people behind each number."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QScrollArea, QWidget

from gui.models import board, roll
from gui.models.devices import Known, VillageKits
from gui.models.roll import RollFilter
from gui.ops import ChangeOp, QueryOp
from gui.pages.devices.form import KitForm
from storage import policies
from storage.clock import Clock
from storage.ledger import Edit, Ledger
from storage.queries import people
from storage.queries.devices import KitRow
from storage.queries.figures import Figures
from storage.queries.villages import VillageRow
from storage.records import derived_id
from sync import devices, enrol, exchange, kits
from sync.peers import Device
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.dropping import drop, hold, leave, mime
from tests.gui.office import Place, Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR
from tests.unit.storage.worlds import cheapen

WAITING = "新民堡村"


@pytest.fixture(scope="module")
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


@pytest.fixture(scope="module")
def made_office(cheap_keys: None, tmp_path_factory: pytest.TempPathFactory) -> Township:
    """A closed office ledger that received three villages; a fourth has only its kit."""
    return office.make(tmp_path_factory.mktemp("township"), waiting=[WAITING])


def opened(start: Callable[..., Hand], township: Township, tmp_path: Path) -> Hand:
    """A window on a copy of an office."""
    shutil.copytree(township.folder, tmp_path / "office")
    shutil.copytree(township.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    return hand


@pytest.fixture
def at_office(start: Callable[..., Hand], made_office: Township, tmp_path: Path) -> Hand:
    """The window of the office with its villages, on the board."""
    return opened(start, made_office, tmp_path)


@pytest.fixture
def new_office(start: Callable[..., Hand], cheap_keys: None, tmp_path: Path) -> Hand:
    """The window of an office that has made no kit yet."""
    enrol.create_office(
        tmp_path / "office", office.CODE, office.TITLE,
        passphrase=PASSPHRASE, operator="李科员", data_dir=tmp_path / "data", clock=Clock(TODAY),
    ).close()  # fmt: skip
    hand = start(ledger=tmp_path / "office", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    return hand


def titles(hand: Hand) -> list[str]:
    """The villages of the board, from the top."""
    return [row.village.title for row in hand.page.rows.rows]


def row_of(hand: Hand, title: str) -> board.BoardRow:
    """A village of the board."""
    return next(row for row in hand.page.rows.rows if row.village.title == title)


def shown(hand: Hand) -> list[str]:
    """The people shown on the page of people."""
    return [entry.person.name for entry in hand.page.rows.rows]


# ---- from an empty office to figures


def test_from_a_kit_made_by_keys_to_figures_on_the_board(
    new_office: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = new_office
    assert hand.shell.key == "villages"
    assert hand.page.view.states.currentWidget() is hand.page.view.empty
    hand.key("N")
    assert hand.shell.key == "devices"
    path = tmp_path / "usb" / "柴磴.hqk"
    asked: list[str] = []

    def save(_parent: object, _title: str, start: str, _kind: str) -> tuple[str, str]:
        asked.append(Path(start).name)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    form = hand.page.view.form
    assert hand.focus() is form.code_line and form.code_line.text() == "150621102"
    hand.type("201")
    assert form.name_line.text() == "柴磴村委会"  # what the public table calls this code
    hand.key("Return")
    hand.until(path.exists)
    hand.settle()
    assert asked == ["201-柴磴村委会.hqk"]
    assert "柴磴村委会" in hand.page.view.done_text.text() and path.name in hand.page.view.done_text.text()
    (row,) = hand.page.villages.rows
    assert (row.scope, row.waiting is not None, row.devices) == ("150621102201", True, ())

    bundle = office.send(tmp_path / "village", Place("150621102201", "柴磴村委会", 10, 6, active=4), path)
    hand.open("villages")
    assert titles(hand) == ["柴磴村委会"]
    assert hand.page.view.cards["unsent"].accessibleName() == "本周未报送 1 个村"
    drop(hand.page, bundle)
    hand.settle()
    found = row_of(hand, "柴磴村委会").village.figures
    assert (found.should, found.should_paid, found.credential) == (10, 6, 4)
    assert hand.page.view.cards["rate"].accessibleName().startswith("参保率（常住人口） 60.0%")
    assert hand.page.view.cards["unsent"].accessibleName() == "本周未报送 0 个村"
    asked = hand.page.receiving.compare
    assert asked.isVisible() and "柴磴村委会" in asked.title.text()
    assert len(asked.code.text().replace(" ", "")) == 12 and asked.code.text().replace(" ", "").isdigit()

    hand.key("Escape")
    assert hand.page.receiving.isHidden()
    hand.open("devices")
    assert [one.device.title for one in hand.page.devices.rows] == ["柴磴村委会"]
    state = hand.page.devices.columns[1].picture(hand.page.devices.rows[0])
    assert "代码未核对" in state[0][0].text
    assert hand.page.view.place.code.text() == asked.code.text()


def test_what_came_before_changes_nothing_the_second_time(at_office: Hand, made_office: Township) -> None:
    before = [row.village.figures for row in at_office.page.rows.rows]
    drop(at_office.page, *made_office.bundles)
    at_office.settle()
    assert {fate.outcome for fate in at_office.page.receiving.fates.rows} == {"known"}
    assert "没有新内容" in at_office.page.receiving.summary.text()
    assert not at_office.page.receiving.compare.isVisible()
    assert [row.village.figures for row in at_office.page.rows.rows] == before


# ---- the board


def test_villages_stand_by_rate_and_the_last_are_warned(at_office: Hand) -> None:
    assert titles(at_office) == ["查干沟嘎查", "海勒苏村", "柳林村", WAITING]
    assert [(row.rank, row.warned) for row in at_office.page.rows.rows] == [
        (1, False),
        (2, True),
        (3, True),
        (None, False),
    ]
    ranks = at_office.page.rows.columns[0]
    assert ranks.text(row_of(at_office, "柳林村")) == "预警 3"
    assert "旗医保局、旗税务局" in at_office.page.view.source.text()


def village(title: str, paid: int, should: int) -> VillageRow:
    return VillageRow(title, title, Figures(should=should, should_paid=paid), "", "", "active")


@pytest.mark.parametrize(
    ("rates", "ranks", "warned"),
    [
        ([(9, 10), (5, 10), (7, 10)], {"0": 1, "2": 2, "1": 3}, {"1", "2"}),
        ([(1, 2), (5, 10), (1, 3)], {"0": 1, "1": 1, "2": 3}, {"2"}),
        ([(1, 3), (2, 2), (2, 6)], {"1": 1, "0": 2, "2": 2}, {"0", "2"}),
        ([(0, 5), (0, 9)], {"0": 1, "1": 1}, set()),
        ([(3, 5)], {"0": 1}, set()),
        ([(3, 5), (0, 0)], {"0": 1, "1": None}, set()),
        # Rates that print alike are not alike.
        ([(9494, 10000), (9495, 10000), (9499, 10000), (1, 1)], {"3": 1, "2": 2, "1": 3, "0": 4}, {"0", "1"}),
    ],
)
def test_equal_rates_share_a_rank_and_the_first_is_never_warned(
    rates: list[tuple[int, int]], ranks: dict[str, int | None], warned: set[str]
) -> None:
    found = board.ranked([village(str(place), *rate) for place, rate in enumerate(rates)], 2)
    assert {row.village.title: row.rank for row in found} == ranks
    assert {row.village.title for row in found if row.warned} == warned
    assert [row.village.title for row in found] == list(ranks)


def test_a_policy_without_yellow_cards_warns_nobody() -> None:
    found = board.ranked([village("甲", 1, 2), village("乙", 0, 2)], 0)
    assert not any(row.warned for row in found)


def test_the_denominator_is_chosen_by_a_digit_and_always_named(at_office: Hand) -> None:
    hand = at_office
    card = hand.page.view.cards["rate"]
    assert "常住人口" in card.accessibleName()
    found = row_of(hand, "海勒苏村")
    assert (found.village.figures.should_paid, found.village.figures.should) == (16, 20)
    assert "+3" in " ".join(piece.text for piece in hand.page.rows.columns[3].picture(found)[0])
    hand.key("2")
    assert "户籍人口" in card.accessibleName()
    found = row_of(hand, "海勒苏村")
    assert (found.village.figures.should_paid, found.village.figures.should) == (19, 23)
    assert "按常住人口定的" in card._below.text()  # the target is of another denominator
    assert hand.page.rows.columns[5].picture(found)[0][0].target is None
    hand.key("1")
    assert hand.page.rows.columns[5].picture(found)[0][0].target == 0.95
    offered = [one.name for one in board.choices(hand.desk.policy)]
    assert "任务数" not in offered and len(offered) == 3


def test_villages_not_heard_of_this_week_are_named(at_office: Hand) -> None:
    card = at_office.page.view.cards["unsent"]
    assert card.accessibleName() == "本周未报送 2 个村"
    assert "柳林村" in card._below.text() and WAITING in card._below.text()
    at_office.click(card)
    assert titles(at_office)[:2] == [WAITING, "柳林村"]  # the longest silent first


def test_a_click_on_a_title_sorts_and_arrows_walk(at_office: Hand) -> None:
    table = at_office.page.view.table
    heads = table.horizontalHeader()
    where = heads.sectionViewportPosition(1) + heads.sectionSize(1) // 2
    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where, 8))
    assert titles(at_office) == sorted(titles(at_office))
    table.setFocus()
    table.selectRow(0)
    at_office.key("Down", "Down", "Up")
    assert table.current_row() is at_office.page.rows.rows[1]


# ---- doors to people


def test_enter_opens_the_people_behind_a_village(at_office: Hand) -> None:
    hand = at_office
    hand.page.view.table.setFocus()
    hand.page.view.table.select("150621102201")
    hand.key("Return")
    assert hand.shell.key == "people"
    assert len(shown(hand)) == 8
    assert {entry.village for entry in hand.page.rows.rows} == {"柳林村"}
    assert all(entry.person.paid == "none" for entry in hand.page.rows.rows)
    hand.key("Escape")
    assert hand.shell.key == "villages"


def test_every_number_is_a_door_to_exactly_its_people(made_office: Township, tmp_path: Path) -> None:
    shutil.copytree(made_office.folder, tmp_path / "office")
    shutil.copytree(made_office.data_dir, tmp_path / "data")
    with Ledger.open(
        tmp_path / "office", passphrase=PASSPHRASE, data_dir=tmp_path / "data", clock=Clock(TODAY)
    ) as ledger:
        _make_twins_and_absences(ledger)
        policy = policies.load(ledger.profile.policy)
        for base in board.choices(policy):
            rows = board.read(ledger, policy, base.code).rows
            assert sum(row.village.figures.people for row in rows) == 63  # one is there twice
            for row in rows:
                scope, numbers = row.village.scope, _numbers(row.village.figures)
                everybody = roll.read(ledger, policy, base.code, scope, row.village.title)["all"]
                opened = {
                    code: len(roll.choose(policy, RollFilter(code, scope, base.code), everybody))
                    for code in numbers
                }
                assert opened == numbers, (base.code, row.village.title)


def _numbers(found: Figures) -> dict[str, int]:
    return {
        "all": found.people + found.elsewhere,
        "register": found.people,
        "should": found.should,
        "should_paid": found.should_paid,
        "paid_beside": found.paid - found.should_paid,
        "explained": found.explained,
        "active": found.credential,
        "special_paid": found.special_paid,
        "elsewhere": found.elsewhere,
        "unpaid": found.should - found.should_paid,
        "paid": found.paid,
        "confirmed": found.confirmed,
        "credential": found.people - found.credential,
        "special": found.special,
        "special_unpaid": found.special - found.special_paid,
        "help": found.assist,
        "new": found.new,
    }


def _make_twins_and_absences(ledger: Ledger) -> None:
    """In one village: somebody a second time, living elsewhere by it; one explained and one dead among the unpaid."""
    scope = "150621102201"
    found = people.load(ledger, YEAR, scope=scope)
    unpaid = [person for person in found if person.paid == "none"]
    twin, explained, dead, new = unpaid[0], unpaid[1], unpaid[2], unpaid[3]
    identity = {"name": twin.name, "id_number": twin.id_number}
    registers = {"identity": identity, "residence": {"residence": "away"}}
    ledger.write([Edit("resident", ledger.id_for("resident", "again"), registers, scope=scope)])
    for person, reason in ((explained, "employee_here"), (dead, "death"), (new, None)):
        enrolment = derived_id("enrolment", person.record, YEAR)
        what = {"absence": {"absence": reason}} if reason else {"entry": {"entry": "new"}}
        link = {"resident": person.record, "year": YEAR}
        ledger.write([Edit("enrolment", enrolment, {"link": link, **what}, scope=scope)])


def test_a_card_opens_its_people(at_office: Hand) -> None:
    doors = {"rate": "unpaid", "credential": "credential", "special": "special_unpaid"}
    for card, code in doors.items():
        at_office.open("villages")
        at_office.click(at_office.page.view.cards[card])
        assert at_office.shell.key == "people"
        assert at_office.page.view.chips[code].isChecked()
        assert at_office.page.rows.rows
    at_office.open("villages")
    at_office.click(at_office.page.view.cards["settle"])
    assert at_office.shell.key == "pending"


def test_chips_and_villages_narrow_the_list(at_office: Hand) -> None:
    hand = at_office
    hand.open("people")
    assert len(shown(hand)) == 63
    hand.click(hand.page.view.chips["credential"])
    assert len(shown(hand)) == 23 and hand.page.view.count.text() == "23 人"
    box = hand.page.view.villages
    box.setCurrentIndex(box.findText("柳林村"))
    box.activated.emit(box.currentIndex())
    hand.settle()
    assert len(shown(hand)) == 10
    assert hand.page.view.chips["credential"].isChecked()
    assert hand.page.view.chips["all"].words() == "全部 20"


def test_slash_finds_people_in_all_villages(at_office: Hand) -> None:
    hand = at_office
    hand.key(Qt.Key.Key_Slash)
    hand.type("wjg")
    hand.until(lambda: hand.shell.key == "people" and set(shown(hand)) == {"王建国", "吴建国"})
    assert {entry.village for entry in hand.page.rows.rows} == {"查干沟嘎查", "柳林村", "海勒苏村"}
    hand.key("Down")
    assert hand.page.view.table.hasFocus()
    hand.until(lambda: hand.page.below.past.rows, "their history")
    hand.key(Qt.Key.Key_Slash)
    hand.type("zzzz")
    hand.until(lambda: not shown(hand), "for nobody to be found")
    assert hand.page.view.state.accessibleName().startswith("没有找到")


def test_numbers_are_masked_until_a_key_is_held(at_office: Hand) -> None:
    hand = at_office
    hand.open("people")
    number = hand.page.rows.columns[3].text
    entry = hand.page.rows.rows[0]
    assert "*" in number(entry)
    hand.page.view.table.setFocus()
    QTest.keyPress(hand.focus(), Qt.Key.Key_R)
    assert number(entry) == entry.person.id_number
    QTest.keyRelease(hand.focus(), Qt.Key.Key_R)
    assert "*" in number(entry)


# ---- kits


KNOWN = [
    VillageKits(
        "150621102200", "查干沟嘎查",
        (KitRow("150621102200", "查干沟嘎查", TODAY, True),),
        (Known(Device(b"k", "", "v", "150621102200", "查干沟嘎查", "active", "2025-12-03"), "6b"),),
    ),
    VillageKits("150621102250", WAITING, (KitRow("150621102250", WAITING, TODAY, False),)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "wrong", "said"),
    [
        ("150621102", False, "还差 3 位"),
        ("15062110", False, "还差 4 位"),
        ("", False, "还差 12 位"),
        ("150622", True, "开头的几位不一样"),
        ("150621102000", False, "本办再添一台电脑"),
        ("15062110220x", True, "12 位数字"),
        ("1506211022001", True, "12 位数字"),
        ("１５０６２１１０２２９９", True, "12 位数字"),
        ("150626100200", True, "开头的几位不一样"),
        ("150621102200", False, "已经启用"),
        ("150621102250", False, "没用过的启用包"),
        ("150621102299", False, "没有问题"),
    ],
)
def test_a_code_is_checked_while_it_is_typed(qapp: QApplication, typed: str, wrong: bool, said: str) -> None:
    form = KitForm(office.CODE)
    form.begin([])
    form.code_line.setText(typed)
    form.know(KNOWN)
    assert said in form.code_line.accessibleDescription()
    assert bool(form.code.error()) == wrong


def test_a_name_picked_from_the_table_brings_its_code_and_a_typed_one_stays(qapp: QApplication) -> None:
    form = KitForm(office.CODE)
    form.begin(KNOWN)
    form.name_line.completer().activated[str].emit("隆盛城村")
    assert form.code_line.text() == "150621102216"
    form.code_line.setText("150621102217")
    assert form.name_line.text() == "白泥井新村社区"
    form.name_line.setText("自己写的名字")
    form.code_line.setText("150621102216")
    assert form.village() == ("150621102216", "自己写的名字")
    form.name_line.setText('a/b\\c:"村')
    assert form.file_name() == "216-abc村.hqk"


def test_a_wrong_code_or_no_name_makes_no_kit(at_office: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked for a file"))
    at_office.open("devices")
    at_office.key("N")
    form = at_office.page.view.form
    at_office.key("Return")
    assert form.code.error()
    at_office.type("299")
    at_office.key("Return")
    assert not form.code.error() and form.name.error()
    assert at_office.focus() is form.name_line
    at_office.key("Escape")
    assert at_office.page.view.side.currentWidget() is at_office.page.view.place


def test_a_kit_that_cannot_be_written_is_said_where_it_was_asked(at_office: Hand, tmp_path: Path) -> None:
    at_office.open("devices", "make")
    page = at_office.page
    page.view.form.code_line.setText("150621102299")
    page.view.form.name_line.setText("新村")
    blocked = tmp_path / "file"
    blocked.write_text("x", "utf-8")
    page.write(blocked / "kit.hqk")
    at_office.settle()
    assert page.view.form.trouble.text() and page.view.form.go.isEnabled()
    assert "150621102299" not in {row.scope for row in page.villages.rows}
    assert not at_office.notice()


def test_enter_on_a_village_leads_to_its_devices_and_a_key_to_another_kit_for_it(at_office: Hand) -> None:
    at_office.open("devices")
    at_office.page.view.villages.setFocus()
    at_office.page.view.villages.select("150621102201")
    at_office.key("Return")
    assert at_office.focus() is at_office.page.view.place.devices
    at_office.key("K")
    assert at_office.page.view.form.village() == ("150621102201", "柳林村")
    assert "另一台电脑" in at_office.page.view.form.code_line.accessibleDescription()


# ---- devices: comparing, stopping, taking back


def ledger_at(folder: Path, data: Path) -> Ledger:
    return Ledger.open(folder, passphrase=PASSPHRASE, data_dir=data, clock=Clock(TODAY))


def village_at(township: Township, tmp_path: Path, code: str) -> Ledger:
    """A copy of a village's ledger, on another disk."""
    root = township.folder.parent
    for name in (code, f"{code}-data"):
        if not (tmp_path / name).exists():
            shutil.copytree(root / name, tmp_path / name)
    return ledger_at(tmp_path / code, tmp_path / f"{code}-data")


def late_file(township: Township, tmp_path: Path, code: str) -> Path:
    """What a village writes and sends after its first file."""
    with village_at(township, tmp_path, code) as ledger:
        person = people.load(ledger, YEAR, scope=code)[0]
        ledger.write([Edit("resident", person.record, {"remark": {"note": "后来记的"}})])
        return exchange.send(ledger, tmp_path / "late")[0].path


def choose(hand: Hand, scope: str) -> None:
    hand.page.view.villages.select(scope)
    hand.settle()


def test_a_device_is_compared_stopped_and_what_came_later_is_taken_back(
    at_office: Hand, made_office: Township, tmp_path: Path
) -> None:
    hand, code = at_office, "150621102201"
    hand.open("devices")
    place = hand.page.view.place
    choose(hand, code)
    assert place.code.isVisible() and place.agree.isEnabled()
    with village_at(made_office, tmp_path, code) as ledger:
        assert place.code.text() == devices.standings(ledger)[0].code
    hand.key("C")
    assert hand.notice() == "已核对代码：柳林村" and not place.code.isVisible()
    hand.key("X")
    stop = hand.page.view.stop
    assert hand.page.view.side.currentWidget() is stop and "不计入" in stop.text.text()
    hand.key("Return")
    assert stop.reason.error() and hand.focus() is stop.line
    hand.type("电脑丢失")
    hand.key("Return")
    hand.settle()
    assert hand.page.view.side.currentWidget() is place and not place.stop.isVisible()
    assert "没有再收到" in place.text.text()

    hand.open("exchange")
    drop(hand.page, late_file(made_office, tmp_path, code))
    hand.settle()
    (fate,) = hand.page.receiving.fates.rows
    assert "1 条来自已停用的设备" in hand.page.receiving.fates.columns[2].text(fate)
    hand.open("devices")
    choose(hand, code)
    assert "1 条" in place.text.text() and place.adopt.isVisible()
    hand.key("A")
    assert hand.notice() == "柳林村：1 条记录开始计入"
    assert not place.adopt.isVisible()
    assert hand.page.devices.rows[0].waiting == 0


def test_an_unused_kit_is_withdrawn_and_lets_nobody_in(
    at_office: Hand, made_office: Township, tmp_path: Path
) -> None:
    hand = at_office
    hand.open("devices")
    choose(hand, "150621102250")
    place = hand.page.view.place
    assert place.withdraw.isVisible() and place.none.isVisible()
    hand.key("W")
    hand.settle()
    assert not place.withdraw.isVisible()
    assert [kit.state for kit in hand.page.kits.rows] == ["withdrawn"]
    with enrol.open_kit(
        tmp_path / "late", made_office.kits / "50.hqk",
        passphrase=PASSPHRASE, operator="某人", data_dir=tmp_path / "late-data", clock=Clock(TODAY),
    ) as ledger:  # fmt: skip
        sent = exchange.send(ledger, tmp_path / "late-sent")[0].path
    hand.open("exchange")
    drop(hand.page, sent)
    hand.settle()
    (fate,) = hand.page.receiving.fates.rows
    assert fate.code == "bundle.kit_withdrawn"
    assert WAITING in hand.page.receiving.fates.columns[2].text(fate)


def test_a_new_kit_for_a_lost_computer_offers_to_stop_the_old_one(
    at_office: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = at_office
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "again.hqk"), ""))
    hand.open("devices")
    choose(hand, "150621102202")
    (old,) = hand.page.devices.rows
    hand.key("K")
    hand.key("Return")
    hand.settle()
    view = hand.page.view
    assert view.side.currentWidget() is view.done and old.handle in view.old_text.text()
    hand.key("X")
    assert view.stop.line.text() == "已换用新的启用包"
    hand.key("Return")
    hand.settle()
    row = next(row for row in hand.page.villages.rows if row.scope == "150621102202")
    assert [one.active for one in row.devices] == [False] and row.waiting is not None


def test_a_copied_ledger_is_told_of_and_both_branches_are_there(
    start: Callable[..., Hand], made_office: Township, tmp_path: Path
) -> None:
    code = "150621102202"
    root = made_office.folder.parent
    sent = []
    for number in (1, 2):
        shutil.copytree(root / code, tmp_path / f"copy{number}")
        # Each machine has its own memory of how far the ledger wrote.
        shutil.copytree(root / f"{code}-data", tmp_path / f"machine{number}")
        with ledger_at(tmp_path / f"copy{number}", tmp_path / f"machine{number}") as ledger:
            person = people.load(ledger, YEAR, scope=code)[number]
            ledger.write([Edit("resident", person.record, {"remark": {"note": f"第{number}份"}})])
            sent.append(exchange.send(ledger, tmp_path / f"sent{number}")[0].path)
    hand = opened(start, made_office, tmp_path)
    hand.open("exchange")
    drop(hand.page, *sent)
    hand.settle()
    assert [fate.outcome for fate in hand.page.receiving.fates.rows] == ["applied", "applied"]
    hand.open("devices")
    choose(hand, code)
    assert hand.page.view.place.forks.isVisible() and "没有丢" in hand.page.view.place.forks.text()
    choose(hand, "150621102201")
    assert not hand.page.view.place.forks.isVisible()


def test_the_board_says_what_is_missing_of_a_village_and_what_it_has_not_read(
    start: Callable[..., Hand], made_office: Township, tmp_path: Path
) -> None:
    code = "150621102200"
    with village_at(made_office, tmp_path, code) as ledger:
        exchange.send(ledger, tmp_path / "lost")
        sent = exchange.send(ledger, tmp_path / "third")[0].path
    hand = opened(start, made_office, tmp_path)
    drop(hand.page, sent)
    hand.settle()
    hand.key("Escape")
    person = people_of(hand, code)
    hand.desk.change(
        ChangeOp(
            lambda ledger, _task: ledger.write(
                [Edit("resident", person, {"remark": {"note": "已核实"}}, scope=code)]
            )
        ),
        owner=hand.page,
    )
    hand.settle()
    found = row_of(hand, "查干沟嘎查")
    assert (found.files, found.unread) == ((2,), 1)
    hand.key("D")
    sent = next(at for at, one in enumerate(hand.page.numbers) if one.code == "sent")
    said = hand.page.rows.columns[sent].text(found)
    assert "缺第 2 份文件" in said and "下发 1 条未读" in said
    assert "缺的文件不要紧" in hand.page.view.source.text()
    late = hand.page.rows.columns[sent].picture(row_of(hand, "柳林村"))
    assert [piece.text for piece in late[0]][1] == "11 天没有报送"


def people_of(hand: Hand, scope: str) -> str:
    """Some person of a village."""
    found: list[str] = []
    hand.desk.ask(
        QueryOp(lambda ledger: people.load(ledger, YEAR, scope=scope)[0].record),
        found.append,
        owner=hand.page,
    )
    hand.settle()
    return found[0]


def test_the_left_column_counts_what_waits_for_the_office(at_office: Hand) -> None:
    assert at_office.shell.nav._buttons["devices"].entry.count == 3
    at_office.open("devices")
    choose(at_office, "150621102201")
    at_office.key("C")
    at_office.settle()
    assert at_office.shell.nav._buttons["devices"].entry.count == 2


# ---- a level above


@pytest.fixture
def at_banner(start: Callable[..., Hand], cheap_keys: None, tmp_path: Path) -> Hand:
    """The window of a banner that has heard of one township with two villages; another has only its kit."""
    who = {"passphrase": PASSPHRASE, "operator": "旗医保局", "clock": Clock(TODAY)}
    banner = enrol.create_office(
        tmp_path / "banner", "150621000000", "达拉特旗医保局", data_dir=tmp_path / "banner-data", **who
    )
    with banner:
        kits.make(banner, office.CODE, office.TITLE, tmp_path / "township.hqk")
        kits.make(banner, "150621101000", "吉格斯太镇医保办", tmp_path / "other.hqk")
        township = enrol.open_kit(
            tmp_path / "township", tmp_path / "township.hqk", data_dir=tmp_path / "township-data", **who
        )
        with township:
            for place in (
                Place("150621102200", "查干沟嘎查", 20, 19),
                Place("150621102201", "柳林村", 20, 12),
            ):
                kits.make(township, place.code, place.title, tmp_path / f"{place.code}.hqk")
                exchange.receive(township, [office.send(tmp_path, place, tmp_path / f"{place.code}.hqk")])
            up = next(
                one.path
                for one in exchange.send(township, tmp_path / "up")
                if one.path.name.endswith("报送.hqb")
            )
        assert exchange.receive(banner, [up])[0].outcome == "applied"
    hand = start(ledger=tmp_path / "banner", passphrase=PASSPHRASE, data_dir=tmp_path / "banner-data")
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    return hand


def test_a_banner_sees_its_townships(at_banner: Hand) -> None:
    hand = at_banner
    assert hand.shell.nav._buttons["villages"].entry.text == "苏木镇一览"
    assert titles(hand) == [office.TITLE, "吉格斯太镇医保办"]
    figures = row_of(hand, office.TITLE).village.figures
    assert (figures.should, figures.should_paid) == (40, 31)
    assert hand.page.rows.columns[1].title == "苏木镇"
    assert hand.page.view.cards["unsent"].accessibleName() == "本周未报送 1 个苏木镇"
    hand.page.view.table.setFocus()
    hand.page.view.table.select(office.CODE)
    hand.key("Return")
    assert hand.shell.key == "people" and len(shown(hand)) == 9
    page = hand.open("exchange")
    assert (
        "苏木镇" in page.view.send_card.accessibleName() and "吉格斯太镇医保办" in page.view.send_text.text()
    )
    page = hand.open("devices")
    assert [row.title for row in page.villages.rows] == ["吉格斯太镇医保办", office.TITLE]
    hand.key("N")
    form = page.view.form
    assert form.code_line.text() == "150621" and "前 6 位" in form.code_line.accessibleDescription()
    form.code_line.setText("150621103000")
    assert form.name_line.text() == "王爱召镇" and not form.code.error()
    assert form.file_name() == "103-王爱召镇.hqk"
    form.code_line.setText("150621103200")
    assert form.code.error()


def test_a_township_under_a_banner_has_a_code_to_compare_above_and_devices_below(
    at_banner: Hand, start: Callable[..., Hand], tmp_path: Path
) -> None:
    hand = start(ledger=tmp_path / "township", passphrase=PASSPHRASE, data_dir=tmp_path / "township-data")
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    page = hand.open("exchange")
    assert page.view.code_card.isVisible() and "达拉特旗医保局" in page.view.compare.title.text()
    assert "给上级达拉特旗医保局生成一个" in page.view.send_text.text()
    code = page.view.compare.code.text()
    at_banner.open("devices")
    choose(at_banner, office.CODE)
    assert at_banner.page.view.place.code.text() == code
    hand.key("C")
    hand.settle()
    assert not page.view.code_card.isVisible()


# ---- dropping, and room


def test_only_files_are_taken_and_the_page_says_so(at_office: Hand) -> None:
    page = at_office.page
    veil = page.findChild(QWidget, "veil")
    assert veil is not None and veil.isHidden()
    words = mime([])
    words.setText("150621")
    assert not hold(page, words) and veil.isHidden()
    assert hold(page, mime([Path("/nowhere/a.hqb")])) and veil.isVisible()
    leave(page)
    assert veil.isHidden()


def test_nothing_is_cut_at_the_right(at_office: Hand) -> None:
    for width in (1366, 911):
        at_office.app.window.resize(width, 560)
        for key in ("villages", "exchange", "devices"):
            at_office.open(key)
            QApplication.processEvents()
            areas = [area for area in at_office.page.findChildren(QScrollArea) if area.isVisible()]
            assert areas
            for area in areas:
                assert area.widget().width() <= area.viewport().width(), (key, width)
