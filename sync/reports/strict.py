"""Who a system that reads a form in would refuse: found before it goes out, held back with a sentence each.

The system takes a row only where every column is as it wants it, so nobody half right goes out: everybody the form is
about is either among the rows or held back, never both, never neither.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from storage.policy import mask
from storage.queries.outputs import OutPerson
from sync.reports import platform_fields
from sync.reports.fields import fields_of
from sync.reports.filling import Filled
from sync.reports.forms import Form, FormColumn
from sync.reports.paper import Paper
from sync.reports.tables import ColumnSpec

WORDS = {
    "elsewhere": "已计入{village}，由该村的行导出；计错村的，在“重复人员”中改定",
    "no_name": "没有姓名，请在户内补录姓名",
    "no_number": "没有证件号码，请向本人核对后补录",
    "bad_number": "证件号码不成立（位数、日期或校验码不对），请对照证件原件改正",
    "unknown_document": "证件种类没有平台代码，请在医保信息平台单独登记",
    "no_type": "没有登记人员类别，按年龄定不下来，请补录是学生还是未入学未成年人",
    "unknown_type": "人员类别“{word}”没有平台代码，请改为平台的类别名称或代码",
    "other_sex": "性别与证件号码不一致，请对照证件原件改正",
    "other_birth": "出生日期与证件号码不一致，请对照证件原件改正",
    "empty": "“{heading}”没有填，请补录",
    "too_long": "“{heading}”有 {length} 个字，最多 {most} 个，请改短",
    "twice": "同一证件号码在表中有 {count} 人，请核对是不是同一个人，号码错的改正",
}
"""Why somebody is held back and what is to be done: code → what the paper says."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row would be refused: a code of WORDS and what its words need."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it."""
        return WORDS[self.code].format(**dict(self.params))


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody held back, and every reason for it."""

    row: OutPerson
    reasons: tuple[Reason, ...]

    @property
    def number(self) -> str:
        """Their ID number, always masked."""
        return mask.id_number(self.row.person.id_full or self.row.person.id_number)

    @property
    def sentence(self) -> str:
        """Why and what to do, in one sentence."""
        return "；".join(reason.sentence for reason in self.reasons) + "。"


@dataclass(frozen=True, slots=True)
class Judged:
    """Everybody a strict form is about: the rows that pass, and who is held back."""

    passing: tuple[OutPerson, ...]
    held: tuple[Held, ...]

    @property
    def total(self) -> int:
        """Everybody: those who pass and those who do not."""
        return len(self.passing) + len(self.held)


def judge(form: Form, rows: Sequence[OutPerson], sheet: Paper) -> Judged:
    """Part rows into those a system would take and those it would refuse, in their order.

    Of several with one number none passes: which of them it belongs to is for people to say.
    """
    bare = replace(sheet, masked=False)
    numbers = Counter(
        number
        for row in rows
        if not row.person.counted_in and (number := platform_fields.certificate(row, sheet.today))
    )
    passing, held = [], []
    for row in rows:
        reasons = tuple(_reasons(form, row, bare, numbers))
        if reasons:
            held.append(Held(row, reasons))
        else:
            passing.append(row)
    return Judged(tuple(passing), tuple(held))


def _reasons(form: Form, row: OutPerson, sheet: Paper, numbers: Counter[str]) -> Iterator[Reason]:
    if row.person.counted_in:  # what else is wrong with it is wrong there
        other = row.person.counted_in
        yield Reason("elsewhere", (("village", sheet.titles.get(other, other)),))
        return
    known = fields_of(form.subject)
    for column in form.columns:
        found = known[column.field]
        value = found.give(row, sheet)
        yield from _of_column(column, column.heading or found.heading, value, row, sheet)
    count = numbers[platform_fields.certificate(row, sheet.today)]
    if count > 1:
        yield Reason("twice", (("count", str(count)),))


