"""Bulletins: issued, shown, counted again, corrected, written as files."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("bulletin make", _("issue the next bulletin, frozen as it stands"), _make, "bulletins:make"),
        Verb("bulletin list", _("list the bulletins that were issued"), _list, "bulletins:listed"),
        Verb(
            "bulletin show",
            _("show an issue, or where one village's numbers came from"),
            _show,
            "bulletins:show",
        ),
        Verb(
            "bulletin recount",
            _("count an issue again from the entries it counted"),
            _recount,
            "bulletins:recount",
        ),
        Verb(
            "bulletin correct",
            _("issue a correction that says what changed and why"),
            _correct,
            "bulletins:correct",
        ),
        Verb(
            "bulletin export", _("write an issue as xlsx, csv, PDF or pictures"), _export, "bulletins:export"
        ),
    ]


def _denominator(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--denominator",
        default="",
        metavar=_("CODE"),
        help=_("which rate it ranks by; the policy's if left out"),
    )


def _make(parser: argparse.ArgumentParser) -> None:
    shared.ledger_as_of(parser)
    _denominator(parser)


def _scope(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--of",
        default="",
        metavar=_("CODE"),
        help=_("of which office, on a banner's ledger; the own one if left out"),
    )


def _list(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    _scope(parser)


def _issue(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("number", metavar="N", help=_("number of the issue"))
    _scope(parser)


def _show(parser: argparse.ArgumentParser) -> None:
    _issue(parser)
    shared.village(parser)


def _recount(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("number", nargs="?", metavar="N", help=_("number of the issue; all if left out"))
    _scope(parser)


def _correct(parser: argparse.ArgumentParser) -> None:
    _issue(parser)
    parser.add_argument("--why", required=True, metavar=_("TEXT"), help=_("why it is corrected"))
    _denominator(parser)


def _export(parser: argparse.ArgumentParser) -> None:
    _issue(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar=_("FILE"), help=_("xlsx, csv, pdf or png")
    )
    parser.add_argument(
        "--form", default="bulletin", metavar=_("FORM"), help=_("the form whose columns a table has")
    )
    parser.add_argument("--townships", action="store_true", help=_("a banner's table by township"))
