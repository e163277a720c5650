"""Conflicts: an edit does not settle them, an answer does; who may answer; many at once; two people in one record."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import policies
from storage.commands import conflicts, facts, payments, people, undo
from storage.commands.conflicts import Answer
from storage.commands.split import BOTH, NEW, OLD, parts, split
from storage.errors import RuleViolation
from storage.fold import disputed, fold, written_over
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Changes, Edit, Ledger
from storage.queries import figures, review
from storage.queries.people import load
from storage.queries.review import ReviewItem
from sync import exchange
from tests.unit.storage.worlds import (
    OFFICE_TITLE,
    TODAY,
    VILLAGE_CODE,
    VILLAGES,
    World,
    id_number,
    naming,
    operation,
    paid,
    person,
    rebuilt,
    summary,
)

YEAR = 2026
DAY = date(2025, 12, 1)
POLICY = policies.load("example-2026")
PHONE = (VILLAGE_CODE, "resident", "a", "contact")


class Pair:
    """A village and its office; both know 王伟 as record ``a``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = world.office()
        self.village = world.village(self.office)
        self.village.write([person("a", "王伟", id_number(1))])
        self.meet()

    def meet(self) -> None:
        """Exchange files both ways; afterwards both hold the same."""
        exchange.receive(self.office, self.world.send(self.village))
        exchange.receive(self.village, self.world.send(self.office))
        assert summary(self.office) == summary(self.village)
        for ledger in (self.office, self.village):
            before, after = rebuilt(ledger)
            assert before == after

    def say(self, ledger: Ledger, phone: str) -> Changes:
        """Enter a phone number the ordinary way."""
        return people.set_register(ledger, "resident", "a", "contact", {"phone": phone}, VILLAGE_CODE)

    def disagree(self, village: str = "13811112222", office: str = "13933334444") -> None:
        """Let each side enter a number without knowing of the other, the office later."""
        self.say(self.village, village)
        self.later("office")
        self.say(self.office, office)
        self.meet()

    def later(self, machine: str) -> None:
        """Let a computer's clock be an hour ahead of all others."""
        self.world.time(machine).ms = max(time.ms for time in self.world.times.values()) + 3_600_000

    def candidates(self, ledger: Ledger) -> list[str]:
        """The phone numbers that disagree, the shown one first."""
        state = ledger.state_of("resident", "a", VILLAGE_CODE)
        return [value.get("phone", "") for value in state["contact"].candidates]


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def questions(ledger: Ledger) -> list[ReviewItem]:
    return [item for item in review.items(ledger) if item.code == "conflict"]


def refused(code: str, doing: Any, *arguments: Any, **named: Any) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        doing(*arguments, **named)
    assert caught.value.code == code
    return caught.value


# ---- an ordinary edit does not settle


def test_an_edit_replaces_what_was_shown_and_the_rest_still_disagrees(pair: Pair) -> None:
    pair.disagree()
    assert pair.candidates(pair.village) == ["13933334444", "13811112222"]
    pair.say(pair.village, "13700001111")
    pair.meet()
    for ledger in (pair.village, pair.office):
        assert pair.candidates(ledger) == ["13700001111", "13811112222"]
        assert [item.register for item in questions(ledger)] == ["contact"]


def test_every_command_that_edits_leaves_the_other_candidates(pair: Pair) -> None:
    """What the household page does to a register in dispute."""
    link = {"resident": "a", "year": YEAR}
    for number, ledger in enumerate((pair.village, pair.office)):
        facts.absence(ledger, ["a"], ("army", "prison")[number], note="", on=None, year=YEAR)
        facts.assistance(ledger, ["a"], ("age", "absent")[number], what="", on=None, note="", year=YEAR)
        facts.credential(ledger, ["a"], ("self", "helped")[number], on=DAY, today=TODAY)
        pair.say(ledger, ("13811112222", "13933334444")[number])
        people.correct(ledger, "a", "identity", name=("王玮", "王卫")[number])
    pair.meet()
    registers = ["absence", "contact", "identity", "need", "state"]
    assert sorted(item.register for item in questions(pair.village)) == registers
    facts.absence(pair.village, ["a"], "army", note="新兵", on=None, year=YEAR)
    facts.assistance_withdrawn(pair.village, ["a"], YEAR)
    facts.credential_withdrawn(pair.village, ["a"])
    people.correct(pair.village, "a", "contact", phone="13755556666")
    people.correct(pair.village, "a", "identity", sex="1")
    assert sorted(item.register for item in questions(pair.village)) == registers
    assert link.items() <= pair.village.state_of(*_enrolment(pair.village))["link"].value.items()
    pair.meet()
    assert sorted(item.register for item in questions(pair.office)) == registers


