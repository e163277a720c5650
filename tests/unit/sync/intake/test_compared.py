"""The lists of the samples through the real intake, beside a ledger in which villages reported for themselves."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from storage import policies
from storage.commands import facts, payments, reconcile
from storage.commands import lists as taking
from storage.commands.payments import Payment
from storage.commands.reconcile import Chosen
from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.model import Policy
from storage.queries import reconcile as queries
from storage.queries.reconcile import Reading
from sync import exchange
from sync.intake import lists, roster
from tests.unit.storage.worlds import TODAY, VILLAGES, World

SAMPLES = Path(__file__).parents[3] / "fixtures" / "samples"
LISTS = (
    "税务缴费明细.csv",
    "民政局名单.xlsx",
    "残联名单.xlsx",
    "在校学生参保统计.xlsx",
    "平台参保信息导出.xlsx",
)


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Ledger, dict[str, Ledger]]]:
    """Three villages with the registers of the samples, some of whose people reported; all lists taken over."""
    world = World(tmp_path_factory.mktemp("compared"))
    office = world.office()
    villages = {}
    for code, path in zip(VILLAGES, sorted(SAMPLES.glob("0*.xlsx")), strict=True):
        village = villages[code] = world.village(office, code, code)
        roster.apply(village, roster.stage(village, path))
        _report(village)
        exchange.receive(office, world.send(village))
    for name in LISTS:
        lists.apply(office, lists.stage(office, SAMPLES / name))
    yield world, office, villages
    world.close()


def _report(village: Ledger) -> None:
    """A third of a village reports payments, some of them wrong; some are away."""
    random = Random(7)
    people = [row[0] for row in village.connection.execute("SELECT record FROM resident ORDER BY record")]
    random.shuffle(people)
    third = len(people) // 3
    for at, record in enumerate(people[:third]):
        amount = 35000 if at % 9 == 0 else 40000
        paid = Payment(
            amount, TODAY.replace(month=10, day=1 + at % 28), "mini_program", receipt=f"V{record[:8]}"
        )
        payments.record(village, [record], paid, year=2026, today=TODAY)
    year = 2026
    facts.absence(village, people[third : third + 6], "employee_here", note="", on=None, year=year)
    facts.absence(village, people[third - 4 : third], "death", note="", on=None, year=year)


def read(office: Ledger) -> tuple[Reading, Policy]:
    policy = policies.in_force(office).policy
    return queries.read(office, policy, TODAY), policy


def expected_money(office: Ledger) -> Counter[str]:
    """What differs in money, told again from bare rows: a plain model beside the program's one query."""
    premium = read(office)[1].personal_fen
    claims = _sums(office, "SELECT scope, resident, amount FROM payment WHERE year = 2026 AND stands = 1")
    posts = _sums(
        office, "SELECT scope, resident, amount FROM confirmation WHERE year = 2026 AND void_reason IS NULL"
    )
    found: Counter[str] = Counter()
    for who in claims.keys() | posts.keys():
        said, seen = claims.get(who, []), posts.get(who, [])
        if not said:
            found["unreported"] += 1
        if len(seen) > 1 and sum(seen) > premium:
            found["paid_twice"] += 1
        elif said and seen and sum(said) != sum(seen):
            found["amounts"] += 1
    return found


def _sums(office: Ledger, sql: str) -> dict[tuple[str, str], list[int]]:
    twins = {
        (scope, record): person
        for scope, record, person in office.connection.execute("SELECT scope, record, person FROM twin")
    }
    found: dict[tuple[str, str], list[int]] = {}
    for scope, resident, amount in office.connection.execute(sql):
        found.setdefault((scope, twins.get((scope, resident), resident)), []).append(amount or 0)
    return found


def test_the_samples_show_every_sort_and_money_is_counted_as_a_plain_model_does(
    township: tuple[World, Ledger, dict[str, Ledger]],
) -> None:
    _, office, _ = township
    reading, _policy = read(office)
    counts = Counter(one.code for one in reading.found)
    expected = expected_money(office)
    mixed = counts["wrong_person"]
    assert counts["amounts"] == expected["amounts"] > 0
    assert counts["paid_twice"] == expected["paid_twice"]
    assert counts["unreported"] + mixed == expected["unreported"] > 0
    assert {one.code for one in reading.found} & set(rules.PLATFORM)
    assert {one.subject for one in (each.difference for each in reading.found) if one} >= {"tax", "platform"}
    keys = [one.key for one in reading.found]
    assert len(keys) == len(set(keys))
    for one in reading.found:
        assert one.difference is not None and one.difference.proposal.answer in one.difference.options
        assert one.difference.proposal.reasons


def test_all_that_is_safe_answered_at_once_adds_up_and_stays_answered_when_the_same_list_comes_again(
    township: tuple[World, Ledger, dict[str, Ledger]],
) -> None:
    world, office, villages = township
    before, policy = read(office)
    safe = [
        one.difference for one in before.found if one.todo and one.difference and one.difference.proposal.safe
    ]
    asked = [one.difference for one in before.found if one.code == "unposted" and one.difference][:5]
    chosen = [Chosen(one, one.proposal.answer) for one in safe] + [
        Chosen(one, "ask", "收据？") for one in asked
    ]
    reconcile.settle(office, policy, chosen, today=TODAY)
    after, _ = read(office)
    moved = rules.movement(before.statuses, after.statuses)
    assert moved.before == len(before.found) == sum(moved.became.values())
    assert moved.became["asked"] == len(asked)
    assert moved.became["settled"] >= len(safe)
    assert sum(after.counts.values()) == len(after.found)
    again = lists.apply(office, lists.stage(office, SAMPLES / LISTS[0]))
    assert read(office)[0].statuses == after.statuses
    assert not again.changes
    _flows_back(world, office, villages, {one.key for one in safe})


def _flows_back(world: World, office: Ledger, villages: dict[str, Ledger], answered: set[str]) -> None:
    """Each village holds what was answered of its people and of nobody else's."""
    seen: set[str] = set()
    for path in world.send(office):
        for code, village in villages.items():
            if code in path.name or code[-3:] == path.name[:3]:
                exchange.receive(village, [path])
    for code, village in villages.items():
        told: list[Any] = queries.told(village, 2026, code)
        assert {one.scope for one in told} <= {code}
        seen |= {one.record for one in told}
    assert answered <= seen


def test_a_list_taken_back_takes_its_differences_along(
    township: tuple[World, Ledger, dict[str, Ledger]],
) -> None:
    _, office, _ = township
    before, _ = read(office)
    numbers = [one.number for one in before.listings if one.kind == "tax_payments"]
    restored = sum(taking.revert(office, number)[0].restored for number in numbers)
    after, _ = read(office)
    assert not {"unreported", "amounts", "unposted"} & {one.code for one in after.found if one.todo}
    assert restored
