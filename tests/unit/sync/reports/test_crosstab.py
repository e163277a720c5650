"""The cross table: the same as a plain count, whatever the people; every number is exactly its people."""

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import policies
from storage.errors import KnownError
from storage.persons import Record
from storage.policy.amounts import due
from storage.queries.housing import Household
from storage.queries.outputs import Beside, Cover, OutPerson
from storage.queries.people import Claim, Person
from sync.reports import cross_out, crosstab, filling, forms
from sync.reports.axes import AGE_BANDS, age_band, axes, village_titles
from sync.reports.choosing import selections
from sync.reports.crosstab import MEASURES, MOST_COLUMNS, Asked, Cross, Crowd
from sync.reports.fields import fields_of
from sync.reports.paper import Paper
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, cheap_keys, world
from tests.unit.sync.reports.test_outputs import OTHER, people_edits

__all__ = ["cheap_keys", "world"]
POLICY = policies.load("example-2026")
TITLES = {"150621102200": "查干沟村", "150621102201": "柳沟村", "150621102202": "柳沟村"}
SHEET = Paper("白泥井镇", POLICY, TODAY, "王", titles=TITLES)
GROUPS = tuple(group.code for group in POLICY.groups)


def claims(paid: list[tuple[int, str, bool]]) -> tuple[Claim, ...]:
    return tuple(Claim(f"c{n}", fen, TODAY, way, "", "", "", sure) for n, (fen, way, sure) in enumerate(paid))


@st.composite
def somebody(draw: st.DrawFn, number: int) -> OutPerson:
    scope = draw(st.sampled_from(sorted(TITLES)))
    groups = tuple(sorted(draw(st.sets(st.sampled_from(GROUPS), max_size=3))))
    paid = draw(
        st.lists(
            st.tuples(st.integers(0, 2**45), st.sampled_from(["agent", "", "own"]), st.booleans()), max_size=2
        )
    )
    person = Person(
        scope, f"r{number}", f"r{number}", "h", "0", "人", "", "", draw(st.none() | st.dates(date(1920, 1, 1), TODAY)),
        draw(st.sampled_from(["1", "2", "", "9"])), "", "", draw(st.sampled_from(["resident", "away", "", "x"])), "",
        "", draw(st.sampled_from(["", "id_check"])), groups, claims(paid), "", None,
        draw(st.sampled_from(["", "army", "death", "unheard"])), "", "", "", None, draw(st.booleans()), (),
        draw(st.sampled_from(["", "", "", "150621102201"])),
    )  # fmt: skip
    home = Household(
        scope, "h", "1", draw(st.sampled_from(["1组", "2组", "10组", ""])), "", "", "", "", "", None, ""
    )
    cover = Beside(
        cover=tuple(Cover(code, "1", "", "") for code in draw(st.sets(st.sampled_from(["310", "390"]))))
    )
    return OutPerson(TITLES[scope], home, person, due(POLICY, groups), cover)


@st.composite
def crowds(draw: st.DrawFn) -> Crowd:
    count = draw(st.integers(0, 25))
    return Crowd([draw(somebody(number)) for number in range(count)], SHEET, TITLES)


CODES = sorted(axes(SHEET, TITLES))


@st.composite
def questions(draw: st.DrawFn, crowd: Crowd) -> Asked:
    code = st.sampled_from(CODES)
    only = []
    if draw(st.booleans()) and (words := crowd.words(limit := draw(code))):
        only.append((limit, draw(st.sampled_from(words))))
    whom = draw(st.sampled_from(["everybody", "everybody", "uninsured", "special"]))
    return Asked(draw(code), draw(code), draw(st.sampled_from(MEASURES)), whom, tuple(only))


def plainly(crowd: Crowd, asked: Asked) -> Callable[[str | None, str | None], tuple[int, set[Record]]]:
    """A count by hand: what a cell comes to and who is in it; None is a total."""
    takes = [(crowd.axis(code).give, word) for code, word in asked.only]
    taken = [
        row
        for row in crowd.rows
        if not row.person.counted_in
        and selections()[asked.whom].test(row, POLICY)
        and all(word in give(row) for give, word in takes)
    ]
    row_of, column_of = crowd.axis(asked.rows).give, crowd.axis(asked.columns).give

    def cell(row: str | None, column: str | None) -> tuple[int, set[Record]]:
        there = [
            one
            for one in taken
            if (row is None or row in row_of(one)) and (column is None or column in column_of(one))
        ]
        counted = len(there) if asked.measure == "people" else sum(one.person.amount for one in there)
        return counted, {(one.person.scope, one.person.record) for one in there}

    return cell


