"""A forgotten passphrase in two windows: the village asks, the office answers; the printed sheet; the office's key."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QLabel

from gui.actions import keys as actions
from gui.pages.settings import sheets
from gui.pages.settings.access import AccessSection
from gui.pages.settings.page import ACCESS
from gui.pages.start.forgotten import AnswerForm, AskForm, SheetForm, Ways
from gui.pages.start.page import StartPage
from gui.widgets.passphrase import NewPassphrase, line_of
from storage import backup, keys, operators
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.recovery import Sheet
from sync import help as helping
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.dropping import drop
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

CODE, TITLE, ASKER = "150621102200", "查干沟嘎查", "查干沟嘎查联络员"
NEW = "a newer passphrase"


@pytest.fixture(scope="module")
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


@pytest.fixture(scope="module")
def made_township(cheap_keys: None, tmp_path_factory: pytest.TempPathFactory) -> Township:
    """An office that has taken its villages' files in."""
    return office.make(tmp_path_factory.mktemp("township"))


@pytest.fixture
def township(made_township: Township, tmp_path: Path) -> Path:
    """A folder of one's own with everything in it."""
    shutil.copytree(made_township.folder.parent, tmp_path / "all")
    return tmp_path / "all"


@pytest.fixture
def village(township: Path) -> Path:
    """The folder of one of its villages."""
    return township / CODE


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the next file dialogs are answered with."""
    wanted: list[Path] = []

    def ask(*_given: object, **_more: object) -> tuple[str, str]:
        return (str(wanted.pop(0)), "") if wanted else ("", "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)
    return wanted


def closed(folder: Path, secret: str, name: str = "") -> Ledger:
    """A ledger opened beside the windows."""
    return Ledger.open(
        folder, passphrase=secret, operator=name, data_dir=Path(f"{folder}-data"), clock=Clock(TODAY)
    )


def at_start(start: Callable[..., Hand], folder: Path) -> Hand:
    """A window that asks for the passphrase of a ledger."""
    return start(ledger=folder, data_dir=Path(f"{folder}-data"))


def at_settings(start: Callable[..., Hand], folder: Path, secret: str = PASSPHRASE, name: str = "") -> Hand:
    """A window on who can open the ledger."""
    hand = start(ledger=folder, passphrase=secret, operator=name, data_dir=Path(f"{folder}-data"))
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("settings", ACCESS)
    return hand


def part(hand: Hand) -> AccessSection:
    found = hand.page.access
    assert isinstance(found, AccessSection)
    return found


def form(hand: Hand):
    page = hand.app.window.content()
    assert isinstance(page, StartPage)
    return page.form


def choose(chosen: NewPassphrase, secret: str) -> None:
    for field in (chosen.first, chosen.again):
        line_of(field).setText(secret)


def asked(hand: Hand, request: Path, files: list[Path]) -> AskForm:
    """The village has asked: the code stands on screen."""
    form(hand).forgotten.click()
    ways = form(hand)
    assert isinstance(ways, Ways)
    hand.key("1")
    asking = form(hand)
    assert isinstance(asking, AskForm)
    choose(asking.chosen, NEW)
    files.append(request)
    hand.click(asking.go)
    hand.until(lambda: asking.asked.isVisible(), "for the code")
    return asking


def words(widget) -> str:
    """All that is written on a widget."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


# ---- through the office


