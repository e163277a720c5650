"""Going through rows one by one: which is next, how many are left, what was answered and can be taken back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gui.i18n import _
from gui.widgets.pieces import Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import candidates, matching, names, units
from gui.wording.listed import field_words, said_value
from gui.wording.matching import Verdict
from storage.policy.id_number import check
from storage.queries.find import Hit
from sync.intake.results import STATUSES, Candidate, Listed, Row

MOST = 3
"""How many candidates stand beside a row."""
SCORES = (95, 90, 85, 80, 70)


@dataclass(slots=True)
class Queue:
    """The rows to go through, by key; ``only_open`` passes over those that are answered already."""

    keys: list[int]
    only_open: bool = True
    at: int = 0
    later: set[int] = field(default_factory=set)
    _past: list[tuple[int, ...]] = field(default_factory=list)

    def row(self, listed: Listed) -> Row | None:
        """The row that is asked about, None when all were looked at."""
        wanted = self.keys[self.at] if self.at < len(self.keys) else None
        return next((row for row in listed.rows if row.key == wanted), None)

    def left(self, listed: Listed) -> int:
        """How many of them still wait for an answer."""
        mine = set(self.keys)
        return sum(row.key in mine and row.status == "review" for row in listed.rows)

    def note(self, keys: Iterable[int]) -> None:
        """Remember that these were answered together, so that one key takes it back."""
        self._past.append(tuple(keys))

    def leave(self) -> None:
        """Leave the row for later."""
        if self.at < len(self.keys):
            self.later.add(self.keys[self.at])
            self._past.append(())
            self.at += 1

    def go_on(self, listed: Listed) -> None:
        """Go to the next row that waits; one left for later only when it is come to again."""
        if self.only_open:
            waiting = {row.key for row in listed.rows if row.status == "review"} - self.later
            ahead = [n for n, key in enumerate(self.keys) if key in waiting]
            self.at = next((n for n in ahead if n >= self.at), ahead[0] if ahead else len(self.keys))
        else:
            self.at += 1

    def back(self) -> tuple[int, ...] | None:
        """Go back one answer; returns the keys it answered, none where a row was left, None at the start."""
        if not self._past:
            return None
        keys = self._past.pop()
        if keys:
            self.at = self.keys.index(keys[0]) if keys[0] in self.keys else 0
        else:
            self.at = max(self.at - 1, 0)
            self.later.discard(self.keys[self.at])
        return keys

    def again(self) -> None:
        """Come to those that were left."""
        self.later.clear()
        self.at = 0


def alike(listed: Listed, score: int) -> dict[int, str]:
    """Row → its first candidate, for all rows to be checked whose first is at or above a score and stands alone."""
    return {
        row.key: who(row.candidates[0])
        for row in listed.rows
        if row.status == "review" and row.candidates and row.candidates[0].score >= score and _alone(row)
    }


def _alone(row: Row) -> bool:
    """Whether the first candidate is likelier than the second, and its like is not in two rows of the list."""
    scores = [one.score for one in row.candidates[:2]]
    twice = any(reason.code == "twice" for reason in row.candidates[0].why)
    return not twice and (len(scores) < 2 or scores[0] > scores[1])


def foreseen(listed: Listed, answers: Mapping[int, str | None]) -> Listed:
    """The list as it will be once answers are worked out, so that nobody has to wait for the next question."""
    rows = tuple(_foreseen(row, answers[row.key]) if row.key in answers else row for row in listed.rows)
    counts = Counter(row.status for row in rows)
    return replace(listed, rows=rows, counts={**listed.counts, **{code: counts[code] for code in STATUSES}})


def _foreseen(row: Row, answer: str | None) -> Row:
    if answer is None:
        return replace(row, status="review", answered=False, scope="", record="")
    scope, _slash, record = answer.partition("/")
    first = [one for one in row.candidates if (one.scope, one.record) == (scope, record)]
    others = [one for one in row.candidates if one not in first]
    return replace(
        row,
        status="known" if record else "unmatched",
        answered=True,
        scope=scope if record else "",
        record=record,
        candidates=(*first, *others),
    )


def who(candidate: Candidate) -> str:
    """A candidate as an answer names them."""
    return f"{candidate.scope}/{candidate.record}"


def found_model() -> RowsModel:
    """People found by hand: name, masked number, where they live."""
    return RowsModel(
        [
            Column(_("Name"), lambda one: one.hit.name, cell=lambda one: [[Text(one.hit.name, "strong")]]),
            Column(_("ID number"), lambda one: units.id_number(one.hit.id_number)),
            Column(_("Village"), lambda one: one.village),
            Column(_("Household"), lambda one: _home(one.hit), stretch=True),
        ],
        key=lambda one: (one.hit.scope, one.hit.record),
    )


def _home(hit: Hit) -> str:
    return " ".join(part for part in (hit.group, hit.household_number, hit.head_name) if part)


# ---- side by side


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says in a line; ``runs`` (start, end) are the characters in which it differs from the list."""

    text: str
    verdict: Verdict | None = None
    runs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of the comparison: what it is about, the list's words, then each candidate's."""

    title: str
    said: str
    sides: tuple[Said, ...]


def compared(
    row: Row, people: Iterable[Candidate], *, masked: bool, titles: Mapping[str, str] | None = None
) -> list[Compared]:
    """A row beside its candidates, field by field; a field nobody says anything of is left out."""
    found = list(people)
    marks = [matching.verdicts(one) for one in found]
    lines = []
    for field_name, title, said, texts in _fields(row, found, masked, titles or {}):
        sides = tuple(
            Said(text, mark.get(field_name), _runs(said, text, mark.get(field_name)))
            for text, mark in zip(texts, marks, strict=True)
        )
        if said or any(side.text for side in sides):
            lines.append(Compared(title, said, sides))
    return lines


def _fields(
    row: Row, found: list[Candidate], masked: bool, titles: Mapping[str, str]
) -> Iterable[tuple[str, str, str, list[str]]]:
    number = check(row.id_text)
    born = row.said.get("birth") or (number.birth.isoformat() if number.birth else "")
    sex = names.sex(number.sex) if number.sex else ""
    numbers = [row.id_text, *(one.id_number for one in found)]
    if masked:
        numbers = candidates.masked_alike(numbers, "id_number")
    head = row.said.get("head_name", "")
    yield "name", _("name"), row.name, [one.name for one in found]
    yield "id_number", _("ID number"), numbers[0], numbers[1:]
    yield "birth", _("birth date"), born, [one.birth for one in found]
    yield "sex", _("sex"), names.sex(row.said.get("sex", "")) or sex, [names.sex(one.sex) for one in found]
    yield "village", _("Village"), row.village, [one.village or titles.get(one.scope, "") for one in found]
    yield "head_name", _("head of household"), head, [one.head_name for one in found]


_SHOWN = frozenset(
    ("name", "id_number", "birth", "sex", "village", "household_number", "head_name", "serial")
)


def besides(row: Row, *, masked: bool) -> str:
    """What else stands in the row of the list."""
    told = [
        f"{field_words(name)} {said_value(name, text, masked=masked)}"
        for name, text in row.said.items()
        if text and name not in _SHOWN
    ]
    return units.sentences(told)


def _runs(said: str, text: str, verdict: Verdict | None) -> tuple[tuple[int, int], ...]:
    if verdict in (None, "same") or not said or said == text:
        return ()
    if len(said) != len(text):
        return ((0, len(text)),) if text else ()
    runs: list[tuple[int, int]] = []
    for at, (left, right) in enumerate(zip(said, text, strict=True)):
        if left != right:
            if runs and runs[-1][1] == at:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
    return tuple(runs)
