"""Making ledgers, the example, the window."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("office create", _("make a township office's ledger"), _office_create, "office:create"),
        Verb("kit", _("make a village's kit from the office's ledger"), _kit, "office:kit"),
        Verb(
            "colleague", _("make a kit for one more computer of this office"), _colleague, "devices:colleague"
        ),
        Verb("village create", _("make a village's ledger"), _village_create, "office:create_village"),
        Verb("demo", _("make a township with three villages of invented people"), _demo, "trial:demo"),
        Verb("selftest", _("do the main job in a temporary folder"), _nothing, "selftest:selftest"),
        Verb("start-time", _("how long the window takes to stand there"), _nothing, "starting:measure"),
        Verb("shots", _("draw every page into a folder"), _shots, "trial:shots"),
        Verb("manual", _("read the help, or write it as a PDF"), _manual, "manual:manual"),
        Verb(
            "licences", _("what the program is made of and under which licences"), _nothing, "about:licences"
        ),
        Verb("window", _("open the window"), _window, "window:open_window"),
        Verb(
            "desktop add",
            _("put the program in this user's menu, its files open with it"),
            _nothing,
            "desktop:enter",
        ),
        Verb("desktop remove", _("take it out of the menu again"), _nothing, "desktop:leave"),
    ]


def _place(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--code", required=required, metavar=_("CODE"), help=_("division code, 12 digits"))
    parser.add_argument("--name", required=required, metavar=_("NAME"), help=_("its name, free text"))
    parser.add_argument(
        "--policy", default="", metavar=_("POLICY"), help=_("policy, chosen by place and date if left out")
    )


def _office_create(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "--kit", type=Path, metavar=_("FILE"), help=_("the kit of the banner's office, or a colleague's")
    )
    _place(parser, required=False)


def _village_create(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--kit", type=Path, metavar=_("FILE"), help=_("the kit of the township office"))
    _place(parser, required=False)


def _kit(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--village", required=True, metavar=_("CODE"), help=_("division code, 12 digits"))
    parser.add_argument("--name", required=True, metavar=_("NAME"), help=_("its name, free text"))
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="K", help=_("the kit to write (.hqk)")
    )
    parser.add_argument(
        "--policy", default="", metavar=_("POLICY"), help=_("policy, the office's if left out")
    )


def _colleague(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="K", help=_("the kit to write (.hqk)")
    )


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar=_("DIR"), help=_("where to make it"))
    parser.add_argument("--headless", action="store_true", help=_("make all, open no window"))


def _shots(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar=_("DIR"), help=_("where to put the pictures"))
    looks = ("100", "150", "large", "dark", "contrast")
    parser.add_argument(
        "--look", action="append", default=[], choices=looks, help=_("in this look alone; may be repeated")
    )
    parser.add_argument(
        "--pages", choices=("help", "docs"), help=_("only the pictures of the help (zh/, en/) or the README")
    )


def _manual(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="?", default="", metavar=_("TOPIC"), help=_("the page to read"))
    parser.add_argument("--find", default="", metavar=_("TEXT"), help=_("only pages that speak of this"))
    parser.add_argument("--pdf", type=Path, metavar="X.pdf", help=_("write the manual as a PDF"))
    parser.add_argument(
        "--for", dest="role", choices=("village", "office"), default="village", help=_("whose manual")
    )


def _window(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="L", help=_("the ledger's folder, or a file to begin with")
    )


def _nothing(parser: argparse.ArgumentParser) -> None:
    """A verb without arguments."""
