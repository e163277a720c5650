"""Who can open a ledger, backups, the law, what went out."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("exports", _("list what left the ledger, who made it and why"), _exports, "went_out:log"),
        Verb("check", _("check the ledger through and through"), shared.ledger, "backups:check"),
        Verb("backup", _("take a backup now"), shared.ledger, "backups:backup"),
        Verb("backups", _("list the backups"), shared.ledger, "backups:backups"),
        Verb(
            "restore",
            _("put a backup in the ledger's place, keeping the present one"),
            _restore,
            "backups:restore",
        ),
        Verb("operator list", _("list who works on the ledger"), shared.ledger, "keys:listed"),
        Verb("operator add", _("let somebody work on the ledger"), _operator_add, "keys:add"),
        Verb("operator remove", _("take somebody's access away"), _operator, "keys:remove"),
        Verb("operator roles", _("say what somebody may do"), _operator_roles, "keys:set_roles"),
        Verb("passphrase", _("change one's own passphrase"), _passphrase, "keys:passphrase"),
        Verb(
            "help-file",
            _("ask the office for help with a forgotten passphrase"),
            _help_file,
            "keys:help_file",
        ),
        Verb("help-answer", _("answer a help file, as the office"), _help_answer, "keys:help_answer"),
        Verb("help-open", _("open the office's answer"), _help_open, "keys:help_open"),
        Verb("recover", _("open a ledger by its printed recovery sheet"), _recover, "keys:recover"),
        Verb("recovery-key", _("keep the office's recovery key offline"), _recovery_key, "keys:recovery_key"),
        Verb(
            "recovery-sheet",
            _("print a key that opens the ledger, or revoke it"),
            _recovery_sheet,
            "keys:recovery_sheet",
        ),
        Verb("erase", _("erase a person on request"), _erase, "law:erase"),
        Verb("retention", _("list what has been kept long enough"), _retention, "law:kept"),
    ]


def _new_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--new-passphrase-file",
        type=Path,
        metavar=_("FILE"),
        help=_("its first line is the new passphrase (or HUQING_NEW_PASSPHRASE)"),
    )


def _key_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key-passphrase-file",
        type=Path,
        metavar=_("FILE"),
        help=_("its first line is the recovery key's passphrase (or HUQING_KEY_PASSPHRASE)"),
    )


def _operator(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("name", metavar=_("NAME"), help=_("the operator's name"))


def _operator_add(parser: argparse.ArgumentParser) -> None:
    _operator(parser)
    parser.add_argument(
        "--roles", default="record,exchange", metavar=_("ROLES"), help=_("of record, exchange, keys")
    )
    _new_passphrase(parser)


def _operator_roles(parser: argparse.ArgumentParser) -> None:
    _operator(parser)
    parser.add_argument("roles", metavar=_("ROLES"), help=_("of record, exchange, keys"))


def _passphrase(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    _new_passphrase(parser)


def _help_file(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="F.hqh", help=_("the help file to write")
    )
    _new_passphrase(parser)


def _help_answer(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("file", type=Path, metavar="F.hqh", help=_("the village's help file"))
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="A.hqa", help=_("the answer to write")
    )
    parser.add_argument("--code", default="", metavar=_("DIGITS"), help=_("the code heard on the telephone"))
    parser.add_argument(
        "--recovery-key", type=Path, metavar=_("FILE"), help=_("the recovery key, where it is kept offline")
    )
    _key_passphrase(parser)


def _help_open(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("file", type=Path, metavar="A.hqa", help=_("the office's answer"))
    _new_passphrase(parser)


def _recover(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--sheet", type=Path, metavar=_("FILE"), help=_("the sheet's file (.txt or .pdf)"))
    parser.add_argument("--code", metavar=_("TEXT"), help=_("the six lines of the sheet, or its square code"))
    _new_passphrase(parser)


def _recovery_key(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "--move-out", required=True, type=Path, metavar=_("FILE"), help=_("the file it is moved into")
    )
    _key_passphrase(parser)


def _recovery_sheet(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="X.pdf", help=_("X.pdf or X.txt"))
    parser.add_argument(
        "--revoke", action="store_true", help=_("let no sheet printed so far open the ledger")
    )


def _restore(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("backup", metavar=_("BACKUP"), help=_("its name in the list, or its folder"))
    parser.add_argument(
        "--keys-only", action="store_true", help=_("put back the key file only, keep all entries")
    )


def _erase(parser: argparse.ArgumentParser) -> None:
    shared.somebody(parser)
    parser.add_argument("--reason", default="", metavar=_("TEXT"), help=_("why; it must not name the person"))
    parser.add_argument("--really", action="store_true", help=_("do it: it cannot be taken back"))


def _retention(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "--expire", action="store_true", help=_("give up the backups and log lines that are due")
    )


def _exports(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--most", type=int, metavar="N", help=_("only the newest N"))
