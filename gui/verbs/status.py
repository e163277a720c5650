"""Where a ledger and its villages stand, in figures that can be compared from one ledger to another."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict

from gui import wording
from gui.errors import sentence, sentence_for
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.wording import in_force, names
from gui.wording.units import number
from storage import derived, log, policies, store
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.window import position
from storage.queries import clocks, counting, delivery, earlier, figures, villages
from storage.queries.earlier import Earlier
from storage.queries.figures import Figures
from storage.queries.villages import VillageRow
from storage.store import Stream

Status = dict[str, object]


def status(session: Session) -> int:
    """Tell where the ledger stands; receiving again changes none of it."""
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        board = villages.board(ledger, policy)
        shared = comparable(ledger)
        twice = counting.twice(ledger, policy)
        total = figures.total({row.scope: row.figures for row in board}) - figures.total(twice)
        force = policies.in_force(ledger)
        data = {
            **_whose(ledger, policy),
            "today": session.today,
            **_figures(total),
            "twice": figures.total(twice).people,
            "policy_problem": None if force.problem is None else sentence(force.problem),
            "denominator": _denominator(policy),
            "window": _window(session, policy),
            "disputed": figures.disputed(ledger),
            "villages": [
                {
                    **_village(row),
                    **_of(shared, row.scope),
                    **_reached(ledger, row),
                    **_twice(ledger, row, twice),
                }
                for row in board
            ],
            **shared,
        }
        wrong = clocks.doubt(ledger)
        data["clock"] = None if wrong is None else asdict(wrong)
        if ledger.is_office:
            before = earlier.of_issue(ledger, policy, policy.default_denominator, session.today)
            data["since"] = _since(before, board)
        else:
            data["delivery"] = asdict(delivery.of_scope(ledger))
        lines = list(_lines(session, ledger, policy, total, figures.total(twice).people, board))
    if force.problem is not None:
        session.tell(in_force.notice(force))
    if wrong is not None:
        session.tell(sentence_for(wrong.code, {"days": wrong.days}))
    session.give(data, lines)
    return DONE


def comparable(ledger: Ledger) -> Status:
    """What two ledgers must agree in: the set of operations and the shared state, whole and by scope."""
    streams = store.all_streams(ledger.connection)
    scopes = sorted({stream.scope for stream in streams})
    return {
        "ops": _ops(streams),
        "state": derived.state_digest(ledger.connection),
        "scopes": {scope: _scope(ledger, streams, scope) for scope in scopes},
    }


def _scope(ledger: Ledger, streams: Iterable[Stream], scope: str) -> Status:
    own = [stream for stream in streams if stream.scope == scope]
    return {"ops": _ops(own), "state": derived.state_digest(ledger.connection, scope)}


def _ops(streams: Iterable[Stream]) -> Status:
    held = list(streams)
    return {
        "count": sum(stream.count for stream in held),
        "fingerprint": log.short_sum(s.fingerprint for s in held),
    }


def _whose(ledger: Ledger, policy: Policy) -> Status:
    profile = ledger.profile
    return {
        "scope": profile.scope,
        "name": profile.title,
        "role": "office" if ledger.is_office else "village",
        "office": profile.office,
        "year": policy.year,
        "policy": {
            "id": policy.id,
            "title": policy.title,
            "example": policy.example,
            "sources": [_source(policy, source.key) for source in policy.sources],
        },
    }


def _source(policy: Policy, key: str) -> Status:
    """A document behind the policy's values."""
    source = policy.source(key)
    return {"key": source.key, "document": source.document, "issued": source.issued, "grade": source.grade}


def _figures(found: Figures) -> Status:
    rates = {"rate": found.rate, "credential_rate": found.credential_rate}
    return {**asdict(found), **{name: None if rate is None else float(rate) for name, rate in rates.items()}}


def _denominator(policy: Policy) -> Status:
    chosen = figures.denominator_of(policy)
    return {"code": chosen.code, "name": chosen.name}


