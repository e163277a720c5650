"""The insurance years of a ledger from the command line: listing them, opening a new one, taking that back."""

from contextlib import closing
from dataclasses import asdict

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.wording import years as words
from storage import policies
from storage.carrying import Plan
from storage.commands import years
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import calendar, villages
from storage.queries.calendar import Year


def listing(session: Session) -> int:
    """List the years, whether they still take entries, and where each stands."""
    with closing(session.open()) as ledger:
        rows = [
            (one, calendar.figures_of(ledger, one.policy)) for one in calendar.listed(ledger, session.today)
        ]
    data = [{**_year(one), "people": told.people, "paid": told.paid, "rate": told.rate} for one, told in rows]
    session.give({"years": data}, [words.line(one, told) for one, told in rows])
    return DONE


def preview(session: Session) -> int:
    """Tell what opening a year would carry over; writes nothing."""
    with closing(session.open()) as ledger:
        policy = _meant(ledger, session.options.policy)
        years.check(ledger, policy)
        plan = years.preview(ledger, policy)
        titles = villages.titles(ledger) | {ledger.profile.scope: ledger.profile.title}
    session.give(_plan(plan), words.plan_lines(plan, titles))
    return DONE


def open_year(session: Session) -> int:
    """Open the year of a policy, or carry into the one in force what has come since."""
    with closing(session.open()) as ledger:
        done = years.open_year(ledger, session.options.policy)
        titles = villages.titles(ledger) | {ledger.profile.scope: ledger.profile.title}
    data = {**_plan(done.plan), "changed": len(done.changes.oids)}
    session.give(data, words.done_lines(done, titles))
    return DONE


def take_back(session: Session) -> int:
    """Take back what was carried into a year; what people entered in it stays."""
    year = session.options.year
    with closing(session.open()) as ledger:
        changes = years.take_back(ledger, year)
        now = policies.in_force(ledger).policy
    data = {"year": year, "changed": len(changes.oids), "now": now.year, "policy": now.id}
    told = _("{year}: {count} carried entries taken back. In force: {title}.")
    session.give(data, [told.format(year=year, count=len(changes.oids), title=now.title)])
    return DONE


def _meant(ledger: Ledger, name: str) -> Policy:
    return policies.load_for(ledger, name) if name else policies.in_force(ledger).policy


def _year(one: Year) -> dict[str, object]:
    policy = one.policy
    return {
        "year": one.year,
        "state": one.state,
        "policy": policy.id,
        "version": policy.version,
        "title": policy.title,
        "window": [policy.window.start, policy.window.end],
        "benefit": [policy.benefit.start, policy.benefit.end],
    }


def _plan(plan: Plan) -> dict[str, object]:
    return {
        "year": plan.policy.year,
        "policy": plan.policy.id,
        "version": plan.policy.version,
        "places": {
            scope: {"before": plan.before[scope], **asdict(counts)} for scope, counts in plan.counts.items()
        },
        "total": asdict(plan.total),
    }