def test_a_forgotten_passphrase_comes_back_through_the_office(
    start: Callable[..., Hand], township: Path, village: Path, files: list[Path]
) -> None:
    at_village = at_start(start, village)
    request, reply = township / "求助.hqh", township / "答复.hqa"
    asking = asked(at_village, request, files)
    code = asking.asked.code.text()
    assert len(code.replace(" ", "")) == 12 and code.replace(" ", "").isdigit()
    assert request.name in asking.asked.steps.text() and not asking.go.isVisible()

    at_office = at_settings(start, township / "office")
    help_card = part(at_office).help
    drop(part(at_office), request)
    at_office.until(lambda: help_card.compare.isVisible(), "for the request")
    assert help_card.compare.code.text() == code
    assert TITLE in words(help_card) and ASKER in words(help_card) and CODE in words(help_card)
    assert help_card.compare.put_off.hasFocus()  # Enter alone answers nobody
    files.append(reply)
    at_office.click(help_card.compare.agree)
    at_office.until(lambda: reply.exists(), "for the answer")
    at_office.settle()
    assert reply.name in help_card.text.text() and not help_card.compare.isVisible()

    at_village.app.window.activateWindow()
    files.append(reply)
    at_village.click(asking.asked.answer)
    answering = form(at_village)
    assert isinstance(answering, AnswerForm) and ASKER in answering.text.text()
    at_village.type("not what was chosen")
    at_village.key("Return")
    assert answering.trouble.text() and at_village.app.window.shell() is None
    line_of(answering.passphrase).setText(NEW)
    at_village.click(answering.go)
    at_village.until(lambda: at_village.app.window.shell() is not None)
    at_village.settle()
    assert "新口令" in at_village.notice() and at_village.desk.operator == ASKER
    with pytest.raises(KnownError):
        closed(village, PASSPHRASE)


def test_an_answer_is_dropped_later_and_known_by_the_ledger_that_asked(
    start: Callable[..., Hand], township: Path, village: Path, files: list[Path]
) -> None:
    first = at_start(start, village)
    asked(first, township / "求助.hqh", files)
    with closed(township / "office", PASSPHRASE) as ledger:
        helping.answer(ledger, township / "求助.hqh", township / "答复.hqa")
    hand = at_start(start, village)  # the program was ended meanwhile
    form(hand).forgotten.click()
    hand.settle()
    ways = form(hand)
    assert ways.answer.isVisible() and ways.answer.button.hasFocus() and ASKER in words(ways.answer)
    hand.key("Escape")
    drop(hand.app.window.content(), township / "答复.hqa")
    answering = form(hand)
    assert isinstance(answering, AnswerForm)
    line_of(answering.passphrase).setText(NEW)
    hand.click(answering.go)
    hand.until(lambda: hand.app.window.shell() is not None)


def test_an_answer_nobody_asked_for_is_said_so(
    start: Callable[..., Hand], township: Path, village: Path
) -> None:
    hand = at_start(start, village)
    (township / "答复.hqa").write_bytes(b"whatever")
    drop(hand.app.window.content(), township / "答复.hqa")
    assert "求助" in form(hand).trouble.text()


def test_a_request_dropped_where_files_come_in_finds_its_way(
    start: Callable[..., Hand], township: Path, village: Path
) -> None:
    helping.ask(village, township / "求助.hqh", operator=ASKER, passphrase=NEW, clock=Clock(TODAY))
    hand = at_settings(start, township / "office")
    drop(hand.open("exchange"), township / "求助.hqh")
    hand.settle()
    assert hand.shell.key == "devices" and hand.page.helping.compare.isVisible()


def test_what_is_no_request_is_refused_in_a_sentence(start: Callable[..., Hand], township: Path) -> None:
    hand = at_settings(start, township / "office")
    help_card = part(hand).help
    for name, content in (("村.hqh", b"nothing of the kind"), ("村.hqa", b"HQA1\nxx")):
        (township / name).write_bytes(content)
        help_card.take(township / name)
        hand.settle()
        assert name in help_card.trouble.text() and not help_card.compare.isVisible()
    help_card.take(township / "不在.hqh")
    hand.settle()
    assert help_card.trouble.text()


def test_a_village_that_belongs_to_no_office_cannot_ask(
    start: Callable[..., Hand], made_village: Path, tmp_path: Path
) -> None:
    shutil.copytree(made_village, tmp_path / "alone")
    hand = at_start(start, tmp_path / "alone")
    form(hand).forgotten.click()
    hand.settle()
    ways = form(hand)
    assert not ways.office.button.isEnabled() and "医保办" in words(ways.office)
    assert not ways.sheet.button.isEnabled() and not ways.older.button.isEnabled()
    assert ways.back.hasFocus()  # nothing helps, and each says why


