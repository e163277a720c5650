"""The policy as a table: each value with the paragraph it rests on."""

from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from storage.policy.amounts import subsidy_fen
from storage.policy.model import Cite, Group, Policy, Target


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One value of the policy with its source."""

    what: str
    value: str
    source: str


def policy_model() -> RowsModel:
    """What, value, source."""
    return RowsModel(
        [
            Column(
                _("Item"), lambda line: line.what, cell=lambda line: [[Text(line.what, "strong")]], width=210
            ),
            Column(_("Value"), lambda line: line.value, width=240),
            Column(
                _("Source"),
                lambda line: line.source,
                cell=lambda line: [[Text(line.source, "soft")]],
                stretch=True,
            ),
        ],
        key=lambda line: (line.what, line.value),
    )


def policy_lines(policy: Policy) -> list[PolicyLine]:
    """Window, premium, benefit, targets, waiting, groups."""

    def line(what: str, value: str, cite: Cite | None) -> PolicyLine:
        return PolicyLine(what, value, wording.source_text(policy, cite))

    window, benefit = policy.window, policy.benefit
    days = _("{first} to {last}")
    return [
        line(_("Window"), days.format(first=window.start, last=window.end), window.cite),
        line(_("Benefit period"), days.format(first=benefit.start, last=benefit.end), benefit.cite),
        line(_("Premium of a person"), wording.money(policy.personal_fen), policy.personal_cite),
        *(line(_target(target), _target_value(policy, target), target.cite) for target in policy.targets),
        line(
            _("Late payment waits"),
            _("{months} months").format(months=policy.waiting.late_months),
            policy.waiting.cite,
        ),
        line(
            _("Newborns"),
            _("within {days} days of birth").format(days=policy.newborn.days),
            policy.newborn.cite,
        ),
        *(line(group.name, _aid(policy, group), group.cite) for group in policy.groups),
    ]


def _target(target: Target) -> str:
    return {
        "everyone": _("Target: everybody"),
        "special": _("Target: special groups"),
        "students": _("Target: students"),
        "credential": _("Target: e-credentials"),
    }[target.applies_to]


def _target_value(policy: Policy, target: Target) -> str:
    parts = [f"{target.rate:.0%}" if target.rate is not None else "", ""]
    if target.deadline:
        parts[1] = _("by {day}").format(day=target.deadline.isoformat())
    base = names.denominator(policy, target.denominator) if target.denominator else ""
    return " · ".join(part for part in (*parts, base) if part)


def _aid(policy: Policy, group: Group) -> str:
    money = wording.money(subsidy_fen(policy, group))
    return {
        "advance": _("{money} paid by the office").format(money=money),
        "refund": _("pay first, {money} comes back").format(money=money),
        "none": _("nothing paid"),
        "unknown": _("the documents do not say"),
    }[group.mode]
