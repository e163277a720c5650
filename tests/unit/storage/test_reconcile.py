"""Ledger against lists: each difference one row, proposed by rule, answered, undone, told to the village and back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from storage import policies
from storage.commands import facts, reconcile, undo
from storage.commands.reconcile import Chosen
from storage.errors import RuleViolation
from storage.ledger import Changes, Edit, Ledger
from storage.policy import differences as rules
from storage.queries import reconcile as queries
from storage.queries.reconcile import Found, Reading
from tests.unit.storage.worlds import TODAY, VILLAGES, Pair, World, id_number, paid

A, B, C = VILLAGES
POLICY = policies.load("example-2026")
LATE = "2025-10-08"
"""A day of payment that every channel's lag lies behind."""


@pytest.fixture
def office(world: World) -> Iterator[Ledger]:
    yield world.office()


def add(
    ledger: Ledger, record: str, number: int = 0, *, scope: str = A, home: str = "h1", **more: Any
) -> str:
    fields = {"name": f"人{record}", "id_number": id_number(number or sum(map(ord, record)))}
    registers = {"identity": fields, "membership": {"household": home}, **more}
    ledger.write([Edit("resident", record, registers, scope)])
    return record


def claim(ledger: Ledger, record: str, *, scope: str = A, nth: int = 1, **fact: Any) -> str:
    said = paid(record, **{"paid_on": LATE, **fact})
    ledger.write([Edit("payment", f"paid {scope} {record} {nth}", said, scope)])
    return f"paid {scope} {record} {nth}"


def post(ledger: Ledger, record: str, *, scope: str = A, nth: int = 1, **fact: Any) -> str:
    said = paid(record, **{"paid_on": LATE, **fact}) | {"source": {"list_name": "税务.csv"}}
    name = f"posted {scope} {record} {nth}"
    ledger.write([Edit("confirmation", name, said, scope, via=f"tax_payments:税务.csv:{nth}")])
    return name


def cover(
    ledger: Ledger, record: str, scheme: str = "310", state: str = "1", place: str = "", scope: str = A
) -> str:
    said = {"scheme": scheme, "scheme_state": state, "scheme_place": place}
    name = f"cover {record} {scheme} at {place or 0}"
    registers = {"link": {"resident": record}, "state": said}
    ledger.write([Edit("coverage", name, registers, scope, via="platform_export:平台.xlsx:3")])
    return name


def absent(ledger: Ledger, record: str, reason: str, on: Any = None) -> None:
    facts.absence(ledger, [record], reason, note="", on=on, year=2026)


def listing(
    ledger: Ledger,
    kind: str,
    rows: list[tuple[Any, ...]],
    *,
    source: str = "",
    counts: str = "{}",
    name: str = "名单.xlsx",
) -> int:
    """Note a list as taking one over does: rows (status, scope, record, why, said)."""
    with ledger.transaction() as connection:
        number = connection.execute(
            "INSERT INTO intake (at, who, name, digest, scope, kind, added, known, changed, review, source, year, "
            "counts) "
            "VALUES ('2025-12-01T08:00:00', '李', ?, ?, '', ?, 0, 0, 0, 0, ?, 2026, ?)",
            (name, name, kind, source, counts),
        ).lastrowid
        connection.executemany(
            "INSERT INTO intake_row VALUES (?, ?, '', ?, ?, ?, ?, 0, ?, ?)",
            [(number, at, at, *row) for at, row in enumerate(rows)],
        )
    return int(number)


def read(ledger: Ledger, scope: str = "") -> Reading:
    return queries.read(ledger, POLICY, TODAY, scope)


def found(ledger: Ledger, code: str = "") -> list[Found]:
    return [one for one in read(ledger).found if code in ("", one.code)]


def one(ledger: Ledger, code: str) -> Found:
    (only,) = found(ledger, code)
    return only