def test_a_form_saved_with_what_it_showed_speaks_for_nothing(pair: Pair) -> None:
    """Correcting one thing on the card must not vouch for the provisional value of another."""
    pair.disagree()
    before = told(pair.village)
    assert not people.correct(pair.village, "a", "contact", phone="13933334444")
    assert told(pair.village) == before


def _enrolment(ledger: Ledger) -> tuple[str, str, str]:
    (record,) = ledger.connection.execute("SELECT record FROM enrolment").fetchone()
    return "enrolment", record, VILLAGE_CODE


def test_saying_what_the_other_candidate_says_ends_it_for_whoever_settles(pair: Pair) -> None:
    pair.disagree()
    pair.say(pair.village, "13811112222")  # over 139…, which was shown: now all say the same
    pair.meet()
    assert questions(pair.village) == questions(pair.office) == []


def test_the_other_side_cannot_settle_by_editing(pair: Pair) -> None:
    """What the village said stays a candidate whatever the office enters, also its own number again."""
    pair.say(pair.office, "13933334444")
    pair.later("village")
    pair.say(pair.village, "13811112222")  # it shows
    pair.meet()
    assert pair.candidates(pair.office) == ["13811112222", "13933334444"]
    for again in ("13933334444", "13700001111", "13700001111"):
        pair.say(pair.office, again)
        pair.meet()
        assert "13811112222" in pair.candidates(pair.village)
        assert [item.register for item in questions(pair.village)] == ["contact"]
    assert len(pair.village.state_of("resident", "a")["contact"].operations) == 2


ROLES = st.sampled_from([VILLAGE, OFFICE])


@given(st.lists(st.tuples(ROLES, st.sampled_from(["1", "2", "3"])), min_size=1, max_size=6), ROLES, ROLES)
def test_what_an_ordinary_edit_names(said: list[tuple[str, str]], writer: str, settles: str) -> None:
    """Only heads that say what is shown; in a dispute that is not the writer's to settle, only its own side's."""
    history = [
        operation({"contact": {"phone": phone}}, seq=seq, hlc=seq, replica=f"{role}1")
        for seq, (role, phone) in enumerate(said, 1)
    ]
    heads = fold(history)["contact"]
    named = written_over(heads, settles, writer)
    shown = [head for head in heads.operations if head.body.changes["contact"] == heads.value]
    if not heads.conflict or writer == settles:
        assert named == shown and named
    else:
        assert named == [head for head in shown if head.body.replica[0] == writer]
    new = operation(
        {"contact": {"phone": "9"}},
        seq=99,
        hlc=99,
        replica=f"{writer}9",
        pred=naming(*named, register="contact"),
    )
    after = fold([*history, new])
    assert after["contact"].value == {"phone": "9"}
    assert (disputed(after) == ["contact"]) == (heads.conflict or named != list(heads.operations))


def test_lifting_a_void_lifts_it_whatever_words_it_was_voided_in(pair: Pair) -> None:
    """Two voids agree; taking the record up again must not leave one of them standing."""
    people.remove_resident(pair.village, "a", "重复")
    people.remove_resident(pair.office, "a", "填错")
    pair.meet()
    assert questions(pair.village) == [] and not load(pair.village, YEAR)
    people.set_register(pair.village, "resident", "a", "void", {})
    pair.meet()
    assert questions(pair.village) == questions(pair.office) == []
    assert [row.name for row in load(pair.office, YEAR, scope=VILLAGE_CODE)] == ["王伟"]


# ---- answers


@pytest.mark.parametrize("value", ["13811112222", "13933334444", "13700001111"])
def test_an_answer_settles_it_for_both_sides(pair: Pair, value: str) -> None:
    pair.disagree()
    conflicts.resolve(pair.village, *PHONE, {"phone": value}, today=TODAY)
    pair.meet()
    for ledger in (pair.village, pair.office):
        assert pair.candidates(ledger) == [value] and questions(ledger) == []


def test_an_answer_replaces_only_what_was_seen(pair: Pair) -> None:
    pair.disagree()
    (item,) = questions(pair.village)
    pair.say(pair.office, "13700001111")
    pair.meet()
    conflicts.resolve(pair.village, *PHONE, {"phone": "13811112222"}, today=TODAY, seen=item.seen)
    assert pair.candidates(pair.village) == ["13811112222", "13700001111"]
    assert [item.register for item in questions(pair.village)] == ["contact"]


def test_what_is_settled_already_is_not_settled_again(pair: Pair) -> None:
    pair.disagree()
    conflicts.resolve(pair.village, *PHONE, {"phone": "13811112222"}, today=TODAY)
    refused(
        "conflict.settled", conflicts.resolve, pair.village, *PHONE, {"phone": "13933334444"}, today=TODAY
    )


