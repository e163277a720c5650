"""Every number of Today is what reports say and what it opens: over any register, twins and other villages included."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gui.models import filters, households, today
from gui.models.filters import PeopleFilter
from gui.models.tally import Tally
from storage import policies
from storage.ledger import Ledger
from storage.queries import cards, figures, targets
from storage.queries.figures import Figures
from tests.unit.storage.test_figures import placed_in, registers
from tests.unit.storage.worlds import TODAY, World

POLICY = policies.load("example-2026")
SCOPES = count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    world = World(tmp_path_factory.mktemp("numbers"))
    yield world.office()
    world.close()


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(made=registers())
def test_numbers_figures_and_lists_agree(office: Ledger, made: list[tuple[str, str, dict[str, Any]]]) -> None:
    scope = f"15062130{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    homes = cards.household_cards(office, POLICY, TODAY, scope)
    counts = Tally(POLICY, homes)
    told = figures.by_scope(office, POLICY, targets.base_of(POLICY)).get(scope, Figures())
    assert {
        "should": counts["should"],
        "should_paid": counts["should_paid"],
        "people": counts["register"],
        "credential": counts["active"],
        "special": counts["special_all"],
        "special_paid": counts["special_paid"],
        "missing": counts["special_unpaid"],
        "paid": counts["paid"],
        "reported": counts["waiting"],
    } == {
        "should": told.should,
        "should_paid": told.should_paid,
        "people": told.people,
        "credential": told.credential,
        "special": told.special,
        "special_paid": told.special_paid,
        "missing": told.special - told.special_paid,
        "paid": told.paid,
        "reported": told.paid - told.confirmed,
    }
    for code in filters.TESTS:
        wanted = PeopleFilter(code, people=True)
        test = filters.test_of(wanted)
        chosen = filters.choose(POLICY, homes, wanted)
        listed = households.members_of(chosen, lambda card, test=test: test(POLICY, card))
        assert len(listed) == counts[code], code
    course = today.course_of(POLICY, homes, TODAY)
    assert course.total == told.should_paid
    since = today.paid_since(POLICY, homes, POLICY.window.start, TODAY)
    assert len(since) == course.total - course.before
    assert today.paid_since(POLICY, homes, TODAY + timedelta(days=1), TODAY) == frozenset()
