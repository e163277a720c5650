"""Numbers assigned: shared out over the villages and issued, followed up; population entered."""

from contextlib import closing
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import library as words
from gui.wording import targets as target_words
from gui.wording.units import NOTHING, listed, number, percent
from storage.commands import counts
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.sharing import Share, share_out
from storage.queries import quotas, villages
from storage.queries.quotas import Quota, Quotas


def share(session: Session) -> int:
    """Share a number of people out over the villages; with --issue assign the shares."""
    options = session.options
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        basis = _basis(session, policy)
        fixed, why = _fixed(options.fix)
        weights = quotas.weights(ledger, policy, basis)
        own = quotas.given(ledger, policy.year).get(ledger.profile.scope)
        people = options.people if options.people is not None else quotas.suggested(policy, own, weights)
        if unknown := fixed.keys() - weights.keys():
            raise WrongUse("use.no_choice", text=min(unknown), choices=tuple(weights))
        shares = share_out(people, weights, fixed)
        titles = _titles(ledger)
        if options.issue:
            on = session.date(options.on) if options.on else session.today
            by = options.by or (own.by if own else "")
            year, today = policy.year, session.today
            counts.issue(ledger, shares, year=year, basis=basis, by=by, on=on, today=today, why=why)
    data = {
        "year": policy.year,
        "people": people,
        "basis": basis,
        "issued": options.issue,
        "shares": [_share_data(scope, titles.get(scope, scope), one) for scope, one in shares.items()],
    }
    lines = [
        f"{titles.get(scope, scope)}\t{number(one.people)}\t"
        f"{words.share_text(policy, one, basis, why.get(scope, ''))}"
        for scope, one in shares.items()
    ]
    lines.append(_("Together\t{count}").format(count=number(people)))
    lines.append(
        _("Issued: it goes out with the next file to each village.")
        if options.issue
        else _("Only looked at: --issue assigns it.")
    )
    session.give(data, lines)
    return DONE


def followed(session: Session) -> int:
    """Tell how far each place is with the number it was assigned, and how that number came about."""
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        read, titles = quotas.read(ledger, policy, session.today), _titles(ledger)
        own = ledger.profile
    rows = list(read.rows.values()) if own.role == "o" else [read.own]
    titles = {own.scope: own.title, **titles}
    data = {
        "year": policy.year,
        "own": _quota_data(own.title, read.own),
        "handed_on": read.given,
        "not_handed_on": read.open,
        "places": [_quota_data(titles.get(one.scope, one.scope), one) for one in rows],
    }
    lines = [_quota_line(session, policy, titles.get(one.scope, one.scope), one) for one in rows]
    session.give(data, [*lines, *_sum_lines(read)])
    return DONE


def population(session: Session) -> int:
    """Enter the registered and the resident population of a village as the statistics office says it."""
    options = session.options
    with closing(session.open()) as ledger:
        scope = options.village or ledger.profile.scope
        on = session.date(options.on) if options.on else session.today
        told = {"by": options.by, "on": on, "today": session.today, "scope": scope}
        counts.populate(ledger, options.registered, options.residing, **told)
    said = {"registered": options.registered, "residing": options.residing, "by": options.by, "on": on}
    line = _("{scope}: registered {registered}, resident {residing}").format(
        scope=scope,
        registered=NOTHING if options.registered is None else number(options.registered),
        residing=NOTHING if options.residing is None else number(options.residing),
    )
    session.give({"scope": scope, **said}, [line])
    return DONE


def _basis(session: Session, policy: Policy) -> str:
    choices = quotas.bases(policy)
    wanted = str(session.options.basis or choices[0])
    if wanted not in choices:
        raise WrongUse("use.no_choice", text=wanted, choices=tuple(choices))
    return wanted


def _fixed(given: list[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Shares set by hand, and why, from CODE=N=WHY."""
    fixed, why = {}, {}
    for text in given:
        scope, _first, rest = text.partition("=")
        count, _second, reason = rest.partition("=")
        if not count.isdecimal() or not count.isascii():
            raise WrongUse("use.no_choice", text=text, choices=("CODE=N=WHY",))
        fixed[scope], why[scope] = int(count), reason
    return fixed, why


def _titles(ledger: Ledger) -> dict[str, str]:
    return villages.titles(ledger) if ledger.is_office else {}


def _share_data(scope: str, title: str, one: Share) -> dict[str, Any]:
    return {
        "scope": scope,
        "name": title,
        "people": one.people,
        "weight": one.weight,
        "exact": None if one.exact is None else round(float(one.exact), 4),
        "left_over": one.extra,
        "by_hand": one.fixed,
    }


def _quota_data(title: str, one: Quota) -> dict[str, Any]:
    given, pace = one.given, one.pace
    return {
        "scope": one.scope,
        "name": title,
        "assigned": given.people if given else None,
        "by": given.by if given else "",
        "on": given.on if given else None,
        "share": _share_data(one.scope, title, given.share) if given and given.share else None,
        "changed": bool(given and given.changed),
        "done": one.done,
        "left": one.left,
        "rate": None if one.rate is None else float(one.rate),
        "pace": None
        if pace is None
        else {"state": pace.state, "per_day": pace.per_day, "likely": pace.likely},
    }


def _quota_line(session: Session, policy: Policy, title: str, one: Quota) -> str:
    if one.given is None:
        return f"{title}\t{NOTHING}\t{_('no number was given')}"
    so_far = f"{number(one.done)} / {number(one.given.people)} = {percent(one.rate)}"
    pace = target_words.pace_lines(one.pace, session.today)[:2] if one.pace else []
    return "\t".join([title, so_far, words.given_text(policy, one.given), listed(pace)])


def _sum_lines(read: Quotas) -> list[str]:
    if read.own.given is None or read.given is None:
        return []
    line = _("{count} assigned to this office, {given} handed on, {open} not yet")
    told = {
        "count": number(read.own.given.people),
        "given": number(read.given),
        "open": number(read.open or 0),
    }
    return [line.format(**told)]