def _of_column(
    column: FormColumn, heading: str, value: object, row: OutPerson, sheet: Paper
) -> Iterator[Reason]:
    text = "" if value is None else str(value)
    if column.must:
        own = _OWN.get(column.field)
        trouble = (
            own(row, sheet) if own else None if text.strip() else Reason("empty", (("heading", heading),))
        )
        if trouble is not None:
            yield trouble
    if column.most is not None and len(text) > column.most:
        said = {"heading": heading, "length": str(len(text)), "most": str(column.most)}
        yield Reason("too_long", tuple(said.items()))


# ---- what is said of a column in its own words


def _name(row: OutPerson, _sheet: Paper) -> Reason | None:
    return None if row.person.name.strip() else Reason("no_name")


def _number(row: OutPerson, sheet: Paper) -> Reason | None:
    if platform_fields.certificate(row, sheet.today):
        return None
    found = platform_fields.judged(row, sheet.today)
    if found.doubt in ("missing", "placeholder"):
        return Reason("no_number")
    return Reason("unknown_document" if found.doubt == "other_document" else "bad_number")


def _document(row: OutPerson, sheet: Paper) -> Reason | None:
    """Nothing where the number itself is not sound: that is said of it."""
    unknown = platform_fields.certificate(row, sheet.today) and not platform_fields.cert_type(
        row, sheet.today
    )
    return Reason("unknown_document") if unknown else None


def _type(row: OutPerson, sheet: Paper) -> Reason | None:
    if platform_fields.psn_type(row, sheet.today):
        return None
    word = platform_fields.category(row)
    return Reason("unknown_type", (("word", word),)) if word else Reason("no_type")


def _sex(row: OutPerson, sheet: Paper) -> Reason | None:
    told, shown = platform_fields.judged(row, sheet.today).sex, platform_fields.sex(row, sheet)
    if not shown:
        return _missing(row, sheet, "性别")
    return Reason("other_sex") if told and told != shown else None


def _birth(row: OutPerson, sheet: Paper) -> Reason | None:
    told, shown = platform_fields.judged(row, sheet.today).birth, platform_fields.born(row, sheet.today)
    if shown is None:
        return _missing(row, sheet, "出生日期")
    return Reason("other_birth") if told and told != shown else None


def _missing(row: OutPerson, sheet: Paper, heading: str) -> Reason | None:
    """Nothing where the number is not sound: a sound one tells it too."""
    sound = platform_fields.certificate(row, sheet.today)
    return Reason("empty", (("heading", heading),)) if sound else None


_OWN: dict[str, Callable[[OutPerson, Paper], Reason | None]] = {
    "name": _name, "certificate": _number, "cert_type": _document, "psn_type": _type, "sex_code": _sex, "born": _birth,
}  # fmt: skip

# ---- who was held back, as a sheet

TITLE = "未导出人员"
_COLUMNS = (
    ColumnSpec("序号", 3, "int"), ColumnSpec("嘎查村（社区）", 8), ColumnSpec("姓名", 7),
    ColumnSpec("为什么没有导出、怎么办", 42), ColumnSpec("证件号码", 11), ColumnSpec("组别", 5),
)  # fmt: skip


def held_back(found: Judged, sheet: Paper) -> Filled:
    """Who was held back, with the sum that closes: everybody, those who go out, those who do not."""
    rows = tuple(
        (number, one.row.village, one.row.person.name, one.sentence, one.number, one.row.household.group)
        for number, one in enumerate(found.held, 1)
    )
    told = f"应导出 {found.total} 人 ＝ 已导出 {len(found.passing)} 人 ＋ 未导出 {len(found.held)} 人。"
    return Filled(sheet.title(TITLE), _COLUMNS, rows, (told, *masked_notes(sheet)))


def masked_notes(sheet: Paper) -> list[str]:
    """The lines under it: its numbers are always masked."""
    return replace(sheet, masked=True).notes()
