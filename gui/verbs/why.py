"""Why somebody has to do what: the sentence, its parts with their paragraphs, another day of payment, paper, WeChat."""

import unicodedata
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import with_qt
from gui.verbs.session import Session, WrongUse
from gui.wording import why as words
from gui.wording import why_parts
from gui.wording.why_sheet import WhySheet, sheet_of
from storage.commands import exports
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy import mask
from storage.policy.model import Policy
from storage.queries import explain, find, people, villages
from storage.queries.explain import Known
from storage.queries.find import Hit


def why(session: Session) -> int:
    """Explain one person on a day, and what paying on another day would mean."""
    options = session.options
    if options.out is not None and options.out.suffix.lower() != ".pdf":
        raise WrongUse("use.ending", path=options.out, choices=(".pdf",))
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        known = _meant(session, ledger, policy)
        village = villages.title_of(ledger, known.person.scope)
        case = words.case_of(
            policy,
            known.person,
            known.facts,
            session.date(options.on),
            pay_on=session.date(options.paid_on) if options.paid_on else None,
            masked=options.mask_name,
        )
        message = words.message(case, village)
        _note(ledger, options.out, sheet_of(case, known.household, village), known, copied=options.copy)
    data = {**_data(case), "message": message, "village": village, "file": options.out}
    session.give(data, message.split("\n") if options.copy else _lines(case))
    return DONE


def _note(ledger: Ledger, out: Path | None, sheet: WhySheet, known: Known, *, copied: bool) -> None:
    """Write the paper asked for; what leaves the ledger is noted in the log of exports."""
    if out is not None:
        application = with_qt()  # held while something is painted
        from gui.printing import why_sheet as paper

        out.parent.mkdir(parents=True, exist_ok=True)
        paper.write_pdf(sheet, out)
        del application
        exports.note(ledger, "why", out, rows=1, masked=True, scope=known.person.scope)
    if copied:
        name = Path(_("words for WeChat"))
        exports.note(ledger, "why", name, rows=1, masked=True, scope=known.person.scope)


# ---- who


def _meant(session: Session, ledger: Ledger, policy: Policy) -> Known:
    """The one person meant by an ID number or a name; KnownError find.nobody, find.several, find.*_called."""
    options, text = session.options, session.options.who.strip()
    figures = any(map(str.isdigit, text))
    hits = (find.by_id_number(ledger, text) if figures else []) or _called(ledger, text)
    if options.village:
        hits = [hit for hit in hits if hit.scope == options.village]
    if options.household:
        number = options.household.lstrip("0")
        hits = [hit for hit in hits if hit.household_number.lstrip("0") == number]
    shown = mask.id_number(text) if figures else text
    if not hits:
        raise KnownError("find.nobody_called", text=shown)
    found = {
        (one.scope, one.person): one
        for hit in hits
        for one in people.load(ledger, policy.year, scope=hit.scope, residents=[hit.record])
        if one.record == hit.record
    }
    here = [one for one in found.values() if not one.counted_in] or list(found.values())
    if len(here) > 1:
        raise KnownError("find.several_called", text=shown, count=len(here))
    known = explain.known(ledger, policy, here[0].scope, here[0].record)
    assert known is not None  # loaded a moment ago, in the same thread
    return known


def _called(ledger: Ledger, name: str) -> list[Hit]:
    """Everybody of exactly this name, however its dots and blanks are written."""
    wanted = _bare(name)
    return [hit for hit in find.find(ledger, name, limit=1000) if _bare(hit.name) == wanted]


def _bare(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", name) if one.isalnum())


# ---- told


def _lines(case: words.Case) -> list[str]:
    lines = [words.sentence(case), words.what_if(case)]
    for part in why_parts.parts(case):
        lines.append(f"{part.title}：{part.lead}" if part.lead else part.title)
        lines += [f"  - {line.text}" + (f" 〔{line.source}〕" if line.source else "") for line in part.lines]
    return [line for line in lines if line]


def _data(case: words.Case) -> dict[str, Any]:
    answer, person, policy = case.answer, case.person, case.policy
    due = {name: value for name, value in asdict(answer.due).items() if name != "reasons"}
    return {
        "policy": {
            "id": policy.id,
            "version": policy.version,
            "year": policy.year,
            "example": policy.example,
        },
        "name": words.shown_name(case),
        "id": wording.id_number(person.id_number),
        "scope": person.scope,
        "on": case.today,
        "paid_on": answer.pay_on,
        "state": answer.state.code,
        "sentence": words.sentence(case),
        "what_if": words.what_if(case),
        "step": {
            "code": answer.step.code,
            "deadline": answer.step.deadline,
            "urgency": answer.step.urgency,
        },
        "due": due,
        "waiting": {
            "months": answer.wait.months,
            "starts": answer.wait.starts,
            "ends": answer.wait.ends,
            "covered_from": answer.wait.covered_from,
        },
        "covers": asdict(answer.covers) if answer.covers else None,
        "counted": dict(answer.counted),
        "explained": answer.explained,
        "if_not": [reason.code for reason in answer.if_not],
        "reasons": [reason.code for reason in answer.reasons()],
        "parts": [asdict(part) for part in why_parts.parts(case)],
        "sources": list(why_parts.sources(case)),
    }
