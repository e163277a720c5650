"""Refunds and laid-out money as tables, and what stands beside the one that is chosen."""

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
from gui.wording.units import amount, full_day, number
from storage.ledger import Ledger
from storage.policy.budgets import Total
from storage.policy.model import Policy
from storage.policy.money import CLOSED, DUE, REFUSED, STEPS, SUBSIDY, band
from storage.queries import money, villages
from storage.queries.housing import Household
from storage.queries.money import Loan, Money, Refund

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
