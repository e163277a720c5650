"""Who is double and whose ID number is doubtful, at a township's 100,000 people with a whole platform export beside."""

import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import replace

from storage import policies
from storage.ledger import Edit, Ledger
from storage.queries import doubles, repair
from tests.bench.conftest import TODAY, Compare, edits

PEOPLE = 100_000
AIM_MS = 1000
POLICY = policies.load("example-2026")


def test_doubles_and_numbers(new_ledger: Callable[[str], Ledger], compare: Compare) -> None:
    ledger = new_ledger("L")
    ledger.write(list(damaged(edits(PEOPLE))))
    for name, look in (
        ("doubles", lambda: doubles.find(ledger, POLICY, TODAY)),
        ("doubtful numbers", lambda: repair.worklist(ledger, POLICY)),
    ):
        median = statistics.median(compare.once(look, 5)) * 1000
        compare.say(f"{len(look()):,} {name} among {PEOPLE:,} people: {median:.0f} ms, aim {AIM_MS} ms")
    found = doubles.find(ledger, POLICY, TODAY)
    assert {"two_schemes"} <= {one.code for one in found}
    items = repair.worklist(ledger, POLICY)[:100]
    one = statistics.median(compare.once(lambda: repair.proposals_for(ledger, items, TODAY), 3)) * 10
    compare.say(f"what one of 100 doubtful numbers may have been: {one:.1f} ms")


def damaged(found: list[Edit]) -> Iterator[Edit]:
    """Yield the people, 2 % with a cut number and 1 % without one; all insured in the platform, 1 % twice."""
    rng = random.Random(3)
    for edit in found:
        if edit.kind == "resident":
            yield replace(
                edit, changes={**edit.changes, "identity": _number(rng, dict(edit.changes["identity"]))}
            )
            yield _cover(edit.record, "390", "150621")
            if rng.random() < 0.01:
                yield _cover(edit.record, "310", "310115")
        else:
            yield edit


def _number(rng: random.Random, identity: dict[str, str]) -> dict[str, str]:
    number, roll = identity["id_number"], rng.random()
    if roll < 0.02:
        return {**identity, "id_number": number[:15] + "000"}
    if roll < 0.03:
        return {"name": identity["name"], "birth": f"{number[6:10]}-{number[10:12]}-{number[12:14]}"}
    return identity


def _cover(resident: str, scheme: str, place: str) -> Edit:
    state = {"scheme": scheme, "scheme_state": "1", "scheme_place": place, "covered_since": "2023-01-01"}
    return Edit("coverage", f"{scheme} {resident}", {"link": {"resident": resident}, "state": state})
