"""Who may write: codes that two ends compare, certificates, revocation with a cut, adoption, joining later, banners."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from storage import backup, checking, keys, policies
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import devices as asked
from storage.queries import figures
from sync import devices, enrol, exchange, kits
from sync.exchange import Fate
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    VILLAGE_CODE,
    VILLAGES,
    World,
    cheap_keys,
    everything,
    id_number,
    paid,
    person,
    rebuilt,
    summary,
    world,
)

__all__ = ["cheap_keys", "world"]
BANNER = "150621000000"


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    made = world.village(office)
    made.write([person("a", "王伟", id_number(1)), person("b", "李娜", id_number(2))])
    return made


def take(ledger: Ledger, *paths: Path, **how: Any) -> list[Fate]:
    return exchange.receive(ledger, list(paths), **how)


def mine(ledger: Ledger, paths: list[Path]) -> list[Path]:
    """The files that are for this place."""
    return [path for path in paths if path.name.startswith(ledger.profile.scope[-3:])]


def meet(world: World, office: Ledger, *villages: Ledger) -> None:
    for village in villages:
        assert take(office, *world.send(village))[0].outcome != "refused"
    for village in villages:
        assert take(village, *mine(village, world.send(office)))[0].outcome != "refused"


def key(ledger: Ledger) -> bytes:
    return ledger.device.verify_key


def code_of(error: pytest.ExceptionInfo[KnownError]) -> str:
    return error.value.code


# ---- the code


def test_both_ends_show_the_same_twelve_digits(world: World, office: Ledger, village: Ledger) -> None:
    (above,) = devices.standings(village)
    take(office, *world.send(village))
    (below,) = devices.standings(office)
    assert above.code == below.code
    digits = above.code.replace(" ", "")
    assert len(digits) == 12 and digits.isdigit() and above.code == f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def test_a_kit_of_somebody_in_between_gives_another_code(
    world: World, office: Ledger, tmp_path: Path
) -> None:
    """Who changes the kit on its way has other keys, and the digits read on the telephone differ."""
    false = world.office("false")
    village = world.open_kit(world.kit(false), "village")
    take(false, *world.send(village))
    true_village = world.village(office, "true")
    take(office, *world.send(true_village))
    assert devices.standings(village)[0].code != devices.standings(office)[0].code


def test_comparing_certifies_and_the_village_hears_of_it(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    assert summary(village) == summary(office)
    (one,) = devices.standings(office)
    assert one.device.compared == ""
    devices.compared(office, one.device.verify_key)
    assert devices.standings(office)[0].device.compared == "2025-12-03"
    meet(world, office, village)
    row = village.connection.execute("SELECT verify_key, compared_by FROM certificate").fetchone()
    assert row == (key(village).hex(), office.operator)
    devices.compared(village, key(office))  # the village looks for itself too, and writes nothing for others
    assert devices.standings(village)[0].device.compared and summary(village) == summary(office)


def test_an_office_restored_from_before_a_village_joined_knows_it_again(world: World, office: Ledger) -> None:
    """By its own signature under the village's keys, which the village sends back."""
    saved = backup.take(office, "test")
    target = world.folder / "restored"
    shutil.copytree(saved, target)
    village = world.village(office)
    village.write([person("a", "王伟", id_number(1))])
    take(office, *world.send(village))
    devices.compared(office, key(village))
    meet(world, office, village)
    office.close()
    restored = world.open(target, "office")
    (fate,) = take(restored, *world.send(village))
    assert fate.outcome == "incomplete"
    take(village, *mine(village, world.send(restored)))
    assert take(restored, *world.send(village))[0].missing == 0
    assert summary(village) == summary(restored)


def test_a_device_that_was_never_compared_is_not_let_in_by_a_restored_office(
    world: World, office: Ledger
) -> None:
    saved = backup.take(office, "test")
    shutil.copytree(saved, world.folder / "restored")
    village = world.village(office)
    take(office, *world.send(village))
    office.close()
    restored = world.open(world.folder / "restored", "office")
    (fate,) = take(restored, *world.send(village))
    assert (fate.outcome, fate.code) == ("refused", "bundle.unknown_village")


# ---- revoked


@pytest.fixture
def two(world: World, office: Ledger, village: Ledger) -> tuple[Ledger, Ledger]:
    """A village's two devices, both up to date."""
    second = world.village(office, "second")
    meet(world, office, village, second)
    meet(world, office, village, second)
    return village, second


