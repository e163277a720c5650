"""Bulletins without a window: issued, listed, shown, counted again, corrected, written as files."""

from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from gui import wording
from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.lists import with_qt
from gui.verbs.session import Session, WrongUse
from gui.wording import recounted
from gui.wording.units import number
from storage.bulletins import Bulletin, Line
from storage.ledger import Ledger
from storage.queries import bulletins as queries
from storage.queries import corrections
from storage.queries.bulletins import Recount

ENDINGS = (".xlsx", ".csv", ".pdf", ".png")
Told = dict[str, Any]


def make(session: Session) -> int:
    """Issue the next bulletin; with --as-of of how the ledger stood then."""
    from sync.reports import bulletins

    options = session.options
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        made = bulletins.make(ledger, policy, session.today, options.denominator)
    session.give(_whole(made), _lines(made))
    return DONE


def listed(session: Session) -> int:
    """List the issues, the newest first."""
    with closing(session.open()) as ledger:
        scope = session.options.of or ledger.profile.scope
        found, newer = queries.issued(ledger, scope), queries.unreadable(ledger, scope)
        corrected = {one.corrects for one in found}
    rows = [{**_head(one), "corrected": one.record in corrected} for one in found]
    lines = [_list_line(one, one.record in corrected) for one in found]
    if newer:
        session.tell(sentence_for("bulletin.unreadable", {}))
    session.give({"bulletins": rows, "unreadable": newer}, lines or [_("No bulletin has been issued yet.")])
    return DONE


def show(session: Session) -> int:
    """Show an issue; of one village where its numbers came from."""
    options = session.options
    with closing(session.open()) as ledger:
        found = _found(session, ledger)
        line = found.content.line(options.village) if options.village else None
        if options.village and line is None:
            choices = tuple(one.code for one in (*found.content.lines, *found.content.parts))
            raise WrongUse("use.no_choice", text=options.village, choices=choices)
        sources = queries.sources(ledger, found, line.code) if line else []
    if line is None:
        session.give(_whole(found), _lines(found))
        return DONE
    data = {**_head(found), **_line(line), "sources": [msgspec.structs.asdict(one) for one in sources]}
    told = [_village_line(found, line)]
    told += [
        _("{file}, received {at}: {count} entries").format(
            file=one.name or _("written here"),
            at=one.at[:16].replace("T", " ") or "—",
            count=number(one.entries),
        )
        for one in sources
    ]
    session.give(data, told)
    return DONE


def recount(session: Session) -> int:
    """Count one issue or all again; refused where a number comes out otherwise."""
    with closing(session.open()) as ledger:
        wanted = session.options.number
        scope = session.options.of or ledger.profile.scope
        issues = [_found(session, ledger)] if wanted is not None else queries.issued(ledger, scope)
        done = [(one, queries.recount(ledger, one)) for one in issues]
    data = {"equal": all(again.equal for _, again in done), "bulletins": [_recounted(*one) for one in done]}
    session.give(data, [line for one in done for line in recounted.lines(*one)])
    return DONE if data["equal"] else REFUSED


def correct(session: Session) -> int:
    """Issue a correction of an issue, which says what changed and why."""
    from sync.reports import bulletins

    options = session.options
    with closing(session.open()) as ledger:
        old = _found(session, ledger)
        policy = session.policy(ledger)
        made = bulletins.correct(ledger, old, policy, session.today, options.why, options.denominator)
        named = corrections.named_in(ledger, made.content.why)
    if named:
        told = _("The reason names {names}, who are in the register: a bulletin is read by everybody.")
        session.tell(told.format(names=wording.units.listed(named)))
    session.give(_whole(made), _lines(made))
    return DONE


def export(session: Session) -> int:
    """Write an issue as a table, a PDF or pictures; there is nobody in it to be masked."""
    out = session.options.out
    if out.suffix.lower() not in ENDINGS:
        raise WrongUse("use.ending", path=out, choices=ENDINGS)
    with closing(session.open()) as ledger:
        found = _found(session, ledger)
        files = _written(session, ledger, found, out)
    session.give(
        {"files": files, **_head(found)},
        [_("{file}: issue {number}").format(file=file, number=found.number) for file in files],
    )
    return DONE