def _window(session: Session, policy: Policy) -> Status:
    where = position(policy, session.today)
    return {
        "start": where.opens,
        "end": where.closes,
        "state": where.state,
        "days_left": where.days_left,
        "source": wording.source_text(policy, policy.window.cite),
    }


def _of(shared: Status, scope: str) -> Status:
    """A village's own part; one that has sent nothing yet has an empty one."""
    scopes = shared["scopes"]
    assert isinstance(scopes, dict)
    return scopes.get(scope) or {"ops": _ops(()), "state": ""}


def _village(row: VillageRow) -> Status:
    return {
        "scope": row.scope,
        "name": row.title,
        **_figures(row.figures),
        "last_bundle": row.last_bundle,
        "last_at": row.last_at,
        "device": row.device,
    }


def _reached(ledger: Ledger, row: VillageRow) -> Status:
    """What an office knows of the files between it and a village: which never came, what was not confirmed."""
    if not ledger.is_office:
        return {}
    missing = delivery.missing_files(ledger).get(row.scope, ())
    return {"missing_files": missing, "unread": delivery.unread(ledger).get(row.scope, 0)}


def _since(before: Earlier | None, board: list[VillageRow]) -> Status | None:
    """How many more have paid than the newest issue of the bulletin before today says, place by place."""
    if before is None:
        return None
    more = {row.scope: before.more(row.scope, row.figures.should_paid) for row in board}
    return {"bulletin": before.number, "on": before.on, "more": more}


def _twice(ledger: Ledger, row: VillageRow, twice: Mapping[str, Figures]) -> Status:
    """What an office takes off a village's row: people who, until it decides, count in another one."""
    return {"twice": twice.get(row.scope, Figures()).people} if ledger.is_office else {}


def _lines(
    session: Session, ledger: Ledger, policy: Policy, total: Figures, twice: int, board: list[VillageRow]
) -> Iterable[str]:
    where = position(policy, session.today)
    yield f"{ledger.profile.title} {ledger.profile.scope} · {policy.title}"
    window = {
        "before": _("window opens in {days} days ({start} to {end})"),
        "open": _("window open, {days} days left ({start} to {end})"),
        "late": _("window closed ({start} to {end})"),
        "over": _("insurance year over ({start} to {end})"),
    }[where.state]
    yield window.format(days=where.days_left, start=where.opens, end=where.closes)
    yield _told(policy, total)
    if twice:
        told = _("{count} people stand in two villages; the total counts them once")
        yield told.format(count=number(twice))
    if not ledger.is_office:
        sent = delivery.of_scope(ledger)
        yield _("not sent {unsent}, sent but not confirmed {waiting}, confirmed {confirmed}").format(
            unsent=number(sent.unsent), waiting=number(sent.waiting), confirmed=number(sent.confirmed)
        )
    if ledger.is_office:
        for row in board:
            last = row.last_at[:10] if row.last_at else _("nothing received yet")
            yield f"{row.scope} {row.title} · {_told(policy, row.figures)} · {last}"


def _told(policy: Policy, found: Figures) -> str:
    parts = [
        _("{count} people in {households} households").format(
            count=number(found.people), households=number(found.households)
        ),
        _("paid {paid} ({confirmed} posted), {rate} of {denominator}").format(
            paid=number(found.paid),
            confirmed=number(found.confirmed),
            rate=wording.percent(found.rate),
            denominator=names.denominator(policy, policy.default_denominator),
        ),
        wording.money(found.amount),
        _("e-credential {count}").format(count=number(found.credential)),
        _("help {count}").format(count=number(found.assist)),
        _("conflicts {count}").format(count=number(found.conflicts)),
        _("to review {count}").format(count=number(found.to_review)),
        _("counted elsewhere {count}").format(count=number(found.elsewhere)) if found.elsewhere else "",
        _("erased {count}").format(count=number(found.erased)) if found.erased else "",
    ]
    return " · ".join(part for part in parts if part)