def test_what_a_revoked_device_wrote_before_counts_and_what_it_writes_later_waits(
    world: World, office: Ledger, two: tuple[Ledger, Ledger]
) -> None:
    first, second = two
    second.write([person("c", "赵丽", id_number(3))])
    take(office, *world.send(second))
    devices.revoke(office, key(second), "电脑丢失")
    second.write([person("d", "孙强", id_number(4)), Edit("resident", "a", {"contact": {"phone": "1"}})])
    (fate,) = take(office, *world.send(second))
    assert (fate.outcome, fate.held_back) == ("applied", 2)
    assert office.state_of("resident", "c", VILLAGE_CODE) and not office.state_of(
        "resident", "d", VILLAGE_CODE
    )
    assert "contact" not in office.state_of("resident", "a", VILLAGE_CODE)
    assert asked.held_back(office, key(second)) == 2
    assert checking.check(office).sound
    before, after = rebuilt(office)
    assert before == after
    files = world.send(office)
    assert take(first, *files)[0].outcome == "applied"
    assert take(second, *files)[0].code == "bundle.not_for_us"
    assert summary(first) == summary(office)  # inert there too, counted there too
    assert not first.state_of("resident", "d")


@pytest.mark.parametrize(
    ("tampered", "found"),
    [
        ("UPDATE op SET inert = NULL WHERE record = 'd'", 1),
        ("UPDATE op SET inert = 'revoked' WHERE record = 'c'", 1),
        ("UPDATE op SET inert = 'revoked' WHERE record = 'a' AND inert IS NULL", 1),
        ("UPDATE op SET segment = NULL WHERE record = 'd'", 1),
        ("UPDATE op SET inert = NULL WHERE inert = 'revoked'", 2),
    ],
)
def test_a_mark_that_no_certificate_stands_behind_is_found(
    world: World, office: Ledger, two: tuple[Ledger, Ledger], tampered: str, found: int
) -> None:
    """Also where everything else was made to fit: the derived tables say what the marks say."""
    _first, second = two
    second.write([person("c", "赵丽", id_number(3))])
    take(office, *world.send(second))
    devices.revoke(office, key(second), "电脑丢失")
    second.write([person("d", "孙强", id_number(4)), Edit("resident", "b", {"contact": {"phone": "1"}})])
    take(office, *world.send(second))
    assert checking.check(office).sound
    assert office.connection.execute(tampered).rowcount == found
    office.rebuild()
    assert [one.code for one in checking.check(office).findings] == ["check.revoked"] * found


def test_the_cut_is_found_in_any_order(world: World, office: Ledger, two: tuple[Ledger, Ledger]) -> None:
    """The revocation reaches the other device before or after what it cuts off."""
    first, second = two
    late = world.folder / "late"
    devices.revoke(office, key(second), "电脑丢失")
    revocation = world.send(office)
    second.write([person("d", "孙强", id_number(4))])
    take(office, *world.send(second))
    both = world.send(office)
    shutil.copytree(first.folder, late)
    one, other = first, world.open(late, "late")
    take(one, *revocation, *both)
    take(other, *both, *revocation)
    assert summary(one) == summary(other) == summary(office)


def test_adopting_lets_count_what_is_here_and_no_later_one(
    world: World, office: Ledger, two: tuple[Ledger, Ledger]
) -> None:
    first, second = two
    devices.revoke(office, key(second), "换电脑")
    second.write([person("d", "孙强", id_number(4))])
    take(office, *world.send(second))
    devices.adopt(office, key(second))
    assert office.state_of("resident", "d", VILLAGE_CODE) and asked.held_back(office, key(second)) == 0
    second.write([person("e", "周洋", id_number(5))])
    assert take(office, *world.send(second))[0].held_back == 1
    take(first, *world.send(office))
    assert summary(first) == summary(office) and first.state_of("resident", "d")
    before, after = rebuilt(first)
    assert before == after


def test_a_village_cannot_certify_revoke_or_adopt(world: World, office: Ledger, village: Ledger) -> None:
    meet(world, office, village)
    for act in (
        lambda: devices.revoke(village, key(office), "x"),
        lambda: devices.adopt(village, key(office)),
    ):
        with pytest.raises(KnownError) as caught:
            act()
        assert code_of(caught) == "device.unknown"
    with pytest.raises(KnownError) as caught:
        village.write([Edit("certificate", "x", {"revocation": {"revoked_on": "2025-12-03"}})])
    assert code_of(caught) == "record.not_allowed"


