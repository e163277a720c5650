"""Doubles and doubtful ID numbers without a window: listed with what is proposed and why, settled by name."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from gui import wording
from gui.actions import doubles as actions
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse, outcome, policy_of
from gui.wording import doubles as words
from gui.wording.candidates import masked_alike
from storage.commands import exports
from storage.commands import repair as commands
from storage.errors import KnownError, RuleViolation
from storage.ledger import Ledger
from storage.operators import RECORD
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries import doubles, repair, villages
from storage.queries.doubles import Double, Side
from storage.queries.repair import Proposals, Unsound

Told = dict[str, object]
Item = TypeVar("Item", Double, Unsound)


def listed(session: Session) -> int:
    """List who is entered or insured twice and which is kept, or take proposals: named ones, or all safe ones."""
    options = session.options
    with closing(session.open()) as ledger:
        policy, titles = policy_of(ledger), villages.titles(ledger)
        found = doubles.find(ledger, policy, session.today, options.village or None)
        if options.keep is not None and len(options.accept) != 1:
            raise WrongUse("use.keep")
        if options.accept or options.all:
            chosen = _named(found, options.accept) if options.accept else [one for one in found if one.safe]
            return _settle(session, ledger, policy, chosen)
        told = [_double(policy, titles, one) for one in found]
    lines = [line for one in found for line in _double_lines(policy, titles, one)]
    data = {"doubles": told, "stake": sum(one.stake.fen for one in found)}
    session.give(data, lines or [_("Nobody is entered or insured twice.")])
    return DONE


def _named(found: Sequence[Item], names: Sequence[str]) -> list[Item]:
    """Those that were named, each once; KnownError question.unknown."""
    known = {one.short: one for one in found}
    for name in names:
        if name not in known:
            raise KnownError("question.unknown", id=name)
    return [known[name] for name in dict.fromkeys(names)]


def _settle(session: Session, ledger: Ledger, policy: Policy, chosen: Sequence[Double]) -> int:
    """Keep what is proposed, or the side that was named; what no rule decides is left."""
    settled, left = [], []
    for one in chosen:
        kept = one.verdict.kept if session.options.keep is None else session.options.keep - 1
        if kept is None:
            left.append(one.short)
            continue
        if not session.options.dry_run:
            actions.keep(ledger, policy, one, kept, session.today)
        settled.append(one.short)
    return _give(session, settled, left)


def _give(session: Session, settled: Sequence[str], left: Sequence[str]) -> int:
    word = _("{id}: would be settled") if session.options.dry_run else _("{id}: settled")
    session.give(
        {"dry_run": session.options.dry_run, "settled": settled, "left": left},
        [word.format(id=name) for name in settled],
    )
    for name in left:
        session.tell(_("{id}: a person has to choose").format(id=name))
    return outcome(bool(left))


def _double(policy: Policy, titles: Mapping[str, str], one: Double) -> Told:
    return {
        "id": one.short,
        "code": one.code,
        "what": words.code_text(one.code),
        "keep": None if one.verdict.kept is None else one.verdict.kept + 1,
        "rule": one.verdict.code,
        "safe": one.safe,
        "why": [_reason(policy, titles, reason) for reason in one.verdict.reasons],
        "stake": {
            "fen": one.stake.fen,
            "finance_fen": one.stake.finance_fen,
            "assisted_fen": one.stake.assisted_fen,
            "at_most": one.stake.at_most,
            "sources": [_reason(policy, titles, reason) for reason in one.stake.reasons],
        },
        "sides": [_side(titles, side) for side in one.sides],
    }


def _reason(policy: Policy, titles: Mapping[str, str], reason: Reason) -> Told:
    return {
        "code": reason.code,
        "sentence": words.told(policy, reason, titles),
        "source": wording.source_text(policy, reason.cite),
    }


def _side(titles: Mapping[str, str], side: Side) -> Told:
    person, cover = side.person, side.cover
    return {
        "scope": side.scope,
        "village": titles.get(side.scope, side.scope),
        "name": person.name if person else "",
        "id": wording.id_number(person.id_number) if person else "",
        "household": side.home.number if side.home else "",
        "paid": person.paid if person else "",
        "words": words.side_text(titles, side),
        "scheme": cover.scheme if cover else "",
        "place": cover.place if cover else "",
        "employer": cover.employer if cover else "",
        "since": cover.since.isoformat() if cover and cover.since else "",
        "as_of": cover.as_of.isoformat() if cover and cover.as_of else "",
        "source": side.source,
    }


def _double_lines(policy: Policy, titles: Mapping[str, str], one: Double) -> list[str]:
    name = one.sides[0].person.name if one.sides[0].person else ""
    head = [one.short, name, words.code_text(one.code), words.stake_text(one.stake)]
    found = [" · ".join(part for part in head if part)]
    for number, side in enumerate(one.sides, 1):
        person = side.person
        parts = [str(number), words.side_text(titles, side), words.since_text(side.cover)]
        parts += [person.name, wording.id_number(person.id_number)] if person else []
        found.append("    " + " · ".join(part for part in parts if part))
    found.append(f"    {words.kept_text(titles, one)}")
    return found + [f"        {line}" for line in words.why_lines(policy, one.verdict.reasons, titles)]


# ---- ID numbers


def repairs(session: Session) -> int:
    """List doubtful ID numbers and what each may have been, or settle some: by number, as checked, all sure ones."""
    options = session.options
    full = options.full
    with closing(session.open()) as ledger:
        policy, titles, scope = policy_of(ledger), villages.titles(ledger), options.village or None
        if full:
            _may_show(ledger, options.why)
        found = repair.worklist(ledger, policy, scope)
        if options.accept or options.stays or options.all:
            return _repair(session, ledger, found)
        offers = repair.proposals_for(ledger, found, session.today)
        told = [
            _unsound(policy, titles, item, offer, full=full)
            for item, offer in zip(found, offers, strict=True)
        ]
        progress = repair.progress(ledger, scope)
        if full:
            exports.note(
                ledger, "repairs", Path("repairs"), rows=len(told), masked=False, why=options.why,
                scope=options.village,
            )  # fmt: skip
    data = {
        "people": progress.people,
        "sound": progress.sound,
        "checked": progress.checked,
        "open": progress.open,
        "masked": not full,
        "repairs": told,
    }
    session.give(
        data, [line for one in told for line in _repair_lines(one)] or [_("No ID number is doubtful.")]
    )
    return DONE


def _may_show(ledger: Ledger, why: str) -> None:
    """Full numbers take the right to record and a reason; both are logged."""
    ledger.require(RECORD)
    if not why.strip():
        raise RuleViolation("export.why", field="why")


def _repair(session: Session, ledger: Ledger, found: Sequence[Unsound]) -> int:
    """Take numbers: ID=NUMBER as typed, ID alone its sure one; --stays what was checked."""
    options = session.options
    typed = dict(name.partition("=")[::2] for name in options.accept)
    items = _named(found, [*typed, *options.stays])
    if options.all:
        items += [one for one in found if one.short not in {item.short for item in items}]
    offers = repair.proposals_for(ledger, items, session.today)
    settled, left = [], []
    for item, offer in zip(items, offers, strict=True):
        number = typed.get(item.short) or (offer.sure.number if offer.sure else "")
        if item.short in options.stays:
            if not options.dry_run:
                commands.stays(ledger, *item.key, item.doubts)
        elif number:
            if not options.dry_run:
                commands.accept(ledger, *item.key, number, today=session.today)
        else:
            left += [item.short] if item.short in typed else []
            continue
        settled.append(item.short)
    return _give(session, settled, left)


def _unsound(
    policy: Policy, titles: Mapping[str, str], item: Unsound, offer: Proposals, *, full: bool
) -> Told:
    def shown(text: str) -> str:
        return text if full or not text else wording.id_number(text)

    numbers = [one.number for one in offer.shown]
    numbers = numbers if full else masked_alike(numbers, "id_number")
    return {
        "id": item.short,
        "scope": item.scope,
        "village": titles.get(item.scope, item.scope),
        "household": item.home.number if item.home else "",
        "name": item.person.name,
        "number": shown(item.person.id_number),
        "doubt": item.doubt,
        "what": wording.doubt_text(item.doubts),
        "stem": shown(offer.stem),
        "possible": len(offer.shown) + len(offer.rest),
        "candidates": [
            {
                "number": number,
                "how": one.how,
                "rank": one.rank,
                "sure": one.sure,
                "taken": one.taken,
                "why": [words.told(policy, reason, titles) for reason in one.reasons],
            }
            for one, number in zip(offer.shown, numbers, strict=True)
        ],
        "others": [shown(number) for number in offer.rest] if full else [],
    }


def _repair_lines(one: Told) -> list[str]:
    head = [str(one[name]) for name in ("id", "village", "household", "name", "number", "what") if one[name]]
    found = [" · ".join(head)]
    candidates = one["candidates"]
    assert isinstance(candidates, list)
    for each in candidates:
        marks = [_("{name} has it").format(name=each["taken"])] if each["taken"] else []
        marks += [_("sure")] if each["sure"] else []
        found.append("    " + " · ".join([each["number"], *marks, *each["why"]]))
    if not candidates and one["possible"]:
        found.append(
            "    " + _("{count} numbers are possible: look at the card").format(count=one["possible"])
        )
    return found
