"""The banner's import form: nothing but sound text rows go out, everybody else is held back with what to do."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import policies
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.policy.id_number import check
from sync.reports import filling, forms, going_out, strict
from sync.reports.strict import Judged
from tests.unit.storage.worlds import (
    TODAY,
    VILLAGE_CODE,
    World,
    cheap_keys,
    id_number,
    paid,
    person,
    world,
)
from tests.unit.sync.reports.reread import by_calamine, by_openpyxl, cells_in_xml

__all__ = ["cheap_keys", "world"]
POLICY = policies.load("example-2026")
FORM = forms.built_in()["import"]
OTHER = "150621102201"
HEADS = [spec.title for spec in FORM.specs()]
CERT, NUMBER, NAME, SEX, TYPE, SCHEME, PLACE = (
    next(place for place, head in enumerate(HEADS) if words in head)
    for words in ("psn_cert_type", "certno", "姓名", "gend", "psn_type", "insutype", "区划代码")
)


def someone(
    number: int,
    name: str | None = None,
    written: str | None = None,
    category: str = "成年居民",
    scope: str = VILLAGE_CODE,
    record: str = "",
    **registers: Any,
) -> list[Edit]:
    """Somebody who paid."""
    record = record or f"r{number}"
    told = id_number(number) if written is None else written
    who = person(
        record,
        f"人{number}" if name is None else name,
        told or None,
        category={"category": category},
        residence={"residence": "resident"},
        **registers,
    )
    edits = [who, Edit("payment", f"p{record}", paid(record))]
    return [Edit(one.kind, one.record, one.changes, scope) for one in edits]


def judged(ledger: Ledger, scope: str = "") -> Judged:
    wish = filling.wanted(ledger, POLICY, TODAY, scope)
    return strict.judge(FORM, filling.read(ledger, FORM, wish), filling.paper(ledger, wish, FORM))


def reasons(found: Judged) -> dict[str, list[str]]:
    return {one.row.person.record: [reason.code for reason in one.reasons] for one in found.held}


@pytest.fixture
def office(world: World) -> Ledger:
    ledger = world.office()
    bad = id_number(3)[:-1] + ("0" if id_number(3)[-1] != "0" else "1")
    ledger.write(
        [
            *someone(1),
            *someone(2, name=""),
            *someone(3, written=bad),
            *someone(4, written=""),
            *someone(5, category="骑兵"),
            *someone(6, category="1403"),
            *someone(7, name="长" * 60),
            *someone(8, written="H12345678"),
            *someone(9, contact={"phone": "1" * 30}),
            *someone(20, scope=OTHER),
            *someone(30, record="x1"),
            *someone(30, record="x2", scope=OTHER),
        ]
    )
    return ledger


WHY = {
    "r2": ["no_name"],
    "r3": ["bad_number"],
    "r4": ["no_number"],
    "r5": ["unknown_type"],
    "r7": ["too_long", "too_long"],  # the head of a household of one
    "r8": ["unknown_document"],
    "r9": ["too_long"],
}


def test_whoever_would_be_refused_is_held_back_with_the_reason(office: Ledger) -> None:
    found = judged(office)
    told = reasons(found)
    (elsewhere,) = told.keys() - WHY.keys()
    assert told == {**WHY, elsewhere: ["elsewhere"]} and elsewhere in ("x1", "x2")
    assert {one.person.record for one in found.passing} == {"r1", "r6", "r20", *{"x1", "x2"} - {elsewhere}}
    assert found.total == 12
    counting = next(one for one in found.held if one.row.person.record == elsewhere)
    assert (OTHER if elsewhere == "x1" else VILLAGE_CODE) in counting.sentence  # nobody named it here
    assert all(one.sentence.endswith("。") and "{" not in one.sentence for one in found.held)
    assert not any(check(word).valid for one in found.held for word in one.number.split())


def test_the_sheet_has_nothing_but_text_rows_under_their_headings(office: Ledger, tmp_path: Path) -> None:
    path, wish = tmp_path / "i.xlsx", filling.wanted(office, POLICY, TODAY)
    written = going_out.export(office, FORM, wish, path, full=True, why="旗县导入")
    for read in (by_openpyxl, by_calamine):
        head, *rows = read(path)
        assert head == HEADS
        assert len(rows) == written.rows == 4
        by_name = {row[NAME]: row for row in rows}
        assert by_name["人6"][TYPE] == "1403" and by_name["人1"][TYPE] == "1501"
        assert by_name["人20"][PLACE] == OTHER and by_name["人1"][NUMBER] == id_number(1)
        assert {(row[CERT], row[SCHEME]) for row in rows} == {("01", "390")}
        assert all(row[SEX] in ("1", "2") for row in rows)
        assert all(isinstance(cell, str) or cell is None for row in rows for cell in row)
    first = [cell for cell in cells_in_xml(path) if cell[1] != "s"]
    assert all(kind in ("s", "inlineStr") or reference[0] == "A" for reference, kind, _format in first)
    beside = by_openpyxl(path, 1)
    told = [row for row in beside if isinstance(row[0], int)]
    assert len(told) == len(written.held) == 8
    assert "应导出 12 人 ＝ 已导出 4 人 ＋ 未导出 8 人" in str(beside)
    assert id_number(5) not in str(beside)
    row = office.connection.execute("SELECT what, rows, masked, why FROM export").fetchone()
    assert tuple(row) == ("form:import", 4, 0, "旗县导入")


def test_full_numbers_take_the_yes_they_always_take(office: Ledger, tmp_path: Path) -> None:
    wish = filling.wanted(office, POLICY, TODAY)
    with pytest.raises(RuleViolation, match=r"export\.why"):
        going_out.export(office, FORM, wish, tmp_path / "i.xlsx", full=True)
    going_out.export(office, FORM, wish, tmp_path / "i.csv")
    text = (tmp_path / "i.csv").read_text("utf-8-sig")
    assert id_number(1) not in text and "********" in text and text.count("\n") == 5


def test_several_with_one_number_are_all_held_back(world: World) -> None:
    """Two villages' doubles count in one; two of one village the ledger did not join are for people to tell apart."""
    ledger = world.office()
    ledger.write([*someone(1), *someone(2)])
    rows = filling.read(ledger, FORM, filling.wanted(ledger, POLICY, TODAY))
    sheet = filling.paper(ledger, filling.wanted(ledger, POLICY, TODAY), FORM)
    found = strict.judge(FORM, [rows[0], rows[1], rows[0]], sheet)
    assert [one.reasons[0].code for one in found.held] == ["twice", "twice"]
    assert "2 人" in found.held[0].sentence and len(found.passing) == 1


