"""Refunds, laid-out money and sums as tables, and what stands beside the one that is chosen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text, two_lines
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording import refunds as words
from gui.wording.history import value_text
from gui.wording.units import NOTHING, amount, full_day, number
from storage.ledger import Ledger
from storage.policy import budgets
from storage.policy.budgets import Total
from storage.policy.model import Policy
from storage.policy.money import AGES, CLOSED, DUE, REFUSED, STEPS, SUBSIDY, UNDATED, band
from storage.queries import money, villages
from storage.queries.money import Loan, Money, Refund
from storage.queries.people import Household

TONES: Mapping[str, Tone] = {
    DUE: "warn", "applied": "info", "received": "warn", "handed": "warn", "signed": "info", CLOSED: "ok",
    REFUSED: "mute", "open": "warn", "part": "warn", "settled": "ok",
}  # fmt: skip
"""Amber is for us to do, blue waits for others, green is settled."""
ALL, OPEN = "", "open"
"""Filters beside the stages themselves: everything, and what is not done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: the money of one household, of a village ("" for all)."""

    household: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The money of a year, with the titles of an office's villages."""

    found: Money
    titles: Mapping[str, str]


def read(ledger: Ledger, policy: Policy, today: date, scope: str) -> Shown:
    """Read it on the ledger thread."""
    return Shown(
        money.read(ledger, policy, today, scope), villages.titles(ledger) if ledger.is_office else {}
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """Which lines to show: a stage (or OPEN, ALL), a band of ages, a household ("" for any), a line of the sums."""

    stage: str = OPEN
    age: str = ""
    household: str = ""
    summed: Total | None = None

    def takes(self, line: Refund | Loan) -> bool:
        """Whether a line is among them."""
        if self.household and (line.home is None or line.home.record != self.household):
            return False
        if self.summed is not None and not (isinstance(line, Refund) and _summed(self.summed, line)):
            return False
        stage, days, done = _state(line)
        return (not self.age or band(days) == self.age) and (
            not self.stage or stage == self.stage or (self.stage == OPEN and not done)
        )


def _summed(total: Total, one: Refund) -> bool:
    """Whether a refund is in a line of the sums: of a group, a department, a reason, or all together."""
    if not (total.department or total.group) and total.reason == SUBSIDY:
        return True
    return (total.reason, total.department, total.group or one.group) == (
        one.reason,
        one.department,
        one.group,
    )


def _state(line: Refund | Loan) -> tuple[str, int | None, bool]:
    if isinstance(line, Refund):
        return line.case.stage, line.case.days, line.case.done
    told = line.advance
    return f"loan_{told.stage}", told.days, told.done


# ---- tables


def refunds_model(policy: Policy, *, villages: bool) -> RowsModel:
    """Who, why, where it stands, how long, how much."""

    def who(one: Refund) -> Cell:
        return two_lines(
            one.person.name or _("no name"), _place(one.village, one.home, villages), strong=True
        )

    def due(one: Refund) -> Cell:
        left = _("{fen} not handed over").format(fen=amount(one.case.open_fen)) if one.case.open_fen else ""
        return two_lines(amount(one.case.due_fen), left)

    def why(one: Refund) -> Cell:
        return two_lines(words.reason(policy, one.reason), _source(policy, one))

    return RowsModel(
        [
            Column(_("Person"), lambda one: one.person.name, cell=who, width=170),
            Column(_("Reason for it"), lambda one: words.reason(policy, one.reason), cell=why, stretch=True),
            Column(
                _("Where it stands"), lambda one: words.stage(one.case.stage), lambda one: _order(one.case.stage),
                _stage_cell, stretch=True,
            ),
            Column(_("How old"), lambda one: _age(one.case.days), lambda one: one.case.days, _age_of, width=110),
            Column(
                _("Due, yuan"), lambda one: amount(one.case.due_fen), lambda one: one.case.due_fen, due, align="right",
            ),
        ],
        key=lambda one: one.short,
        ticks=True,
    )  # fmt: skip


def loans_model(*, villages: bool) -> RowsModel:
    """Who laid out, for whom, what, when, how much is not back."""

    def whom(one: Loan) -> Cell:
        return two_lines(one.name or _("no name"), _place(one.village, one.home, villages))

    def laid(one: Loan) -> Cell:
        left = _("{fen} not back").format(fen=amount(one.advance.open_fen)) if one.advance.open_fen else ""
        return two_lines(amount(one.advance.laid_fen), left)

    return RowsModel(
        [
            Column(_("Laid out by"), lambda one: one.by, cell=lambda one: [[Text(one.by, "strong")]], width=150),
            Column(_("For"), lambda one: one.name, cell=whom, stretch=True),
            Column(_("Laid out for what"), lambda one: words.laid_for(one.what)),
            Column(
                _("Where it stands"), lambda one: words.loan_stage(one.advance.stage), cell=_loan_cell, stretch=True
            ),
            Column(
                _("How old"), lambda one: _age(one.advance.days), lambda one: one.advance.days, _loan_age, width=110
            ),
            Column(
                _("Laid out, yuan"), lambda one: amount(one.advance.laid_fen), lambda one: one.advance.laid_fen, laid,
                align="right",
            ),
        ],
        key=lambda one: one.short,
        ticks=True,
    )  # fmt: skip


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


# ---- cells


def _place(village: str, home: Household | None, villages: bool) -> str:
    parts = [village if villages else ""]
    if home is not None:
        parts += [home.group, home.number]
    return " · ".join(part for part in parts if part)


def _source(policy: Policy, one: Refund) -> str:
    group = names.short_group(one.group) if one.group else ""
    lenders = _(", ").join(dict.fromkeys(loan.by for loan in one.lenders))
    laid = _("premium laid out by {name}").format(name=lenders) if lenders else ""
    return " · ".join(part for part in (one.department, group, laid) if part)


def _order(stage: str) -> int:
    return (DUE, *STEPS, CLOSED).index(stage)


def _stage_cell(one: Refund) -> Cell:
    tag = Tag(words.stage(one.case.stage), TONES[one.case.stage])
    return _marked(tag, one.case.problems, _more(one))


def _more(one: Refund) -> Iterator[Piece]:
    if one.case.advance_fen:
        yield Text(_("{name} laid it out").format(name=one.steps.advanced_by), "soft")
    if one.case.held_fen and one.case.stage != "received":
        yield Text(_("{fen} yuan still here").format(fen=amount(one.case.held_fen)), "soft")


def _loan_cell(one: Loan) -> Cell:
    tag = Tag(words.loan_stage(one.advance.stage), TONES[one.advance.stage])
    return _marked(tag, one.advance.problems, iter(()))


def _marked(tag: Tag, problems: Sequence[str], more: Iterator[Piece]) -> Cell:
    lines: list[list[Piece]] = [[tag]]
    lines += [[Text(words.problem(code), tone="bad")] for code in problems]
    extra = list(more)
    return [*lines, extra] if extra else lines


def _age(days: int | None) -> str:
    return words.age(band(None)) if days is None else _("{count} days").format(count=number(days))


def _age_of(one: Refund) -> Cell:
    return _aged(one.case.days, one.case.done)


def _loan_age(one: Loan) -> Cell:
    return _aged(one.advance.days, one.advance.stage == "settled")


def _aged(days: int | None, done: bool) -> Cell:
    tone: Tone | None = "bad" if not done and days is not None and days > 90 else None
    below = words.age(band(days)) if days is not None else ""
    lines: list[list[Piece]] = [[Text(_age(days), tone=tone)]]
    return [*lines, [Text(below, "soft")]] if below else lines


# ---- beside the one that is chosen


def steps_of(policy: Policy, one: Refund) -> list[str]:
    """What was recorded of a refund, step by step, with the names that stand there."""
    said = one.recorded.said if one.recorded else {}
    return [
        value_text(policy, "refund", step, said)
        for step in STEPS
        if said.get(f"{step}_on") or said.get(f"{step}_amount")
    ]


def settled_of(one: Loan) -> list[str]:
    """What came back of laid-out money, part by part."""
    return [
        " · ".join(
            part
            for part in (
                full_day(back.on), wording.money(back.fen), words.how(back.how),
                _("to {name}").format(name=back.to) if back.to else "",
                _("by {name}").format(name=back.by) if back.by else "", back.note,
            )
            if part
        )
        for back in one.settled
    ]  # fmt: skip


def ages(lines: Sequence[Refund | Loan]) -> str:
    """How much waits how long, "" where nothing does."""
    told = words.ageing(money.ageing(lines))
    return _("Waiting: {ages}").format(ages=told) if told else ""


def summary(found: Money) -> str:
    """How much waits where, in one line."""
    open_ = [one for one in found.refunds if not one.case.done]
    told = [
        _("{count} refunds open, {fen} yuan not handed over").format(
            count=number(len(open_)), fen=amount(sum(one.case.open_fen for one in open_))
        )
    ]
    unsigned = sum(not one.case.open_fen for one in open_)
    held = sum(one.case.held_fen for one in found.refunds)
    lent = sum(one.advance.open_fen for one in found.loans)
    if unsigned:
        told.append(_("{count} of them handed over, not yet signed").format(count=number(unsigned)))
    if held:
        told.append(_("{fen} yuan came and lie here").format(fen=amount(held)))
    if lent:
        told.append(_("{fen} yuan laid out and not back").format(fen=amount(lent)))
    return " · ".join(told)
