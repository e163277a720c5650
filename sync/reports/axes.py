"""What a cross table can count people by: what each says of somebody, in the forms' words and their natural order."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.queries.outputs import OutPerson
from storage.queries.visits import age
from sync.reports.field import Field
from sync.reports.paper import Paper
from sync.reports.people_fields import SCHEMES, STAGES, of_person

Words = tuple[str, ...]
"""What is said of one person: one word, or several where somebody stands in several groups."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of a cross table. ``order`` are the words known beforehand; others stand behind them as they sort.

    ``several`` is whether somebody can stand in more than one place, ``all`` whether places without anybody are shown.
    """

    code: str
    heading: str
    give: Callable[[OutPerson], Words]
    order: Words = ()
    several: bool = False
    all: bool = False


AGE_BANDS = (
    *((0, "不满6周岁"), (6, "6—17岁"), (18, "18—34岁"), (35, "35—44岁")),
    *((45, "45—59岁"), (60, "60—69岁"), (70, "70—79岁"), (80, "80岁以上")),
)
"""From which whole year on → its words. 6, 18 and 60 are where the platform's categories part (codes/platform.toml)."""
UNKNOWN, NONE, INSURED, UNPAID, NO_REASON = "未登记", "无", "已参保", "未缴", "原因未登记"
_PAID, _CAUSES = (UNPAID, "已缴待到账", "已到账"), (INSURED, "已说明原因", "断保", "停保", "漏保")
_YES_NO = ("是", "否")


def axes(sheet: Paper, scopes: Collection[str]) -> dict[str, Axis]:
    """What people of these villages can be counted by, by code; groups of several carry the village's name."""
    titles = {code: title for code, title in village_titles(sheet.titles).items() if code in scopes}
    several = len(scopes) > 1
    made = [
        _villages(titles),
        *(_within(code, sheet, titles if several else {}) for code in ("group", "grid", "helper")),
        _plain("sex", sheet, order=("男", "女")),
        Axis("age", "年龄段", lambda row: (age_band(age(row.person.birth, sheet.today)),), _BANDS),
        *(_plain(code, sheet) for code in ("ethnic", "category", "hukou")),
        _plain("residence", sheet, order=_names(sheet.policy.residences)),
        _plain("school", sheet, empty=NONE),
        _plain("paid", sheet, order=_PAID),
        _channels(sheet),
        _plain("cause", sheet, empty=INSURED, order=_CAUSES),
        Axis("absence", _FIELDS["absence"].heading, lambda row: _absence(row, sheet), _absences(sheet)),
        *(_plain(code, sheet, order=_YES_NO) for code in ("insured_before", "new")),
        _plain("need", sheet, empty=NONE, order=(*_names(sheet.policy.assistance_reasons), NONE)),
        _groups(sheet),
        *(_plain(code, sheet, empty=NONE, order=order) for code, order in _helped(sheet).items()),
        _plain("credential", sheet, order=("已激活", "未激活")),
        Axis("scheme", _FIELDS["scheme"].heading, _schemes, (*SCHEMES.values(), NONE), several=True),
        Axis("doubt", _FIELDS["doubt"].heading, lambda row: (_YES_NO[not row.person.doubt],), _YES_NO),
    ]  # fmt: skip
    return {axis.code: axis for axis in made}


_FIELDS = of_person()
_BANDS = (*(words for _first, words in AGE_BANDS), UNKNOWN)


def village_titles(titles: Mapping[str, str]) -> dict[str, str]:
    """Code → name; names that stand there twice carry the code, for villages are told apart by nothing else."""
    often = Counter(titles.values())
    return {code: f"{title}（{code}）" if often[title] > 1 else title for code, title in titles.items()}


def age_band(years: int | None) -> str:
    """The band somebody of this age stands in."""
    if years is None:
        return UNKNOWN
    return next(words for first, words in reversed(AGE_BANDS) if years >= first)


def _title(titles: Mapping[str, str], row: OutPerson) -> str:
    return titles.get(row.person.scope, row.village)


def _villages(titles: Mapping[str, str]) -> Axis:
    heading, order = _FIELDS["village"].heading, tuple(titles.values())
    return Axis("village", heading, lambda row: (_title(titles, row),), order, all=True)


def _plain(code: str, sheet: Paper, *, empty: str = UNKNOWN, order: Sequence[str] = ()) -> Axis:
    """An axis that says what a form's field says, ``empty`` where that is nothing."""
    found: Field = _FIELDS[code]
    return Axis(code, found.heading, lambda row: (str(found.give(row, sheet) or empty),), tuple(order))


def _within(code: str, sheet: Paper, titles: Mapping[str, str]) -> Axis:
    """What is named within a village: where several are counted the first group of one is not that of another."""
    plain = _plain(code, sheet)
    if not titles:
        return plain
    return Axis(code, plain.heading, lambda row: (f"{_title(titles, row)} {plain.give(row)[0]}",))


def _names(entries: Iterable[object]) -> Words:
    return tuple(str(getattr(entry, "name", "")) for entry in entries)


def _channels(sheet: Paper) -> Axis:
    names = {one.code: one.name for one in sheet.policy.channels}

    def give(row: OutPerson) -> Words:
        said = (names.get(claim.channel, claim.channel) or UNKNOWN for claim in row.person.claims)
        return tuple(dict.fromkeys(said)) or (UNPAID,)

    return Axis("channel", _FIELDS["channel"].heading, give, (*names.values(), UNKNOWN, UNPAID), several=True)


def _absence(row: OutPerson, sheet: Paper) -> Words:
    if row.person.paid != "none":
        return (INSURED,)
    return (str(_FIELDS["absence"].give(row, sheet) or NO_REASON),)


def _absences(sheet: Paper) -> Words:
    return (INSURED, *_names(sheet.policy.reasons), NO_REASON)


def _groups(sheet: Paper) -> Axis:
    names = {one.code: one.name for one in sheet.policy.groups}

    def give(row: OutPerson) -> Words:
        return tuple(names.get(code, code) for code in row.person.groups) or (NONE,)

    return Axis("groups", _FIELDS["groups"].heading, give, (*names.values(), NONE), several=True)


def _helped(sheet: Paper) -> dict[str, Words]:
    """What follows from the one group that counts: which, whose, how, and how far the refund is."""
    groups = sheet.policy.groups
    return {
        "group_counted": (*_names(groups), NONE),
        "department": (*dict.fromkeys(one.department for one in groups), NONE),
        "way": ("代缴", "先缴后补", NONE),
        "refund_stage": (*STAGES.values(), NONE),
    }


def _schemes(row: OutPerson) -> Words:
    said = (SCHEMES.get(cover.scheme, cover.scheme) for cover in row.beside.cover)
    return tuple(dict.fromkeys(word for word in said if word)) or (NONE,)
