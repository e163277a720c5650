"""What forms can say of the plan library and of coming and going: a row a village, the sums with everybody once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from storage.ledger import Ledger
from storage.policy.model import Policy
from storage.queries import flow, library
from storage.queries.library import Gap, Library, Line
from sync.reports.field import Field

_PLACE = Field("嘎查村（社区）", lambda row, _paper: row.village, 9)
_REASONS = {
    "employee_here": "已参本地职工",
    "employee_elsewhere": "已参异地职工",
    "resident_elsewhere": "已参异地居民",
    "student_elsewhere": "在校大学生（学籍地参保）",
    "army": "参军",
    "prison": "服刑",
    "abroad": "出国",
    "death": "死亡",
    "moved": "户口迁出/注销",
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A village's line: people by code of ``library.lines`` or ``Part.lines``; ``whole`` is the line of all of them."""

    village: str
    people: Mapping[str, int]
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    whole: "PlanRow | None" = None


def library_rows(
    ledger: Ledger, policy: Policy, titles: Mapping[str, str], *, whole: bool
) -> Iterator[PlanRow]:
    """Yield the library of each of these villages; ``whole`` where all of a township are wanted."""
    read = library.read(ledger, policy)
    sums = _row(policy, read, "", "") if whole else None
    for scope, title in titles.items():
        yield _row(policy, read, scope, title, sums)


def flow_rows(ledger: Ledger, policy: Policy, titles: Mapping[str, str], *, whole: bool) -> Iterator[PlanRow]:
    """Yield who came and went in each of these villages."""
    read = flow.read(ledger, policy)
    sums = PlanRow("", _counts(read.whole.lines(policy))) if whole else None
    for scope, title in titles.items():
        yield PlanRow(title, _counts(read.part(scope).lines(policy)), whole=sums)


def _row(policy: Policy, read: Library, scope: str, title: str, whole: PlanRow | None = None) -> PlanRow:
    gaps = {gap.denominator: gap for gap in read.gaps(policy, scope)}
    return PlanRow(title, _counts(library.lines(policy, read.facts(policy, "", scope))), gaps, whole)


def _counts(lines: list[Line]) -> dict[str, int]:
    return {line.code: line.people for line in lines}


# ---- columns


def library_fields() -> dict[str, Field]:
    """What a village's line of the plan library can say."""
    reasons = {f"settled_{code}": _count(name, f"settled.{code}") for code, name in _REASONS.items()}
    known = [f"settled.{code}" for code in _REASONS]
    asked = {
        "unknown": _count("尚不明原因", "open.reason.-"),
        "refused": _count("拒绝参保/自愿放弃", "open.reason.refused"),
        "lost": _count("失联、失踪", "open.reason.unreachable", "open.reason.missing"),
    }
    named = ("open.reason.-", "open.reason.refused", "open.reason.unreachable", "open.reason.missing")
    return {
        "village": _PLACE,
        "people": _count("花名册人数", "people"),
        "insured": _count("本地已参保", "insured"),
        "settled": _count("已说明原因", "settled"),
        **reasons,
        "settled_others": _rest("其他认可原因", "settled", known),
        "open": _count("待动员参保", "open"),
        "lapsed": _count("断保", "open.lapsed"),
        "paused": _count("停保", "open.paused"),
        "missed": _count("漏保", "open.missed"),
        **asked,
        "open_others": _rest("其他未认可原因", "open", named),
        **_gap_fields("registered", "户籍人口"),
        **_gap_fields("resident", "常住人口"),
    }


def flow_fields() -> dict[str, Field]:
    """What a village's line of coming and going can say."""
    moved, away = ("moved", flow.VILLAGE), tuple(_REASONS)[:4]
    named = [f"went.{code}" for code in ("death", *moved, *away)]
    return {
        "village": _PLACE,
        "last": _count("上年参保", "last"),
        "came": _count("本年增加", "came"),
        "newborn": _count("新生儿", "came.newborn"),
        "moved_in": _count("迁入", "came.moved_in"),
        "back": _count("断保后续保", "came.back"),
        "new": _count("新参保", "came.new"),
        "went": _count("本年减少", "went"),
        "died": _count("死亡", "went.death"),
        "moved_out": _count("迁出", *(f"went.{code}" for code in moved)),
        "elsewhere": _count("已在别处参保", *(f"went.{code}" for code in away)),
        "went_others": _rest("其他认可原因", "went", named),
        "lapsed": _count("断保", "lapsed"),
        "lapsed_unknown": _count("断保中尚不明原因", "lapsed.-"),
        "this": _count("本年参保", "this"),
    }


def _count(heading: str, *codes: str) -> Field:
    return Field(heading, lambda row, _paper: sum(row.people.get(code, 0) for code in codes), 4, "int")


def _rest(heading: str, whole: str, parts: list[str] | tuple[str, ...]) -> Field:
    """What of a line none of its named parts counts, so that the columns add up under any policy."""

    def give(row: PlanRow) -> int:
        return row.people.get(whole, 0) - sum(row.people.get(code, 0) for code in parts)

    return Field(heading, lambda row, _paper: give(row), 4, "int")


def _gap_fields(code: str, name: str) -> dict[str, Field]:
    def said(what: Callable[[Gap], int | None]) -> Callable[[PlanRow], int | None]:
        def give(row: PlanRow) -> int | None:
            gap = row.gaps.get(f"{code}_count")
            return None if gap is None else what(gap)

        return give

    columns: dict[str, tuple[str, Callable[[Gap], int | None]]] = {
        "counted": (f"{name}（统计局）", lambda gap: gap.people),
        "roster": (f"花名册中的{name}", lambda gap: gap.roster),
        "gap": (f"{name}相差", lambda gap: gap.missing),
    }
    return {f"{code}_{key}": _plain(heading, said(what)) for key, (heading, what) in columns.items()}


def _plain(heading: str, give: Callable[[PlanRow], int | None]) -> Field:
    return Field(heading, lambda row, _paper: give(row), 5, "int")