@settings(max_examples=60)
@given(st.data())
def test_it_says_what_a_plain_count_says(data: st.DataObject) -> None:
    crowd = data.draw(crowds())
    asked = data.draw(questions(crowd))
    table, cell = crosstab.cross(crowd, asked), plainly(crowd, asked)
    for line, row in enumerate(table.rows):
        assert table.cells[line] == tuple(cell(row, column)[0] for column in table.columns)
        assert table.row_totals[line] == cell(row, None)[0]
    assert table.column_totals == tuple(cell(None, column)[0] for column in table.columns)
    assert (table.total, table.people) == (cell(None, None)[0], len(cell(None, None)[1]))
    counts = [len(cell(row, column)[1]) for row, column in product(table.rows, table.columns)]
    assert table.least == min(filter(None, counts), default=0)
    assert table.more == (sum(counts) > table.people)


@settings(max_examples=60)
@given(st.data())
def test_every_number_is_exactly_its_people(data: st.DataObject) -> None:
    crowd = data.draw(crowds())
    asked = data.draw(questions(crowd))
    table, cell = crosstab.cross(crowd, asked), plainly(crowd, asked)
    row = data.draw(st.sampled_from([None, *table.rows]))
    column = data.draw(st.sampled_from([None, *table.columns]))
    found = crosstab.who(crowd, asked, row, column)
    assert len(found) == len(set(found)) and set(found) == cell(row, column)[1]


@settings(max_examples=60)
@given(st.data())
def test_nobody_is_lost_between_the_lines(data: st.DataObject) -> None:
    """Whoever is counted stands in a row and in a column, whatever their words are."""
    crowd, code = data.draw(crowds()), data.draw(st.sampled_from(CODES))
    assert sum(crosstab.cross(crowd, Asked(code, "sex")).row_totals) >= len(crowd.rows)
    assert all(set(crowd.axis(code).give(row)) <= set(crowd.words(code)) for row in crowd.rows)


def crowd_of(*rows: OutPerson) -> Crowd:
    return Crowd(rows, SHEET, TITLES)


def one(number: int, **facts: object) -> OutPerson:
    from dataclasses import replace

    base = Person(
        "150621102200", f"r{number}", f"r{number}", "h", "0", "人", "", "", date(1960, 1, 1), "1", "02", "", "resident",
        "", "", "", (), (), "", None, "", "", "", "", None, False, (),
    )  # fmt: skip
    person = replace(base, **facts)  # type: ignore[arg-type]
    home = Household(person.scope, "h", "1", "1组", "", "", "", "", "", None, "")
    return OutPerson(TITLES[person.scope], home, person, due(POLICY, person.groups), Beside())


def test_somebody_of_two_groups_stands_in_both_and_counts_once() -> None:
    table = crosstab.cross(
        crowd_of(one(1, groups=("dibao", "tekun")), one(2, groups=("dibao",))), Asked("sex", "groups")
    )
    assert table.columns == ("特困人员", "城乡低保对象")
    assert (table.cells, table.column_totals) == (((1, 2),), (1, 2))
    assert (table.row_totals, table.total, table.more, table.least) == ((2,), 2, True, 1)


def test_amounts_are_exact_beyond_what_a_float_holds() -> None:
    fen = 2**53 + 1
    people = [one(n, claims=claims([(fen, "agent", True)])) for n in range(3)]
    table = crosstab.cross(crowd_of(*people), Asked("sex", "paid", "amount"))
    assert (table.cells, table.total) == (((3 * fen,),), 3 * fen)


def test_the_order_is_that_of_life_not_of_letters() -> None:
    births = [date(2024, 1, 1), date(1940, 1, 1), date(1990, 1, 1), None, date(2010, 1, 1)]
    table = crosstab.cross(
        crowd_of(*(one(n, birth=birth) for n, birth in enumerate(births))), Asked("age", "paid")
    )
    assert table.rows == ("不满6周岁", "6—17岁", "35—44岁", "80岁以上", "未登记")


