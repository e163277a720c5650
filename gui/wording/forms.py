"""What is said about forms that go out: what is wrong with one, how ID numbers stand in it."""

import re
from collections.abc import Callable

from gui.i18n import _


def fault(text: str) -> str:
    """What is wrong with a form's file: a code of the program, or the words of its schema."""
    words = {
        "unknown_subject": _("there is nothing of that name to make rows of"),
        "unknown_selection": _("there is no selection of that name"),
        "no_columns": _("a form needs a column"),
        "too_many_columns": _("there are more than 100 columns"),
        "unknown_field": _("there is no field of that name"),
        "no_heading": _("the heading is missing"),
        "heading_twice": _("two columns have this heading"),
        "width": _("a width is 1 to 120 characters"),
        "no_sum": _("only whole numbers and amounts can be summed"),
        "unknown_id_format": _("there is no such way to write ID numbers"),
        "no_roles": _("it says for no ledger"),
        "not_masked": _("full numbers are asked for each time, a form cannot have them by itself"),
        "only_people": _("only a form about people can be for a system that reads it in"),
        "not_the_file_name": _("it is not the name of the file"),
    }
    return words.get(text) or _schema(text)


def _schema(text: str) -> str:
    """The schema's words, as far as they are known here."""
    known: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (
            r"Object contains unknown field `(.+)`",
            lambda found: _("“{name}” is not known").format(name=found[1]),
        ),
        (
            r"Object missing required field `(.+)`",
            lambda found: _("“{name}” is missing").format(name=found[1]),
        ),
        (
            r"Expected `(.+)`, got `(.+)`",
            lambda found: _("it must be {wanted}, not {found}").format(wanted=found[1], found=found[2]),
        ),
    ]
    for pattern, words in known:
        found = re.fullmatch(pattern, text)
        if found is not None:
            return words(found)
    return text


def id_formats() -> dict[str, str]:
    """The six ways to write ID numbers."""
    return {
        "full": _("Whole number"),
        "spaced": _("In groups of 6, 8, 4"),
        "quoted": _("Behind an apostrophe"),
        "masked": _("First 6 and last 4"),
        "last6": _("Last 6"),
        "last4": _("Last 4"),
    }
