"""The policy as a table: each value with the paragraph it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names, policy_fields
from storage.policy.amounts import subsidy_fen
from storage.policy.drafting import text_of
from storage.policy.model import Cite, Group, Policy, RefundRule, Target
from storage.policy.schema import get, shapes


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
        line(
            policy_fields.label(Policy, "highest_only"),
            _("yes") if policy.highest_only else _("no"),
            policy.highest_only_cite,
        ),
        *_rules(policy),
        *(
            line(f"{policy_fields.label(Policy, 'refunds')} › {rule.name}", _refund(rule), rule.cite)
            for rule in (policy.refunds.rules if policy.refunds else ())
        ),
    ]


_TOLD = frozenset(("waiting.late_months", "newborn.days"))
"""What the lines above say already."""


def _rules(policy: Policy) -> Iterator[PolicyLine]:
    """Every other value of the rules that differs from nothing said, with the paragraph of its table or its own."""
    raw = text_of(policy)
    for name in (
        "waiting",
        "newborn",
        "incentive",
        "refunds",
        "doubles",
        "self_payment",
        "finance",
        "yellow_cards",
        "family_binding",
    ):
        table, model = getattr(policy, name), shapes(Policy)[name].model
        if table is None or model is None:
            continue
        for field, shape in shapes(model).items():
            held = get(raw, f"{name}.{field}")
            told = f"{name}.{field}" in _TOLD or held == shape.default or shape.holds in ("table", "entries")
            if not told and held not in (None, []):
                what = f"{policy_fields.label(Policy, name)} › {policy_fields.label(model, field)}"
                cite = getattr(table, f"{field.split('_')[0]}_cite", None) or getattr(table, "cite", None)
                value = policy_fields.value(shape, model, held, raw)
                yield PolicyLine(what, value, wording.source_text(policy, cite))


def _refund(rule: RefundRule) -> str:
    parts = (
        policy_fields.choice(RefundRule, "before", rule.before),
        policy_fields.choice(RefundRule, "after", rule.after),
    )
    return _("before the benefit period {before}, after it has begun {after}").format(
        before=parts[0], after=parts[1]
    )


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
