"""A roster becomes people: added once, changed openly, never over a person's own entry."""

import random
from datetime import date
from pathlib import Path

import pytest

from storage import derived, policies
from storage.clock import Clock
from storage.commands import people as commands
from storage.commands import split
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import housing, people, review
from storage.queries.figures import by_scope
from storage.queries.people import Person
from sync import enrol, exchange, kits
from sync.intake import roster
from sync.intake.roster import Preview
from sync.worksheet import staging
from tests.unit.sync.intake.conftest import TITLES, VILLAGE, Sheet, id_number

NASHUN = id_number("19500312", 121)
QIQIGE = id_number("19530423", 42)
BUREN = id_number("19810517", 151)
TODAY = date(2025, 12, 3)


def rows_of_one_home() -> list[list[object]]:
    """The household of 那顺: three people with sound numbers."""
    return [
        ["040001", "户主", "那顺", NASHUN, "男", "15800002330", "是"],
        ["", "配偶", "其其格", QIQIGE, "女", "", "是"],
        ["", "子", "布仁", BUREN, "男", "13800001234", "否"],
    ]


def take_in(ledger: Ledger, path: Path, scope: str = "") -> Preview:
    """Stage and apply."""
    return roster.apply(ledger, roster.stage(ledger, path, scope=scope)).preview


def everybody(ledger: Ledger) -> dict[str, Person]:
    """People by name."""
    return {person.name: person for person in people.load(ledger, 2026)}


def operations(ledger: Ledger) -> int:
    """How many operations the log holds."""
    return int(ledger.connection.execute("SELECT count(*) FROM op").fetchone()[0])


def test_people_and_household(ledger: Ledger, sheet: Sheet) -> None:
    preview = take_in(ledger, sheet(rows_of_one_home()))
    assert preview.counts == {"rows": 3, "added": 3, "known": 0, "changed": 0, "review": 0, "skipped": 0}
    found = everybody(ledger)
    assert {name: one.relation for name, one in found.items()} == {"那顺": "0", "其其格": "1", "布仁": "2"}
    assert len({one.household for one in found.values()}) == 1
    home = housing.household(ledger, found["那顺"].household)
    assert home is not None
    assert (home.number, home.head_name) == ("040001", "那顺")
    assert found["布仁"].residence == "away"
    assert found["那顺"].phone == "15800002330"


def test_staging_touches_nothing(ledger: Ledger, sheet: Sheet) -> None:
    before = operations(ledger)
    roster.stage(ledger, sheet(rows_of_one_home()))
    assert operations(ledger) == before


def test_the_same_file_again_writes_nothing(ledger: Ledger, sheet: Sheet) -> None:
    rows = [
        *rows_of_one_home(),
        ["040002", "户主", "刘建国", "", "男", "", ""],
        ["", "子", "刘文", "150621", "男", "", ""],
    ]
    path = sheet(rows)
    take_in(ledger, path)
    before, state = operations(ledger), derived.state_digest(ledger.connection)
    again = take_in(ledger, path)
    assert again.counts["known"] == 5
    assert (operations(ledger), derived.state_digest(ledger.connection)) == (before, state)


def test_order_and_file_name_do_not_matter(ledger: Ledger, sheet: Sheet) -> None:
    rows = [
        [f"04000{home}", "户主", f"王{home}", id_number("19700101", home * 2 + 1), "男", "", "是"]
        for home in range(1, 9)
    ]
    take_in(ledger, sheet(rows))
    before = operations(ledger)
    random.Random(3).shuffle(rows)
    assert take_in(ledger, sheet(rows, "再次.xlsx")).counts["known"] == 8
    assert operations(ledger) == before


def test_a_change_in_the_list_is_taken_where_nobody_edited(ledger: Ledger, sheet: Sheet) -> None:
    take_in(ledger, sheet(rows_of_one_home()))
    rows = rows_of_one_home()
    rows[2][5] = "13900009999"
    assert take_in(ledger, sheet(rows)).counts["changed"] == 1
    assert everybody(ledger)["布仁"].phone == "13900009999"
    assert by_scope(ledger, policies.load("example-2026"))[VILLAGE].conflicts == 0


def test_a_persons_entry_is_never_overwritten(ledger: Ledger, sheet: Sheet) -> None:
    path = sheet(rows_of_one_home())
    take_in(ledger, path)
    commands.correct(ledger, everybody(ledger)["布仁"].record, "contact", phone="13111111111")
    assert take_in(ledger, path).counts["known"] == 3  # the list says what it said before
    rows = rows_of_one_home()
    rows[2][5] = "13900009999"
    disputed = take_in(ledger, sheet(rows))
    assert [row.reasons for row in disputed.rows if row.status == "changed"] == [("disputed",)]
    assert everybody(ledger)["布仁"].phone == "13111111111"
    (conflict,) = [item for item in review.items(ledger) if item.code == "conflict"]
    assert [one.value["phone"] for one in conflict.candidates] == ["13111111111", "13900009999"]


