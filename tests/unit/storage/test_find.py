"""One burst of keys finds a person, however it is meant; nothing typed breaks it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage import derived, finding, store
from storage.checking import check
from storage.commands import people
from storage.ledger import Edit, Ledger
from storage.queries.find import find, without
from tests.unit.storage.worlds import World, id_number, person, rebuilt

X_NUMBER = next(number for number in map(id_number, range(500)) if number.endswith("X"))
HOUSEHOLDS = {"h7": "0007", "h12": "12", "hA": "A-12"}
PEOPLE = {
    "wangwei": ("王伟", id_number(1), "13847712345", "h7"),
    "wangweiguo": ("王伟国", id_number(2), "13947754321", "h12"),
    "narentuya": ("那仁·图雅", X_NUMBER, None, "hA"),
    "xiaoxue": ("肖雪", id_number(4), None, "h12"),
    "shan": ("单春梅", None, None, "h12"),
    "rare": ("𫞩龑", None, None, "h12"),
    "latin": ("Anna Müller", None, None, "hA"),
    "bad": ("赵丽", "15062119910612912", None, "h12"),
    "shorter": ("阿木古楞", "", "0477-8123456", "h7"),
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    world = World(tmp_path_factory.mktemp("find"))
    made = world.alone()
    made.write(
        [Edit("household", home, {"number": {"number": number}}) for home, number in HOUSEHOLDS.items()]
    )
    made.write([Edit("household", "h7", {"place": {"lane": "河东巷"}})])
    made.write([Edit("visit_list", "paper", {"sheet": {"list_number": 3, "rows": "shan,wangwei"}})])
    made.write(
        [
            person(record, name, number, contact={"phone": phone}, membership={"household": home})
            for record, (name, number, phone, home) in PEOPLE.items()
        ]
    )
    yield made
    world.close()


def found(ledger: Ledger, text: str, why: str = "") -> list[str]:
    return [hit.record for hit in find(ledger, text) if not why or hit.why == why]


@pytest.mark.parametrize(
    ("typed", "why", "records"),
    [
        ("王伟", "name", ["wangwei", "wangweiguo"]),
        ("伟国", "name", ["wangweiguo"]),
        ("国", "name", ["wangweiguo"]),
        (" 王 伟 国 ", "name", ["wangweiguo"]),
        ("图雅", "name", ["narentuya"]),
        ("那仁·图雅", "name", ["narentuya"]),
        ("那仁图雅", "name", ["narentuya"]),
        ("那仁．图", "name", ["narentuya"]),
        ("那仁•图", "name", ["narentuya"]),
        ("𫞩", "name", ["rare"]),
        ("龑", "name", ["rare"]),
        ("ww", "initials", ["wangwei", "wangweiguo"]),
        ("WWG", "initials", ["wangweiguo"]),
        ("nrty", "initials", ["narentuya"]),
        ("scm", "initials", ["shan"]),
        ("xx", "initials", ["xiaoxue"]),
        ("xiaox", "pinyin", ["xiaoxue"]),
        ("shanchun", "pinyin", ["shan"]),
        ("wangwei", "pinyin", ["wangwei", "wangweiguo"]),
        ("wang wei", "pinyin", ["wangwei", "wangweiguo"]),
        ("amul", "initials", []),
        ("anna", "initials", ["latin"]),
        ("müller", "name", ["latin"]),
        (X_NUMBER[-4:], "id", ["narentuya"]),
        (X_NUMBER[-4:].lower(), "id", ["narentuya"]),
        (id_number(1)[-6:], "id", ["wangwei"]),
        (id_number(1), "id", ["wangwei"]),
        (id_number(1)[:14], "id", ["wangwei"]),
        ("15062119910612912", "id", ["bad"]),
        ("2345", "phone", ["wangwei"]),
        ("54321", "phone", ["wangweiguo"]),
        ("8123456", "phone", ["shorter"]),
        ("13847712345", "phone", ["wangwei"]),
        ("１３８４７７１２３４５", "phone", ["wangwei"]),
        ("汪维", "sound", ["wangwei"]),
        ("那人图娅", "sound", ["narentuya"]),
        ("肖学", "sound", ["xiaoxue"]),
        ("amuguleng", "pinyin", ["shorter"]),
        ("amgulen", "similar", ["shorter"]),
        ("narntuya", "similar", ["narentuya"]),
        ("nerentuy", "similar", ["narentuya"]),
        ("娜仁土牙", "similar", []),
        ("那任图丫头", "similar", ["narentuya"]),
        ("青山不老", "similar", []),
        ("河东巷", "place", ["shorter", "wangwei"]),
        ("东巷", "place", ["shorter", "wangwei"]),
        ("#3", "list", ["shan", "wangwei"]),
        ("清单03", "list", ["shan", "wangwei"]),
        ("#3-2", "list", ["wangwei"]),
        ("hq1/150621102200/3/r2", "list", ["wangwei"]),
        ("#4", "list", []),
        ("7", "household", ["shorter", "wangwei"]),
        ("0007", "household", ["shorter", "wangwei"]),
        ("07", "household", ["shorter", "wangwei"]),
        ("00007", "household", ["shorter", "wangwei"]),
        ("a-12", "household", ["latin", "narentuya"]),
        ("A-12", "household", ["latin", "narentuya"]),
    ],
)
def test_found_for_what_was_typed(ledger: Ledger, typed: str, why: str, records: list[str]) -> None:
    assert sorted(found(ledger, typed, why)) == sorted(records)


def test_the_likeliest_comes_first(ledger: Ledger) -> None:
    assert found(ledger, "王伟")[0] == found(ledger, "ww")[0] == found(ledger, "wangwei")[0] == "wangwei"
    assert find(ledger, "12")[0].why == "household"


@pytest.mark.parametrize(
    "typed", ["", " ", "\t\n", "　", "·", "．", "'", '"', "*", "%", "_", "()", "-", "\0", "\ufeff"]
)
def test_nothing_for_nothing(ledger: Ledger, typed: str) -> None:
    assert found(ledger, typed) == []


OPERATORS = [
    "王 OR 李",
    '"',
    "王*",
    "NEAR(王 伟)",
    "王 AND",
    "name:王",
    "-王",
    "王^",
    "{王}",
    "' OR 1=1 --",
    "王\0伟",
    "%王%",
]


@given(
    st.text(max_size=12)
    | st.lists(st.sampled_from([*"王伟那仁图雅wx12X\"'*()-:^·"]), max_size=6).map("".join)
)
@example("\ud83d")
@example("王\ud800")
@example("x" * 5000)
@example("9" * 5000)
@example("²")
@example("٣")
@example("王" * 5000)
def test_whatever_is_typed_finds_or_does_not(ledger: Ledger, typed: str) -> None:
    for hit in find(ledger, typed):
        assert hit.record in PEOPLE


@pytest.mark.parametrize("typed", OPERATORS)
def test_operators_of_the_index_are_plain_characters(ledger: Ledger, typed: str) -> None:
    assert set(found(ledger, typed)) <= {"wangwei", "wangweiguo"}


def test_what_is_found_follows_every_change(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("a", "王伟", id_number(1), contact={"phone": "13847712345"})])
    people.correct(ledger, "a", "identity", name="李娜")
    people.correct(ledger, "a", "contact", phone="13900000001")
    assert found(ledger, "王伟") == found(ledger, "12345") == found(ledger, "ww") == []
    assert found(ledger, "李娜") == found(ledger, "0001") == found(ledger, "ln") == ["a"]
    people.remove_resident(ledger, "a", "重复")
    assert found(ledger, "李娜") == found(ledger, "ln") == found(ledger, id_number(1)) == []
    ledger.rebuild()
    people.set_register(ledger, "resident", "a", "void", {})
    assert found(ledger, "李娜") == ["a"]
    before, after = rebuilt(ledger)
    assert before == after


def test_who_sounds_alike_follows_every_change_and_is_read_once(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("a", "那仁·图雅")])
    assert found(ledger, "narntuya") == ["a"]
    ledger.write([person("b", "娜仁图雅"), person("c", "阿木古楞")])
    assert found(ledger, "narntuya") == ["b", "a"] and found(ledger, "amgulen") == ["c"]
    asked: list[str] = []
    ledger.connection.set_trace_callback(asked.append)
    assert sorted(found(ledger, "narntuya")) == ["a", "b"] and asked
    assert not [one for one in asked if "group_concat(spelled" in one]
    ledger.connection.set_trace_callback(None)
    people.correct(ledger, "a", "identity", name="李娜")
    assert found(ledger, "narntuya") == ["b"]


def test_an_exact_name_is_not_crowded_out_by_longer_ones(world: World) -> None:
    ledger = world.alone()
    ledger.write([person(f"r{number}", f"王丽{chr(0x4E00 + number)}") for number in range(400)])
    ledger.write([person("exact", "王丽")])
    ledger.write([Edit("resident", f"r{number}", {"void": {"void_reason": "x"}}) for number in range(100)])
    hits = find(ledger, "王丽", limit=50)
    assert len(hits) == 50 and hits[0].record == "exact"


def test_a_short_answer_is_kept_short(world: World) -> None:
    ledger = world.alone()
    ledger.write([person(f"r{number}", f"王丽{number}") for number in range(90)])
    for typed in ("王", "w", "wang"):
        assert len(find(ledger, typed, limit=7)) == 7


def test_people_taken_out_do_not_hide_the_others(world: World) -> None:
    ledger = world.alone()
    ledger.write(
        [person(f"r{number:03d}", "王丽", contact={"phone": f"139{number:04d}0000"}) for number in range(200)]
    )
    ledger.write(
        [Edit("resident", f"r{number:03d}", {"void": {"void_reason": "x"}}) for number in range(199)]
    )
    for typed in ("王丽", "wl", "wangli", "0000"):
        assert found(ledger, typed) == ["r199"], typed


def test_two_households_of_one_number_in_two_villages(world: World) -> None:
    office = world.office()
    for code in ("150621102200", "150621102201"):
        home = Edit("household", f"h{code}", {"number": {"number": "7"}}, scope=code)
        one = Edit(
            "resident",
            f"r{code}",
            {"identity": {"name": "王伟"}, "membership": {"household": f"h{code}"}},
            scope=code,
        )
        office.write([home, one])
    assert found(office, "7") == ["r150621102200", "r150621102201"]


@pytest.mark.parametrize("word", ["王伟", "ww1", "2418", "3组"])
def test_a_whole_text_that_was_pasted_finds_nobody_and_costs_nothing(ledger: Ledger, word: str) -> None:
    text, asked = " ".join([word] * 1000), []
    ledger.connection.set_trace_callback(asked.append)
    assert find(ledger, text) == [] and without(ledger, text) == []
    assert find(ledger, word * 20000) == []
    ledger.connection.set_trace_callback(None)
    assert len(asked) < 300, "two questions to the index for a character at most, of a hundred"


def test_every_way_of_finding_has_its_index(ledger: Ledger) -> None:
    """Whatever is typed, no search reads all residents; the few households are read where nothing else fits."""
    seen: list[str] = []
    ledger.connection.set_trace_callback(seen.append)
    for text in ("ws", "wangwei", "12345", "0423", "1506211991", "王伟", "12"):
        find(ledger, text)
    ledger.connection.set_trace_callback(None)
    plans = {
        sql: [row[3] for row in ledger.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        for sql in seen
        if sql.startswith("SELECT r.scope")
    }
    assert len(plans) > 8
    used = " ".join(step for plan in plans.values() for step in plan)
    for name in ("search_initials", "search_spelled", "search_id", "search_phone", "resident_id_full"):
        assert f"INDEX {name} " in used, name
    scans = {step for plan in plans.values() for step in plan if step.startswith("SCAN")}
    assert all(step in ("SCAN w", "SCAN h") or "VIRTUAL TABLE" in step for step in scans), scans


@pytest.mark.parametrize("size", [3, 5, finding.TAIL, finding.TAIL + 1, 11])
def test_tails_of_every_length(ledger: Ledger, size: int) -> None:
    """What the index holds is shorter than what may be typed."""
    assert "wangwei" in found(ledger, "13847712345"[-size:], "phone")
    assert "wangwei" in found(ledger, id_number(1)[-size:], "id")
    other = "9" + "13847712345"[-size + 1 :]
    assert "wangwei" not in found(ledger, other, "phone")


def test_names_that_come_go_and_return(world: World) -> None:
    """The index of names is a table of its own: it must follow every change of a record, and nobody else's."""
    village = world.alone()
    village.write([person("r1", "王伟"), person("r2", "王伟"), person("r3", "李娜")])
    village.write([person("r1", "李娜")])
    assert found(village, "王伟") == ["r2"]
    assert found(village, "李娜") == ["r1", "r3"]
    village.write([Edit("resident", "r3", {"void": {"void_reason": "重复"}})])
    assert found(village, "李娜") == ["r1"]
    village.write([Edit("resident", "r3", {"void": {}})])
    village.write([Edit("resident", "r1", {"contact": {"phone": "13847712345"}})])
    assert found(village, "李娜") == ["r1", "r3"]
    village.connection.execute("UPDATE op SET inert = 'revoked' WHERE record = 'r2'")
    with village.transaction():
        records = store.operations_of(village.connection, ["r2"])
        derived.refold(village.connection, records, set())
    assert found(village, "王伟") == []
    assert [one.code for one in check(village).findings] == ["check.revoked"]  # no certificate says so
    village.write([person("r4", "王伟")])
    assert found(village, "王伟") == ["r4"]
    assert found(village, "ln") == ["r1", "r3"]
