"""Whose turn it is today, and the plan of the day, without a window."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import SHEETS, ending, hand_out, handed_out, keep, scope_of
from gui.verbs.session import Session, WrongUse
from gui.wording import step_text, ways
from storage.policy import rounds
from storage.policy.approach import NOW
from storage.policy.model import Policy
from storage.queries import cards, dayplan, returns
from storage.queries.cards import HouseholdCard
from storage.queries.dayplan import Plan, Stop, Task, Turn
from storage.queries.visits import VisitFilter


def today(session: Session) -> int:
    """List the households of today, the most urgent first, with the way and why."""
    way = session.options.way
    with closing(session.open()) as ledger:
        policy, scope = session.policy(ledger), scope_of(session, ledger)
        homes = cards.household_cards(ledger, policy, session.today, scope)
    found = dayplan.due(dayplan.turns(policy, homes, session.today))
    shown = [turn for turn in found if turn.by(way)]
    counts = {one: sum(bool(turn.by(one)) for turn in found) for one in NOW}
    told = [_told(policy, turn, turn.by(way)) for turn in shown]
    data = {"day": session.today, "ways": counts, "households": told}
    session.give(data, [_line(one) for one in told] or [_("Nothing is pressing today")])
    return DONE


def plan(session: Session) -> int:
    """Plan the doors of today; with a file, number the list and write it."""
    options = session.options
    if options.out is not None:
        ending(options.out, SHEETS)
    if options.doors is not None and options.doors != rounds.bounded(options.doors):
        limits = (str(rounds.LEAST), "…", str(rounds.MOST))
        raise WrongUse("use.no_choice", text=str(options.doors), choices=limits)
    with closing(session.open()) as ledger:
        policy, scope = session.policy(ledger), scope_of(session, ledger)
        homes = cards.household_cards(ledger, policy, session.today, scope)
        made = _planned(session, policy, homes)
        data = _told_plan(policy, made, returns.still_out(ledger, scope))
        lines = [_line(one) for one in data["doors"]] or [_("No door to walk to today")]
        if options.out is not None:
            picked = made.picked
            where = _where(session)
            wanted = VisitFilter(
                named=_("Plan of the day"),
                groups=where.groups,
                lanes=where.lanes,
                among=frozenset(picked.residents),
            )
            reasons = {stop.turn.home.household.record: ways.stop_words(policy, stop) for stop in made.stops}
            sheet = keep(session, ledger, policy, scope, picked, wanted, reasons)
            printed = hand_out(session, ledger, sheet, picked)
            data |= printed
            lines.append(handed_out(printed))
    session.give(data, lines)
    return DONE


def _planned(session: Session, policy: Policy, homes: Sequence[HouseholdCard]) -> Plan:
    options = session.options
    return dayplan.plan(
        policy,
        homes,
        session.today,
        options.doors or dayplan.usual_doors(homes, session.today),
        added=_records(homes, options.add),
        dropped=_records(homes, options.drop),
        covers=_where(session).covers,
    )


def _where(session: Session) -> VisitFilter:
    from sync.sheets.values import group

    options = session.options
    return VisitFilter(groups=tuple(group(text) for text in options.group), lanes=tuple(options.lane))


def _records(homes: Sequence[HouseholdCard], numbers: Iterable[str]) -> frozenset[str]:
    """The records of households by their numbers. Raises WrongUse use.no_choice."""
    known: dict[str, list[str]] = {}
    for home in homes:
        known.setdefault(home.household.number, []).append(home.household.record)
    found: set[str] = set()
    for number in numbers:
        if number not in known:
            raise WrongUse("use.no_choice", text=number, choices=sorted(filter(None, known))[:20])
        found.update(known[number])
    return frozenset(found)


def _told_plan(policy: Policy, made: Plan, out: Mapping[str, int]) -> dict[str, Any]:
    return {
        "most": made.most,
        "unmet": made.unmet,
        "doors": [_told_stop(policy, stop, out) for stop in made.stops],
        "others": [turn.home.household.number for turn in made.others],
    }


def _told_stop(policy: Policy, stop: Stop, out: Mapping[str, int]) -> dict[str, Any]:
    """A door of the plan; ``out`` is the number of the list it stands on that did not come back, None without one."""
    about = stop.turn.at_door()
    told = _told(policy, stop.turn, about)
    numbers = [out[task.card.person.record] for task in about if task.card.person.record in out]
    why = ways.stop_words(policy, stop) or told["why"]
    return {**told, "kind": stop.kind, "why": why, "out": max(numbers, default=None)}


def _told(policy: Policy, turn: Turn, about: Sequence[Task]) -> dict[str, Any]:
    place, first = turn.home.household, about[0]
    way = turn.way_of(first)
    found = turn.door if turn.door is not None and way == turn.door.way else first.approach
    return {
        "household": place.number,
        "group": place.group,
        "lane": place.lane,
        "head": turn.home.head_name,
        "way": way,
        "reason": found.reason.code,
        "why": ways.way_why(policy, found),
        "by": min((task.card.step.deadline for task in about if task.card.step.deadline), default=None),
        "people": [{"name": task.card.person.name, "step": step_text(policy, task.card)} for task in about],
    }


def _line(told: dict[str, Any]) -> str:
    people = _(", ").join(one["name"] or _("no name") for one in told["people"])
    where = " ".join(filter(None, (told["group"], told["household"], told["head"])))
    line = _("{where}: {way} ({why}); {people}")
    return line.format(where=where, way=ways.way_name(told["way"]), why=told["why"], people=people)
