"""The five numbers above the board: the rate, e-credentials, special groups, who is silent, what is to be settled."""

from datetime import date

from gui import wording
from gui.i18n import _
from gui.models import board, moved
from gui.models.board import Board
from gui.models.board_columns import others_decide
from gui.theme import Tone
from gui.widgets.cards import Stat
from gui.widgets.labels import plain, strong
from gui.widgets.pieces import Bar
from gui.wording import names
from gui.wording.places import Below
from storage.policy import rates
from storage.policy.model import Policy, Target
from storage.queries import figures
from storage.queries.earlier import Earlier
from storage.queries.figures import Figures

_NAMED = 3
_WIDE_NUMBER = "{part:,} / {whole:,}"


def rate(policy: Policy, read: Board, earlier: Earlier | None, today: date) -> Stat:
    """The rate of all by the chosen denominator, and how it moved."""
    found = read.total
    title = _("Rate, of: {base}").format(base=names.denominator(policy, read.denominator))
    beside = _WIDE_NUMBER.format(part=found.should_paid, whole=found.should)
    target, stated = board.target_of(policy, read.denominator), policy.target("everyone")
    if target is not None:
        below = missing(target, found.should_paid, found.should)
    elif stated is not None and stated.rate is not None and stated.denominator is not None:
        other = names.denominator(policy, stated.denominator)
        words = _("The target {target} is of: {base}")
        below = plain(words.format(target=_percent(stated), base=other))
    else:
        below = plain(_("The policy names no target."))
    if earlier is not None:
        more = found.should_paid - earlier.total[0]
        since = _("{more} people since {before}").format(
            more=f"{more:+,}", before=moved.words(earlier, today)
        )
        below = f"{below} · {plain(since)}"
    share = found.should_paid / found.should if found.should else 0.0
    return Stat(title, wording.percent(found.rate), beside, Bar(share, tick(target)), below)


def credential(policy: Policy, found: Figures) -> Stat:
    """How many e-credentials are active."""
    target = policy.target("credential")
    beside = _WIDE_NUMBER.format(part=found.credential, whole=found.people)
    below = ""
    if target is not None and target.rate is not None:
        below = missing(target, found.credential, found.people)
    share = found.credential / found.people if found.people else 0.0
    shown = wording.percent(found.credential_rate)
    return Stat(_("E-credentials active"), shown, beside, Bar(share, tick(target)), below)


def special(policy: Policy, found: Figures, today: date) -> Stat:
    """How many of the special groups have paid, and until when all must."""
    target = policy.target("special")
    beside = _WIDE_NUMBER.format(part=found.special_paid, whole=found.special)
    below = ""
    if target is not None and target.rate is not None:
        below = missing(target, found.special_paid, found.special)
        gap = rates.gap(target.rate, found.special_paid, found.special)
        if target.deadline and gap:
            day = plain(wording.short_day(target.deadline, today))
            below = _("by {day}, {count} missing").format(day=day, count=strong(f"{gap:,}", "bad"))
    share = found.special_paid / found.special if found.special else 0.0
    shown = wording.percent(figures.percent(found.special_paid, found.special))
    bar = Bar(share, tick(target), "warn" if found.special_paid < found.special else "ok")
    return Stat(_("Special groups paid"), shown, beside, bar, below)


def unsent(read: Board, places: Below, today: date) -> Stat:
    """Who has sent nothing this week."""
    silent = [village.title for village in board.unsent(read, today)]
    words = wording.units.listed(silent[:_NAMED])
    if len(silent) > _NAMED:
        words = _("{names} and {count} more").format(names=words, count=len(silent) - _NAMED)
    below = plain(words or _("Everybody with a kit has sent."))
    tone: Tone = "bad" if silent else "ok"
    return Stat(_("Not sent this week"), str(len(silent)), places.counted, below=below, tone=tone)


def settle(read: Board) -> Stat:
    """What waits for a decision."""
    found, asked = read.total, sum(row.questions for row in read.rows)
    theirs = sum(row.theirs for row in read.rows)
    conflicts = found.conflicts - theirs
    waiting = conflicts + found.to_review + asked
    parts = [
        _("{count} conflicts").format(count=strong(f"{conflicts:,}", "bad" if conflicts else None)),
        _("{count} to check").format(count=strong(f"{found.to_review + asked:,}")),
        *([plain(others_decide(theirs))] if theirs else []),
    ]
    return Stat(_("To settle"), f"{waiting:,}", _("questions"), below=" · ".join(parts))


def missing(target: Target, reached: int, total: int) -> str:
    """How many are missing to a target, as rich text."""
    assert target.rate is not None
    if not total:
        return plain(_("Nobody to count yet."))
    gap = rates.gap(target.rate, reached, total)
    if not gap:
        return plain(_("{target} reached").format(target=_percent(target)))
    return _("{missing} missing to {target}").format(missing=strong(f"{gap:,}"), target=_percent(target))


def tick(target: Target | None) -> float | None:
    """Where a target lies on a bar."""
    return float(target.rate) if target is not None and target.rate is not None else None


def _percent(target: Target) -> str:
    return f"{target.rate:.0%}" if target.rate is not None else ""


def source(policy: Policy, read: Board, earlier: Earlier | None, today: date) -> str:
    """What the numbers follow from and are held against, as rich text."""
    base = names.denominator(policy, read.denominator)
    parts = [plain(_("Policy: {title}").format(title=policy.title))]
    if policy.example:
        parts.append(strong(_("Example, in force nowhere"), "warn"))
    if policy.yellow_cards is not None:
        cards = policy.yellow_cards
        words = _("Early warning: the last {count} by this rate; yellow cards are given by {issuer}.")
        parts.append(plain(words.format(count=cards.count, issuer=cards.issuer)))
    if earlier is not None:
        words = _("“Since then”: since {before}, people paid and places up or down.")
        parts.append(plain(words.format(before=moved.words(earlier, today))))
    if read.outside:
        words = _(
            "+n: paid people who are not counted in “{base}”; “Posted” has them too, a bulletin has not."
        )
        parts.append(plain(words.format(base=base)))
    if read.twice:
        words = _("{count} people stand in two rows; the figures above count them once.")
        parts.append(plain(words.format(count=wording.units.number(read.twice))))
    if read.total.erased:
        words = _("{count} people were erased on request and count nowhere.")
        parts.append(plain(words.format(count=wording.units.number(read.total.erased))))
    if any(row.files for row in read.rows):
        words = _(
            "A missing file is no loss where a later one came: each carries all that was not confirmed."
        )
        parts.append(plain(words))
    return " · ".join(parts)
