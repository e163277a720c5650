"""Why a rule answered as it did, as sentences with the paragraph each rests on (依据)."""

from collections.abc import Mapping
from datetime import date

from gui.i18n import _
from gui.wording import compared, consequences, eased, names, weighed
from gui.wording.units import money
from storage.policy.model import Cite, Policy
from storage.policy.reasons import Reason, citation


def reason_text(policy: Policy, reason: Reason) -> str:
    """One link of an answer's "because"; a code without words shows itself."""
    template = _words().get(reason.code, reason.code)
    return template.format_map({name: _param(policy, name, value) for name, value in reason.params.items()})


def source_text(policy: Policy, cite: Cite | None) -> str:
    """The document and paragraph behind a value, with how far it can be relied on; "" without one."""
    if cite is None:
        return ""
    grades: Mapping[str, str] = {
        "plan": "",
        "government": "",
        "press": _("press"),
        "weak": _("not verified"),
        "common": _("no document at hand"),
        "assumed": _("assumed"),
    }
    parts = [citation(policy, cite), cite.note, grades[policy.source(cite.source).grade]]
    return _("; ").join(part for part in parts if part)


def reason_codes() -> frozenset[str]:
    """Every code that has words."""
    return frozenset(_words())


def _param(policy: Policy, name: str, value: object) -> str:
    if name == "fen" and isinstance(value, int):
        return money(value)
    if name == "group":
        return names.group(policy, str(value or ""))
    if name == "absence":
        return names.absence(policy, str(value or ""))
    if name == "help":
        return names.help_reason(policy, str(value or ""))
    if name == "refund":
        rule = policy.refund_rule(str(value))
        return rule.name if rule else str(value)
    if name == "denominator":
        return names.denominator(policy, str(value))
    if name == "residence":
        return names.residence(policy, str(value or ""))
    if name == "channel":
        return names.channel(policy, str(value or ""))
    if value is None:
        return _("unknown")
    return value.isoformat() if isinstance(value, date) else str(value)


def _words() -> dict[str, str]:
    return {
        **weighed.words(),
        **eased.words(),
        **consequences.words(),
        **compared.words(),
        "premium": _("the {year} premium is {fen}"),
        "subsidy_advance": _("{group}: {fen} is paid by the office in advance"),
        "subsidy_refund": _("{group}: pay first, {fen} comes back"),
        "subsidy_not_added": _("{group} ({fen}) is not added: only the highest counts"),
        "subsidy_unknown": _("{group}: the documents at hand do not say what is paid"),
        "subsidy_none": _("{group}: nothing is paid"),
        "group_not_in_policy": _("{group}: this year's policy does not know the group"),
        "window_before": _("the window opens on {opens}"),
        "window_open": _("the window is open from {opens} to {closes}"),
        "window_late": _("the window closed on {closes}; who pays now pays late"),
        "window_over": _("benefits of this year ended on {ends}"),
        "window_closing": _("the window closes on {closes}, {days} days left"),
        "paid_in_window": _("paid inside the window (until {closes}): no waiting"),
        "wait_late": _("paid after the window ({closes}): {months} months of waiting"),
        "wait_lapsed": _("not insured for {years} years, {repaid} repaid: {months} months of waiting in all"),
        "lapse_unknown": _("earlier years are not known: at least {months} months of waiting"),
        "exempt_newborn": _("newborns enrolled within {days} days do not wait"),
        "exempt_group": _("{group} do not wait"),
        "exempt_job_left": _("left a job not more than {months} months ago ({until}): no waiting"),
        "cover_never_starts": _("cover would begin only after benefits end on {ends}"),
        "counted_elsewhere": _("counts in another village"),
        "departed": _("recorded as {absence}"),
        "absence_explained": _("recorded as {absence}: counts as explained"),
        "absence_not_explained": _("recorded as {absence}: does not count as explained"),
        "payment_is_voluntary": _("payment is voluntary; recorded as {absence}"),
        "settled": _("paid on {paid_on} and posted"),
        "posting_takes_days": _("posting takes up to {days} days, paid on {paid_on} ({channel})"),
        "posting_overdue": _("paid on {paid_on} ({channel}), not posted after {days} days"),
        "paid_on_unknown": _("the day of payment is not recorded"),
        "credential_inactive": _("the e-credential is not active; target day {deadline}"),
        "credential_too": _("the e-credential is not active either"),
        "child_binds_to_family": _(
            "aged {age}: under {under} the e-credential is bound to a parent's account"
        ),
        "needs_help": _("cannot pay alone: {help}"),
        "new_enrollee": _("newly enrolled this year; registered: {registered_on}"),
        "special_deadline": _("special groups are to be complete by {deadline}"),
        "newborn_deadline": _("newborns are to be enrolled within {days} days, by {deadline}"),
        "promised": _("agreed to come on {day}"),
        "promise_due": _("agreed to come on {day}, which is due"),
    }
