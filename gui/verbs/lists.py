"""Lists for people: whom to visit, and the two lists a village owes its township."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from gui import wording
from gui.actions.lists import visit_list as visit_list_code
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import targets as words
from gui.wording.paper import NO_REASONS
from storage.commands import exports, visits
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import cards, lists, targets, villages, worklists
from storage.queries.cards import HouseholdCard
from storage.queries.visits import Picked, VisitFilter, VisitSheet, pick

SHEETS = (".pdf", ".xlsx")
"""What a visit list can be written as."""


def visit_list(session: Session) -> int:
    """Print whom to visit and why, as PDF or xlsx."""
    ending(session.options.out, SHEETS)
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        scope = scope_of(session, ledger)
        homes = cards.household_cards(ledger, policy, session.today, scope)
        wanted = _filter(session, ledger, policy, scope, homes)
        picked = pick(homes, wanted)
        sheet = keep(session, ledger, policy, scope, picked, wanted)
        data = hand_out(session, ledger, sheet, picked)
    session.give(data, [handed_out(data)])
    return DONE


def hand_out(session: Session, ledger: Ledger, sheet: VisitSheet, picked: Picked) -> dict[str, Any]:
    """Write a kept list into the file asked for, note that, and return what is told of it."""
    options, out = session.options, session.options.out
    out.parent.mkdir(parents=True, exist_ok=True)
    pages = write_pdf(sheet, out) if out.suffix.lower() == ".pdf" else None
    if pages is None:
        write_xlsx(sheet, out)
    people = len(picked.residents)
    masked, what = not options.full_ids, visit_list_code(options.phones)
    exports.note(ledger, what, out, rows=people, masked=masked, why=options.why)
    if not people:
        session.tell(_("Nobody matches; the list is empty."))
    return {
        "file": out,
        "list_number": int(sheet.list_number),
        "households": len(picked.households),
        "people": people,
        "pages": pages,
        "masked": masked,
        "phones": options.phones,
    }


def handed_out(data: Mapping[str, Any]) -> str:
    """What is said of a list that was written."""
    line = _("{file}: list {number}, {people} people in {households} households")
    return line.format(
        file=data["file"],
        number=f"{data['list_number']:02d}",
        people=data["people"],
        households=data["households"],
    )


def owed(session: Session) -> int:
    """Write 新参人员 or 不能自主缴费人员 as xlsx."""
    from sync.reports import lists as sheets  # with the readers' and writers' libraries

    options, out = session.options, session.options.out
    ending(out, (".xlsx",))
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        scope = scope_of(session, ledger)
        found = cards.household_cards(ledger, policy, session.today, scope)
        head = sheets.Heading(_title(ledger, scope), policy, session.today, ledger.operator)
        chosen, write = {
            "new": (lists.new_enrollees, sheets.new_enrollees),
            "cannot-pay": (lists.cannot_pay_alone, sheets.cannot_pay_alone),
        }[options.which]
        rows = chosen(found)
        out.parent.mkdir(parents=True, exist_ok=True)
        count = write(out, rows, head, masked=not options.full_ids)
        masked = not options.full_ids
        exports.note(ledger, options.which, out, rows=count, masked=masked, why=options.why, scope=scope)
    if not count:
        session.tell(_("Nobody matches; the list is empty."))
    data = {"file": out, "list": options.which, "people": count, "masked": not options.full_ids}
    session.give(data, [_("{file}: {count} people").format(file=out, count=count)])
    return DONE


def write_pdf(sheet: VisitSheet, path: Path) -> int:
    """Print a visit list without a window; returns its pages."""
    application = with_qt()  # held while something is painted
    from gui.printing import visit_list as paper

    pages = paper.write_pdf(sheet, path)
    del application
    return pages


def write_xlsx(sheet: VisitSheet, path: Path) -> None:
    """Write a visit list as a sheet; it has no pages to count."""
    from sync.reports import lists as sheets

    sheets.visit_list(path, sheet)


def with_qt() -> object:
    """What paints needs an application; without a screen it is one that shows nothing. KnownError print.no_qt."""
    try:
        from PySide6.QtGui import QGuiApplication
    except ImportError as error:  # a library of the system is missing
        raise KnownError("print.no_qt", reason=error.msg) from error
    running = QGuiApplication.instance()
    if running is not None:
        return running
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["huqing"])


def ending(path: Path, allowed: tuple[str, ...]) -> None:
    """See that a file to write is of a kind that can be written. Raises WrongUse use.ending."""
    if path.suffix.lower() not in allowed:
        raise WrongUse("use.ending", path=path, choices=allowed)


def scope_of(session: Session, ledger: Ledger) -> str:
    """The village a list is about: its own, or the one named on an office's ledger."""
    if not ledger.is_office:
        return ledger.check_scope(session.options.village)
    if not session.options.village:
        raise WrongUse("use.village_needed")
    return str(session.options.village)


def _title(ledger: Ledger, scope: str) -> str:
    return villages.title_of(ledger, scope)


def _filter(
    session: Session, ledger: Ledger, policy: Policy, scope: str, homes: Sequence[HouseholdCard]
) -> VisitFilter:
    from sync.sheets.values import group

    options, named, among = session.options, "", frozenset[str]()
    if options.worklist:
        found = worklists.lists(
            policy, homes, worklists.students(ledger, scope), session.today, targets.base_of(policy)
        )
        named = words.list_name(options.worklist)
        among = frozenset(one.card.person.record for one in found[options.worklist].entries)
    return VisitFilter(
        unpaid=options.unpaid,
        no_credential=options.no_credential,
        needs_help=options.needs_help,
        special=options.special,
        groups=tuple(group(text) for text in options.group),
        lanes=tuple(options.lane),
        named=named,
        among=among,
    )


def keep(
    session: Session,
    ledger: Ledger,
    policy: Policy,
    scope: str,
    picked: Picked,
    wanted: VisitFilter,
    reasons: Mapping[str, str] = NO_REASONS,
) -> VisitSheet:
    """Keep the list under its number, so that its rows can be entered again, and lay it out."""
    kept = visits.keep_list(
        ledger, picked.residents, filter_text=wording.filter_text(wanted), today=session.today
    )
    return wording.visit_sheet(
        policy,
        picked,
        wanted,
        scope=scope,
        title=_title(ledger, scope),
        list_number=kept.number,
        record=kept.record,
        today=session.today,
        masked=not session.options.full_ids,
        phones=session.options.phones,
        reasons=reasons,
    )
