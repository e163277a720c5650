"""Differences between ledger and lists without a window: listed, answered by name, as tables; a village's replies."""

from collections.abc import Mapping
from contextlib import closing

from gui import wording
from gui.actions import reconcile as actions
from gui.i18n import _
from gui.models import reconcile as models
from gui.printing import differences as sheets
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse, outcome
from gui.wording import reconcile as words
from storage.commands import reconcile as commands
from storage.commands.reconcile import Chosen
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.model import Policy
from storage.queries import reconcile, villages
from storage.queries.reconcile import Answer, Found, Reading

Told = dict[str, object]


def compare(session: Session) -> int:
    """List what differs, answer some of it, or write a table for each village."""
    options = session.options
    with closing(session.open()) as ledger:
        policy = session.policy(ledger)
        if not ledger.is_office:
            return _asked(session, ledger, policy)
        reading = reconcile.read(ledger, policy, session.today, options.village)
        if options.accept or options.all:
            return _settle(session, ledger, policy, reading)
        found = [one for one in reading.found if _wanted(one, options.code, options.status)]
        if options.xlsx is not None:
            chosen = Reading(reading.listings, tuple(found), reading.doubles)
            files = sheets.write(ledger, policy, chosen, options.xlsx)
            session.give({"files": [path.name for path in files]}, [path.name for path in files])
            return DONE
        titles = villages.titles(ledger)
        told = [_told(policy, titles, one) for one in found]
    data = {
        "counts": reading.counts,
        "whole": len(reading.found),
        "lists": [{"kind": one.kind, "file": one.name, "on": one.told.on} for one in reading.listings],
        "differences": told,
    }
    head = models.balance(reading.counts) or _("Ledger and lists agree.")
    session.give(data, [head, *(line for one in found for line in _lines(policy, titles, one))])
    return DONE


def _wanted(one: Found, code: str, status: str) -> bool:
    return code in ("", one.code) and (one.status in models.SHOWN.get(status, (status,)) if status else True)


def _told(policy: Policy, titles: Mapping[str, str], one: Found) -> Told:
    difference, answer = one.difference, one.answer
    told: Told = {
        "id": difference.short if difference else "",
        "code": one.code,
        "status": one.status,
        "scope": one.scope,
        "village": titles.get(one.scope, one.scope),
        "name": models.name_of(one),
        "number": wording.id_number(models.number_of(one)) if models.number_of(one) else "",
    }
    if difference is not None:
        told |= {
            "ledger": dict(difference.here),
            "list": dict(difference.listed),
            "told": {"kind": difference.told.kind, "file": difference.told.name, "on": difference.told.on},
            "proposal": difference.proposal.answer,
            "safe": difference.proposal.safe,
            "why": [
                {"code": reason.code, "sentence": words.why_text(policy, reason, titles)}
                for reason in difference.proposal.reasons
            ],
            "answers": list(difference.options),
        }
    if answer is not None:
        told |= {
            "answer": answer.answer,
            "answer_why": answer.why,
            "answered_on": answer.on,
            "reply": answer.reply,
            "reply_note": answer.reply_note,
        }
    return told


def _lines(policy: Policy, titles: Mapping[str, str], one: Found) -> list[str]:
    difference = one.difference
    short = difference.short if difference else ""
    number = wording.id_number(models.number_of(one)) if models.number_of(one) else ""
    head = [short, titles.get(one.scope, ""), models.name_of(one), number, words.code_text(one.code)]
    lines = [" · ".join(part for part in (*head, words.status_text(one.status)) if part)]
    if difference is not None:
        lines += [
            f"    {title}：{text}"
            for title, text in (
                (_("The ledger"), words.side_text(policy, difference.here, titles)),
                (_("The list"), words.side_text(policy, difference.listed, titles)),
            )
            if text
        ]
        proposed = words.answer_text(one.code, difference.proposal.answer, difference)
        lines.append("    " + _("Proposal: {answer}").format(answer=proposed))
        lines += [
            f"        {words.why_text(policy, reason, titles)}" for reason in difference.proposal.reasons
        ]
    if one.answer is not None:
        lines.append(f"    {words.given_text(one.answer)}")
        lines += [f"    {words.replied_text(one.answer)}"] if one.answer.reply else []
    return lines


