"""What can be typed: verbs, their arguments and help. Nothing here loads what a verb works with."""

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from gui.i18n import _
from gui.verbs.grammar import (
    board,
    bulletins,
    contacts,
    exchange,
    households,
    keeping,
    lists,
    making,
    money,
    paper,
    people,
    rules,
)
from gui.verbs.grammar.shared import Verb
from storage.version import VERSION

_THEMES = (
    making,
    lists,
    people,
    households,
    board,
    bulletins,
    paper,
    rules,
    money,
    exchange,
    contacts,
    keeping,
)
"""In the order of the help."""


def names() -> frozenset[str]:
    """The first words of all verbs."""
    return frozenset(verb.name.split()[0] for verb in _verbs())


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and where help is."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {message}\n")


def _speak(words: dict[str, str]) -> None:
    """Let argparse speak our language: it asks its own ``_``, which knows no catalogue of ours."""
    argparse._ = lambda message: words.get(message, message)  # type: ignore[attr-defined]


def _argparse_words() -> dict[str, str]:
    return {
        "usage: ": _("usage: "),
        "options": _("options"),
        "positional arguments": _("arguments"),
        "show this help message and exit": _("show this help and end"),
        "argument %(argument_name)s: %(message)s": _("argument %(argument_name)s: %(message)s"),
        "expected one argument": _("a value is missing"),
        "expected at least one argument": _("at least one is needed"),
        "invalid %(type)s value: %(value)r": _("%(value)r is not of the type %(type)s"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("%(value)r is not one of %(choices)s"),
        "the following arguments are required: %s": _("these are missing: %s"),
        "unrecognized arguments: %s": _("these are not understood: %s"),
    }


def build() -> argparse.ArgumentParser:
    """The whole command line."""
    _speak(_argparse_words())
    common = _common(with_defaults=False)
    parser = _Parser(
        prog="huqing",
        description=_("Village medical insurance, offline. Without a verb the window opens."),
        epilog=_(
            "Exit code: 0 done, 2 wrong use, 3 refused input. Passphrase: HUQING_PASSPHRASE or a prompt."
        ),
        parents=[_common(with_defaults=True)],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=VERSION, help=_("say which version this is"))
    parser.set_defaults(where="window:open_window", folder=None)
    verbs = parser.add_subparsers(metavar=_("VERB"), title=_("verbs"), parser_class=_Parser)
    nested: dict[str, argparse._SubParsersAction] = {}
    for verb in _verbs():
        first, _space, second = verb.name.partition(" ")
        inside = verbs
        if second:
            if first not in nested:
                noun = verbs.add_parser(first, help=verb.help, allow_abbrev=False)
                nested[first] = noun.add_subparsers(metavar=_("VERB"), required=True, parser_class=_Parser)
            inside = nested[first]
        one = inside.add_parser(
            second or first, help=verb.help, description=verb.help, parents=[common], allow_abbrev=False
        )
        one.set_defaults(where=verb.where)
        verb.fill(one)
    return parser


def _common(*, with_defaults: bool) -> _Parser:
    """Options every verb takes, before it or after; after it only what is given counts."""
    parser = _Parser(add_help=False, argument_default=None if with_defaults else argparse.SUPPRESS)
    group = parser.add_argument_group(_("everywhere"))
    group.add_argument("--json", action="store_true", help=_("give the result as JSON"))
    group.add_argument("--operator", metavar=_("NAME"), help=_("who enters this"))
    group.add_argument("--today", metavar=_("DATE"), help=_("the business date, like 2025-12-03"))
    group.add_argument(
        "--insured-year",
        type=int,
        metavar=_("YEAR"),
        help=_("look at this insurance year; the one in force if left out"),
    )
    group.add_argument(
        "--data-dir", type=Path, metavar=_("DIR"), help=_("where this computer keeps its own data")
    )
    group.add_argument("--language", choices=("zh", "en"), help=_("zh (default) or en"))
    group.add_argument(
        "--passphrase-file", type=Path, metavar=_("FILE"), help=_("its first line is the passphrase")
    )
    if with_defaults:
        parser.set_defaults(json=False)
    return parser


# ---- money


def _verbs() -> list[Verb]:
    return [verb for theme in _THEMES for verb in theme.verbs()]
