"""What the law asks: erasing a person, and giving up what was kept long enough."""

from contextlib import closing
from dataclasses import asdict

from gui import wording
from gui.actions.retention import give_up
from gui.i18n import _
from gui.models import erasing
from gui.verbs import DONE
from gui.verbs.moves import meant
from gui.verbs.session import Session, WrongUse, policy_of
from storage.commands import erasure
from storage.policy.model import Policy
from storage.queries import retention, villages
from storage.queries.retention import Due


def erase(session: Session) -> int:
    """Erase a person in every village that has them; asked for twice, for it cannot be taken back."""
    options = session.options
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        person = meant(session, ledger)
        if not options.really:
            raise WrongUse("use.really")
        done = erasure.erase(ledger, policy, person.scope, person.record, options.reason, today=session.today)
        titles = villages.titles(ledger)
    kept = [{"name": one.path.name, "until": one.until} for one in done.backups]
    data = {
        "scopes": done.scopes,
        "changed": len(done.changes.oids),
        "mentions": done.mentions,
        "backups": kept,
    }
    session.give(data, erasing.told(done, titles))
    return DONE


def kept(session: Session) -> int:
    """List what has been kept as long as the policy says; backups and log lines go only when that is asked for."""
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        found = retention.due(ledger, policy, session.today)
        gone = give_up(ledger, policy, session.today) if session.options.expire else 0
        titles = villages.titles(ledger)
    data = {"due": [asdict(one) for one in found], "given_up": gone, "times": _times(policy)}
    lines = [_due(one, titles) for one in found] or [_("Nothing has been kept too long.")]
    if session.options.expire:
        lines.append(_("given up: {count}").format(count=gone))
    session.give(data, lines)
    return DONE


def _times(policy: Policy) -> dict[str, object]:
    """How long the policy keeps things, and where it has that from."""
    times = policy.retention
    return {
        name: {"value": value, "source": wording.source_text(policy, cite)}
        for name, value, cite in (
            ("identity_years", times.identity_years, times.identity_cite),
            ("backup_days", times.backup_days, times.backup_cite),
            ("export_days", times.export_days, times.export_cite),
        )
    }


def _due(one: Due, titles: dict[str, str]) -> str:
    since = one.since.isoformat()
    if one.what == "person":
        told = _("{village} · {name} · last insurance year {year}, due since {day}")
        village = titles.get(one.scope, one.scope)
        return told.format(village=village, name=one.name, year=one.last_year, day=since)
    if one.what == "backup":
        return _("backup {name}, due since {day}").format(name=one.name, day=since)
    if one.what == "rows":
        return _("{count} rows kept of lists, due since {day}").format(count=one.count, day=since)
    return _("{count} lines of the export log, due since {day}").format(count=one.count, day=since)
