"""Status and check: the shape of the figures, what they rest on, and damage that must not stay hidden."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.clock import Clock
from storage.ledger import FILE, Ledger
from tests.e2e.conftest import MAIN, ONE, PASSPHRASE, PEOPLE, TWO, Program, World

FIGURES = set(
    "people households paid confirmed credential assist conflicts to_review should should_paid rate explained "
    "special special_paid amount".split()
)
HEAVY = {
    "PySide6",
    "openpyxl",
    "pandas",
    "numpy",
    "sqlite_utils",
    "pypinyin",
    "python_calamine",
    "xlsxwriter",
    "rapidfuzz",
}


def test_the_shape_of_status(world: World) -> None:
    told = world.program.status(world.office)
    assert told.keys() >= FIGURES
    assert {
        "scope",
        "name",
        "role",
        "year",
        "policy",
        "today",
        "denominator",
        "window",
        "villages",
    } <= told.keys()
    assert {"ops", "state", "scopes"} <= told.keys()
    assert told["today"] == "2025-12-03"
    assert told["year"] == 2026
    assert told["denominator"] == {"code": "resident", "name": "常住人口"}
    assert told["window"]["start"] == "2025-09-01"
    assert told["window"]["end"] == "2025-12-31"
    assert (told["window"]["state"], told["window"]["days_left"]) == ("open", 28)
    assert told["window"]["source"]
    for line in told["villages"]:
        assert line.keys() >= FIGURES
        assert {"scope", "name", "last_bundle", "last_at", "device", "ops", "state"} <= line.keys()
    assert set(told["scopes"]) == {ONE, TWO}
    assert len(told["ops"]["fingerprint"]) == 32


def test_the_figures(world: World) -> None:
    told = world.program.status(world.one)
    assert (told["people"], told["paid"], told["confirmed"], told["credential"]) == (len(PEOPLE), 2, 0, 1)
    assert (told["should"], told["should_paid"], told["rate"], told["amount"]) == (8, 2, 25.0, 80000)


def test_nothing_depends_on_today(world: World, copied: Callable[[Path], Path]) -> None:
    office = copied(world.office)  # each day opened leaves a backup of that day
    early = world.program.json("status", office, today="2025-08-01")
    late = world.program.json("status", office, today="2027-03-01")
    for name in ("ops", "state", "scopes"):
        assert early[name] == late[name]
    assert (early["window"]["state"], late["window"]["state"]) == ("before", "over")


def test_words_for_people(world: World) -> None:
    told = world.program.quick("status", world.office).out
    assert "查干沟嘎查村" in told
    assert "25.0%" in told
    english = world.program.quick("status", world.office, "--language", "en").out
    assert "28 days left" in english


@pytest.mark.parametrize("language", ["C", "POSIX", "de_DE.ISO-8859-1"])
def test_output_is_utf8_whatever_the_system_speaks(world: World, language: str) -> None:
    env = {"LANG": language, "LC_ALL": language, "PYTHONUTF8": None, "PYTHONIOENCODING": "latin-1"}
    done = world.program("status", world.one, "--json", env=env)
    assert done.data["name"] == "查干沟嘎查村"


def test_status_starts_light(world: World) -> None:
    """What a verb does not need it must not load: the start of every call pays for it."""
    probe = (
        "import json, runpy, sys\n"
        "try:\n    runpy.run_path(sys.argv[0], run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    words, path = [str(MAIN), "status", str(world.one)], str(MAIN.parent)
    code = f"import sys; sys.argv = {words!r}\nsys.path.insert(0, {path!r})\n{probe}"
    env = {"HUQING_PASSPHRASE": PASSPHRASE, "HUQING_DATA_DIR": str(world.program.data_dir), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert "sqlcipher3" in loaded
    assert not loaded & HEAVY


def test_a_sound_ledger(world: World) -> None:
    for ledger in (world.office, world.one):
        told = world.program.json("check", ledger)
        assert told["ok"] is True
        assert told["findings"] == []
        assert told["operations"] == world.program.status(ledger)["ops"]["count"]


def spoil(ledger: Path, sql: str, data_dir: Path) -> None:
    """Change a ledger behind its back."""
    with Ledger.open(ledger, passphrase=PASSPHRASE, data_dir=data_dir, clock=Clock()) as opened:
        assert opened.connection.execute(sql).rowcount > 0


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE resident SET name = '改名' WHERE name = '布仁'", "check.derived"),
        ("DELETE FROM payment", "check.derived"),
        ("UPDATE search SET initials = 'zz' WHERE initials = 'br'", "check.derived"),
        (
            "UPDATE op SET body = (SELECT b.body FROM op b WHERE b.id = op.id + 1) WHERE id = 3",
            "check.operation_changed",
        ),
        ("UPDATE op SET record = 'elsewhere' WHERE id = 1", "check.operation_misplaced"),
        ("DELETE FROM op WHERE id = 3", "check.stream"),
        ("UPDATE stream SET count = count + 1", "check.stream"),
    ],
)
def test_what_was_changed_behind_its_back_is_found(
    world: World, program: Program, copied: Callable[..., Path], sql: str, code: str
) -> None:
    ledger = copied(world.one)
    spoil(ledger, sql, program.data_dir)
    done = program.quick("check", ledger, "--json", code=3)
    assert done.data["ok"] is False
    assert code in {finding["code"] for finding in done.data["findings"]}
    assert all(finding["sentence"] for finding in done.data["findings"])
    assert program.json("check", ledger, code=3)["ok"] is False, "a check must not repair silently"


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_a_flipped_bit_is_found(
    world: World, program: Program, copied: Callable[..., Path], share: float
) -> None:
    ledger = copied(world.one)
    content = bytearray((ledger / FILE).read_bytes())
    content[int(len(content) * share)] ^= 4
    (ledger / FILE).write_bytes(content)
    done = program.quick("check", ledger, "--json", code=3)
    assert "备份" in done.out


def test_a_ledger_that_is_none(program: Program) -> None:
    assert program.json("check", "nowhere", code=3)["code"] == "ledger.not_found"
    (program.folder / "half").mkdir()
    (program.folder / "half" / "keys.json").write_text("{", encoding="utf-8")
    assert program.json("check", "half", code=3)["code"] == "keys.damaged"
