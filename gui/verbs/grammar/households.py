"""A household at once: paid, reached, visited; who is its head, who moves, who parts."""

import argparse

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb
from storage.codes import OUTCOMES, RELATIONS


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("household paid", _("one payment for everybody who owes"), _paid, "households:paid"),
        Verb("household phone", _("one phone number for a household"), _phone, "households:phone"),
        Verb("household visit", _("record a visit to a household"), _visit, "households:visit"),
        Verb("household head", _("make somebody the head of their household"), _head, "households:head"),
        Verb("household move", _("move people into another household"), _move, "households:move"),
        Verb("household split", _("let people be a household of their own"), _split, "households:split"),
    ]


def _home(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("household", metavar="H", help=_("household number, or its head's name"))


def _rows(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    parser.add_argument(
        *("--row",),
        action="append",
        type=int,
        default=[],
        required=required,
        metavar="R",
        help=_("person in the household, from 1; may be repeated"),
    )


def _paid(parser: argparse.ArgumentParser) -> None:
    _home(parser)
    _rows(parser)
    parser.add_argument("--sum", metavar=_("YUAN"), help=_("the sum paid; it must be what they owe"))
    parser.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))
    parser.add_argument("--channel", default="", metavar="C", help=_("code or name of the channel"))
    parser.add_argument("--receipt", default="", metavar="R", help=_("receipt number"))
    parser.add_argument("--payer", default="", metavar="P", help=_("who paid"))
    parser.add_argument("--advanced-by", default="", metavar="A", help=_("who laid the money out"))


def _phone(parser: argparse.ArgumentParser) -> None:
    _home(parser)
    parser.add_argument("number", metavar=_("NUMBER"), help=_("the phone number"))
    _rows(parser)


def _visit(parser: argparse.ArgumentParser) -> None:
    _home(parser)
    parser.add_argument("outcome", choices=OUTCOMES, help=_("what came of it"))
    parser.add_argument(
        "--each",
        action="append",
        default=[],
        metavar="R=OUTCOME",
        help=_("with this person (from 1) it went otherwise: 2=absent; may be repeated"),
    )
    parser.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))
    parser.add_argument("--retry-on", metavar=_("DATE"), help=_("when to come again"))
    parser.add_argument("--note", default="", metavar=_("TEXT"), help=_("remark"))


def _head(parser: argparse.ArgumentParser) -> None:
    _home(parser)
    parser.add_argument("row", type=int, metavar="R", help=_("person in the household, from 1"))


def _move(parser: argparse.ArgumentParser) -> None:
    _home(parser)
    _rows(parser, required=True)
    parser.add_argument("--to", required=True, metavar="H", help=_("the household they move into"))
    parser.add_argument(
        "--relation", choices=tuple(RELATIONS), required=True, help=_("what they are to the head there")
    )


def _split(parser: argparse.ArgumentParser) -> None:
    _home(parser)
    _rows(parser, required=True)
    parser.add_argument("--number", default="", metavar="N", help=_("the number of the new household"))
    parser.add_argument("--group", default="", metavar="G", help=_("its village group; the same if left out"))
    parser.add_argument("--address", default="", metavar=_("TEXT"), help=_("where it is"))
