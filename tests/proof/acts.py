"""Everything the program writes, one act each: what it needs, how it is done, what must be as before where it fails."""

import codecs
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from gui.trouble import known
from storage import backup, keys, operators, restoring
from storage.clock import Clock
from storage.connection import DatabaseError
from storage.errors import KnownError
from storage.ledger import FILE, Ledger
from storage.pinyin import initials
from sync import enrol, exchange, help, kits
from sync.intake import roster
from sync.reports.xlsx import ColumnSpec, write_table
from tests.proof.processes import Tell
from tests.proof.squeezes import Squeeze
from tests.unit.storage.worlds import PASSPHRASE, START_MS, World, everything, person

Done = Callable[[], object]
OTHER = "绿色的 马鞍 8"


@dataclass
class Desk:
    """What the acts work with, in a copy of their own: ledgers are opened where an act wants them open."""

    folder: Path
    preview: roster.Preview
    world: World

    def open(self, name: str) -> Ledger:
        """Open a ledger, once."""
        found = [ledger for ledger in self.world.opened if ledger.folder.name == name]
        return found[0] if found else self.world.open(self.folder / name, name)

    def who(self, name: str) -> dict[str, Any]:
        """Return what making or opening a ledger asks for."""
        clock = Clock(now_ms=self.world.time(name))
        return {"passphrase": PASSPHRASE, "data_dir": self.folder / "machines" / name, "clock": clock}


def edit(desk: Desk) -> Done:
    """Enter sixty people with long notes."""
    village = desk.open("village")
    many = [person(f"f{number}", "王伟", remark={"note": "备注" * 300}) for number in range(60)]
    return lambda: village.write(many)


def intake(desk: Desk) -> Done:
    """Apply a list."""
    village = desk.open("village")
    return lambda: roster.apply(village, desk.preview)


def receive(desk: Desk) -> Done:
    """Take in a bundle, which begins with a backup."""
    office = desk.open("office")
    (path,) = (desk.folder / "in").iterdir()

    def take() -> None:
        (fate,) = exchange.receive(office, [path])
        if fate.outcome == "refused":
            raise KnownError(fate.code, **(fate.params or {}))

    return take


def send(desk: Desk) -> Done:
    """Write a bundle."""
    village = desk.open("village")
    village.write([person("s", "王伟")])
    return lambda: exchange.send(village, desk.folder / "out")


def save(desk: Desk) -> Done:
    """Make a backup."""
    village = desk.open("village")
    return lambda: backup.take(village, "test")


def kit(desk: Desk) -> Done:
    """Make a kit."""
    office = desk.open("office")
    return lambda: kits.make(office, "150621102202", "敖包梁村", desk.folder / "out" / "k.hqk")


def export(desk: Desk) -> Done:
    """Write a sheet."""
    columns = [ColumnSpec("姓名"), ColumnSpec("备注")]
    rows = [(f"王伟{number}", "备注" * 20) for number in range(2000)]
    return lambda: write_table(desk.folder / "out" / "名单.xlsx", "名单", columns, rows)


def passphrase(desk: Desk) -> Done:
    """Change a passphrase, which rewrites the key slots."""
    village = desk.open("village")
    return lambda: operators.change_passphrase(village, PASSPHRASE, OTHER)


def operator(desk: Desk) -> Done:
    """Let somebody else work here too."""
    village = desk.open("village")

    def add() -> None:
        """Once: a try that only failed at its very end has let them in when the ledger is opened again."""
        if not any(one.name == "新来的" and one.can_open for one in operators.listed(village)):
            operators.add(village, "新来的", OTHER)

    return add


def ask_for_help(desk: Desk) -> Done:
    """Ask the office to unlock."""
    clock = Clock(now_ms=desk.world.time("village"))
    out = desk.folder / "out" / "求助.hqh"
    return lambda: help.ask(desk.folder / "village", out, operator="联络员", passphrase=OTHER, clock=clock)


def begin(desk: Desk) -> Done:
    """Make a ledger from a kit."""
    (path,) = (desk.folder / "kits").iterdir()
    who = desk.who("new") | {"operator": "联络员"}
    return lambda: enrol.open_kit(desk.folder / "new", path, **who).close()


def open_older(desk: Desk) -> Done:
    """Open a ledger of an older schema: a backup, then the migration."""
    return lambda: Ledger.open(desk.folder / "older", **desk.who("older")).close()


