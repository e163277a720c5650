"""Conflicts without a window: what entries disagree about, and settling one or many."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date

from gui import wording
from gui.errors import sentence_for
from gui.i18n import _
from gui.verbs.record import Named, choice, fen
from gui.verbs.session import Session, WrongUse, outcome, policy_of
from gui.wording import candidates, names
from gui.wording.candidates import Called, Side
from storage.codes import RELATIONS, SEXES
from storage.commands import conflicts, split
from storage.commands.conflicts import Answer
from storage.commands.facts import CREDENTIAL_WAYS
from storage.errors import KnownError
from storage.kinds import KINDS
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import review
from storage.queries.review import RULES, Fit, ReviewItem
from storage.records import Value

TWO_PEOPLE = "two-people"
_WHOSE = {"shown": split.OLD, "other": split.NEW, "unknown": split.BOTH}
Told = dict[str, object]


# ---- listing


def listed(session: Session) -> int:
    """List what entries disagree about: both values, who, when, on which device, and who decides."""
    with closing(session.open()) as ledger:
        policy = policy_of(ledger)
        found = _conflicts(session, ledger)
        words = candidates.called(*review.mentioned(ledger, found))
        told = [_told(policy, item, words) for item in found]
    lines = [line for item, one in zip(found, told, strict=True) for line in _lines(policy, item, words, one)]
    if not found:
        session.tell(_("Nothing is in conflict."))
    session.give({"conflicts": told}, lines)
    return outcome(False)


def _conflicts(session: Session, ledger: Ledger) -> list[ReviewItem]:
    village = session.options.village
    return [item for item in review.conflicts(ledger) if not village or item.scope == village]


def _told(policy: Policy, item: ReviewItem, words: Called) -> Told:
    return {
        "id": item.short,
        "scope": item.scope,
        "kind": item.kind,
        "register": item.register,
        "what": names.register(item.kind, item.register),
        "name": item.name,
        "ours": item.ours,
        "decides": "village" if item.decides == "v" else "office",
        "candidates": [_side(side) for side in candidates.sides(policy, item, words)],
    }


def _side(side: Side) -> Told:
    return {
        "fields": {line.field: line.text for line in side.lines},
        "shown": side.shown,
        "said": [
            {
                "who": saying.who,
                "when": saying.when,
                "side": "village" if saying.side == "v" else "office",
                "device": candidates.device(saying),
                "this_computer": saying.here,
                "source": wording.via_text(saying.via) if saying.via else "",
                "file": saying.bundle,
            }
            for saying in side.candidate.sayings
        ],
    }


def _lines(policy: Policy, item: ReviewItem, words: Called, told: Told) -> list[str]:
    head = " · ".join(str(part) for part in (told["id"], item.name, told["what"]) if part)
    if not item.ours:
        head = f"{head} · {_('{side} decides').format(side=names.side(item.decides))}"
    found = [head]
    for side in candidates.sides(policy, item, words):
        mark = _("shown for now") if side.shown else ""
        value = ", ".join(f"{line.title} {line.text}" for line in side.lines)
        found.append("    " + " · ".join(part for part in (value, mark) if part))
        found += [f"        {source}" for source in side.sources]
    return found


# ---- settling


def resolve(session: Session) -> int:
    """Settle conflicts: by one of their values, by a third one, or as two people; exit 3 where some are left."""
    options = session.options
    with closing(session.open()) as ledger:
        found = _meant(session, ledger)
        rule, typed = _taken(options.take)
        if rule == TWO_PEOPLE:
            return _two_people(session, ledger, found)
        fits = review.fits(found, rule) if rule else _typed(session, policy_of(ledger), found, typed)  # type: ignore[arg-type]
        answers = [_answer(fit) for fit in fits if fit.candidate]
        if not options.dry_run and answers:
            conflicts.settle(ledger, answers, today=session.today)
    left = [fit for fit in fits if fit.candidate is None]
    return _give(session, [fit.item for fit in fits if fit.candidate], left)


def _meant(session: Session, ledger: Ledger) -> list[ReviewItem]:
    """The conflicts that were named, each once; WrongUse use.nothing, KnownError conflict.unknown."""
    options, found = session.options, _conflicts(session, ledger)
    if options.all == bool(options.id):
        raise WrongUse("use.conflicts")
    if options.all:
        return found
    by_name = {item.short: item for item in found}
    for name in options.id:
        if name not in by_name:
            raise KnownError("conflict.unknown", id=name)
    return [by_name[name] for name in dict.fromkeys(options.id)]


def _taken(words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A rule, or fields with their values; WrongUse use.take."""
    if len(words) == 1 and (words[0] in RULES or words[0] == TWO_PEOPLE):
        return words[0], {}
    typed = dict(word.split("=", 1) for word in words if "=" in word)
    if not typed or len(typed) != len(words):
        raise WrongUse("use.take", choices=[*RULES, TWO_PEOPLE, _("FIELD=VALUE")])
    return "", typed


