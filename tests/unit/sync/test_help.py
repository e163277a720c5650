"""A forgotten passphrase: request, code, answer; each works once, where it was made, and damage changes nothing."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pyrage
import pytest

from storage import backup, keys, operators
from storage.errors import KnownError
from storage.ledger import Ledger
from sync import help as helping
from sync import kits
from tests.unit.storage.worlds import (
    OFFICE_CODE,
    OFFICE_TITLE,
    PASSPHRASE,
    VILLAGE_CODE,
    World,
    cheap_keys,
    person,
    world,
)

__all__ = ["cheap_keys", "world"]
NEW = "记得住的 新口令"
WHO = "village的联络员"


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    made = world.village(office)
    made.write([person("r", "王伟")])
    made.close()
    return made


def ask(world: World, village: Ledger, name: str = "f.hqh", operator: str = WHO) -> Path:
    path = world.folder / name
    helping.ask(village.folder, path, operator=operator, passphrase=NEW, clock=village.clock)
    return path


def answer(world: World, office: Ledger, path: Path, name: str = "a.hqa") -> Path:
    out = world.folder / name
    helping.answer(office, path, out)
    return out


def open_answer(world: World, village: Ledger, path: Path, passphrase: str = NEW) -> helping.LetIn:
    return helping.open_answer(
        village.folder,
        path,
        passphrase=passphrase,
        data_dir=world.folder / "machines" / "village",
        clock=village.clock,
        sleep=lambda seconds: None,
    )


def opened(world: World, village: Ledger, passphrase: str) -> Ledger:
    made = Ledger.open(
        village.folder,
        passphrase=passphrase,
        data_dir=world.folder / "machines" / "village",
        clock=village.clock,
        sleep=lambda seconds: None,
    )
    world.opened.append(made)
    return made


def refusal(doing: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        doing()
    return caught.value


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_whole_way(world: World, office: Ledger, village: Ledger) -> None:
    path = ask(world, village)
    assert helping.waiting(village.folder) == (WHO, "2025-12-03")
    seen = helping.look(office, path)
    assert (seen.title, seen.scope, seen.operator) == (village.profile.title, VILLAGE_CODE, WHO)
    answered = answer(world, office, path)
    assert open_answer(world, village, answered) == helping.LetIn(WHO, operators.ROLES)
    assert helping.waiting(village.folder) is None
    again = opened(world, village, NEW)
    assert (again.unlocked_by, again.replica) == (WHO, village.replica)
    assert again.state_of("resident", "r")
    assert refusal(lambda: opened(world, village, PASSPHRASE)).code == "keys.wrong_passphrase"


def test_the_code_is_the_same_at_both_ends_and_nowhere_else(
    world: World, office: Ledger, village: Ledger
) -> None:
    asked = helping.ask(
        village.folder, world.folder / "1.hqh", operator=WHO, passphrase=NEW, clock=village.clock
    )
    seen = helping.look(office, world.folder / "1.hqh")
    assert asked.code == seen.code
    assert [len(part) for part in asked.code.split(" ")] == [4, 4, 4] and asked.code.replace(
        " ", ""
    ).isdigit()
    other = helping.ask(
        village.folder, world.folder / "2.hqh", operator="别人", passphrase=NEW, clock=village.clock
    )
    assert other.code != asked.code


def test_a_code_that_was_not_heard_right_stops_the_answer(
    world: World, office: Ledger, village: Ledger
) -> None:
    path, out = ask(world, village), world.folder / "a.hqa"
    code = helping.look(office, path).code
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert refusal(lambda: helping.answer(office, path, out, code=wrong)).code == "help.code"
    assert not out.exists()
    wide = "".join(chr(ord(character) + 0xFEE0) if character.isdigit() else character for character in code)
    assert helping.answer(office, path, out, code=wide.replace(" ", "-"))


def test_the_answer_is_noted(world: World, office: Ledger, village: Ledger) -> None:
    path = ask(world, village)
    helping.look(office, path)
    assert office.connection.execute("SELECT count(*) FROM export").fetchone() == (0,)
    answer(world, office, path)
    assert office.connection.execute("SELECT what, name, who FROM export").fetchall() == [
        ("help_answer", "a.hqa", office.operator)
    ]


def test_the_request_shows_nothing_to_others(world: World, office: Ledger, village: Ledger) -> None:
    raw = ask(world, village).read_bytes() + (village.folder / helping.PENDING).read_bytes()
    for secret in (village.raw_key, NEW.encode(), PASSPHRASE.encode(), b"AGE-SECRET"):
        assert secret not in raw
    request = ask(world, village).read_bytes()
    for told in (WHO, village.profile.title, VILLAGE_CODE, village.profile.ledger):
        assert told.encode() not in request


def test_an_answer_works_once(world: World, office: Ledger, village: Ledger) -> None:
    answered = answer(world, office, ask(world, village))
    open_answer(world, village, answered)
    before = content(village.folder)
    assert refusal(lambda: open_answer(world, village, answered)).code == "help.none_waiting"
    ask(world, village, "again.hqh")
    assert refusal(lambda: open_answer(world, village, answered)).code == "help.other_answer"
    assert content(village.folder)[keys.FILE] == before[keys.FILE]


def test_a_later_request_replaces_the_earlier(world: World, office: Ledger, village: Ledger) -> None:
    first = answer(world, office, ask(world, village, "1.hqh"), "1.hqa")
    second = answer(world, office, ask(world, village, "2.hqh"), "2.hqa")
    before = content(village.folder)
    assert refusal(lambda: open_answer(world, village, first)).code == "help.other_answer"
    assert content(village.folder) == before
    assert open_answer(world, village, second)


def test_an_answer_opens_only_where_it_was_asked_for(world: World, office: Ledger, village: Ledger) -> None:
    other = world.village(office, "second", "150621102201")
    other.close()
    answered = answer(world, office, ask(world, village))
    ask(world, other, "other.hqh", "second的联络员")
    assert refusal(lambda: open_answer(world, other, answered)).code == "help.other_answer"
    # Even with the pending request of the one carried into the other's folder.
    (other.folder / helping.PENDING).write_bytes((village.folder / helping.PENDING).read_bytes())
    assert refusal(lambda: open_answer(world, other, answered)).code == "help.other_answer"
    assert opened(world, other, PASSPHRASE).unlocked_by == "second的联络员"


def test_another_office_cannot_answer(world: World, office: Ledger, village: Ledger) -> None:
    path = ask(world, village)
    stranger = world.office("stranger", "150626101000")
    assert refusal(lambda: helping.look(stranger, path)).code == "help.not_ours"
    kits.recovery_recipient(stranger)
    error = refusal(lambda: answer(world, stranger, path))
    assert error.code == "help.not_ours" and not (world.folder / "a.hqa").exists()
    assert refusal(lambda: helping.look(world.village(office, "v2"), path)).code == "help.not_ours"


def test_a_wrong_passphrase_changes_nothing(world: World, office: Ledger, village: Ledger) -> None:
    answered = answer(world, office, ask(world, village))
    before = content(village.folder)
    assert refusal(lambda: open_answer(world, village, answered, "falsch")).code == "keys.wrong_passphrase"
    assert content(village.folder) == before
    assert open_answer(world, village, answered)


def test_files_mixed_up_and_other_files(world: World, office: Ledger, village: Ledger) -> None:
    path = ask(world, village)
    answered = answer(world, office, path)
    assert refusal(lambda: helping.look(office, answered)).code == "help.mixed_up"
    assert refusal(lambda: open_answer(world, village, path)).code == "help.mixed_up"
    for wrong in (world.kit(office), village.folder / "ledger.db", village.folder / keys.FILE):
        assert refusal(lambda wrong=wrong: helping.look(office, wrong)).code == "help.damaged"
        assert refusal(lambda wrong=wrong: open_answer(world, village, wrong)).code == "help.damaged"
    for missing in (world.folder / "none.hqh", world.folder):
        assert refusal(lambda missing=missing: helping.look(office, missing)).code == "file.unreadable"


def test_files_cut_or_changed_anywhere(world: World, office: Ledger, village: Ledger) -> None:
    path = ask(world, village)
    answered = answer(world, office, path)
    codes = {"help.damaged", "help.not_ours", "help.other_answer"}
    for file, read in (
        (path, lambda: helping.look(office, path)),
        (answered, lambda: open_answer(world, village, answered)),
    ):
        raw = file.read_bytes()
        for at in range(0, len(raw), 13):
            for damaged in (raw[:at], raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]):
                file.write_bytes(damaged)
                assert refusal(read).code in codes, at
        file.write_bytes(raw)
    assert open_answer(world, village, answered)


HOSTILE = [b"", b"{}", b"[" * 100_000, b"null", b'{"ledger": 5}', b"\xff"]


@pytest.mark.parametrize("inside", HOSTILE)
def test_sealed_nonsense(world: World, office: Ledger, village: Ledger, inside: bytes) -> None:
    path = ask(world, village)
    answered = answer(world, office, path)
    recovery = pyrage.x25519.Recipient.from_str(kits.recovery_recipient(office))
    recipient = pyrage.x25519.Recipient.from_str(helping.look(office, path).recipient)
    path.write_bytes(b"HQH1\n" + pyrage.encrypt(inside, [recovery]))
    answered.write_bytes(b"HQA1\n" + pyrage.encrypt(inside, [recipient]))
    before = content(village.folder)
    assert refusal(lambda: answer(world, office, path)).code == "help.damaged"
    assert refusal(lambda: open_answer(world, village, answered)).code == "help.damaged"
    assert content(village.folder) == before


def test_an_answer_with_another_key_is_refused(world: World, office: Ledger, village: Ledger) -> None:
    path = ask(world, village)
    recipient = pyrage.x25519.Recipient.from_str(helping.look(office, path).recipient)
    forged = world.folder / "forged.hqa"
    inside = msgspec.json.encode({"ledger": village.profile.ledger, "raw_key": bytes(32)})
    forged.write_bytes(b"HQA1\n" + pyrage.encrypt(inside, [recipient]))
    before = content(village.folder)
    assert refusal(lambda: open_answer(world, village, forged)).code == "ledger.unreadable"
    assert {name: raw for name, raw in content(village.folder).items() if name != "ledger.lock"} == {
        name: raw for name, raw in before.items() if name != "ledger.lock"
    }


@pytest.mark.parametrize("damaged", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_a_damaged_pending_request_is_none(
    world: World, office: Ledger, village: Ledger, damaged: bytes
) -> None:
    answered = answer(world, office, ask(world, village))
    (village.folder / helping.PENDING).write_bytes(damaged)
    assert helping.waiting(village.folder) is None
    assert refusal(lambda: open_answer(world, village, answered)).code == "help.none_waiting"


def test_a_ledger_of_no_office_has_nobody_to_ask(world: World) -> None:
    alone = world.alone()
    assert refusal(lambda: ask(world, alone)).code == "help.no_office"
    assert not (alone.folder / helping.PENDING).exists() and not (world.folder / "f.hqh").exists()


def test_roles_and_the_removed(world: World, office: Ledger) -> None:
    village = world.village(office)
    operators.add(village, "其其格", "x", ["record"])
    operators.add(village, "旧人", "y", ["record"])
    operators.remove(village, "旧人")
    village.close()
    assert open_answer(
        world, village, answer(world, office, ask(world, village, operator="其其格"))
    ).roles == ("record",)
    gone = answer(world, office, ask(world, village, operator="旧人"))
    before = content(village.folder)
    assert refusal(lambda: open_answer(world, village, gone)).code == "operator.removed"
    assert content(village.folder)[keys.FILE] == before[keys.FILE]
    fresh = open_answer(world, village, answer(world, office, ask(world, village, operator="接手的人")))
    assert fresh == helping.LetIn("接手的人", operators.ROLES)
    assert opened(world, village, PASSPHRASE).unlocked_by == WHO  # the colleagues go on as before


def test_who_may_not_administer_the_office_may_not_answer(
    world: World, office: Ledger, village: Ledger
) -> None:
    operators.add(office, "其其格", "x", ["record", "exchange"])
    theirs = Ledger.open(office.folder, passphrase="x", data_dir=world.folder / "d", clock=office.clock)
    world.opened.append(theirs)
    path = ask(world, village)
    assert refusal(lambda: answer(world, theirs, path)).code == "operator.not_allowed"
    assert refusal(lambda: helping.move_out(theirs, world.folder / "k", "x")).code == "operator.not_allowed"


def test_the_same_way_one_level_up(world: World) -> None:
    """A township asks its banner, whose recovery key opens the township's ledger."""
    banner = world.office("banner", "150621000000")
    kit = world.folder / "town.hqk"
    kits.make(banner, OFFICE_CODE, OFFICE_TITLE, kit)
    town = world.open_kit(kit, "town")
    town.close()
    answered = answer(world, banner, ask(world, town, operator="town的联络员"))
    assert open_answer(world, town, answered).roles == operators.ROLES
    assert opened(world, town, NEW).is_office


