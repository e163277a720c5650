"""What a bulletin says of a place, as columns of a form."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from storage.bulletins import Bulletin, Content, Forecast, Line, percent
from storage.divisions import named
from storage.places import is_village
from storage.queries.bulletins import township
from sync.reports.field import Field
from sync.reports.tables import Kind

MARKS = {"card": "黄牌", "warning": "预警", "none": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One place in one bulletin."""

    line: Line
    bulletin: Bulletin

    @property
    def content(self) -> Content:
        """What the bulletin says besides."""
        return self.bulletin.content


def rows(bulletin: Bulletin, *, parts: bool = False) -> list[Row]:
    """The villages of a bulletin, or with ``parts`` a banner's townships."""
    return [Row(line, bulletin) for line in (bulletin.content.parts if parts else bulletin.content.lines)]


def fields() -> dict[str, Field]:
    """The fields by code."""
    found: dict[str, tuple[str, Callable[[Line], object], float, Kind]] = {
        "code": ("区划代码", lambda line: line.code, 9, "text"),
        "place": ("嘎查村（社区）", lambda line: line.title, 10, "text"),
        "rank": ("名次", lambda line: line.rank, 4, "int"),
        "total": ("应参保人数", lambda line: line.total, 6, "int"),
        "paid": ("已缴费人数", lambda line: line.paid, 6, "int"),
        "confirmed": ("其中已到账", lambda line: line.confirmed, 6, "int"),
        "rate": ("参保率", lambda line: line.rate, 6, "percent"),
        "able": ("未缴可动员", lambda line: line.able, 6, "int"),
        "rank_before": ("上期名次", lambda line: line.before.rank if line.before else None, 5, "int"),
        "climbed": ("名次变化", lambda line: arrow(line.climbed), 5, "text"),
        "people": ("花名册人数", lambda line: line.people, 6, "int"),
        "departed": ("死亡迁出", lambda line: line.departed, 5, "int"),
        "others": ("不属本口径", lambda line: line.others, 6, "int"),
        "excluded": ("有认可原因", lambda line: line.excluded, 6, "int"),
        "special": ("特殊群体", lambda line: line.special, 5, "int"),
        "special_paid": ("特殊群体已缴", lambda line: line.special_paid, 6, "int"),
        "special_rate": ("特殊群体参保率", _special, 7, "percent"),
        "credential": ("电子凭证激活", lambda line: line.credential, 6, "int"),
        "credential_rate": ("电子凭证激活率", _credential, 7, "percent"),
        "assist": ("需帮办代缴", lambda line: line.assist, 6, "int"),
        "reported": ("最近报送", lambda line: line.reported, 6, "date"),
        "outlook": ("预计达标", lambda line: outlook(line.forecast), 8, "text"),
        "needed": ("每日需增（人）", lambda line: needed(line.forecast), 6, "text"),
    }
    made = {code: _plain(*said) for code, said in found.items()}
    return made | {
        "more": Field("较上期增加", lambda row, _: row.line.more, 6, "int"),
        "gained": Field("提高（百分点）", lambda row, _: arrow(row.line.gained), 6),
        "card": Field("提示", lambda row, _: mark(row.content, row.line), 5),
        "township": Field("苏木镇", _township, 7),
    }


def _plain(heading: str, give: Callable[[Line], object], width: float, kind: Kind) -> Field:
    return Field(heading, lambda row, _paper: give(row.line), width, kind)


def _special(line: Line) -> Decimal | None:
    return percent(line.special_paid, line.special)


def _credential(line: Line) -> Decimal | None:
    return percent(line.credential, line.people)


def _township(row: Row, paper: Any) -> str:
    """Of a banner's village its own township."""
    code = township(row.line.code)
    return (named(code) or code) if is_village(row.line.code) else paper.township


def mark(content: Content, line: Line) -> str:
    """The mark a place got, "" for most."""
    return MARKS[content.kind] if line.card else ""


def signed(number: int | Decimal | None) -> str:
    """A change with its sign; nothing where there is none to tell."""
    return "" if number is None else "0" if not number else f"{number:+}"


def arrow(number: int | Decimal | None) -> str:
    """A change with an arrow: no spreadsheet takes it for a formula, and nobody needs colours to see where it goes."""
    if number is None:
        return ""
    return f"{'↑' if number > 0 else '↓'}{abs(number)}" if number else "0"


def outlook(forecast: Forecast | None) -> str:
    """When a place reaches the target at its pace, in a word or a day."""
    if forecast is None:
        return ""
    if forecast.state == "going" and forecast.likely:
        return forecast.likely.isoformat()  # with its year: most lie in the next one
    return {
        "met": "已达标", "short": "可动员人数不足", "none": "近期无进展", "little": "尚难预计", "far": "一年以上",
    }.get(forecast.state, "")  # fmt: skip


def needed(forecast: Forecast | None) -> str:
    """How many people a day reach the target in time."""
    return "" if forecast is None or forecast.needed is None else f"{forecast.needed:.1f}"
