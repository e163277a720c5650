"""The telephone directory: written, taken over, given down to the places, seen there, taken back."""

import pytest

from storage.commands import contacts
from storage.commands.contacts import Entry
from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.queries import contacts as asked
from sync import exchange
from tests.unit.storage.worlds import OTHER_CODE, VILLAGE_CODE, World, cheap_keys, world

__all__ = ["cheap_keys", "world"]

OWN = Entry("白泥井镇医保办", "office", "150621102000", "高娃", "经办员", "0477-5550101", shared=True)
CIVIL = Entry("旗民政局", "department", "", "苏和", "股长", "0477-5550202", "低保、特困名单", shared=True)
VILLAGE = Entry("查干沟嘎查", "village", VILLAGE_CODE, "巴图", "联络员", "13900000001")


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


def shown(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(one.unit, one.name, one.phone) for one in asked.listed(ledger)]


def test_an_entry_is_written_once_and_changed_in_its_place(office: Ledger) -> None:
    contacts.save(office, VILLAGE)
    assert not contacts.save(office, VILLAGE)
    (row,) = asked.listed(office)
    contacts.save(
        office, Entry("查干沟嘎查", "village", VILLAGE_CODE, "巴图", "主任", "13900000009"), row.record
    )
    assert [(one.post, one.phone) for one in asked.listed(office)] == [("主任", "13900000009")]
    assert [one.phone for one in asked.of_place(office, VILLAGE_CODE)] == ["13900000009"]
    assert asked.of_place(office, OTHER_CODE) == []


def test_offices_stand_before_departments_and_villages(office: Ledger) -> None:
    contacts.take_over(office, [VILLAGE, CIVIL, OWN])
    assert [one.unit for one in asked.listed(office)] == ["白泥井镇医保办", "旗民政局", "查干沟嘎查"]


def test_a_list_taken_over_again_changes_what_is_other_and_keeps_the_rest(office: Ledger) -> None:
    contacts.take_over(office, [VILLAGE, CIVIL])
    moved = Entry("查干沟村", "village", VILLAGE_CODE, "巴图", "联络员", "13911111111")
    changes = contacts.take_over(office, [moved, moved])
    assert len(changes.oids) == 1  # one record, one operation, by the village's code whatever it is called
    assert shown(office) == [
        ("旗民政局", "苏和", "0477-5550202"),
        ("查干沟村", "巴图", "13911111111"),
    ]


@pytest.mark.parametrize(
    ("entry", "code", "field"),
    [
        (Entry("  ", phone="0477-5550101"), "contact.unit", "unit"),
        (Entry("某局", "bureau", phone="0477-5550101"), "contact.kind", "unit_kind"),
        (Entry("某村", "village", "150626102200", phone="0477-5550101"), "contact.code", "unit_code"),
        (Entry("某局"), "contact.number", "phone"),
        (Entry("某局", phone="请打他家电话"), "contact.phone", "phone"),
    ],
)
def test_what_helps_nobody_to_ring_is_refused(office: Ledger, entry: Entry, code: str, field: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        contacts.save(office, entry)
    assert (refused.value.code, refused.value.field) == (code, field)
    with pytest.raises(RuleViolation) as refused:
        contacts.take_over(office, [CIVIL, entry])
    assert refused.value.params["row"] == 2
    assert asked.listed(office) == []


def test_shared_entries_reach_the_villages_and_are_taken_back(world: World, office: Ledger) -> None:
    village, other = world.village(office), world.village(office, "other", OTHER_CODE)
    contacts.take_over(office, [OWN, CIVIL, VILLAGE])
    for ledger in (village, other):
        exchange.receive(office, world.send(ledger))
    for path in world.send(office):
        for ledger in (village, other):
            exchange.receive(ledger, [path])
    assert shown(village) == shown(other) == shown(office)[:2]
    assert len(asked.listed(office)) == 3  # what was handed down is no second entry
    written = office.connection.execute("SELECT count(*) FROM op").fetchone()
    world.send(office)
    assert office.connection.execute("SELECT count(*) FROM op").fetchone() == written
    (civil,) = [one for one in asked.listed(office) if one.unit_kind == "department"]
    contacts.remove(office, civil.record)
    assert len(asked.listed(office)) == 2  # also while the villages still have it
    for path in world.send(office):
        exchange.receive(village, [path])
    assert shown(village) == [("白泥井镇医保办", "高娃", "0477-5550101")]


def test_what_a_village_wrote_of_itself_is_seen_and_never_taken_away(world: World, office: Ledger) -> None:
    village = world.village(office)
    contacts.save(village, VILLAGE)
    contacts.take_over(office, [OWN])
    exchange.receive(office, world.send(village))
    assert [one.phone for one in asked.of_place(office, VILLAGE_CODE)] == ["13900000001"]
    exchange.receive(village, world.send(office))
    assert {one.unit for one in asked.listed(village)} == {"白泥井镇医保办", "查干沟嘎查"}


def test_an_entry_that_was_taken_out_can_come_back(office: Ledger) -> None:
    contacts.save(office, CIVIL)
    (row,) = asked.listed(office)
    contacts.remove(office, row.record)
    assert asked.listed(office) == []
    with pytest.raises(RuleViolation, match=r"contact\.unknown"):
        contacts.remove(office, "A" * 22)
    contacts.save(office, CIVIL)
    assert asked.listed(office) == [row]