THIRD: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "no name": ("resident", "identity", {"id_number": id_number(1)}, "resident.name"),
    "nothing": ("resident", "identity", {}, "resident.name"),
    "no birthday": ("resident", "identity", {"name": "王伟", "birth": "1970-13-01"}, "date.unreadable"),
    "not born yet": ("resident", "identity", {"name": "王伟", "birth": "2026-01-01"}, "date.future"),
    "no phone": ("resident", "contact", {"phone": "没有"}, "contact.phone"),
    "short phone": ("resident", "contact", {"phone": "138"}, "contact.phone"),
    "no amount": (
        "payment",
        "fact",
        {"resident": "a", "year": YEAR, "paid_on": "2025-12-01"},
        "payment.amount",
    ),
    "no day": ("payment", "fact", {"resident": "a", "year": YEAR, "amount": 1}, "date.unreadable"),
    "tomorrow": (
        *("payment", "fact"),
        {"resident": "a", "year": YEAR, "amount": 1, "paid_on": "2025-12-04"},
        "payment.future",
    ),
    "long ago": (
        *("payment", "fact"),
        {"resident": "a", "year": YEAR, "amount": 1, "paid_on": "2020-12-04"},
        "payment.early",
    ),
    "no way": ("credential", "state", {"credential": "active", "credential_by": "x"}, "credential.way"),
    "no reason": ("enrolment", "absence", {"absence_note": "x"}, "absence.reason"),
    "no need": ("assistance", "need", {"need_what": "x"}, "assistance.reason"),
    "no group": ("subsidy", "grant", {"grant_source": "x"}, "grant.group"),
    "no outcome": ("visit", "fact", {"household": "h", "outcome": "x"}, "visit.outcome"),
    "before": (
        *("visit", "fact"),
        {"household": "h", "outcome": "met", "visited_on": "2025-12-02", "retry_on": "2025-12-01"},
        "visit.retry",
    ),
    "perhaps": ("same", "answer", {"answer": "perhaps"}, "same.answer"),
}
"""What a third value is refused for: kind, register, value, code."""


@pytest.mark.parametrize("what", THIRD)
def test_a_third_value_is_judged_as_by_the_command_of_its_own(what: str) -> None:
    kind, register, value, code = THIRD[what]
    assert refused(code, conflicts.check, kind, register, value, today=TODAY).field
    refused(code, conflicts.check, kind, register, value, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "register", "value"),
    [
        ("resident", "identity", {"name": "王伟", "birth": "1970-01-01"}),
        ("resident", "contact", {"phone": "0477-8123456"}),
        ("resident", "contact", {"phone": "13811112222、13933334444"}),
        ("resident", "contact", {}),
        ("resident", "residence", {"residence": "away"}),
        ("payment", "fact", {"resident": "a", "year": YEAR, "amount": 40000, "paid_on": "2025-12-01"}),
        ("credential", "state", {}),
        ("enrolment", "absence", {}),
        ("household", "place", {"grp": "2组"}),
    ],
)
def test_a_third_value_that_can_be(kind: str, register: str, value: dict[str, Any]) -> None:
    conflicts.check(kind, register, value, today=TODAY)


def test_a_refused_answer_among_many_changes_nothing(pair: Pair) -> None:
    pair.disagree()
    for ledger, name in ((pair.village, "王玮"), (pair.office, "王卫")):
        people.correct(ledger, "a", "identity", name=name)
    pair.meet()
    before = summary(pair.village)
    good = Answer(*PHONE, {"phone": "13811112222"})
    bad = Answer(VILLAGE_CODE, "resident", "a", "identity", {"name": " "})
    refused("resident.name", conflicts.settle, pair.village, [good, bad], today=TODAY)
    assert summary(pair.village) == before


# ---- who answers


def test_the_side_that_does_not_settle_cannot_answer_and_is_told_who_does(pair: Pair) -> None:
    pair.disagree()
    (item,) = questions(pair.office)
    assert (item.ours, item.decides) == (False, VILLAGE)
    error = refused(
        "conflict.other_side", conflicts.resolve, pair.office, *PHONE, {"phone": "1"}, today=TODAY
    )
    assert error.params == {"side": VILLAGE}
    (item,) = questions(pair.village)
    assert (item.ours, item.decides) == (True, VILLAGE)


def test_what_the_office_settles_the_village_cannot(pair: Pair) -> None:
    for ledger, source in ((pair.village, "村里"), (pair.office, "民政局名单")):
        facts.grant(ledger, ["a"], "dibao", source=source, since=None, year=YEAR)
    pair.meet()
    (item,) = questions(pair.village)
    assert (item.register, item.ours, item.decides) == ("grant", False, OFFICE)
    where = (item.scope, item.kind, item.record, item.register)
    chosen = item.candidates[0].value
    refused("conflict.other_side", conflicts.resolve, pair.village, *where, chosen, today=TODAY)
    assert conflicts.resolve(pair.office, *where, chosen, today=TODAY)


