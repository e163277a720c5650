"""Targets: rates with what they leave out, the pace, and the lists of people with their days."""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from gui import wording
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import names
from gui.wording import targets as words
from gui.wording.units import number
from storage.commands import counts
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.pace import Pace
from storage.queries import targets, villages, worklists
from storage.queries.targets import Overview, Place, Rate, Standing
from storage.queries.worklists import Entry, Worklist


def show(session: Session) -> int:
    """Tell every rate with what it leaves out, every target, and when it is reached at the present pace."""
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        read = targets.read(ledger, policy, session.today)
        place = _place(session, ledger, read)
        titles = villages.titles(ledger) if ledger.is_office else {}
    data = {
        "year": policy.year,
        "policy": policy.id,
        "today": session.today,
        "explained_reasons": [reason.code for reason in policy.reasons if reason.explained],
        **_told(place),
        "villages": [
            {"name": titles.get(scope, scope), **_told(one)} for scope, one in read.rows.items() if titles
        ],
    }
    lines = [_("Counts as explained: {reasons}").format(reasons=words.reasons_text(policy))]
    lines += [line for rate in place.rates for line in _rate_lines(policy, rate)]
    lines += [line for one in place.standings for line in _standing_lines(session, one)]
    if place.undated:
        lines.append(_("{count} payments have no day and are in no pace").format(count=number(place.undated)))
    session.give(data, lines)
    return DONE


def listed(session: Session) -> int:
    """Tell how many people stand on each list and by when, or the people of one."""
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        read = targets.read(ledger, policy, session.today)
        place = _place(session, ledger, read)
        base = _base(session, policy)
        scopes = [place.scope] if place.scope else list(read.rows)
        twice = frozenset() if place.scope else worklists.left_out(ledger, policy)
        found = worklists.joined(
            (worklists.read(ledger, policy, session.today, scope, base) for scope in scopes), twice
        )
        titles = villages.titles(ledger) if ledger.is_office else {}
    which = session.options.which
    data: dict[str, Any] = {"denominator": base, "lists": [_list_data(one) for one in found.values()]}
    lines = [_list_line(session, one) for one in found.values()]
    if which:
        most = session.options.limit or len(found[which].entries)
        some = found[which].entries[:most]
        data = {
            "denominator": base,
            **_list_data(found[which]),
            "entries": [_entry_data(policy, titles, one) for one in some],
        }
        lines = [_entry_line(session, policy, titles, one) for one in some]
        if which == "missing":
            data["enough"] = _enough(place, base)
    session.give(data, lines)
    return DONE


def assign(session: Session) -> int:
    """Enter how many people a place was assigned for the year (任务数), with its source and day."""
    options = session.options
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        scope = options.village or ledger.profile.scope
        on = session.date(options.on) if options.on else session.today
        told = {"year": policy.year, "by": options.by, "on": on, "today": session.today}
        counts.assign(ledger, options.people, scope=scope, **told)
    data = {"scope": scope, "year": policy.year, "people": options.people, "by": options.by, "on": on}
    line = _("{scope}: {count} people assigned for {year}")
    session.give(data, [line.format(scope=scope, count=number(options.people), year=policy.year)])
    return DONE


def _place(session: Session, ledger: Ledger, read: Overview) -> Place:
    """The village asked for, the village's own, or all of an office's."""
    wanted = session.options.village
    if not ledger.is_office:
        return read.rows[ledger.check_scope(wanted)]
    if not wanted:
        return read.total
    if wanted not in read.rows:
        raise WrongUse("use.no_choice", text=wanted, choices=tuple(read.rows))
    return read.rows[wanted]


def _base(session: Session, policy: Policy) -> str:
    """The denominator asked for, which has to be a set of people; the target's where none is named."""
    wanted = session.options.denominator or targets.base_of(policy)
    choices = tuple(one.code for one in policy.denominators if not one.count_only)
    if wanted not in choices:
        raise WrongUse("use.no_choice", text=wanted, choices=choices)
    return str(wanted)


def _enough(place: Place, base: str) -> int | None:
    """How many of the missing reach the target, None where it is not a rate of this denominator."""
    one = place.standing_of("everyone")
    if one is None or one.progress is None or (one.target.denominator or base) != base:
        return None
    return one.progress.gap


# ---- as data


