"""A ledger with nobody in it: every page says what it is for and what to do next."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.pages.registry import pages_for
from gui.widgets.notices import EmptyState
from storage.clock import Clock
from storage.kinds import OFFICE, VILLAGE
from sync import enrol
from tests.gui.conftest import Hand
from tests.gui.village import CODE, PASSPHRASE, TODAY
from tests.unit.storage.worlds import cheapen

FROM_THE_ROSTER = ("today", "households", "visits", "papers", "targets")
"""Pages of a village that have nothing to show before the roster is read in."""
NEVER_EMPTY = ("forms", "settings")
"""Forms can be written empty, settings are always there."""


@pytest.fixture(autouse=True)
def cheap_keys() -> Iterator[None]:
    """Let a passphrase cost next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        cheapen(patch)
        yield


@pytest.fixture(params=[VILLAGE, OFFICE])
def nobody(request: pytest.FixtureRequest, start: Callable[..., Hand], tmp_path: Path) -> Hand:
    """A window on a ledger just made."""
    make = enrol.create_village if request.param == VILLAGE else enrol.create_office
    code = CODE if request.param == VILLAGE else "150621102000"
    who = {"passphrase": PASSPHRASE, "operator": "王", "data_dir": tmp_path / "data", "clock": Clock(TODAY)}
    make(tmp_path / "ledger", code, "某地", **who).close()
    hand = start(ledger=tmp_path / "ledger", passphrase=PASSPHRASE)
    hand.until(lambda: hand.app.window.shell() is not None, "for the ledger to open")
    hand.settle()
    return hand


def states(hand: Hand) -> list[EmptyState]:
    return [one for one in hand.page.findChildren(EmptyState) if one.isVisible()]


def test_every_page_says_what_to_do_next(nobody: Hand) -> None:
    hand = nobody
    for spec in pages_for(hand.desk.profile.role):
        hand.open(spec.key)
        hand.until(lambda: all(one._title.text() for one in states(hand)), spec.key)
        said = states(hand)
        assert said or spec.key in NEVER_EMPTY, spec.key
        for one in said:
            assert one._title.text() and one._text.text(), spec.key
            assert "读取" not in one._title.text(), f"{spec.key} waits for ever"


def test_what_needs_the_roster_leads_to_it_by_one_key(nobody: Hand) -> None:
    hand = nobody
    if hand.desk.is_office:
        pytest.skip("an office gets its people from its villages")
    for key in FROM_THE_ROSTER:
        hand.open(key)
        hand.until(lambda: any("花名册" in one.accessibleName() for one in states(hand)), key)
        hand.key("I")
        assert hand.shell.key == "intake", key
