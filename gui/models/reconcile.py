"""Differences as the page shows them: how many of which kind where, the list, both sides of one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gui.i18n import _
from gui.models import doubles as doubled
from gui.models.doubles import Shown
from gui.theme import Tone
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import reconcile as words
from gui.wording.candidates import Line
from gui.wording.units import id_number, listed, number
from storage.evidence import Source, sources
from storage.ledger import Ledger
from storage.policy import differences as rules
from storage.policy.differences import Difference, Movement, Status
from storage.policy.model import Policy
from storage.queries import reconcile, villages
from storage.queries.reconcile import Answer, Found, Reading
from sync.colleagues import is_colleague
from sync.peers import known

MOST = 500
"""Rows the list shows; of more it says so, and a sort or a village narrows them."""
SHOWN: Mapping[str, tuple[Status, ...]] = {
    "todo": rules.TODO,
    "asked": ("asked",),
    "settled": ("settled", "cleared"),
    "left": ("left",),
}
"""Which differences can be listed: those to be answered, asked, settled, left."""


_BECOMES: Mapping[str, Status] = {rules.ASK: "asked", rules.LEAVE: "left"}


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that was compared, with the titles of the villages.

    ``alone`` is whether this is the office's only computer: what a list left out is known where it was taken over.
    """

    reading: Reading = field(default_factory=Reading)
    titles: Mapping[str, str] = field(default_factory=dict)
    alone: bool = True

    def of(self, subject: str, statuses: Sequence[Status], scope: str) -> list[Found]:
        """Those of a subject ("" all), in one of these states, of one village ("" all)."""
        codes = rules.SUBJECTS.get(subject, rules.CODES)
        return [
            one
            for one in self.reading.found
            if one.code in codes and one.status in statuses and scope in ("", one.scope)
        ]

    def answered(self, keys: Collection[str], answer: str) -> "Compared":
        """As it will be once everything is compared anew: these were answered so."""
        status = _BECOMES.get(answer, "settled")
        found = tuple(replace(one, status=status) if one.key in keys else one for one in self.reading.found)
        return replace(self, reading=replace(self.reading, found=found))

    def villages(self) -> dict[str, str]:
        """Code → title of the villages that have any."""
        scopes = sorted({one.scope for one in self.reading.found} - {""})
        return {scope: self.titles.get(scope, scope) for scope in scopes}


def read(ledger: Ledger, policy: Policy) -> Compared:
    """Compare on the ledger thread."""
    alone = not any(is_colleague(ledger, one.scope) for one in known(ledger))
    return Compared(reconcile.read(ledger, policy, ledger.clock.today()), villages.titles(ledger), alone)


def rests_text(compared: Compared, listed_of: int) -> str:
    """What the comparison rests on and what it cannot know; ``listed_of`` differences are wanted in the list."""
    told = []
    if listed_of > MOST:
        more = _("The first {shown} of {all} are listed; a village or a sort narrows them.")
        told.append(more.format(shown=number(MOST), all=number(listed_of)))
    elif not compared.reading.listings:
        told.append(
            _("No list was taken over on this computer yet; what is known by entries alone is compared.")
        )
    if not compared.alone:
        told.append(
            _(
                "This office has several computers: whom a list left out is seen only on the one it was imported on."
            )
        )
    return " ".join(told)


def origins(ledger: Ledger, difference: Difference) -> tuple[Source | None, Source | None]:
    """Where the ledger's side and the list's side come from, on the ledger thread."""
    keys = [(difference.scope, *record) for record in (*difference.held, *difference.evidence)]
    told = sources(ledger, keys)

    def first(records: Sequence[tuple[str, str]]) -> Source | None:
        found = [told[key] for record in records if (key := (difference.scope, *record)) in told]
        return found[0] if found else None

    return first(difference.held), first(difference.evidence)


# ---- the list


