"""What the office above gets, chosen in a window; what a banner's window says of townships that sent numbers alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.models import board_columns
from storage import policies
from storage.clock import Clock
from storage.ledger import Ledger
from storage.queries import bulletins as queries
from storage.queries import statements
from sync import codes, enrol, exchange, kits, upward
from sync.reports import bulletins
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen, id_number, person

BANNER, TOWN, VILLAGE = "150621000000", "150621102000", "150621102200"


@pytest.fixture(scope="module", autouse=True)
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        patch.setattr(codes, "_MEMORY_KIB", 256)  # the code to compare is not what is tested here
        yield


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """A banner and its township, which has three people and sent numbers alone."""
    who = {"passphrase": PASSPHRASE, "operator": "李医保", "clock": Clock(TODAY)}
    banner = enrol.create_office(tmp_path / "banner", BANNER, "达拉特旗", data_dir=tmp_path / "b", **who)
    kits.make(banner, TOWN, "白泥井镇", tmp_path / "t.hqk")
    town: Ledger = enrol.open_kit(tmp_path / "town", tmp_path / "t.hqk", data_dir=tmp_path / "t", **who)
    found = [person(f"r{at}", "王伟", id_number(at)) for at in range(3)]
    town.write([type(one)(one.kind, one.record, one.changes, VILLAGE) for one in found])
    for path in exchange.send(town, tmp_path / "up", disclosure=upward.COUNTS):
        exchange.receive(banner, [path.path])
    banner.close()
    town.close()
    return tmp_path


def at(start: Callable[..., Hand], folder: Path, data: Path) -> Hand:
    """A window on a ledger, on sending and receiving."""
    hand = start(ledger=folder, passphrase=PASSPHRASE, data_dir=data)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.open("exchange")
    return hand


def test_a_township_chooses_by_keyboard(start: Callable[..., Hand], offices: Path) -> None:
    hand = at(start, offices / "town", offices / "t")
    row = hand.page.upward
    hand.until(row.isVisible, "for the choice")
    assert "达拉特旗" in row.title.text() and row.choice.accessibleName() == row.title.text()
    assert row.choice.value() == upward.DETAIL
    row.choice.press("2")
    hand.until(lambda: "没有姓名" in row.said.text(), "for what it means")
    page = hand.page
    page.sending.send_into(offices / "out")
    hand.until(page.view.sent.isVisible, "for the file")
    (path,) = (offices / "out").glob("*只报数字*.hqb")
    assert path.name in page.view.sent.text()


def test_a_banner_says_who_sent_numbers(start: Callable[..., Hand], offices: Path) -> None:
    hand = at(start, offices / "banner", offices / "b")
    row = hand.page.upward
    hand.until(row.told.isVisible, "for what came")
    assert "白泥井镇" in row.told.text() and "只报" in row.told.text()
    assert not row.choice.isVisible(), "nobody is above"


def test_a_township_with_nobody_above_has_no_choice(start: Callable[..., Hand], tmp_path: Path) -> None:
    made = office.make(tmp_path / "alone", received=False)
    hand = at(start, made.folder, made.data_dir)
    hand.settle()
    assert not hand.page.upward.isVisible()


def test_a_number_nobody_stands_behind_opens_its_file_and_day(
    start: Callable[..., Hand], offices: Path
) -> None:
    hand = at(start, offices / "banner", offices / "b")
    page = hand.open("villages")
    hand.until(lambda: bool(page.rows.rows), "for the board")
    table = page.view.table
    for column, one in enumerate(page.numbers):
        if one.door and one.door != "batches":
            page._on_cell_opened(page.rows.rows[0], column)
            hand.settle()
            assert hand.page is page, one.code
            said = page.bundles.title.text()
            assert "白泥井镇" in said and "只报数字" in said and TODAY.strftime("%Y") in said, one.code
            page.show_part(board_columns.PROGRESS)
    assert table.rows_model is page.rows


def test_a_bulletin_names_the_file_stated_numbers_came_in(start: Callable[..., Hand], offices: Path) -> None:
    who = {"passphrase": PASSPHRASE, "clock": Clock(TODAY), "data_dir": offices / "b"}
    with Ledger.open(offices / "banner", **who) as banner:
        policy = policies.in_force(banner).policy
        bulletins.issue(banner, bulletins.draft(banner, policy, TODAY, policy.default_denominator))
        (issue,) = queries.issued(banner)
        assert statements.counted(banner, issue, VILLAGE) is not None
        assert statements.counted(banner, issue, BANNER) is None
    hand = at(start, offices / "banner", offices / "b")
    page = hand.open("bulletins")
    hand.until(lambda: bool(page.view.table.rows_model.rows), "for the issue")
    place = next(row.place for row in page.view.table.rows_model.rows if row.place not in ("", BANNER))
    page.view.number_opened.emit("should_paid", place)
    hand.settle()
    assert hand.page is page and "只报数字" in hand.notice() and ".hqb" in hand.notice()
    page.numbers._read_sources()
    hand.settle()
    assert "只报数字" in page.view.sources.text()
