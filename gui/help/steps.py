"""What the tour shows: the day of a village, and that of an office."""

from collections.abc import Sequence

from gui.help import places
from gui.help.tour import Step
from gui.i18n import _
from storage.kinds import OFFICE

_FINDING = Step(
    "",
    places.search,
    lambda: _("One box finds everybody"),
    lambda: _(
        "Press / and type a name, pinyin initials, the end of an ID number or telephone, or a household number."
    ),
)

VILLAGE_STEPS: Sequence[Step] = (
    Step(
        "today",
        places.numbers,
        lambda: _("Where the village stands"),
        lambda: _("Each of these numbers is a door: press it, and its people stand there."),
    ),
    Step(
        "today",
        places.table,
        lambda: _("Whom to see first"),
        lambda: _(
            "The most pressing households stand at the top, with the reason and the last day. Arrow keys walk, "
            "Enter opens the household."
        ),
    ),
    _FINDING,
    Step(
        "households",
        places.people_and("3", "4", "5"),
        lambda: _("One key, one fact"),
        lambda: _(
            "Choose somebody and press 1 for a payment, 2 for the e-credential. The key stands on every button; "
            "Ctrl+Z takes the last one back. Nothing has to be saved."
        ),
    ),
    Step(
        "visits",
        places.keys("P", "G"),
        lambda: _("A list to take along"),
        lambda: _(
            "Print whom to visit, in walking order. Back home you enter what was ticked by the numbers of the rows."
        ),
    ),
    Step(
        "",
        places.entries("pending", "exchange"),
        lambda: _("What waits, and what goes out"),
        lambda: _(
            "Doubts are collected under “To settle”; nothing is guessed. With “Send and receive” the township gets "
            "its file, by WeChat or USB stick."
        ),
    ),
    Step(
        "",
        places.help_button,
        lambda: _("Help is one key away"),
        lambda: _("F1 explains the page you are on; from there this tour can be taken again."),
    ),
)

OFFICE_STEPS: Sequence[Step] = (
    Step(
        "villages",
        places.table,
        lambda: _("Who is behind"),
        lambda: _("Every village with its rate and the day of its last file. Enter opens its people."),
    ),
    Step(
        "devices",
        places.keys("N"),
        lambda: _("Kits for the villages"),
        lambda: _(
            "Each village gets one small file to begin with. From then on its files come in by themselves."
        ),
    ),
    Step(
        "exchange",
        places.keys("T"),
        lambda: _("Files from the villages"),
        lambda: _(
            "Receive all of them at once, in any order, twice if need be: nothing is counted twice or overwritten."
        ),
    ),
    Step(
        "intake",
        places.keys("I", "M"),
        lambda: _("Lists of the departments"),
        lambda: _(
            "Civil affairs, tax, schools: look first, then write. A whole list can be taken back at any time."
        ),
    ),
    _FINDING,
    Step(
        "",
        places.help_button,
        lambda: _("Help is one key away"),
        lambda: _("F1 explains the page you are on; from there this tour can be taken again."),
    ),
)


def steps_for(role: str) -> Sequence[Step]:
    """The steps for a ledger of this role."""
    return OFFICE_STEPS if role == OFFICE else VILLAGE_STEPS
