"""Lists as sheets, in the forms' own words: those a village owes its township, visit lists, results of an intake."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from storage.policy import mask
from storage.queries.lists import ListRow
from storage.queries.outputs import Beside, OutPerson
from storage.queries.visits import Boxes, VisitSheet
from sync.intake.planning import RowResult
from sync.reports import filling, forms
from sync.reports.paper import Paper
from sync.reports.xlsx import ColumnSpec, write_table

_BOXES = {"box": "□", "ticked": "☑", "none": "—", "": ""}
Heading = Paper
"""Who sends a list, for which year's policy, when, by whom."""


def new_enrollees(path: Path, rows: Sequence[ListRow], head: Paper, *, masked: bool = True) -> int:
    """Write 新参人员名单; returns the number of people. KnownError file.not_written."""
    return _form(path, "new_enrollees", rows, head, masked)


def cannot_pay_alone(path: Path, rows: Sequence[ListRow], head: Paper, *, masked: bool = True) -> int:
    """Write 不能自主缴费人员名单; returns the number of people. KnownError file.not_written."""
    return _form(path, "cannot_pay", rows, head, masked)


def _form(path: Path, code: str, rows: Sequence[ListRow], head: Paper, masked: bool) -> int:
    form = forms.built_in()[code]
    people = [
        OutPerson(head.unit, row.household.household, row.card.person, row.card.due, Beside()) for row in rows
    ]
    filled = filling.fill(form, people, replace(head, masked=masked, id_format=form.id_format))
    return write_table(path, filled.title, filled.columns, filled.rows, notes=filled.notes)


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
        ColumnSpec("户备注", 24),
        ColumnSpec("约定日期/备注/签字", 20),
    )
    rows = (
        (
            *(row.row, door.group, door.number, door.head_name, door.place, row.phone or door.phone_masked),
            *(row.name, row.age, row.id_masked, row.why, *_boxes(row.boxes), door.note, row.note),
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