def test_a_list_that_comes_again_finds_the_one_it_spoke_of_after_two_were_split(
    ledger: Ledger, sheet: Sheet
) -> None:
    """Whichever record has the smaller id: the row goes to whom it names, not to where the list once wrote."""
    numbers = [id_number("19700101", sequence) for sequence in range(1, 9)]
    rows = [
        ["0017", "户主" if n == 0 else "其他", f"李{n}", text, "", "139", "是"]
        for n, text in enumerate(numbers)
    ]
    take_in(ledger, sheet(rows))
    split_off = {}
    for n, text in enumerate(numbers):
        record = everybody(ledger)[f"李{n}"].record
        by_hand = {"identity": {"name": f"王{n}", "id_number": text}, "contact": {"phone": "138"}}
        ledger.write([Edit("resident", record, by_hand, pred={})])
        state = ledger.state_of("resident", record)
        listed = [head.oid for head in state["identity"].operations if head.body.via]
        split_off[n], _ = split.split(ledger, VILLAGE, record, listed)
    assert take_in(ledger, sheet(rows)).counts["known"] == 8
    for row in rows:
        row[5] = "13900009999"
    assert take_in(ledger, sheet(rows)).counts["changed"] == 8
    found = everybody(ledger)
    assert {name: one.phone for name, one in found.items()} == {
        **{f"李{n}": "13900009999" for n in range(8)},
        **{f"王{n}": "138" for n in range(8)},
    }
    assert all(found[f"李{n}"].record == record for n, record in split_off.items())
    assert by_scope(ledger, policies.load("example-2026"))[VILLAGE].conflicts == 0


def test_missing_cells_of_a_column_that_is_not_there_change_nothing(ledger: Ledger, sheet: Sheet) -> None:
    take_in(ledger, sheet(rows_of_one_home()))
    bare = [row[:4] for row in rows_of_one_home()]
    assert take_in(ledger, sheet(bare, titles=TITLES[:4])).counts["known"] == 3


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("", "missing"),
        ("150621198105170000", "truncated"),
        ("15062119810517151", "length"),
        (NASHUN[:-1] + ("0" if NASHUN[-1] != "0" else "1"), "checksum"),
        ("0", "placeholder"),
    ],
)
def test_a_bad_number_is_a_person_and_a_question(ledger: Ledger, sheet: Sheet, text: str, doubt: str) -> None:
    path = sheet([["040001", "户主", "那顺", text, "", "", ""]])
    preview = take_in(ledger, path)
    assert (preview.counts["added"], preview.counts["review"]) == (1, 1)
    figures = by_scope(ledger, policies.load("example-2026"))[VILLAGE]
    assert (figures.people, figures.to_review) == (1, 1)
    assert doubt in everybody(ledger)["那顺"].doubt.split(",")


def test_people_without_numbers_stay_apart(ledger: Ledger, sheet: Sheet) -> None:
    rows = [
        ["040001", "户主", "那顺", "0", "", "", ""],
        ["", "配偶", "其其格", "0", "", "", ""],
        ["040002", "户主", "那顺", "", "", "", ""],
    ]
    assert take_in(ledger, sheet(rows)).counts["added"] == 3
    assert len(people.load(ledger, 2026)) == 3


def test_a_number_under_two_names_is_two_people_and_a_question(ledger: Ledger, sheet: Sheet) -> None:
    rows = [["040001", "户主", "那顺", NASHUN, "男", "", ""], ["", "子", "那木拉", NASHUN, "男", "", ""]]
    path = sheet(rows)
    assert take_in(ledger, path).counts["added"] == 2
    assert [item.code for item in review.items(ledger)] == ["id_shared"]
    assert take_in(ledger, path).counts["known"] == 2
    assert len(people.load(ledger, 2026)) == 2


def test_a_row_that_repeats_another_is_one_person(ledger: Ledger, sheet: Sheet) -> None:
    rows = [*rows_of_one_home(), ["040009", "户主", "布仁", BUREN, "男", "", ""]]
    preview = take_in(ledger, sheet(rows))
    assert (preview.counts["added"], preview.counts["known"]) == (3, 1)
    assert "duplicate_row" in preview.rows[3].reasons


