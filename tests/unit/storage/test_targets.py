"""Rates, what was left out of them and the pace: an independent count over the people must agree."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from storage import policies
from storage.commands import counts
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.policy import rates
from storage.policy.model import Policy
from storage.queries import counting, figures, headcounts, people, targets
from storage.queries.headcounts import Number
from storage.queries.people import Person
from storage.queries.targets import Overview, Place
from storage.records import derived_id
from tests.unit.storage.test_figures import placed_in, registers
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, id_number

POLICY = policies.load("example-2026")
YEAR = POLICY.year
SCOPES = count(1)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    world = World(tmp_path_factory.mktemp("targets"))
    yield world.office()
    world.close()


def place(ledger: Ledger, scope: str, policy: Policy = POLICY, today: date = TODAY) -> Place:
    return targets.read(ledger, policy, today).rows[scope]


def counted(policy: Policy, rows: list[Person], denominator: str) -> dict[str, Any]:
    """Count one scope's people the slow way: each person into exactly one part of the register."""
    persons: dict[str, list[Person]] = {}
    for row in rows:
        if not row.counted_in:
            persons.setdefault(row.person, []).append(row)
    rule, told = policy.denominator(denominator), Counter[str]()
    parts = Counter[str]()
    for records in persons.values():
        one = records[0]
        absence = one.absence or None
        inside = any((row.residence or "unknown") in rule.residences for row in records)
        excused = rule.explained_out and one.paid == "none" and rates.explained(policy, absence)
        if rates.departed(policy, absence):
            parts["departed"] += 1
        elif not inside:
            parts["others"] += 1
        else:
            told[one.absence] += one.paid == "none"
            parts["excluded" if excused else "total"] += 1
            parts["reached"] += one.paid != "none"
            parts["able"] += one.paid == "none" and not rates.settled(policy, absence)
    return {"register": len(persons), **parts, "told": {code: n for code, n in told.items() if code and n}}


@settings(max_examples=60)
@given(made=registers())
def test_every_rate_is_an_independent_count_and_everybody_is_in_exactly_one_part(
    office: Ledger, made: list[tuple[str, str, dict[str, Any]]]
) -> None:
    scope = f"15062110{next(SCOPES):04d}"
    office.write(placed_in(made, scope))
    rows = people.load(office, YEAR, scope=scope)
    if all(row.counted_in for row in rows):
        return
    found = place(office, scope)
    for rate in found.rates:
        assert rate.register == found.people
        if rate.denominator.count_only:
            assert rate.total is None and rate.share is None
            continue
        slow = counted(POLICY, rows, rate.denominator.code)
        assert rate.register == (rate.total or 0) + rate.departed + rate.others + rate.excluded
        for name in ("register", "total", "reached", "departed", "others", "excluded", "able"):
            assert getattr(rate, name) == slow.get(name, 0), (rate.denominator.code, name)
        assert {told.code: told.people for told in rate.told} == slow["told"]
        same = figures.by_scope(office, POLICY, rate.denominator.code)[scope]
        assert (same.should, same.should_paid, same.people) == (rate.total, rate.reached, rate.register)


def test_the_total_counts_a_person_of_two_villages_once(world: World) -> None:
    office = world.office()
    for scope, residence in ((VILLAGE_CODE, "resident"), ("150621102201", "away")):
        office.write(
            [
                Edit("resident", f"{scope}-{each}", _resident(each, residence), scope=scope)
                for each in ((1, 2) if scope == VILLAGE_CODE else (2, 3))
            ]
        )
    paid = {"fact": {"resident": "150621102201-2", "year": YEAR, "amount": 40000, "paid_on": "2025-12-01"}}
    office.write([Edit("payment", "p", paid, scope="150621102201")])
    read = targets.read(office, POLICY, TODAY)
    for denominator in ("resident", "registered", "should"):
        township = counting.township(office, POLICY, denominator).total
        rate = read.total.rate_of(denominator)
        assert (rate.total, rate.reached, rate.register) == (
            township.should,
            township.should_paid,
            township.people,
        )
    assert read.total.people == 3
    assert [read.rows[scope].people for scope in sorted(read.rows)] == [2, 2]
    standing = read.total.standing_of("everyone")
    assert standing is not None and standing.pace is not None
    assert standing.pace.paid == 1  # the payment the other village told of


@pytest.fixture
def village(world: World) -> Ledger:
    return world.alone()


