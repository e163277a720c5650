"""Whom somebody looked at and where the window stood: per operator, in the encrypted file, never more than is shown."""

from storage import remembered
from storage.commands import people
from storage.queries.recent import recent
from tests.unit.storage.worlds import VILLAGE_CODE, World, id_number, person

HERE = VILLAGE_CODE


def test_the_latest_comes_first_and_once(world: World) -> None:
    ledger = world.alone()
    for number in range(remembered.MOST + 5):
        remembered.note(ledger, HERE, "h", f"r{number}")
    remembered.note(ledger, HERE, "h", "r9")
    kept = [resident for _scope, _home, resident in remembered.recent(ledger)]
    assert len(kept) == remembered.MOST and kept[0] == "r9" and kept.count("r9") == 1


def test_each_operator_has_their_own(world: World) -> None:
    ledger = world.alone()
    remembered.note(ledger, HERE, "h", "r")
    remembered.keep_place(ledger, {"page": "households"})
    ledger.unlocked_by = "另一位"
    assert remembered.recent(ledger) == [] and remembered.place(ledger) == {}


def test_wordings_are_everybodys_and_the_original_comes_back(world: World) -> None:
    ledger = world.alone()
    remembered.word(ledger, {"group": "请来缴费。", "home": ""})
    ledger.unlocked_by = "另一位"
    assert remembered.wordings(ledger) == {"group": "请来缴费。"}
    remembered.word(ledger, {"group": ""})
    assert remembered.wordings(ledger) == {}


def test_people_and_heads_are_shown_and_nobody_who_is_gone(world: World) -> None:
    ledger = world.alone()
    ledger.write(
        [
            person("wife", "李娜", id_number(2), membership={"household": "h", "relation": "1"}),
            person("head", "王伟", id_number(1), membership={"household": "h", "relation": "0"}),
        ]
    )
    scope = ledger.profile.scope
    remembered.note(ledger, scope, "h", "wife")
    remembered.note(ledger, scope, "h")
    remembered.note(ledger, scope, "gone", "gone")
    assert [(hit.name, hit.why) for hit in recent(ledger)] == [("王伟", "household"), ("李娜", "person")]
    people.remove_resident(ledger, "wife", "重复")
    assert [hit.name for hit in recent(ledger)] == ["王伟"]


def test_what_another_version_wrote_is_nothing(world: World) -> None:
    ledger = world.alone()
    for what in ("recent", "place"):
        for text in ("", "{", "[1]", "7", '"x"'):
            with ledger.transaction():
                ledger.set_meta(f"{what}:{ledger.unlocked_by}", text)
            assert not remembered.recent(ledger) and not remembered.place(ledger)
    remembered.note(ledger, HERE, "h", "r")
    assert len(remembered.recent(ledger)) == 1


def test_nothing_of_it_is_shared(world: World) -> None:
    ledger = world.alone()
    before = ledger.connection.execute("SELECT count(*) FROM op").fetchone()
    remembered.note(ledger, HERE, "h", "r")
    remembered.keep_place(ledger, {"page": "today"})
    assert ledger.connection.execute("SELECT count(*) FROM op").fetchone() == before
