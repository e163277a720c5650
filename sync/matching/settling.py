"""What the rows of one list say of one another: nobody is two rows' person, unless the rows are one row twice."""

from collections import defaultdict
from collections.abc import Sequence

from sync.matching.deciding import Draft
from sync.matching.model import Reason
from sync.matching.names import Likeness, relation
from sync.matching.weighing import ranked, with_code

_BY_NUMBER = ("same", "former", "repaired", "completes")


def settle(drafts: Sequence[Draft]) -> None:
    """Keep one sure row per person, mark rows that repeat one another, and rank whom no other row means first."""
    claims: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.sure:
            claims[draft.best.person.record].append(draft)
    for claim in claims.values():
        if len(claim) > 1:
            _share(claim)
    taken = {record: [one for one in claim if one.sure] for record, claim in claims.items()}
    for draft in drafts:
        if not draft.sure and draft.found:
            _rank_free_first(draft, taken)


def _share(claim: list[Draft]) -> None:
    """The strongest row keeps the person, with those that repeat it; the others go to review."""
    first, *rest = sorted(claim, key=_strength)
    repeats = [one for one in rest if _repeats(one, first)]
    for one in rest:
        if one not in repeats:
            one.sure = False
            one.notes.append(Reason("taken", {"key": first.row.wanted.key}))
    if not repeats and _strength(rest[0])[:3] == _strength(first)[:3]:
        first.sure = False
        first.notes.append(Reason("taken", {"key": rest[0].row.wanted.key}))
    for one in (first, *repeats) if repeats else ():
        others = [other.row.wanted.key for other in (first, *repeats) if other is not one]
        one.notes.append(Reason("duplicate_row", {"key": min(others)}))


def _strength(draft: Draft) -> tuple[int, bool, int, int]:
    best = draft.best
    return best.proof, best.link.kind != "same", -best.points, draft.row.wanted.key


def _repeats(one: Draft, other: Draft) -> bool:
    """Whether two rows surely about one person are about it in one way: by its number, or without contradiction."""
    mine, its = one.row, other.row
    if mine.number.full and its.number.full and mine.number.full != its.number.full:
        return False
    if one.best.link.kind in _BY_NUMBER and other.best.link.kind in _BY_NUMBER:
        return True
    if mine.births and its.births and not mine.births & its.births:
        return False
    return relation(mine.wanted.name, its.wanted.name).likeness <= Likeness.NEAR


def _rank_free_first(draft: Draft, taken: dict[str, list[Draft]]) -> None:
    """Put those behind whom another row surely means, and say where only one is left."""
    free = [one for one in draft.found if one.person.record not in taken or not taken[one.person.record]]
    if len(free) == len(draft.found):
        return
    marked = [one if one in free else with_code(one, "taken") for one in draft.found]
    draft.found = ranked(marked)
    fitting = [one for one in draft.found if one.likeness <= Likeness.ALIKE]
    left = [one for one in fitting if one in free]
    if len(left) == 1 and len(fitting) > 1 and draft.best is left[0]:
        draft.found[0] = with_code(draft.best, "only_one_left")
