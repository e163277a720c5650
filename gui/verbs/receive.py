"""Taking files in, many at once: the fate of each, what changed by place, receipts written back, sessions kept."""

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.exchange import fate_data, fate_line, preview_lines, sent_data, warn
from gui.verbs.session import Session, WrongUse
from gui.wording import names
from gui.wording import receiving as words
from gui.wording.contacts import whom
from gui.wording.units import number
from storage.ledger import Ledger
from storage.queries import contacts, received
from storage.queries.villages import title_of, titles
from sync import exchange, sessions
from sync.gathering import gather
from sync.sessions import Line, Reply
from sync.sessions import Session as Held


def receive(session: Session) -> int:
    """Take in bundles and whole folders; a refused one stops no other. Receipts and report where asked for."""
    options = session.options
    _check_report(options.report)
    if options.dry_run:
        return _look(session)
    with closing(session.open()) as ledger:
        found = sessions.hold(ledger, options.files, progress=_progress)
        held, bundles = found.session, []
        if options.receipts is not None and held.places:
            held, sent = sessions.reply(ledger, held.number, options.receipts)
            bundles = [sent_data(one, title_of(ledger, one.scope)) for one in sent]
        if options.report is not None and held.number:
            _report(ledger, held, options.report)
        data, lines = _told(ledger, held)
    if not held.files:
        session.tell(_("There are no bundles (.hqb) in that folder."))
    for fate in found.fates:
        warn(session, fate)
    for name, what in held.passed:
        session.tell(_("{name}: {what}").format(name=name, what=words.passed(what)))
    taken = [fate for fate in found.fates if fate.outcome != "refused"]
    files = [fate_data(fate) for fate in found.fates]
    session.give(
        {"dry_run": False, **data, "files": files, "receipts": bundles}, [*map(fate_line, taken), *lines]
    )
    return DONE if len(taken) == len(found.fates) else REFUSED


def _look(session: Session) -> int:
    """Say what files would change."""
    options = session.options
    found = gather(options.files)
    with closing(session.open()) as ledger:
        fates = exchange.receive(ledger, found.files, progress=_progress, dry_run=True)
    if not found.files:
        session.tell(_("There are no bundles (.hqb) in that folder."))
    for fate in fates:
        warn(session, fate)
    taken = [fate for fate in fates if fate.outcome != "refused"]
    lines = [line for fate in taken for line in (fate_line(fate), *preview_lines(fate))]
    session.give({"dry_run": True, "files": [fate_data(fate) for fate in fates]}, lines)
    return DONE if len(taken) == len(fates) else REFUSED


def opened(session: Session) -> int:
    """List the receivings kept, or open one: its files, what changed, and the people behind each count."""
    options = session.options
    _check_report(options.report)
    with closing(session.open()) as ledger:
        if options.number is None:
            if options.receipts is not None or options.report is not None or options.people:
                raise WrongUse("use.session")
            return _listed(session, sessions.sessions(ledger))
        held = sessions.opened(ledger, options.number)
        if options.receipts is not None:
            held, _sent = sessions.reply(ledger, held.number, options.receipts)
        if options.report is not None:
            _report(ledger, held, options.report)
        data, lines = _told(ledger, held)
        data["files"] = [_line_data(line) for line in held.files]
        data["receipts"] = [_reply_data(one) for one in held.replies]
        lines = [*map(_line, held.files), *lines]
        if options.people:
            people = _people(ledger, held, options.village)
            data["people"] = people
            lines += [f"  {one['village']} {one['name']}: {one['about']}" for one in people]
    session.give(data, lines)
    return DONE


def _listed(session: Session, kept: Sequence[Held]) -> int:
    rows = [
        {
            "session": one.number,
            "at": one.at,
            "by": one.by,
            "files": len(one.files),
            "fresh": sum(line.fresh for line in one.files),
            "refused": sum(line.outcome == "refused" for line in one.files),
            "receipts": len(one.replies),
        }
        for one in kept
    ]
    told = _(
        "{session}\t{at}\t{by}\t{files} files, {fresh} new entries, {refused} refused, {receipts} receipts"
    )
    session.give({"sessions": rows}, [told.format_map(row) for row in rows])
    return DONE


def _told(ledger: Ledger, held: Held) -> tuple[dict[str, Any], list[str]]:
    """A session as data and lines: what changed in each place, and to whom each receipt goes."""
    known, ring = titles(ledger), contacts.by_place(ledger)
    news = received.news(received.touched(ledger, held.span))
    places = [{"scope": one.scope, "name": known.get(one.scope, one.scope), **one.counts} for one in news]
    data: dict[str, Any] = {
        "session": held.number,
        "at": held.at,
        "by": held.by,
        "left": held.left,
        "passed": [{"file": name, "what": what} for name, what in held.passed],
        "places": places,
    }
    lines = []
    for one in news:
        said = [f"{words.figure(code)} {number(count)}" for code, count in one.counts.items() if count]
        lines.append("{}  {}".format(known.get(one.scope, one.scope), _(", ").join(said)))
    for reply in held.replies:
        give = _("Give {file} to {place}").format(file=reply.name, place=reply.title)
        lines.append(" · ".join(part for part in (give, whom(ring.get(reply.scope, []))) if part))
    return data, lines


def _people(ledger: Ledger, held: Held, scope: str) -> list[dict[str, Any]]:
    known = titles(ledger)
    return [
        {
            "scope": row.scope,
            "village": known.get(row.scope, row.scope),
            "group": row.whose.group,
            "name": row.whose.name,
            "figures": sorted(row.figures),
            "about": _(", ").join(names.kind(kind) for kind in row.kinds),
        }
        for row in received.touched(ledger, held.span, scope)
    ]


def _line_data(line: Line) -> dict[str, Any]:
    told = {
        "file": line.name, "outcome": line.outcome, "scope": line.scope, "name": line.title, "made_at": line.made_at,
        "operations": line.operations, "fresh": line.fresh, "missing": line.missing, "confirmed": line.confirmed,
        "held_back": line.held_back, "new_device": line.new_device,
    }  # fmt: skip
    return {**told, "code": line.code, "sentence": words.told(line)}


def _line(line: Line) -> str:
    return " · ".join(
        part for part in (line.name, line.title, words.outcome(line.outcome), words.told(line)) if part
    )


def _reply_data(one: Reply) -> dict[str, Any]:
    return {
        "file": one.name,
        "scope": one.scope,
        "name": one.title,
        "files": one.files,
        "operations": one.operations,
    }


def _check_report(path: Path | None) -> None:
    if path is not None and path.suffix.lower() not in (".xlsx", ".pdf"):
        raise WrongUse("use.ending", path=path, choices=(".xlsx", ".pdf"))


def _report(ledger: Ledger, held: Held, path: Path) -> None:
    if path.suffix.lower() == ".pdf":
        from gui.printing.offscreen import paint_app

        kept = paint_app()  # while it is painted
        assert kept is not None
    from gui.printing import received as paper

    paper.write(ledger, held, path)


def _progress(done: int, total: int) -> None:
    if total > 1 and sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(
            _("\rreceived {done} of {total}").format(done=done, total=total),
            end=end,
            file=sys.stderr,
            flush=True,
        )