def test_a_corrected_number_keeps_the_person(ledger: Ledger, sheet: Sheet) -> None:
    rows = rows_of_one_home()
    rows[1][3] = QIQIGE[:15] + "000"
    take_in(ledger, sheet(rows))
    record = everybody(ledger)["其其格"].record
    assert take_in(ledger, sheet(rows_of_one_home())).counts["changed"] == 1
    assert everybody(ledger)["其其格"].record == record
    assert everybody(ledger)["其其格"].id_full == QIQIGE


def test_a_number_corrected_by_hand_is_still_known_to_the_old_file(ledger: Ledger, sheet: Sheet) -> None:
    rows = rows_of_one_home()
    rows[1][3] = QIQIGE[:15] + "000"
    path = sheet(rows)
    take_in(ledger, path)
    commands.correct(ledger, everybody(ledger)["其其格"].record, "identity", id_number=QIQIGE)
    assert take_in(ledger, path).counts["known"] == 3
    assert everybody(ledger)["其其格"].id_full == QIQIGE


def test_household_numbers_that_begin_anew_in_each_group(ledger: Ledger, sheet: Sheet) -> None:
    titles = ("组别", *TITLES)
    rows = [
        [f"{group}组", "1", "户主", f"王{group}", id_number("19700101", group * 2 + 1), "男", "", ""]
        for group in (1, 2)
    ]
    for group, row in enumerate(rows, 1):
        take_in(ledger, sheet([row], f"{group}组.xlsx", titles))
    found = everybody(ledger)
    assert found["王1"].household != found["王2"].household


def test_another_kind_of_list_is_refused_by_name(ledger: Ledger) -> None:
    samples = Path(__file__).parents[3] / "fixtures" / "samples"
    for name, kind in (
        ("民政局名单.xlsx", "department_list"),
        ("税务缴费明细.csv", "tax_payments"),
        ("平台参保信息导出.xlsx", "platform_export"),
        ("在校学生参保统计.xlsx", "student_list"),
    ):
        before = operations(ledger)
        with pytest.raises(KnownError) as caught:
            roster.stage(ledger, samples / name)
        assert (caught.value.code, caught.value.params["kind"]) == ("intake.other_kind", kind)
        assert operations(ledger) == before


def test_a_wrong_column_can_be_corrected(ledger: Ledger, sheet: Sheet) -> None:
    path = sheet(
        [["040001", "户主", "那顺", "", NASHUN]], titles=("户编号", "与户主关系", "姓名", "身份证号", "代码")
    )
    mapping = {0: {4: "id_number"}}
    roster.apply(ledger, roster.stage(ledger, path, mapping=mapping))
    assert everybody(ledger)["那顺"].id_full == NASHUN


def test_village_and_office_meet_on_the_same_roster(tmp_path: Path, sheet: Sheet) -> None:
    common = {"passphrase": "p", "operator": "o", "data_dir": tmp_path / "data"}
    clock = Clock(date(2025, 12, 3))
    office = enrol.create_office(tmp_path / "O", "150621102000", "白泥井镇", clock=clock, **common)
    kits.make(office, VILLAGE, "查干沟嘎查村", tmp_path / "K.hqk")
    village = enrol.open_kit(tmp_path / "W", tmp_path / "K.hqk", clock=clock, **common)
    path = sheet(rows_of_one_home())
    take_in(office, path, VILLAGE)
    take_in(village, path)
    sent = exchange.send(village, tmp_path / "out")
    (fate,) = exchange.receive(office, [sent[0].path])
    assert fate.outcome == "applied"
    figures = by_scope(office, policies.load("example-2026"))[VILLAGE]
    assert (figures.people, figures.households, figures.conflicts) == (3, 1, 0)
    with pytest.raises(KnownError, match=r"kit\.other_township"):
        roster.stage(office, path, scope="150621103200")
    with pytest.raises(KnownError, match=r"intake\.needs_village"):
        roster.stage(office, path)
    office.close()
    village.close()


