"""Entries in words: what was written, who wrote it, and how it came here."""

from collections.abc import Callable
from datetime import date
from typing import Any

from gui.i18n import _
from gui.wording import names, refunds
from gui.wording.doubts import doubt_text
from gui.wording.units import id_number, listed, money, phone
from storage.policy.model import Policy
from storage.queries.history import HistoryRow
from storage.queries.people import day
from storage.records import Value

_HIDDEN = frozenset(
    ("household", "resident", "year", "left", "right", "rows", "counted_record", "counted_seen", "advance")
)
"""Fields that hold record ids, or what the line says anyway."""


def history_text(policy: Policy, row: HistoryRow, *, masked: bool = True) -> str:
    """One line of a history: 缴费 400 元，移动POS机，垫付 村会计."""
    text = value_text(policy, row.kind, row.register, row.value, row.before, masked=masked)
    return _("{text} (not readable here)").format(text=text) if row.inert else text


def terms_text(row: HistoryRow) -> str:
    """The policy an entry was made under: 按《…》第 2 版; "" where it does not say."""
    if row.terms is None:
        return ""
    title = row.terms.title or row.terms.policy
    return _("under “{title}”, version {version}").format(title=title, version=row.terms.version)


def who_text(row: HistoryRow, own_replica: str) -> str:
    """Who wrote an entry and from where: 王联络员 · 本机, or the bundle it came in."""
    if row.bundle:
        place = _("bundle {name}").format(name=row.bundle)
    else:
        place = _("this computer") if row.replica == own_replica else _("an earlier copy of this ledger")
    return " · ".join(part for part in (row.who, place) if part)


def via_text(via: str) -> str:
    """The list an entry came from, with file and row where they are known: 花名册《…》第 14 行."""
    source, _colon, rest = via.partition(":")
    name, _colon, row = rest.rpartition(":")
    if not name:
        return names.source(source)
    return _("{source} {file}, row {row}").format(source=names.source(source), file=name, row=row)


def value_text(
    policy: Policy,
    kind: str,
    register: str,
    value: Value,
    before: Value | None = None,
    *,
    masked: bool = True,
) -> str:
    """A register's value in words; where ``before`` is given, only what changed."""
    if register == "void":
        reason = value.get("void_reason")
        return _("voided: {reason}").format(reason=reason) if reason else _("no longer voided")
    special = _SPECIAL.get((kind, register))
    if special is not None:
        return special(policy, value)
    text = _changes(policy, kind, register, value, before or {}, masked)
    moved = register == "membership" and (before or {}).get("household") not in (None, value.get("household"))
    return listed([_("moved to another household"), text]) if moved else text


def field_text(policy: Policy, field: str, value: Any, *, masked: bool = True) -> str:
    """One field's value in words."""
    if value is None or value == "":
        return _("empty")
    plain = str(value)
    match field:
        case "id_number":
            return id_number(plain, masked=masked)
        case "phone":
            return phone(plain, masked=masked)
        case "amount" | "received_amount" | "handed_amount":
            return money(int(value))
        case "doubts" | "checked":
            return doubt_text(plain)
        case _:
            return _named(policy, field, plain)


def _named(policy: Policy, field: str, code: str) -> str:
    match field:
        case "sex":
            return names.sex(code)
        case "relation":
            return names.relation(code)
        case "residence":
            return names.residence(policy, code)
        case "channel":
            return names.channel(policy, code)
        case "absence":
            return names.absence(policy, code)
        case "need":
            return names.help_reason(policy, code)
        case "group_code":
            return names.group(policy, code)
        case "credential_by":
            return names.credential_way(code)
        case "counted_in" | "counted_from":
            return names.village(code)
        case "outcome":
            return names.outcome(code)
        case "refund_reason":
            return refunds.reason(policy, code)
        case "handed_how" | "settled_how":
            return refunds.how(code)
        case _:
            return code


def _changes(policy: Policy, kind: str, register: str, value: Value, before: Value, masked: bool) -> str:
    fields = [
        name for name in (*value, *(name for name in before if name not in value)) if name not in _HIDDEN
    ]
    changed = [name for name in fields if value.get(name) != before.get(name)]
    parts = []
    for name in changed or fields:
        new = field_text(policy, name, value.get(name), masked=masked)
        if before.get(name) is not None and changed:
            old = field_text(policy, name, before[name], masked=masked)
            parts.append(_("{field} {old} → {new}").format(field=names.field(name), old=old, new=new))
        else:
            parts.append(_("{field} {value}").format(field=names.field(name), value=new))
    return listed(parts) or names.register(kind, register)


def _short(text: Any) -> str:
    found = day(text) if isinstance(text, str) else None
    return found.isoformat() if isinstance(found, date) else str(text or "")


def _payment(policy: Policy, value: Value) -> str:
    receipt, payer, advanced = value.get("receipt"), value.get("payer"), value.get("advanced_by")
    return listed(
        [
            _("paid {amount}").format(amount=money(_fen(value, "amount"))),
            _short(value.get("paid_on")),
            names.channel(policy, value.get("channel")),
            _("receipt {number}").format(number=receipt) if receipt else "",
            _("payer {name}").format(name=payer) if payer else "",
            _("advanced by {name}").format(name=advanced) if advanced else "",
        ]
    )


