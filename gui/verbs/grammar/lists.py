"""Lists that come in, forms that go out, working sheets, doubles."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb

ID_FORMATS = ("full", "spaced", "quoted", "masked", "last6", "last4")


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("intake", _("import rosters and lists of any kind"), _intake, "intake:intake"),
        Verb("lists", _("list the lists taken over, or take one back"), _lists, "lists_in:log"),
        Verb("words", _("show or say what the words of lists mean"), _words, "lists_in:words"),
        Verb("out", _("write a form an office asks for"), _out, "out:out"),
        Verb("cross", _("count people by two of their facts at once"), _cross, "cross:cross"),
        Verb(
            "worksheet",
            _("write a working sheet to be filled in with WPS or Excel, or take one back"),
            _worksheet,
            "worksheet:worksheet",
        ),
        Verb(
            "doubles",
            _("list who is entered or insured twice, and which is kept"),
            _doubles,
            "doubles:listed",
        ),
        Verb(
            "reconcile",
            _("lay the ledger beside lists: what differs, answered, asked, left; a village replies"),
            _reconcile,
            "reconcile:compare",
        ),
        Verb(
            "repairs",
            _("list doubtful ID numbers and what they may have been"),
            _repairs,
            "doubles:repairs",
        ),
    ]


def _intake(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
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
    shared.village(parser)


def _lists(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--revert", type=int, metavar="N", help=_("take list number N back as a whole"))
    parser.add_argument("--dry-run", action="store_true", help=_("with --revert: only tell what would stay"))
    parser.add_argument("--rows", type=int, metavar="N", help=_("show the rows kept of list number N"))


def _words(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("word", nargs="?", metavar=_("WORD"), help=_("a word of lists, such as 农村低保"))
    parser.add_argument(
        "code", nargs="?", metavar=_("CODE"), help=_("what it means, a code as listed; - for nothing")
    )
    parser.add_argument(
        "--vocabulary", choices=("group", "channel"), default="group", help=_("group (default) or channel")
    )
    parser.add_argument("--forget", action="store_true", help=_("forget what was said of the word"))


def _out(parser: argparse.ArgumentParser) -> None:
    shared.ledger_as_of(parser)
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
    shared.village(parser)


def _cross(parser: argparse.ArgumentParser) -> None:
    shared.ledger_as_of(parser)
    parser.add_argument("--list", action="store_true", help=_("list the facts people can be counted by"))
    parser.add_argument(
        "--rows", default="", metavar=_("FACT"), help=_("what the rows are, by code or heading")
    )
    parser.add_argument("--columns", default="paid", metavar=_("FACT"), help=_("what the columns are"))
    parser.add_argument("--amount", action="store_true", help=_("what they paid, not how many they are"))
    parser.add_argument("--whom", default="everybody", metavar=_("SELECTION"), help=_("whom it is about"))
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar=_("FACT=WORD"),
        help=_("only those who stand under this word; may be repeated"),
    )
    parser.add_argument("-o", "--out", type=Path, metavar="X.xlsx", help=_("the file to write, xlsx or csv"))
    shared.village(parser)


def _worksheet(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("-o", "--out", type=Path, metavar="X.xlsx", help=_("write a working sheet"))
    parser.add_argument("--take", type=Path, metavar="X.xlsx", help=_("take a filled sheet back"))
    shared.village(parser)
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


def _settling(parser: argparse.ArgumentParser, accepted: str, together: str) -> None:
    shared.ledger(parser)
    shared.village(parser)
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


def _reconcile(parser: argparse.ArgumentParser) -> None:
    _settling(
        parser,
        _("answer this one (its name as listed) as proposed, or as --answer says; may be repeated"),
        _("answer all whose proposal is safe, with --code only that sort"),
    )
    parser.add_argument("--code", default="", metavar=_("CODE"), help=_("only this sort, a code as listed"))
    parser.add_argument(
        "--status",
        default="",
        choices=("", "todo", "open", "answered", "asked", "left", "settled", "cleared"),
        help=_("only those that stand so"),
    )
    parser.add_argument(
        "--answer", default="", metavar=_("HOW"), help=_("another answer than the proposed one")
    )
    parser.add_argument(
        "--why", default="", metavar=_("TEXT"), help=_("what is asked, or why it is left as it is")
    )
    parser.add_argument(
        "--xlsx", type=Path, metavar="DIR", help=_("write a table for each village into a folder")
    )
    parser.add_argument(
        "--reply",
        action="append",
        default=[],
        metavar="ID",
        help=_("a village replies to this one; takes --answer"),
    )
