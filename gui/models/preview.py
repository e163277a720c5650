"""What a file would change, line by line: new records by kind, fields old and new, what would come into conflict."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from gui import wording
from gui.i18n import _
from gui.widgets.pieces import Cell, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from storage.policy.model import Policy
from storage.queries.outbox import Key, Whose
from sync.preview import Difference, Preview

MOST = 300
"""Changed fields that are shown one by one."""
_LINKS = frozenset(("household", "resident", "left", "right", "void_seen", "void_beside", "void_after"))
_LONG = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``sort`` is "new", "change", "dispute", "settle", "erase" or "gone"."""

    sort: str
    who: str
    what: str
    old: str = ""
    new: str = ""


def lines(policy: Policy, found: Preview, whose: Mapping[Key, Whose]) -> list[Line]:
    """What a file would do; what wants to be looked at comes first."""
    named = [
        (sort, whose.get((scope, kind, record), Whose()).name, names.register(kind, register))
        for sort, some in (("dispute", found.disputed), ("settle", found.settled))
        for scope, kind, record, register in some
    ]
    made = _gone(found) + [Line(sort, who, what) for sort, who, what in named]
    made += [_changed(policy, one) for one in found.changed[:MOST]]
    if len(found.changed) > MOST:
        more = _("and {count} more changed fields").format(count=f"{len(found.changed) - MOST:,}")
        made.append(Line("change", "", more))
    made += [
        Line("new", "", names.kind(kind), new=wording.units.number(count))
        for kind, count in found.added.items()
    ]
    return made


def _gone(found: Preview) -> list[Line]:
    """What would be there no more, a line for each person."""
    kinds: dict[tuple[str, str, str], Counter[str]] = {}
    for one in found.gone:
        sort = "erase" if one.erased else "gone"
        kinds.setdefault((sort, one.scope, one.name), Counter())[one.kind] += 1
    return [
        Line(sort, name, wording.units.listed([_counted(kind, count) for kind, count in counts.items()]))
        for (sort, _scope, name), counts in kinds.items()
    ]


def _counted(kind: str, count: int) -> str:
    return names.kind(kind) if count == 1 else f"{names.kind(kind)} {count:,}"


def _changed(policy: Policy, one: Difference) -> Line:
    if one.field == "doubt":
        old, new = (wording.doubt_text(str(value or "")) for value in (one.old, one.new))
        return Line("change", one.name, _("doubt"), _short(old), _short(new) or wording.units.NOTHING)
    if one.field in _LINKS or names.field(one.field) == one.field:
        return Line(
            "change", one.name, names.field(one.field) if one.field in _LINKS else names.kind(one.kind)
        )
    old, new = (wording.field_text(policy, one.field, value) for value in (one.old, one.new))
    if old == new:  # what differs is masked
        new = _("{value} (other digits in the middle)").format(value=new)
    return Line("change", one.name, names.field(one.field), _short(old), _short(new))


def _short(text: str) -> str:
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def summary(found: Preview) -> str:
    """A file in one line: how much is new, would change, come into conflict or be settled."""
    counts = (
        (_("{count} new records"), sum(found.added.values())),
        (_("{count} fields would change"), len(found.changed)),
        (_("{count} would come into conflict"), len(found.disputed)),
        (_("{count} conflicts would be settled"), len(found.settled)),
        (_("{count} records would be erased"), sum(one.erased for one in found.gone)),
        (_("{count} records would be there no more"), sum(not one.erased for one in found.gone)),
    )
    said = [text.format(count=f"{count:,}") for text, count in counts if count]
    return wording.units.listed(said) or _("nothing would change")


def model() -> RowsModel:
    """What kind of change, about whom, which fact, old and new."""

    def sort_cell(line: Line) -> Cell:
        return [[_tag(line)]]

    def change(line: Line) -> Cell:
        if not line.old and not line.new:
            return [[]]
        if not line.old:
            return [[Text(line.new, "strong")]]
        pieces: list[Piece] = [Text(line.old, "soft"), Text("→", "soft"), Text(line.new, "strong")]
        return [pieces]

    return RowsModel(
        [
            Column("", lambda line: _tag(line).text, cell=sort_cell),
            Column(_("Whose"), lambda line: line.who),
            Column(_("What"), lambda line: line.what, stretch=True),
            Column(
                _("Old → new"),
                lambda line: " → ".join(part for part in (line.old, line.new) if part),
                cell=change,
                stretch=True,
            ),
        ]
    )


def _tag(line: Line) -> Tag:
    tags = {
        "new": Tag(_("would be new"), "info"),
        "change": Tag(_("would change"), "mute"),
        "dispute": Tag(_("would come into conflict"), "bad"),
        "settle": Tag(_("would be settled"), "ok"),
        "erase": Tag(_("would be erased"), "bad"),
        "gone": Tag(_("would be there no more"), "warn"),
    }
    return tags[line.sort]
