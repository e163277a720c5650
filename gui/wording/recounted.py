"""What came of counting a bulletin again, in sentences: equal, or which number differs and why."""

from collections.abc import Sequence

import msgspec

from gui.i18n import _
from gui.wording.units import number
from storage.asof import Lack
from storage.bulletins import Bulletin, Forecast, counting
from storage.queries.bulletins import Difference, Recount


def lines(one: Bulletin, again: Recount) -> list[str]:
    """The outcome in a line, each number that differs in another, then why."""
    if again.equal:
        told = _("issue {number}: every number comes out as printed, from {count} entries")
        return [told.format(number=one.number, count=number(again.operations))]
    found = [_("issue {number}: numbers come out otherwise").format(number=one.number)]
    if not again.sound:
        found.append("  " + _("its numbers were changed afterwards"))
    found += [f"  {difference(one, diff)}" for diff in again.differences]
    return found + [f"  {reason}" for reason in reasons(one, again)]


def difference(one: Bulletin, diff: Difference) -> str:
    """One number that differs: of which place, which, as printed and as counted."""
    content = one.content
    titles = {line.code: line.title for line in (*content.lines, *content.parts, content.total)}
    told = _("{place}, {field}: printed {printed}, counted {counted}")
    printed, counted = value(diff.printed), value(diff.counted)
    place = titles.get(diff.code, diff.code)
    return told.format(place=place, field=field(diff.field), printed=printed, counted=counted)


def reasons(one: Bulletin, again: Recount) -> list[str]:
    """Why numbers can come out otherwise: what of its entries is not here, other rules of counting."""
    content = one.content
    titles = {line.code: line.title for line in (*content.lines, *content.parts)} | {one.scope: content.title}
    found = [_reason(lack, titles.get(lack.scope, lack.scope)) for lack in again.lacks]
    if not again.same_rules:
        told = _("another version of the program counts by other rules ({old}, now {new})")
        found.append(told.format(old=one.counting, new=counting()))
    return found or [_("all entries are here: the program counts otherwise")]


def _reason(lack: Lack, scope: str) -> str:
    if lack.erased:
        told = _("{scope}: {count} records were erased since: {records}")
        return told.format(scope=scope, count=number(len(lack.erased)), records=_some(lack.erased))
    if lack.numbers:
        told = _("{scope}: entries {numbers} of {replica} are not here")
        return told.format(scope=scope, numbers=lack.numbers, replica=lack.replica)
    told = _("{scope}: entries of {replica} are other ones under the same numbers")
    return told.format(scope=scope, replica=lack.replica)


def _some(records: Sequence[str], most: int = 5) -> str:
    more = f" … +{len(records) - most}" if len(records) > most else ""
    return ", ".join(records[:most]) + more


def value(said: object) -> str:
    """A number as it is written in such a line."""
    from sync.reports.bulletin_fields import outlook

    if isinstance(said, Forecast):
        return f"{outlook(said)} ({said.missing}/{said.left}, {said.paid}/{said.days})"
    return "—" if said is None else str(msgspec.to_builtins(said))


def field(name: str) -> str:
    """A number of a bulletin by the heading its column has."""
    from sync.reports.fields import fields_of

    other = {"forecast": _("forecast"), "twice": _("people in two villages"), "tied": _("equal places")}
    known = fields_of("bulletin")
    return other.get(name) or (known[name].heading if name in known else name)
