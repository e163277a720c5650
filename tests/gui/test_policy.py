"""A policy the office published comes with a bundle or its folder: every page works by it at once, in its place."""

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from gui.actions.exchange import receive
from gui.models import publishing
from gui.models.roll import RollFilter
from gui.ops import ChangeOp, QueryOp
from storage.clock import Clock
from storage.commands import publish
from storage.ledger import Ledger
from storage.queries import retention
from storage.queries.retention import Due
from sync import enrol, exchange, kits
from tests.gui import office, village
from tests.gui.conftest import Hand
from tests.gui.office import CODE, TITLE
from tests.gui.village import PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

OWN = "own-2027"


def own_text(**changes: str) -> str:
    """A policy of the office's own: next year's example with another premium and name."""
    lines = (files("resources") / "policy" / "example-2027.toml").read_text("utf-8")
    wanted = {"id": f'"{OWN}"', "title": '"白泥井镇2027年度"', "personal_fen": "43000", **changes}
    for name, value in wanted.items():
        lines, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", lines)
        assert count == 1, name
    return lines


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A village with people that heard nothing yet, and the bundle that tells of a policy."""
    root = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        return root / "v", _publish(root)


def _publish(root: Path) -> Path:
    clock = Clock(TODAY)
    who = {"passphrase": PASSPHRASE, "clock": clock}
    with enrol.create_office(
        root / "o", CODE, TITLE, operator="李科员", data_dir=root / "od", **who
    ) as township:
        kits.make(township, village.CODE, "查干沟嘎查村", root / "k.hqk")
        with enrol.open_kit(
            root / "v", root / "k.hqk", operator="王联络员", data_dir=root / "vd", **who
        ) as one:
            village.fill(one)
            exchange.receive(township, [exchange.send(one, root / "up")[0].path])
        publish.publish(township, own_text(), file="own.toml")
        (down,) = exchange.send(township, root / "down")
    return down.path


@pytest.fixture
def at(start, published: tuple[Path, Path], tmp_path: Path) -> Hand:
    """The window on that village."""
    shutil.copytree(published[0], tmp_path / "ledger")
    hand = start(ledger=tmp_path / "ledger", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None and hand.desk.book.loaded, "for the households")
    hand.settle()
    return hand


def arrive(hand: Hand, bundle: Path) -> None:
    """Let the bundle come as through the exchange folder: nobody pressed anything."""
    hand.desk.change(receive([bundle]), owner=hand.shell)
    hand.settle()


def column(page, number: int) -> str:
    return page.people.headerData(number, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)


def test_everything_shows_by_the_new_policy_where_one_is(at: Hand, published: tuple[Path, Path]) -> None:
    at.open("today")
    assert "2026" in at.shell.nav._place.text()
    page = at.open("households", village_home(at, "0017"))
    page.view.people.setFocus()
    page.view.people.selectRow(2)
    at.settle()
    person = page.view.people.current_row().person
    assert "2026" in column(page, 3)
    assert (person.name, person.paid) == ("布仁", "confirmed" if person.paid == "confirmed" else "reported")
    arrive(at, published[1])
    assert at.shell.page() is page
    assert at.desk.policy.id == OWN
    assert "2027" in column(page, 3)
    assert "2027" in at.shell.nav._place.text()
    assert at.focus() is page.view.people, "the keyboard stays"
    now = page.view.people.current_row()
    assert (now.person.name, now.person.paid) == ("布仁", "none"), "the place stays; nothing is paid for 2027"
    assert "白泥井镇2027年度" in at.notice()
    assert "白泥井镇2027年度" in at.open("today").view.source.text()
    settings = at.open("settings", "policy")
    assert "白泥井镇2027年度" in settings.policy.title.text()
    assert any("430" in line.value for line in settings.policy.lines.rows)


def test_a_form_is_finished_by_the_policy_it_was_begun_under(at: Hand, published: tuple[Path, Path]) -> None:
    page = at.open("households", village_home(at, "0004"))
    page.act("1")
    at.settle()
    panel = page.recorder.panel
    assert panel is not None
    arrive(at, published[1])
    assert page.recorder.panel is panel
    at.key("1", "Return")
    rows = ask(at, lambda ledger: ledger.connection.execute(
        "SELECT year, amount FROM payment WHERE resident = ?", (village.resident(ledger, "韩占山"),)
    ).fetchall())  # fmt: skip
    assert [year for year, _amount in rows] == [2026]


def test_the_same_again_says_nothing(at: Hand, published: tuple[Path, Path]) -> None:
    heard = []
    at.desk.events.policy_changed.connect(lambda: heard.append(1))
    arrive(at, published[1])
    arrive(at, published[1])
    assert heard == [1]


def test_the_pages_of_an_office_follow(start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cheapen(monkeypatch)
    made = office.make(tmp_path)
    hand = start(ledger=made.folder, passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger")
    people = hand.open("people", RollFilter("unpaid", "150621102201", "resident"))
    board = hand.open("villages")
    board.view.bases.setFocus()
    before = words_of(board.view.bases)
    named = 'denominators = [{ code = "resident", name = "全部常住人口" }]\n'
    text = own_text().replace("version = 1\n", f"version = 1\n{named}")

    def act(ledger: Ledger, _task: object):
        return publish.publish(ledger, text, file="own.toml").changes

    hand.desk.change(ChangeOp(act, undoable=False), owner=hand.shell)
    hand.settle()
    assert hand.desk.policy.id == OWN
    assert board.view.bases.isAncestorOf(hand.focus())
    assert board.view.bases.value() and words_of(board.view.bases) != before
    assert "白泥井镇2027年度" in board.view.source.text()
    assert all(not row.village.figures.paid for row in board.rows.rows), "nobody has paid for 2027"
    assert hand.open("people") is people
    assert (people.filter.code, people.filter.scope) == ("unpaid", "150621102201")
    assert len(people.rows.rows) == 20
    assert "2027" in people.rows.headerData(4, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)


@pytest.fixture
def at_office(start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """The window on an office of three villages, where policies are given out."""
    cheapen(monkeypatch)
    made = office.make(tmp_path)
    hand = start(ledger=made.folder, data_dir=made.data_dir, passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger")
    hand.open("settings", "publishing")
    return hand


def standing(hand: Hand) -> list[tuple[str, str]]:
    """What the list says of each village."""
    rows = hand.page.part().places.rows
    return [(publishing.policy_text(one), publishing.state_text(one)) for one in rows]


def test_a_policy_of_the_program_is_given_to_all(at_office: Hand) -> None:
    hand, part = at_office, at_office.page.part()
    before = hand.desk.policy.id
    assert standing(hand) == [("按启用包所带政策", "")] * 3
    part.offers.setCurrentIndex(part.offers.findData("example-2027"))
    part.offers.setFocus()
    hand.key("G")
    assert part.side.shown() is part.asking and part.asking.cancel.hasFocus()
    assert "全部嘎查村" in part.asking.words.text() and "示例" in part.asking.words.text()
    hand.key("Escape")
    assert part.side.shown() is part.about and hand.desk.policy.id == before
    hand.click(part.give)
    hand.click(part.asking.go)
    assert hand.desk.policy.id == "example-2027"
    assert [state for _policy, state in standing(hand)] == ["待下发"] * 3
    assert all("第 1 版" in policy for policy, _state in standing(hand))


def test_a_policy_from_a_file_is_given_to_one_village(at_office: Hand, tmp_path: Path) -> None:
    hand, part = at_office, at_office.page.part()
    before = hand.desk.policy.id
    path = tmp_path / "own.toml"
    path.write_text("personal_fen = ", encoding="utf-8")
    part.offer_file(path)
    assert part.trouble.text() and part.side.shown() is part.about
    path.write_text(own_text(), encoding="utf-8")
    part.places.tick([part.places.rows[1]], True)
    assert "1" in part.give.words()
    part.offer_file(path)
    assert "只发给" in part.asking.words.text() and "柳林村" in part.asking.words.text()
    hand.click(part.asking.go)
    assert hand.desk.policy.id == before
    assert [state for _policy, state in standing(hand)] == ["", "待下发", ""]
    assert not part.places.ticked_rows()
    changed = own_text(personal_fen="44000")
    path.write_text(changed, encoding="utf-8")
    part.offer_file(path)
    hand.click(part.asking.go)
    assert part.asking.trouble.text(), "the same name and version with other values is refused"


def test_what_is_due_is_listed_and_old_backups_go(at_office: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand = at_office
    hand.open("settings", "retention")
    part = hand.page.part()
    assert "90" in part.times.text() or "天" in part.times.text()
    assert not part.give_up.isEnabled() and part.rows.rows == []
    due = [
        Due("person", TODAY, "150621102201", record_of(hand), "某人", 2015),
        Due("backup", TODAY, name="old"),
    ]
    monkeypatch.setattr(retention, "due", lambda *_asked: due)
    part.refresh()
    hand.settle()
    assert [one.what for one in part.rows.rows] == ["person", "backup"]
    hand.click(part.give_up)
    assert part.asking.cancel.hasFocus()
    hand.click(part.asking.go)
    assert part.side.shown() is part.about
    part.table.selectRow(0)
    part.table.setFocus()
    hand.key("Return")
    hand.settle()
    assert hand.shell.key == "people"
    assert [row.person.record for row in hand.page.rows.rows] == [due[0].record]


def record_of(hand: Hand) -> str:
    """Somebody of the second village."""
    sql = "SELECT record FROM resident WHERE scope = '150621102201' ORDER BY 1"
    return ask(hand, lambda ledger: ledger.connection.execute(sql).fetchone()[0])


def words_of(row) -> list[str]:
    """What a row of choices offers."""
    return [button.words() for button in row._buttons.values()]


def village_home(hand: Hand, number: str) -> str:
    """The record of a household by number."""
    return str(ask(hand, lambda ledger: village.household(ledger, number)))


def ask(hand: Hand, question):
    """Ask the open ledger."""
    found: list[object] = []
    hand.desk.ask(QueryOp(question), found.append, owner=hand.shell)
    hand.until(lambda: bool(found), "for an answer")
    return found[0]
