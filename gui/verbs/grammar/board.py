"""Charts of the board, and what was handed out to be filled in."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb

CHARTS = ("ranking", "lines", "groups")
SORTS = ("form", "paper", "other")


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("chart", _("draw the villages as bars or lines, as a PDF or a picture"), _chart, "charts:chart"),
        Verb("batches list", _("list what was handed out and who owes it"), _listed, "batches:listed"),
        Verb("batches hand", _("record that something was handed out"), _hand, "batches:hand"),
        Verb("batches hold", _("record who has it"), _hold, "batches:hold"),
        Verb("batches back", _("record for how many people it came back"), _back, "batches:back"),
        Verb("batches close", _("record that the rest is no longer expected"), _close, "batches:close"),
    ]


def _chart(parser: argparse.ArgumentParser) -> None:
    shared.ledger_as_of(parser)
    parser.add_argument("which", choices=CHARTS, help=_("ranking, lines or groups"))
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar=_("FILE"), help=_("the file to write: .pdf or .png")
    )
    parser.add_argument("--denominator", default="", metavar=_("CODE"), help=_("of which people the rate is"))


def _listed(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    shared.village(parser)
    parser.add_argument("--all", action="store_true", help=_("what came back or was taken back too"))
    parser.add_argument("--reminder", action="store_true", help=_("as a list to be sent to those who owe"))


def _hand(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    shared.village(parser)
    parser.add_argument("--title", required=True, metavar=_("TEXT"), help=_("what it is"))
    parser.add_argument("--sort", choices=SORTS, default="form", help=_("form, paper or other"))
    parser.add_argument("--people", required=True, type=int, metavar="N", help=_("how many people are on it"))
    parser.add_argument("--on", default="", metavar=_("DATE"), help=_("handed out on, today if left out"))
    parser.add_argument("--due", default="", metavar=_("DATE"), help=_("due back on"))
    _holder(parser)


def _holder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--holder", default="", metavar=_("NAME"), help=_("who has it"))
    parser.add_argument("--phone", default="", metavar=_("PHONE"), help=_("telephone of who has it"))


def _one(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("batch", metavar=_("BATCH"), help=_("its handle, as the list shows it"))


def _hold(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    _holder(parser)


def _back(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    parser.add_argument("--people", required=True, type=int, metavar="N", help=_("how many came back so far"))
    parser.add_argument("--on", default="", metavar=_("DATE"), help=_("came back on, today if left out"))
    parser.add_argument("--note", default="", metavar=_("TEXT"), help=_("a note"))


def _close(parser: argparse.ArgumentParser) -> None:
    _one(parser)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--why", default="", metavar=_("WHY"), help=_("why it is no longer expected"))
    group.add_argument("--reopen", action="store_true", help=_("it is expected again"))
