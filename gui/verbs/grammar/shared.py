"""What a verb is, and arguments several of them take."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gui.i18n import _

WORKLISTS = ("missing", "special", "newborns", "students", "lapsed", "promised", "overdue")
"""The lists of targets that can be typed."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, what it does, its arguments, and where it is done (module under gui.verbs, function)."""

    name: str
    help: str
    fill: Callable[[argparse.ArgumentParser], None]
    where: str


def ledger(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="L", help=_("the ledger's folder"))


def village(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--village", default="", metavar=_("CODE"), help=_("which village, on an office's ledger")
    )


def somebody(parser: argparse.ArgumentParser) -> None:
    ledger(parser)
    who = parser.add_argument_group(_("who"))
    who.add_argument("--id-number", default="", metavar="N", help=_("ID number"))
    who.add_argument("--name", default="", metavar=_("NAME"), help=_("name, with --village"))
    who.add_argument(
        "--village", default="", metavar=_("CODE"), help=_("the village the person is looked for in")
    )


def as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        default="",
        metavar=_("MOMENT"),
        help=_("as the ledger stood: 2025-11-15, 2025-11-15T17:30, or bulletin:3"),
    )


def ledger_as_of(parser: argparse.ArgumentParser) -> None:
    ledger(parser)
    as_of(parser)
