"""Which person each row of a list is about, for sure or as a proposal, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from storage.collector import undisturbed
from storage.policy.id_repair import normalise
from sync.matching.deciding import Draft, decide
from sync.matching.model import Match, Reason, Wanted
from sync.matching.names import bare
from sync.matching.register import Register
from sync.matching.rows import Row
from sync.matching.settling import settle
from sync.matching.weighing import BY_ID, Scales

_SHARED = 5  # rows of different names with one phone, from which on it says nothing


def match(
    register: Register, rows: Iterable[Wanted], learned: Mapping[str, str] | None = None
) -> list[Match]:
    """Answer every row, in the order of the rows; neither their order nor the people's changes an answer.

    ``learned`` is what a human chose before: :func:`spelling` of a row → record, or '' for nobody here.
    """
    with undisturbed():
        return _match(register, list(rows), learned or {})


def _match(register: Register, wanted: list[Wanted], known: Mapping[str, str]) -> list[Match]:
    records = {person.record: place for place, person in enumerate(register.people)} if known else {}
    scales = Scales(register, _common_phones(wanted))
    answers: list[Match | None] = []
    drafts: list[Draft] = []
    for one in wanted:
        chosen = known.get(spelling(one)) if known else None
        if chosen == "":
            answers.append(Match(one.key, None, 100, True, (Reason("learned_nobody"),)))
            continue
        row = Row(one, register)
        draft = _learned(row, scales, records[chosen]) if chosen in records else decide(row, register, scales)
        drafts.append(draft)
        answers.append(None)
    settle(drafts)
    settled = iter(drafts)
    return [answer or next(settled).answer() for answer in answers]


def spelling(wanted: Wanted) -> str:
    """How a row is written, as the key under which a choice about it is kept."""
    place = wanted.scope or "".join(wanted.village.split())
    return "|".join((normalise(wanted.id_text), bare(wanted.name), place))


def _learned(row: Row, scales: Scales, place: int) -> Draft:
    """A row whose person a human chose before."""
    chosen = scales.weigh(row, place)._replace(proof=BY_ID)
    return Draft(row, [chosen], sure=True, notes=[Reason("learned")])


def _common_phones(rows: Sequence[Wanted]) -> frozenset[str]:
    """Phones of a school, an office, or nobody."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.phone:
            names[row.phone].add(row.name)
    return frozenset(phone for phone, people in names.items() if len(people) >= _SHARED)