def told(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [
        (each.code, each.difference.record, each.difference.proposal.answer)
        for each in found(ledger)
        if each.difference
    ]


def answer(ledger: Ledger, code: str, how: str, why: str = "") -> Changes:
    difference = one(ledger, code).difference
    assert difference is not None
    return reconcile.settle(ledger, POLICY, [Chosen(difference, how, why)], today=TODAY)


def back(ledger: Ledger, changes: Changes) -> None:
    for oid in reversed(changes.oids):
        undo.revert(ledger, oid, "按错了")


# ---- every difference there is: how it comes about, what is proposed, what each answer leaves


def _unposted(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"))
    listing(ledger, "tax_payments", [])


def _unreported(ledger: Ledger) -> None:
    post(ledger, add(ledger, "a"))


def _amounts(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"), amount=35000)
    post(ledger, "a")


def _wrong_person(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"), receipt="R1")
    post(ledger, add(ledger, "b", home="h2"), receipt="R1")


def _paid_twice(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"))
    post(ledger, "a", receipt="R1")
    post(ledger, "a", receipt="R2", nth=2)


def _elsewhere_paid(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"))
    post(ledger, "a")
    absent(ledger, "a", "employee_here")


def _elsewhere_unpaid(ledger: Ledger) -> None:
    cover(ledger, add(ledger, "a"))


def _paused(ledger: Ledger) -> None:
    cover(ledger, add(ledger, "a"), "390", "2")


def _departed_paid(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"), paid_on="2025-12-01")
    absent(ledger, "a", "death")


def _departed_covered(ledger: Ledger) -> None:
    cover(ledger, add(ledger, "a"), "390")
    absent(ledger, "a", "death")


def _group(ledger: Ledger, source: str, via: str = "department_list:民政.xlsx:2") -> str:
    add(ledger, "a")
    add(ledger, "b")
    for who, said, how in (("a", source, via), ("b", "civil_affairs", "department_list:民政.xlsx:3")):
        registers = {
            "link": {"resident": who, "year": 2026},
            "grant": {"group_code": "dibao", "grant_source": said},
        }
        ledger.write([Edit("subsidy", f"grant {who}", registers, A, via=how)])
    return "grant a"


def _group_gone(ledger: Ledger) -> None:
    _group(ledger, "civil_affairs")
    listing(ledger, "department_list", [("known", A, "b", "", "")], source="civil_affairs")


def _group_unlisted(ledger: Ledger) -> None:
    _group(ledger, "村里说的", "")
    listing(ledger, "department_list", [("known", A, "b", "", "")], source="civil_affairs")


def _group_withheld(ledger: Ledger) -> None:
    grant = _group(ledger, "civil_affairs")
    listing(
        ledger,
        "department_list",
        [("known", A, "a", "", ""), ("known", A, "b", "", "")],
        source="civil_affairs",
    )
    ledger.write([Edit("subsidy", grant, {"grant": {}}, A)])


def _school_insured(ledger: Ledger) -> None:
    add(ledger, "a", schooling={"school": "一中"})
    listing(ledger, "student_list", [("known", A, "a", "id,says_insured", "")])


def _school_uninsured(ledger: Ledger) -> None:
    claim(ledger, add(ledger, "a"), paid_on="2025-12-01")
    listing(ledger, "student_list", [("known", A, "a", "says_not_insured", "")])


def _stranger(ledger: Ledger) -> None:
    add(ledger, "z")  # a village is known by its people
    said = json.dumps({"name": "外人", "id": id_number(999), "village": A, "amount": "400"})
    listing(ledger, "tax_payments", [("unmatched", "", "", "", said)])


MADE: dict[str, tuple[Callable[[Ledger], None], str, bool]] = {
    "unposted": (_unposted, "ask", False),
    "unreported": (_unreported, "list", True),
    "amounts": (_amounts, "list", True),
    "wrong_person": (_wrong_person, "list", True),
    "paid_twice": (_paid_twice, "refund", False),
    "elsewhere_paid": (_elsewhere_paid, "refund", False),
    "elsewhere_unpaid": (_elsewhere_unpaid, "list", True),
    "paused": (_paused, "ask", False),
    "departed_paid": (_departed_paid, "ask", False),
    "departed_covered": (_departed_covered, "ledger", True),
    "group_gone": (_group_gone, "list", True),
    "group_unlisted": (_group_unlisted, "ask", False),
    "group_withheld": (_group_withheld, "list", False),
    "school_insured": (_school_insured, "ask", False),
    "school_uninsured": (_school_uninsured, "ledger", True),
    "stranger": (_stranger, "ask", False),
}


def test_every_difference_is_made_here() -> None:
    assert {*MADE, *rules.DOUBLES} == set(rules.CODES)


@pytest.mark.parametrize("code", MADE)
def test_a_difference_is_one_row_with_both_sides_a_proposal_and_its_reason(office: Ledger, code: str) -> None:
    make, proposed, safe = MADE[code]
    make(office)
    (only,) = found(office)
    difference = only.difference
    assert difference is not None
    assert (only.code, only.status) == (code, "open")
    assert (difference.proposal.answer, difference.proposal.safe) == (proposed, safe)
    assert difference.proposal.reasons and proposed in difference.options
    assert difference.here or difference.listed


@pytest.mark.parametrize(
    ("code", "how"), [(code, how) for code in MADE for how in ("list", "ledger", "refund", "ask", "leave")]
)
def test_each_answer_takes_it_off_and_can_be_taken_back(office: Ledger, code: str, how: str) -> None:
    MADE[code][0](office)
    before = one(office, code)
    difference = before.difference
    assert difference is not None
    if how not in difference.options:
        with pytest.raises(RuleViolation, match=r"reconcile.answer"):
            answer(office, code, how, "原因")
        return
    changes = answer(office, code, how, "原因")
    after = read(office)
    expected = {"ask": "asked", "leave": "left"}.get(how, "settled")
    assert after.statuses[before.key] == expected
    assert not any(each.todo for each in after.found)
    again = answer(office, code, how, "原因") if any(each.difference for each in after.found) else Changes()
    assert not again or how == "refund"
    back(office, changes)
    assert one(office, code).status == "open"
    assert one(office, code).difference == difference


# ---- what an answer changes


def scalar(ledger: Ledger, sql: str, *arguments: object) -> Any:
    row = ledger.connection.execute(sql, arguments).fetchone()
    return row[0] if row else None


def test_the_list_is_right_about_an_amount(office: Ledger) -> None:
    _amounts(office)
    answer(office, "amounts", "list")
    assert scalar(office, "SELECT amount FROM payment WHERE stands = 1") == 40000


def test_an_amount_that_is_not_what_the_policy_asks_is_a_question(office: Ledger) -> None:
    claim(office, add(office, "a"))
    post(office, "a", amount=38000)
    difference = one(office, "amounts").difference
    assert difference is not None
    assert [reason.code for reason in difference.proposal.reasons] == ["rec_here_is_due", "rec_due"]
    assert difference.proposal.answer == "ask"


def test_a_payment_under_the_wrong_name_goes_to_the_right_one_with_who_laid_it_out(office: Ledger) -> None:
    claim(office, add(office, "a"), receipt="R1", advanced_by="王会计")
    post(office, add(office, "b", home="h2"), receipt="R1")
    answer(office, "wrong_person", "list")
    stands = office.connection.execute("SELECT resident, advanced_by, amount FROM payment WHERE stands = 1")
    assert stands.fetchall() == [("b", "王会计", 40000)]


def test_one_receipt_of_a_whole_household_mixes_nobody_up(office: Ledger) -> None:
    for who in ("a", "b"):
        claim(office, add(office, who), receipt="R1")
    for who in ("c", "d"):
        post(office, add(office, who), receipt="R1")
    assert sorted(code for code, _, _ in told(office)) == ["unposted", "unposted", "unreported", "unreported"]


def test_a_premium_paid_in_two_parts_is_not_paid_twice(office: Ledger) -> None:
    claim(office, add(office, "a"))
    post(office, "a", amount=20000, receipt="R1")
    post(office, "a", amount=20000, receipt="R2", nth=2)
    assert found(office) == []


def test_without_a_list_that_could_show_it_nothing_is_missing_in_it(office: Ledger) -> None:
    claim(office, add(office, "a"))
    assert found(office) == []
    post(office, add(office, "b", home="h2"), paid_on="2025-10-07")
    assert [code for code, _, _ in told(office)] == ["unreported"]
    post(office, add(office, "c", home="h3"), amount=41000)
    assert sorted(code for code, _, _ in told(office)) == ["unposted", "unreported", "unreported"]


def test_what_is_paid_within_its_lag_waits_without_a_question(office: Ledger) -> None:
    claim(office, add(office, "a"), paid_on="2025-12-02")
    assert found(office) == []


def test_a_refund_is_applied_for_with_what_was_paid_too_much(office: Ledger) -> None:
    _paid_twice(office)
    answer(office, "paid_twice", "refund")
    row = office.connection.execute("SELECT refund_reason, amount, applied_on FROM refund").fetchone()
    assert row == ("double_payment", 40000, TODAY.isoformat())


def test_after_the_benefit_period_began_no_refund_is_proposed(office: Ledger) -> None:
    _paid_twice(office)
    later = TODAY.replace(year=2026, month=2)
    (only,) = queries.read(office, POLICY, later).found
    assert only.difference is not None
    assert only.difference.proposal.answer == "ask"
    assert "refund" not in only.difference.options


def test_who_is_insured_elsewhere_by_the_platform_gets_that_reason(office: Ledger) -> None:
    cover(office, add(office, "a"), "310", place="150100")
    answer(office, "elsewhere_unpaid", "list")
    assert scalar(office, "SELECT absence FROM enrolment") == "employee_elsewhere"
    assert found(office)[0].status == "settled"


def test_two_insurances_are_asked_about_once_as_a_double(office: Ledger) -> None:
    _unposted(office)
    cover(office, "a")
    assert [code for code, _, _ in told(office)] == ["unposted", "two_schemes"]


def test_what_a_list_takes_away_is_taken_only_from_its_own_groups_and_villages(office: Ledger) -> None:
    _group_gone(office)
    registers = {
        "link": {"resident": "c", "year": 2026},
        "grant": {"group_code": "dibao", "grant_source": "civil_affairs"},
    }
    add(office, "c", scope=B)
    office.write([Edit("subsidy", "grant c", registers, B)])
    more = {
        "link": {"resident": "a", "year": 2026},
        "grant": {"group_code": "tekun", "grant_source": "civil_affairs"},
    }
    office.write([Edit("subsidy", "grant other", more, A)])
    assert [(code, who) for code, who, _ in told(office)] == [("group_gone", "a")]


def test_a_list_with_rows_that_wait_takes_nobody_out_by_itself(office: Ledger) -> None:
    _group(office, "civil_affairs")
    listing(
        office, "department_list", [("known", A, "b", "", "")], source="civil_affairs", counts='{"review": 1}'
    )
    assert told(office) == [("group_gone", "a", "ask")]


def test_a_list_that_names_far_fewer_people_is_a_part_and_takes_nobody_out(office: Ledger) -> None:
    _group_gone(office)
    for number in range(6):
        who = add(office, f"more {number}", 700 + number)
        said = "civil_affairs" if number % 2 else "村里说的"
        registers = {
            "link": {"resident": who, "year": 2026},
            "grant": {"group_code": "dibao", "grant_source": said},
        }
        office.write(
            [Edit("subsidy", f"grant more {number}", registers, A, via="department_list:民政.xlsx:9")]
        )
    assert {(code, how) for code, _, how in told(office)} == {("group_gone", "ask")}
    assert len(found(office)) == 4


def test_a_stranger_who_has_been_entered_since_is_none(office: Ledger) -> None:
    _stranger(office)
    add(office, "new", 999)
    assert found(office) == []


def test_rows_of_other_places_are_not_ours_and_without_a_village_nobody_can_be_asked(office: Ledger) -> None:
    add(office, "z")
    rows = [
        ("unmatched", "", "", "", json.dumps({"name": "甲", "id": id_number(801), "village": "别的村"})),
        ("unmatched", "", "", "", json.dumps({"name": "乙", "id": id_number(802), "village": ""})),
    ]
    listing(office, "tax_payments", rows)
    only = one(office, "stranger").difference
    assert only is not None
    assert (only.name, only.scope, only.options) == ("乙", "", ("leave",))
    reconcile.settle(office, POLICY, [Chosen(only, "leave", "别的镇的人")], today=TODAY)
    assert one(office, "stranger").status == "left"
    assert scalar(office, "SELECT scope FROM difference") == office.profile.scope


def test_leaving_it_takes_a_reason(office: Ledger) -> None:
    _unposted(office)
    with pytest.raises(RuleViolation, match=r"reconcile.why"):
        answer(office, "unposted", "leave", " ")


def test_answers_are_all_or_none(office: Ledger) -> None:
    _unposted(office)
    difference = one(office, "unposted").difference
    assert difference is not None
    with pytest.raises(RuleViolation):
        reconcile.settle(
            office, POLICY, [Chosen(difference, "list"), Chosen(difference, "leave")], today=TODAY
        )
    assert one(office, "unposted").status == "open"


# ---- a new list


def test_a_new_list_that_says_the_same_brings_nothing_back(office: Ledger) -> None:
    _group_gone(office)
    answer(office, "group_gone", "ledger", "村里有证")
    listing(office, "department_list", [("known", A, "b", "", "")], source="civil_affairs", name="下月.xlsx")
    assert one(office, "group_gone").status == "settled"


def test_a_list_that_says_something_else_brings_it_back(office: Ledger) -> None:
    _amounts(office)
    answer(office, "amounts", "ledger", "票据在")
    assert one(office, "amounts").status == "settled"
    office.write([Edit("confirmation", "posted 150621102200 a 1", paid("a", paid_on=LATE, amount=38000), A)])
    assert one(office, "amounts").status == "open"


def test_what_a_list_puts_right_is_cleared(office: Ledger) -> None:
    _unposted(office)
    answer(office, "unposted", "ask")
    post(office, "a")
    (only,) = found(office)
    assert (only.status, only.difference) == ("cleared", None)


def test_a_list_taken_back_says_nothing(office: Ledger) -> None:
    _group_gone(office)
    with office.transaction() as connection:
        connection.execute("UPDATE intake SET reverted_at = 'x'")
    assert found(office) == []


# ---- the village


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def test_a_question_goes_to_the_village_and_comes_back_answered(pair: Pair) -> None:
    claim(pair.a, add(pair.a, "a", scope=""), scope="")
    pair.up()
    listing(pair.office, "tax_payments", [])
    answer(pair.office, "unposted", "ask", "有没有收据？")
    pair.down()
    (asked,) = queries.asked(pair.a, 2026, A)
    assert (asked.code, asked.why, asked.name) == ("unposted", "有没有收据？", "人a")
    assert asked.here["amount"] == 40000
    assert queries.asked(pair.b, 2026, B) == []
    reconcile.reply(pair.a, asked.record, "list", "钱没有交成", today=TODAY)
    assert queries.asked(pair.a, 2026, A) == []
    pair.up()
    back_ = one(pair.office, "unposted")
    assert back_.answer is not None and back_.difference is not None
    assert (back_.status, back_.answer.reply_note) == ("answered", "钱没有交成")
    assert (back_.difference.proposal.answer, back_.difference.proposal.safe) == ("list", False)
    answer(pair.office, "unposted", "ask", "再问一次：哪天交的？")
    pair.down()
    assert [each.why for each in queries.asked(pair.a, 2026, A)] == ["再问一次：哪天交的？"]


def test_a_settled_row_flows_back_and_the_village_sees_why(pair: Pair) -> None:
    claim(pair.a, add(pair.a, "a", scope=""), scope="", amount=35000)
    pair.up()
    post(pair.office, "a")
    answer(pair.office, "amounts", "list", "以税务票据为准")
    pair.down()
    assert scalar(pair.a, "SELECT amount FROM payment WHERE stands = 1") == 40000
    (seen,) = queries.told(pair.a, 2026, A)
    assert (seen.code, seen.answer, seen.why, seen.told.name) == (
        "amounts",
        "list",
        "以税务票据为准",
        "税务.csv",
    )
    assert (seen.here["amount"], seen.listed["amount"]) == (35000, 40000)


@pytest.mark.parametrize(
    ("how", "note", "code"), [("yes", "", "reconcile.reply"), ("other", " ", "reconcile.note")]
)
def test_a_reply_has_to_say_something(pair: Pair, how: str, note: str, code: str) -> None:
    claim(pair.a, add(pair.a, "a", scope=""), scope="")
    pair.up()
    listing(pair.office, "tax_payments", [])
    answer(pair.office, "unposted", "ask")
    pair.down()
    (asked,) = queries.asked(pair.a, 2026, A)
    with pytest.raises(RuleViolation, match=code):
        reconcile.reply(pair.a, asked.record, how, note, today=TODAY)


def test_nobody_replies_to_what_was_not_asked(pair: Pair) -> None:
    claim(pair.a, add(pair.a, "a", scope=""), scope="")
    pair.up()
    listing(pair.office, "tax_payments", [])
    answer(pair.office, "unposted", "leave", "再等等")
    pair.down()
    record = scalar(pair.a, "SELECT record FROM difference")
    with pytest.raises(RuleViolation, match=r"reconcile.not_asked"):
        reconcile.reply(pair.a, record, "done", today=TODAY)


def test_two_clerks_who_answer_alike_agree(world: World) -> None:
    """The answer of a difference lies in one record wherever it is given."""
    one_, other = world.office("one"), world.office("other")
    for ledger in (one_, other):
        _unposted(ledger)
        answer(ledger, "unposted", "ask", "有没有收据？")
    assert scalar(one_, "SELECT record FROM difference") == scalar(other, "SELECT record FROM difference")
