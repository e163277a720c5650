"""The policy everybody works by: looked at, taken over into another year, put right, checked, given to the villages."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

from gui.actions import publishing
from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.session import Session, WrongUse
from gui.wording import in_force, policy_fields
from storage import drafts, policies, policy_text
from storage.commands import drafts as writing
from storage.commands import publish
from storage.drafts import Draft
from storage.errors import KnownError
from storage.files import write_atomically
from storage.ledger import Ledger
from storage.policies import PolicyHead
from storage.policy import schema
from storage.policy.drafting import Difference, text_of
from storage.policy.schema import Fault, Raw
from storage.queries import villages


def list_policies(session: Session) -> int:
    """List the policies of this program and, of a ledger, those its office published, drafts, the one in force."""
    if session.options.folder is None:
        rows = [_row(head, "program", "") for head in policies.available()]
        session.give({"policies": rows}, [_line(row) for row in rows])
        return DONE
    with closing(session.open()) as ledger:
        force, own = policies.in_force(ledger), policies.published(ledger)
        writing_on = drafts.listed(ledger)
    names = {head.id for head in own}
    rows = [_row(head, "published", force.policy.id) for head in own]
    rows += [_row(head, "program", force.policy.id) for head in policies.available() if head.id not in names]
    if force.problem is not None:
        session.tell(in_force.notice(force))
    problem = None if force.problem is None else force.problem.code
    data = {
        "policies": rows,
        "in_force": force.policy.id,
        "wanted": force.wanted,
        "problem": problem,
        "drafts": [_draft_row(draft) for draft in writing_on],
    }
    session.give(data, [*map(_line, rows), *map(_draft_line, writing_on)])
    return DONE


def show(session: Session) -> int:
    """Give all a policy says: as it is in force here, in one version, or as it is being written."""
    options = session.options
    with closing(session.open()) as ledger:
        raw = _meant(ledger, options.policy, options.version, draft=options.draft)
    said = policy_fields.said(raw)
    session.give({"policy": _plain(raw)}, [f"{where} = {value}" for _path, where, value in said])
    return DONE


def export(session: Session) -> int:
    """Write a policy as a file that can be put right and brought back."""
    options = session.options
    with closing(session.open()) as ledger:
        raw = _meant(ledger, options.policy, options.version, draft=options.draft)
    write_atomically(options.out, policy_text.written(raw).encode())
    session.give({"file": str(options.out), "policy": raw.get("id")}, [str(options.out)])
    return DONE


def check(session: Session) -> int:
    """Say everything that is wrong with a policy file."""
    path = session.options.file
    try:
        raw = policies.raw_of(publishing.text_of(path), path.name)
        found = policies.faults(raw)
    except KnownError as error:
        if error.code != "policy.invalid":
            raise
        raw, found = {}, [Fault(str(error.params["where"]), str(error.params["why"]), error.params)]
    return _judged(session, path.name, raw, found)


def begin(session: Session) -> int:
    """Begin to change a policy, or to write another year's from it."""
    options = session.options
    with closing(session.open()) as ledger:
        if options.year is None:
            name = writing.begin(ledger, options.policy)
        else:
            name = writing.clone(ledger, options.policy, options.year)
        draft = drafts.read(ledger, name)
    return _give_draft(session, draft)


def take(session: Session) -> int:
    """Begin a draft from a file."""
    path = session.options.file
    text = publishing.text_of(path)
    with closing(session.open()) as ledger:
        draft = drafts.read(ledger, writing.take(ledger, text, file=path.name))
    return _give_draft(session, draft)


def put(session: Session) -> int:
    """Put values in a draft: PATH=VALUE; a value that does not fit its field is refused, and nothing is kept."""
    options = session.options
    with closing(session.open()) as ledger:
        raw: Raw = drafts.read(ledger, options.policy).raw
        for text in options.values:
            raw = _put(raw, text)
        writing.save(ledger, options.policy, raw)
        draft = drafts.read(ledger, options.policy)
    return _give_draft(session, draft)


def _put(raw: Raw, text: str) -> Raw:
    path, equals, said = text.partition("=")
    path = path.strip()
    try:
        held = schema.read(said, path) if equals and path not in ("id", "version") else None
        schema.shape_at(path)
    except (KeyError, IndexError):
        equals = ""
    if not equals or path in ("id", "version"):
        raise WrongUse("use.policy_field", text=text)
    changed = schema.put(_with_entry(raw, path), path, held)
    for fault in schema.faults(changed):
        if fault.where == path and held is not None:
            raise KnownError(
                "policy.invalid", file=str(raw.get("id")), where=path, why=fault.why, **fault.params
            )
    return changed


