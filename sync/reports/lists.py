"""Lists as sheets, in the forms' own words: those a village owes its township, visit lists, results of an intake."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from storage.codes import RELATIONS, SEXES
from storage.policy import mask
from storage.policy.model import Policy
from storage.queries.lists import ListRow
from storage.queries.visits import Boxes, VisitSheet, age
from sync.intake.planning import RowResult
from sync.reports.xlsx import ColumnSpec, write_table

_BOXES = {"box": "□", "ticked": "☑", "none": "—", "": ""}


@dataclass(frozen=True, slots=True)
class Heading:
    """Who sends a list, for which year's policy, when, by whom."""

    village: str
    policy: Policy
    today: date
    operator: str = ""

    def title(self, what: str) -> str:
        """The title of a form: 查干沟嘎查 2026 年度城乡居民医保新参人员名单."""
        return f"{self.village} {self.policy.year} 年度城乡居民医保{what}"

    def notes(self, *, masked: bool) -> list[str]:
        """The lines under a form."""
        who = f"填报单位：{self.village}　填报人：{self.operator}　填报日期：{self.today.isoformat()}"
        care = "证件号码已隐去中间部分。" if masked else "含完整证件号码，专人保管。"
        return [who, f"{care}含个人信息，用后交回或销毁，勿拍照转发。"]


_OPEN, _OPEN_NOTE = "{text}（暂）", "标有“（暂）”的内容有两种说法，尚未核定。"


def _open(text: str, unsettled: Sequence[str], *registers: str) -> str:
    """A cell's words, marked where entries disagree about them and nobody has settled it yet."""
    return _OPEN.format(text=text) if text and not set(registers).isdisjoint(unsettled) else text


def new_enrollees(path: Path, rows: Sequence[ListRow], head: Heading, *, masked: bool = True) -> int:
    """Write 新参人员名单; returns the number of people. KnownError file.not_written."""
    own = (ColumnSpec("居住情况", 10), ColumnSpec("缴费情况", 10), ColumnSpec("备注", 16))

    def cells(row: ListRow) -> tuple[object, ...]:
        person = row.card.person
        open_ = person.unsettled
        return (
            _open(_named(head.policy.residences, person.residence), open_, "resident.residence"),
            _open(_paid(person.paid), open_, "payment.fact", "payment.void", "enrolment.absence"),
            _open(person.note, open_, "resident.remark"),
        )

    return _write(path, "新参人员名单", rows, head, own, cells, masked)


def cannot_pay_alone(path: Path, rows: Sequence[ListRow], head: Heading, *, masked: bool = True) -> int:
    """Write 不能自主缴费人员名单; returns the number of people. KnownError file.not_written."""
    own = (
        ColumnSpec("不能自主缴费原因", 14),
        ColumnSpec("需要的帮办", 16),
        ColumnSpec("约定日期", 11, "date"),
        ColumnSpec("应缴金额（元）", 11, "money"),
        ColumnSpec("备注", 16),
    )

    def cells(row: ListRow) -> tuple[object, ...]:
        person = row.card.person
        why = _open(_named(head.policy.assistance_reasons, person.need), person.unsettled, "assistance.need")
        note = _open(person.note, person.unsettled, "resident.remark")
        return why, person.need_what, person.need_on, row.card.due.pay_now_fen, note

    return _write(path, "不能自主缴费人员名单", rows, head, own, cells, masked)


_PERSON = (
    ColumnSpec("序号", 5, "int"),
    ColumnSpec("组别", 7),
    ColumnSpec("户编号", 10),
    ColumnSpec("户主姓名", 10),
    ColumnSpec("与户主关系", 9),
    ColumnSpec("姓名", 12),
    ColumnSpec("性别", 5),
    ColumnSpec("年龄", 5, "int"),
    ColumnSpec("证件号码", 20),
    ColumnSpec("联系电话", 13),
    ColumnSpec("资助类别", 14),
)


