"""The plan library and coming and going: counts that add up, and the people of any line."""

from contextlib import closing
from typing import Any

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import library as words
from gui.wording.units import number
from storage.ledger import Ledger
from storage.persons import Record
from storage.policy.model import Policy
from storage.queries import flow, library, people, villages
from storage.queries.library import Library, Line
from storage.queries.people import Person


def show(session: Session) -> int:
    """Tell who of the population is insured, settled or to be brought in; or the people of one line."""
    options = session.options
    with closing(session.open()) as ledger:
        policy, scope = session.policy(ledger), _scope(session, ledger)
        base = _base(session, policy)
        if options.line:
            _require(options.line, ("people", "insured", "settled", "open"))
            return _people(session, ledger, policy, library.people(ledger, policy, options.line, base, scope))
        read = library.read(ledger, policy)
        titles = villages.titles(ledger) if ledger.is_office and not scope else {}
    lines, gaps = library.lines(policy, read.facts(policy, base, scope)), read.gaps(policy, scope)
    data = {
        "year": policy.year,
        "today": session.today,
        "base": base,
        **_told(read, policy, base, scope),
        "villages": [
            {
                "scope": one,
                "name": title,
                **_told(read, policy, base, one),
            }
            for one, title in titles.items()
        ],
    }
    shown = [_line(line, words.line_name(policy, line.code)) for line in lines]
    if not _known(read, scope):
        shown.append(_("Nothing is known of last year: nobody can be told as lapsed."))
    session.give(data, [*shown, *(words.gap_text(policy, gap) for gap in gaps)])
    return DONE


def moved(session: Session) -> int:
    """Tell who came, went and lapsed since last year; or the people of one line."""
    options = session.options
    with closing(session.open()) as ledger:
        policy, scope = session.policy(ledger), _scope(session, ledger)
        if options.line:
            _require(options.line, ("last", "came", "went", "lapsed", "this"))
        read = flow.read(ledger, policy)
        if options.line in ("last", "this"):
            return _people(session, ledger, policy, flow.insured(ledger, policy, options.line, scope))
        if options.line:
            return _people(session, ledger, policy, read.part(scope).people(options.line))
        titles = villages.titles(ledger) if ledger.is_office and not scope else {}
    lines = read.part(scope).lines(policy)
    data = {
        "year": policy.year,
        "known": read.known,
        "scope": scope,
        "lines": _data(lines),
        "villages": [
            {"scope": one, "name": title, "lines": _data(read.part(one).lines(policy))}
            for one, title in titles.items()
        ],
    }
    shown = [
        f"{words.flow_sign(line.code)}{_line(line, words.flow_name(policy, line.code, policy.year))}"
        for line in lines
    ]
    if not read.known:
        shown.append(_("Nothing is known of last year: nobody can be told as lapsed."))
    session.give(data, shown)
    return DONE


def _require(line: str, heads: tuple[str, ...]) -> None:
    if line.partition(".")[0] not in heads:
        raise WrongUse("use.no_choice", text=line, choices=heads)


def _scope(session: Session, ledger: Ledger) -> str:
    """The village asked for, a village's own, "" for all of an office's."""
    wanted = str(session.options.village)
    if not ledger.is_office:
        return str(ledger.check_scope(wanted))
    if wanted and wanted not in (known := villages.titles(ledger)):
        raise WrongUse("use.no_choice", text=wanted, choices=tuple(known))
    return wanted


def _base(session: Session, policy: Policy) -> str:
    wanted, choices = str(session.options.of), library.bases(policy)
    if wanted not in choices:
        raise WrongUse("use.no_choice", text=wanted, choices=tuple(filter(None, choices)))
    return wanted


def _known(read: Library, scope: str) -> bool:
    return scope in read.known if scope else bool(read.known)


def _line(line: Line, name: str) -> str:
    return f"{'  ' * line.code.count('.')}{name}\t{number(line.people)}\t{line.code}"


def _told(read: Library, policy: Policy, base: str, scope: str) -> dict[str, Any]:
    return {
        "of": scope,
        "last_year_known": _known(read, scope),
        "lines": _data(library.lines(policy, read.facts(policy, base, scope))),
        "counts": [
            {
                "denominator": gap.denominator,
                "people": gap.people,
                "register": gap.roster,
                "gap": gap.missing,
                "counted_on": gap.on,
                "counted_by": gap.by,
            }
            for gap in read.gaps(policy, scope)
        ],
    }


def _data(lines: list[Line]) -> list[dict[str, Any]]:
    return [{"line": line.code, "people": line.people, "part_of": line.parent} for line in lines]


def _people(session: Session, ledger: Ledger, policy: Policy, keys: list[Record]) -> int:
    """Give the people of a line, numbers masked."""
    most = session.options.limit or len(keys)
    some, titles = keys[:most], villages.titles(ledger) if ledger.is_office else {}
    found: dict[Record, Person] = {}
    for one in people.load(ledger, policy.year, residents=[record for _scope, record in some]):
        found.setdefault((one.scope, one.person), one)
    rows = [found[key] for key in some if key in found]
    data = {
        "line": session.options.line,
        "people": len(keys),
        "entries": [
            {
                "name": one.name,
                "id": wording.id_number(one.id_number),
                "scope": one.scope,
                "village": titles.get(one.scope, ""),
                "paid": one.paid,
                "reason": one.absence,
                "groups": list(one.groups),
            }
            for one in rows
        ],
    }
    lines = [
        " · ".join(filter(None, (titles.get(one.scope, ""), one.name, wording.id_number(one.id_number))))
        for one in rows
    ]
    session.give(data, lines)
    return DONE