def test_an_earlier_passphrase_opens_it_with_a_backup_of_its_day(
    start: Callable[..., Hand], village: Path
) -> None:
    with closed(village, PASSPHRASE) as ledger:
        backup.take(ledger, "by-hand")
        operators.change_passphrase(ledger, PASSPHRASE, NEW)
    hand = at_start(start, village)
    form(hand).forgotten.click()
    hand.settle()
    hand.key("4")
    older = form(hand)
    line_of(older.passphrase).setText(PASSPHRASE)
    hand.click(older.go)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    assert "密钥文件" in hand.notice()
    closed(village, PASSPHRASE).close()


# ---- the plain fact


def test_a_village_reads_that_its_office_can_open_it(start: Callable[..., Hand], village: Path) -> None:
    hand = at_settings(start, village)
    assert office.TITLE in part(hand).facts.text() and "不用您的口令" in part(hand).facts.text()
    assert ASKER in part(hand).facts.text()


def test_a_ledger_begun_alone_reads_that_nobody_else_can(hand: Hand) -> None:
    hand.open("settings", ACCESS)
    assert "没有医保办" in part(hand).facts.text()


# ---- the printed sheet


def drawn(hand: Hand) -> Sheet:
    """A sheet stands on screen."""
    hand.key("P")
    preview = part(hand).preview
    assert preview.isVisible() and preview.print.hasFocus()
    sheet = preview._sheet
    assert sheet is not None
    return sheet


def slots(folder: Path) -> int:
    return len(keys.recoveries(keys.read(folder), keys.SHEET))


def test_a_sheet_is_saved_typed_and_opens_the_ledger(
    start: Callable[..., Hand], township: Path, village: Path, files: list[Path]
) -> None:
    hand = at_settings(start, village)
    sheet = drawn(hand)
    assert slots(village) == 0  # not yet on paper
    files.append(township / "恢复单.pdf")
    hand.click(part(hand).preview.save)
    hand.until(lambda: slots(village) == 1, "for the sheet to become valid")
    hand.settle()
    assert (township / "恢复单.pdf").read_bytes().startswith(b"%PDF") and "恢复单" in hand.notice()
    assert TODAY.isoformat() in part(hand).sheets.state.text() and part(hand).sheets.revoke.isVisible()
    assert part(hand).preview._sheet is None  # forgotten here
    hand.desk.events.switching.emit()
    hand.settle()
    form(hand).forgotten.click()
    hand.settle()
    hand.key("3")
    typing = form(hand)
    assert isinstance(typing, SheetForm) and typing.typed.hasFocus()
    lines = sheet.lines
    wrong = lines[1][:-1] + ("Q" if lines[1][-1] != "Q" else "P")
    typing.typed.setPlainText("\n".join([lines[0], wrong, *lines[2:]]))
    assert "2" in typing.lines.error()
    typing.typed.setPlainText("\n".join(lines[:4]))
    assert "44" in words(typing) and not typing.lines.error()
    hand.click(typing.go)
    assert typing.lines.error() and hand.app.window.shell() is None
    typing.typed.setPlainText("\n".join(lines).lower())
    choose(typing.chosen, NEW)
    hand.click(typing.go)
    hand.until(lambda: hand.app.window.shell() is not None)
    hand.settle()
    assert "新口令" in hand.notice()
    closed(village, NEW).close()


def test_a_sheet_is_printed(
    start: Callable[..., Hand], village: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[int] = []

    def on_paper(_printer: QPrinter, pages: int, paint: Callable[[QPainter, int], None]) -> int:
        printed.append(pages)
        return pages

    monkeypatch.setattr(sheets, "print_pages", on_paper)
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: QPrintDialog.DialogCode.Rejected)
    hand = at_settings(start, village)
    drawn(hand)
    hand.click(part(hand).preview.print)
    assert not printed and slots(village) == 0  # thought better of it
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: QPrintDialog.DialogCode.Accepted)
    hand.key("P", modifier=Qt.KeyboardModifier.ControlModifier)
    assert printed == [1] and slots(village) == 1