@pytest.mark.parametrize("first", ["village", "office"])
def test_answering_each_other_ends(pair: Pair, first: str) -> None:
    """Both sides answer whatever they are asked, at once, again and again: the questions run out."""
    pair.disagree()
    sides = [pair.village, pair.office] if first == "village" else [pair.office, pair.village]
    for _round in range(4):
        for ledger in sides:
            for item in questions(ledger):
                value = {"phone": "13811112222" if ledger is pair.village else "13933334444"}
                try:
                    conflicts.resolve(
                        ledger, item.scope, item.kind, item.record, item.register, value, today=TODAY
                    )
                except RuleViolation as error:
                    assert error.code == "conflict.other_side"
        pair.meet()
        if not questions(pair.village):
            break
    assert questions(pair.village) == questions(pair.office) == []
    assert pair.candidates(pair.office) == ["13811112222"]
    assert _round == 0


def test_an_office_answers_for_a_village_nobody_works_in(world: World) -> None:
    office = world.office()
    office.write([Edit("resident", "a", {"identity": {"name": "王伟"}}, VILLAGE_CODE)])
    for name in ("王玮", "王卫"):
        office.write([Edit("resident", "a", {"identity": {"name": name}}, VILLAGE_CODE, pred={})])
    (item,) = questions(office)
    assert item.ours
    conflicts.resolve(office, VILLAGE_CODE, "resident", "a", "identity", {"name": "王卫"}, today=TODAY)
    assert questions(office) == []


def test_what_one_side_alone_disagrees_about_it_may_settle(pair: Pair) -> None:
    for phone in ("13811112222", "13933334444"):
        pair.office.write([Edit("resident", "a", {"contact": {"phone": phone}}, VILLAGE_CODE, pred={})])
    pair.meet()
    assert [questions(ledger)[0].ours for ledger in (pair.village, pair.office)] == [True, True]
    pair.say(pair.village, "13700001111")
    pair.meet()
    assert [questions(ledger)[0].ours for ledger in (pair.village, pair.office)] == [True, False]


# ---- taking an answer back


@pytest.mark.parametrize("value", ["13811112222", "13700001111"])
def test_taking_an_answer_back_brings_the_question_back_with_who_said_what(pair: Pair, value: str) -> None:
    pair.disagree()
    before = told(pair.village)
    changes = conflicts.resolve(pair.village, *PHONE, {"phone": value}, today=TODAY)
    back = undo.revert(pair.village, changes.oids[0], "点错")
    assert told(pair.village) == before and len(back.oids) == 2
    pair.meet()
    assert [row[:4] for row in told(pair.office)] == [row[:4] for row in before]
    again = review.fits(questions(pair.village), "office")
    assert [fit.candidate.value for fit in again if fit.candidate] == [{"phone": "13933334444"}]
    conflicts.resolve(pair.village, *PHONE, {"phone": "13933334444"}, today=TODAY)
    pair.meet()
    assert pair.candidates(pair.office) == ["13933334444"] and questions(pair.office) == []


def told(ledger: Ledger) -> list[tuple[Any, ...]]:
    """Who said what when, on which side, and where as this ledger sees it."""
    return [
        (one.value, saying.who, saying.when, saying.side, saying.here, saying.device)
        for item in questions(ledger)
        for one in item.candidates
        for saying in one.sayings
    ]


def test_an_answer_that_came_from_a_list_is_of_the_list_again(pair: Pair) -> None:
    pair.say(pair.village, "13811112222")
    via = "roster:花名册.xlsx:7"
    pair.village.write([Edit("resident", "a", {"contact": {"phone": "13933334444"}}, via=via, pred={})])
    (item,) = questions(pair.village)
    changes = conflicts.resolve(pair.village, *PHONE, item.candidates[1].value, today=TODAY)
    undo.revert(pair.village, changes.oids[0], "点错")
    (item,) = questions(pair.village)
    assert [one.sayings[0].via for one in item.candidates] == ["", via]
    assert pair.candidates(pair.village) == ["13811112222", "13933334444"]


def test_an_edit_within_a_conflict_can_be_taken_back_and_what_came_since_stops_it(pair: Pair) -> None:
    pair.disagree()
    before = pair.candidates(pair.village)
    changes = pair.say(pair.village, "13700001111")
    undo.revert(pair.village, changes.oids[0], "点错")
    assert pair.candidates(pair.village) == before
    changes = pair.say(pair.village, "13700001111")
    pair.say(pair.office, "13755556666")
    pair.meet()
    refused("undo.changed_since", undo.revert, pair.village, changes.oids[0], "点错")