def open_again(desk: Desk) -> Done:
    """Open a ledger, as one does every day."""
    return lambda: Ledger.open(desk.folder / "village", **desk.who("village")).close()


def restore(desk: Desk) -> Done:
    """Put a backup in the ledger's place."""
    folder = desk.folder / "village"
    with closing(Ledger.open(folder, **desk.who("village"))) as village:
        saved = backup.take(village, "test")
        village.write([person("later", "李娜")])
    raw_key, unlocked_by = keys.unlock(folder, PASSPHRASE)
    clock = Clock(now_ms=desk.world.time("village"))
    return lambda: restoring.restore(folder, saved, raw_key=raw_key, unlocked_by=unlocked_by, clock=clock)


ACTS: dict[str, Callable[[Desk], Done]] = {
    act.__name__: act
    for act in (
        edit, intake, receive, send, save, kit, export, passphrase, operator, ask_for_help, begin, open_older,
        open_again, restore,
    )
}  # fmt: skip
_OURS_TO_CHANGE = ("-wal", "-shm", "ledger.lock", "filler")
"""Files that only hold what was not committed, or nothing."""
_MAY_CHANGE = {
    "open_older": (
        "older/ledger.db",
        "older/keys.json",
    ),  # step by step, each whole; the next opening goes on
}
_TOGETHER = {"operator": {"village/ledger.db", "village/keys.json"}}
"""What changes as a whole or not at all, once the ledger was opened again."""


def _standing(desk: Desk, name: str) -> dict[str, object]:
    """Return all that is there: every file, of open ledgers what they say; but for backups that are whole."""
    found: dict[str, object] = {}
    opened = {ledger.folder: ledger for ledger in desk.world.opened}
    for path in sorted(desk.folder.rglob("*")):
        where = path.relative_to(desk.folder)
        left_out = path.name.endswith(_OURS_TO_CHANGE) or "machines" in where.parts
        if (
            path.is_file()
            and not left_out
            and str(where) not in _MAY_CHANGE.get(name, ())
            and not _is_saved(where)
        ):
            inside = opened.get(path.parent) if path.name == FILE else None
            found[str(where)] = _rows(inside) if inside else path.read_bytes()
    return found


def _is_saved(where: Path) -> bool:
    """Whether a file is part of a whole backup: one more of them is no harm."""
    return "backups" in where.parts and not where.parent.name.endswith(".part")


def _rows(ledger: Ledger) -> dict[str, list[Any]]:
    """Return all a ledger holds but the signing of what was written, which sending may leave done."""
    found = dict(everything(ledger))
    found.pop("segment", None)
    ledgers_own = "SELECT oid, stream, seq, record, inert, bundle, body FROM op ORDER BY id"
    return found | {"op": ledger.connection.execute(ledgers_own).fetchall()}


STEPS = (0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 320, 500, 800)
"""Pages left: an act that finds none of them enough needs more than three megabytes."""


def press(
    tell: Tell, source: Path, target: Path, squeeze: Squeeze, name: str, preview: roster.Preview
) -> None:
    """Try an act with ever more room until it works, and tell how each try ended: a code, "" for done.

    What went wrong has to be expected trouble, and has to leave everything as it was.
    """
    try:
        folder = squeeze.bring(source, target)
    except OSError as error:
        tell(("cannot", str(error)))
        return
    desk = Desk(folder, preview, World(folder))
    desk.world.time("village").ms = desk.world.time("office").ms = START_MS + 3_600_000
    act = ACTS[name](desk)
    before = _standing(desk, name)
    for pages in STEPS:
        squeeze.leave(pages)
        try:
            act()
            code = ""
        except (KnownError, DatabaseError, OSError) as error:
            found = known(error, folder)
            code = found.code if found else f"unexpected: {error!r}"
        squeeze.release()
        if code and name in _TOGETHER:
            Ledger.open(desk.folder / "village", **desk.who("village")).close()
        after = _standing(desk, name)
        changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        if code and set(changed) == _TOGETHER.get(name):
            changed, before = [], after
        tell((pages, code, changed))
        if not code or code.startswith("unexpected"):
            break
    else:
        act()
        tell((None, "", [key for key, value in _standing(desk, name).items() if before.get(key) != value]))
    desk.world.close()


WARM = (xlsxwriter, initials("暖"), codecs.lookup("utf-16-le"))
"""What the program loads when it first needs it, which nobody may be able to do later."""