def model(titles: Callable[[], Mapping[str, str]]) -> RowsModel:
    """The list at the left; ticked ones are answered together."""

    def cell(one: Found) -> Cell:
        village = titles().get(one.scope, "")
        below: list[Piece] = [_tag(one), Text(words.code_text(one.code), "soft")]
        return [[Text(name_of(one), "strong"), Text(village, "soft")], below]

    return RowsModel(
        [Column(_("Difference"), name_of, cell=cell, stretch=True)], key=lambda one: one.key, ticks=True
    )


def _tag(one: Found) -> Tag:
    """What is proposed where it is to be answered, else what became of it."""
    difference = one.difference
    if one.status != "open" or difference is None:
        return Tag(words.status_text(one.status), _TONES[one.status])
    safe = difference.proposal.safe
    return Tag(
        _("proposal") if safe or difference.proposal.answer != rules.ASK else _("ask"),
        "ok" if safe else "warn",
    )


_TONES: Mapping[Status, Tone] = {
    "open": "warn",
    "answered": "info",
    "asked": "info",
    "left": "mute",
    "settled": "ok",
    "cleared": "ok",
}


def name_of(one: Found) -> str:
    """Whom it is about."""
    known = one.difference.name if one.difference else one.answer.name if one.answer else ""
    return known or _("somebody the register does not have")


def number_of(one: Found) -> str:
    """Their ID number, in full."""
    return one.difference.id_number if one.difference else one.answer.id_number if one.answer else ""


# ---- one of them


def sides(
    policy: Policy,
    compared: Compared,
    one: Found,
    origin: tuple[Source | None, Source | None],
    *,
    masked: bool,
) -> list[Shown]:
    """The ledger's side and the list's beside one another; of a double all its sides."""
    difference = one.difference
    double = compared.reading.doubles.get(difference.detail) if difference else None
    if difference is not None and double is not None:
        shown = doubled.shown(policy, compared.titles, double, masked=masked)
        return [_numbered(place, side) for place, side in enumerate(shown, 1)]
    here, listed_ = (difference.here, difference.listed) if difference else _kept(one)
    answer = difference.proposal.answer if difference else ""
    told = difference.told if difference else one.answer.told if one.answer else rules.Told()
    ours, theirs = origin
    return [
        Shown(
            _ledger_title(ours),
            _lines(policy, here, listed_, compared.titles),
            answer == rules.LEDGER,
            keepable=False,
        ),
        Shown(
            _list_title(theirs, told, difference),
            _lines(policy, listed_, here, compared.titles),
            answer == rules.LIST,
            keepable=False,
        ),
    ]


def _kept(one: Found) -> tuple[rules.Fields, rules.Fields]:
    """Both sides as they stood when it was answered."""
    return (one.answer.here, one.answer.listed) if one.answer else ({}, {})


def _numbered(place: int, side: Shown) -> Shown:
    title = _("{number}. {side}").format(number=place, side=side.title)
    return Shown(title, side.lines, side.proposed, keepable=False)


def _lines(policy: Policy, side: rules.Fields, other: rules.Fields, titles: words.Titles) -> tuple[Line, ...]:
    found = []
    for name, title, text in words.fields(policy, side, titles):
        differs = other.get(name, side[name]) != side[name]
        found.append(Line(name, title, text, differs, ((0, len(text)),) if differs else ()))
    return tuple(found) or (Line("", "", _("says nothing of it"), False),)


def _ledger_title(source: Source | None) -> str:
    if source is None:
        return _("The ledger")
    if source.file:
        return _("The ledger · {list}").format(list=words.told_text(_told(source)))
    return _("The ledger · {who}, {day}").format(who=source.who, day=source.on)


def _told(source: Source) -> rules.Told:
    return rules.Told(source.kind, source.file, source.on)


def _list_title(source: Source | None, told: rules.Told, difference: Difference | None) -> str:
    if source is not None and source.file:
        told = _told(source)
    text = words.told_text(told)
    if source is not None and not source.file:
        text = _("{who}, {day}").format(who=source.who, day=source.on)
    title = _("The list · {list}").format(list=text) if text else _("The list")
    if difference is not None and difference.other:
        title = _("{title} · under {name}").format(title=title, name=difference.other)
    return title


