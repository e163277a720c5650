"""Answering a difference: what it changes in the ledger and the answer itself, one step that can be taken back.

The answer lies in the village's scope, so that the next file carries it there with what was compared and why; a village
that was asked replies in the same record.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from storage import years
from storage.commands import facts, money
from storage.commands.doubles import merged
from storage.commands.payments import void_value
from storage.errors import RuleViolation
from storage.evidence import sources
from storage.fold import values
from storage.ledger import Changes, Edit, Ledger
from storage.policy import differences as rules
from storage.policy.differences import ASK, LEAVE, LEDGER, LIST, REFUND, Difference
from storage.policy.model import Policy
from storage.records import Value, derived_id

REPLIES = (LEDGER, LIST, "done", "other")
"""What a village replies: what it entered is right · the list is · it has put it right · something else (a note)."""
KIND = "difference"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer to a difference; ``why`` is what the village is asked, why it is left, or a note."""

    difference: Difference
    answer: str
    why: str = ""


def settle(ledger: Ledger, policy: Policy, chosen: Sequence[Chosen], *, today: date) -> Changes:
    """Answer differences, all or none; what an answer changes and the answer itself are one step.

    Which side of a double is kept (``keep1`` …) ``storage.commands.doubles`` writes before. The same again writes
    nothing. Raises RuleViolation: reconcile.answer (no answer to this), reconcile.why (left without a reason),
    year.over, money.already (the refund was applied for before).
    """
    for one in chosen:
        _check(one)
        years.require_open(ledger, one.difference.year, today)
    edits = [
        edit
        for one in chosen
        for edit in _EFFECTS.get((one.difference.code, one.answer), _nothing)(ledger, one)
    ]
    edits += list(_answers(ledger, chosen, today))
    claims = [
        money.Claim(one.difference.scope, one.difference.record, reason, fen)
        for one in chosen
        if one.answer == REFUND and one.difference.refund
        for reason, fen in (one.difference.refund,)
    ]
    applied = [money.apply(ledger, policy, claims, on=today, today=today)] if claims else []
    return merged([*applied, ledger.write(edits)])


def _check(one: Chosen) -> None:
    if one.answer not in one.difference.options:
        raise RuleViolation("reconcile.answer", field="answer")
    if one.answer == LEAVE and not one.why.strip():
        raise RuleViolation("reconcile.why", field="why")


# ---- the answer itself


def _answers(ledger: Ledger, chosen: Sequence[Chosen], today: date) -> Iterator[Edit]:
    told = _told(ledger, [one.difference for one in chosen])
    for one in chosen:
        difference = one.difference
        scope = difference.scope or ledger.profile.scope
        held = values(ledger.state_of(KIND, difference.key, scope))
        said = _said(one, told[difference.key])
        replied = bool(held.get("reply")) and held.get("reply_round") == held.get("answer_round")
        if not replied and all(held.get(name) == item for name, item in said.items()):
            continue
        number = int(held.get("answer_round") or 0) + 1
        answer = {**said, "answer_round": number, "answered_on": today.isoformat()}
        link = {"resident": difference.record, "year": difference.year}
        changes: dict[str, Value] = {"answer": answer} if held else {"link": link, "answer": answer}
        yield Edit(KIND, difference.key, changes, scope)


def _said(one: Chosen, told: rules.Told) -> Value:
    difference = one.difference
    here, listed = ({} if not difference.scope else side for side in (difference.here, difference.listed))
    said: Value = {
        "difference": difference.code,
        "detail": difference.detail,
        "fact": difference.fact,
        "here": json.dumps(dict(here), ensure_ascii=False, sort_keys=True),
        "listed": json.dumps(dict(listed), ensure_ascii=False, sort_keys=True),
        "list_kind": told.kind,
        "list_name": told.name,
        "list_on": told.on,
        "answer": one.answer,
        "answer_why": one.why.strip(),
    }
    return {name: item for name, item in said.items() if item}


def _told(ledger: Ledger, found: Sequence[Difference]) -> Mapping[str, rules.Told]:
    """Return which list speaks in each difference: the one it names, else the one its evidence came from."""
    wanted = [
        (one.scope, *record)
        for one in found
        for record in one.evidence[:1]
        if not (one.told.name and one.told.on)
    ]
    known = sources(ledger, wanted)
    told = {}
    for one in found:
        source = known.get((one.scope, *one.evidence[0])) if one.evidence else None
        told[one.key] = (
            rules.Told(source.kind, source.file, source.on) if source and source.file else one.told
        )
    return told


# ---- what an answer changes

_Effect = Callable[[Ledger, Chosen], list[Edit]]


def _nothing(_ledger: Ledger, _one: Chosen) -> list[Edit]:
    return []


def _void(*kinds: str) -> _Effect:
    """Take out the records of these kinds that a difference rests on."""

    def edits(ledger: Ledger, one: Chosen) -> list[Edit]:
        difference = one.difference
        why = one.why.strip() or VOIDED.get(difference.code, VOIDED[""])
        return [
            Edit(
                kind,
                record,
                {"void": void_value(ledger, difference.scope, kind, record, why)},
                difference.scope,
            )
            for kind, record in (*difference.held, *difference.evidence)
            if kind in kinds
        ]

    return edits