def test_a_file_that_cannot_be_written(world: World, office: Ledger, village: Ledger) -> None:
    (world.folder / "file").write_text("x")
    assert refusal(lambda: ask(world, village, "file/f.hqh")).code == "file.not_written"
    path = ask(world, village)
    assert refusal(lambda: answer(world, office, path, "file/a.hqa")).code == "file.not_written"


# ---- the recovery key, kept offline


def test_the_recovery_key_is_moved_out(world: World, office: Ledger, village: Ledger) -> None:
    path, file = ask(world, village), world.folder / "恢复密钥.json"
    secret, recipient = str(office.meta("recovery_secret")), kits.recovery_recipient(office)
    helping.move_out(office, file, "保险柜 口令")
    assert office.meta("recovery_secret") is None
    assert kits.recovery_recipient(office) == recipient  # later kits name the same key
    assert secret.encode() not in file.read_bytes()
    for row in office.connection.execute("SELECT key, value FROM meta"):
        assert secret not in str(row)
    assert refusal(lambda: helping.look(office, path)).code == "help.key_is_away"
    assert refusal(lambda: helping.read_key(file, "falsch")).code == "recovery_key.passphrase"
    held = helping.read_key(file, "保险柜 口令")
    helping.answer(office, path, world.folder / "a.hqa", secret=held)
    assert open_answer(world, village, world.folder / "a.hqa")
    assert refusal(lambda: helping.move_out(office, world.folder / "2.json", "x")).code == "recovery_key.away"