def test_a_sheet_put_away_opens_nothing_and_a_void_one_no_more(
    start: Callable[..., Hand], township: Path, village: Path, files: list[Path]
) -> None:
    hand = at_settings(start, village)
    drawn(hand)
    hand.key("Escape")
    assert slots(village) == 0 and part(hand).sheets.isVisible()
    sheet = drawn(hand)
    (township / "已有.pdf").write_text("the only print of another sheet", "utf-8")
    files.append(township / "已有.pdf")
    hand.click(part(hand).preview.save)
    assert "已有.pdf" in part(hand).preview.trouble.text() and slots(village) == 0
    files.append(township / "恢复单.pdf")
    hand.click(part(hand).preview.save)
    hand.until(lambda: slots(village) == 1)
    hand.settle()
    hand.key("X")
    assert slots(village) == 0 and not part(hand).sheets.revoke.isVisible()
    hand.desk.events.switching.emit()
    hand.settle()
    form(hand).forgotten.click()
    hand.settle()
    assert not form(hand).sheet.button.isEnabled()
    assert sheet.secret not in (village / keys.FILE).read_text("utf-8")


# ---- the office's recovery key


def test_the_recovery_key_moves_out_and_is_asked_for_when_it_is_needed(
    start: Callable[..., Hand], township: Path, village: Path, files: list[Path]
) -> None:
    key_file, request, reply = township / "钥匙.hqr", township / "求助.hqh", township / "答复.hqa"
    asked(at_start(start, village), request, files)
    hand = at_settings(start, township / "office")
    card, help_card = part(hand).key, part(hand).help
    assert card.moving.isVisible() and not card.chosen.isVisible()
    hand.click(card.moving)
    choose(card.chosen, "key passphrase of its own")
    files.append(key_file)
    hand.click(card.go)
    hand.until(lambda: key_file.exists())
    hand.settle()
    assert "文件" in card.text.text() and not card.moving.isVisible() and key_file.name in hand.notice()
    help_card.take(request)
    hand.settle()
    assert help_card.key_file.isVisible() and not help_card.compare.isVisible()
    help_card.key_file.path_line.setText(str(key_file))
    line_of(help_card.key_file.passphrase).setText("another one")
    hand.click(help_card.key_file.go)
    assert key_file.name in help_card.trouble.text()
    line_of(help_card.key_file.passphrase).setText("key passphrase of its own")
    hand.click(help_card.key_file.go)
    hand.until(lambda: help_card.compare.isVisible(), "for the request")
    files.append(reply)
    hand.click(help_card.compare.agree)
    hand.until(lambda: reply.exists(), "for the answer")
    hand.settle()
    assert not line_of(help_card.key_file.passphrase).text()  # forgotten once it is done


def test_who_does_not_manage_keys_helps_nobody(
    start: Callable[..., Hand], township: Path, village: Path
) -> None:
    with closed(township / "office", PASSPHRASE) as ledger:
        operators.add(ledger, "小李", NEW, (operators.RECORD, operators.EXCHANGE))
    hand = at_settings(start, township / "office", NEW, "小李")
    assert not part(hand).help.choose.isEnabled() and "管理口令" in part(hand).help.choose.toolTip()
    assert not part(hand).key.moving.isEnabled()
    (township / "求助.hqh").write_bytes(b"HQH1\n")
    drop(part(hand), township / "求助.hqh")  # tried all the same
    hand.settle()
    assert "管理口令" in part(hand).help.trouble.text() and "小李" in part(hand).help.trouble.text()


def test_reading_who_can_open_it_says_where_the_key_is(township: Path) -> None:
    with closed(township / "office", PASSPHRASE) as ledger:
        assert actions.read().ask(ledger).key == actions.HERE
        helping.move_out(ledger, township / "k.hqr", "key passphrase")
        assert actions.read().ask(ledger).key == actions.AWAY
    with closed(township / CODE, PASSPHRASE) as ledger:
        found = actions.read().ask(ledger)
        assert found.key == "" and found.office and found.sheets == ()
