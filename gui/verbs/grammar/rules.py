"""Policies and insurance years."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb(
            "year list", _("list the insurance years and where each stands"), shared.ledger, "years:listing"
        ),
        Verb("year preview", _("tell what opening a year carries over"), _year_open, "years:preview"),
        Verb(
            "year open",
            _("open a new year, or carry over what has come since"),
            _year_open,
            "years:open_year",
        ),
        Verb("year back", _("take back what was carried over into a year"), _year_back, "years:take_back"),
        Verb(
            "policy list", _("list the policies and the one in force"), _policy_list, "policies:list_policies"
        ),
        Verb("policy show", _("show all a policy says"), _policy_show, "policies:show"),
        Verb("policy check", _("say what is wrong with a policy file"), _policy_check, "policies:check"),
        Verb("policy export", _("write a policy as a file"), _policy_export, "policies:export"),
        Verb("policy draft", _("begin to change a policy, as the office"), _policy_draft, "policies:begin"),
        Verb("policy clone", _("take a policy over into another year"), _policy_clone, "policies:begin"),
        Verb("policy import", _("begin a draft from a file"), _policy_import, "policies:take"),
        Verb("policy set", _("put values in a draft"), _policy_set, "policies:put"),
        Verb("policy diff", _("say what a draft changes"), _policy, "policies:differences"),
        Verb("policy discard", _("throw a draft away"), _policy, "policies:discard"),
        Verb(
            "policy publish",
            _("publish a policy to the villages"),
            _policy_publish,
            "policies:publish_policy",
        ),
    ]


def _policy_publish(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("file", nargs="?", type=Path, metavar=_("FILE"), help=_("the policy (TOML)"))
    parser.add_argument("--draft", default="", metavar=_("POLICY"), help=_("a draft instead of a file"))
    parser.add_argument(
        "--village",
        action="append",
        default=[],
        metavar=_("CODE"),
        help=_("only this village; may be repeated"),
    )


def _policy(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("policy", metavar=_("POLICY"), help=_("a policy's name, as listed"))


def _policy_show(parser: argparse.ArgumentParser) -> None:
    _policy(parser)
    parser.add_argument("--version", type=int, metavar="N", help=_("as it was in this version"))
    parser.add_argument("--draft", action="store_true", help=_("as it is being written"))


def _policy_export(parser: argparse.ArgumentParser) -> None:
    _policy_show(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar=_("FILE"), help=_("the file to write (TOML)")
    )


def _policy_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("the policy (TOML)"))


def _policy_draft(parser: argparse.ArgumentParser) -> None:
    _policy(parser)
    parser.set_defaults(year=None)


def _policy_clone(parser: argparse.ArgumentParser) -> None:
    _policy(parser)
    parser.add_argument("--year", required=True, type=int, metavar=_("YEAR"), help=_("the insurance year"))


def _policy_import(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("file", type=Path, metavar=_("FILE"), help=_("the policy (TOML)"))


def _policy_set(parser: argparse.ArgumentParser) -> None:
    _policy(parser)
    parser.add_argument(
        "values",
        nargs="+",
        metavar="PATH=VALUE",
        help=_("such as personal_fen=40000 or groups.dibao.share=0.5; nothing after = takes it away"),
    )


def _policy_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar="L", help=_("the ledger's folder"))


def _year_open(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "policy",
        nargs="?",
        default="",
        metavar=_("POLICY"),
        help=_("the new year's policy, as listed; the one in force if left out"),
    )


def _year_back(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("year", type=int, metavar=_("YEAR"), help=_("the insurance year"))
