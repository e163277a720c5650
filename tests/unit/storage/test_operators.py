"""Who works on a ledger: a name and a passphrase each, roles that hold, nobody under somebody else's name."""

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import backup, keys, operators
from storage.clock import Clock
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.log import decode
from tests.unit.storage.worlds import PASSPHRASE, World, person

ROOT = Path(__file__).parents[3]
FIRST, SECOND = "village的联络员", "其其格"
THEIRS = "她的 口令 3"


@pytest.fixture
def ledger(world: World) -> Ledger:
    return world.alone()


@pytest.fixture
def shared(ledger: Ledger) -> Ledger:
    """A ledger of two; the second records and exchanges."""
    operators.add(ledger, SECOND, THEIRS)
    return ledger


def opened(world: World, ledger: Ledger, passphrase: str = PASSPHRASE, operator: str = "") -> Ledger:
    made = Ledger.open(
        ledger.folder,
        passphrase=passphrase,
        data_dir=world.folder / "machines" / "village",
        clock=Clock(now_ms=world.time("village")),
        operator=operator,
        sleep=lambda seconds: None,
    )
    world.opened.append(made)
    return made


def refusal(doing: Callable[[], object]) -> KnownError:
    with pytest.raises(KnownError) as caught:
        doing()
    return caught.value


def authors(ledger: Ledger) -> list[str]:
    return [decode_who(row) for row in ledger.connection.execute("SELECT body FROM op ORDER BY id")]


def decode_who(row: tuple[bytes]) -> str:
    from storage import store

    return decode(store.body(row[0])).body.who