def test_one_village_and_no_village_ledger(office: Ledger, world: World, tmp_path: Path) -> None:
    assert {one.person.scope for one in judged(office, OTHER).passing} == {OTHER}
    village = world.alone("b")
    with pytest.raises(KnownError, match=r"form\.not_here"):
        going_out.export(village, FORM, filling.wanted(village, POLICY, TODAY), tmp_path / "v.xlsx")


def test_a_strict_form_is_about_people() -> None:
    with pytest.raises(KnownError) as caught:
        forms.checked(msgspec.structs.replace(forms.built_in()["budget"], strict=True))
    assert caught.value.params["fault"] == "only_people"


@pytest.fixture(scope="module")
def shelf() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        made = World(Path(folder))
        yield made
        made.close()


COUNT = [0]
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "number": st.integers(1, 8),
            "name": st.sampled_from([None, "", " ", "萨仁·其其格", "长" * 51, "=1+1"]),
            "written": st.sampled_from([None, None, "", "0", "150621", "15062119900101123X", "H12345678"]),
            "category": st.sampled_from(["", "成年居民", "1402", "老年", "骑兵", "9999"]),
            "scope": st.sampled_from([VILLAGE_CODE, OTHER]),
        }
    ),
    max_size=10,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE)
def test_the_sum_closes_and_no_unsound_row_goes_out(shelf: World, people: list[dict[str, Any]]) -> None:
    COUNT[0] += 1
    ledger = shelf.office(f"office{COUNT[0]}")
    edits = [edit for place, one in enumerate(people) for edit in someone(**one, record=f"q{place}")]
    if edits:
        ledger.write(edits)
    wish = filling.wanted(ledger, POLICY, TODAY)
    path = shelf.folder / f"{COUNT[0]}.xlsx"
    written = going_out.export(ledger, FORM, wish, path, full=True, why="导入")
    _head, *rows = by_openpyxl(path)
    assert len(rows) == written.rows
    held = {one.row.person.record for one in written.held}
    assert len(held) == len(written.held) and all(one.reasons for one in written.held)
    read = filling.read(ledger, FORM, wish)
    assert len(rows) + len(held) == len(read)
    numbers = [str(row[NUMBER]) for row in rows]
    assert len(set(numbers)) == len(numbers) and all(check(one, today=TODAY).valid for one in numbers)
    for row in rows:
        assert row[NAME] and str(row[NAME]).strip() and len(str(row[NAME])) <= 50
        assert str(row[TYPE]) in ("1401", "1402", "1403", "1404", "1405", "1501", "1601")
    ledger.close()
