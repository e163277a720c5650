"""People: found, recorded, explained, counted."""

import argparse
from pathlib import Path

from gui.i18n import _
from gui.verbs.grammar import shared
from gui.verbs.grammar.shared import Verb

FACTS = ("paid", "credential", "assist", "not-insured", "new", "group", "void")
WAYS = ("self", "family", "helped")


def verbs() -> list[Verb]:
    """The verbs, in the order of the help."""
    return [
        Verb("record", _("record what a person did or needs"), _record, "record:record"),
        Verb(
            "targets show",
            _("rates, targets, and when they are reached at this pace"),
            _targets,
            "targets:show",
        ),
        Verb("targets assign", _("enter the number a place was assigned"), _targets_assign, "targets:assign"),
        Verb("targets list", _("lists of people with their days"), _targets_list, "targets:listed"),
        Verb(
            "targets share",
            _("share a number of people out over the villages, and issue the shares"),
            _targets_share,
            "shares:share",
        ),
        Verb(
            "targets quotas",
            _("how far each place is with the number it was assigned, and how that came about"),
            shared.ledger_as_of,
            "shares:followed",
        ),
        Verb(
            "targets population",
            _("enter a village's population as the statistics office says it"),
            _targets_population,
            "shares:population",
        ),
        Verb(
            "library",
            _("everybody of the population who is not insured here, and why"),
            _library,
            "library:show",
        ),
        Verb("flow", _("who came, went and lapsed since last year"), _flow, "library:moved"),
        Verb("status", _("where ledger and villages stand"), shared.ledger_as_of, "status:status"),
        Verb("find", _("find people"), _find, "look:find"),
        Verb("why", _("explain what a person has to do, by when, what it costs and why"), _why, "why:why"),
    ]


def _record(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
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
        "--holder-row",
        type=int,
        default=0,
        metavar="R",
        help=_("family account of this person of the household, from 1"),
    )
    what.add_argument(
        "--reason", default="", metavar=_("REASON"), help=_("code or name of the reason; to void: why")
    )
    what.add_argument("--group", default="", metavar="G", help=_("code or name of the subsidy group"))
    what.add_argument("--what", default="", metavar=_("TEXT"), help=_("which help is needed"))
    what.add_argument("--note", default="", metavar=_("TEXT"), help=_("remark"))
    what.add_argument("--withdraw", action="store_true", help=_("take the entry back"))


def _targets(parser: argparse.ArgumentParser) -> None:
    shared.ledger_as_of(parser)
    shared.village(parser)


def _targets_list(parser: argparse.ArgumentParser) -> None:
    shared.ledger_as_of(parser)
    parser.add_argument(
        "which", nargs="?", choices=shared.WORKLISTS, help=_("the people of this list; all: how many")
    )
    shared.village(parser)
    parser.add_argument(
        "--denominator", default="", metavar=_("CODE"), help=_("of whom people are missing, like resident")
    )
    parser.add_argument("--limit", type=int, default=0, metavar="N", help=_("no more people than this"))


def _targets_assign(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("people", type=int, metavar="N", help=_("how many people were assigned"))
    parser.add_argument("--by", required=True, metavar=_("TEXT"), help=_("by whom, or by which paper"))
    parser.add_argument("--on", default="", metavar=_("DATE"), help=_("when; today if left out"))
    shared.village(parser)


def _targets_share(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "--people",
        type=int,
        metavar="N",
        help=_("how many; the number assigned to the office, else what the target asks, if left out"),
    )
    parser.add_argument(
        "--basis", default="", metavar=_("CODE"), help=_("by which number of people, like resident_count")
    )
    parser.add_argument(
        "--fix",
        action="append",
        default=[],
        metavar="CODE=N=WHY",
        help=_("set a village's share by hand, and say why; may be repeated"),
    )
    parser.add_argument("--by", default="", metavar=_("TEXT"), help=_("by whom, or by which paper"))
    parser.add_argument("--on", default="", metavar=_("DATE"), help=_("when; today if left out"))
    parser.add_argument("--issue", action="store_true", help=_("assign the shares to the villages"))


def _targets_population(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("--registered", type=int, metavar="N", help=_("registered population"))
    parser.add_argument("--residing", type=int, metavar="N", help=_("resident population"))
    parser.add_argument("--by", required=True, metavar=_("TEXT"), help=_("by whom, or by which paper"))
    parser.add_argument("--on", default="", metavar=_("DATE"), help=_("when; today if left out"))
    shared.village(parser)


def _library(parser: argparse.ArgumentParser) -> None:
    _lines(parser, _("the people of this line, like open.lapsed; all lines if left out"))
    parser.add_argument(
        "--of",
        default="",
        metavar=_("CODE"),
        help=_("of whom: resident, registered; everybody in the register if left out"),
    )


def _flow(parser: argparse.ArgumentParser) -> None:
    _lines(parser, _("the people of this line, like came.new; all lines if left out"))


def _lines(parser: argparse.ArgumentParser, which: str) -> None:
    """Lines of an account, or the people of one."""
    shared.ledger_as_of(parser)
    parser.add_argument("line", nargs="?", default="", metavar=_("LINE"), help=which)
    shared.village(parser)
    parser.add_argument("--limit", type=int, default=0, metavar="N", help=_("no more people than this"))


def _find(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument(
        "text", metavar=_("TEXT"), help=_("name, pinyin initials, end of ID or phone, household number")
    )


def _why(parser: argparse.ArgumentParser) -> None:
    shared.ledger(parser)
    parser.add_argument("who", metavar=_("WHO"), help=_("name or ID number, whole"))
    parser.add_argument(
        "--household", default="", metavar="H", help=_("household number, where names repeat")
    )
    shared.village(parser)
    parser.add_argument("--on", metavar=_("DATE"), help=_("as it is on this day; today if left out"))
    parser.add_argument("--paid-on", metavar=_("DATE"), help=_("and if it were paid on this day"))
    parser.add_argument(
        "--copy", action="store_true", help=_("only the words for WeChat, without any number")
    )
    parser.add_argument("--mask-name", action="store_true", help=_("leave of the name its first character"))
    parser.add_argument("-o", "--out", type=Path, metavar="X.pdf", help=_("print it on one A4 as well"))