def test_every_age_has_one_band() -> None:
    bands = [age_band(years) for years in range(130)]
    assert list(dict.fromkeys(bands)) == [words for _first, words in AGE_BANDS]
    assert [bands.index(words) for _first, words in AGE_BANDS] == [first for first, _words in AGE_BANDS]


def test_villages_of_one_name_are_told_apart_and_none_is_left_out() -> None:
    assert len(set(village_titles(TITLES).values())) == len(TITLES)
    table = crosstab.cross(crowd_of(one(1, scope="150621102202")), Asked("village", "paid"))
    assert table.rows == ("查干沟村", "柳沟村（150621102201）", "柳沟村（150621102202）")
    assert table.row_totals == (0, 0, 1)


def test_a_group_of_one_village_is_not_that_of_another() -> None:
    crowd = crowd_of(one(1), one(2, scope="150621102201"))
    assert crosstab.cross(crowd, Asked("group", "sex")).rows == (
        "查干沟村 1组", "柳沟村（150621102201） 1组",
    )  # fmt: skip
    alone = Crowd([one(1)], SHEET, [VILLAGE_CODE])
    assert crosstab.cross(alone, Asked("group", "village")).rows == ("1组",)
    assert crosstab.cross(alone, Asked("village", "sex")).rows == ("查干沟村",)


def test_nobody_makes_an_empty_table() -> None:
    table = crosstab.cross(crowd_of(), Asked("age", "paid"))
    assert (table.rows, table.columns, table.cells, table.total, table.least) == ((), (), (), 0, 0)
    villages = crosstab.cross(crowd_of(one(1)), Asked("village", "paid", whom="insured"))
    assert villages.cells == ((), (), ()) and villages.row_totals == (0, 0, 0)
    turned = crosstab.cross(crowd_of(one(1)), Asked("paid", "village", whom="insured"))
    assert turned.cells == () and turned.column_totals == (0, 0, 0)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked("shoe", "paid"), "cross.no_axis"),
        (Asked("age", "paid", whom="rich"), "cross.nobody"),
        (Asked("age", "paid", only=(("sex", "别"),)), "cross.no_word"),
        (Asked("sex", "school"), "cross.too_wide"),
    ],
)
def test_what_cannot_be_counted_is_refused(asked: Asked, code: str) -> None:
    from dataclasses import replace

    rows = [replace(one(n), beside=Beside(school=f"学校{n}")) for n in range(MOST_COLUMNS + 1)]
    with pytest.raises(KnownError) as caught:
        crosstab.cross(crowd_of(*rows), asked)
    assert caught.value.code == code


def test_axes_are_headed_as_the_forms_are() -> None:
    known = fields_of("person")
    for code, axis in axes(SHEET, TITLES).items():
        assert axis.heading == ("年龄段" if code == "age" else known[code].heading)


def test_it_agrees_with_the_forms_over_two_villages(world: World, tmp_path: Path) -> None:
    office = world.office()
    office.write([*people_edits(40), *people_edits(20, first=100, scope=OTHER)])
    form = forms.built_in()["uninsured"]
    wish = filling.wanted(office, POLICY, TODAY)
    crowd = Crowd(filling.everybody(office, wish), filling.paper(office, wish), wish.titles)
    assert len(filling.read(office, form, wish)) == sum(
        crosstab.cross(crowd, Asked("village", "paid", whom="uninsured")).row_totals
    )
    asked = Asked("village", "paid", "amount")
    table = crosstab.cross(crowd, asked)
    path = tmp_path / "x.xlsx"
    told = cross_out.export(office, table, cross_out.named(crowd, table), path)
    cells = list(openpyxl.load_workbook(path).active.values)
    assert cells[1] == ("嘎查村（社区）＼缴费情况", "未缴", "已缴待到账", "合计")[: len(cells[1])]
    assert cells[2 + told.rows][-1] == pytest.approx(table.total / 100)
    assert office.connection.execute("SELECT what, masked FROM export").fetchall() == [
        ("table:嘎查村（社区）×缴费情况交叉表", 1)
    ]


def test_small_numbers_carry_a_warning() -> None:
    def told(*rows: OutPerson) -> str:
        crowd = crowd_of(*rows)
        table: Cross = crosstab.cross(crowd, Asked("sex", "paid"))
        return "".join(cross_out.notes(table, cross_out.named(crowd, table)))

    assert "不足 3 人" in told(one(1)) and "不足" not in told(one(1), one(2), one(3))