VOIDED = {
    "unposted": "税务名单中没有，经核对作废",
    "unreported": "经核对，不是本人缴费",
    "wrong_person": "缴费记错了人，已改到实际缴费人名下",
    "elsewhere_unpaid": "经核对，该处参保已终止",
    "departed_paid": "经核对，没有缴费",
    "": "经核对作废",
}
"""Why a record was taken out, as its history tells it."""


def _amount(ledger: Ledger, one: Chosen) -> list[Edit]:
    """Write the list's amount over the reported one."""
    difference = one.difference
    (kind, record), *_others = difference.held
    fact = ledger.state_of(kind, record, difference.scope)["fact"].value
    return [Edit(kind, record, {"fact": {**fact, "amount": difference.listed["amount"]}}, difference.scope)]


def _to_other(ledger: Ledger, one: Chosen) -> list[Edit]:
    """Give a payment to whom the list names: the same claim, with who laid it out, under the other's name."""
    difference = one.difference
    found = _void("payment")(ledger, one)
    for kind, record in difference.held:
        state = ledger.state_of(kind, record, difference.scope)
        beside: dict[str, Value] = {name: state[name].value for name in ("policy", "terms") if name in state}
        fact = {**state["fact"].value, "resident": difference.detail}
        moved = derived_id(kind, difference.detail, difference.year, record)
        found.append(Edit(kind, moved, {"fact": fact, **beside}, difference.scope))
    return found


def _absent(code: str) -> _Effect:
    """Record why somebody is not insured here: what the list's side says, else ``code``."""

    def edits(ledger: Ledger, one: Chosen) -> list[Edit]:
        difference = one.difference
        reason = str(difference.listed.get("absence") or code)
        if years.entered_under(ledger, difference.year).absence_reason(reason) is None:
            raise RuleViolation("absence.reason", field="reason")
        return facts.absence_edits(
            ledger, [difference.record], reason, note=one.why.strip(), on=None, year=difference.year,
            scope=difference.scope,
        )  # fmt: skip

    return edits


def _present(_ledger: Ledger, one: Chosen) -> list[Edit]:
    """Take back why somebody is not insured here."""
    difference = one.difference
    known = dict(difference.evidence).get("enrolment", "")
    record = known or derived_id("enrolment", difference.record, difference.year)
    return [Edit("enrolment", record, {"absence": {}, "terms": {}}, difference.scope)]


def _ungranted(_ledger: Ledger, one: Chosen) -> list[Edit]:
    """Take an identity out."""
    return [Edit(kind, record, {"grant": {}}, one.difference.scope) for kind, record in one.difference.held]


def _granted(ledger: Ledger, one: Chosen) -> list[Edit]:
    """Put an identity back as its department says it."""
    difference = one.difference
    grant = {"group_code": difference.detail, "grant_source": difference.listed.get("grant_source")}
    (kind, record), *_others = difference.held
    is_void = "void" in (state := ledger.state_of(kind, record, difference.scope)) and state["void"].value
    return [Edit(kind, record, {"grant": grant, **({"void": {}} if is_void else {})}, difference.scope)]


_EFFECTS: Mapping[tuple[str, str], _Effect] = {
    ("unposted", LIST): _void("payment"),
    ("unreported", LEDGER): _void("confirmation"),
    ("amounts", LIST): _amount,
    ("wrong_person", LIST): _to_other,
    ("elsewhere_paid", LEDGER): _present,
    ("elsewhere_unpaid", LIST): _absent(""),
    ("elsewhere_unpaid", LEDGER): _void("coverage"),
    ("departed_paid", LIST): _void("payment"),
    ("departed_paid", LEDGER): _present,
    ("departed_covered", LIST): _present,
    ("group_gone", LIST): _ungranted,
    ("group_unlisted", LIST): _ungranted,
    ("group_withheld", LIST): _granted,
    ("school_insured", LIST): _absent("student_elsewhere"),
}


# ---- the village


def reply(ledger: Ledger, record: str, answer: str, note: str = "", *, today: date) -> Changes:
    """Reply to what the office asked about one of the village's people.

    Raises RuleViolation: reconcile.reply (no such reply), reconcile.note (something else, without a note),
    reconcile.not_asked (nothing is asked there, or it was taken back).
    """
    if answer not in REPLIES:
        raise RuleViolation("reconcile.reply", field="reply")
    if answer == "other" and not note.strip():
        raise RuleViolation("reconcile.note", field="note")
    scope = ledger.home_of(KIND, record)
    held = values(ledger.state_of(KIND, record, scope))
    if held.get("answer") != ASK:
        raise RuleViolation("reconcile.not_asked")
    said: Value = {
        "reply": answer,
        "reply_note": note.strip(),
        "replied_on": today.isoformat(),
        "reply_round": held["answer_round"],
    }
    return ledger.write([Edit(KIND, record, {"reply": said}, scope)])
