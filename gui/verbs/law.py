"""What the law asks: erasing a person, giving up what was kept long enough, and the policy everybody works by."""

from contextlib import closing
from dataclasses import asdict

from gui import wording
from gui.actions import publishing
from gui.actions.retention import give_up
from gui.i18n import _
from gui.models import erasing
from gui.verbs import DONE
from gui.verbs.moves import meant
from gui.verbs.session import Session, WrongUse, policy_of
from gui.wording import in_force
from storage import policies
from storage.commands import erasure, publish
from storage.policies import PolicyHead
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


# ---- the policy


def publish_policy(session: Session) -> int:
    """Check a policy file and publish it to the villages named, to all and this office where none is."""
    options = session.options
    text = publishing.text_of(options.file)
    with closing(session.open()) as ledger:
        done = publish.publish(ledger, text, options.village, file=options.file.name)
        titles = [villages.title_of(ledger, scope) for scope in done.scopes]
    changed = bool(done.changes)
    data = {
        "policy": done.policy.id,
        "version": done.policy.version,
        "scopes": done.scopes,
        "changed": changed,
    }
    told = _("{title} is in force in {places}; the villages work by it when they take in your next file.")
    if not changed:
        told = _("{title} was in force already in {places}.")
    session.give(data, [told.format(title=done.policy.title, places=wording.units.listed(titles))])
    return DONE


def list_policies(session: Session) -> int:
    """List the policies of this program and, of a ledger, those its office published and the one in force."""
    if session.options.folder is None:
        rows = [_row(head, "program", "") for head in policies.available()]
        session.give({"policies": rows}, [_line(row) for row in rows])
        return DONE
    with closing(session.open()) as ledger:
        force = policies.in_force(ledger)
        own = policies.published(ledger)
    names = {head.id for head in own}
    rows = [_row(head, "published", force.policy.id) for head in own]
    rows += [_row(head, "program", force.policy.id) for head in policies.available() if head.id not in names]
    if force.problem is not None:
        session.tell(in_force.notice(force))
    problem = None if force.problem is None else force.problem.code
    data = {"policies": rows, "in_force": force.policy.id, "wanted": force.wanted, "problem": problem}
    session.give(data, [_line(row) for row in rows])
    return DONE


def _row(head: PolicyHead, origin: str, in_force: str) -> dict[str, object]:
    return {
        "id": head.id,
        "title": head.title,
        "year": head.year,
        "example": head.example,
        "origin": origin,
        "in_force": head.id == in_force,
    }


def _line(row: dict[str, object]) -> str:
    marks = [_("in force")] if row["in_force"] else []
    marks += [_("published by the office")] if row["origin"] == "published" else []
    return " · ".join([str(row["id"]), str(row["title"]), *marks])
