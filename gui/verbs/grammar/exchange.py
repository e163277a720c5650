"""Files between offices and villages, devices, conflicts, people who move."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("send", _("write the bundle to hand over"), _send, "exchange:send"),
        Verb("upward", _("tell or choose what the office above gets"), _upward, "upward:upward"),
        Verb("statements", _("list the townships that sent numbers alone"), shared.ledger, "upward:received"),
        Verb("receive", _("take in bundles"), _receive, "receive:receive"),
        Verb("received", _("list what was received, or open one receiving"), _received, "receive:opened"),
        Verb("folder", _("exchange through a replicated folder"), _folder, "devices:through_folder"),
        Verb("devices", _("list devices, codes to compare and kits"), shared.ledger, "devices:devices_list"),
        Verb("compare", _("note that a device's code was compared"), _compare, "devices:compare"),
        Verb("revoke", _("let a device's later entries count no more"), _revoke, "devices:revoke"),
        Verb("adopt", _("let count what a revoked device wrote later"), _device, "devices:adopt"),
        Verb("withdraw", _("withdraw a village's unused kits"), _withdraw, "devices:withdraw"),
        Verb("join", _("let a ledger that stands alone join an office"), _join, "devices:join"),
        Verb("former", _("acknowledge the key of this office's lost ledger"), _former, "devices:former"),
        Verb("conflicts", _("list what entries disagree about"), _conflicts, "conflicts:listed"),
        Verb("resolve", _("settle what entries disagree about"), _resolve, "conflicts:resolve"),
        Verb(
            "counting",
            _("list who is claimed by two villages or wrote too late"),
            shared.ledger,
            "moves:listed",
        ),
        Verb("move", _("let a person count in another village"), _move, "moves:move"),
        Verb("move-back", _("let a person count again where they came from"), _move_back, "moves:move_back"),
        Verb(
            "carry", _("bring over what a village wrote about somebody who had left"), _carry, "moves:carry"
        ),
    ]


def _send(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar=_("DIR"), help=_("where to write the bundle")
    )
    parser.add_argument("--whole", action="store_true", help=_("everything, also what was confirmed already"))
    parser.add_argument(
        "--upward",
        choices=("detail", "counts"),
        help=_("what the office above gets this time: entries, or numbers alone"),
    )


def _upward(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "disclosure",
        nargs="?",
        choices=("detail", "counts"),
        help=_("what the office above gets from now on: entries, or numbers alone"),
    )


def _receive(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar=_("FILE"), help=_("bundles (.hqb), or folders of them")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))
    _written_back(parser)


def _written_back(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--receipts", type=Path, metavar=_("DIR"), help=_("write each place's receipt into this folder")
    )
    parser.add_argument("--report", type=Path, metavar=_("FILE"), help=_("write the report: .xlsx or .pdf"))


def _received(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "number", nargs="?", type=int, metavar="N", help=_("which receiving; all are listed if left out")
    )
    parser.add_argument("--people", action="store_true", help=_("name the people about whom something came"))
    shared.village(parser)
    _written_back(parser)


def _device(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "device", metavar=_("DEVICE"), help=_("its short name from `devices`, or the code of its place")
    )


def _compare(parser: argparse.ArgumentParser) -> None:
    _device(parser)
    parser.add_argument(
        "--code", default="", metavar=_("DIGITS"), help=_("the twelve digits the other end read out")
    )


def _revoke(parser: argparse.ArgumentParser) -> None:
    _device(parser)
    parser.add_argument("--reason", required=True, metavar=_("REASON"), help=_("why"))


def _former(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("key", metavar=_("KEY"), help=_("the key the refusal named"))


def _withdraw(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--village", required=True, metavar=_("CODE"), help=_("division code, 12 digits"))


def _join(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "--kit", required=True, type=Path, metavar=_("FILE"), help=_("the kit of the township office")
    )


def _folder(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "directory",
        nargs="?",
        type=Path,
        metavar=_("DIR"),
        help=_("the folder; the one used last if left out"),
    )


def _conflicts(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    shared.village(parser)


def _resolve(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    which = parser.add_argument_group(_("which"))
    which.add_argument(
        "--id",
        action="append",
        default=[],
        metavar="N",
        help=_("name of a conflict as listed; may be repeated"),
    )
    which.add_argument("--all", action="store_true", help=_("all conflicts"))
    shared.village(parser)
    parser.add_argument(
        "--take",
        action="append",
        default=[],
        required=True,
        metavar=_("ANSWER"),
        help=_("village, office, newest, shown, two-people, or FIELD=VALUE (may be repeated)"),
    )
    parser.add_argument(
        "--number",
        choices=("shown", "other", "unknown"),
        default="unknown",
        help=_("of two people: who keeps the ID number both have"),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))


def _move(parser: argparse.ArgumentParser) -> None:
    shared.somebody(parser)
    parser.add_argument("--to", required=True, metavar=_("CODE"), help=_("the village the person counts in"))
    parser.add_argument(
        "--household",
        default="",
        metavar="H",
        help=_("household there, by number or head; one of their own if left out"),
    )
    parser.add_argument(
        "--relation", default="", metavar="R", help=_("relation to the head there, a code from 0 to 8")
    )
    _decided(parser)


def _move_back(parser: argparse.ArgumentParser) -> None:
    shared.somebody(parser)
    _decided(parser)


def _decided(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", metavar=_("DATE"), help=_("since when; today if left out"))
    parser.add_argument("--reason", default="", metavar=_("TEXT"), help=_("why"))


def _carry(parser: argparse.ArgumentParser) -> None:
    shared.somebody(parser)
    parser.add_argument("--leave", action="store_true", help=_("leave the late entries where they are"))
