"""The plan library village by village: numbers side by side, each with the line whose people stand behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gui.i18n import _
from gui.models.library import Shown
from gui.widgets.pieces import Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import library as words
from gui.wording import names
from gui.wording.targets import band_name
from gui.wording.units import NOTHING, number
from storage.policy.ease import Band
from storage.policy.model import Policy
from storage.queries import flow, library
from storage.queries.flow import Flow
from storage.queries.library import Gap


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village ("" all of them): people by line, by how easily they come, and the gaps to bare numbers."""

    scope: str
    title: str
    people: Mapping[str, int]
    bands: Mapping[str, int] | None
    gaps: Mapping[str, Gap]


def village_lines(
    shown: Shown, policy: Policy, base: str, bands: Mapping[str, Mapping[str, int]]
) -> list[VillageLine]:
    """All villages, and before them all together; ``bands`` has those of whom it is known how easily they come."""
    places = {"": _("All villages"), **shown.titles}
    return [_village(shown, policy, base, scope, title, bands.get(scope)) for scope, title in places.items()]


def _village(
    shown: Shown, policy: Policy, base: str, scope: str, title: str, bands: Mapping[str, int] | None
) -> VillageLine:
    lines = library.lines(policy, shown.library.facts(policy, base, scope))
    gaps = {gap.denominator: gap for gap in shown.library.gaps(policy, scope)}
    return VillageLine(scope, title, {line.code: line.people for line in lines}, bands, gaps)


def flow_lines(read_: Flow, policy: Policy, titles: Mapping[str, str]) -> list[VillageLine]:
    """Who came and went in each village, and before them in all of them."""

    def line(scope: str, title: str) -> VillageLine:
        lines = read_.part(scope).lines(policy)
        return VillageLine(scope, title, {one.code: one.people for one in lines}, None, {})

    return [line("", _("All villages")), *(line(scope, title) for scope, title in titles.items())]


@dataclass(frozen=True, slots=True)
class Number:
    """A column, and the line whose people open behind its numbers ("": the one looked at before)."""

    column: Column
    opens: str = ""


def village_numbers(policy: Policy) -> list[Number]:
    """Village, the parts that make up everybody, why, how easily, the gap to the statistics office."""
    gaps = [one.code for one in policy.denominators if one.count_only and one.code != "task"]
    return [
        Number(Column(_("Village"), lambda line: line.title, stretch=True, width=150)),
        _counted(_("People in the register"), "people"),
        _counted(_("Insured here"), "insured"),
        _counted(_("Settled by a reason"), "settled"),
        _counted(_("To be brought in"), "open", strong=True),
        _caused(),
        _counted(_("Reason unknown"), "open.reason.-", folds=True),
        _banded("easy"),
        *([_gapped(policy, gaps)] if gaps else []),
    ]


def flow_numbers(policy: Policy) -> list[Number]:
    """Village, last year, who came and went, who lapsed, this year."""
    codes = ("last", "came", *(f"came.{one}" for one in flow.CAME), "went", "lapsed", "this")
    return [
        Number(Column(_("Village"), lambda line: line.title, stretch=True, width=120)),
        *(
            _counted(
                words.flow_sign(code) + words.flow_head(policy, code, policy.year),
                code,
                strong="." not in code,
                folds="." in code,
            )
            for code in codes
        ),
    ]


def model_of(numbers: Sequence[Number]) -> RowsModel:
    """Villages by these numbers."""
    return RowsModel([one.column for one in numbers], key=lambda line: line.scope)


def _counted(title: str, code: str, *, strong: bool = False, folds: bool = False) -> Number:
    def count(line: VillageLine) -> int:
        return line.people.get(code, 0)

    column = Column(
        title,
        lambda line: number(count(line)),
        sort=count,
        cell=lambda line: [[Text(number(count(line)), "strong" if strong else "normal")]],
        align="right",
        folds=folds,
    )
    return Number(column, code)


def _banded(band: Band) -> Number:
    def count(line: VillageLine) -> int | None:
        return None if line.bands is None else line.bands.get(band, 0)

    def text(line: VillageLine) -> str:
        found = count(line)
        return "…" if found is None else number(found)

    return Number(Column(band_name(band), text, sort=count, align="right", folds=True), f"ease.{band}")


def _caused() -> Number:
    """Lapsed, paused and missed in one, so that a narrow window has room for it; the first of them opens."""

    def text(line: VillageLine) -> str:
        return " · ".join(number(line.people.get(f"open.{why}", 0)) for why in _READ)

    title = " · ".join(words.cause(why) for why in _READ)
    first = f"open.{_READ[0]}"
    column = Column(title, text, sort=lambda line: line.people.get(first, 0), align="right", folds=True)
    return Number(column, first)


_READ = ("lapsed", "paused", "missed")


def _gapped(policy: Policy, codes: Sequence[str]) -> Number:
    """How many more the bare numbers of the statistics office have than the register, one beside the other."""

    def text(line: VillageLine) -> str:
        return " · ".join(_signed(line.gaps[code].missing) for code in codes if code in line.gaps) or NOTHING

    def most(line: VillageLine) -> int:
        return max((abs(gap.missing or 0) for gap in line.gaps.values()), default=0)

    named = " · ".join(
        names.denominator(policy, code).partition("（")[0].removesuffix("数") for code in codes
    )
    title = _("Gap: {name}").format(name=named)
    return Number(Column(title, text, sort=most, align="right", folds=True), "people")


def _signed(gap: int | None) -> str:
    return NOTHING if gap is None else f"{gap:+,}" if gap else "0"
