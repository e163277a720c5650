"""Each row of a list judged: whom it means, whether it can be taken over, what it says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from storage.policy import id_number
from storage.records import derived_id
from sync.intake.effects import Reader, Reading, ways
from sync.intake.facts import Facts, Setting
from sync.intake.newborns import Newborns
from sync.intake.results import Candidate, Reason, Row, Status
from sync.intake.saying import Saying
from sync.intake.whom import People, Whom, candidate
from sync.sheets.listed import ListedRow

NOBODY = ""
"""The answer that a row means nobody here."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list with where it stands and who reads it."""

    sheet: str
    row: ListedRow
    reader: Reader


class Judge:
    """Judges the rows of one list by whom matching found and what a person answered."""

    def __init__(
        self, setting: Setting, people: People, facts: Facts, whom: Sequence[Whom], answers: Mapping[int, str]
    ) -> None:
        self._setting = setting
        self._people = people
        self._facts = facts
        self._whom = whom
        self._answers = answers
        self._newborns = Newborns(setting, people)
        self._effect = ways()[setting.kind].effect

    def judge(self, lines: Sequence[Line]) -> tuple[list[Row], list[Saying], Counter[str]]:
        """Every row with whom it means and whether it can be taken over, what those rows say, and unknown words."""
        rows, sayings = [], []
        unmapped: Counter[str] = Counter()
        self._facts.given.clear()
        for key, line in enumerate(lines):
            row, reading = self._row(key, line)
            rows.append(row)
            unmapped.update(reading.unmapped)
            if row.status == "known" and reading.said:
                via = f"{self._setting.kind}:{self._setting.file}:{line.row.row_number}"
                sayings.append(Saying(key, row.scope, via, reading.said))
        return rows, sayings, unmapped

    def _row(self, key: int, line: Line) -> tuple[Row, Reading]:
        row, whom = line.row, self._whom[key]
        chosen, answered = self._chosen_for(key, whom)
        base = Row(
            key=key,
            sheet=line.sheet,
            line=row.row_number,
            name=row.name,
            id_text=row.id_text,
            village=row.village,
            said={name: row.text(name) for name in row.cells},
            status="unmatched",
            answered=answered,
            candidates=whom.candidates,
            doubts=tuple(Reason(code) for code in row.doubts) + (() if whom.candidates else whom.why),
        )
        if self._effect == "population":
            return self._place(base, line)
        if not row.name and _says_nothing(row):
            return replace(base, status="broken"), Reading()
        if self._effect == "newborn" and chosen is None and not (answered or whom.candidates):
            return self._newborns.row(base, row)
        if chosen is None:
            nobody = answered or not whom.candidates or whom.sure
            unknown = line.reader.unknown_words(row)  # they are asked about all the same
            return replace(base, status="unmatched" if nobody else "review"), Reading(unmapped=unknown)
        reading = line.reader.read(row, chosen.scope, chosen.record)
        others = tuple(
            one for one in whom.candidates if (one.scope, one.record) != (chosen.scope, chosen.record)
        )
        found = replace(
            base,
            status="review" if reading.waits else "known",
            scope=chosen.scope,
            record=chosen.record,
            candidates=(chosen, *others),
            doubts=base.doubts + reading.doubts,
        )
        return found, reading

    def _place(self, base: Row, line: Line) -> tuple[Row, Reading]:
        """A row of numbers: the village it names, and what it counts."""
        scope = self._people.scope_of(line.row.village)
        if not scope:
            return base, Reading()
        reading = line.reader.read(line.row, scope, derived_id("village", scope))
        status: Status = "review" if reading.waits else "known"
        return replace(base, status=status, scope=scope, doubts=base.doubts + reading.doubts), reading

    def _chosen_for(self, key: int, whom: Whom) -> tuple[Candidate | None, bool]:
        """Whom a row means, and whether a person said so."""
        answer = self._answers.get(key)
        if answer is None:
            return (whom.candidates[0] if whom.sure and whom.candidates else None), False
        if answer == NOBODY:
            return None, True
        scope, _, record = answer.partition("/")
        offered = next((one for one in whom.candidates if (one.scope, one.record) == (scope, record)), None)
        person = self._people.known([(scope, record)]).get((scope, record)) if offered is None else None
        return offered or (candidate(person) if person else None), True


def _says_nothing(row: ListedRow) -> bool:
    """Whether what stands in place of an ID number finds nobody."""
    told = id_number.check(row.id_text, was_number=row.id_was_number)
    return not told.valid and not told.stem and not told.suggestions and told.kind == "none"
