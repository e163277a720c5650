"""Making a bulletin: counted and frozen from one state of the ledger; a correction says what changed and why."""

import dataclasses
from contextlib import nullcontext
from datetime import UTC, date, datetime

from msgspec.structs import replace

from storage import bulletins, held
from storage.bulletins import Bulletin, Content, Line
from storage.commands import bulletins as commands
from storage.connection import snapshot
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes, Ledger
from storage.operators import RECORD
from storage.policy import mask, ranking
from storage.policy.model import Policy
from storage.queries import bulletins as queries
from storage.queries import corrections, reported, villages
from storage.queries.bulletins import Counted
from storage.records import random_id

_WHOLE = 11
"""Figures from which on a number is somebody's telephone or ID number, no day and no count."""


def make(ledger: Ledger, policy: Policy, today: date, denominator: str = "") -> Bulletin:
    """Issue the next bulletin on ``today``, ranked by a denominator (the policy's, where none is named).

    Of a past ledger (``storage.asof``) it says how that stood; it is issued in the present one all the same.
    Raises KnownError: bulletin.office_only, bulletin.no_villages, bulletin.denominator, operator.not_allowed.
    """
    return _issued(ledger, draft(ledger, policy, today, denominator))


def correct(
    ledger: Ledger, old: Bulletin, policy: Policy, today: date, why: str, denominator: str = ""
) -> Bulletin:
    """Issue a correction of ``old`` that counts what is known now, and says what that changes and for what reason.

    Raises like ``draft`` of a correction.
    """
    return _issued(ledger, draft(ledger, policy, today, denominator, corrects=old, why=why))


def _issued(ledger: Ledger, drawn: Bulletin) -> Bulletin:
    issue(ledger, drawn)
    return queries.by_record(ledger.present, drawn.record)


def draft(
    ledger: Ledger,
    policy: Policy,
    today: date,
    denominator: str = "",
    *,
    corrects: Bulletin | None = None,
    why: str = "",
) -> Bulletin:
    """Return the next bulletin, or a correction, as it would be issued now; ``issue`` takes it as it stands.

    Numbers of people are starred out of the reason: a bulletin holds nothing of anybody. Raises RuleViolation
    bulletin.why; KnownError: bulletin.office_only, bulletin.no_villages, bulletin.denominator, bulletin.other_year,
    operator.not_allowed.
    """
    if corrects is not None:
        if not why.strip():
            raise RuleViolation("bulletin.why", field="why")
        if policy.year != corrects.content.year:
            raise KnownError("bulletin.other_year", year=corrects.content.year)
    denominator = denominator or (corrects.content.denominator if corrects else policy.default_denominator)
    present = ledger.present
    present.require(RECORD)
    if not present.is_office:
        raise KnownError("bulletin.office_only")
    reading = snapshot(ledger.connection) if ledger is present else nullcontext()
    with reading:
        titles = villages.titles(ledger)
        if not titles:
            raise KnownError("bulletin.no_villages")
        before = queries.newest(present, policy.year)
        last = before.content if before else None
        counted = _with_reports(ledger, queries.count(ledger, policy, denominator, today, titles))
        basis = held.read(ledger.connection)
        at = datetime.fromtimestamp(ledger.clock.now_ms() / 1000, UTC)
        content = _content(ledger, policy, today, denominator, counted, last)
        if corrects is not None:
            starred = mask.numbers(why.strip(), _WHOLE)
            content = _corrected(ledger, content, corrects, policy, counted, starred)
    links = {"follows": before.record if before else "", "corrects": corrects.record if corrects else ""}
    return bulletins.unissued(random_id(), present.profile.scope, content, policy, basis, at, **links)


def issue(ledger: Ledger, drawn: Bulletin) -> Changes:
    """Issue what was drawn up, number for number; raises KnownError bulletin.overtaken where more is known by now."""
    present = ledger.present
    newest = queries.newest(present, drawn.content.year)
    grown = ledger is present and held.read(present.connection).fingerprint != drawn.basis.fingerprint
    if grown or (newest.record if newest else "") != drawn.follows:
        raise KnownError("bulletin.overtaken")
    return commands.issue(present, bulletins.freeze(drawn))


def _with_reports(ledger: Ledger, counted: Counted) -> Counted:
    """Say of each place when it last reported."""
    days = reported.days(ledger)

    def said(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(replace(line, reported=reported.of(days, line.code)) for line in lines)

    return dataclasses.replace(counted, lines=said(counted.lines), parts=said(counted.parts))


def _content(
    ledger: Ledger, policy: Policy, today: date, denominator: str, counted: Counted, last: Content | None
) -> Content:
    unit = ledger.profile.scope
    level = queries.level_of(unit)
    given = ranking.cards(policy, level)
    explained = tuple(reason.code for reason in policy.reasons if reason.explained)
    alike = last is None or (last.denominator, last.explained) == (denominator, explained)
    counted = queries.moved(counted, last if alike else None)
    return Content(
        number=queries.last_number(ledger.present, policy.year) + 1,
        year=policy.year,
        on=today,
        unit=unit,
        title=ledger.profile.title,
        level=level,
        by=ledger.present.operator,
        denominator=denominator,
        explained=explained,
        lines=counted.lines,
        total=counted.total,
        parts=counted.parts,
        twice=counted.twice,
        kind=given.kind,
        cards=given.count,
        issuer=given.issuer,
        tied=counted.tied,
        spared=counted.spared,
        follows=last.number if last else None,
        followed_on=last.on if last else None,
        comparable=alike,
    )


def _corrected(
    ledger: Ledger, content: Content, old: Bulletin, policy: Policy, counted: Counted, why: str
) -> Content:
    """Say of a correction what it corrects, against which the movement is told too, and what changed."""
    with queries.past(ledger.present, old).ledger as before:
        found = corrections.changes(old, before, ledger, policy, content.denominator, counted)
    alike = (old.content.denominator, old.content.explained) == (content.denominator, content.explained)
    moved = queries.moved(counted, old.content if alike else None)
    return replace(
        content,
        lines=moved.lines,
        parts=moved.parts,
        total=moved.total,
        corrects=old.number,
        corrected_on=old.content.on,
        comparable=alike,
        why=why,
        changes=found,
    )
