"""Subjects that read a ledger: opening, finding, the board and what is counted, the past, the check."""

from collections.abc import Callable
from datetime import UTC, datetime
from unittest.mock import patch

from gui.models import board as model
from storage import asof, checking, counted
from storage.queries import bulletins, targets, villages
from storage.queries.find import find
from tests.bench.conftest import TODAY, busy
from tests.bench.growth import world
from tests.bench.growth.place import POLICY, Job, Place
from tests.bench.test_banner import BARE

TYPED = ["建", "建国", "wang", "wjg", "那顺", "0423", "2418", "13", "10000", "3组 wjg", "王建国", "zz"]
_SCAN = "SELECT record FROM resident WHERE name LIKE ? OR id_full LIKE ? OR phone LIKE ? OR note LIKE ?"


def opening(place: Place) -> Job:
    """Opened with its passphrase, without what a passphrase costs on purpose."""
    return Job(lambda: world.opened(place.kept).close(), rounds=5)


def search(place: Place) -> Job:
    """One of twelve words in the box that finds, until its people are read; the limit looks at everybody."""
    ledger = place.office
    times = sorted(busy(lambda word=word: find(ledger, word)) for word in TYPED for _ in range(5))

    def act() -> None:
        for word in TYPED:
            find(ledger, word)

    def scan() -> None:
        for word in TYPED:
            ledger.connection.execute(_SCAN, (f"%{word}%",) * 4).fetchmany(50)

    return Job(act, scan, parts=len(TYPED), rounds=3, told={"worst": times[-1]})


def board(place: Place) -> Job:
    """The board, the first time it is asked for."""
    return Job(_anew(lambda: model.read(place.office, POLICY, "should")), lambda: _paid(place))


def target(place: Place) -> Job:
    """The targets of every village and of all, nothing read before."""
    return Job(_anew(lambda: targets.read(place.office, POLICY, TODAY)), lambda: _paid(place))


def bulletin(place: Place) -> Job:
    """A bulletin counted, by villages, nothing read before."""
    ledger = place.office
    shown = {code: title for code, title in villages.titles(ledger).items() if code[-3:] != "000"}
    act = _anew(lambda: bulletins.count(ledger, POLICY, "resident", TODAY, shown))
    return Job(act, lambda: _paid(place))


def _anew(look: Callable[[], object]) -> Callable[[], object]:
    """As if nobody had looked before: what an earlier subject had counted lies in the ledger's file."""

    def act() -> None:
        with patch.object(counted, "_read", return_value={}):
            look()

    return act


def _paid(place: Place) -> None:
    """Persons and whether they paid, by village, in one statement."""
    place.office.connection.execute(BARE).fetchall()


def look_back(place: Place) -> Job:
    """The whole ledger as of now, ready to be read."""
    ledger = place.office
    moment = datetime.fromtimestamp(ledger.clock.now_ms() / 1000, UTC)
    return Job(lambda: asof.at(ledger, moment).close())


def check(place: Place) -> Job:
    """Every page, entry and row judged."""
    ledger = place.office

    def act() -> None:
        report = checking.check(ledger)
        assert report.sound, report.findings[:3]

    return Job(act)