def roles(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    return {one.name: one.roles for one in operators.listed(ledger) if one.removed_on is None}


def test_the_first_operator_has_all_roles(ledger: Ledger) -> None:
    (first,) = operators.listed(ledger)
    assert (first.name, first.roles, first.since, first.removed_on, first.can_open) == (
        FIRST, operators.ROLES, "2025-12-03", None, True,
    )  # fmt: skip


def test_who_unlocked_stands_beside_the_entry(world: World, shared: Ledger) -> None:
    for passphrase, name in ((THEIRS, SECOND), (PASSPHRASE, FIRST)):
        again = opened(world, shared, passphrase)
        again.write([person(f"by {name}", "王伟")])
        assert authors(again)[-1] == again.operator == again.unlocked_by == name


@pytest.mark.parametrize(
    ("asked", "passphrase", "who"),
    [
        (SECOND, THEIRS, SECOND),
        (FIRST, PASSPHRASE, FIRST),
        ("苏会计", PASSPHRASE, f"苏会计（{FIRST}）"),
        ("苏会计", THEIRS, f"苏会计（{SECOND}）"),
        (" ", PASSPHRASE, FIRST),
    ],
)
def test_a_name_that_is_asked_for(
    world: World, shared: Ledger, asked: str, passphrase: str, who: str
) -> None:
    again = opened(world, shared, passphrase, asked)
    again.write([person("r", "王伟")])
    assert authors(again)[-1] == who


def test_a_name_with_a_slot_opens_by_its_own_passphrase_alone(world: World, shared: Ledger) -> None:
    assert refusal(lambda: opened(world, shared, PASSPHRASE, SECOND)).code == "keys.wrong_passphrase"
    assert refusal(lambda: opened(world, shared, THEIRS, FIRST)).code == "keys.wrong_passphrase"


def test_nobody_signs_as_a_colleague_later_either(shared: Ledger) -> None:
    shared.sign_as(SECOND)
    shared.write([person("r", "王伟")])
    assert authors(shared)[-1] == f"{SECOND}（{FIRST}）"
    shared.sign_as("")
    assert shared.operator == FIRST
    with pytest.raises(AttributeError):
        shared.operator = SECOND  # type: ignore[misc]


def test_a_name_edited_in_the_key_file_opens_nothing(world: World, shared: Ledger) -> None:
    path = shared.folder / keys.FILE
    content = json.loads(path.read_bytes())
    for slot in content["slots"]:
        slot["operator"] = SECOND if slot["operator"] == FIRST else FIRST
    content["sum"] = keys._sum(content)
    path.write_text(json.dumps(content), "utf-8")
    assert refusal(lambda: opened(world, shared)).code == "keys.wrong_passphrase"
    assert refusal(lambda: opened(world, shared, THEIRS)).code == "keys.wrong_passphrase"


def test_two_with_the_same_passphrase(world: World, ledger: Ledger) -> None:
    """Without a name the first slot that opens wins; with one only that slot counts."""
    operators.add(ledger, SECOND, PASSPHRASE)
    assert opened(world, ledger).unlocked_by == FIRST
    assert opened(world, ledger, operator=SECOND).unlocked_by == SECOND


# ---- roles


@pytest.mark.parametrize(
    ("had", "doing", "needed"),
    [
        ("exchange", lambda ledger: ledger.write([person("r", "王伟")]), "record"),
        ("exchange", lambda ledger: ledger.write([], lambda connection: None), "record"),
        ("record,exchange", lambda ledger: ledger.write([Edit("certificate", "c", {"x": {}})]), "keys"),
        ("record,exchange", lambda ledger: ledger.write([person("r", "x"), Edit("erasure", "c", {"x": {}})]), "keys"),
        ("record,exchange", lambda ledger: operators.add(ledger, "新人", "x"), "keys"),
        ("record,exchange", lambda ledger: operators.remove(ledger, SECOND), "keys"),
        ("record,exchange", lambda ledger: operators.set_roles(ledger, SECOND, operators.ROLES), "keys"),
    ],
)  # fmt: skip
def test_what_a_role_does_not_cover_is_refused(
    world: World, ledger: Ledger, had: str, doing: Callable[[Ledger], object], needed: str
) -> None:
    operators.add(ledger, SECOND, THEIRS, had.split(","))
    again = opened(world, ledger, THEIRS)
    before = again.connection.total_changes
    error = refusal(lambda: doing(again))
    assert (error.code, error.params) == ("operator.not_allowed", {"operator": SECOND, "role": needed})
    assert again.connection.total_changes == before


def test_a_change_of_roles_holds_at_once_in_every_window(world: World, shared: Ledger) -> None:
    theirs = opened(world, shared, THEIRS)
    theirs.write([person("a", "王伟")])
    operators.set_roles(shared, SECOND, ["exchange"])
    assert refusal(lambda: theirs.write([person("b", "王伟")])).code == "operator.not_allowed"
    operators.set_roles(shared, SECOND, ["keys", "record"])
    assert theirs.write([person("b", "王伟")])
    assert roles(shared)[SECOND] == ("record", "keys")


def test_the_last_who_administers_cannot_go_nor_lose_it(shared: Ledger) -> None:
    for doing in (
        lambda: operators.remove(shared, FIRST),
        lambda: operators.set_roles(shared, FIRST, ["record", "exchange"]),
    ):
        error = refusal(doing)
        assert isinstance(error, RuleViolation) and error.code == "operator.last"
    operators.set_roles(shared, SECOND, ["keys"])
    operators.set_roles(shared, FIRST, ["record"])
    assert refusal(lambda: operators.remove(shared, SECOND)).code == "operator.not_allowed"


def test_a_colleague_who_cannot_open_is_no_other_administrator(world: World, shared: Ledger) -> None:
    operators.set_roles(shared, SECOND, operators.ROLES)
    keys.drop(shared.folder, [SECOND])
    assert refusal(lambda: operators.remove(shared, FIRST)).code == "operator.last"


# ---- coming and going


def test_a_removed_operator_is_out_and_the_entries_keep_the_name(world: World, shared: Ledger) -> None:
    theirs = opened(world, shared, THEIRS)
    theirs.write([person("a", "王伟")])
    operators.remove(shared, SECOND)
    assert refusal(lambda: theirs.write([person("b", "王伟")])).code == "operator.not_allowed"
    assert refusal(lambda: opened(world, shared, THEIRS)).code == "keys.wrong_passphrase"
    assert authors(shared)[-1] == SECOND
    gone = next(one for one in operators.listed(shared) if one.name == SECOND)
    assert (gone.removed_on, gone.can_open) == ("2025-12-03", False)
    assert SECOND not in (shared.folder / keys.FILE).read_text("utf-8")


def test_a_removed_operator_may_come_back(world: World, shared: Ledger) -> None:
    operators.remove(shared, SECOND)
    operators.add(shared, SECOND, "又一个 口令", ["record"])
    assert roles(shared)[SECOND] == ("record",)
    assert refusal(lambda: opened(world, shared, THEIRS)).code == "keys.wrong_passphrase"
    assert opened(world, shared, "又一个 口令").unlocked_by == SECOND


def test_an_old_key_file_lets_no_removed_operator_in(world: World, shared: Ledger) -> None:
    """Somebody puts the key file of an older backup beside the ledger."""
    saved = backup.take(shared, "test")
    operators.remove(shared, SECOND)
    shutil.copyfile(saved / keys.FILE, shared.folder / keys.FILE)
    error = refusal(lambda: opened(world, shared, THEIRS))
    assert (error.code, error.params) == ("operator.removed", {"operator": SECOND})
    assert keys.names(keys.read(shared.folder)) == [FIRST]


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "王（李）", "a(b)", "长" * 41, "\udcff", "\x00", "\u2028"]
)
def test_what_is_no_name(ledger: Ledger, name: str) -> None:
    before = (ledger.folder / keys.FILE).read_bytes()
    assert refusal(lambda: operators.add(ledger, name, THEIRS)).code == "operator.name"
    assert (ledger.folder / keys.FILE).read_bytes() == before


