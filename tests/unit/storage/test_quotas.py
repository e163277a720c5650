"""Numbers assigned: shared out whole, issued to villages in the next file with their reason, followed up."""

from datetime import date

import pytest

from storage import policies
from storage.commands import counts
from storage.errors import RuleViolation
from storage.ledger import Edit, Ledger
from storage.policy.sharing import share_out
from storage.queries import headcounts, library, quotas, targets
from tests.unit.storage.worlds import OFFICE_CODE, OTHER_CODE, TODAY, VILLAGE_CODE, Pair, World, paid, person

POLICY = policies.load("example-2026")
YEAR = POLICY.year
TOLD = {"by": "旗医保局任务分解表", "on": date(2025, 9, 1), "today": TODAY}


@pytest.fixture
def pair(world: World) -> Pair:
    """An office with two villages: three people and one, of the three two paid."""
    made = Pair(world)
    made.a.write([person(f"a{one}", name) for one, name in enumerate("甲乙丙")])
    made.a.write([Edit("payment", f"p{one}", paid(f"a{one}")) for one in (0, 1)])
    made.b.write([person("b", "丁")])
    made.up()
    return made


def _populate(office: Ledger, numbers: dict[str, tuple[int | None, int | None]]) -> None:
    for scope, (registered, residing) in numbers.items():
        counts.populate(office, registered, residing, scope=scope, **{**TOLD, "by": "旗统计局"})


def test_from_the_banners_number_to_the_villages_screen(pair: Pair) -> None:
    office = pair.office
    assert quotas.below(office) == [VILLAGE_CODE, OTHER_CODE]
    counts.assign(office, 100, year=YEAR, scope=OFFICE_CODE, **TOLD)
    with pytest.raises(RuleViolation, match=r"share\.missing") as lacking:
        quotas.weights(office, POLICY, "resident_count")
    assert lacking.value.params["count"] == 2
    _populate(office, {VILLAGE_CODE: (1300, 1210), OTHER_CODE: (None, 905)})
    weights = quotas.weights(office, POLICY, "resident_count")
    assert weights == {VILLAGE_CODE: 1210, OTHER_CODE: 905}
    found = quotas.read(office, POLICY, TODAY)
    assert (found.given, found.open) == (None, None)
    total = quotas.suggested(POLICY, found.own.given, weights)
    assert total == 100
    shares = share_out(total, weights)
    counts.issue(office, shares, year=YEAR, basis="resident_count", **TOLD)
    found = quotas.read(office, POLICY, TODAY)
    # 57.21 and 42.79: the one left over goes to the greater remainder
    assert {scope: row.given.people for scope, row in found.rows.items() if row.given} == {
        VILLAGE_CODE: 57,
        OTHER_CODE: 43,
    }
    assert (found.given, found.open) == (100, 0)
    mine = found.rows[VILLAGE_CODE]
    assert mine.given is not None and mine.given.share == shares[VILLAGE_CODE]
    assert (mine.given.basis, mine.given.by, mine.given.changed) == ("resident_count", TOLD["by"], False)
    assert (mine.done, mine.left) == (2, 55)
    assert mine.pace is not None and mine.pace.missing == 55
    assert mine.rate is not None and str(mine.rate) == "3.5"
    other = found.rows[OTHER_CODE].given
    assert other is not None and other.share is not None and other.share.extra
    # The villages learn their own number, how it came about, and nothing of the other one.
    pair.down()
    seen = quotas.read(pair.a, POLICY, TODAY)
    assert list(seen.rows) == [VILLAGE_CODE]
    assert seen.own.given == mine.given and (seen.own.done, seen.own.left) == (2, 55)
    assert quotas.given(pair.a, YEAR).keys() == {VILLAGE_CODE}
    assert headcounts.numbers(pair.a, YEAR)[VILLAGE_CODE]["task"].people == 57
    assert headcounts.numbers(pair.a, YEAR)[VILLAGE_CODE]["registered_count"].people == 1300
    rate = targets.read(pair.a, POLICY, TODAY).rows[VILLAGE_CODE].rate_of("task")
    assert (rate.reached, rate.total) == (2, 57)


