"""What the people of one household are called where each has a button or a field of their own."""

from collections import Counter
from collections.abc import Iterable

from gui.i18n import _
from storage.policy import mask
from storage.queries.people import Person


def called(people: Iterable[Person]) -> dict[str, str]:
    """Record → name; two of one name also by what no mask hides of their numbers, else by their place."""
    known = [(person, mask.id_number(person.id_number).rpartition("*")[2]) for person in people]
    names = Counter(person.name for person, _end in known)
    ends = Counter((person.name, end) for person, end in known)
    found = {}
    for number, (person, end) in enumerate(known, 1):
        apart = end if end and ends[person.name, end] == 1 else f"({number})"
        parts = [person.name or _("no name"), *([apart] if names[person.name] > 1 else [])]
        found[person.record] = " ".join(parts)
    return found