def test_many_answers_are_taken_back_one_by_one_and_all_come_back(world: World) -> None:
    pair = Pair(world)
    records = [f"p{number}" for number in range(6)]
    pair.village.write([person(record, f"王{number}") for number, record in enumerate(records)])
    pair.meet()
    for ledger, phone in ((pair.village, "138"), (pair.office, "139")):
        edits = [
            Edit("resident", record, {"contact": {"phone": phone + "0" * 8}}, VILLAGE_CODE)
            for record in records
        ]
        ledger.write(edits)
    pair.meet()
    before = told(pair.village)
    found = review.fits(questions(pair.village), "village")
    answers = [
        Answer(
            fit.item.scope,
            fit.item.kind,
            fit.item.record,
            fit.item.register,
            fit.candidate.value,
            fit.item.seen,
        )
        for fit in found
        if fit.candidate
    ]
    changes = conflicts.settle(pair.village, answers, today=TODAY)
    assert len(changes.oids) == 6 and questions(pair.village) == []
    for oid in reversed(changes.oids):
        undo.revert(pair.village, oid, "点错")
    assert told(pair.village) == before
    pair.meet()


# ---- what is shown of a conflict


def test_each_value_says_who_when_on_which_device_and_from_which_file(pair: Pair) -> None:
    pair.say(pair.village, "13811112222")
    via = "roster:白泥井花名册.xlsx:12"
    pair.office.write([Edit("resident", "a", {"contact": {"phone": "13933334444"}}, VILLAGE_CODE, via)])
    pair.meet()
    (item,) = questions(pair.village)
    by_hand, listed = item.candidates
    assert (by_hand.who, by_hand.own, by_hand.sides) == (pair.village.operator, True, {VILLAGE})
    (saying,) = listed.sayings
    assert (saying.who, saying.here, saying.device, saying.side) == (
        pair.office.operator, False, OFFICE_TITLE, OFFICE,
    )  # fmt: skip
    assert saying.via == via and saying.bundle.endswith(".hqb") and saying.when.startswith("2025-12-03T")
    (item,) = questions(pair.office)
    assert item.candidates[0].sayings[0].device == VILLAGES[VILLAGE_CODE]
    assert item.candidates[1].own


def test_equal_values_of_several_are_one_candidate(pair: Pair) -> None:
    for phone, pred in (("13811112222", {}), ("13811112222", {}), ("13933334444", {})):
        pair.village.write([Edit("resident", "a", {"contact": {"phone": phone}}, pred=pred)])
    (item,) = questions(pair.village)
    assert [(one.value["phone"], len(one.sayings)) for one in item.candidates] == [
        ("13933334444", 1),
        ("13811112222", 2),
    ]


def test_two_devices_of_a_village_are_told_apart(world: World) -> None:
    pair = Pair(world)
    second = world.open_kit(world.kit(pair.office), "second")
    exchange.receive(pair.office, world.send(second))
    exchange.receive(second, world.send(pair.office))
    for ledger, phone in ((pair.village, "13811112222"), (second, "13933334444")):
        pair.say(ledger, phone)
        exchange.receive(pair.office, world.send(ledger))
    for ledger in (pair.village, second):
        exchange.receive(ledger, world.send(pair.office))
    (item,) = questions(pair.office)
    found = {one.sayings[0].device for one in item.candidates}
    assert len(found) == 2 and all(name.startswith(VILLAGES[VILLAGE_CODE]) for name in found)
    assert not item.ours
    for ledger in (pair.village, second):
        (item,) = questions(ledger)
        assert item.ours and [one.own for one in item.candidates].count(True) == 1
        assert [one.sayings[0].device for one in item.candidates if not one.own] != [""]
    value = {"phone": "13811112222"}
    conflicts.resolve(second, *PHONE, value, today=TODAY)
    exchange.receive(pair.office, world.send(second))
    exchange.receive(pair.village, world.send(pair.office))
    assert questions(pair.village) == questions(pair.office) == []


def test_an_earlier_copy_of_this_ledger_is_told_from_this_one(world: World, pair: Pair) -> None:
    pair.disagree()
    pair.village.take_replica()
    (item,) = questions(pair.village)
    saying = item.candidates[1].sayings[0]
    assert (saying.here, saying.known, saying.device) == (False, True, "")


def test_a_conflict_has_the_same_name_everywhere_and_tells_nothing(pair: Pair) -> None:
    pair.disagree()
    (here,), (there,) = questions(pair.village), questions(pair.office)
    assert here.short == there.short
    assert here.short.startswith("resident.contact.") and "王" not in here.short
    assert VILLAGE_CODE not in here.short


# ---- one answer for many


