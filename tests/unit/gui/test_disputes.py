"""The provisional value is marked wherever it is shown: lists, cards, paper, sheets, command line words."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gui import i18n, wording
from gui.models import households, roll, today
from gui.models.people import PeopleModel
from gui.models.roll_table import RollModel
from gui.widgets.pieces import Cell, Tag, hints, words
from storage import policies
from storage.commands import facts
from storage.ledger import Edit, Ledger
from storage.queries import cards, lists, people
from storage.queries.cards import HouseholdCard
from storage.queries.dayplan import Turn
from storage.queries.visits import VisitFilter, pick
from sync.reports import lists as sheets
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, cheap_keys, id_number, paid, person, world

__all__ = ["cheap_keys", "world"]
POLICY = policies.load("example-2026")
MARK = "（暂）"
TAG = "暂"


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.install()
    yield
    i18n.install()


def differ(ledger: Ledger, kind: str, record: str, register: str, one: dict, other: dict) -> None:
    """Two entries of one register that know nothing of each other."""
    for value in (one, other):
        ledger.write([Edit(kind, record, {register: value}, pred={register: ()})])


@pytest.fixture
def ledger(world: World) -> Ledger:
    """A household with two people; a test lets entries about the first disagree."""
    made = world.alone()
    made.write([
        Edit("household", "h", {"number": {"number": "0017"}, "head": {"head_name": "王伟"}, "place": {"grp": "2组"}}),
        person("a", "王伟", id_number(1), membership={"household": "h", "relation": "0"},
               contact={"phone": "13811112222"}, residence={"residence": "resident"}),
        person("b", "李娜", id_number(2), membership={"household": "h", "relation": "1"}),
        Edit("payment", "p", paid("b")),
    ])  # fmt: skip
    facts.assistance(made, ["a"], "age", what="", on=None, note="", year=2026)
    facts.new_enrollee(made, ["a"], 2026)
    return made


def card(ledger: Ledger) -> HouseholdCard:
    (found,) = cards.household_cards(ledger, POLICY, TODAY)
    return found


def marked(cell: Cell) -> bool:
    """Whether a cell carries the mark, in words and for whoever asks what it means."""
    found = [piece for line in cell for piece in line if isinstance(piece, Tag) and piece.text == TAG]
    assert all("两种说法" in piece.hint for piece in found)
    return bool(found)


FIELDS = [
    ("resident", "a", "identity", {"name": "王伟"}, {"name": "王玮"}, "who", "name"),
    ("payment", "p", "fact", paid("b")["fact"], paid("b", amount=38000)["fact"], "payment", "why"),
    ("credential", "c", "state", {"credential": "active"}, {}, "credential", "why"),
]


@pytest.mark.parametrize(("kind", "record", "register", "one", "other", "column", "_paper"), FIELDS)
def test_a_person_s_cells_carry_the_mark_where_the_value_is_open(
    ledger: Ledger, kind: str, record: str, register: str, one: dict, other: dict, column: str, _paper: str
) -> None:
    model = PeopleModel(lambda: POLICY, lambda: TODAY)
    columns = dict(
        zip(("who", "relation", "groups", "payment", "credential", "next"), model.columns, strict=True)
    )
    rows = RollModel(lambda: POLICY, lambda: TODAY)
    before = card(ledger)
    assert not any(marked(each.picture(item)) for each in columns.values() for item in before.people)
    if kind == "credential":
        ledger.write([Edit(kind, record, {"link": {"resident": "a"}})])
    differ(ledger, kind, record, register, one, other)
    found = [
        (name, item.person.record)
        for name, each in columns.items()
        for item in card(ledger).people
        if marked(each.picture(item))
    ]
    who = "b" if kind == "payment" else "a"
    assert found == [(column, who)]
    entries = roll.entries(people.load(ledger, 2026), {"h": ("2组", "0017")}, "查干沟嘎查")
    titles = {
        each.title for each in rows.columns for entry in entries
        if entry.person.record == who and marked(each.picture(entry))
    }  # fmt: skip
    expected = {"who": {"姓名", "证件号"}, "payment": {"2026 缴费"}, "credential": {"电子凭证"}}[column]
    assert titles == expected
    (note,) = [each for each in rows.columns if each.title == "备注"]
    entry = next(entry for entry in entries if entry.person.record == who)
    assert "冲突" in words(note.picture(entry)) and "说法不一致" in hints(note.picture(entry))


def test_a_household_s_line_and_its_marks_name_what_is_open(ledger: Ledger) -> None:
    assert not wording.household_marks(POLICY, card(ledger))[-1].hint
    differ(ledger, "household", "h", "head", {"head_name": "王伟"}, {"head_name": "王玮"})
    differ(ledger, "household", "h", "place", {"grp": "2组"}, {"grp": "3组"})
    found = card(ledger)
    assert found.household.unsettled == ("household.head", "household.place")
    assert wording.household_marks(POLICY, found)[-1].text == "冲突"
    assert wording.household_marks(POLICY, found)[-1].hint == "说法不一致：户主，组别和住址"
    line = households.lines_of([found])[0]
    text = words(households.model(lambda: POLICY).columns[0].picture(line))
    assert f"王玮{MARK}" in text and f"3组{MARK} 0017" in text
    work = today.work_model(lambda: POLICY, lambda: TODAY, lambda turn: turn.now)
    assert f"3组{MARK}" in words(work.columns[0].picture(Turn.of(found, ())))


def test_what_is_read_aloud_says_what_the_mark_means(ledger: Ledger) -> None:
    from PySide6.QtCore import Qt

    differ(ledger, "resident", "a", "identity", {"name": "王伟"}, {"name": "王玮"})
    model = PeopleModel(lambda: POLICY, lambda: TODAY)
    model.set_rows(card(ledger).people)
    said = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert TAG in said and "两种说法" in said


def test_the_visit_list_marks_names_numbers_phones_and_explains(ledger: Ledger, tmp_path: Path) -> None:
    def sheet():
        picked = pick([card(ledger)], VisitFilter())
        return wording.visit_sheet(
            POLICY, picked, VisitFilter(), scope=VILLAGE_CODE, title="查干沟嘎查", list_number=1, today=TODAY
        )

    plain = sheet()
    assert plain.legend == "" and MARK not in repr(plain)
    differ(ledger, "resident", "a", "identity", {"name": "王伟", "id_number": id_number(1)}, {"name": "王玮"})
    differ(ledger, "resident", "a", "contact", {"phone": "13811112222"}, {"phone": "13933334444"})
    differ(ledger, "household", "h", "number", {"number": "0017"}, {"number": "0071"})
    found = sheet()
    (door,) = found.households
    first, second = door.rows
    assert first.name == f"王玮{MARK}" and second.name == "李娜"
    assert door.number == f"0071{MARK}" and door.phone_masked == f"139****4444{MARK}"
    assert TAG in found.legend
    sheets.visit_list(tmp_path / "x.xlsx", found)
    texts = [
        str(cell) for row in openpyxl.load_workbook(tmp_path / "x.xlsx").active.values for cell in row if cell
    ]
    assert any(f"王玮{MARK}" in text for text in texts) and any(found.legend in text for text in texts)


def test_the_lists_a_village_owes_mark_it_too(ledger: Ledger, tmp_path: Path) -> None:
    head = sheets.Heading("查干沟嘎查", POLICY, date(2025, 12, 3))

    def texts() -> list[str]:
        sheets.new_enrollees(tmp_path / "n.xlsx", lists.new_enrollees([card(ledger)]), head)
        sheets.cannot_pay_alone(tmp_path / "c.xlsx", lists.cannot_pay_alone([card(ledger)]), head)
        return [
            str(cell)
            for name in ("n", "c")
            for row in openpyxl.load_workbook(tmp_path / f"{name}.xlsx").active.values
            for cell in row
            if cell
        ]

    assert not any(TAG in text for text in texts())
    differ(ledger, "resident", "a", "contact", {"phone": "13811112222"}, {"phone": "13933334444"})
    assert texts().count(f"139****4444{MARK}") == 2
    assert sum("尚未核定" in text for text in texts()) == 2