def where_text(compared: Compared, one: Found, *, masked: bool) -> str:
    """Village, number and what differs, in one line."""
    text = id_number(number_of(one), masked=masked) if number_of(one) else ""
    return " · ".join(
        filter(None, (compared.titles.get(one.scope, one.scope), text, words.code_text(one.code)))
    )


def reasons(policy: Policy, compared: Compared, one: Found) -> str:
    """Why it is proposed, and what was answered and replied, line by line."""
    lines = []
    if one.difference is not None and one.todo:
        lines += [
            words.why_text(policy, reason, compared.titles) for reason in one.difference.proposal.reasons
        ]
    if one.answer is not None:
        told = _("Answered on {day}: {what}").format(day=one.answer.on, what=words.given_text(one.answer))
        lines += [told, words.replied_text(one.answer)]
    return "\n".join(filter(None, lines))


# ---- what adds up


def balance(counts: Mapping[str, int]) -> str:
    """All of them by what became of them: the parts are the whole."""
    parts = [
        _("{what} {count}").format(what=words.status_text(status), count=number(counts[status]))
        for status in rules.STATUSES
        if counts.get(status)
    ]
    whole = number(sum(counts.values()))
    return _("{whole} differences = {parts}").format(whole=whole, parts=" + ".join(parts)) if parts else ""


def moved(movement: Movement) -> str:
    """What became of those that were to be answered when the page was opened; "" where nothing moved."""
    if movement.before == movement.still and not movement.new:
        return ""
    parts = [
        _("{what} {count}").format(what=words.status_text(status), count=number(movement.became[status]))
        for status in (*rules.STATUSES, rules.GONE)
        if movement.became.get(status)
    ]
    told = _("Since this was opened: {before} to be answered = {parts}").format(
        before=number(movement.before), parts=" + ".join(parts) or "0"
    )
    new = _("new since then: {count}").format(count=number(movement.new)) if movement.new else ""
    return listed([told, new])


# ---- a village: what it is asked


@dataclass(frozen=True, slots=True)
class Asked:
    """What the township asks, the newest first, then what it answered; ``open`` of them wait for a reply."""

    items: tuple[Answer, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many questions nobody replied to yet."""
        return sum(is_asked(one) for one in self.items)


def is_asked(one: Answer) -> bool:
    """Whether the village has to reply."""
    return one.answer == rules.ASK and not one.replied


def read_asked(ledger: Ledger, policy: Policy, scope: str) -> Asked:
    """Read them on the ledger thread."""
    found = reconcile.told(ledger, policy.year, scope)
    found.sort(key=lambda one: not is_asked(one))
    return Asked(tuple(found), villages.titles(ledger))


def asked_model() -> RowsModel:
    """The list at the left."""

    def name(one: Answer) -> str:
        return one.name or _("somebody the register does not have")

    def cell(one: Answer) -> Cell:
        said = _("reply") if is_asked(one) else _("replied") if one.replied else _("answered")
        tag = Tag(said, "warn" if is_asked(one) else "ok")
        return [[Text(name(one), "strong")], [tag, Text(words.code_text(one.code), "soft")]]

    return RowsModel([Column(_("Difference"), name, cell=cell, stretch=True)], key=lambda one: one.record)


def asked_sides(policy: Policy, asked: Asked, one: Answer) -> list[Shown]:
    """Both sides as they stood when the township answered."""
    title = _list_title(None, one.told, None)
    return [
        Shown(_("The ledger"), _lines(policy, one.here, one.listed, asked.titles), False, keepable=False),
        Shown(title, _lines(policy, one.listed, one.here, asked.titles), False, keepable=False),
    ]


def asked_where(one: Answer, *, masked: bool) -> str:
    """Number and what differs, in one line."""
    text = id_number(one.id_number, masked=masked) if one.id_number else ""
    return " · ".join(filter(None, (text, words.code_text(one.code))))
