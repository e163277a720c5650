"""What can be typed: verbs, their arguments and help. Nothing here loads what a verb works with."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from gui.i18n import _

FACTS = ("paid", "credential", "assist", "not-insured", "new", "group", "void")
WAYS = ("self", "family", "helped")
WORKLISTS = ("missing", "special", "newborns", "students", "lapsed", "promised", "overdue")
REFUND_STAGES = ("due", "applied", "received", "handed", "signed", "closed", "refused")
REFUND_STEPS = ("applied", "refused", "received", "handed", "signed")
ID_FORMATS = ("full", "spaced", "quoted", "masked", "last6", "last4")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its name, what it does, its arguments, and where it is done (module under gui.verbs, function)."""

    name: str
    help: str
    fill: Callable[[argparse.ArgumentParser], None]
    where: str


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


def _ledger(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="L", help=_("the ledger's folder"))


def _place(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--code", required=required, metavar=_("CODE"), help=_("division code, 12 digits"))
    parser.add_argument("--name", required=required, metavar=_("NAME"), help=_("its name, free text"))
    parser.add_argument(
        "--policy", default="", metavar=_("POLICY"), help=_("policy, chosen by place and date if left out")
    )


def _village(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--village", default="", metavar=_("CODE"), help=_("which village, on an office's ledger")
    )


def _office_create(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--kit", type=Path, metavar=_("FILE"), help=_("the kit of the banner's office"))
    _place(parser, required=False)


def _village_create(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--kit", type=Path, metavar=_("FILE"), help=_("the kit of the township office"))
    _place(parser, required=False)


def _kit(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--village", required=True, metavar=_("CODE"), help=_("division code, 12 digits"))
    parser.add_argument("--name", required=True, metavar=_("NAME"), help=_("its name, free text"))
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="K", help=_("the kit to write (.hqk)")
    )
    parser.add_argument(
        "--policy", default="", metavar=_("POLICY"), help=_("policy, the office's if left out")
    )


def _intake(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("files", nargs="+", type=Path, metavar=_("FILE"), help=_("xlsx, xls or csv"))
    parser.add_argument("--kind", default="", metavar=_("KIND"), help=_("what list it is, such as roster"))
    parser.add_argument("--source", default="", metavar=_("DEPARTMENT"), help=_("whose list it is"))
    parser.add_argument("--year", type=int, metavar=_("YEAR"), help=_("for which insurance year"))
    parser.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="F.json",
        help=_("who rows mean and what words mean, by the keys of --json"),
    )
    parser.add_argument(
        "--accept-removals", action="store_true", help=_("take out everybody the list no longer names")
    )
    parser.add_argument(
        "--accept-corrections", action="store_true", help=_("take over all ID numbers the list has right")
    )
    parser.add_argument("--result", type=Path, metavar="OUT.xlsx", help=_("write what became of each row"))
    _village(parser)


def _lists(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--revert", type=int, metavar="N", help=_("take list number N back as a whole"))
    parser.add_argument("--dry-run", action="store_true", help=_("with --revert: only tell what would stay"))
    parser.add_argument("--rows", type=int, metavar="N", help=_("show the rows kept of list number N"))


def _words(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("word", nargs="?", metavar=_("WORD"), help=_("a word of lists, such as 农村低保"))
    parser.add_argument(
        "code", nargs="?", metavar=_("CODE"), help=_("what it means, a code as listed; - for nothing")
    )
    parser.add_argument(
        "--vocabulary", choices=("group", "channel"), default="group", help=_("group (default) or channel")
    )
    parser.add_argument("--forget", action="store_true", help=_("forget what was said of the word"))


def _record(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("fact", choices=FACTS, help=_("what to record"))
    who = parser.add_argument_group(_("who"))
    who.add_argument(
        "--id-number", action="append", default=[], metavar="N", help=_("ID number; may be repeated")
    )
    who.add_argument("--household", default="", metavar="H", help=_("household number, or its head's name"))
    who.add_argument(
        "--row", action="append", type=int, default=[], metavar="R", help=_("person in the household, from 1")
    )
    what = parser.add_argument_group(_("what"))
    what.add_argument("--amount", metavar=_("YUAN"), help=_("amount; what the policy asks if left out"))
    what.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))
    what.add_argument("--channel", default="", metavar="C", help=_("code or name of the channel"))
    what.add_argument("--receipt", default="", metavar="R", help=_("receipt number"))
    what.add_argument("--payer", default="", metavar="P", help=_("who paid"))
    what.add_argument("--advanced-by", default="", metavar="A", help=_("who laid the money out"))
    what.add_argument("--way", choices=WAYS, default="self", help=_("how the e-credential was activated"))
    what.add_argument(
        "--reason", default="", metavar=_("REASON"), help=_("code or name of the reason; to void: why")
    )
    what.add_argument("--group", default="", metavar="G", help=_("code or name of the subsidy group"))
    what.add_argument("--what", default="", metavar=_("TEXT"), help=_("which help is needed"))
    what.add_argument("--note", default="", metavar=_("TEXT"), help=_("remark"))
    what.add_argument("--withdraw", action="store_true", help=_("take the entry back"))


def _send(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar=_("DIR"), help=_("where to write the bundle")
    )
    parser.add_argument("--whole", action="store_true", help=_("everything, also what was confirmed already"))


def _receive(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar=_("FILE"), help=_("bundles (.hqb), or folders of them")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))


def _device(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
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
    _ledger(parser)
    parser.add_argument("key", metavar=_("KEY"), help=_("the key the refusal named"))


def _withdraw(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--village", required=True, metavar=_("CODE"), help=_("division code, 12 digits"))


def _join(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "--kit", required=True, type=Path, metavar=_("FILE"), help=_("the kit of the township office")
    )


def _folder(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "directory",
        nargs="?",
        type=Path,
        metavar=_("DIR"),
        help=_("the folder; the one used last if left out"),
    )


def _visit_list(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("-o", "--out", required=True, type=Path, metavar="X.pdf", help=_("X.pdf or X.xlsx"))
    parser.add_argument("--unpaid", action="store_true", help=_("people who have not paid"))
    parser.add_argument(
        "--no-credential", action="store_true", help=_("people without an active e-credential")
    )
    parser.add_argument("--needs-help", action="store_true", help=_("people who cannot pay alone"))
    parser.add_argument("--special", action="store_true", help=_("special groups who have not paid"))
    parser.add_argument("--worklist", choices=WORKLISTS, help=_("only who stands on this list of targets"))
    parser.add_argument(
        "--group", action="append", default=[], metavar="G", help=_("village group; may be repeated")
    )
    parser.add_argument("--lane", action="append", default=[], metavar="X", help=_("lane; may be repeated"))
    parser.add_argument("--full-ids", action="store_true", help=_("print full ID numbers; this is logged"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )
    _village(parser)


def _targets(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    _village(parser)


def _targets_list(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "which", nargs="?", choices=WORKLISTS, help=_("the people of this list; all: how many")
    )
    _village(parser)
    parser.add_argument(
        "--denominator", default="", metavar=_("CODE"), help=_("of whom people are missing, like resident")
    )
    parser.add_argument("--limit", type=int, default=0, metavar="N", help=_("no more people than this"))


def _targets_assign(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("people", type=int, metavar="N", help=_("how many people were assigned"))
    parser.add_argument("--by", required=True, metavar=_("TEXT"), help=_("by whom, or by which paper"))
    parser.add_argument("--on", default="", metavar=_("DATE"), help=_("when; today if left out"))
    _village(parser)


def _list(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("which", choices=("new", "cannot-pay"), help=_("which list"))
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="X.xlsx", help=_("the file to write")
    )
    parser.add_argument("--full-ids", action="store_true", help=_("write full ID numbers; this is logged"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )
    _village(parser)


def _out(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("form", nargs="?", default="", metavar=_("FORM"), help=_("code or title of the form"))
    parser.add_argument("-o", "--out", type=Path, metavar="X.xlsx", help=_("the file to write, xlsx or csv"))
    parser.add_argument("--list", action="store_true", help=_("list the forms"))
    parser.add_argument("--full", action="store_true", help=_("full ID numbers and phones; takes --why"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )
    parser.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar=_("COLUMNS"),
        help=_("columns in their order, by title or field, with commas; TITLE=NEW renames one"),
    )
    parser.add_argument(
        "--id-format", default="", choices=("", *ID_FORMATS), help=_("how ID numbers are written")
    )
    parser.add_argument(
        "--since", default="", metavar=_("DATE"), help=_("corrections since a date, or since “last”")
    )
    parser.add_argument("--template", type=Path, metavar="F.toml", help=_("a form from a file"))
    parser.add_argument("--save-as", default="", metavar=_("NAME"), help=_("keep it as a form of one's own"))
    parser.add_argument("--remove", default="", metavar=_("FORM"), help=_("take a form of one's own away"))
    _village(parser)


def _worksheet(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="X.xlsx", help=_("write a working sheet"))
    parser.add_argument("--take", type=Path, metavar="X.xlsx", help=_("take a filled sheet back"))
    _village(parser)
    out = parser.add_argument_group(_("which"))
    out.add_argument("--unpaid", action="store_true", help=_("only who has not paid"))
    out.add_argument("--group", action="append", default=[], metavar="G", help=_("only this village group"))
    out.add_argument(
        "--columns", default="", metavar=_("COLUMNS"), help=_("columns, by title or field, with commas")
    )
    out.add_argument("--masked", action="store_true", help=_("hide part of ID numbers and phones"))
    out.add_argument("--why", default="", metavar=_("TEXT"), help=_("what it is for; it is logged"))
    back = parser.add_argument_group(_("taking back"))
    back.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))
    back.add_argument(
        "--all-or-nothing", action="store_true", help=_("write nothing while anything is unclear")
    )
    back.add_argument(
        "--as-report",
        action="store_true",
        help=_("take a working sheet of another ledger as a sheet of the village's own"),
    )
    back.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="ROW[:FIELD]",
        help=_("what waits in this row (as listed) is meant; may be repeated"),
    )
    back.add_argument(
        "--leave", action="append", default=[], metavar="ROW[:FIELD]", help=_("leave it as the ledger has it")
    )


def _conflicts(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    _village(parser)


def _resolve(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    which = parser.add_argument_group(_("which"))
    which.add_argument(
        "--id",
        action="append",
        default=[],
        metavar="N",
        help=_("name of a conflict as listed; may be repeated"),
    )
    which.add_argument("--all", action="store_true", help=_("all conflicts"))
    _village(parser)
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


def _find(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "text", metavar=_("TEXT"), help=_("name, pinyin initials, end of ID or phone, household number")
    )


def _why(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("who", metavar=_("WHO"), help=_("name or ID number, whole"))
    parser.add_argument(
        "--household", default="", metavar="H", help=_("household number, where names repeat")
    )
    _village(parser)
    parser.add_argument("--on", metavar=_("DATE"), help=_("as it is on this day; today if left out"))
    parser.add_argument("--paid-on", metavar=_("DATE"), help=_("and if it were paid on this day"))
    parser.add_argument(
        "--copy", action="store_true", help=_("only the words for WeChat, without any number")
    )
    parser.add_argument("--mask-name", action="store_true", help=_("leave of the name its first character"))
    parser.add_argument("-o", "--out", type=Path, metavar="X.pdf", help=_("print it on one A4 as well"))


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar=_("DIR"), help=_("where to make it"))
    parser.add_argument("--headless", action="store_true", help=_("make all, open no window"))


def _shots(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar=_("DIR"), help=_("where to put the pictures"))
    looks = ("100", "150", "large", "dark", "contrast")
    parser.add_argument(
        "--look", action="append", default=[], choices=looks, help=_("in this look alone; may be repeated")
    )


def _window(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, metavar="L", help=_("the ledger's folder"))


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
    _ledger(parser)
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
    _ledger(parser)
    _new_passphrase(parser)


def _help_file(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "-o", "--out", required=True, type=Path, metavar="F.hqh", help=_("the help file to write")
    )
    _new_passphrase(parser)


def _help_answer(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
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
    _ledger(parser)
    parser.add_argument("file", type=Path, metavar="A.hqa", help=_("the office's answer"))
    _new_passphrase(parser)


def _recover(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--sheet", type=Path, metavar=_("FILE"), help=_("the sheet's file (.txt or .pdf)"))
    parser.add_argument("--code", metavar=_("TEXT"), help=_("the six lines of the sheet, or its square code"))
    _new_passphrase(parser)


def _recovery_key(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "--move-out", required=True, type=Path, metavar=_("FILE"), help=_("the file it is moved into")
    )
    _key_passphrase(parser)


def _recovery_sheet(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="X.pdf", help=_("X.pdf or X.txt"))
    parser.add_argument(
        "--revoke", action="store_true", help=_("let no sheet printed so far open the ledger")
    )


def _restore(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("backup", metavar=_("BACKUP"), help=_("its name in the list, or its folder"))
    parser.add_argument(
        "--keys-only", action="store_true", help=_("put back the key file only, keep all entries")
    )


def _nothing(parser: argparse.ArgumentParser) -> None:
    """A verb without arguments."""


def _somebody(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    who = parser.add_argument_group(_("who"))
    who.add_argument("--id-number", default="", metavar="N", help=_("ID number"))
    who.add_argument("--name", default="", metavar=_("NAME"), help=_("name, with --village"))
    who.add_argument(
        "--village", default="", metavar=_("CODE"), help=_("the village the person is looked for in")
    )


def _move(parser: argparse.ArgumentParser) -> None:
    _somebody(parser)
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
    _somebody(parser)
    _decided(parser)


def _decided(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", metavar=_("DATE"), help=_("since when; today if left out"))
    parser.add_argument("--reason", default="", metavar=_("TEXT"), help=_("why"))


def _carry(parser: argparse.ArgumentParser) -> None:
    _somebody(parser)
    parser.add_argument("--leave", action="store_true", help=_("leave the late entries where they are"))


def _settling(parser: argparse.ArgumentParser, accepted: str, together: str) -> None:
    _ledger(parser)
    _village(parser)
    parser.add_argument("--accept", action="append", default=[], metavar="ID", help=accepted)
    parser.add_argument("--all", action="store_true", help=together)
    parser.add_argument("--dry-run", action="store_true", help=_("only look, write nothing"))


def _doubles(parser: argparse.ArgumentParser) -> None:
    _settling(
        parser,
        _("settle this one as proposed (its name as listed); may be repeated"),
        _("settle all whose proposal is sure and can be undone"),
    )
    parser.add_argument(
        "--keep", type=int, metavar="N", help=_("of the one named by --accept keep the N-th instead")
    )


def _repairs(parser: argparse.ArgumentParser) -> None:
    _settling(
        parser,
        _("take the sure proposal, or with ID=NUMBER this number; may be repeated"),
        _("take all sure proposals"),
    )
    parser.add_argument(
        "--stays",
        action="append",
        default=[],
        metavar="ID",
        help=_("it was checked and is right as it stands"),
    )
    parser.add_argument("--full", action="store_true", help=_("full ID numbers; takes --why"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )


# ---- money


def _money(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    _village(parser)
    parser.add_argument(
        "--year", type=int, metavar=_("YEAR"), help=_("the insurance year; this one if left out")
    )


def _money_list(parser: argparse.ArgumentParser) -> None:
    _money(parser)
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


def _erase(parser: argparse.ArgumentParser) -> None:
    _somebody(parser)
    parser.add_argument("--reason", default="", metavar=_("TEXT"), help=_("why; it must not name the person"))
    parser.add_argument("--really", action="store_true", help=_("do it: it cannot be taken back"))


def _retention(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "--expire", action="store_true", help=_("give up the backups and log lines that are due")
    )


def _policy_publish(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
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
    _ledger(parser)
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
    _ledger(parser)
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
    _ledger(parser)
    parser.add_argument(
        "policy",
        nargs="?",
        default="",
        metavar=_("POLICY"),
        help=_("the new year's policy, as listed; the one in force if left out"),
    )


def _year_back(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("year", type=int, metavar=_("YEAR"), help=_("the insurance year"))


def _exports(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument("--most", type=int, metavar="N", help=_("only the newest N"))


def _paper(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    parser.add_argument(
        "which", nargs="?", default="", metavar=_("PAPER"), help=_("which paper; none lists them")
    )
    parser.add_argument("-o", "--out", type=Path, metavar=_("FILE"), help=_("the PDF to write"))
    parser.add_argument(
        "--household", default="", metavar="H", help=_("household number, or its head's name")
    )
    parser.add_argument("--full-ids", action="store_true", help=_("print full ID numbers; this is logged"))
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what full numbers are for; it is logged")
    )


def _papers(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    _which_list(parser)
    parser.add_argument("--close", metavar=_("WHY"), help=_("the rest does not come back, and why"))
    parser.add_argument("--reopen", action="store_true", help=_("the rest comes back after all"))


def _which_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--list", metavar="N", help=_("number of the list, or the code printed on it"))
    parser.add_argument("--picture", type=Path, metavar=_("FILE"), help=_("a photograph of the sheet"))


def _returned(parser: argparse.ArgumentParser) -> None:
    _ledger(parser)
    _which_list(parser)
    parser.add_argument("--row", type=int, metavar="R", help=_("row on the list; the code's if left out"))
    what = parser.add_argument_group(_("what is ticked"))
    what.add_argument("--paid", action="store_true", help=_("paid what is due"))
    what.add_argument("--credential", action="store_true", help=_("e-credential activated"))
    what.add_argument("--help-needed", default="", metavar=_("REASON"), help=_("cannot pay alone, and why"))
    what.add_argument("--refused", action="store_true", help=_("does not want to be insured"))
    what.add_argument("--absent", action="store_true", help=_("nobody was at home"))
    what.add_argument("--retry", metavar=_("DATE"), help=_("the day agreed to come again"))
    what.add_argument("--note", default="", metavar=_("TEXT"), help=_("remark"))
    what.add_argument("--date", metavar=_("DATE"), help=_("its date; today if left out"))
    what.add_argument("--channel", default="", metavar="C", help=_("code or name of the channel"))
    what.add_argument("--advanced-by", default="", metavar="A", help=_("who laid the money out"))


def _verbs() -> list[Verb]:
    return [
        Verb("office create", _("make a township office's ledger"), _office_create, "office:create"),
        Verb("kit", _("make a village's kit from the office's ledger"), _kit, "office:kit"),
        Verb("village create", _("make a village's ledger"), _village_create, "office:create_village"),
        Verb("intake", _("import rosters and lists of any kind"), _intake, "intake:intake"),
        Verb("lists", _("list the lists taken over, or take one back"), _lists, "lists_in:log"),
        Verb("words", _("show or say what the words of lists mean"), _words, "lists_in:words"),
        Verb("record", _("record what a person did or needs"), _record, "record:record"),
        Verb("send", _("write the bundle to hand over"), _send, "exchange:send"),
        Verb("receive", _("take in bundles"), _receive, "exchange:receive"),
        Verb("folder", _("exchange through a replicated folder"), _folder, "devices:through_folder"),
        Verb("devices", _("list devices, codes to compare and kits"), _ledger, "devices:devices_list"),
        Verb("compare", _("note that a device's code was compared"), _compare, "devices:compare"),
        Verb("revoke", _("let a device's later entries count no more"), _revoke, "devices:revoke"),
        Verb("adopt", _("let count what a revoked device wrote later"), _device, "devices:adopt"),
        Verb("withdraw", _("withdraw a village's unused kits"), _withdraw, "devices:withdraw"),
        Verb("join", _("let a ledger that stands alone join an office"), _join, "devices:join"),
        Verb("former", _("acknowledge the key of this office's lost ledger"), _former, "devices:former"),
        Verb("visit-list", _("print whom to visit"), _visit_list, "lists:visit_list"),
        Verb("exports", _("list what left the ledger, who made it and why"), _exports, "went_out:log"),
        Verb("paper", _("print notices, slips, confirmations and receipts"), _paper, "papers:paper"),
        Verb(
            "papers", _("list the printed lists, and which rows did not come back"), _papers, "returns:papers"
        ),
        Verb("returned", _("enter a row of a printed list that came back"), _returned, "returns:returned"),
        Verb("list", _("write a list the village owes its township"), _list, "lists:owed"),
        Verb("out", _("write a form an office asks for"), _out, "out:out"),
        Verb(
            "targets show",
            _("rates, targets, and when they are reached at this pace"),
            _targets,
            "targets:show",
        ),
        Verb("targets assign", _("enter the number a place was assigned"), _targets_assign, "targets:assign"),
        Verb("targets list", _("lists of people with their days"), _targets_list, "targets:listed"),
        Verb("year list", _("list the insurance years and where each stands"), _ledger, "years:listing"),
        Verb("year preview", _("tell what opening a year carries over"), _year_open, "years:preview"),
        Verb(
            "year open",
            _("open a new year, or carry over what has come since"),
            _year_open,
            "years:open_year",
        ),
        Verb("year back", _("take back what was carried over into a year"), _year_back, "years:take_back"),
        Verb("status", _("where ledger and villages stand"), _ledger, "status:status"),
        Verb("check", _("check the ledger through and through"), _ledger, "backups:check"),
        Verb("backup", _("take a backup now"), _ledger, "backups:backup"),
        Verb("backups", _("list the backups"), _ledger, "backups:backups"),
        Verb(
            "restore",
            _("put a backup in the ledger's place, keeping the present one"),
            _restore,
            "backups:restore",
        ),
        Verb("operator list", _("list who works on the ledger"), _ledger, "keys:listed"),
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
        Verb("find", _("find people"), _find, "look:find"),
        Verb("why", _("explain what a person has to do, by when, what it costs and why"), _why, "why:why"),
        Verb(
            "worksheet",
            _("write a working sheet to be filled in with WPS or Excel, or take one back"),
            _worksheet,
            "worksheet:worksheet",
        ),
        Verb("conflicts", _("list what entries disagree about"), _conflicts, "conflicts:listed"),
        Verb("resolve", _("settle what entries disagree about"), _resolve, "conflicts:resolve"),
        Verb("counting", _("list who is claimed by two villages or wrote too late"), _ledger, "moves:listed"),
        Verb("move", _("let a person count in another village"), _move, "moves:move"),
        Verb("move-back", _("let a person count again where they came from"), _move_back, "moves:move_back"),
        Verb(
            "carry", _("bring over what a village wrote about somebody who had left"), _carry, "moves:carry"
        ),
        Verb(
            "doubles",
            _("list who is entered or insured twice, and which is kept"),
            _doubles,
            "doubles:listed",
        ),
        Verb(
            "repairs",
            _("list doubtful ID numbers and what they may have been"),
            _repairs,
            "doubles:repairs",
        ),
        Verb("money list", _("list refunds and laid-out money"), _money_list, "money:listed"),
        Verb("money totals", _("sum up refunds by department"), _money, "money:totals"),
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
        Verb("erase", _("erase a person on request"), _erase, "law:erase"),
        Verb("retention", _("list what has been kept long enough"), _retention, "law:kept"),
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
        Verb("demo", _("make a township with three villages of invented people"), _demo, "trial:demo"),
        Verb("selftest", _("do the main job in a temporary folder"), _nothing, "trial:selftest"),
        Verb("shots", _("draw every page into a folder"), _shots, "trial:shots"),
        Verb("window", _("open the window"), _window, "window:open_window"),
    ]
