"""Cross tables of a township: what counting adds to reading its people, and counting again any other way."""

from itertools import count

from storage.ledger import Ledger
from sync.reports import crosstab, filling
from sync.reports.crosstab import Asked, Crowd
from tests.bench.conftest import TODAY, Compare
from tests.bench.test_library import POLICY, office

__all__ = ["office"]
AXES = ("groups", "paid", "residence", "absence", "sex")


def test_counting_beside_reading(office: Ledger, compare: Compare) -> None:
    wish = filling.wanted(office, POLICY, TODAY)
    sheet = filling.paper(office, wish)
    crowds: list[Crowd] = []
    crosstab.cross(Crowd([], sheet, ()), Asked("age", "paid"))  # pandas is there

    def read() -> None:
        crowds[:] = [Crowd(filling.everybody(office, wish), sheet, wish.titles)]

    def counted() -> None:
        read()
        assert crosstab.cross(crowds[0], Asked("village", "age")).people == len(crowds[0].rows)

    reading = compare.once(read, 1)
    compare.against("read, and villages by age counted", compare.once(counted, 1), reading, aim=2)
    turn = count()
    again = compare.once(lambda: crosstab.cross(crowds[0], Asked("village", AXES[next(turn)])), len(AXES))
    compare.against("counted by another fact", again, reading, aim=0.5)