def test_a_name_is_the_same_however_it_is_typed(ledger: Ledger) -> None:
    operators.add(ledger, " Cafe\u0301  王\u200b ", THEIRS)
    assert "Caf\u00e9 王" in roles(ledger)
    assert refusal(lambda: operators.add(ledger, "Caf\u00e9 王", "x")).code == "operator.exists"


@pytest.mark.parametrize("wrong", [[], ["admin"], ["record", "x"], [""]])
def test_what_is_no_role(shared: Ledger, wrong: list[str]) -> None:
    before = operators.listed(shared)
    assert refusal(lambda: operators.add(shared, "新人", "x", wrong)).code == "operator.roles"
    assert refusal(lambda: operators.set_roles(shared, SECOND, wrong)).code == "operator.roles"
    assert operators.listed(shared) == before


def test_somebody_unknown(shared: Ledger) -> None:
    assert refusal(lambda: operators.remove(shared, "谁")).code == "operator.unknown"
    assert refusal(lambda: operators.set_roles(shared, "谁", ["record"])).code == "operator.unknown"
    operators.remove(shared, SECOND)
    assert refusal(lambda: operators.remove(shared, SECOND)).code == "operator.unknown"


def test_an_empty_passphrase_is_none(shared: Ledger) -> None:
    before = operators.listed(shared)
    assert refusal(lambda: operators.add(shared, "新人", "")).code == "keys.empty_passphrase"
    assert (
        refusal(lambda: operators.change_passphrase(shared, PASSPHRASE, "")).code == "keys.empty_passphrase"
    )
    assert operators.listed(shared) == before


def test_one_changes_one_s_own_passphrase(world: World, shared: Ledger) -> None:
    assert (
        refusal(lambda: operators.change_passphrase(shared, THEIRS, "neu")).code == "keys.wrong_passphrase"
    ), "a colleague's passphrase is not one's own"
    operators.change_passphrase(shared, PASSPHRASE, "neu")
    assert refusal(lambda: opened(world, shared)).code == "keys.wrong_passphrase"
    assert opened(world, shared, "neu").unlocked_by == FIRST
    assert opened(world, shared, THEIRS).unlocked_by == SECOND


def test_a_changed_passphrase_does_not_close_older_backups(world: World, ledger: Ledger) -> None:
    saved = backup.take(ledger, "test")
    operators.change_passphrase(ledger, PASSPHRASE, "neu")
    assert keys.unlock(saved, PASSPHRASE)[0] == ledger.raw_key


def test_damage_of_the_key_file_is_not_covered_up(shared: Ledger) -> None:
    path = shared.folder / keys.FILE
    content = json.loads(path.read_bytes())
    content["title"] = "另一个"
    path.write_text(json.dumps(content), "utf-8")
    for doing in (lambda: operators.add(shared, "新人", "x"), lambda: operators.remove(shared, SECOND)):
        assert refusal(doing).code == "keys.damaged"


# ---- rows and slots


