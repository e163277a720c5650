"""The money of a year summed: by department and group, and village by village by how long it waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gui.i18n import _
from gui.widgets.pieces import Cell, Text, two_lines
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording import refunds as words
from gui.wording.units import NOTHING, amount, number
from storage.policy import budgets
from storage.policy.budgets import Total
from storage.policy.model import Policy
from storage.policy.money import AGES, SUBSIDY, UNDATED
from storage.queries import money
from storage.queries.money import Money


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A line of the sums: a group under its department, a department, or all."""

    row: Total
    title: str
    below: str
    strong: bool = False


def totals_model() -> RowsModel:
    """Planned, due, received, handed over, signed for, open; by department and group."""

    def cell(line: TotalLine) -> Cell:
        people = _("{count} people").format(count=number(line.row.people)) if line.row.people else ""
        indent = "" if line.strong else "　"
        below = " · ".join(part for part in (line.below, people) if part)
        return two_lines(f"{indent}{line.title}", f"{indent}{below}" if below else "", strong=line.strong)

    def fen(title: str, name: str) -> Column:
        def value(line: TotalLine) -> int:
            return int(getattr(line.row, name))

        def shown(line: TotalLine) -> Cell:
            return [[Text(_figure(line, name), "strong" if line.strong else "normal")]]

        return Column(title, lambda line: _figure(line, name), value, shown, align="right")

    def parts(line: TotalLine) -> Cell:
        row = line.row
        split = _("confirmed {confirmed}, outstanding {outstanding}")
        below = split.format(confirmed=amount(row.confirmed_fen), outstanding=amount(row.outstanding_fen))
        return two_lines(_figure(line, "budget_fen"), below if row.budget_fen else "", strong=line.strong)

    planned = Column(
        _("Planned"),
        lambda line: _figure(line, "budget_fen"),
        lambda line: line.row.budget_fen,
        parts,
        align="right",
    )
    return RowsModel(
        [
            Column(_("Departments (yuan)"), lambda line: line.title, cell=cell, stretch=True),
            planned,
            fen(_("To come back"), "due_fen"),
            fen(_("From finance"), "received_fen"),
            fen(_("To the people"), "handed_fen"),
            fen(_("With a signature"), "signed_fen"),
            fen(_("Still to hand over"), "open_fen"),
        ],
        key=lambda line: (line.row.department, line.row.group, line.row.reason, line.strong),
    )  # fmt: skip


def _figure(line: TotalLine, name: str) -> str:
    row = line.row
    if name == "budget_fen" and row.unknown and not row.budget_fen:
        return _("not said")
    if name != "budget_fen" and row.mode == "advance" and not row.due_fen:
        return NOTHING
    return amount(getattr(row, name))


def total_title(policy: Policy, row: Total) -> str:
    """What a line of the sums is about, in words."""
    if row.reason != SUBSIDY:
        return words.reason(policy, row.reason)
    parts = (row.department, names.group(policy, row.group) if row.group else "")
    return " · ".join(part for part in parts if part) or _("Together")


def total_lines(policy: Policy, rows: Sequence[Total]) -> list[TotalLine]:
    """Each department with its groups below it, refunds for other reasons, and all together."""
    found: list[TotalLine] = []
    for office in budgets.departments(rows):
        title = office.department or _("(the policy names no department)")
        if office.reason != SUBSIDY:
            title = words.reason(policy, office.reason)
        found.append(
            TotalLine(office, title, _("refund of premiums") if office.reason != SUBSIDY else "", True)
        )
        for row in rows:
            if row.reason == office.reason == SUBSIDY and row.department == office.department:
                group = names.group(policy, row.group) or _("(group not known)")
                found.append(TotalLine(row, group, words.mode(row.mode)))
    if found:
        found.append(TotalLine(budgets.everything(rows), _("Together"), "", True))
    return found


def reconciled(rows: Sequence[Total]) -> str:
    """How the budget of what comes back and what is due agree to the fen, in one sentence."""
    back = budgets.everything([row for row in rows if row.mode == "refund" and row.reason == SUBSIDY])
    told = _("Of the budget for refunds {budget} yuan: due now {due}, not paid yet {unpaid}")
    parts = [
        told.format(
            budget=amount(back.budget_fen),
            due=amount(back.due_fen - back.outside_fen),
            unpaid=amount(back.unpaid_fen),
        )
    ]
    if back.short_fen:
        parts.append(_("{fen} less because less was paid").format(fen=amount(back.short_fen)))
    if back.outside_fen:
        parts.append(
            _("and {fen} due to people no longer in the budget").format(fen=amount(back.outside_fen))
        )
    return _("{told}.").format(told=_("; ").join(parts))


def agreed(found: Money) -> str:
    """How the budget agrees with what is due, and that people, rosters and departments come to one sum."""
    return "\n".join((reconciled(found.totals), words.agreed(money.agreement(found))))


# ---- how long money waits, village by village


@dataclass(frozen=True, slots=True)
class AgeLine:
    """What waits in a village by how long; "" for all of them together."""

    scope: str
    title: str
    ages: Mapping[str, tuple[int, int]]

    def fen(self, band: str = "") -> int:
        """What waits in a band, in all bands for ""."""
        return sum(fen for code, (_count, fen) in self.ages.items() if band in ("", code))

    def count(self, band: str = "") -> int:
        """How many wait."""
        return sum(count for code, (count, _fen) in self.ages.items() if band in ("", code))


def age_lines(found: Money) -> list[AgeLine]:
    """The villages where something waits, the most money first, and all together."""
    waiting: list[money.Refund | money.Loan] = [*found.refunds, *found.loans]
    lines = [AgeLine(scope, title, ages) for (scope, title), ages in money.by_village(waiting).items()]
    lines = sorted((line for line in lines if line.count()), key=lambda line: (-line.fen(), line.scope))
    return [*lines, AgeLine("", _("Together"), money.ageing(waiting))]


def ages_model() -> RowsModel:
    """A village a line, a band of ages a column."""
    return RowsModel(age_columns([]), key=lambda line: line.scope)


def age_columns(lines: Sequence[AgeLine]) -> list[Column]:
    """The bands: yuan, and below how many; of days that are not known only where there are any."""

    def band_of(code: str, title: str) -> Column:
        def cell(line: AgeLine) -> Cell:
            count = line.count(code)
            below = _("{count} open").format(count=number(count)) if count else ""
            return two_lines(amount(line.fen(code)) if count else NOTHING, below, strong=not line.scope)

        return Column(
            title, lambda line: amount(line.fen(code)), lambda line: line.fen(code), cell, align="right"
        )

    def who(line: AgeLine) -> Cell:
        return [[Text(line.title, "normal" if line.scope else "strong")]]

    bands = [code for code in AGES if code != UNDATED or any(line.count(code) for line in lines)]
    return [
        Column(_("Village"), lambda line: line.title, cell=who, stretch=True),
        *(band_of(code, words.age(code)) for code in bands),
        band_of("", _("Together")),
    ]
