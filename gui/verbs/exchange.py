"""Handing over: writing the bundle, and taking in many at once."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session
from storage.queries.villages import title_of
from sync import exchange
from sync.bundle import SUFFIX
from sync.exchange import Fate, Sent


def send(session: Session) -> int:
    """Write the bundle of a village for its office, or an office's for each village."""
    with closing(session.open()) as ledger:
        sent = exchange.send(ledger, session.options.out)
        bundles = [_sent(one, title_of(ledger, one.scope)) for one in sent]
    lines = [
        _("{file}: {operations} entries").format(file=one["path"], operations=one["operations"])
        for one in bundles
    ]
    session.give({"bundles": bundles}, lines)
    return DONE


def _sent(one: Sent, title: str) -> dict[str, object]:
    return {
        "file": one.path.name,
        "path": one.path,
        "scope": one.scope,
        "name": title,
        "operations": one.operations,
        "bytes": one.path.stat().st_size,
    }


def receive(session: Session) -> int:
    """Take in bundles; a refused one stops no other."""
    files = bundles(session.options.files)
    with closing(session.open()) as ledger:
        fates = exchange.receive(ledger, files, progress=_progress)
    if not files:
        session.tell(_("There are no bundles (.hqb) in that folder."))
    for fate in fates:
        _warn(session, fate)
    taken = [fate for fate in fates if fate.outcome != "refused"]
    session.give({"files": [_fate(fate) for fate in fates]}, [_line(fate) for fate in taken])
    return DONE if len(taken) == len(fates) else REFUSED


def bundles(paths: Sequence[Path]) -> list[Path]:
    """The files meant: a folder stands for all bundles in it, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
        found += [one for one in inside if one not in found]
    return found


def _progress(done: int, total: int) -> None:
    if total > 1 and sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(
            _("\rreceived {done} of {total}").format(done=done, total=total),
            end=end,
            file=sys.stderr,
            flush=True,
        )


def _warn(session: Session, fate: Fate) -> None:
    if fate.outcome == "refused":
        session.tell(sentence_for(fate.code, fate.params or {}))
    if fate.outcome == "incomplete":
        told = _("{file}: {count} earlier entries of {name} are missing; the next bundle brings them.")
        session.tell(told.format(file=fate.name, count=fate.missing, name=fate.title))
    if fate.new_device:
        session.tell(_("{name} joined with its kit; the code was not compared.").format(name=fate.title))


def _fate(fate: Fate) -> dict[str, object]:
    told: dict[str, object] = {
        "file": fate.name,
        "outcome": fate.outcome,
        "scope": fate.scope,
        "name": fate.title,
        "operations": fate.operations,
        "fresh": fate.fresh,
        "missing": fate.missing,
        "new_device": fate.new_device,
    }
    if fate.outcome == "refused":
        told |= {
            "code": fate.code,
            "sentence": sentence_for(fate.code, fate.params or {}),
            "params": fate.params,
        }
    return told


def _line(fate: Fate) -> str:
    words = {
        "applied": _("taken in, {fresh} new entries"),
        "known": _("nothing new in it"),
        "incomplete": _("taken in, {fresh} new entries, {missing} still missing"),
    }
    text = words[fate.outcome].format(fresh=fate.fresh, missing=fate.missing)
    return " · ".join(part for part in (fate.name, fate.title, text) if part)