def _written(session: Session, ledger: Ledger, found: Bulletin, out: Path) -> list[Path]:
    from sync.reports import forms

    form = forms.find(ledger, session.options.form)
    if form.subject != "bulletin":
        raise WrongUse("use.no_choice", text=form.code, choices=("bulletin",))
    if session.options.townships and not found.content.parts:
        raise WrongUse("use.no_townships")
    application = with_qt()  # held while something is painted
    from gui.printing import issued

    files = issued.write(ledger, found, form, out, townships=session.options.townships)
    del application
    return files


def _found(session: Session, ledger: Ledger) -> Bulletin:
    options = session.options
    return queries.find(ledger, options.number, options.insured_year, options.of)


# ---- told


def _head(one: Bulletin) -> Told:
    content = one.content
    return {
        "number": content.number,
        "year": content.year,
        "on": content.on,
        "at": one.at.isoformat(),
        "unit": one.scope,
        "title": content.title,
        "by": content.by,
        "denominator": content.denominator,
        "corrects": content.corrects,
        "why": content.why,
        "entries": one.basis.count,
        "fingerprint": one.basis.fingerprint,
        "print": one.print,
        "sound": one.sound,
    }


def _whole(one: Bulletin) -> Told:
    content = one.content
    return {
        **_head(one),
        "level": content.level,
        "policy": {"id": one.policy.id, "version": one.policy.version},
        "explained": list(content.explained),
        "follows": content.follows,
        "comparable": content.comparable,
        "cards": {"kind": content.kind, "count": content.cards, "issuer": content.issuer},
        "carded": [line.code for line in content.ranked if line.card],
        "tied": list(content.tied),
        "spared": list(content.spared),
        "twice": content.twice,
        "total": _line(content.total),
        "villages": [_line(line) for line in content.ranked],
        "townships": [_line(line) for line in content.parts],
        "changes": [msgspec.structs.asdict(one) for one in content.changes],
    }


def _line(line: Line) -> Told:
    rates = {"rate": line.rate, "gained": line.gained}
    return {
        **msgspec.to_builtins(line),
        **{name: None if value is None else float(value) for name, value in rates.items()},
        "more": line.more,
        "climbed": line.climbed,
        "rank": line.rank,
        "card": line.card,
        "total": line.total,
        "paid": line.paid,
    }


def _list_line(one: Bulletin, corrected: bool) -> str:
    content = one.content
    parts = [
        _("issue {number} of {year}").format(number=content.number, year=content.year),
        content.on.isoformat(),
        content.title,
        f"{content.total.paid} / {'—' if content.total.total is None else content.total.total}",
        wording.percent(content.total.rate),
        _("corrects issue {number}").format(number=content.corrects) if content.corrects else "",
        _("corrected by a later one") if corrected else "",
        "" if one.sound else _("its numbers were changed afterwards"),
    ]
    return " · ".join(part for part in parts if part)


def _lines(one: Bulletin) -> list[str]:
    from sync.reports import bulletin_words

    found = [bulletin_words.title(one.content), bulletin_words.summary(one)]
    found += [_village_line(one, line) for line in (*one.content.parts, *one.content.ranked)]
    return [*found, *bulletin_words.notes(one)]


def _village_line(one: Bulletin, line: Line) -> str:
    from sync.reports import bulletin_fields, bulletin_words

    rank = "—" if line.rank is None else str(line.rank)
    parts = [
        f"{rank:>3} {bulletin_words.name(one.content, line)}",
        f"{line.paid} / {'—' if line.total is None else line.total}",
        wording.percent(line.rate),
        bulletin_fields.signed(line.more),
        bulletin_fields.mark(one.content, line),
    ]
    return " · ".join(part for part in parts if part)


# ---- counted again


def _recounted(one: Bulletin, again: Recount) -> Told:
    return {
        **_head(one),
        "equal": again.equal,
        "same_rules": again.same_rules,
        "entries_found": again.operations,
        "fingerprint_found": again.fingerprint,
        "differences": [
            {
                "code": diff.code,
                "field": diff.field,
                "printed": _plain(diff.printed),
                "counted": _plain(diff.counted),
            }
            for diff in again.differences
        ],
        "lacks": [
            {
                "scope": lack.scope,
                "replica": lack.replica,
                "numbers": lack.numbers,
                "differs": lack.differs,
                "erased": list(lack.erased),
            }
            for lack in again.lacks
        ],
    }


def _plain(value: object) -> object:
    return msgspec.to_builtins(value)