def test_a_rule_says_whom_it_fits_and_whom_not(pair: Pair) -> None:
    pair.disagree()
    for number, phone in enumerate(("13811112222", "13933334444")):
        pair.village.write([Edit("resident", "a", {"remark": {"note": phone}}, pred={})])
        ledger = (pair.village, pair.office)[number]
        facts.grant(ledger, ["a"], "dibao", source=phone, since=None, year=YEAR)
    pair.meet()
    found = sorted(
        questions(pair.village), key=lambda item: ["contact", "remark", "grant"].index(item.register)
    )

    def answered(rule: Any) -> list[tuple[Any, str]]:
        return [
            (fit.candidate and next(iter(fit.candidate.value.values())), fit.why)
            for fit in review.fits(found, rule)
        ]

    assert answered("village") == [("13811112222", ""), (None, "several"), (None, "other_side")]
    assert answered("office") == [("13933334444", ""), (None, "silent"), (None, "other_side")]
    assert answered("newest") == [("13933334444", ""), ("13933334444", ""), (None, "other_side")]
    assert answered("shown") == answered("newest")
    doubt = ReviewItem("missing", VILLAGE_CODE, "resident", "a", "a", "", "王伟", "", "missing")
    assert [fit.why for fit in review.fits([doubt], "shown")] == ["not_conflict"]


# ---- paid here and insured elsewhere


def test_paid_and_insured_elsewhere_is_a_question_once_a_person(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("a", "王伟", id_number(1)), person("b", "王伟", id_number(1)), person("c", "李娜")])
    facts.absence(ledger, ["a", "b"], "employee_here", note="", on=None, year=YEAR)
    assert [item.code for item in review.items(ledger)] == ["missing"]
    for record, amount in (("p", 40000), ("q", 38000)):
        ledger.write([Edit("payment", record, paid("b", amount=amount))])
    found = [item for item in review.items(ledger) if item.code == "paid_and_absent"]
    assert [(item.kind, item.record, item.resident, item.name, item.detail) for item in found] == [
        ("resident", "a", "a", "王伟", "employee_here")
    ]
    assert figures.by_scope(ledger, POLICY)[VILLAGE_CODE].to_review == 2
    facts.absence_withdrawn(ledger, ["a", "b"], YEAR)
    assert "paid_and_absent" not in {item.code for item in review.items(ledger)}


@pytest.mark.parametrize("reason", ["refused", "death", "other"])
def test_who_refused_or_died_and_has_paid_is_no_such_question(world: World, reason: str) -> None:
    ledger = world.alone()
    ledger.write([person("a", "王伟", id_number(1)), Edit("payment", "p", paid("a"))])
    facts.absence(ledger, ["a"], reason, note="", on=None, year=YEAR)
    assert review.items(ledger) == []


def test_voiding_the_payment_ends_the_question_and_another_year_is_none(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("a", "王伟", id_number(1)), Edit("payment", "p", paid("a"))])
    facts.absence(ledger, ["a"], "army", note="", on=None, year=YEAR - 1)
    assert review.items(ledger) == []
    facts.absence(ledger, ["a"], "army", note="", on=None, year=YEAR)
    assert [item.code for item in review.items(ledger)] == ["paid_and_absent"]
    payments.void(ledger, "p", "已参军")
    assert review.items(ledger) == []


def test_a_confirmed_payment_asks_too(world: World) -> None:
    office = world.office()
    fact = {"resident": "a", "year": YEAR, "amount": 40000}
    office.write([
        Edit("resident", "a", {"identity": {"name": "王伟", "id_number": id_number(1)}}, VILLAGE_CODE),
        Edit("confirmation", "k", {"fact": fact}, VILLAGE_CODE),
    ])  # fmt: skip
    facts.absence(office, ["a"], "resident_elsewhere", note="", on=None, year=YEAR)
    assert [item.code for item in review.items(office)] == ["paid_and_absent"]


# ---- two people in one record


