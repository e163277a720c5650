"""Who counts where, settled at the office's window: claims of two villages, and what was written too late."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.models.pending import Question
from gui.ops import QueryOp
from storage import keys, policies
from storage.clock import Clock
from storage.commands import moves
from storage.commands.moves import Decision
from storage.ledger import Edit, Ledger
from storage.queries import counting
from tests.gui import office
from tests.gui.conftest import Hand
from tests.gui.office import Township
from tests.gui.village import PASSPHRASE, TODAY, YEAR, number

A, B = "150621102200", "150621102201"
CLAIMED, LATE = "两村都有的人", "迁走的人"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """An office of two villages: both have one person, and one wrote about another who had left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "MEMORY_KIB", 1024)
        patch.setattr(keys, "PASSES", 1)
        places = [office.Place(A, "查干沟嘎查", 6, 2), office.Place(B, "柳林村", 6, 2)]
        made = office.make(tmp_path_factory.mktemp("counting"), places)
        with opened(made.folder, made.data_dir) as ledger:
            for scope in (A, B):
                ledger.write([_person(CLAIMED, "claimed", number("19800203", 901), scope)])
            ledger.write([_person(LATE, "late", number("19800204", 902), A)])
            policy = policies.in_force(ledger).policy
            moves.move(ledger, policy, A, "late", Decision(B, TODAY), today=TODAY)
            fact = {"resident": "late", "year": YEAR, "amount": 40000, "paid_on": "2025-12-01"}
            ledger.write([Edit("payment", "p", {"fact": fact}, A)])
        yield made


def opened(folder: Path, data_dir: Path) -> Ledger:
    return Ledger.open(folder, passphrase=PASSPHRASE, data_dir=data_dir, clock=Clock(TODAY))


def _person(name: str, record: str, text: str, scope: str) -> Edit:
    return Edit("resident", record, {"identity": {"name": name, "id_number": text}}, scope)


@pytest.fixture
def hand(start: Callable[..., Hand], made: Township, tmp_path: Path) -> Hand:
    """The office's list of what waits, on a copy."""
    shutil.copytree(made.folder, tmp_path / "office")
    shutil.copytree(made.data_dir, tmp_path / "data")
    hand = start(ledger=tmp_path / "office", data_dir=tmp_path / "data", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    hand.open("pending")
    return hand


def go_to(hand: Hand, code: str, scope: str = A) -> Question:
    """Choose a question."""
    line, found = next(
        (line, one)
        for line, one in enumerate(hand.page.questions.rows)
        if (one.item.code, one.item.scope) == (code, scope)
    )
    hand.page.view.list.selectRow(line)
    hand.page.view.list.setFocus()
    hand.settle()
    return found


def codes(hand: Hand) -> list[str]:
    return sorted(one.item.code for one in hand.page.questions.rows if one.item.code in counting.CODES)


def test_both_villages_claims_and_the_late_entry_wait(hand: Hand) -> None:
    assert codes(hand) == ["claimed_by_two", "claimed_by_two", "late_entries"]
    found = go_to(hand, "claimed_by_two")
    assert list(found.places.values()) == ["查干沟嘎查", "柳林村"]
    assert "另一个嘎查村也有此人" in hand.page.view.what.text()


@pytest.mark.parametrize(("digit", "scope"), [("1", A), ("2", B)])
def test_a_digit_says_where_the_person_counts(hand: Hand, digit: str, scope: str) -> None:
    go_to(hand, "claimed_by_two")
    hand.key(digit)
    hand.until(lambda: codes(hand) == ["late_entries"], "for both claims to be settled")
    other = B if scope == A else A
    assert counted(hand, "claimed", other) == scope


def counted(hand: Hand, record: str, scope: str) -> str:
    """Where the ledger says somebody counts."""
    found: list[str] = []
    ask = QueryOp(lambda ledger: ledger.state_of("resident", record, scope)["counting"].value["counted_in"])
    hand.desk.ask(ask, found.append, owner=hand.page)
    hand.until(lambda: bool(found), "for the answer")
    return found[0]


@pytest.mark.parametrize("digit", ["1", "2"])
def test_a_late_entry_is_carried_over_or_left(hand: Hand, digit: str) -> None:
    found = go_to(hand, "late_entries")
    assert list(found.places) == [B]
    assert "缴费" in hand.page.view.what.text()
    hand.key(digit)
    hand.until(lambda: "late_entries" not in codes(hand), "for the question to go")
