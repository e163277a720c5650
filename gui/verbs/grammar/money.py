"""Refunds and laid-out money."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb

REFUND_STAGES = ("due", "applied", "received", "handed", "signed", "closed", "refused")
REFUND_STEPS = ("applied", "refused", "received", "handed", "signed")


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("money list", _("list refunds and laid-out money"), _money_list, "money:listed"),
        Verb("money totals", _("sum up refunds by department"), _money_totals, "money:totals"),
        Verb(
            "money rosters",
            _("write who gets money back, a roster for each village and department"),
            _money_rosters,
            "money:rosters",
        ),
        Verb("money apply", _("record that refunds were applied for"), _money_apply, "money:apply"),
        Verb("money refuse", _("record that refunds were refused"), _money_refuse, "money:refuse"),
        Verb(
            "money received",
            _("record a sum finance paid for a list of people"),
            _money_received,
            "money:received",
        ),
        Verb("money hand", _("record that refunds were handed over"), _money_hand, "money:hand"),
        Verb("money sign", _("record who signed for refunds"), _money_sign, "money:sign"),
        Verb("money settle", _("record that laid-out money came back"), _money_settle, "money:settle"),
        Verb("money undo", _("take a step of a refund back"), _money_undo, "money:undo"),
        Verb("money void", _("take a refund or a settlement back as a whole"), _money_void, "money:void"),
    ]


def _money(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    shared.village(parser)
    parser.add_argument(
        "--year", type=int, metavar=_("YEAR"), help=_("the insurance year; this one if left out")
    )


def _money_totals(parser: argparse.ArgumentParser) -> None:
    _money(parser)
    shared.as_of(parser)


def _money_rosters(parser: argparse.ArgumentParser) -> None:
    _money_totals(parser)
    parser.add_argument(
        "-o", "--out", type=Path, required=True, metavar=_("FILE"), help=_("xlsx, csv or pdf to write")
    )


def _money_list(parser: argparse.ArgumentParser) -> None:
    _money_totals(parser)
    parser.add_argument(
        "--stage", action="append", default=[], choices=REFUND_STAGES, help=_("only refunds that stand there")
    )
    parser.add_argument("--open", action="store_true", help=_("only where something is left to do"))


def _money_who(parser: argparse.ArgumentParser) -> None:
    _money(parser)
    parser.add_argument("items", nargs="*", metavar="ID", help=_("refunds by their names as listed"))
    parser.add_argument(
        "--id-number", action="append", default=[], metavar="N", help=_("ID number; may be repeated")
    )
    parser.add_argument("--all", action="store_true", help=_("all for whom this is the next step"))
    parser.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))


def _money_apply(parser: argparse.ArgumentParser) -> None:
    _money_who(parser)
    parser.add_argument("--by", default="", metavar=_("NAME"), help=_("who applied"))
    parser.add_argument("--paper", default="", metavar=_("TEXT"), help=_("what was handed in"))


def _money_refuse(parser: argparse.ArgumentParser) -> None:
    _money_who(parser)
    parser.add_argument("--why", required=True, metavar=_("TEXT"), help=_("why"))


def _money_received(parser: argparse.ArgumentParser) -> None:
    _money_who(parser)
    parser.add_argument("--total", required=True, metavar=_("YUAN"), help=_("the whole sum finance paid"))
    parser.add_argument("--batch", required=True, metavar=_("TEXT"), help=_("number of the batch or voucher"))
    parser.add_argument("--from", dest="source", default="", metavar=_("NAME"), help=_("who paid it"))
    parser.add_argument("--amount", metavar=_("YUAN"), help=_("of one person; what is due if left out"))


def _money_hand(parser: argparse.ArgumentParser) -> None:
    _money_who(parser)
    parser.add_argument("--to", default="", metavar=_("NAME"), help=_("who took it; the person if left out"))
    parser.add_argument("--by", default="", metavar=_("NAME"), help=_("who handed it over"))
    parser.add_argument("--how", default="", metavar=_("TEXT"), help=_("cash, transfer, card or other words"))
    parser.add_argument(
        "--advanced-by", default="", metavar=_("NAME"), help=_("who laid it out, before finance paid")
    )
    parser.add_argument("--amount", metavar=_("YUAN"), help=_("of one person; what came if left out"))
    parser.add_argument(
        "--repay", action="store_true", help=_("it goes to whoever laid the premium out, and settles that")
    )


def _money_sign(parser: argparse.ArgumentParser) -> None:
    _money_who(parser)
    parser.add_argument("--by", default="", metavar=_("NAME"), help=_("who signed; the person if left out"))
    parser.add_argument("--as", dest="signed_as", default="", metavar=_("TEXT"), help=_("signed as whom"))
    parser.add_argument("--paper", default="", metavar=_("TEXT"), help=_("on which paper"))


def _money_settle(parser: argparse.ArgumentParser) -> None:
    _money(parser)
    parser.add_argument("items", nargs="*", metavar="ID", help=_("laid-out money by its names as listed"))
    parser.add_argument("--lender", default="", metavar=_("NAME"), help=_("all that this person laid out"))
    parser.add_argument("--amount", metavar=_("YUAN"), help=_("of one; all that is open if left out"))
    parser.add_argument("--total", metavar=_("YUAN"), help=_("the whole sum, to be sure it adds up"))
    parser.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))
    parser.add_argument("--by", default="", metavar=_("NAME"), help=_("who gave it back"))
    parser.add_argument(
        "--to", default="", metavar=_("NAME"), help=_("who took it; who laid it out if left out")
    )
    parser.add_argument("--how", default="", metavar=_("TEXT"), help=_("cash, transfer, card or other words"))
    parser.add_argument("--note", default="", metavar=_("TEXT"), help=_("a remark"))


def _money_undo(parser: argparse.ArgumentParser) -> None:
    _money(parser)
    parser.add_argument("items", nargs="+", metavar="ID", help=_("refunds by their names as listed"))
    parser.add_argument(
        "--step", default="", choices=REFUND_STEPS, help=_("which step; the last if left out")
    )


def _money_void(parser: argparse.ArgumentParser) -> None:
    _money(parser)
    parser.add_argument(
        "item", metavar="ID", help=_("a refund, or a settlement of laid-out money, as listed")
    )
    parser.add_argument("--reason", required=True, metavar=_("TEXT"), help=_("why"))
