"""The parts of a "why": where somebody stands, what to do by when, what it costs and who pays, from when costs are
reimbursed, what happens if not; each line with the paragraph it rests on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gui.i18n import _
from gui.wording import names, spoken
from gui.wording.because import reason_text, source_text
from gui.wording.disputes import disputed_text
from gui.wording.steps import step_text
from gui.wording.units import full_day, listed, money, month_day
from gui.wording.why import Case
from storage.policy.reasons import Reason
from storage.policy.window import waiting
from storage.queries.cards import PersonCard


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, and the document and paragraph behind it; "" where it follows from the entries alone."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One question with its answer: ``lead`` in short, ``lines`` why; ``code`` of ``PARTS``."""

    code: str
    title: str
    lead: str
    lines: tuple[Line, ...]


PARTS = ("standing", "step", "cost", "cover", "if_not")


def parts(case: Case) -> tuple[Part, ...]:
    """The parts that have something to say, in the order people ask; nothing is said twice."""
    answer, told = case.answer, _Told(case)
    if case.person.counted_in:
        elsewhere = Reason("counted_elsewhere")
        return (Part("standing", _titles()["standing"], "", tuple(told.lines([elsewhere]))),)
    today = waiting(case.policy, case.today, case.facts)
    others = (*answer.due.reasons, *answer.where.reasons, *answer.wait.reasons, *today.reasons)
    made = [
        _part("standing", states()[answer.state.code], _standing(case, told)),
        _part("step", _step(case), told.lines(_without(answer.step.reasons, others))),
    ]
    if answer.owing or answer.paid:
        made.append(_part("cost", _cost(case), (*told.lines(answer.due.reasons), *_refund(case, told))))
        more = [reason for reason in (answer.repair, answer.incentive) if reason]
        made.append(_part("cover", _cover(case), told.lines((*answer.wait.reasons, *more))))
    made.append(_part("if_not", "", told.lines(answer.if_not)))
    return tuple(part for part in made if part.lead or part.lines)


def sources(case: Case) -> tuple[str, ...]:
    """Every document and paragraph behind an answer, each once."""
    return tuple(dict.fromkeys(source_text(case.policy, cite) for cite in case.answer.sources()))


class _Told:
    """What was said already is not said again."""

    def __init__(self, case: Case) -> None:
        self._policy = case.policy
        self._seen: set[str] = set()

    def lines(self, reasons: Iterable[Reason]) -> Iterator[Line]:
        for reason in reasons:
            text = reason_text(self._policy, reason)
            if text not in self._seen:
                self._seen.add(text)
                yield Line(text, source_text(self._policy, reason.cite))


def _part(code: str, lead: str, lines: Iterable[Line]) -> Part:
    return Part(code, _titles()[code], lead, tuple(lines))


def _titles() -> dict[str, str]:
    return {
        "standing": _("Where they stand"),
        "step": _("What to do next"),
        "cost": _("What it costs, and who pays"),
        "cover": _("From when costs are reimbursed"),
        "if_not": _("What happens if not"),
    }


def _without(reasons: Iterable[Reason], others: tuple[Reason, ...]) -> list[Reason]:
    return [reason for reason in reasons if reason not in others]


def _counted(case: Case) -> Line:
    """In which figures the person counts."""
    within = [names.denominator(case.policy, code) for code, counts in case.answer.counted if counts]
    told = _("counts in: {figures}") if within else _("counts in no figure")
    return Line(told.format(figures=_("/").join(within)))


def _left_out(case: Case) -> list[Reason]:
    """Why the person does not count in the other figures."""
    return [one.reason for one in case.answer.counts if not one.counted]


def states() -> dict[str, str]:
    """State → its name, as in tables."""
    return {
        "departed": _("no longer one of this place's people"),
        "confirmed": _("paid and posted"),
        "posting": _("paid, to be posted"),
        "overdue": _("paid, posting overdue"),
        "undated": _("paid, day unknown"),
        "elsewhere": _("cared for elsewhere"),
        "explained": _("not insured, with a reason that counts"),
        "over": _("not insured, the year is over"),
        "refused": _("declined"),
        "unreachable": _("not to be found"),
        "before": _("not paid, the window is not open yet"),
        "open": _("not paid, the window is open"),
        "late": _("not paid, the window is closed"),
    }


def _standing(case: Case, told: _Told) -> Iterator[Line]:
    """Why they stand there; what entries disagree about, for then the answer is provisional."""
    if case.person.unsettled:
        yield Line(disputed_text(case.person.unsettled))
    yield from told.lines(case.answer.state.reasons)
    yield _counted(case)
    yield from told.lines(_left_out(case))


def _step(case: Case) -> str:
    card = PersonCard(case.person, case.answer.step, case.answer.due)
    text, by = step_text(case.policy, card), case.answer.step.deadline
    if by is None or month_day(by) in text:
        return text
    return _("{what}, by {day}").format(what=text, day=full_day(by))


def _cost(case: Case) -> str:
    """The premium and its parts: they add up to it."""
    due = case.answer.due
    payer = case.policy.group(due.group or "")
    office = payer.department if payer and payer.department else _("the public purse")
    parts = [_("own share {own}").format(own=money(due.own_fen))]
    if due.subsidy_fen:
        parts.append(_("{office} {aid}").format(office=office, aid=money(due.subsidy_fen)))
    if due.refund_fen:
        parts.append(
            _("paid first {now}, comes back {back}").format(
                now=money(due.pay_now_fen), back=money(due.refund_fen)
            )
        )
    return listed(parts)


def _refund(case: Case, told: _Told) -> Iterator[Line]:
    """Whether the premium comes back, and what has to be handed in for it."""
    refund = case.answer.refund
    if refund is None:
        return
    yield from told.lines(refund.reasons)
    if refund.evidence:
        yield Line(_("to be handed in: {papers}").format(papers=_("/").join(refund.evidence)))


def _cover(case: Case) -> str:
    covers, day = case.answer.covers, spoken.whole_day(case.answer.pay_on)
    if covers is None:
        return _("paid on {day}: nothing is reimbursed in this year").format(day=day)
    told = _("paid on {day}: {first} to {last}")
    return told.format(day=day, first=full_day(covers.first), last=full_day(covers.last))
