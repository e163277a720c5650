"""Today and the plan of the day over 5,000 people, beside reading their cards: both run beside the window."""

from collections.abc import Callable

from gui.models.tally import Tally
from storage import policies
from storage.ledger import Ledger
from storage.queries import cards, dayplan
from tests.bench.conftest import TODAY, Compare, edits

PEOPLE, DOORS = 5_000, 60


def test_today(new_ledger: Callable[[str], Ledger], compare: Compare) -> None:
    ledger, policy = new_ledger("T"), policies.load("example-2026")
    ledger.write(edits(PEOPLE))
    homes = cards.household_cards(ledger, policy, TODAY)

    def read() -> None:
        cards.household_cards(ledger, policy, TODAY)

    compare(
        f"whose turn it is among {PEOPLE:,} people, beside reading them",
        lambda: dayplan.due(dayplan.turns(policy, homes, TODAY)),
        read,
        aim=0.5,
    )
    compare(
        f"a plan of {DOORS} doors among {PEOPLE:,} people, beside reading them",
        lambda: dayplan.plan(policy, homes, TODAY, DOORS),
        read,
        aim=0.5,
    )
    compare(
        f"every number of Today among {PEOPLE:,} people, beside reading them",
        lambda: Tally(policy, homes),
        read,
        aim=0.4,
    )
