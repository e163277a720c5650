"""A clock that cannot be right is told, by what was written before and by the other side's receipts."""

from storage.ledger import Ledger
from storage.queries.clocks import ClockDoubt, doubt
from sync import exchange
from tests.unit.storage.worlds import START_MS, World, cheap_keys, person, world

__all__ = ["cheap_keys", "world"]
DAY = 86_400_000


def meet(world: World, office: Ledger, village: Ledger) -> None:
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))


def test_a_right_clock_raises_no_doubt(world: World) -> None:
    office = world.office()
    village = world.village(office)
    assert doubt(village) is None
    for days in (0, 1, 40):
        world.time("village").ms = world.time("office").ms = START_MS + days * DAY
        village.write([person(f"r{days}", "王伟")])
        meet(world, office, village)
        assert doubt(village) is None and doubt(office) is None


def test_a_clock_that_went_back(world: World) -> None:
    alone = world.alone()
    alone.write([person("a", "王伟")])
    world.time("village").ms = START_MS - 3 * 365 * DAY
    found = doubt(alone)
    assert found is not None and found.code == "clock.back" and found.days >= 3 * 364


def test_a_clock_years_ahead_shows_by_the_receipt(world: World) -> None:
    office = world.office()
    world.time("village").ms = START_MS + 2 * 365 * DAY
    village = world.village(office)
    village.write([person("a", "王伟")])
    meet(world, office, village)
    assert doubt(village) == ClockDoubt("clock.differs", 2 * 365 - 1) or doubt(village) == ClockDoubt(
        "clock.differs", 2 * 365
    )
    assert doubt(office) is None  # it followed a day at most, and nothing was refused for its time
    assert office.connection.execute("SELECT count(*) FROM resident").fetchone() == (1,)
