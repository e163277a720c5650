"""Backups: taken, listed, put back; and the ledger with all that lies around it checked through and through."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from gui.errors import sentence_for
from gui.i18n import _
from gui.trouble import known
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session
from gui.wording import access
from storage import backup as saving
from storage import checking, keys, restoring
from storage.backup import Verdict
from storage.checking import Finding
from storage.connection import DatabaseError
from storage.errors import KnownError
from storage.ledger import Ledger

_UNOPENED = frozenset(("ledger.unreadable", "ledger.cannot_open", "ledger.disk"))


def backup(session: Session) -> int:
    """Take a backup now."""
    with closing(session.open(daily=False)) as ledger:
        made = saving.take(ledger, "by-hand")
    session.give({"backup": made}, [_("Backup: {path}").format(path=made)])
    return DONE


def backups(session: Session) -> int:
    """List the backups, the newest first."""
    with closing(session.open(daily=False)) as ledger:
        found = saving.verdicts(ledger)
    session.give({"backups": [_verdict(one) for one in found]}, [_line(one) for one in found])
    return DONE


def _verdict(one: Verdict) -> dict[str, object]:
    return {
        "name": one.path.name,
        "path": one.path,
        "at": saving.made_at(one.path).isoformat(timespec="seconds"),
        "why": saving.why(one.path),
        "state": one.state,
        "detail": one.detail,
        "looked_on": one.looked_on,
    }


def _line(one: Verdict) -> str:
    parts = [one.path.name, access.backup_why(saving.why(one.path)), access.backup_state(one.state)]
    if one.looked_on:
        parts.append(_("opened on {date}").format(date=one.looked_on))
    return " · ".join(part for part in parts if part)


# ---- restoring


def restore(session: Session) -> int:
    """Put a backup in the ledger's place; the present one is kept."""
    options = session.options
    folder, saved = options.folder, _named(options.folder, options.backup)
    raw_key, who = restoring.unlock(
        folder,
        saved,
        session.passphrase(),
        data_dir=session.data_dir,
        clock=session.clock,
        operator=session.operator,
        sleep=session.wait,
    )
    if options.keys_only:
        return _restore_keys(session, folder, saved, raw_key, who)
    done = restoring.restore(folder, saved, raw_key=raw_key, unlocked_by=who, clock=session.clock)
    with closing(
        Ledger.enter(folder, raw_key, who, data_dir=session.data_dir, clock=session.clock)
    ) as ledger:
        replica = ledger.replica
    session.tell(access.restored(done.keys_from))
    data = {
        "backup": done.backup,
        "kept": done.kept,
        "entries": done.entries,
        "lost": done.lost,
        "keys": done.keys_from,
        "replica": replica,
    }
    session.give(data, _restored(done))
    return DONE


def _named(folder: Path, text: str) -> Path:
    """A backup by its name in the ledger's folder, or anywhere by its path."""
    inside = folder / saving.FOLDER / text
    return inside if inside.is_dir() and not Path(text).is_absolute() else Path(text)


def _restored(done: restoring.Restored) -> Iterable[str]:
    yield _("Restored: {backup}, {count} entries").format(backup=done.backup.name, count=done.entries)
    if done.kept is not None:
        yield _("The ledger that stood here is kept in {path}").format(path=done.kept)
    if done.lost:
        yield _(
            "{count} entries made after the backup are not in it: what was sent comes back with the files of the "
            "other side, the rest lies in the kept ledger."
        ).format(count=done.lost)


def _restore_keys(session: Session, folder: Path, saved: Path, raw_key: bytes, who: str) -> int:
    kept = restoring.restore_keys(folder, saved, raw_key=raw_key, unlocked_by=who, clock=session.clock)
    session.give(
        {"backup": saved, "kept": kept, "operators": keys.names(keys.read(folder))},
        [
            _("The key file of {backup} is in its place; the entries stay as they are.").format(
                backup=saved.name
            )
        ],
    )
    return DONE


# ---- checking


def check(session: Session) -> int:
    """Check file, log, derived tables, keys, anchor and backups; exit 3 where something is wrong. Repairs nothing."""
    folder = session.options.folder
    keys.read(folder)  # before anybody is asked for a passphrase
    passphrase = session.passphrase()
    try:
        ledger = session.open(passphrase=passphrase, daily=False)
    except (KnownError, DatabaseError) as error:
        found = known(error, folder)
        if found is None or found.code not in _UNOPENED:
            raise
        return _check_closed(session, passphrase, found)
    with closing(ledger):
        report = checking.check(ledger)
        key_file, notes = checking.key_file(ledger), checking.notes(ledger)
        verdicts, damaged = checking.backups(ledger)
        looked: dict[str, object] = {
            "pages": report.pages,
            "operations": report.operations,
            "streams": report.streams,
            "rows": report.rows,
            "keys": "damaged" if key_file else "sound",
            "anchor": "lost" if ledger.retired else "fits",
            "replica": ledger.replica,
            "notes": [_finding(one) for one in notes],
        }
        for one in notes:
            session.tell(sentence_for(one.code, one.params))
    told = _("{pages} pages, {operations} entries, {rows} derived rows, {backups} backups checked").format(
        pages=report.pages, operations=report.operations, rows=report.rows, backups=len(verdicts)
    )
    return _tell(session, looked, [*report.findings, *key_file, *damaged], verdicts, told)


def _check_closed(session: Session, passphrase: str, error: KnownError) -> int:
    """The ledger does not open: tell why, and which backups would."""
    folder = session.options.folder
    raw_key, _who = keys.unlock(folder, passphrase, session.operator)
    verdicts = [saving.verify(path, raw_key) for path in saving.found_in(folder)]
    params: dict[str, str | int] = {name: str(value) for name, value in error.params.items()}
    damaged = [checking.damage(one) for one in verdicts if one.state == saving.DAMAGED]
    looked: dict[str, object] = {"pages": 0, "operations": 0, "streams": 0, "rows": 0}
    told = _("the ledger does not open; {backups} backups checked").format(backups=len(verdicts))
    return _tell(session, looked, [Finding(error.code, params), *damaged], verdicts, told)


def _tell(
    session: Session, looked: dict[str, object], found: list[Finding], verdicts: list[Verdict], told: str
) -> int:
    findings = [_finding(one) for one in found]
    data = {"ok": not found, **looked, "findings": findings, "backups": [_verdict(one) for one in verdicts]}
    end = _("all is well") if not found else _("{count} things are wrong").format(count=len(found))
    lines = [*(str(one["sentence"]) for one in findings), *map(_line, verdicts), f"{told}: {end}"]
    session.give(data, lines)
    return DONE if not found else REFUSED


def _finding(one: Finding) -> dict[str, object]:
    return {"code": one.code, "sentence": sentence_for(one.code, one.params), "params": one.params}