# ---- answering


def _settle(session: Session, ledger: Ledger, policy: Policy, reading: Reading) -> int:
    """Answer named differences, or all safe ones of a code, as proposed or with another answer."""
    options = session.options
    chosen, left = _chosen(session, reading)
    if not options.dry_run and chosen:
        actions.settle(ledger, policy, chosen, reading.doubles, session.today)
    after = reconcile.read(ledger, policy, session.today, options.village) if not options.dry_run else reading
    moved = rules.movement(reading.statuses, after.statuses)
    session.give(
        {
            "dry_run": options.dry_run,
            "settled": [one.difference.short for one in chosen],
            "left": left,
            "before": moved.before,
            "became": dict(moved.became),
            "now": moved.now,
        },
        [
            (
                _("{id}: would be answered “{answer}”") if options.dry_run else _("{id}: answered “{answer}”")
            ).format(
                id=one.difference.short,
                answer=words.answer_text(one.difference.code, one.answer, one.difference),
            )
            for one in chosen
        ],
    )
    for name in left:
        session.tell(_("{id}: a person has to choose").format(id=name))
    return outcome(bool(left))


def _chosen(session: Session, reading: Reading) -> tuple[list[Chosen], list[str]]:
    options = session.options
    live = {one.difference.short: one.difference for one in reading.found if one.difference is not None}
    if options.accept:
        for name in options.accept:
            if name not in live:
                raise KnownError("question.unknown", id=name)
        wanted = [live[name] for name in dict.fromkeys(options.accept)]
    else:
        if options.answer and not options.code:
            raise WrongUse("use.reconcile")
        wanted = [
            one.difference
            for one in reading.found
            if _in_bulk(one, options.code, options.answer) and one.difference
        ]
    chosen = [Chosen(one, options.answer or one.proposal.answer, options.why) for one in wanted]
    fitting = [one for one in chosen if options.answer or one.answer != rules.LEAVE or options.why]
    return fitting, [one.difference.short for one in chosen if one not in fitting]


def _in_bulk(one: Found, code: str, answer: str) -> bool:
    """Whether it may be answered with others: to be answered, of this code, and safe; a village can always be asked."""
    difference = one.difference
    if difference is None or not one.todo or code not in ("", one.code):
        return False
    return difference.proposal.safe or (answer == rules.ASK and rules.ASK in difference.options)


# ---- a village


def _asked(session: Session, ledger: Ledger, policy: Policy) -> int:
    """List what the township asks and has answered, or reply."""
    options = session.options
    found = reconcile.told(ledger, policy.year, ledger.profile.scope)
    if options.reply:
        known = {_short(one): one for one in found}
        for name in options.reply:
            if name not in known:
                raise KnownError("question.unknown", id=name)
            if not options.dry_run:
                commands.reply(ledger, known[name].record, options.answer, options.why, today=session.today)
        session.give(
            {"replied": options.reply}, [_("Replied: {what}").format(what=name) for name in options.reply]
        )
        return DONE
    data = [_answer(one) for one in found]
    lines = [
        " · ".join(
            filter(
                None,
                (
                    _short(one),
                    one.name,
                    words.code_text(one.code),
                    words.given_text(one),
                    words.replied_text(one),
                ),
            )
        )
        for one in found
    ]
    session.give({"answers": data}, lines or [_("Nothing is asked.")])
    return DONE


def _short(one: Answer) -> str:
    """The name under which the township knows it too."""
    return rules.short(one.code, one.record)


def _answer(one: Answer) -> Told:
    return {
        "id": _short(one),
        "code": one.code,
        "name": one.name,
        "asked": models.is_asked(one),
        "answer": one.answer,
        "why": one.why,
        "on": one.on,
        "ledger": dict(one.here),
        "list": dict(one.listed),
        "told": {"kind": one.told.kind, "file": one.told.name, "on": one.told.on},
        "reply": one.reply,
        "reply_note": one.reply_note,
    }