def test_nothing_is_forgotten_before_the_file_is_there(
    world: World, office: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    kits.recovery_recipient(office)
    taken = world.folder / "taken.json"
    taken.write_text("another key")
    assert refusal(lambda: helping.move_out(office, taken, "x")).code == "file.exists"
    assert (
        refusal(lambda: helping.move_out(office, world.folder / "k.json", "")).code == "keys.empty_passphrase"
    )
    (world.folder / "file").write_text("x")
    assert (
        refusal(lambda: helping.move_out(office, world.folder / "file" / "k", "x")).code == "file.not_written"
    )
    monkeypatch.setattr(helping, "read_key", lambda path, passphrase: "something else")
    assert refusal(lambda: helping.move_out(office, world.folder / "k2.json", "x")).code == "file.not_written"
    assert office.meta("recovery_secret") is not None
    assert taken.read_text() == "another key"


def test_a_village_has_no_recovery_key(world: World, village: Ledger) -> None:
    again = opened(world, village, PASSPHRASE)
    assert refusal(lambda: helping.move_out(again, world.folder / "k", "x")).code == "kit.not_office"


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"kind": "x"}', b"null"])
def test_what_is_no_recovery_key(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "k").write_bytes(raw)
    assert refusal(lambda: helping.read_key(tmp_path / "k", "x")).code == "recovery_key.unreadable"
    assert refusal(lambda: helping.read_key(tmp_path / "none", "x")).code == "file.unreadable"


def test_a_village_s_backup_opens_for_its_office(world: World, office: Ledger) -> None:
    """The plain fact that is told when a village enrols."""
    village = world.village(office)
    saved = backup.take(village, "test")
    slots = keys.recoveries(keys.read(saved), keys.RECOVERY)
    assert keys.unwrap(slots, str(office.meta("recovery_secret"))) == village.raw_key
