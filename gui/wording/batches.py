"""What was handed out, in words."""

from collections.abc import Sequence
from datetime import date

from gui import wording
from gui.i18n import _
from gui.wording import units
from storage.queries.batches import Batch


def sorts() -> dict[str, str]:
    """What it may be → its name."""
    return {
        "worksheet": _("Working sheet"),
        "visit_list": _("Visit list"),
        "form": _("Form"),
        "paper": _("Paper"),
        "other": _("Something else"),
    }


def title(one: Batch) -> str:
    """What it is: "Visit list 3: unpaid"."""
    name = sorts().get(one.handed.sort, one.handed.sort)
    number = f" {one.number}" if one.number else ""
    return f"{name}{number}" + (_(": {title}").format(title=one.handed.title) if one.handed.title else "")


def state(one: Batch) -> str:
    """How far it is."""
    return {
        "out": _("nothing back yet"),
        "part": _("partly back"),
        "back": _("all back"),
        "closed": _("taken back"),
    }[one.state]


def age(one: Batch, today: date) -> str:
    """Since when it is out, and how late it is."""
    days = one.age(today)
    since = _("out for {days} days").format(days=days) if days > 0 else _("since today")
    late = one.late(today)
    return units.listed([since, _("{days} days late").format(days=late) if late else ""])


def holder(one: Batch) -> str:
    """Who has it, with the telephone; the village where nobody is named."""
    return " ".join(filter(None, (one.holder, one.phone))) or _("contact of {place}").format(place=one.place)


def reminder(owing: Sequence[Batch], today: date) -> str:
    """The list of those who owe, to be sent or read out: places, what, how many people, since when. No names of people
    who are insured, only of those who have it."""
    lines = [_("Not returned by {day}:").format(day=units.full_day(today))]
    for number, one in enumerate(owing, 1):
        due = _("due {day}").format(day=wording.short_day(one.handed.due, today)) if one.handed.due else ""
        counts = _("{out} of {people} people not back").format(
            out=units.number(one.out), people=units.number(one.handed.people)
        )
        words = units.listed([title(one), counts, age(one, today), due, one.holder])
        lines.append(f"{number}. {one.place}{_(': {title}').format(title=words)}")
    return "\n".join(lines)
