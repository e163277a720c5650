"""Out to a spreadsheet program and back: what they changed changes, and nothing else."""

from collections.abc import Callable
from datetime import date

import openpyxl
import pytest

from storage.commands import facts, lists, payments, people
from storage.commands.payments import Payment
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import housing, taken
from storage.queries import people as register
from sync.worksheet import codes, exporting, recognise, staging
from sync.worksheet.results import Staged
from tests.unit.storage.worlds import everything, people_of
from tests.unit.sync.worksheet.conftest import TODAY, VILLAGE, YEAR
from tests.unit.sync.worksheet.paper import Paper, id_number, reasons, row_of, says, told

Make = Callable[..., Paper]


def person(ledger: Ledger, name: str) -> register.Person:
    """Somebody as the ledger has them now."""
    found = [one for one in register.load(ledger, YEAR) if one.name == name]
    assert len(found) == 1
    return found[0]


def adds_up(staged: Staged) -> bool:
    """Whether every row has one status."""
    return (
        staged.counts["rows"]
        == len(staged.rows)
        == sum(staged.counts[name] for name in ("unchanged", "changed", "added", "review", "unmatched"))
    )


def test_what_comes_back_as_it_went_says_nothing(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    before = everything(ledger)
    staged = sheet.back()
    assert staged.counts["unchanged"] == staged.counts["rows"] == 10
    assert (staged.kind, staged.number, staged.missing, staged.writes) == ("worksheet", 1, 0, 0)
    assert everything(ledger) == before
    staged = staging.stage(ledger, sheet.exported.path, today=TODAY)
    assert staged.counts["unchanged"] == 10


def test_the_edits_and_nothing_else(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 联系电话="13800001111", 备注="下周回来")
    sheet.write("其其格", 未参保原因="当兵", 居住情况="外出务工")
    sheet.write("巴雅尔", 医保电子凭证="√")
    staged = sheet.back()
    assert says(staged) == {
        "布仁": {"phone": ("write", "13800001111"), "note": ("write", "下周回来")},
        "其其格": {"absence": ("write", "army"), "residence": ("write", "away")},
        "巴雅尔": {"credential": ("write", "self")},
    }
    assert adds_up(staged) and staged.counts["changed"] == 3
    done = staging.apply(ledger, staged, today=TODAY)
    assert person(ledger, "布仁").phone == "13800001111" and person(ledger, "布仁").note == "下周回来"
    assert person(ledger, "其其格").absence == "army" and person(ledger, "其其格").residence == "away"
    assert person(ledger, "巴雅尔").credential == "self"
    vias = {body.via for body in _operations(ledger, done)}
    assert len(vias) == 3 and all(via.startswith(f"worksheet:{staged.file}:") for via in vias)
    again = sheet.back()
    assert again.writes == 0 and again.counts["changed"] == 0


def _operations(ledger: Ledger, done: staging.Applied):
    from storage import store

    rows = ledger.connection.execute("SELECT oid, body, inert FROM op")
    return [store.operation(body, inert).body for oid, body, inert in rows if oid in done.changes.oids]


def test_sorted_with_lines_and_columns_put_in_and_taken_out(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 联系电话="13800001111")
    page = sheet.sheet
    rows = [[cell.value for cell in page[line]] for line in range(4, 14)]
    for line, row in enumerate(sorted(rows, key=lambda row: str(row[4])), 4):
        for at, value in enumerate(row, 1):
            page.cell(line, at).value = value
    page.delete_rows(sheet.line("阿木古楞"))
    page.delete_cols(sheet.column("备注"))
    page.insert_cols(3)
    page.cell(3, 3).value = "我的打勾"
    page.insert_rows(1, 2)
    page.insert_rows(9)
    page.title = "随便改的名字"
    staged = sheet.back()
    assert says(staged) == {"布仁": {"phone": ("write", "13800001111")}}
    assert (staged.counts["rows"], staged.missing, staged.extra) == (9, 1, ("我的打勾",))
    assert person(ledger, "阿木古楞").name


def test_changed_on_both_sides_is_a_persons_to_settle(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    who = people_of(ledger, ["布仁", "其其格", "巴雅尔"])
    people.correct(ledger, who["布仁"], "contact", phone="13911110000")
    people.correct(ledger, who["其其格"], "contact", phone="13922220000")
    people.correct(ledger, who["巴雅尔"], "remark", note="电话问过")
    sheet.write("布仁", 联系电话="13800001111")
    sheet.write("其其格", 联系电话="13922220000")
    staged = sheet.back()
    assert says(staged) == {
        "布仁": {"phone": ("conflict", "13800001111")},
        "其其格": {"phone": ("agreed", "13922220000")},
    }
    cell = row_of(staged, "布仁").cells[0]
    assert (cell.stood, cell.says, cell.now) == ("13947730003", "13800001111", "13911110000")
    staging.apply(ledger, staged, today=TODAY)
    assert person(ledger, "布仁").phone == "13911110000"
    row = row_of(staged, "布仁").index
    chosen = staging.restage(ledger, staged, today=TODAY, choices={(row, "phone"): "theirs"})
    assert told(chosen, "布仁") == {"phone": ("write", "13800001111")}
    staging.apply(ledger, staged, today=TODAY, choices={(row, "phone"): "theirs"})
    assert person(ledger, "布仁").phone == "13800001111"
    assert person(ledger, "巴雅尔").note == "电话问过"


def test_nothing_is_written_where_all_has_to_be_clear(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 未参保原因="说不清")
    sheet.write("其其格", 备注="好的")
    staged = sheet.back()
    with pytest.raises(KnownError, match=r"worksheet\.open"):
        staging.apply(ledger, staged, today=TODAY, only_whole=True)
    assert person(ledger, "其其格").note == ""
    staging.apply(ledger, staged, today=TODAY)
    assert person(ledger, "其其格").note == "好的"


@pytest.mark.parametrize("word", ["已交", "交了", "是", "√", "1", "已缴费", "TRUE"])
def test_paid_in_any_word(ledger: Ledger, paper: Make, word: str) -> None:
    sheet = paper()
    sheet.write("布仁", 是否已缴=word)
    staged = sheet.back()
    assert told(staged, "布仁") == {
        "paid": ("write", "yes"),
        "amount": ("assumed", "40000"),
        "paid_on": ("assumed", "2025-12-03"),
    }
    staging.apply(ledger, staged, today=TODAY)
    (claim,) = person(ledger, "布仁").claims
    assert (claim.amount, claim.paid_on, claim.confirmed) == (40000, TODAY, False)


def test_a_whole_payment(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write(
        "布仁",
        是否已缴="已交",
        **{"缴费金额（元）": "380元", "缴费日期": "11月2日", "缴费方式": "微信", "票据号": "0123"},
    )
    staging.apply(ledger, sheet.back(), today=TODAY)
    (claim,) = person(ledger, "布仁").claims
    assert (claim.amount, claim.paid_on, claim.channel, claim.receipt) == (
        38000, date(2025, 11, 2), "mini_program", "0123",
    )  # fmt: skip


@pytest.mark.parametrize("word", ["否", "未缴", "没交", "×"])
def test_a_word_for_no_is_no_news_of_somebody_who_has_not_paid(paper: Make, word: str) -> None:
    sheet = paper()
    sheet.write("布仁", 是否已缴=word)
    assert sheet.back().counts["unchanged"] == 10


def test_a_rule_violated_stands_at_its_row_and_keeps_nobody_else_out(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 是否已缴="是", 缴费日期="2025-12-24")
    sheet.write("其其格", 是否已缴="是", 缴费日期="2025-12-02")
    sheet.write("巴雅尔", 是否已缴="否", **{"缴费金额（元）": 400})
    sheet.write("张桂英", 缴费方式="支付宝")
    staged = sheet.back()
    assert {told(staged, "布仁")[name][0] for name in ("paid", "paid_on")} == {"refused"}
    assert "payment.future" in reasons(row_of(staged, "布仁"))
    assert "payment.contradiction" in reasons(row_of(staged, "巴雅尔"))
    assert "payment.incomplete" in reasons(row_of(staged, "张桂英"))
    staging.apply(ledger, staged, today=TODAY)
    assert person(ledger, "布仁").paid == "none" and person(ledger, "其其格").paid == "reported"


def test_a_payment_is_corrected_by_voiding_it(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("聂顺利", 缴费日期="2025-10-13")
    staged = sheet.back()
    assert told(staged, "聂顺利") == {"paid_on": ("write", "2025-10-13")}
    done = staging.apply(ledger, staged, today=TODAY)
    (claim,) = person(ledger, "聂顺利").claims
    assert (claim.paid_on, claim.amount, claim.receipt) == (
        date(2025, 10, 13), 40000, "0031504004170000000123",
    )  # fmt: skip
    reverted, _changes = lists.revert(ledger, done.number)
    (claim,) = person(ledger, "聂顺利").claims
    assert claim.paid_on == date(2025, 10, 12) and not reverted.kept


def test_a_payment_is_taken_back_only_where_a_person_says_so(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("聂顺利", 是否已缴="未交")
    staged = sheet.back()
    assert told(staged, "聂顺利") == {"paid": ("held", "")}
    staging.apply(ledger, staged, today=TODAY)
    assert person(ledger, "聂顺利").paid == "reported"
    row = row_of(staged, "聂顺利").index
    staging.apply(ledger, staged, today=TODAY, choices={(row, "paid"): "theirs"})
    assert person(ledger, "聂顺利").paid == "none"


def test_three_helpers_each_fill_a_copy(ledger: Ledger, paper: Make) -> None:
    first, path = paper(), None
    copies = []
    for name, phone in (("布仁", "13800000001"), ("其其格", "13800000002"), ("布仁", "13800000003")):
        copy = Paper(ledger, first.exported, first.folder, TODAY)
        copy.write(name, 联系电话=phone)
        copies.append(copy)
    assert path is None
    one, two, three = (copy.back() for copy in copies)
    staging.apply(ledger, one, today=TODAY)
    staging.apply(ledger, two, today=TODAY)
    third = staging.apply(ledger, three, today=TODAY)
    assert person(ledger, "布仁").phone == "13800000001" and person(ledger, "其其格").phone == "13800000002"
    assert told(third.staged, "布仁") == {"phone": ("conflict", "13800000003")}


def test_the_household_moves_once_and_two_rows_that_disagree_wait(ledger: Ledger, paper: Make) -> None:
    sheet = paper(columns=("姓名", "身份证号", "组别", "address"))
    sheet.write("布仁", 组别="五组", 现住址="渠北头")
    sheet.write("其其格", 组别="第五组")
    sheet.write("聂顺利", 组别="6组")
    sheet.write("张桂英", 组别="7组")
    staged = sheet.back()
    assert told(staged, "布仁")["group"] == ("agreed", "5组") or told(staged, "其其格")["group"] == (
        "agreed",
        "5组",
    )
    assert told(staged, "聂顺利")["group"] == ("conflict", "6组")
    assert "rows_disagree" in reasons(row_of(staged, "张桂英"))
    staging.apply(ledger, staged, today=TODAY)
    homes = {home.number: home for home in housing.households(ledger)}
    assert (homes["0001"].group, homes["0001"].address, homes["0001"].lane) == ("5组", "渠北头", "1-2")
    assert homes["0002"].group == "2组"


def test_somebody_new_comes_in_by_the_registers_rules(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    new = id_number(77, "19990909")
    sheet.add(
        姓名="新来的", 身份证号=new, 户编号="0003", 与户主关系="子", 联系电话=13912345678, 是否已缴="是"
    )
    sheet.add(姓名="没有号", 户编号="0003")
    sheet.add(姓名="坏号", 身份证号=new[:-1] + ("1" if new[-1] != "1" else "2"))
    sheet.add(姓名="布仁", 身份证号="", 备注="只有名字")
    staged = sheet.back()
    assert adds_up(staged)
    assert row_of(staged, "新来的").status == "added"
    assert "new.no_sound_id" in reasons(row_of(staged, "没有号"))
    assert "new.no_sound_id" in reasons(row_of(staged, "坏号"))
    assert [row.status for row in staged.rows if row.name == "布仁"].count("unmatched") == 1
    done = staging.apply(ledger, staged, today=TODAY)
    one = person(ledger, "新来的")
    assert (one.id_number, one.phone, one.relation, one.paid) == (new, "13912345678", "2", "reported")
    assert housing.household(ledger, one.household).number == "0003"  # type: ignore[union-attr]
    assert len([one for one in register.load(ledger, YEAR) if one.name == "布仁"]) == 1
    lists.revert(ledger, done.number)
    assert not [one for one in register.load(ledger, YEAR) if one.name == "新来的"]


def test_a_row_that_lost_its_code_is_found_by_number_and_name(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    for name in ("布仁", "其其格", "巴雅尔"):
        sheet.cell(name, "行码（勿改）").value = None
    sheet.write("布仁", 联系电话="13800001111")
    sheet.cell("巴雅尔", "行码（勿改）").value = "W1-3ZZZ"
    sheet.write("巴雅尔", 备注="码坏了")
    sheet.write("其其格", 身份证号=None, 备注="谁")
    staged = sheet.back()
    assert told(staged, "布仁") == {"phone": ("write", "13800001111")}
    assert told(staged, "巴雅尔") == {"note": ("write", "码坏了")}
    assert "code_unsound" in reasons(row_of(staged, "巴雅尔"))
    assert [row.status for row in staged.rows if row.name == "其其格"] == ["unmatched"]


def test_a_copied_row_with_somebody_else_written_over_it_is_somebody_new(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    line = sheet.line("布仁")
    copied = {cell.column: cell.value for cell in sheet.sheet[line]}
    at = sheet.add(姓名="新生儿")
    for column, value in copied.items():
        sheet.sheet.cell(at, column).value = value
    sheet.sheet.cell(at, sheet.column("姓名")).value = "新生儿"
    sheet.sheet.cell(at, sheet.column("身份证号")).value = id_number(5, "20251001")
    sheet.sheet.cell(at, sheet.column("与户主关系")).value = "孙女"
    staged = sheet.back()
    assert row_of(staged, "新生儿").status == "added"
    assert not row_of(staged, "布仁").cells
    twice = paper()
    copied = {cell.column: cell.value for cell in twice.sheet[twice.line("布仁")]}
    at = twice.add(姓名="布仁")
    for column, value in copied.items():
        twice.sheet.cell(at, column).value = value
    twice.sheet.cell(at, twice.column("备注")).value = "复制的那行"
    staged = twice.back()
    assert staging.apply(ledger, staged, today=TODAY).staged.counts["changed"] == 1
    assert person(ledger, "布仁").note == "复制的那行"


def test_a_row_that_became_somebody_else_writes_nothing(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 姓名="别的人", 身份证号=id_number(99), 联系电话="13700000000")
    staged = sheet.back()
    row = next(row for row in staged.rows if row.name == "布仁")
    assert row.status == "review" and {cell.outcome for cell in row.cells} == {"held"}
    staging.apply(ledger, staged, today=TODAY)
    assert person(ledger, "布仁").phone == "13947730003"


def test_a_column_sorted_by_itself_is_held(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    page, at = sheet.sheet, sheet.column("联系电话")
    phones = [page.cell(line, at).value for line in range(4, 14)]
    for line, phone in enumerate(reversed(phones), 4):
        page.cell(line, at).value = phone
    staged = sheet.back()
    assert staged.writes == 0 and staged.cells["held"] == 10
    assert {why for row in staged.rows for why in reasons(row)} == {"column_moved"}


def test_an_emptied_column_is_asked_about(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    for line in range(4, 14):
        sheet.sheet.cell(line, sheet.column("居住情况")).value = None
    staged = sheet.back()
    assert staged.writes == 0 and staged.cells["held"] == 10
    one = paper()
    one.write("布仁", 居住情况=None)
    assert told(one.back(), "布仁") == {"residence": ("write", "")}


def test_a_number_of_somebody_else_is_held(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 身份证号=id_number(1))
    sheet.write("其其格", 身份证号=id_number(88))
    staged = sheet.back()
    assert told(staged, "布仁") == {"id_number": ("held", id_number(1))}
    assert told(staged, "其其格") == {"id_number": ("write", id_number(88))}


def test_masked_cells_are_no_edits(ledger: Ledger, paper: Make) -> None:
    sheet = paper(masked=True)
    assert "***" in sheet.cell("布仁", "身份证号").value and "***" in sheet.cell("布仁", "联系电话").value
    sheet.write("布仁", 备注="改备注")
    sheet.write("其其格", 联系电话="13800002222")
    sheet.write("巴雅尔", 身份证号="1506**********4512")
    staged = sheet.back()
    assert says(staged) == {
        "布仁": {"note": ("write", "改备注")},
        "其其格": {"phone": ("write", "13800002222")},
        "巴雅尔": {"id_number": ("unreadable", "")},
    }


def test_who_is_in_it_and_the_log_of_exports(ledger: Ledger, paper: Make) -> None:
    sheet = paper(wanted=exporting.unpaid, why="催缴")
    assert sheet.exported.people == 8
    row = ledger.connection.execute("SELECT what, rows, masked, why, scope FROM export").fetchone()
    assert row == ("worksheet", 8, 0, "催缴", VILLAGE)
    some = people_of(ledger, ["布仁", "巴雅尔"])
    chosen = paper(records={(VILLAGE, record) for record in some.values()}, columns=("姓名", "电话"))
    assert chosen.exported.columns == ("key", "name", "phone") and chosen.exported.people == 2
    with pytest.raises(KnownError, match=r"worksheet\.nobody"):
        paper(records=set())
    with pytest.raises(KnownError, match=r"worksheet\.no_column"):
        paper(columns=("不存在的列",))


def test_texts_stay_texts_and_nothing_is_a_formula(ledger: Ledger, paper: Make) -> None:
    who = people_of(ledger, ["布仁"])
    people.correct(ledger, who["布仁"], "remark", note='=HYPERLINK("http://x","点")')
    sheet = paper()
    cell = sheet.cell("布仁", "备注")
    assert cell.data_type == "s" and cell.value.startswith("=HYPERLINK")
    assert (
        sheet.cell("布仁", "身份证号").number_format == "@"
        and sheet.cell("布仁", "身份证号").data_type == "s"
    )
    assert sheet.book.worksheets[1].sheet_state == "hidden"
    rules = {rule.type for rule in sheet.sheet.data_validations.dataValidation}
    assert rules == {"list", "custom"} and not sheet.sheet.protection.sheet
    assert sheet.back().counts["unchanged"] == 10


def test_only_a_sheet_of_this_ledger_and_year(ledger: Ledger, paper: Make, tmp_path) -> None:
    from sync.sheets.reading import read

    sheet = paper()
    path = sheet.save()
    assert recognise(read(path)) == sheet.exported.number
    ledger.connection.execute("UPDATE intake SET digest = 'another'")
    with pytest.raises(KnownError, match=r"worksheet\.other_ledger"):
        staging.stage(ledger, path, today=TODAY)
    as_theirs = staging.stage(ledger, path, today=TODAY, as_report=True)
    assert (as_theirs.kind, as_theirs.counts["unchanged"]) == ("village_report", 10)
    other = paper()
    ledger.connection.execute("UPDATE intake SET year = 2025 WHERE id = ?", (other.exported.number,))
    with pytest.raises(KnownError, match=r"worksheet\.other_year"):
        other.back()
    bare = paper()
    bare.sheet.delete_rows(1, 3)
    with pytest.raises(KnownError, match=r"worksheet\.no_headings"):
        bare.back()


def test_a_code_that_fits_by_chance_makes_no_sheet_ours(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    ledger.connection.execute("UPDATE intake SET digest = 'another'")
    sheet.cell("布仁", "行码（勿改）").value = codes.row_code("another", sheet.exported.number, 1)
    with pytest.raises(KnownError, match=r"worksheet\.other_ledger"):
        sheet.back()


def test_rows_copied_into_another_workbook(ledger: Ledger, paper: Make, tmp_path) -> None:
    sheet = paper()
    sheet.write("布仁", 联系电话="13800001111")
    book = openpyxl.Workbook()
    page = book.active
    page.append(["汇总"])
    page.append([cell.value for cell in sheet.sheet[3]])
    for name in ("布仁", "巴雅尔"):
        page.append([cell.value for cell in sheet.sheet[sheet.line(name)]])
    book.save(tmp_path / "汇总.xlsx")
    staged = staging.stage(ledger, tmp_path / "汇总.xlsx", today=TODAY)
    assert says(staged) == {"布仁": {"phone": ("write", "13800001111")}}
    assert (staged.counts["rows"], staged.missing) == (2, 8)


def test_the_whole_of_it_goes_back(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 联系电话="13800001111", 是否已缴="是", 未参保原因=None, 不能自主缴费原因="不识字")
    sheet.write("其其格", 备注="又改了")
    before = {one.name: one for one in register.load(ledger, YEAR)}
    done = staging.apply(ledger, sheet.back(), today=TODAY)
    assert person(ledger, "布仁").need == "cannot_read"
    who = people_of(ledger, ["其其格"])
    people.correct(ledger, who["其其格"], "remark", note="后来人工改的")
    reverted, _changes = lists.revert(ledger, done.number)
    assert [one.why for one in reverted.kept] == ["changed_since"]
    after = {one.name: one for one in register.load(ledger, YEAR)}
    assert after["布仁"] == before["布仁"] and after["其其格"].note == "后来人工改的"
    (back,) = taken.lists(ledger)
    assert (back.kind, back.operations, bool(back.reverted_at)) == ("worksheet", len(done.changes.oids), True)


def test_somebody_taken_out_since_is_told(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    who = people_of(ledger, ["布仁"])
    people.remove_resident(ledger, who["布仁"], "登记错误")
    sheet.write("布仁", 备注="x")
    staged = sheet.back()
    (row,) = [row for row in staged.rows if row.status == "unmatched"]
    assert reasons(row) == {"gone"} and staged.notes[0].code == "people_gone"


def test_an_entry_made_meanwhile_counts_when_it_is_taken(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 是否已缴="是", **{"缴费金额（元）": 400, "缴费日期": "2025-12-01"})
    staged = sheet.back()
    assert staged.writes == 3
    who = people_of(ledger, ["布仁", "其其格"])
    payments.record(ledger, [who["布仁"]], Payment(40000, date(2025, 12, 2), "agent"), year=YEAR, today=TODAY)
    facts.credential(ledger, [who["其其格"]], "self", on=TODAY, today=TODAY)
    done = staging.apply(ledger, staged, today=TODAY)
    assert told(done.staged, "布仁")["paid_on"][0] == "conflict"
    (claim,) = person(ledger, "布仁").claims
    assert claim.paid_on == date(2025, 12, 2)


def test_two_records_of_one_person_pay_once(ledger: Ledger, paper: Make) -> None:
    who = people_of(ledger, ["布仁", "南双喜"])
    people.answer_same(ledger, who["布仁"], who["南双喜"], "same")
    sheet = paper()
    sheet.write("布仁", 是否已缴="是")
    sheet.write("南双喜", 是否已缴="是")
    staged = sheet.back()
    outcomes = sorted(told(staged, name)["paid"][0] for name in ("布仁", "南双喜"))
    assert outcomes == ["refused", "write"]
    staging.apply(ledger, staged, today=TODAY)
    assert ledger.connection.execute("SELECT count(*) FROM payment WHERE stands = 1").fetchone()[0] == 2


def test_half_a_payment_is_none(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.write("布仁", 是否已缴="是", 缴费日期="2025-12-01", 备注="留着")
    staged = sheet.back()
    row = row_of(staged, "布仁").index
    left = staging.restage(ledger, staged, today=TODAY, choices={(row, "paid_on"): "ours"})
    assert {name: cell[0] for name, cell in told(left, "布仁").items()} == {
        "paid": "agreed", "paid_on": "agreed", "note": "write",
    }  # fmt: skip


def test_somebody_new_may_be_left_out(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    sheet.add(姓名="新来的", 身份证号=id_number(77, "19990909"), 户主姓名="新来的", 与户主关系="本人")
    staged = sheet.back()
    (row,) = [row for row in staged.rows if row.status == "added"]
    left = staging.restage(ledger, staged, today=TODAY, choices={(row.index, ""): "ours"})
    assert left.counts["added"] == 0 and "left_out" in reasons(row_of(left, "新来的"))
    done = staging.apply(ledger, staged, today=TODAY)
    one = person(ledger, "新来的")
    home = housing.household(ledger, one.household)
    assert home is not None and (home.head_name, home.number, one.relation) == ("新来的", "", "0")
    assert done.changes.records.keys() == {"resident", "household"}


def test_a_household_that_is_new_too(ledger: Ledger, paper: Make) -> None:
    sheet = paper()
    for at, name in enumerate(("新户主", "新媳妇")):
        sheet.add(姓名=name, 身份证号=id_number(80 + at), 户编号="0009", 户主姓名="新户主", 组别="七组")
    done = staging.apply(ledger, sheet.back(), today=TODAY)
    assert done.staged.counts["added"] == 2
    homes = [home for home in housing.households(ledger) if home.number == "0009"]
    assert [(home.head_name, home.group) for home in homes] == [("新户主", "7组")]
    assert person(ledger, "新户主").household == person(ledger, "新媳妇").household == homes[0].record
