"""What is kept of the rows of a list that was taken over."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowNote:
    """What is kept of a row: where it stands, what became of it, whom it meant, why (JSON), what it said (JSON)."""

    sheet: str
    line: int
    status: str
    scope: str = ""
    record: str = ""
    score: int = 0
    why: str = ""
    said: str = ""
