"""Two and three computers of one office: everything reaches all, once; who is let in or stopped, is so everywhere."""

from pathlib import Path

import pytest

from storage import checking
from storage.commands.conflicts import resolve
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import delivery, review
from storage.queries import devices as asked
from sync import devices, enrol, exchange, folder, help, kits
from sync.exchange import Fate
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    OFFICE_TITLE,
    OTHER_CODE,
    TODAY,
    VILLAGE_CODE,
    World,
    person,
    rebuilt,
    summary,
    world,
)

__all__ = ["world"]
NEW = "150621102202"


class Office:
    """An office with two computers, ``a`` and ``b``, and a village ``v`` that joined at ``a``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.a = world.office("a")
        self.v = world.village(self.a, "v")
        self.b = self.colleague(self.a, "b")
        self.give(self.v, self.a)
        self.meet()

    def colleague(self, inviting: Ledger, name: str) -> Ledger:
        """Make one more computer of the office."""
        kit = self.world.folder / f"{name}.hqk"
        kits.make(inviting, OFFICE_CODE, OFFICE_TITLE, kit)
        return self.world.open_kit(kit, name)

    def give(self, sender: Ledger, *receivers: Ledger) -> list[Fate]:
        """Let all of ``receivers`` take what is for them of what the sender writes now."""
        paths = self.world.send(sender)
        found = [fate for one in receivers for fate in exchange.receive(one, paths)]
        assert {fate.code for fate in found if fate.outcome == "refused"} <= {"bundle.not_for_us"}, found
        return [fate for fate in found if fate.outcome != "refused"]

    def meet(self, *more: Ledger) -> None:
        """Let the computers of the office hear everything of each other."""
        all_of = (self.a, self.b, *more)
        for _ in range(2):
            for one in all_of:
                self.give(one, *(other for other in all_of if other is not one))

    def agree(self, *more: Ledger) -> None:
        """Assert that all hold the same and show the same, as folded anew."""
        for scope in (VILLAGE_CODE, OFFICE_CODE):
            assert len({repr(summary(one, scope)) for one in (self.a, self.b, *more)}) == 1
        assert summary(self.v) == summary(self.a)
        for one in (self.a, self.b, self.v, *more):
            assert checking.check(one).findings == ()
            before, after = rebuilt(one)
            assert before == after


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_a_colleague_holds_everything_after_one_exchange(office: Office) -> None:
    assert office.b.is_office and office.b.profile.scope == OFFICE_CODE and office.b.profile.office == ""
    office.v.write([person("p", "王伟")])
    office.give(office.v, office.a)
    office.meet()
    office.agree()
    assert office.b.id_for("resident", "x") == office.a.id_for("resident", "x")


def test_both_show_one_code(office: Office) -> None:
    (at_a,) = [one for one in devices.standings(office.a) if one.device.scope == OFFICE_CODE]
    (at_b,) = [one for one in devices.standings(office.b) if one.device.scope == OFFICE_CODE]
    assert at_a.code == at_b.code and len(at_a.code.replace(" ", "")) == 12
    devices.compared(office.a, at_a.device.verify_key)
    (again,) = [one for one in devices.standings(office.a) if one.device.scope == OFFICE_CODE]
    assert again.device.compared == TODAY.isoformat()


def test_a_village_file_received_by_either_reaches_all_once(office: Office) -> None:
    office.give(office.a, office.v)  # tells the village of the second computer
    office.v.write([person("p", "王伟")])
    fates = office.give(office.v, office.b)
    assert [fate.outcome for fate in fates] == ["applied"]
    office.meet()
    assert office.a.state_of("resident", "p", VILLAGE_CODE)
    again = exchange.receive(office.a, sorted((office.world.folder / "sent").glob("*/200-*报送.hqb")))
    assert sum(fate.fresh for fate in again) == 0 and {fate.outcome for fate in again} == {"known"}
    office.agree()


def test_what_a_colleague_received_counts_as_received(office: Office) -> None:
    office.give(office.a, office.v)
    for name in ("甲", "乙", "丙"):
        office.v.write([person(name, "王伟")])
        office.give(office.v, office.a if name == "乙" else office.b)
    office.meet()
    assert delivery.missing_files(office.a) == delivery.missing_files(office.b) == {}
    office.give(office.b, office.v)
    told = delivery.of_scope(office.v)
    assert (told.unsent, told.waiting) == (0, 0)
    receipts = office.v.connection.execute("SELECT receipt FROM bundle WHERE direction = 'out'").fetchall()
    assert {row[0] for row in receipts} <= {"applied", "known"}
    sent = [one for one in exchange.send(office.b, office.world.folder / "s") if one.scope == VILLAGE_CODE]
    assert sent[0].operations == 0  # b knows from a what the village holds


def test_a_kit_of_one_lets_in_at_the_other(office: Office) -> None:
    path = office.world.kit(office.a, OTHER_CODE)
    office.meet()
    village = office.world.open_kit(path, "w")
    village.write([person("q", "李娜")])
    paths = office.world.send(village)
    assert [fate.code for fate in exchange.receive(office.b, paths)] == ["bundle.not_for_us"]
    (fate,) = exchange.receive(office.a, paths)
    assert fate.new_device
    office.meet()
    for one in (office.a, office.b):
        assert [kit.state for kit in asked.kits(one) if kit.scope == OTHER_CODE] == ["used"]
    assert summary(office.b, OTHER_CODE) == summary(village, OTHER_CODE)


def test_a_withdrawn_kit_is_withdrawn_at_all(office: Office) -> None:
    kits.make(office.a, NEW, "敖包梁村", office.world.folder / "n.hqk")
    office.meet()
    (kit,) = [one for one in asked.kits(office.b) if one.scope == NEW]
    kits.withdraw(office.b, kit.secret)
    office.meet()
    assert [one.state for one in asked.kits(office.a) if one.scope == NEW] == ["withdrawn"]


def test_both_edit_one_person_and_are_asked_once(office: Office) -> None:
    office.v.write([person("p", "王伟", contact={"phone": "1"})])
    office.give(office.v, office.a)
    office.meet()
    for one, phone in ((office.a, "13800000001"), (office.b, "13800000002")):
        one.write([Edit("resident", "p", {"contact": {"phone": phone}}, scope=VILLAGE_CODE)])
    office.meet()
    for one in (office.a, office.b):
        found = [item for item in review.items(one) if item.code == "conflict"]
        assert [(item.record, item.register) for item in found] == [("p", "contact")]
    resolve(office.b, VILLAGE_CODE, "resident", "p", "contact", {"phone": "13800000001"}, today=TODAY)
    office.meet()
    assert [item for item in review.items(office.a) if item.code == "conflict"] == []
    office.give(office.a, office.v)
    office.give(office.v, office.a)
    office.meet()
    office.agree()


def test_a_village_lets_in_a_colleague_it_never_heard_of(office: Office) -> None:
    """By the signature of the computer it knows; their code need not have been compared."""
    office.b.write([Edit("resident", "x", {"contact": {"phone": "13800000003"}}, scope=VILLAGE_CODE)])
    (fate,) = office.give(office.b, office.v)
    assert fate.outcome == "applied"
    office.v.write([person("p", "王伟")])
    assert [fate.outcome for fate in office.give(office.v, office.b)] == ["applied"]
    office.meet()
    office.agree()


def test_a_third_computer_is_let_in_by_the_seal_of_the_first(office: Office) -> None:
    c = office.colleague(office.a, "c")
    office.give(c, office.a)
    office.give(office.a, c)
    c.write([Edit("resident", "x", {"contact": {"phone": "13800000003"}}, scope=VILLAGE_CODE)])
    assert [fate.outcome for fate in office.give(c, office.b)] == ["applied"]  # b has not heard of c from a
    office.meet(c)
    office.give(office.b, office.v)
    office.agree(c)


def test_who_joined_at_a_colleague_s_is_asked_for_there(office: Office) -> None:
    """The kit was made at ``a`` after the two met: ``b`` says whose file to take in first; both at once are enough."""
    office.give(office.a, office.v)
    again = office.world.village(office.a, "new")
    office.give(again, office.a)
    office.give(office.a, again)
    again.write([person("p", "王伟")])
    paths = office.world.send(again)
    (fate,) = exchange.receive(office.b, paths)
    assert (fate.outcome, fate.code) == ("refused", "bundle.unknown_here")
    both = exchange.receive(
        office.b, [*paths, *(path for path in office.world.send(office.a) if "同事" in path.name)]
    )
    assert {one.outcome for one in both} == {"applied"}
    assert office.b.state_of("resident", "p", VILLAGE_CODE)


def test_a_device_a_colleague_has_sealed_needs_no_word_of_it(office: Office) -> None:
    office.give(office.a, office.v)
    again = office.world.village(office.a, "new")
    office.give(again, office.a)
    devices.compared(office.a, again.device.verify_key)
    office.give(office.a, again)
    again.write([person("p", "王伟")])
    assert [fate.outcome for fate in exchange.receive(office.b, office.world.send(again))] == ["applied"]


def test_a_stranger_s_seal_lets_nobody_in(office: Office, world: World) -> None:
    stranger = world.office("stranger")
    world.village(stranger, "other")
    kit = world.folder / "stranger.hqk"
    kits.make(stranger, OFFICE_CODE, OFFICE_TITLE, kit)
    guest = world.open_kit(kit, "guest")
    (path,) = world.send(guest)
    (fate,) = exchange.receive(office.a, [path])
    assert (fate.outcome, fate.code) == ("refused", "bundle.not_for_us")


def test_a_revoked_computer_s_later_entries_wait_everywhere(office: Office) -> None:
    office.v.write([person("p", "王伟")])
    office.give(office.v, office.a)
    office.meet()
    office.give(office.a, office.v)
    key = office.b.device.verify_key
    office.b.write([Edit("resident", "p", {"contact": {"phone": "13800000004"}}, scope=VILLAGE_CODE)])
    office.give(office.b, office.a)
    devices.revoke(office.a, key, "电脑丢失")
    office.b.write([Edit("resident", "p", {"contact": {"phone": "13800000666"}}, scope=VILLAGE_CODE)])
    late = office.world.send(office.b)
    for path in late:
        exchange.receive(office.v, [path])  # the village has not heard of it yet
    assert office.v.state_of("resident", "p")["contact"].value == {"phone": "13800000666"}
    office.give(office.a, office.v)
    assert office.v.state_of("resident", "p")["contact"].value == {"phone": "13800000004"}
    office.give(office.v, office.a)
    assert office.a.state_of("resident", "p", VILLAGE_CODE)["contact"].value == {"phone": "13800000004"}
    assert asked.held_back(office.a, key) > 0
    (fate, *_) = exchange.receive(
        office.v, [path for path in office.world.send(office.b) if "200-" in path.name]
    )
    assert fate.code in ("bundle.device_revoked", "bundle.not_for_us")
    assert summary(office.v) == summary(office.a)
    devices.adopt(office.a, key)
    office.give(office.a, office.v)
    assert office.v.state_of("resident", "p")["contact"].value == {"phone": "13800000666"}
    assert summary(office.v) == summary(office.a)


def test_a_colleague_who_has_not_heard_revokes_nobody_s_revocation(office: Office) -> None:
    c = office.colleague(office.a, "c")
    office.give(c, office.a)
    office.meet(c)
    key = office.b.device.verify_key
    devices.revoke(office.a, key, "电脑丢失")
    paths = office.world.send(c)  # it still calls b one of us
    for path in paths:
        exchange.receive(office.a, [path])
        exchange.receive(office.v, [path])
    states = {one.verify_key: one.state for one in devices.known(office.a)}
    assert states[key] == "revoked"
    office.give(office.a, c, office.v)
    assert {one.verify_key: one.state for one in devices.known(office.v)}[key] == "revoked"
    assert {one.verify_key: one.state for one in devices.known(c)}[key] == "revoked"


def test_a_place_that_joins_later_hears_of_the_revocation(office: Office) -> None:
    devices.revoke(office.a, office.b.device.verify_key, "电脑丢失")
    later = office.world.village(office.a, "w", OTHER_CODE)
    office.give(later, office.a)
    office.give(office.a, later)
    state = {one.verify_key: one.state for one in devices.known(later)}
    assert state[office.b.device.verify_key] == "revoked"
    assert summary(later, OTHER_CODE) == summary(office.a, OTHER_CODE)


def test_each_can_answer_a_request_for_help(office: Office) -> None:
    request, answer = office.world.folder / "q.hqh", office.world.folder / "q.hqa"
    clock = office.v.clock
    help.ask(office.v.folder, request, operator="v的联络员", passphrase="新的 口令 9", clock=clock)
    found = help.look(office.b, request)
    assert found.title and office.b.meta("recovery_recipient") is None
    help.answer(office.b, request, answer)
    assert answer.exists()


def test_a_recovery_key_moved_out_does_not_come_back(office: Office) -> None:
    help.move_out(office.a, office.world.folder / "key.json", "口令 口令 3")
    office.meet()
    assert office.a.meta("recovery_secret") is None
    c = office.colleague(office.a, "c")
    office.give(c, office.a)
    office.give(office.a, c)
    assert c.meta("recovery_secret") is None
    assert (
        kits.recovery_recipient(c) == kits.recovery_recipient(office.a) == kits.recovery_recipient(office.b)
    )


def test_a_restored_office_learns_from_its_colleague(office: Office) -> None:
    """Lost for good: the colleague's kit makes a new computer, which gets everything; the lost one is stopped."""
    office.v.write([person("p", "王伟")])
    office.give(office.v, office.a)
    office.meet()
    devices.revoke(office.b, office.a.device.verify_key, "硬盘损坏")
    c = office.colleague(office.b, "c")
    office.give(c, office.b)
    office.give(office.b, c, office.v)
    assert summary(c) == summary(office.b) == summary(office.v)
    office.v.write([person("q", "李娜")])
    assert "applied" in [fate.outcome for fate in office.give(office.v, c)]


def test_through_one_folder(office: Office, world: World) -> None:
    shared = world.folder / "共享"
    shared.mkdir()
    office.v.write([person("p", "王伟")])
    office.b.write([Edit("resident", "x", {"contact": {"phone": "13800000003"}}, scope=VILLAGE_CODE)])
    for _ in range(6):
        rounds = [folder.exchange(one, shared) for one in (office.v, office.a, office.b)]
    assert not any(one.sent or one.fates for one in rounds), rounds  # it comes to rest
    office.agree()
    names = {path.name for path in shared.glob("*.hqb")}
    assert sum("同事" in name for name in names) == 2, names


def test_a_colleague_s_kit_joins_no_ledger_that_is_there(office: Office, world: World) -> None:
    kit = world.folder / "again.hqk"
    kits.make(office.a, OFFICE_CODE, OFFICE_TITLE, kit)
    with pytest.raises(KnownError, match=r"join\.other_place"):
        enrol.join(office.b, kit)


def test_only_an_office_has_colleagues(office: Office, world: World, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"kit\.not_office"):
        kits.make(office.v, VILLAGE_CODE, "查干沟嘎查村", tmp_path / "k.hqk")