def test_an_interrupted_apply_leaves_nothing(
    ledger: Ledger, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = roster.stage(ledger, sheet(rows_of_one_home()))
    before = operations(ledger)
    monkeypatch.setattr(derived, "refresh_twins", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        roster.apply(ledger, preview)
    assert operations(ledger) == before


@pytest.mark.parametrize(
    "foot",
    [
        ["", "", "填表人：王芳", "审核人：李强"],
        ["", "", "", "2025年10月1日"],
        ["", "", "", "2025.10.1"],
        ["", "", "王芳", "2025-10-01"],
        ["", "", "人口合计", "27"],
        ["", "备注", "此表一式三份", ""],
        ["", "", "联系电话：", "13900001111"],
        ["", "", "以下空白", ""],
        ["", "", "村委会主任签字", ""],
        ["", "王芳", "经办人", ""],
    ],
)
def test_what_stands_under_a_table_is_nobody(ledger: Ledger, sheet: Sheet, foot: list[object]) -> None:
    rows = [
        [f"04000{home}", "户主", f"王{home}", id_number("19700101", home * 2 + 1)] for home in range(1, 4)
    ]
    preview = take_in(ledger, sheet([*rows, foot], titles=TITLES[:4]))
    assert (preview.counts["rows"], preview.counts["skipped"]) == (3, 1)


def test_a_person_without_a_number_is_no_footer(ledger: Ledger, sheet: Sheet) -> None:
    rows = [["", "", "王芳", ""], ["", "", "那顺·巴特尔", "无"], ["040009", "户主", "会计", ""]]
    assert take_in(ledger, sheet(rows, titles=TITLES[:4])).counts["added"] == 3


def test_a_list_of_another_kind_stays_one_whatever_it_is_called(ledger: Ledger, tmp_path: Path) -> None:
    samples = Path(__file__).parents[3] / "fixtures" / "samples"
    with pytest.raises(KnownError, match=r"intake\.other_kind"):
        roster.stage(ledger, samples / "民政局名单.xlsx", kind="roster")
    unknown = tmp_path / "两列.csv"
    unknown.write_text(f"姓名,身份证号\n那顺,{NASHUN}\n", encoding="utf-8")
    with pytest.raises(KnownError, match=r"intake\.kind_unknown"):
        roster.stage(ledger, unknown)
    assert roster.stage(ledger, unknown, kind="roster").counts["added"] == 1


def test_another_layout_with_damaged_numbers_makes_nobody_twice(ledger: Ledger, sheet: Sheet) -> None:
    """No household numbers any more, every third ID number cut off or turned: the same people, their numbers kept."""
    numbers = [id_number(f"19{60 + at}0{1 + at % 9}1{at % 9}", 101 + 7 * at) for at in range(30)]
    names = [f"{'王李张刘陈杨'[at % 6]}{'桂海春建文秀'[at // 6]}{'兰燕梅国英'[at % 5]}" for at in range(30)]
    first = [(f"{at:04d}", "户主", names[at], numbers[at], "", f"1390000{at:04d}", "是") for at in range(30)]
    roster.apply(ledger, roster.stage(ledger, sheet(first)))
    spoiled = [
        text[:15] + "000"
        if at % 3 == 0
        else text[:10] + text[11] + text[10] + text[12:]
        if at % 3 == 1
        else text
        for at, text in enumerate(numbers)
    ]
    second = [(names[at], spoiled[at], f"1390000{at:04d}") for at in range(30)]
    again = roster.stage(ledger, sheet(second, "另表.xlsx", ("姓名", "身份证号", "联系电话")), kind="roster")
    assert again.counts["added"] == 0
    roster.apply(ledger, again)
    held = {
        row[0]
        for row in ledger.connection.execute("SELECT id_number FROM resident WHERE void_reason IS NULL")
    }
    assert held == set(numbers)


def test_a_register_that_says_who_paid_says_so_and_the_same_file_records_it(
    ledger: Ledger, sheet: Sheet
) -> None:
    titles = (*TITLES[:4], "应缴金额", "是否缴费", "缴费时间", "医保电子凭证激活情况")
    path = sheet(
        [
            ["040001", "户主", "那顺", NASHUN, 400, "√", "2025.11.5", "已激活"],
            ["", "配偶", "其其格", QIQIGE, 400, "否", "", ""],
        ],
        titles=titles,
    )
    preview = take_in(ledger, path)
    (note,) = [note for note in preview.notes if note.code == roster.TOLD_BESIDE]
    assert set(str(note.params["titles"]).split("、")) == set(titles[4:])
    assert everybody(ledger)["那顺"].paid == "none"  # never a payment nobody looked at
    staging.apply(ledger, staging.stage(ledger, path, today=TODAY), today=TODAY)
    found = everybody(ledger)
    assert (found["那顺"].paid, found["那顺"].paid_on) == ("reported", date(2025, 11, 5))
    assert found["那顺"].credential == "self" and found["其其格"].paid == "none"


@pytest.mark.parametrize("title", ["是否缴费", "应缴金额"])
def test_a_column_without_news_is_not_spoken_of(ledger: Ledger, sheet: Sheet, title: str) -> None:
    cell = "" if title == "是否缴费" else 400
    path = sheet([["040001", "户主", "那顺", NASHUN, cell]], titles=(*TITLES[:4], title))
    assert not [note for note in take_in(ledger, path).notes if note.code == roster.TOLD_BESIDE]
