"""Numbers assigned as a table: population, exact share, whole persons, what was issued, how far each place is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Bar, Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import library as words
from gui.wording.targets import no_day_text
from gui.wording.units import NOTHING, number, percent
from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.policy.sharing import Share, share_out
from storage.queries import headcounts, quotas, villages
from storage.queries.headcounts import Numbers
from storage.queries.quotas import Quota, Quotas


@dataclass(frozen=True, slots=True)
class Read:
    """What sharing out starts from: numbers assigned, what each place weighs by a basis, or why that cannot be told."""

    quotas: Quotas
    titles: Mapping[str, str]
    weights: Mapping[str, int]
    trouble: RuleViolation | None
    counts: Mapping[str, Numbers]
    suggested: int


def read(ledger: Ledger, policy: Policy, today: date, basis: str) -> Read:
    """Read it on the ledger thread."""
    found, titles = quotas.read(ledger, policy, today), villages.titles(ledger)
    weights: Mapping[str, int] = {}
    trouble = None
    try:
        weights = quotas.weights(ledger, policy, basis)
    except RuleViolation as error:
        trouble = error
    counts = headcounts.numbers(ledger, policy.year)
    suggested = quotas.suggested(policy, found.own.given, weights)
    return Read(found, titles, weights, trouble, counts, suggested)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A place: its weight, the share proposed for it (None: none can be), why it was set by hand, where it stands."""

    scope: str
    title: str
    weight: int | None
    share: Share | None
    why: str
    quota: Quota


@dataclass(frozen=True, slots=True)
class Proposal:
    """A number shared out over all places; ``trouble`` says why it cannot be."""

    rows: tuple[ShareRow, ...]
    shares: Mapping[str, Share]
    trouble: RuleViolation | None


def propose(found: Read, people: int | None, fixed: Mapping[str, tuple[int, str]]) -> Proposal:
    """Share ``people`` out; ``fixed`` are those set by hand, with why."""
    shares: Mapping[str, Share] = {}
    trouble = found.trouble
    if people is not None and trouble is None:
        try:
            shares = share_out(
                people, found.weights, {scope: count for scope, (count, _why) in fixed.items()}
            )
        except RuleViolation as error:
            trouble = error
    rows = [
        ShareRow(
            scope,
            found.titles.get(scope, scope),
            found.weights.get(scope),
            shares.get(scope),
            fixed.get(scope, (0, ""))[1],
            quota,
        )
        for scope, quota in found.quotas.rows.items()
    ]
    return Proposal(tuple(rows), shares, trouble)


def shares_model(
    policy: Callable[[], Policy], today: Callable[[], date], basis: Callable[[], str]
) -> RowsModel:
    """Village, people, share proposed and why, issued, done, left, pace."""

    def share(row: ShareRow) -> Cell:
        if row.share is None:
            return [[Text(NOTHING, "soft")]]
        first: list[Piece] = [Text(number(row.share.people), "strong")]
        if row.share.fixed:
            first.append(Tag(_("set by hand"), "info", row.why))
        elif row.share.extra:
            first.append(Tag(_("+1"), "mute", words.share_text(policy(), row.share, basis())))
        return [first]

    def exact(row: ShareRow) -> str:
        return words.exact_text(row.share) if row.share else ""

    return RowsModel(
        [
            Column(_("Village"), lambda row: row.title, stretch=True, width=150),
            Column(
                _("People there"), lambda row: _count(row.weight), sort=lambda row: row.weight, align="right"
            ),
            Column(_("Exact share"), exact, sort=lambda row: row.weight, align="right", folds=True),
            Column(
                _("Proposed"),
                lambda row: _count(row.share.people if row.share else None),
                sort=lambda row: row.share.people if row.share else None,
                cell=share,
                width=110,
            ),
            Column(
                _("Issued"),
                lambda row: _issued(row),
                sort=lambda row: _given(row),
                cell=_issued_cell,
                width=110,
            ),
            Column(_("Done"), _done, sort=lambda row: row.quota.rate, cell=_done_cell, width=150),
            Column(
                _("Left"), lambda row: _count(row.quota.left), sort=lambda row: row.quota.left, align="right"
            ),
            Column(
                _("At this pace"),
                lambda row: _pace(row, today()),
                sort=lambda row: row.quota.pace.likely if row.quota.pace else None,
                width=130,
                folds=True,
            ),
        ],
        key=lambda row: row.scope,
    )


def _count(count: int | None) -> str:
    return NOTHING if count is None else number(count)


def _given(row: ShareRow) -> int | None:
    return row.quota.given.people if row.quota.given else None


def _issued(row: ShareRow) -> str:
    return _count(_given(row))


def _issued_cell(row: ShareRow) -> Cell:
    first: list[Piece] = [Text(_issued(row))]
    if row.quota.given is not None and row.quota.given.changed:
        first.append(Tag(_("changed"), "warn"))
    elif row.share is not None and row.share.people != _given(row):
        first.append(Tag(_("not issued"), "warn"))
    return [first]


def _done(row: ShareRow) -> str:
    return f"{number(row.quota.done)} {percent(row.quota.rate)}"


def _done_cell(row: ShareRow) -> Cell:
    given = _given(row)
    if not given:
        return [[Text(number(row.quota.done))]]
    bar = Bar(row.quota.done / given, 1.0, "ok" if row.quota.done >= given else "main")
    return [[bar, Text(number(row.quota.done), "strong")]]


def _pace(row: ShareRow, today: date) -> str:
    pace = row.quota.pace
    if pace is None:
        return NOTHING
    return wording.short_day(pace.likely, today) if pace.likely else no_day_text(pace)


def how_text(policy: Policy, row: ShareRow, basis: str, counts: Mapping[str, Numbers]) -> str:
    """How one share came about, what stands issued and from where, which population is known."""
    parts = (
        [_("Proposed: {text}").format(text=words.share_text(policy, row.share, basis, row.why))]
        if row.share
        else []
    )
    if row.quota.given is not None:
        parts.append(_("Issued: {text}").format(text=words.given_text(policy, row.quota.given)))
    for code, said in counts.get(row.scope, {}).items():
        if code != headcounts.ASSIGNED:
            name = wording.names.denominator(policy, code)
            source = ", ".join(filter(None, (said.by, wording.full_day(said.on) if said.on else "")))
            parts.append(
                _("{name}: {people} ({source})").format(name=name, people=number(said.people), source=source)
            )
    return "\n".join(parts)
