"""The sentences of a bulletin, as offices write them: what it is, what it counts, how it ranks, what it rests on."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from storage.bulletins import Bulletin, Change, Content, Forecast, Line, percent
from storage.divisions import named
from storage.places import is_village
from storage.policy.model import Denominator, Target
from storage.queries.bulletins import township
from sync.reports.bulletin_fields import MARKS

_MOST_NAMED = 12
"""Places named one by one in a line under the table."""
NO_NAMES = "本通报只有汇总数字，不含个人信息。"
_WHY = {
    "rules": "统计口径变化",
    "number": "外部给定人数变化",
    "joined": "新登记",
    "arrived": "转入统计",
    "split": "核实为两人",
    "returned": "更正为未死亡、未迁出",
    "paid_before": "截止前已缴、后来报到",
    "paid_since": "截止后新缴",
    "lives_here": "居住情况改为属本口径",
    "unexplained": "撤销未参保原因",
    "erased": "依申请删除",
    "removed": "登记作废",
    "counted_elsewhere": "转到别处统计",
    "merged": "核实为同一人",
    "departed": "死亡、迁出",
    "unpaid": "缴费作废",
    "lives_elsewhere": "居住情况改为不属本口径",
    "explained": "登记了认可原因",
    "twice": "两村重复登记变化",
}


def title(content: Content) -> str:
    """白泥井镇 2026 年度城乡居民医保参保进度通报（第3期）."""
    what = "更正通报" if content.corrects else "通报"
    return f"{content.title} {content.year} 年度城乡居民医保参保进度{what}（第{content.number}期）"


def headings(content: Content) -> dict[str, str]:
    """What columns of a correction are called instead: it is held against the issue it corrects."""
    return {"较上期增加": "较原期增加", "上期名次": "原期名次"} if content.corrects else {}


def day(on: date) -> str:
    """2025年12月3日."""
    return f"{on.year}年{on.month}月{on.day}日"


def _short(on: date) -> str:
    return f"{on.month}月{on.day}日"


def name(content: Content, line: Line) -> str:
    """A place as it can be told from others: names of villages repeat within a banner."""
    if content.level == "banner" and is_village(line.code):
        return f"{named(township(line.code)) or ''}{line.title}"
    return line.title


def summary(bulletin: Bulletin) -> str:
    """The paragraph everybody reads: how many of whom, and what has moved."""
    content = bulletin.content
    total = content.total
    parts = [f"截至{day(content.on)}，{content.title}{_reached(bulletin, total)}"]
    moved = _moved(content)
    parts += [moved] if moved else []
    special = _rate(percent(total.special_paid, total.special))
    parts.append(
        f"特殊群体 {total.special} 人，已缴 {total.special_paid} 人{special}；"
        f"医保电子凭证激活 {total.credential} 人{_rate(percent(total.credential, total.people))}；"
        f"需帮办代缴 {total.assist} 人"
    )
    return "。".join(parts) + "。"


def _reached(bulletin: Bulletin, line: Line) -> str:
    if line.total is None:
        return f"已缴费 {line.paid} 人（{_denominator(bulletin).name}未给定，不计参保率）"
    return (
        f"应参保 {line.total} 人（{_denominator(bulletin).name}），已缴费 {line.paid} 人"
        f"（其中已到账 {line.confirmed} 人），参保率 {line.rate}%"
    )


def _rate(share: Decimal | None) -> str:
    return "" if share is None else f"（{share}%）"


def _denominator(bulletin: Bulletin) -> Denominator:
    return bulletin.policy.denominator(bulletin.content.denominator)


def _moved(content: Content) -> str:
    total = content.total
    number, on = (
        (content.corrects, content.corrected_on)
        if content.corrects
        else (content.follows, content.followed_on)
    )
    if number is None or on is None:
        return ""
    issue = f"被更正的第{number}期" if content.corrects else f"上期（第{number}期，{_short(on)}）"
    if not content.comparable:
        return f"统计口径与{issue}不同，不作比较"
    if total.more is None:
        return ""
    people = (
        f"增加 {total.more} 人" if total.more > 0 else f"减少 {-total.more} 人" if total.more else "人数持平"
    )
    return f"较{issue}{people}{_points(total.gained)}"


def _points(gained: Decimal | None) -> str:
    if gained is None:
        return ""
    return f"，参保率{'提高' if gained > 0 else '降低'} {abs(gained)} 个百分点" if gained else "，参保率不变"


# ---- what stands below the table


def notes(bulletin: Bulletin) -> list[str]:
    """The lines under the table, in the order of what somebody asks."""
    content = bulletin.content
    return [
        *_correction(content),
        f"统计口径：{_basis(bulletin)}",
        *_cards(content),
        *_unranked(content),
        *_silent(content),
        *_forecast(bulletin),
        *(
            [f"有 {content.twice} 人在两个以上嘎查村（社区）登记，各村行中分别计入，合计只计一次。"]
            if content.twice
            else []
        ),
        f"依据：{proof(bulletin)}",
        f"发布单位：{content.title}　填报人：{content.by}　日期：{content.on.isoformat()}　{NO_NAMES}",
    ]


def brief(bulletin: Bulletin) -> Iterator[str]:
    """What stands below a picture: who is warned, what was corrected, how to know the numbers again."""
    content = bulletin.content
    if content.corrects and content.corrected_on:
        yield f"本期更正第{content.corrects}期（{day(content.corrected_on)}），原因：{content.why}。"
    yield from _cards(content)
    yield from _unranked(content)
    yield f"数字指纹 {grouped(bulletin.print)}。{NO_NAMES}"


def _basis(bulletin: Bulletin) -> str:
    total, rule = bulletin.content.total, _denominator(bulletin)
    if rule.count_only:
        text = f"分母为“{rule.name}”，由外部给定；花名册 {total.people} 人。"
    else:
        less = [
            f"{words} {count} 人"
            for count, words in (
                (total.departed, "死亡、迁出"),
                (total.others, "居住情况不属本口径"),
                (total.excluded, "有认可原因未参保"),
            )
            if count
        ]
        minus = f"，减去{'、'.join(less)}" if less else ""
        text = f"分母为“{rule.name}”：花名册 {total.people} 人{minus}。"
    reasons = "、".join(
        reason.name for reason in bulletin.policy.reasons if reason.explained and reason.nature != "departed"
    )
    counted = "不计入分母" if rule.explained_out else "仍计入分母"
    explained = f"认可原因（{reasons}）{counted}。" if reasons and not rule.count_only else ""
    return (
        f"{text}{explained}已缴费含已缴待到账；参保率向下取一位小数，名次按未取整的比率，比率相同名次相同。"
    )


def _cards(content: Content) -> Iterator[str]:
    """Who got a card or a warning, over which villages, and how equals were treated."""
    if content.kind == "none" or not content.cards:
        return
    carded = [line for line in content.ranked if line.card]
    word, names = MARKS[content.kind], "、".join(name(content, line) for line in carded)
    ranked = sum(line.rank is not None for line in content.lines)
    if content.kind == "card":
        told = (
            f"黄牌：{content.issuer}对参加排名的 {ranked} 个嘎查村（社区）中排名末 {content.cards} 位的发放"
        )
    else:
        told = (
            f"预警：{content.title}参加排名的 {ranked} 个嘎查村（社区）中排名末 {content.cards} 位的，"
            f"不是黄牌，黄牌由{content.issuer}在更大范围内发放"
        )
    yield f"{told}：{names or '本期没有'}。"
    if content.tied:
        first = content.line(content.tied[0])
        where = f"第 {first.rank} 名" if first else "末位"
        together = f"不分先后，一并列入{word}，共 {len(carded)} 个"
        yield f"{where}有 {len(content.tied)} 个嘎查村（社区）比率完全相同，{together}。"
    if content.spared:
        names = "、".join(name(content, line) for line in content.lines if line.code in content.spared)
        yield f"{names}已全部参保或与第一名比率相同，不列入{word}。"


def _unranked(content: Content) -> Iterator[str]:
    lacking = [name(content, line) for line in content.lines if line.rank is None]
    if lacking:
        yield f"未参加排名（尚未报送或没有分母）：{'、'.join(lacking)}。"


def _silent(content: Content) -> Iterator[str]:
    """Who has not reported this week, and since when: their numbers are as old as that."""
    silent = content.silent
    if silent:
        names = "、".join(f"{name(content, line)}（{_since(line)}）" for line in silent[:_MOST_NAMED])
        more = f"等 {len(silent)} 个" if len(silent) > _MOST_NAMED else ""
        yield f"本周尚未报送，数字仍是上次报送时的：{names}{more}。"


def _since(line: Line) -> str:
    return f"上次 {_short(line.reported)}" if line.reported else "从未报送"


def _forecast(bulletin: Bulletin) -> Iterator[str]:
    target, found = bulletin.policy.target("everyone"), bulletin.content.total.forecast
    if target is None or target.rate is None or found is None:
        return
    base = bulletin.policy.denominator(target.denominator or bulletin.policy.default_denominator).name
    wanted = f"目标：{base}参保率 {_percent(target.rate)}%{_by(target)}"
    yield f"{wanted}。{_pace(found, target)}"


def _percent(share: Decimal) -> str:
    return f"{share * 100:f}".rstrip("0").rstrip(".")


def _by(target: Target) -> str:
    return f"，{day(target.deadline)}前" if target.deadline else ""


def _pace(found: Forecast, target: Target) -> str:
    per_day = found.paid / found.days if found.days else 0.0
    lately = f"近 {found.days} 天新缴 {found.paid} 人，平均每天 {per_day:.1f} 人"
    if found.state == "met":
        return "已经达到。"
    missing = f"还差 {found.missing} 人"
    needed = "" if found.needed is None else f"，按期达到每天需新缴 {found.needed:.1f} 人"
    told = {
        "short": f"{missing}，而未缴可动员的只有 {found.left} 人",
        "none": f"{missing}；近 {found.days} 天没有新缴",
        "little": f"{missing}；{lately}，尚难预计",
        "far": f"{missing}；{lately}，照此一年内达不到",
    }.get(found.state)
    if told is not None:
        return f"{told}{needed}。"
    when = f"照此预计{day(found.likely)}前后达到" if found.likely else "照此尚难预计"
    between = (
        f"（多半在{_short(found.earliest)}至{_short(found.latest)}之间）"
        if found.earliest and found.latest
        else ""
    )
    return f"{missing}；{lately}，{when}{between}{needed}{_until(found, target)}。"


def _until(found: Forecast, target: Target) -> str:
    if found.by_deadline is None or target.deadline is None:
        return ""
    fewest, middle, most = found.by_deadline
    return f"；到{_short(target.deadline)}预计再增加 {middle} 人（{fewest}—{most} 人）"


def proof(bulletin: Bulletin) -> str:
    """What anybody can count the numbers again from."""
    policy = bulletin.policy
    moment, basis = bulletin.at.astimezone(), bulletin.basis
    return (
        f"{moment:%Y-%m-%d %H:%M:%S} 台账的 {basis.count} 条记录（指纹 {grouped(basis.fingerprint)}），"
        f"按《{policy.title}》第 {policy.version} 版；数字指纹 {grouped(bulletin.print)}。"
    )


def grouped(fingerprint: str) -> str:
    """A fingerprint that can be read out: the first 16 of its digits in fours."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, 16, 4))


# ---- corrections


def _correction(content: Content) -> Iterator[str]:
    if content.corrects is None or content.corrected_on is None:
        return
    yield f"本期更正第{content.corrects}期（{day(content.corrected_on)}），原因：{content.why}。"
    titles = {line.code: name(content, line) for line in content.lines}
    if not content.changes:
        yield "各村数字没有变化。"
    for code in dict.fromkeys(one.code for one in content.changes):
        own = [one for one in content.changes if one.code == code]
        yield f"{titles.get(code, '合计')}：{changed(own)}。"


def changed(changes: Sequence[Change]) -> str:
    """What changed of one place and why: 截止前已缴、后来报到 3 人（已缴 +3）."""
    return "；".join(_change(one) for one in changes)


def _change(one: Change) -> str:
    people = f" {one.people} 人" if one.people else ""
    effects = [f"{name} {value:+}" for name, value in (("应参保", one.total), ("已缴", one.paid)) if value]
    return f"{_WHY.get(one.reason, one.reason)}{people}" + (f"（{'，'.join(effects)}）" if effects else "")


REASONS = frozenset(_WHY)
"""Every reason that has words."""
