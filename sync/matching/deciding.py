"""From the people weighed beside a row to its answer: sure where one proof stands alone, else a proposal."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.matching import candidates
from sync.matching.model import Candidate, Match, Reason
from sync.matching.names import Likeness
from sync.matching.numbers import read
from sync.matching.register import Register
from sync.matching.rows import Row
from sync.matching.weighing import BY_ID, BY_ID_NEAR, INDEPENDENT, UNPROVEN, Scales, Weighed, ranked

_SURE = 90  # the least score of what is sure, one more than the highest of what is not
_FLOOR = 20  # points from which on somebody is proposed
_MENTIONED = -20  # points from which on somebody is shown beside the proposal
_RIVALS = 5


@dataclass(slots=True)
class Draft:
    """A row's answer in the making: people best first, whether the first is sure, and notes on the choice."""

    row: Row
    found: list[Weighed]
    sure: bool = False
    notes: list[Reason] = field(default_factory=list)

    @property
    def best(self) -> Weighed:
        """The first of the people found."""
        return self.found[0]

    def answer(self) -> Match:
        """The answer as it is given out."""
        key = self.row.wanted.key
        proposed = bool(self.found) and (self.sure or self.best.points >= _FLOOR)
        others = self.found[1:] if proposed else self.found
        rivals = tuple(
            Candidate(one.person, _bounded(one.points), one.why) for one in others if one.points >= _MENTIONED
        )[:_RIVALS]
        if not proposed:
            return Match(key, None, 0, False, tuple(self.notes), rivals)
        best = self.best
        score = max(_SURE, min(100, best.points)) if self.sure else _bounded(best.points)
        noted = {note.code for note in self.notes}
        why = (*(reason for reason in best.why if reason.code not in noted), *self.notes)
        return Match(key, best.person, score, self.sure, why, rivals, self._repaired())

    def _repaired(self) -> str:
        """The number the row must mean, where it is written otherwise."""
        tie = self.best.link
        told = (
            tie.kind in ("same", "repaired") and len(tie.number) == 18 and self.best.likeness <= Likeness.NEAR
        )
        return tie.number if told and self.row.wanted.id_text != tie.number else ""


def _bounded(points: int) -> int:
    return max(1, min(points, _SURE - 1))


def decide(row: Row, register: Register, scales: Scales) -> Draft:
    """Find whom a row is about, as far as the row alone tells."""
    places = candidates.by_number(row, register)
    if not places and not row.wanted.name:
        return Draft(row, [])
    if len(places) == 1:
        only = scales.weigh(row, next(iter(places)))
        if only.proof == BY_ID and only.likeness is Likeness.EXACT:
            return Draft(row, [only], sure=True)
    found: dict[int, Weighed] = {}
    for search, enough in _SEARCHES:
        for place in search(row, register):
            if place not in found:
                found[place] = scales.weigh(row, place)
        if any(enough(one) for one in found.values()):
            break
    draft = Draft(row, ranked(list(found.values())))
    if draft.found:
        _judge(draft)
    return draft


def _is_near(one: Weighed) -> bool:
    return one.likeness <= Likeness.NEAR and one.points >= _FLOOR


_SEARCHES: tuple[tuple[Callable[[Row, Register], set[int]], Callable[[Weighed], bool]], ...] = (
    (candidates.by_number_and_house, lambda _: False),
    (candidates.by_name, lambda one: one.proof < UNPROVEN),
    (candidates.by_slip, lambda one: one.proof < UNPROVEN),
    (candidates.by_name_anywhere, _is_near),
    (candidates.by_likeness, _is_near),
)
"""Where to look, and what found there makes looking further needless; whoever bears the name better is seen, too."""


def _judge(draft: Draft) -> None:
    """Be sure of the best where it is proven and nobody else could be meant."""
    proofs = [one for one in draft.found if one.proof < UNPROVEN]
    if not proofs:
        _say_why_not(draft)
        return
    best, *others = proofs
    same = [one for one in others if _same_number(best, one)]
    if same and not _choose_village(draft, [best, *same]):
        return
    best = draft.best
    rivals = [one for one in others if one not in (best, *same)]
    if best.proof <= BY_ID_NEAR:
        rivals = [one for one in rivals if one.proof <= BY_ID_NEAR]
    else:  # somebody else has the row's very number, whatever the name
        rivals += [one for one in draft.found if one is not best and one.link.kind in ("same", "former")]
    if rivals or _is_shadowed(draft):
        draft.notes.append(Reason("rival"))
        return
    draft.sure = True


def _same_number(one: Weighed, other: Weighed) -> bool:
    """Whether two records hold one number: one person in two villages."""
    mine, its = read(one.person.id_number), read(other.person.id_number)
    return mine.told and (mine.full or mine.text) == (its.full or its.text)


def _choose_village(draft: Draft, records: list[Weighed]) -> bool:
    """Of several records of one person put the one in the row's village first; False where that tells nothing."""
    draft.notes.append(Reason("twice", {"records": len(records)}))
    here = [one for one in records if one.person.scope in draft.row.scopes]
    if len(here) != 1:
        return False
    draft.found.remove(here[0])
    draft.found.insert(0, here[0])
    return True


def _is_shadowed(draft: Draft) -> bool:
    """Whether somebody else bears the row's name better, near enough that the number may be the slip."""
    best = draft.best
    for other in draft.found[1:]:
        if other.likeness >= best.likeness or _same_number(best, other):
            continue
        household = bool(best.person.household) and best.person.household == other.person.household
        here = other.person.scope == best.person.scope or other.person.scope in draft.row.scopes
        open_to = other.link.kind not in ("conflict", "unlike") and not _contradicted(other)
        if household or (here and open_to and (best.proof != BY_ID or other.likeness is Likeness.EXACT)):
            return True
    return False


def _contradicted(one: Weighed) -> bool:
    return "birth_differs" in one.codes or "sex_differs" in one.codes


def _say_why_not(draft: Draft) -> None:
    best = draft.best
    if best.link.kind == "none" and INDEPENDENT.isdisjoint(best.codes):
        draft.notes.append(Reason("name_only"))
    namesakes = [one for one in draft.found if one.likeness <= Likeness.ALIKE and one.points >= best.points]
    if len(namesakes) > 1:
        draft.notes.append(Reason("common_name", {"count": len(namesakes)}))
