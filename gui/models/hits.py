"""What the search found, as lines: who it is, why, and the part that fits what was typed pointed out."""

from collections.abc import Sequence
from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Cell, Line, Piece, Text
from storage.ledger import Ledger
from storage.queries import find
from storage.queries.find import Hit, Without
from storage.queries.marks import Mark

_MOST = 50
"""People shown: whoever is not among them is looked for with another letter."""
_NEAR = ("sound", "similar", "list", "receipt")
"""Reasons that are said in words, for nothing in the name shows them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Who was found, ``more`` when there are others; ``nobody`` is what to say and to try where that is none."""

    hits: list[Hit]
    more: bool
    nobody: tuple[str, str]


def look(ledger: Ledger, text: str) -> Looked:
    """Look for what was typed, on the ledger thread."""
    found = find.find(ledger, text, limit=_MOST + 1)
    nobody = ("", "") if found else none_found(text, find.without(ledger, text))
    return Looked(found[:_MOST], len(found) > _MOST, nobody)


def more_text(count: int) -> str:
    """That there are more than the so many who are shown."""
    return _("Found: {count} people; type more to see the others").format(count=f"{count:,}")


def why_text(why: str) -> str:
    """Why somebody was found."""
    return {
        "name": _("by name"),
        "initials": _("by pinyin initials"),
        "pinyin": _("by pinyin"),
        "id": _("by ID number"),
        "phone": _("by telephone"),
        "household": _("by household number"),
        "list": _("stands on this list"),
        "receipt": _("by payment slip"),
        "sound": _("sounds the same"),
        "place": _("lives there"),
        "similar": _("similar name"),
        "person": _("looked at lately"),
    }.get(why, "")


def spans(hit: Hit, field: str, start: int = 0) -> tuple[tuple[int, int], ...]:
    """The characters of a field that fit, moved on by ``start``."""
    found = (mark for mark in hit.marks if mark.field == field and mark.end > mark.start)
    return tuple((start + mark.start, start + mark.end) for mark in found)


def hint(hit: Hit) -> str:
    """The reasons in words, for whoever rests the mouse on it or has it read aloud."""
    whys = dict.fromkeys(mark.why for mark in hit.marks) or (hit.why,)
    return wording.units.listed([why_text(why) for why in whys])


def name_piece(hit: Hit, name: str = "") -> Text:
    """The name with what fits in it; ``name`` is the one shown where another record of the person was found."""
    shown = name or hit.name
    return Text(
        shown or _("no name"), "strong", hint=hint(hit), marks=spans(hit, "name") if shown == hit.name else ()
    )


def number_piece(hit: Hit) -> Text:
    """The ID number, masked: the end tells people of one name apart."""
    text = wording.id_number(hit.id_number) if hit.id_number else ""
    return Text(text, "soft", marks=_within(spans(hit, "id"), text))


def place_piece(hit: Hit, *, soft: bool = True) -> Text:
    """Village group and household number."""
    parts = [part for part in (hit.group, hit.household_number) if part]
    after = len(hit.group) + 1 if hit.group else 0
    marks = (*spans(hit, "group"), *spans(hit, "number", after))
    return Text(" ".join(parts), "soft" if soft else "normal", marks=marks)


def cell(hit: Hit) -> Cell:
    """A person as two lines, a third where what was typed fits something else."""
    place = place_piece(hit)
    home = _("household of {name}").format(name=hit.head_name) if hit.head_name else ""
    words = " · ".join(part for part in (place.text, home) if part)
    below = Text(words, "soft", marks=place.marks)
    more = more_line(hit)
    return [[name_piece(hit), number_piece(hit)], [below], *([more] if more else [])]


def more_line(hit: Hit) -> Line:
    """What fits and does not stand in the other lines: telephone, lane, address, or a reason in words."""
    return [piece for mark in hit.marks if (piece := _more(hit, mark)) is not None]


def _more(hit: Hit, mark: Mark) -> Piece | None:
    if mark.field == "phone":
        head, text = _("telephone"), wording.phone(hit.phone)
    elif mark.field in ("lane", "address") and mark.end:
        head, text = "", mark.text
    elif mark.why in _NEAR:
        return Text(why_text(mark.why), "soft")
    else:
        return None
    start = len(head) + 1 if head else 0
    marks = tuple((start + begin, start + end) for begin, end in _within(spans(hit, mark.field), text))
    return Text(f"{head} {text}".strip(), "soft", marks=marks)


def _within(marks: Sequence[tuple[int, int]], text: str) -> tuple[tuple[int, int], ...]:
    return tuple((begin, end) for begin, end in marks if end <= len(text))


def none_found(typed: str, left_out: Sequence[Without]) -> tuple[str, str]:
    """What to say, and what to try, where nobody was found."""
    words = typed.split()
    if left_out:
        tries = [
            _("without “{word}”: {count} people").format(word=one.word, count=one.people) for one in left_out
        ]
        return _("Nobody fits all of this"), wording.units.sentences(tries)
    if typed.replace(" ", "").isdigit():
        return (
            _("No number ends in {typed}").format(typed=typed),
            _("Try the last four digits of the ID number or telephone, the household number, or the name."),
        )
    if len(words) > 1:
        return _("Nobody fits all of this"), _("Leave a word out, or write the name alone.")
    return (
        _("Nobody found for “{typed}”").format(typed=typed),
        _("Try the pinyin initials, fewer characters, another writing, or the end of the ID number."),
    )
