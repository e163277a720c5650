"""The values of a conflict beside one another: field by field, with what differs told apart to the character."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from gui.i18n import _
from gui.wording import names
from gui.wording.history import field_text, via_text
from storage.kinds import KINDS
from storage.policy import mask
from storage.policy.model import Policy
from storage.queries.housing import Household
from storage.queries.review import Candidate, ReviewItem, Saying

Called = Mapping[str, str]
"""Record id → what people call it."""

_SILENT = frozenset(
    (
        "void_seen",
        "void_beside",
        "void_after",
        "fact",
        "here",
        "listed",
        "detail",
        "answer_round",
        "reply_round",
    )
)
_MASKS = {"id_number": mask.id_number, "phone": mask.phone}


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a candidate: its name, its words, where they differ from the others' (start, end), if they do."""

    field: str
    title: str
    text: str
    differs: bool
    runs: tuple[tuple[int, int], ...] = ()

    def html(self, ground: str) -> str:
        """The words for a label, what differs bold and underlined on ``ground``."""
        style = f"font-weight:700;text-decoration:underline;background-color:{ground}"
        made, at = [], 0
        for start, end in self.runs:
            made += [
                escape(self.text[at:start]),
                f'<span style="{style}">{escape(self.text[start:end])}</span>',
            ]
            at = end
        return "".join([*made, escape(self.text[at:])])


@dataclass(frozen=True, slots=True)
class Side:
    """A candidate as it is shown: its lines, who says so, and whether it is the provisional one."""

    candidate: Candidate
    lines: tuple[Line, ...]
    sources: tuple[str, ...]
    shown: bool

    def words(self) -> str:
        """All of it, to be read aloud."""
        fields = [f"{line.title} {line.text}" for line in self.lines]
        return "\n".join([*fields, *self.sources])


def called(homes: Mapping[str, Household], people: Called) -> dict[str, str]:
    """What the records are called that a question mentions."""
    return {record: home_text(home) for record, home in homes.items()} | dict(people)


def home_text(home: Household) -> str:
    """A household in a line: 02组 0017 那顺."""
    return " ".join(part for part in (home.group, home.number, home.head_name) if part)


def sides(policy: Policy, item: ReviewItem, words: Called, *, masked: bool = True) -> list[Side]:
    """Return the candidates of a conflict beside one another, the provisional one first."""
    values = [candidate.value for candidate in item.candidates]
    declared = KINDS[item.kind].registers[item.register].fields
    fields = [name for name in declared if name not in _SILENT and any(name in value for value in values)]
    columns = [_column(policy, words, name, values, masked) for name in fields]
    # What a record is about anyway is told only where it differs.
    told = [
        lines for name, lines in zip(fields, columns, strict=True) if lines[0].differs or name not in _LINKS
    ]
    return [
        Side(
            candidate,
            tuple(lines[number] for lines in told),
            tuple(source(saying) for saying in candidate.sayings),
            number == 0,
        )
        for number, candidate in enumerate(item.candidates)
    ]


_LINKS = frozenset(("resident", "year", "code"))


def _column(policy: Policy, words: Called, name: str, values: Sequence[Any], masked: bool) -> list[Line]:
    """One field of all candidates."""
    held = [value.get(name) for value in values]
    texts = [_text(policy, words, name, item) for item in held]
    differs = any(item != held[0] for item in held)
    if name in _MASKS and masked:
        texts = masked_alike([str(item or "") for item in held], name)
    title = names.field(name) if name != "void_reason" else _("Counts?")
    return [
        Line(name, title, text or _("empty"), differs, runs(text, texts) if differs else ()) for text in texts
    ]


def _text(policy: Policy, words: Called, name: str, item: Any) -> str:
    match name:
        case "void_reason":
            return _("no: {reason}").format(reason=item) if item else _("yes, it counts")
        case "household" | "resident":
            return words.get(str(item or ""), _("not in the register") if item else "")
        case "credential":
            return _("active") if item == "active" else _("not active")
        case "entry":
            return _("newly enrolled this year") if item == "new" else _("not newly enrolled")
        case "answer":
            answers = {"same": _("The same person"), "different": _("Two people")}
            return answers.get(str(item or ""), str(item or ""))
        case "id_number" | "phone":
            return str(item or "")
        case _:
            return field_text(policy, name, item, masked=False) if item not in (None, "") else ""


def masked_alike(texts: Sequence[str], name: str) -> list[str]:
    """Mask numbers; where two would then look alike, show the characters in which they differ, and no more."""
    hidden = [_MASKS[name](text) for text in texts]
    present = [text for text in texts if text]
    if len(set(hidden)) == len(set(texts)) or len({len(text) for text in present}) != 1:
        return hidden
    apart = {at for at in range(len(present[0])) if len({text[at] for text in present}) > 1}
    return [
        "".join(text[at] if at in apart else mark for at, mark in enumerate(shown))
        for text, shown in zip(texts, hidden, strict=True)
    ]


def runs(text: str, texts: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where a text differs from the others of its length, as (start, end); all of it where their lengths differ."""
    if not text:
        return ()
    if len({len(other) for other in texts if other}) > 1:
        return ((0, len(text)),)
    runs: list[tuple[int, int]] = []
    for at in range(len(text)):
        if len({other[at] for other in texts if other}) > 1:
            if runs and runs[-1][1] == at:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
    return tuple(runs) or ((0, len(text)),)


# ---- who, when, where from


def source(saying: Saying) -> str:
    """Who said it, when by the clock there, on which device, from which list, and with which file it came."""
    when = datetime.fromisoformat(saying.when).astimezone()
    parts = [
        saying.who,
        f"{when:%Y-%m-%d %H:%M}",
        device(saying),
        via_text(saying.via) if saying.via else _("entered by hand"),
        _("came with {file}").format(file=saying.bundle) if saying.bundle else "",
    ]
    return " · ".join(part for part in parts if part)


def device(saying: Saying) -> str:
    """On which device it was entered."""
    if saying.here:
        return _("this computer")
    if not saying.known:
        return _("a device not registered here")
    return saying.device or _("another copy of this ledger")
