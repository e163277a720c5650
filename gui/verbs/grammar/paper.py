"""Lists and papers that are printed, and what came back of them."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb

WAYS = ("see", "call", "remind", "check")
"""The ways of today that can be typed."""


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("today", _("list whom to see, call or remind today, and why"), _today, "dayplan:today"),
        Verb("plan", _("plan which doors to walk to today, and print them"), _plan, "dayplan:plan"),
        Verb("visit-list", _("print whom to visit"), _visit_list, "lists:visit_list"),
        Verb("paper", _("print notices, slips, confirmations and receipts"), _paper, "papers:paper"),
        Verb(
            "reminder", _("word a reminder for a chat, or make its picture"), _reminder, "reminders:reminder"
        ),
        Verb(
            "papers", _("list the printed lists, and which rows did not come back"), _papers, "returns:papers"
        ),
        Verb("returned", _("enter a row of a printed list that came back"), _returned, "returns:returned"),
        Verb("list", _("write a list the village owes its township"), _list, "lists:owed"),
    ]


def _visit_list(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="X.pdf", help=_("X.pdf or X.xlsx"))
    parser.add_argument("--unpaid", action="store_true", help=_("people who have not paid"))
    parser.add_argument(
        "--no-credential", action="store_true", help=_("people without an active e-credential")
    )
    parser.add_argument("--needs-help", action="store_true", help=_("people who cannot pay alone"))
    parser.add_argument("--special", action="store_true", help=_("special groups who have not paid"))
    parser.add_argument(
        "--worklist", choices=shared.WORKLISTS, help=_("only who stands on this list of targets")
    )
    _places(parser)
    _sheet(parser)


def _today(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--way", choices=WAYS, default="", help=_("only what is done by this way"))
    shared.village(parser)


def _plan(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="X.pdf", help=_("print it: X.pdf or X.xlsx"))
    parser.add_argument("--doors", type=int, metavar="N", help=_("how many doors at most"))
    parser.add_argument(
        "--add", action="append", default=[], metavar="H", help=_("take this household in, by its number")
    )
    parser.add_argument(
        "--drop", action="append", default=[], metavar="H", help=_("leave this household out, by its number")
    )
    _places(parser)
    _sheet(parser)


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--group", action="append", default=[], metavar="G", help=_("village group; may be repeated")
    )
    parser.add_argument("--lane", action="append", default=[], metavar="X", help=_("lane; may be repeated"))


def _sheet(parser: argparse.ArgumentParser) -> None:
    """How a visit list is printed."""
    parser.add_argument("--full-ids", action="store_true", help=_("print full ID numbers; this is logged"))
    parser.add_argument(
        "--phones", action="store_true", help=_("phones in full, for the helper who calls; this is logged")
    )
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )
    shared.village(parser)


def _reminder(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "which", nargs="?", default="", metavar=_("REMINDER"), help=_("which reminder; none lists them")
    )
    parser.add_argument(
        "--household", default="", metavar="H", help=_("household number, or its head's name")
    )
    parser.add_argument("--group", default="", metavar="G", help=_("village group"))
    parser.add_argument(
        "-o", "--out", type=Path, metavar="X.png", help=_("its picture, with the code to pay by")
    )


def _list(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("which", choices=("new", "cannot-pay"), help=_("which list"))
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="X.xlsx", help=_("the file to write")
    )
    parser.add_argument("--full-ids", action="store_true", help=_("write full ID numbers; this is logged"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )
    shared.village(parser)


def _paper(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "which", nargs="?", default="", metavar=_("PAPER"), help=_("which paper; none lists them")
    )
    parser.add_argument("-o", "--out", type=Path, metavar=_("FILE"), help=_("the PDF to write"))
    parser.add_argument(
        "--household", default="", metavar="H", help=_("household number, or its head's name")
    )
    parser.add_argument("--full-ids", action="store_true", help=_("print full ID numbers; this is logged"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )


def _papers(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    _which_list(parser)
    parser.add_argument("--close", metavar=_("WHY"), help=_("the rest does not come back, and why"))
    parser.add_argument("--reopen", action="store_true", help=_("the rest comes back after all"))


def _which_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", metavar="N", help=_("number of the list, or the code printed on it"))
    parser.add_argument("--picture", type=Path, metavar=_("FILE"), help=_("a photograph of the sheet"))


def _returned(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    _which_list(parser)
    parser.add_argument("--row", type=int, metavar="R", help=_("row on the list; the code's if left out"))
    what = parser.add_argument_group(_("what is ticked"))
    what.add_argument("--paid", action="store_true", help=_("paid what is due"))
    what.add_argument("--credential", action="store_true", help=_("e-credential activated"))
    what.add_argument("--help-needed", default="", metavar=_("REASON"), help=_("cannot pay alone, and why"))
    what.add_argument("--refused", action="store_true", help=_("does not want to be insured"))
    what.add_argument("--absent", action="store_true", help=_("nobody was at home"))
    what.add_argument("--retry", metavar=_("DATE"), help=_("the day agreed to come again"))
    what.add_argument("--note", default="", metavar=_("TEXT"), help=_("remark"))
    what.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))
    what.add_argument("--channel", default="", metavar="C", help=_("code or name of the channel"))
    what.add_argument("--advanced-by", default="", metavar="A", help=_("who laid the money out"))