def test_a_bare_number_says_where_it_is_from_and_how_far_the_register_is_from_it(village: Ledger) -> None:
    _people(village, 5, paid=4)
    told = {"registered": 9, "residing": 3, "counted_on": "2025-09-01", "counted_by": "常住人口.xlsx"}
    village.write([Edit("village", derived_id("village", VILLAGE_CODE), {"population": told})])
    found = place(village, VILLAGE_CODE)
    residing, registered, task = (
        found.rate_of(code) for code in ("resident_count", "registered_count", "task")
    )
    assert (residing.total, residing.reached, residing.roster, residing.gap) == (3, 4, 5, -2)
    assert residing.percent is not None and residing.percent > 100
    assert (residing.counted_on, residing.counted_by) == (date(2025, 9, 1), "常住人口.xlsx")
    assert (registered.total, registered.gap) == (9, 4)
    assert (task.total, task.gap, task.percent) == (None, None, None)
    assert found.rate_of("resident").counted_on is None


def test_one_village_without_a_number_leaves_the_township_without_one() -> None:
    one, other = Number(10, date(2025, 9, 2), "a"), Number(7, date(2025, 9, 1), "b")
    whole = headcounts.together([{"task": one, "resident_count": one}, {"task": other}])
    assert whole == {"task": Number(17, date(2025, 9, 1), "a、b")}
    assert headcounts.together([]) == {}


def test_the_number_assigned_is_of_one_year_and_a_rate_of_it_may_pass_a_hundred(village: Ledger) -> None:
    _people(village, 5, paid=4)
    told = {"by": "旗医保局任务分解表", "on": date(2025, 9, 1), "today": TODAY}
    counts.assign(village, 3, year=YEAR, **told)
    counts.assign(village, 9, year=YEAR - 1, **told)
    task = place(village, VILLAGE_CODE).rate_of("task")
    assert (task.total, task.reached, task.gap, task.counted_by) == (3, 4, -2, "旗医保局任务分解表")
    assert task.percent is not None and task.percent > 100
    counts.assign(village, 8, year=YEAR, **told)
    found = place(village, VILLAGE_CODE)
    assert (found.rate_of("task").total, found.rate_of("resident_count").total) == (8, None)
    whole = tuple(
        replace(one, denominator="task") if one.code == "residents_95" else one for one in POLICY.targets
    )
    standing = place(village, VILLAGE_CODE, replace(POLICY, targets=whole)).standing_of("everyone")
    assert standing is not None and standing.progress is not None
    assert (standing.progress.total, standing.progress.gap, standing.left) == (8, 4, 1)
    past = replace(POLICY, year=YEAR - 1)
    assert place(village, VILLAGE_CODE, past).rate_of("task").total == 9


def test_an_office_assigns_numbers_to_its_villages_and_to_itself(world: World) -> None:
    office = world.office()
    scopes = (VILLAGE_CODE, "150621102201")
    for each, scope in enumerate(scopes):
        office.write([Edit("resident", f"r{each}", _resident(each), scope=scope)])
    told = {"year": YEAR, "by": "旗医保局", "on": TODAY, "today": TODAY}
    counts.assign(office, 40, scope=scopes[0], **told)
    assert targets.read(office, POLICY, TODAY).total.rate_of("task").total is None
    counts.assign(office, 60, scope=scopes[1], **told)
    assert targets.read(office, POLICY, TODAY).total.rate_of("task").total == 100
    counts.assign(office, 120, **told)
    read = targets.read(office, POLICY, TODAY)
    assert (read.total.rate_of("task").total, read.rows[scopes[0]].rate_of("task").total) == (120, 40)
    with pytest.raises(RuleViolation, match=r"task\.place"):
        counts.assign(office, 1, scope="150626100200", **told)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"people": 0}, "task.people"), ({"people": 10**7}, "task.people"), ({"by": "  "}, "task.by"),
     ({"on": TODAY + timedelta(days=1)}, "date.future")],
)  # fmt: skip
def test_a_number_without_its_source_is_refused(village: Ledger, changed: dict[str, Any], code: str) -> None:
    told = {"people": 5, "year": YEAR, "by": "旗医保局", "on": TODAY, "today": TODAY, **changed}
    with pytest.raises(RuleViolation, match=code.replace(".", r"\.")):
        counts.assign(village, told.pop("people"), **told)
    with pytest.raises(KnownError, match=r"ledger\.other_scope"):
        counts.assign(village, 5, year=YEAR, by="x", on=TODAY, today=TODAY, scope="150621102201")


def test_what_cannot_be_reached_by_asking_is_told_apart(village: Ledger) -> None:
    records = _people(village, 10, paid=8)
    _absent(village, records[8], "employee_here")
    _absent(village, records[9], "refused")
    standing = place(village, VILLAGE_CODE).standing_of("everyone")
    assert standing is not None and standing.progress is not None and standing.pace is not None
    assert (standing.progress.reached, standing.progress.total, standing.progress.gap) == (8, 10, 2)
    assert (standing.left, standing.settled) == (1, 1)
    assert standing.pace.state == "short"


