"""Facts about a person besides payment: credential, assistance, why not insured here, new enrolment."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from storage import binding, policies, years
from storage.commands.days import not_future
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.records import Value, canonical, derived_id

CREDENTIAL_WAYS = ("self", "family", "helped")


def credential(
    ledger: Ledger, residents: Sequence[str], way: str, *, on: date, today: date, holder: str = ""
) -> Changes:
    """Record the e-credential as active: by oneself, bound to family (to the account of ``holder``), or with help."""
    return ledger.write(credential_edits(ledger, residents, way, on=on, today=today, holder=holder))


def credential_edits(
    ledger: Ledger, residents: Sequence[str], way: str, *, on: date, today: date, holder: str = ""
) -> list[Edit]:
    """Return what ``credential`` writes. Raises RuleViolation: credential.way, credential.holder, date.future."""
    if way not in CREDENTIAL_WAYS:
        raise RuleViolation("credential.way", field="way", way=way)
    not_future(on, today)
    if holder in residents:
        raise RuleViolation("credential.holder", field="holder")
    by = binding.written(way, holder)
    value = {"credential": "active", "credential_by": by, "credential_on": on.isoformat()}
    return _edits(ledger, "credential", residents, "state", value, None)


def credential_withdrawn(ledger: Ledger, residents: Sequence[str]) -> Changes:
    """Take the entry back: not active after all."""
    return ledger.write(_edits(ledger, "credential", residents, "state", {}, None))


def assistance(
    ledger: Ledger, residents: Sequence[str], reason: str, *, what: str, on: date | None, note: str, year: int
) -> Changes:
    """Record that these people cannot pay by themselves: why, what is needed, when it is arranged for."""
    return ledger.write(assistance_edits(ledger, residents, reason, what=what, on=on, note=note, year=year))


def assistance_edits(
    ledger: Ledger, residents: Sequence[str], reason: str, *, what: str, on: date | None, note: str, year: int
) -> list[Edit]:
    """Return what ``assistance`` writes. Raises RuleViolation assistance.reason."""
    if not reason:
        raise RuleViolation("assistance.reason", field="reason")
    value = {"need": reason, "need_what": what, "need_on": on.isoformat() if on else None, "need_note": note}
    return _edits(ledger, "assistance", residents, "need", value, year)


def assistance_withdrawn(ledger: Ledger, residents: Sequence[str], year: int) -> Changes:
    """Take the entry back: they can pay by themselves."""
    return ledger.write(_edits(ledger, "assistance", residents, "need", {}, year))


def absence(
    ledger: Ledger,
    residents: Sequence[str],
    reason: str,
    *,
    note: str,
    on: date | None,
    year: int,
    scope: str = "",
) -> Changes:
    """Record why somebody is not insured here this year (``reason`` is a code of the policy in force).

    ``scope`` names the village where several have the record.
    """
    return ledger.write(absence_edits(ledger, residents, reason, note=note, on=on, year=year, scope=scope))


def absence_edits(
    ledger: Ledger,
    residents: Sequence[str],
    reason: str,
    *,
    note: str,
    on: date | None,
    year: int,
    scope: str = "",
) -> list[Edit]:
    """Return what ``absence`` writes. Raises RuleViolation absence.reason."""
    if not reason:
        raise RuleViolation("absence.reason", field="reason")
    value = {"absence": reason, "absence_note": note, "absence_on": on.isoformat() if on else None}
    terms = {"terms": policies.terms(years.entered_under(ledger, year))}
    return _edits(ledger, "enrolment", residents, "absence", value, year, home=scope, beside=terms)


def absence_withdrawn(ledger: Ledger, residents: Sequence[str], year: int) -> Changes:
    """Take the reason back: this person is to be insured here."""
    return ledger.write(_edits(ledger, "enrolment", residents, "absence", {}, year, beside={"terms": {}}))


def new_enrollee(ledger: Ledger, residents: Sequence[str], year: int, *, new: bool = True) -> Changes:
    """Mark (or unmark) people as newly enrolled this year (新参人员)."""
    value: Value = {"entry": "new"} if new else {}
    return ledger.write(_edits(ledger, "enrolment", residents, "entry", value, year))


def grant(
    ledger: Ledger, residents: Sequence[str], group: str, *, source: str, since: date | None, year: int
) -> Changes:
    """Record that these people belong to a subsidy group of the policy this year, and who says so."""
    if not group:
        raise RuleViolation("grant.group", field="group")
    value = {"group_code": group, "grant_source": source, "since": since.isoformat() if since else None}
    return ledger.write(_edits(ledger, "subsidy", residents, "grant", value, year, group))


def grant_withdrawn(ledger: Ledger, residents: Sequence[str], group: str, year: int) -> Changes:
    """Take the entry back: not a member of the group after all."""
    return ledger.write(_edits(ledger, "subsidy", residents, "grant", {}, year, group))


def _edits(
    ledger: Ledger,
    kind: str,
    residents: Sequence[str],
    register: str,
    value: Value,
    year: int | None,
    *key: str,
    home: str = "",
    beside: Mapping[str, Value] = MappingProxyType({}),
) -> list[Edit]:
    """Return what has to be written so that a register says ``value``, with what goes ``beside`` it.

    Raises RuleViolation year.over.
    """
    if year is not None:
        years.require_open(ledger, year, ledger.clock.today())
    edits = []
    for resident in dict.fromkeys(residents):
        link: Value = {"resident": resident} if year is None else {"resident": resident, "year": year}
        record = derived_id(kind, resident) if year is None else derived_id(kind, resident, year, *key)
        scope = home or ledger.home_of("resident", resident)
        state = ledger.state_of(kind, record, scope)
        held = state.get(register)
        wanted = canonical(kind, register, value)
        if held is None and not wanted:
            continue
        if held is not None and held.value == wanted and not held.conflict:
            continue
        changes = {**({} if "link" in state else {"link": link}), register: value, **beside}
        edits.append(Edit(kind, record, changes, scope))
    return edits