def _write(
    path: Path,
    what: str,
    rows: Sequence[ListRow],
    head: Heading,
    own: Sequence[ColumnSpec],
    cells: Callable[[ListRow], tuple[object, ...]],
    masked: bool,
) -> int:
    table = ((number, *_person(row, head, masked), *cells(row)) for number, row in enumerate(rows, 1))
    open_ = any(row.card.person.unsettled or row.household.household.unsettled for row in rows)
    notes = [*head.notes(masked=masked), *([_OPEN_NOTE] if open_ else [])]
    return write_table(path, head.title(what), (*_PERSON, *own), table, notes=notes)


def _person(row: ListRow, head: Heading, masked: bool) -> tuple[object, ...]:
    place, person = row.household.household, row.card.person
    home, open_ = place.unsettled, person.unsettled
    number = mask.id_number(person.id_number) if masked else person.id_number
    phone = mask.phone(person.phone) if masked else person.phone
    groups = "、".join(_named(head.policy.groups, code) for code in person.groups)
    return (
        _open(place.group, home, "household.place"),
        _open(place.number, home, "household.number"),
        _open(place.head_name, home, "household.head"),
        _open(RELATIONS.get(person.relation, person.relation), open_, "resident.membership"),
        _open(person.name, open_, "resident.identity"),
        SEXES.get(person.sex, person.sex),
        age(person.birth, head.today),
        _open(number, open_, "resident.identity"),
        _open(phone, open_, "resident.contact"),
        _open(groups, open_, "subsidy.grant"),
    )


def _named(entries: Iterable[object], code: str) -> str:
    return next((getattr(entry, "name", "") for entry in entries if getattr(entry, "code", "") == code), code)


def _paid(paid: str) -> str:
    return {"none": "未缴", "reported": "已缴待到账", "confirmed": "已到账"}[paid]


def visit_list(path: Path, sheet: VisitSheet) -> int:
    """Write a visit list as it is printed, one row a person; returns their number. KnownError file.not_written."""
    columns = (
        ColumnSpec("行", 5, "int"),
        ColumnSpec("组别", 7),
        ColumnSpec("户编号", 10),
        ColumnSpec("户主", 10),
        ColumnSpec("住址", 14),
        ColumnSpec("电话", 13),
        ColumnSpec("姓名", 12),
        ColumnSpec("年龄", 5, "int"),
        ColumnSpec("证件号码", 20),
        ColumnSpec("为什么去·怎么办", 34),
        *(ColumnSpec(title, 5) for title in ("已缴", "凭证", "帮办", "拒绝", "不在")),
        ColumnSpec("约定日期/备注/签字", 20),
    )
    rows = (
        (
            *(row.row, door.group, door.number, door.head_name, door.place, door.phone_masked),
            *(row.name, row.age, row.id_masked, row.why, *_boxes(row.boxes), row.note),
        )
        for door in sheet.households
        for row in door.rows
    )
    notes = [
        f"清单 {sheet.list_number}　{sheet.filter_text}　打印日期：{sheet.printed.isoformat()}",
        *filter(None, (sheet.legend, sheet.privacy)),
    ]
    return write_table(path, sheet.title, columns, rows, notes=notes)


def _boxes(boxes: Boxes) -> tuple[str, ...]:
    states = (boxes.paid, boxes.credential, boxes.help, boxes.refused, boxes.absent)
    return tuple(_BOXES[state] for state in states)


def intake_results(
    path: Path, title: str, results: Iterable[tuple[str, RowResult]], describe: Callable[[str], str]
) -> int:
    """Write what became of each row of roster files: (file, row); ``describe`` words a reason. ID numbers are masked.

    Returns the number of rows. KnownError file.not_written.
    """
    columns = (
        ColumnSpec("文件", 24),
        ColumnSpec("工作表", 12),
        ColumnSpec("行号", 6, "int"),
        ColumnSpec("姓名", 12),
        ColumnSpec("证件号码", 20),
        ColumnSpec("结果", 8),
        ColumnSpec("待核实", 8),
        ColumnSpec("疑点", 40),
    )
    words = {"added": "新增", "known": "已有", "changed": "有变更"}
    rows = (
        (
            *(
                file,
                one.sheet,
                one.row,
                one.name,
                mask.id_number(one.id_text),
                words.get(one.status, one.status),
            ),
            *("是" if one.reasons else "", "；".join(describe(code) for code in one.reasons)),
        )
        for file, one in results
    )
    return write_table(path, title, columns, rows)