def _typed(
    session: Session, policy: Policy, found: Sequence[ReviewItem], typed: Mapping[str, str]
) -> list[Fit]:
    """The same fields written into each, its other fields as they are shown."""
    return [
        Fit(item, review.Candidate(_value(session, policy, item, typed), ()), "")
        if item.ours
        else Fit(item, None, "other_side")
        for item in found
    ]


def _value(session: Session, policy: Policy, item: ReviewItem, typed: Mapping[str, str]) -> Value:
    fields = KINDS[item.kind].registers[item.register].fields
    value = dict(item.candidates[0].value)
    for name, text in typed.items():
        if name not in fields:
            raise WrongUse("use.field", field=name, choices=list(fields))
        value[name] = _read(session, policy, fields[name], name, text)
    if item.register == "state":
        value = {**value, "credential": "active"} if value.get("credential_by") else {}
    return {} if item.register == "void" and not value.get("void_reason") else value


def _read(session: Session, policy: Policy, wanted: type, name: str, text: str) -> object:
    """What was typed for a field, in code: a name for its code, yuan in fen, a day as it is kept."""
    if not text.strip():
        return None
    named: dict[str, Sequence[Named]] = {
        "residence": policy.residences,
        "channel": policy.channels,
        "absence": policy.reasons,
        "need": policy.assistance_reasons,
        "group_code": policy.groups,
    }
    if name in named:
        return choice(named[name], text)
    coded = {
        "sex": SEXES,
        "relation": RELATIONS,
        "credential_by": {way: names.credential_way(way) for way in CREDENTIAL_WAYS},
    }
    if name in coded:
        return _code(coded[name], text)
    if name == "amount":
        return fen(text)
    if wanted is int:
        if not text.isdecimal():
            raise WrongUse("use.number", field=name, text=text)
        return int(text)
    if name == "birth" or name.endswith("_on") or name in ("since", "until"):
        return _day(session, text).isoformat()
    return text


def _day(session: Session, text: str) -> date:
    return session.date(text)


def _code(words: Mapping[str, str], text: str) -> str:
    found = [code for code, word in words.items() if text.strip() in (code, word)]
    if len(found) != 1:
        raise WrongUse("use.no_choice", text=text, choices=[f"{code} {word}" for code, word in words.items()])
    return found[0]


def _answer(fit: Fit) -> Answer:
    item = fit.item
    assert fit.candidate is not None
    return Answer(item.scope, item.kind, item.record, item.register, fit.candidate.value, item.seen)


def _two_people(session: Session, ledger: Ledger, found: Sequence[ReviewItem]) -> int:
    """Split each into two people: whoever is shown keeps the record, what the other's writers wrote goes along."""
    for item in found:
        if (item.kind, item.register, len(item.candidates)) != ("resident", "identity", 2):
            raise KnownError("conflict.not_two", id=item.short)
    number = _WHOSE[session.options.number]
    for item in [] if session.options.dry_run else found:
        heads = [saying.oid for saying in item.candidates[1].sayings]
        hanging = split.parts(ledger, item.scope, item.record, heads, number=number).hanging
        moves = [each.record for each in hanging if each.theirs]
        split.split(ledger, item.scope, item.record, heads, moves=moves, number=number)
    return _give(session, found, [])


def _give(session: Session, settled: Sequence[ReviewItem], left: Sequence[Fit]) -> int:
    dry = session.options.dry_run
    stays = [_left(fit) for fit in left]
    data = {
        "dry_run": dry,
        "settled": [{"id": item.short, "kind": item.kind, "register": item.register} for item in settled],
        "left": stays,
    }
    word = _("{id}: would be settled") if dry else _("{id}: settled")
    session.give(data, [word.format(id=item.short) for item in settled])
    for one in stays:
        session.tell(f"{one['id']}: {one['sentence']}")
    return outcome(bool(left))


def _left(fit: Fit) -> Told:
    words = {
        "silent": _("This side says nothing about it."),
        "several": _("This side says two different things about it."),
        "other_side": sentence_for("conflict.other_side", {"side": fit.item.decides}),
    }
    return {"id": fit.item.short, "code": f"conflict.{fit.why}", "sentence": words[fit.why]}