def test_a_ledger_of_the_first_schema_has_operators_with_all_roles(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "fixtures" / "ledgers" / "schema-1" / "village"
    shutil.copytree(source, tmp_path / "L")
    where = {"passphrase": PASSPHRASE, "data_dir": tmp_path / "d", "clock": Clock()}
    with Ledger.open(tmp_path / "L", **where) as ledger:  # type: ignore[arg-type]
        (only,) = operators.listed(ledger)
        assert (only.name, only.roles) == (ledger.unlocked_by, operators.ROLES)
        assert ledger.write([person("r", "王伟")])
        (saved,) = [path for path in backup.listed(ledger) if path.name.endswith("before-migration")]
    assert keys.read(tmp_path / "L")["scope"] == ledger.profile.scope
    assert keys.is_whole(keys.read(tmp_path / "L")) and "sum" in keys.read(tmp_path / "L")
    before = (source / "ledger.db").read_bytes()
    from storage.connection import look

    connection = look(saved / "ledger.db", ledger.raw_key)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
    assert (source / "ledger.db").read_bytes() == before


def test_a_slot_nobody_knows_may_record(world: World, ledger: Ledger) -> None:
    keys.put(ledger.folder, ledger.raw_key, "来历不明", "x")
    again = opened(world, ledger, "x")
    assert roles(again)["来历不明"] == ("record",)
    assert roles(again)[FIRST] == operators.ROLES


def test_somebody_can_always_administer(world: World, shared: Ledger) -> None:
    """The key file of another day holds none of those who could."""
    keys.drop(shared.folder, [FIRST])
    again = opened(world, shared, THEIRS)
    assert roles(again)[SECOND] == operators.ROLES


DYING = """
import os, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage import keys, operators
from storage.clock import Clock
from storage.ledger import Ledger
keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1
ledger = Ledger.open(Path({folder!r}), passphrase={passphrase!r}, data_dir=Path({data!r}), clock=Clock())
keys.write_atomically = lambda *arguments: os._exit(9)
{doing}
"""


@pytest.mark.parametrize(
    "doing", ["operators.add(ledger, '新人', 'x', ['record', 'keys'])", "operators.remove(ledger, '其其格')"]
)
def test_a_process_that_dies_between_row_and_slot(world: World, shared: Ledger, doing: str) -> None:
    shared.close()
    script = DYING.format(
        root=str(ROOT), folder=str(shared.folder), passphrase=PASSPHRASE, doing=doing,
        data=str(world.folder / "machines" / "village"),
    )  # fmt: skip
    done = subprocess.run([sys.executable, "-c", script], check=False, env=dict(os.environ))
    assert done.returncode == 9
    again = opened(world, shared)
    slots, able = (
        set(keys.names(keys.read(shared.folder))),
        {one.name for one in operators.listed(again) if one.can_open},
    )
    assert slots == able == ({FIRST, SECOND} if "add" in doing else {FIRST})
    if "add" in doing:  # begun anew, it succeeds
        operators.add(again, "新人", "x", ["record", "keys"])
        assert opened(world, shared, "x").unlocked_by == "新人"
    else:
        assert refusal(lambda: opened(world, shared, THEIRS)).code == "keys.wrong_passphrase"


# ---- without room


def full(*_arguments: object) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def noted(ledger: Ledger) -> object:
    return ledger.meta("operator_joining")


def test_no_room_for_the_slot_lets_nobody_in(
    world: World, shared: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(keys, "write_atomically", full)
        with pytest.raises(OSError, match="No space"):
            operators.add(shared, "新人", "x", ["exchange"])
    assert "新人" not in roles(shared) and noted(shared) is None
    assert "新人" not in roles(opened(world, shared))
    operators.add(shared, "新人", "x", ["exchange"])
    assert roles(opened(world, shared, "x"))["新人"] == ("exchange",)


@pytest.mark.parametrize("before", ["new", "removed"])
@pytest.mark.parametrize("slot", [False, True])
def test_what_stopped_between_slot_and_row_is_settled_on_opening(
    world: World, shared: Ledger, monkeypatch: pytest.MonkeyPatch, before: str, slot: bool
) -> None:
    """The slot was written and the row was not, or neither; nothing more could be written then."""
    if before == "removed":
        operators.add(shared, "新人", "old")
        operators.remove(shared, "新人")
    put = keys.put

    def last(*arguments: object) -> None:
        if slot:
            put(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(keys, "drop", full)
        full()

    monkeypatch.setattr(keys, "put", last)
    with pytest.raises(OSError, match="No space"):
        operators.add(shared, "新人", "x", ["exchange"])
    monkeypatch.undo()
    assert noted(shared) is not None
    again = opened(world, shared)
    standing = {one.name: (one.roles, one.can_open) for one in operators.listed(again) if not one.removed_on}
    assert standing.get("新人") == ((("exchange",), True) if slot else None)
    assert ("新人" in keys.names(keys.read(shared.folder))) is slot
    assert noted(again) is None
    if slot:
        assert opened(world, shared, "x").unlocked_by == "新人"