class Fused:
    """王伟 and 李娜 under one wrong ID number: the village added him by hand, the office's roster brought her.

    He paid in the village; the office recorded her payment and why she is not insured here.
    """

    def __init__(self, world: World, hers: str | None = None) -> None:
        self.world = world
        self.office, self.number = world.office(), id_number(1)
        self.hers = hers or self.number
        self.village = world.village(self.office)
        self.record = people.resident_id(self.village, self.number)
        his = {
            "identity": {"name": "王伟", "id_number": self.number},
            "membership": {"household": "h7", "relation": "0"},
            "contact": {"phone": "13811112222"},
        }
        self.village.write([Edit("household", home, {"number": {"number": home}}) for home in ("h7", "h12")])
        self.village.write([Edit("resident", self.record, his)])
        self.pay(self.village, "his", 40000)
        her = {
            "identity": {"name": "李娜", "id_number": self.hers},
            "membership": {"household": "h12", "relation": "1"},
            "contact": {"phone": "13933334444"},
            "residence": {"residence": "away"},
        }
        self.office.write([Edit("resident", self.record, her, VILLAGE_CODE, "roster:花名册.xlsx:9")])
        via = "roster:花名册.xlsx:9"
        self.office.write([Edit("payment", "hers", paid(self.record, amount=38000), VILLAGE_CODE, via)])
        enrolment = {"link": {"resident": self.record, "year": YEAR}, "entry": {"entry": "new"}}
        self.office.write([Edit("enrolment", "e", enrolment, VILLAGE_CODE, via)])
        self.meet()

    def pay(self, ledger: Ledger, record: str, amount: int) -> None:
        ledger.write([Edit("payment", record, paid(self.record, amount=amount), VILLAGE_CODE)])

    def meet(self) -> None:
        exchange.receive(self.office, self.world.send(self.village))
        exchange.receive(self.village, self.world.send(self.office))
        assert summary(self.office) == summary(self.village)
        for ledger in (self.office, self.village):
            before, after = rebuilt(ledger)
            assert before == after

    def heads(self, ledger: Ledger, name: str) -> list[bytes]:
        """The identity entries of whoever has this name."""
        state = ledger.state_of("resident", self.record, VILLAGE_CODE)
        return [
            head.oid for head in state["identity"].operations if head.body.changes["identity"]["name"] == name
        ]

    def split(self, ledger: Ledger, name: str = "李娜", **more: Any) -> str:
        return split(ledger, VILLAGE_CODE, self.record, self.heads(ledger, name), **more)[0]

    def people(self, ledger: Ledger) -> dict[str, tuple[Any, ...]]:
        """Name → where, phone, paid amounts, of everybody."""
        return {
            row.name: (row.household, row.phone, sorted(claim.amount for claim in row.claims), row.new)
            for row in load(ledger, YEAR, scope=VILLAGE_CODE)
            if row.record == row.person
        }


@pytest.fixture
def fused(world: World) -> Fused:
    return Fused(world)


def test_a_split_gives_each_what_was_said_of_them(fused: Fused) -> None:
    registers = {item.register for item in questions(fused.village)}
    assert registers == {"identity", "membership", "contact"}
    record = fused.split(fused.village, moves=["hers", "e"])
    fused.meet()
    for ledger in (fused.village, fused.office):
        assert questions(ledger) == []
        assert fused.people(ledger) == {
            "王伟": ("h7", "13811112222", [40000], False),
            "李娜": ("h12", "13933334444", [38000], True),
        }
        (his,) = load(ledger, YEAR, residents=[fused.record])
        (hers,) = load(ledger, YEAR, residents=[record])
        assert (his.residence, hers.residence) == ("", "away")
        found = figures.by_scope(ledger, POLICY)[VILLAGE_CODE]
        assert (found.people, found.paid, found.amount) == (2, 2, 78000)


def test_before_and_after_a_split_every_payment_counts_exactly_once(fused: Fused) -> None:
    def claims(ledger: Ledger) -> list[tuple[str, int]]:
        return sorted(
            (claim.record, claim.amount)
            for row in load(ledger, YEAR, scope=VILLAGE_CODE)
            for claim in row.claims
        )

    before = claims(fused.village)
    fused.split(fused.village, moves=["hers"])
    assert claims(fused.village) == before == claims(fused.office)
    fused.meet()
    assert claims(fused.office) == before


def test_what_is_not_assigned_stays(fused: Fused) -> None:
    found = parts(fused.village, VILLAGE_CODE, fused.record, fused.heads(fused.village, "李娜"))
    assert {(item.kind, item.theirs) for item in found.hanging} == {
        ("payment", True), ("payment", False), ("enrolment", True),
    }  # fmt: skip
    fused.split(fused.village)
    assert fused.people(fused.village)["王伟"][2:] == ([38000, 40000], True)
    assert fused.people(fused.village)["李娜"][2:] == ([], False)


def test_what_is_looked_at_is_what_is_done(fused: Fused) -> None:
    found = parts(fused.village, VILLAGE_CODE, fused.record, fused.heads(fused.village, "李娜"))
    record = fused.split(fused.village)
    assert record == found.record
    new, old = (fused.village.state_of("resident", one, VILLAGE_CODE) for one in (record, fused.record))
    assert {name: heads.value for name, heads in new.items()} == found.moved
    assert {name: old[name].value for name in found.left} == found.left


@pytest.mark.parametrize(
    ("number", "his", "hers"), [(OLD, True, False), (NEW, False, True), (BOTH, True, True)]
)
def test_the_number_stays_with_whom_it_is_said_to_be(
    fused: Fused, number: str, his: bool, hers: bool
) -> None:
    fused.split(fused.village, number=number)
    fused.meet()
    rows = {row.name: row for row in load(fused.office, YEAR, scope=VILLAGE_CODE)}
    assert (bool(rows["王伟"].id_number), bool(rows["李娜"].id_number)) == (his, hers)
    codes = {item.code for item in review.items(fused.office)}
    assert codes == ({"id_shared"} if number == BOTH else {"missing"})


