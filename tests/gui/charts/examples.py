"""Charts of invented places, of any number and length of name."""

from collections.abc import Sequence
from datetime import date, timedelta

from gui.charts.values import Bar, Panel, Progress, Ranking, percent

FIRST, TODAY, DEADLINE = date(2025, 9, 25), date(2025, 12, 3), date(2025, 12, 31)
DAYS = (TODAY - FIRST).days + 1
NAMES = ("柳林村", "查干沟嘎查", "白泥井第一社区居民委员会", "敖包梁嘎查", "锡尼布拉格嘎查", "官井村")


def names(count: int) -> list[str]:
    return [f"{NAMES[number % len(NAMES)]}{number}" for number in range(count)]


def ranking(shares: Sequence[float | None], target: float | None = 0.95) -> Ranking:
    bars = [
        Bar(
            f"c{number}",
            name,
            share,
            "—" if share is None else percent(share),
            str(number + 1),
            None if share is None else share * 0.9,
            f"{number * 371:,} / 12,345",
            f"+{number * 7}",
            "预警" if number >= len(shares) - 2 else "",
        )
        for number, (name, share) in enumerate(zip(names(len(shares)), shares, strict=True))
    ]
    return Ranking(
        "各村参保率", "参保率（常住人口）", "嘎查村", bars, target, "上期 11-24", "全镇 88.4%", ("示例",)
    )


def line(end: float, days: int = DAYS) -> list[float | None]:
    return [end * day / max(days - 1, 1) for day in range(days)]


def progress(ends: Sequence[float], deadline: date | None = DEADLINE, today: date = TODAY) -> Progress:
    days = (today - FIRST).days + 1
    panels = [
        Panel(f"c{number}", name, line(end, days), percent(end), "预警" if number == 1 else "")
        for number, (name, end) in enumerate(zip(names(len(ends)), ends, strict=True))
    ]
    return Progress(
        "各村参保进度",
        "参保率（常住人口）",
        "嘎查村",
        FIRST,
        today,
        panels,
        line(0.6, days),
        "全镇",
        0.95,
        deadline,
        "按缴费日期",
        ("示例",),
    )


def later(days: int) -> date:
    return DEADLINE + timedelta(days=days)