def _posted(policy: Policy, value: Value) -> str:
    posted = _("posted {amount}").format(amount=money(_fen(value, "amount")))
    return listed([posted, _short(value.get("paid_on")), names.channel(policy, value.get("channel"))])


def _credential(policy: Policy, value: Value) -> str:
    if value.get("credential") != "active":
        return _("e-credential not active")
    way = names.credential_way(value.get("credential_by"))
    return listed([_("e-credential active"), way, _short(value.get("credential_on"))])


def _need(policy: Policy, value: Value) -> str:
    if not value.get("need"):
        return _("needs no help to pay")
    why = _("needs help to pay: {why}").format(why=names.help_reason(policy, value["need"]))
    agreed = _("agreed for {day}").format(day=value["need_on"]) if value.get("need_on") else ""
    return listed([why, value.get("need_what") or "", agreed, value.get("need_note") or ""])


def _absence(policy: Policy, value: Value) -> str:
    if not value.get("absence"):
        return _("is to be insured here")
    why = _("not insured here: {why}").format(why=names.absence(policy, value["absence"]))
    return listed([why, value.get("absence_note") or "", _short(value.get("absence_on"))])


def _entry(policy: Policy, value: Value) -> str:
    return _("newly enrolled this year") if value.get("entry") == "new" else _("not newly enrolled")


def _refund_claim(policy: Policy, value: Value) -> str:
    told = _("{amount} come back: {why}")
    amount = money(_fen(value, "amount"))
    why = refunds.reason(policy, str(value.get("refund_reason") or ""))
    return listed([told.format(amount=amount, why=why), value.get("department") or ""])


def _refund_applied(policy: Policy, value: Value) -> str:
    if not value.get("applied_on"):
        return _("not applied for")
    parts = (_short(value["applied_on"]), value.get("applied_by"), value.get("applied_paper"))
    return listed([_("refund applied for"), *(part or "" for part in parts)])


def _refund_refused(policy: Policy, value: Value) -> str:
    if not value.get("refused_on"):
        return _("not refused after all")
    return listed([_("refund refused"), _short(value["refused_on"]), value.get("refused_why") or ""])


def _refund_received(policy: Policy, value: Value) -> str:
    if not value.get("received_amount"):
        return _("not received from finance")
    told = _("refund received: {amount}").format(amount=money(int(value["received_amount"])))
    batch = value.get("received_batch")
    parts = (_short(value.get("received_on")), value.get("received_from") or "")
    return listed([told, *parts, _("batch {number}").format(number=batch) if batch else ""])


def _refund_handed(policy: Policy, value: Value) -> str:
    if not value.get("handed_amount"):
        return _("not handed over")
    told = _("{amount} handed over to {name}")
    by, lender = value.get("handed_by"), value.get("advanced_by")
    return listed(
        [
            told.format(amount=money(_fen(value, "handed_amount")), name=value.get("handed_to") or "—"),
            _short(value.get("handed_on")),
            refunds.how(str(value.get("handed_how") or "")),
            _("by {name}").format(name=by) if by else "",
            _("advanced by {name}").format(name=lender) if lender else "",
        ]
    )


def _refund_signed(policy: Policy, value: Value) -> str:
    if not value.get("signed_on"):
        return _("not signed for")
    told = _("signed for by {name}").format(name=value.get("signed_by") or "—")
    parts = (value.get("signed_as"), value.get("signed_paper"))
    return listed([told, _short(value["signed_on"]), *(part or "" for part in parts)])


def _settlement(policy: Policy, value: Value) -> str:
    told = _("{amount} of what was laid out given back to {name}")
    by, amount = value.get("settled_by"), money(_fen(value, "amount"))
    return listed(
        [
            told.format(amount=amount, name=value.get("settled_to") or "—"),
            _short(value.get("settled_on")),
            refunds.how(str(value.get("settled_how") or "")),
            _("by {name}").format(name=by) if by else "",
            value.get("settled_note") or "",
        ]
    )


def _grant(policy: Policy, value: Value) -> str:
    name = names.group(policy, value.get("group_code"))
    return listed([_("subsidy group {name}").format(name=name), value.get("grant_source") or ""])


def _visit(policy: Policy, value: Value) -> str:
    retry = value.get("retry_on")
    return listed(
        [
            _("visited: {outcome}").format(outcome=names.outcome(value.get("outcome"))),
            _short(value.get("visited_on")),
            value.get("visit_note") or "",
            _("come again on {day}").format(day=retry) if retry else "",
        ]
    )


_SPECIAL: dict[tuple[str, str], Callable[[Policy, Value], str]] = {
    ("payment", "fact"): _payment,
    ("confirmation", "fact"): _posted,
    ("credential", "state"): _credential,
    ("assistance", "need"): _need,
    ("enrolment", "absence"): _absence,
    ("enrolment", "entry"): _entry,
    ("subsidy", "grant"): _grant,
    ("visit", "fact"): _visit,
    ("refund", "claim"): _refund_claim,
    ("refund", "applied"): _refund_applied,
    ("refund", "refused"): _refund_refused,
    ("refund", "received"): _refund_received,
    ("refund", "handed"): _refund_handed,
    ("refund", "signed"): _refund_signed,
    ("settlement", "fact"): _settlement,
}


def _fen(value: Value, name: str) -> int:
    """An amount as an entry has it; one that does not count may say anything."""
    said = value.get(name)
    return said if isinstance(said, int) else 0