def test_set_by_hand_and_changed_later(pair: Pair) -> None:
    office = pair.office
    shares = share_out(10, {VILLAGE_CODE: 3, OTHER_CODE: 1}, {OTHER_CODE: 1})
    with pytest.raises(RuleViolation, match=r"share\.why"):
        counts.issue(office, shares, year=YEAR, basis="registered", **TOLD)
    why = {OTHER_CODE: "整村搬迁"}
    counts.issue(office, shares, year=YEAR, basis="registered", why=why, **TOLD)
    said = quotas.given(office, YEAR)
    assert (said[VILLAGE_CODE].people, said[OTHER_CODE].people) == (9, 1)
    held = said[OTHER_CODE].share
    assert held is not None and held.fixed and said[OTHER_CODE].why == "整村搬迁"
    counts.assign(office, 12, year=YEAR, scope=VILLAGE_CODE, **TOLD)
    changed = quotas.given(office, YEAR)[VILLAGE_CODE]
    assert (changed.people, changed.changed) == (12, True)
    assert changed.share is not None and changed.share.people == 9
    # Shared out anew by weights, what was said by hand is gone.
    counts.issue(
        office, share_out(10, {VILLAGE_CODE: 3, OTHER_CODE: 1}), year=YEAR, basis="registered", **TOLD
    )
    again = quotas.given(office, YEAR)
    assert [one.people for one in again.values()] == [8, 2]
    assert (again[OTHER_CODE].why, again[VILLAGE_CODE].changed) == ("", False)


def test_by_what_the_register_counts_and_by_the_target(pair: Pair) -> None:
    weights = quotas.weights(pair.office, POLICY, "registered")
    assert weights == {VILLAGE_CODE: 3, OTHER_CODE: 1}
    assert weights == quotas.weights(pair.office, POLICY, "registered", library.read(pair.office, POLICY))
    target = POLICY.target("everyone")
    assert target is not None and target.rate is not None
    assert quotas.suggested(POLICY, None, {"a": 1210, "b": 905}) == 2010  # ceil of 0.95 × 2115
    assert quotas.bases(POLICY)[:2] == ["resident_count", "registered_count"]


def test_what_is_refused(pair: Pair) -> None:
    office = pair.office
    told = {"year": YEAR, "basis": "registered", **TOLD}
    for scope, code in (("150626100001", r"task\.place"), (OFFICE_CODE, r"task\.place")):
        with pytest.raises(RuleViolation, match=code):
            counts.issue(office, share_out(5, {scope: 1}), **told)
    with pytest.raises(RuleViolation, match=r"share\.nowhere"):
        counts.issue(office, {}, **told)
    with pytest.raises(RuleViolation, match=r"task\.by"):
        counts.issue(office, share_out(5, {VILLAGE_CODE: 1}), **{**told, "by": " "})
    for registered, residing, code in (
        (None, None, "nothing"),
        (-1, None, "people"),
        (3, 10_000_000, "people"),
    ):
        with pytest.raises(RuleViolation, match=rf"population\.{code}"):
            counts.populate(office, registered, residing, scope=VILLAGE_CODE, **TOLD)
    with pytest.raises(RuleViolation, match=r"task\.place"):
        counts.populate(office, 5, None, scope="150626100001", **TOLD)
    counts.populate(office, 5, None, scope=VILLAGE_CODE, **TOLD)
    counts.populate(office, None, 4, scope=VILLAGE_CODE, **TOLD)
    numbers = headcounts.numbers(office, YEAR)[VILLAGE_CODE]
    assert (numbers["registered_count"].people, numbers["resident_count"].people) == (5, 4)
