"""Handing over: writing the bundle; how files that went out or came in are told."""

from contextlib import closing

from gui import wording
from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session
from gui.wording import names
from storage.queries.villages import title_of
from sync import exchange
from sync.exchange import Fate, Sent
from sync.preview import Difference, Preview
from sync.upward import COUNTS


def send(session: Session) -> int:
    """Write the bundle of a village for its office, or an office's for each village."""
    with closing(session.open()) as ledger:
        options = session.options
        sent = exchange.send(ledger, options.out, whole=options.whole, disclosure=options.upward)
        bundles = [sent_data(one, title_of(ledger, one.scope)) for one in sent]
    lines = [_sent_line(one) for one in sent]
    session.give({"bundles": bundles}, lines)
    return DONE


def _sent_line(one: Sent) -> str:
    if one.disclosure == COUNTS:
        return _("{file}: numbers only, nobody named").format(file=one.path)
    return _("{file}: {operations} entries").format(file=one.path, operations=one.operations)


def sent_data(one: Sent, title: str) -> dict[str, object]:
    """A written bundle as it stands in a JSON result."""
    return {
        "file": one.path.name,
        "path": one.path,
        "scope": one.scope,
        "name": title,
        "operations": one.operations,
        "bytes": one.path.stat().st_size,
        "disclosure": one.disclosure,
    }


def warn(session: Session, fate: Fate) -> None:
    """Tell what about a file wants somebody's attention."""
    if fate.outcome == "refused":
        session.tell(sentence_for(fate.code, fate.params or {}))
    if fate.outcome == "incomplete":
        told = _("{file}: {count} earlier entries of {name} are missing; the next bundle brings them.")
        session.tell(told.format(file=fate.name, count=fate.missing, name=fate.title))
    if fate.held_back:
        told = _("{name}: {count} entries of a revoked device wait until they are adopted.")
        session.tell(told.format(name=fate.title, count=fate.held_back))
    if fate.changes.touches("erasure"):
        session.tell(
            _(
                "{name} had people erased: they are gone here too. Backups that hold them are given up in time; "
                "destroy lists that name them."
            ).format(name=fate.title)
        )
    if fate.new_device:
        session.tell(_("{name} joined with its kit; the code was not compared.").format(name=fate.title))


def fate_data(fate: Fate) -> dict[str, object]:
    """What became of a file as it stands in a JSON result."""
    told: dict[str, object] = {
        "file": fate.name,
        "outcome": fate.outcome,
        "scope": fate.scope,
        "name": fate.title,
        "operations": fate.operations,
        "fresh": fate.fresh,
        "missing": fate.missing,
        "confirmed": fate.confirmed,
        "held_back": fate.held_back,
        "new_device": fate.new_device,
    }
    if fate.preview is not None:
        told["preview"] = _preview(fate.preview)
    if fate.code:
        told |= {
            "code": fate.code,
            "sentence": sentence_for(fate.code, fate.params or {}),
            "params": fate.params,
        }
    return told


def fate_line(fate: Fate) -> str:
    """What became of a file in one line."""
    words = {
        "applied": _("taken in, {fresh} new entries"),
        "known": _("nothing new in it"),
        "incomplete": _("taken in, {fresh} new entries, {missing} still missing"),
    }
    text = words[fate.outcome].format(fresh=fate.fresh, missing=fate.missing)
    confirmed = _("{count} of ours confirmed").format(count=fate.confirmed) if fate.confirmed else ""
    why = sentence_for(fate.code, fate.params or {}) if fate.outcome == "known" and fate.code else ""
    return " · ".join(part for part in (fate.name, fate.title, text, confirmed, why) if part)


def _preview(found: Preview) -> dict[str, object]:
    """What a file would change; ID numbers and phones stay masked."""
    changed = [
        {"scope": one.scope, "kind": one.kind, "name": one.name, "field": one.field, **_old_new(one)}
        for one in found.changed
    ]
    disputes = {"disputed": found.disputed, "settled": found.settled}
    told = {
        name: [
            {"scope": scope, "kind": kind, "register": register} for scope, kind, _record, register in rows
        ]
        for name, rows in disputes.items()
    }
    gone = [
        {"scope": one.scope, "kind": one.kind, "name": one.name, "erased": one.erased} for one in found.gone
    ]
    return {"added": found.added, "changed": changed, **told, "gone": gone}


def _old_new(one: Difference) -> dict[str, object]:
    masks = {"id_number": wording.id_number, "phone": wording.phone}
    mask = masks.get(one.field)
    old, new = (mask(str(text)) if mask and text else text for text in (one.old, one.new))
    return {"old": old, "new": new}


def preview_lines(fate: Fate) -> list[str]:
    """What a file would change, line by line."""
    found = fate.preview
    if found is None:
        return []
    lines = [
        _("  would add: {kind} {count}").format(kind=names.kind(kind), count=count)
        for kind, count in found.added.items()
    ]
    lines += [
        _("  would change: {name} {field}: {old} → {new}").format(
            name=one.name, field=names.field(one.field), **_old_new(one)
        )
        for one in found.changed
    ]
    lines += [
        (
            _("  would be erased: {name} {kind}")
            if one.erased
            else _("  would be there no more: {name} {kind}")
        ).format(name=one.name, kind=names.kind(one.kind))
        for one in found.gone
    ]
    if found.disputed:
        lines.append(_("  would come into conflict: {count}").format(count=len(found.disputed)))
    if found.settled:
        lines.append(_("  would be settled: {count}").format(count=len(found.settled)))
    return lines
