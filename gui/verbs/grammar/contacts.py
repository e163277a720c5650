"""The telephone directory."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("contacts list", _("list the telephone directory"), _listed, "contacts:listed"),
        Verb("contacts add", _("write an entry of the directory"), _add, "contacts:add"),
        Verb("contacts import", _("take over a directory from a spreadsheet"), _take, "contacts:take"),
        Verb("contacts remove", _("take an entry out of the directory"), _remove, "contacts:remove"),
        Verb("contacts write", _("write the directory as xlsx, csv or PDF"), _write, "contacts:write"),
    ]


def _listed(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    shared.village(parser)


def _add(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--unit", required=True, metavar=_("NAME"), help=_("village, office or department"))
    parser.add_argument(
        "--kind", choices=("office", "department", "village", "other"), default="other", help=_("what it is")
    )
    parser.add_argument("--code", default="", metavar=_("CODE"), help=_("division code, 12 digits"))
    parser.add_argument("--name", default="", metavar=_("NAME"), help=_("whom to ask for"))
    parser.add_argument("--post", default="", metavar=_("TEXT"), help=_("their duty"))
    parser.add_argument("--phone", required=True, metavar="N", help=_("telephone, several with / between"))
    parser.add_argument("--note", default="", metavar=_("TEXT"), help=_("remark"))
    _share(parser)
    parser.add_argument("--id", default="", metavar="ID", help=_("write over this entry of the list"))


def _take(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "file", type=Path, metavar=_("FILE"), help=_("any spreadsheet with unit and telephone")
    )
    _share(parser)
    parser.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))


def _share(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--share", action="store_true", help=_("offices and departments also go to the villages")
    )


def _remove(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--id", required=True, metavar="ID", help=_("the entry, as listed"))


def _write(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar=_("FILE"), help=_("where to write it")
    )