def _told(place: Place) -> dict[str, Any]:
    return {
        "scope": place.scope,
        "people": place.people,
        "undated": place.undated,
        "rates": [_rate_data(rate) for rate in place.rates],
        "targets": [_standing_data(one) for one in place.standings],
    }


def _rate_data(rate: Rate) -> dict[str, Any]:
    return {
        "denominator": rate.denominator.code,
        "name": rate.denominator.name,
        "count_only": rate.denominator.count_only,
        "explained_out": rate.denominator.explained_out,
        "reached": rate.reached,
        "total": rate.total,
        "rate": None if rate.percent is None else float(rate.percent),
        "register": rate.register,
        "departed": rate.departed,
        "others": rate.others,
        "excluded": rate.excluded,
        "able": rate.able,
        "reasons": [
            {"code": told.code, "people": told.people, "explained": told.explained} for told in rate.told
        ],
        "counted_on": rate.counted_on,
        "counted_by": rate.counted_by,
        "gap_to_register": rate.gap,
    }


def _standing_data(one: Standing) -> dict[str, Any]:
    progress = one.progress
    return {
        "code": one.target.code,
        "applies_to": one.target.applies_to,
        "denominator": one.target.denominator,
        "wanted": None if one.target.rate is None else float(one.target.rate),
        "deadline": one.target.deadline,
        "reached": progress.reached if progress else None,
        "total": progress.total if progress else None,
        "missing": progress.gap if progress else None,
        "able": one.left,
        "settled": one.settled,
        "pace": _pace_data(one.pace) if one.pace else None,
    }


def _pace_data(pace: Pace) -> dict[str, Any]:
    return {
        "state": pace.state,
        "paid": pace.paid,
        "days": pace.days,
        "per_day": round(pace.per_day, 3),
        "likely": pace.likely,
        "earliest": pace.earliest,
        "latest": pace.latest,
        "late_days": pace.late_days,
        "needed_per_day": None if pace.needed is None else round(pace.needed, 3),
        "by_deadline": pace.by_deadline,
    }


def _list_data(one: Worklist) -> dict[str, Any]:
    return {
        "list": one.code,
        "people": len(one.entries),
        "deadline": one.deadline,
        "next_day": one.next_day if one.entries else None,
    }


def _entry_data(policy: Policy, titles: Mapping[str, str], one: Entry) -> dict[str, Any]:
    person, home = one.card.person, one.household.household
    return {
        "name": person.name,
        "id": wording.id_number(person.id_number),
        "scope": person.scope,
        "village": titles.get(person.scope, ""),
        "group": home.group,
        "household": home.number,
        "deadline": one.deadline,
        "ease": one.ease.score if one.ease else None,
        "band": one.ease.band if one.ease else None,
        "why": [reason.code for reason in one.ease.reasons] if one.ease else [],
        "step": one.card.step.code,
    }


# ---- as lines


def _rate_lines(policy: Policy, rate: Rate) -> list[str]:
    name = names.denominator(policy, rate.denominator.code)
    first = f"{name}: {words.rate_text(rate)}"
    if rate.denominator.count_only:
        return [first, f"  {words.source_of_number(rate)}"]
    return [first, f"  {words.base_text(rate)}", f"  {words.explained_text(policy, rate)}"]


def _standing_lines(session: Session, one: Standing) -> list[str]:
    day = wording.full_day(one.target.deadline)
    first = [words.target_name(one.target), _("by {day}").format(day=day), words.standing_text(one)]
    lines = [" · ".join(part for part in first if part)]
    return lines + [f"  {line}" for line in (words.pace_lines(one.pace, session.today) if one.pace else [])]


def _list_line(session: Session, one: Worklist) -> str:
    day = words.list_day(one.code, one.next_day, session.today) if one.entries else ""
    parts = (one.code, words.list_name(one.code), number(len(one.entries)), day)
    return "\t".join(part for part in parts if part)


def _entry_line(session: Session, policy: Policy, titles: Mapping[str, str], one: Entry) -> str:
    person, home = one.card.person, one.household.household
    where = " ".join(part for part in (titles.get(person.scope, ""), home.group, home.number) if part)
    ease = f"{words.band_name(one.ease.band)} {one.ease.score}" if one.ease else ""
    parts = (
        wording.short_day(one.deadline, session.today),
        where,
        person.name,
        wording.id_number(person.id_number),
        ease,
        wording.step_text(policy, one.card),
        words.ease_text(policy, one.ease, most=3),
    )
    return " · ".join(part for part in parts if part)