def _with_entry(raw: Raw, path: str) -> Raw:
    """Give an entry that a path names and that is not there yet its code."""
    parts = path.split(".")
    for number in range(2, len(parts)):
        entry, listed = ".".join(parts[:number]), ".".join(parts[: number - 1])
        shape = schema.shape_at(listed)
        if shape.holds == "entries" and shape.model and schema.get(raw, entry) is None:
            key = "key" if "key" in schema.shapes(shape.model) else "code"
            raw = schema.put(raw, entry, {key: parts[number - 1]})
    return raw


def differences(session: Session) -> int:
    """Say what a draft has otherwise than the policy it is compared with."""
    with closing(session.open()) as ledger:
        draft = drafts.read(ledger, session.options.policy)
    found = draft.differences
    session.give(_draft_data(draft), [_told(draft, one) for one in found] or [_("Nothing differs.")])
    return DONE


def discard(session: Session) -> int:
    """Throw a draft away."""
    name = session.options.policy
    with closing(session.open()) as ledger:
        draft = drafts.read(ledger, name)
        writing.discard(ledger, name)
    session.give({"policy": name}, [_("The draft “{title}” was thrown away.").format(title=draft.title)])
    return DONE


def publish_policy(session: Session) -> int:
    """Check a policy file or a draft and publish it to the villages named, to all and this office where none is."""
    options = session.options
    if (options.file is None) == (not options.draft):
        raise WrongUse("use.file_or_draft")
    text = "" if options.file is None else publishing.text_of(options.file)
    with closing(session.open()) as ledger:
        if options.draft:
            done = writing.publish(ledger, options.draft, options.village)
        else:
            done = publish.publish(ledger, text, options.village, file=options.file.name)
        titles = {scope: villages.title_of(ledger, scope) for scope in done.scopes}
    data = {
        "policy": done.policy.id,
        "version": done.policy.version,
        "scopes": done.scopes,
        "changed": bool(done.changes),
        "in_force": done.in_force,
    }
    session.give(data, [in_force.told(done, titles)])
    return DONE


# ---- what is given


def _meant(ledger: Ledger, policy_id: str, version: int | None, *, draft: bool) -> Raw:
    if draft:
        return drafts.read(ledger, policy_id).raw
    if version is not None:
        return text_of(policies.load_version(ledger, policy_id, version))
    return drafts.newest(ledger, policy_id)


def _give_draft(session: Session, draft: Draft) -> int:
    lines = [_draft_line(draft), *(_told(draft, one) for one in draft.differences)]
    lines += [_wrong(draft.raw, one) for one in draft.faults]
    if draft.unchecked:
        lines.append(_("{count} sources wait to be checked for this year").format(count=len(draft.unchecked)))
    session.give(_draft_data(draft), lines)
    return DONE


def _judged(session: Session, name: str, raw: Mapping[str, Any], found: Sequence[Fault]) -> int:
    lines: Iterable[str] = [_wrong(raw, one) for one in found]
    session.give(
        {"file": name, "faults": _faults(found)}, lines or [_("{file}: nothing is wrong.").format(file=name)]
    )
    return REFUSED if found else DONE


def _wrong(raw: Mapping[str, Any], fault: Fault) -> str:
    words = policy_fields.fault(fault.why, fault.params)
    told = _("wrong: {where}: {why}").format(where=policy_fields.place(fault.where, raw), why=words)
    return f"{told} ({fault.where})" if fault.where else told


def _told(draft: Draft, one: Difference) -> str:
    where, old, new = policy_fields.change(one, draft.base, draft.raw)
    return _("{where}: {old} → {new}").format(where=where, old=old, new=new)


def _draft_data(draft: Draft) -> dict[str, object]:
    return {
        **_draft_row(draft),
        "base": draft.base.get("id"),
        "differences": [
            {"where": one.where, "old": _plain(one.old), "new": _plain(one.new)} for one in draft.differences
        ],
        "faults": _faults(draft.faults),
        "unchecked": draft.unchecked,
    }


def _faults(found: Iterable[Fault]) -> list[dict[str, object]]:
    return [{"where": one.where, "why": one.why} for one in found]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _draft_row(draft: Draft) -> dict[str, object]:
    return {
        "id": draft.id,
        "title": draft.title,
        "year": _plain(draft.raw.get("year")),
        "who": draft.who,
        "at": draft.at,
    }


def _draft_line(draft: Draft) -> str:
    return " · ".join((draft.id, draft.title, _("draft")))


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
