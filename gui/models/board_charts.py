"""The board as charts: who stands where, how each got there day by day, the special groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.charts.values import Bar, Chart, Panel, Progress, Ranking
from gui.i18n import _
from gui.models import moved
from gui.models.board import Board, BoardRow, target_of
from gui.models.roll import GROUP_UNPAID
from gui.wording import names
from gui.wording.places import below, is_banner
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import charted, figures
from storage.queries.charted import Days
from storage.queries.earlier import Earlier

RANKING, LINES, GROUPS = CHARTS = ("ranking", "lines", "groups")


@dataclass(frozen=True, slots=True)
class Read:
    """What charts show beyond the board: payments by day and place, groups with their people and who of them paid."""

    days: Mapping[str, Days]
    whole: Days
    groups: Mapping[str, tuple[int, int]]


def read(ledger: Ledger, policy: Policy, denominator: str) -> Read:
    """Read it on the ledger thread."""
    banner = is_banner(ledger.profile.scope)
    paid = charted.paid_days(
        ledger, policy, denominator, (lambda scope: scope[:9] + "000") if banner else None
    )
    return Read(paid.parts if banner else paid.rows, paid.total, charted.groups(ledger, policy))


def ranking(policy: Policy, board: Board, earlier: Earlier | None, office: str, today: date) -> Ranking:
    """The places by rate, with the target and what stood before."""
    return Ranking(
        _("Ranked by the rate of {base}").format(base=_base(policy, board)),
        _("rate of {base}, a full bar is everybody").format(base=_base(policy, board)),
        below(office).title,
        [_bar(row, earlier) for row in board.rows if row.rank is not None],
        _target(policy, board),
        moved.words(earlier, today) if earlier else "",
        _whole(board, today),
    )


def lines(policy: Policy, board: Board, found: Read, office: str, today: date) -> Progress:
    """How each place got to its rate, day by day as people paid."""
    first = min(policy.window.start, today)
    target = policy.target("everyone")
    shown = target_of(policy, board.denominator)
    undated = found.whole[None]
    notes = (
        [
            _("{count} payments without a day stand on the last one.").format(
                count=wording.units.number(undated)
            )
        ]
        if undated
        else []
    )
    return Progress(
        _("Paid day by day, of {base}").format(base=_base(policy, board)),
        _("rate of {base}").format(base=_base(policy, board)),
        below(office).title,
        first,
        today,
        [_panel(row, found, first, today) for row in board.rows if row.rank is not None],
        charted.line(found.whole, board.total.should, first, today),
        _("all together"),
        _target(policy, board),
        (target.deadline if target and shown else None) or policy.window.end,
        _whole(board, today),
        notes,
    )


def groups(policy: Policy, found: Read, today: date) -> Ranking:
    """The special groups: how many of each have paid; whoever is in several counts in each."""
    target = policy.target("special")
    special = {group.code for group in policy.groups if group.special}
    known = {code: counts for code, counts in found.groups.items() if code in special}
    return Ranking(
        _("Special groups paid"),
        _("paid, a full bar is everybody of the group"),
        _("Group"),
        [_group(code, *counts) for code, counts in known.items()],
        float(target.rate) if target is not None and target.rate is not None else None,
        summary=wording.units.full_day(today),
        notes=[_("Whoever is in several groups counts in each; Enter opens who has not paid.")],
    )


def chart(
    which: str, policy: Policy, board: Board, found: Read, earlier: Earlier | None, office: str, today: date
) -> Chart:
    """One of them."""
    if which == RANKING:
        return ranking(policy, board, earlier, office, today)
    return lines(policy, board, found, office, today) if which == LINES else groups(policy, found, today)


def _base(policy: Policy, board: Board) -> str:
    return names.denominator(policy, board.denominator)


def _target(policy: Policy, board: Board) -> float | None:
    target = target_of(policy, board.denominator)
    return float(target.rate) if target is not None and target.rate is not None else None


def _whole(board: Board, today: date) -> str:
    found = board.total
    return _("{day}: {rate}, {paid} of {people} people").format(
        day=wording.units.full_day(today),
        rate=wording.percent(found.rate),
        paid=wording.units.number(found.should_paid),
        people=wording.units.number(found.should),
    )


def _bar(row: BoardRow, earlier: Earlier | None) -> Bar:
    found, scope = row.village.figures, row.village.scope
    more = earlier.more(scope, found.should_paid) if earlier else None
    return Bar(
        scope,
        row.village.title,
        found.should_paid / found.should if found.should else None,
        wording.percent(found.rate),
        str(row.rank or ""),
        earlier.share(scope) if earlier else None,
        _people(found.should_paid, found.should),
        "" if more is None else f"{more:+,}",
        _("early warning") if row.warned else "",
    )


def _panel(row: BoardRow, found: Read, first: date, today: date) -> Panel:
    held = row.village.figures
    return Panel(
        row.village.scope,
        row.village.title,
        charted.line(found.days.get(row.village.scope, Days()), held.should, first, today),
        wording.percent(held.rate),
        _("early warning") if row.warned else "",
    )


def _group(code: str, people: int, paid: int) -> Bar:
    rate = wording.percent(figures.percent(paid, people))
    return Bar(
        GROUP_UNPAID + code, names.short_group(code), paid / people, rate, people=_people(paid, people)
    )


def _people(part: int, whole: int) -> str:
    return f"{wording.units.number(part)} / {wording.units.number(whole)}"