def test_a_revocation_needs_a_reason_and_adoption_a_revocation(
    world: World, office: Ledger, village: Ledger
) -> None:
    take(office, *world.send(village))
    with pytest.raises(KnownError) as caught:
        devices.revoke(office, key(village), " ")
    assert code_of(caught) == "device.reason"
    with pytest.raises(KnownError) as caught:
        devices.adopt(office, key(village))
    assert code_of(caught) == "device.not_revoked"
    with pytest.raises(KnownError) as caught:
        devices.find(office, "deadbeef")
    assert code_of(caught) == "device.unknown"


def test_a_lost_computer_is_replaced_by_a_kit_and_the_township_s_data(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    devices.revoke(office, key(village), "电脑丢失")
    fresh = world.open_kit(world.kit(office), "fresh")
    take(office, *world.send(fresh))
    meet(world, office, fresh)
    assert fresh.state_of("resident", "a") and summary(fresh) == summary(office)


def test_a_withdrawn_kit_lets_nobody_in(world: World, office: Ledger) -> None:
    path = world.kit(office)
    kits.withdraw(office, kits.read(path).secret)
    assert [kit.state for kit in asked.kits(office)] == ["withdrawn"]
    village = world.open_kit(path, "village")
    (fate,) = take(office, *world.send(village))
    assert fate.code == "bundle.kit_withdrawn"
    used = world.village(office, "used")
    take(office, *world.send(used))
    with pytest.raises(KnownError) as caught:
        kits.withdraw(office, bytes(used.meta("kit_secret")))
    assert code_of(caught) == "kit.used"


# ---- joining later


def test_a_ledger_begun_alone_joins_and_loses_nothing(world: World, office: Ledger) -> None:
    alone = world.alone()
    alone.write([person("a", "王伟", id_number(1)), Edit("payment", "p", paid("a"))])
    before, known = summary(alone), everything(alone)["op"]
    kit = enrol.join(alone, world.kit(office))
    assert summary(alone) == before and everything(alone)["op"] == known
    assert alone.profile.office == kit.office_title
    (fate,) = take(office, *world.send(alone))
    assert (fate.outcome, fate.new_device, fate.fresh) == ("applied", True, len(known))
    meet(world, office, alone)
    assert summary(alone) == summary(office)
    assert devices.standings(alone)[0].code == devices.standings(office)[0].code
    again = world.open(alone.folder, "village")
    assert again.profile.office == kit.office_title and again.operator == alone.operator


def test_who_has_two_ids_after_joining_is_one_person(world: World, office: Ledger) -> None:
    """The office read the same roster: its ids come from its own key."""
    alone = world.alone()
    for ledger in (alone, office):
        number = id_number(1)
        ledger.write(
            [
                Edit(
                    "resident",
                    ledger.id_for("resident", number),
                    {"identity": {"name": "王伟", "id_number": number}},
                    scope=VILLAGE_CODE,
                )
            ]
        )
    enrol.join(alone, world.kit(office))
    meet(world, office, alone)
    policy = policies.load(office.profile.policy)
    assert alone.connection.execute("SELECT count(*) FROM resident").fetchone() == (2,)
    assert figures.by_scope(office, policy)[VILLAGE_CODE].people == 1
    assert alone.id_for("resident", id_number(9)) == office.id_for("resident", id_number(9))


def test_the_office_can_open_a_ledger_that_joined(world: World, office: Ledger) -> None:
    alone = world.alone()
    assert keys.recoveries(keys.read(alone.folder), keys.RECOVERY) == []
    enrol.join(alone, world.kit(office))
    (found,) = keys.recoveries(keys.read(alone.folder), keys.RECOVERY)
    assert keys.unwrap([found], str(office.meta("recovery_secret")))


def test_a_kit_for_elsewhere_joins_nothing(world: World, office: Ledger) -> None:
    alone = world.alone()
    before = everything(alone)
    with pytest.raises(KnownError) as caught:
        enrol.join(alone, world.kit(office, "150621102201"))
    assert code_of(caught) == "join.other_place"
    assert everything(alone) == before


def test_an_office_that_lost_its_ledger_begins_anew_and_the_villages_bring_it_all_back(
    world: World, office: Ledger, village: Ledger
) -> None:
    meet(world, office, village)
    office.write([Edit("resident", "a", {"contact": {"phone": "13800000001"}}, scope=VILLAGE_CODE)])
    meet(world, office, village)
    lost = key(office)
    anew = world.office("anew")
    enrol.join(village, world.kit(anew))
    files = world.send(village)
    (fate,) = take(anew, *files)
    assert fate.code == "bundle.former_office" and fate.params and fate.params["key"] == lost.hex()
    devices.acknowledge_former(anew, lost)
    (fate,) = take(anew, *files)
    assert fate.outcome == "applied" and fate.new_device
    assert summary(village) == summary(anew)
    assert take(village, *world.send(office))[0].code == "bundle.device_revoked"


# ---- a level above


@pytest.fixture
def banner(world: World) -> Ledger:
    return world.office("banner", BANNER)


def township_of(world: World, banner: Ledger, name: str = "township", code: str = OFFICE_CODE) -> Ledger:
    path = world.folder / f"{name}.hqk"
    kits.make(banner, code, "白泥井镇", path)
    return world.open_kit(path, name)


def test_a_banner_s_kit_makes_a_township_whose_villages_it_sees(world: World, banner: Ledger) -> None:
    township = township_of(world, banner)
    assert township.is_office and township.profile.scope == OFFICE_CODE
    villages = [world.village(township, f"v{code[-1]}", code) for code in list(VILLAGES)[:2]]
    for number, village in enumerate(villages):
        village.write([person(f"p{number}", "王伟", id_number(number))])
    meet(world, township, *villages)
    (up,) = [path for path in world.send(township) if "报送" in path.name]
    (fate,) = take(banner, up)
    assert (fate.outcome, fate.new_device) == ("applied", True)
    for village in villages:
        assert summary(village, village.profile.scope) == summary(banner, village.profile.scope)
    assert take(banner, up)[0].outcome == "known"
    villages[0].write([person("n", "赵丽", id_number(9))])
    meet(world, township, *villages)
    assert (
        take(banner, *[path for path in world.send(township) if "报送" in path.name])[0].outcome == "applied"
    )
    assert summary(villages[0]) == summary(banner)


def test_what_the_banner_writes_reaches_the_village_through_its_township(
    world: World, banner: Ledger
) -> None:
    township = township_of(world, banner)
    village = world.village(township)
    village.write([person("a", "王伟", id_number(1))])
    meet(world, township, village)
    take(banner, *[path for path in world.send(township) if "报送" in path.name])
    fact = {"fact": {"resident": "a", "year": 2026, "amount": 40000}}
    banner.write([Edit("confirmation", "k", fact, scope=VILLAGE_CODE)])
    (down,) = world.send(banner)
    assert take(township, down)[0].outcome == "applied"
    assert take(village, *mine(village, world.send(township)))[0].outcome == "applied"
    assert village.state_of("confirmation", "k")["fact"].value["amount"] == 40000
    assert summary(village) == summary(township) == summary(banner)


def test_a_township_hears_nothing_of_another(world: World, banner: Ledger) -> None:
    one = township_of(world, banner)
    other = township_of(world, banner, "other", "150621103000")
    village = world.village(one)
    village.write([person("a", "娜仁格日勒", id_number(1))])
    meet(world, one, village)
    for township in (one, other):
        take(banner, *[path for path in world.send(township) if "报送" in path.name])
    files = world.send(banner)
    fates = [take(other, path)[0] for path in files]
    assert [fate.code for fate in fates if fate.outcome == "refused"] == ["bundle.not_for_us"]
    assert not other.connection.execute("SELECT 1 FROM op WHERE record = 'a'").fetchall()


def test_a_village_does_not_send_past_its_township(world: World, banner: Ledger) -> None:
    with pytest.raises(KnownError) as caught:
        kits.make(banner, VILLAGE_CODE, "查干沟嘎查村", world.folder / "no.hqk")
    assert code_of(caught) == "code.office"
    township = township_of(world, banner)
    with pytest.raises(KnownError) as caught:
        kits.make(township, "150621103000", "别的镇", world.folder / "no.hqk")
    assert code_of(caught) == "code.village"


def test_a_township_that_began_alone_joins_its_banner(world: World, banner: Ledger) -> None:
    township = world.office()
    village = world.village(township)
    village.write([person("a", "王伟", id_number(1))])
    meet(world, township, village)
    path = world.folder / "join.hqk"
    kits.make(banner, OFFICE_CODE, "白泥井镇", path)
    enrol.join(township, path)
    (up,) = [path for path in world.send(township) if "报送" in path.name]
    assert take(banner, up)[0].outcome == "applied"
    assert summary(village) == summary(banner)
    assert take(village, *mine(village, world.send(township)))[0].outcome != "refused"