SIDES = ("village", "office")


@pytest.mark.parametrize("numbers", list(product((OLD, NEW, BOTH), repeat=2)))
def test_both_sides_split_at_once_and_make_one_new_person(fused: Fused, numbers: tuple[str, str]) -> None:
    made = [
        fused.split(ledger, number=number, moves=["hers"])
        for ledger, number in zip((fused.village, fused.office), numbers, strict=True)
    ]
    fused.meet()
    assert made[0] == made[1]
    assert set(fused.people(fused.village)) == {"王伟", "李娜"}
    found = figures.by_scope(fused.village, POLICY)[VILLAGE_CODE]
    assert (found.people, found.paid, found.amount) == (2, 2, 78000)


def test_where_the_ids_differ_number_and_name_make_them_one(world: World) -> None:
    """Her number is her own; at the office somebody else stands under it, so its split takes another id."""
    fused = Fused(world, hers=id_number(2))
    taken = people.resident_id(fused.office, id_number(2))
    fused.office.write(
        [Edit("resident", taken, {"identity": {"name": "李那"}}, VILLAGE_CODE, "roster:旧.xlsx:3")]
    )
    world.time("village").ms += 3_600_000  # so that what the village says of that record shows
    made = [fused.split(ledger, moves=["hers"]) for ledger in (fused.village, fused.office)]
    assert made[0] == taken != made[1]
    fused.meet()
    people_of = fused.village.connection.execute("SELECT record, person FROM twin").fetchall()
    assert {record for record, _ in people_of} == set(made) and len({one for _, one in people_of}) == 1
    found = figures.by_scope(fused.office, POLICY)[VILLAGE_CODE]
    assert (found.people, found.paid, found.amount) == (2, 2, 78000)


def test_both_sides_splitting_off_the_other_one_end_with_two_people(fused: Fused) -> None:
    fused.split(fused.village, "李娜")
    fused.split(fused.office, "王伟")
    fused.meet()
    assert {item.register for item in questions(fused.village)} == {"identity", "membership", "contact"}
    refused("conflict.other_side", fused.split, fused.office, "李娜")
    rows = figures.by_scope(fused.village, POLICY)[VILLAGE_CODE]
    assert rows.people == 2
    for item in questions(fused.village):
        fit = review.fits([item], "village")[0]
        assert fit.candidate
        conflicts.resolve(
            fused.village, item.scope, item.kind, item.record, item.register, fit.candidate.value, today=TODAY
        )
    fused.meet()
    assert questions(fused.village) == [] and set(fused.people(fused.office)) == {"王伟", "李娜"}
    assert figures.by_scope(fused.office, POLICY)[VILLAGE_CODE].people == 2


def test_a_split_can_be_taken_back_and_done_again(fused: Fused) -> None:
    before = fused.people(fused.village)
    heads = fused.heads(fused.village, "李娜")
    record, changes = split(fused.village, VILLAGE_CODE, fused.record, heads, moves=["hers", "e"])
    for oid in reversed(changes.oids):
        undo.revert(fused.village, oid, "不对")
    assert fused.people(fused.village) == before
    assert {item.register for item in questions(fused.village)} == {"identity", "membership", "contact"}
    assert fused.split(fused.village, moves=["hers"]) == record
    fused.meet()
    assert set(fused.people(fused.office)) == {"王伟", "李娜"}


def test_a_split_leaves_the_rest_of_three_in_dispute(fused: Fused) -> None:
    third = {"identity": {"name": "赵丽", "id_number": fused.number}}
    fused.village.write([Edit("resident", fused.record, third, pred={})])
    fused.split(fused.village, "李娜")
    (item,) = [item for item in questions(fused.village) if item.register == "identity"]
    assert {one.value["name"] for one in item.candidates} == {"王伟", "赵丽"}


def test_what_cannot_be_split(fused: Fused) -> None:
    ledger = fused.village
    everybody = [*fused.heads(ledger, "李娜"), *fused.heads(ledger, "王伟")]
    for heads in ([], everybody, [b"x" * 16]):
        refused("split.nobody", split, ledger, VILLAGE_CODE, fused.record, heads)
    refused("record.unknown", split, ledger, VILLAGE_CODE, "zz", everybody)
    fused.split(ledger)
    refused("conflict.settled", split, ledger, VILLAGE_CODE, fused.record, everybody)


def test_a_list_that_comes_again_finds_each_of_the_two(fused: Fused) -> None:
    """What the split moved is still the list's: the same roster has nothing new to say of either."""
    from sync.intake.threeway import load as known

    record = fused.split(fused.office)
    found = known(fused.office, VILLAGE_CODE, ["resident"], "roster")["resident"]
    assert found[record].last_said("identity")["name"] == "李娜"
    assert found[record].last_said("contact") == {"phone": "13933334444"}