def test_a_target_of_an_explained_denominator_does_not_count_the_explained_as_missing(
    village: Ledger,
) -> None:
    records = _people(village, 10, paid=9)
    _absent(village, records[9], "employee_here")
    whole = tuple(
        replace(one, denominator="should") if one.code == "residents_95" else one for one in POLICY.targets
    )
    standing = place(village, VILLAGE_CODE, replace(POLICY, targets=whole)).standing_of("everyone")
    assert standing is not None and standing.progress is not None and standing.pace is not None
    assert (standing.progress.total, standing.left, standing.settled, standing.pace.state) == (9, 0, 0, "met")


def test_a_target_of_a_number_nobody_gave_is_not_called_met(village: Ledger) -> None:
    _people(village, 3, paid=3)
    whole = tuple(
        replace(one, denominator="task") if one.code == "residents_95" else one for one in POLICY.targets
    )
    policy = replace(POLICY, targets=whole)
    standing = place(village, VILLAGE_CODE, policy).standing_of("everyone")
    assert standing is not None
    assert (standing.progress, standing.pace) == (None, None)
    assert targets.base_of(policy) == "resident"
    assert targets.base_of(POLICY) == "resident"


def test_special_groups_credentials_and_students(village: Ledger) -> None:
    records = _people(village, 6, paid=3)
    for record in records[2:6]:
        grant = {"link": {"resident": record, "year": YEAR}, "grant": {"group_code": "dibao"}}
        village.write([Edit("subsidy", derived_id("subsidy", record, YEAR, "dibao"), grant)])
    _absent(village, records[5], "death")
    state = {"link": {"resident": records[0]}, "state": {"credential": "active"}}
    village.write([Edit("credential", derived_id("credential", records[0]), state)])
    found = place(village, VILLAGE_CODE)
    special, credential, students = (
        found.standing_of(name) for name in ("special", "credential", "students")
    )
    assert special is not None and special.progress is not None
    assert (special.progress.reached, special.progress.total, special.left, special.settled) == (1, 4, 2, 1)
    assert credential is not None and credential.progress is not None
    assert (credential.progress.reached, credential.progress.gap, credential.left, credential.settled) == (
        1,
        5,
        4,
        1,
    )
    assert students is not None and students.progress is None
    assert found.standing_of("nobody") is None


def test_an_empty_ledger_stands_nowhere(village: Ledger) -> None:
    read = targets.read(village, POLICY, TODAY)
    assert isinstance(read, Overview)
    assert (read.total.people, read.total.rate_of("resident").percent) == (0, None)
    assert set(read.rows) == {VILLAGE_CODE}
    with pytest.raises(KeyError, match="nobody"):
        read.total.rate_of("nobody")


def test_payments_without_a_day_are_told_and_not_in_the_pace(village: Ledger) -> None:
    _people(village, 4, paid=2, on="")
    found = place(village, VILLAGE_CODE)
    standing = found.standing_of("everyone")
    assert standing is not None and standing.pace is not None
    assert (found.undated, standing.pace.paid) == (2, 0)


def test_the_pace_is_of_those_in_the_denominator(village: Ledger) -> None:
    records = _people(village, 30, paid=20)
    village.write([Edit("resident", record, {"residence": {"residence": "away"}}) for record in records[:10]])
    standing = place(village, VILLAGE_CODE).standing_of("everyone")
    assert standing is not None and standing.pace is not None
    assert (standing.pace.paid, standing.pace.days) == (10, 28)


# ---- making


def _resident(number: int, residence: str = "resident") -> dict[str, Any]:
    return {
        "identity": {"name": f"人{number}", "id_number": id_number(number)},
        "residence": {"residence": residence},
    }


def _people(ledger: Ledger, number: int, *, paid: int, on: str | None = None) -> list[str]:
    """People of whom the first paid, one a day up to yesterday."""
    records = [f"r{each:021d}" for each in range(number)]
    ledger.write([Edit("resident", record, _resident(each)) for each, record in enumerate(records)])
    edits = []
    for each, record in enumerate(records[:paid]):
        day = (TODAY - timedelta(days=each % 20 + 1)).isoformat() if on is None else on
        fact = {"fact": {"resident": record, "year": YEAR, "amount": 40000, "paid_on": day}}
        edits.append(Edit("payment", f"p{each:021d}", fact))
    ledger.write(edits)
    return records


def _absent(ledger: Ledger, record: str, absence: str) -> None:
    changes = {"link": {"resident": record, "year": YEAR}, "absence": {"absence": absence}}
    ledger.write([Edit("enrolment", derived_id("enrolment", record, YEAR), changes)])
