"""No room on the disk, files that may not grow, folders that cannot be written: at each write of each act.

Every failure is expected trouble with a sentence, changes nothing, and the same act works once there is room.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import errors
from storage.ledger import Edit
from sync import exchange
from sync.intake import roster
from tests.proof import counts
from tests.proof.acts import ACTS, press
from tests.proof.processes import apart
from tests.proof.squeezes import FullDisk, ReadOnly, SmallFiles, Squeeze
from tests.unit.storage.worlds import PASSPHRASE, World, cheap_keys, id_number, person

__all__ = ["cheap_keys"]
MAIN = Path(__file__).parents[2] / "main.py"
SCHEMA_1 = Path(__file__).parents[1] / "fixtures" / "ledgers" / "schema-1"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and leave as POSIX has them")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cheap_keys: None) -> Iterator[tuple[Path, roster.Preview]]:
    """An office and its village, closed; a bundle and a list to take in, a kit to open, a ledger of schema 1."""
    world = World(tmp_path_factory.mktemp("room"))
    office = world.office()
    village = world.village(office)
    home = {"household": "h", "relation": "son"}
    village.write([person(f"r{number}", "王伟", id_number(number), membership=home) for number in range(30)])
    village.write([Edit("household", "h", {"number": {"number": "1"}, "head": {"head_name": "王伟"}})])
    exchange.receive(office, world.send(village))
    other = world.village(office, "other", "150621102201")
    other.write([person(f"b{number}", "李娜", remark={"note": "备注" * 200}) for number in range(40)])
    (bundle,) = world.send(other)
    (world.folder / "in").mkdir()
    shutil.copy(bundle, world.folder / "in")
    (world.folder / "kits").mkdir()
    shutil.move(world.kit(office), world.folder / "kits")
    (world.folder / "out").mkdir()
    rows = (f"{number // 4},人员{number},{id_number(number)}" for number in range(1000, 1080))
    (world.folder / "花名册.csv").write_text("\n".join(["户编号,姓名,身份证号", *rows]), encoding="utf-8")
    preview = roster.stage(village, world.folder / "花名册.csv", kind="roster")
    world.close()
    shutil.copytree(SCHEMA_1 / "village", world.folder / "older")
    shutil.rmtree(world.folder / "sent")
    yield world.folder, preview


def pressed(
    made: tuple[Path, roster.Preview], target: Path, squeeze: Squeeze, name: str
) -> list[tuple[str, list[str]]]:
    """Return how each try ended: its code and what it changed."""
    told = apart(press, made[0], target, squeeze, name, made[1])
    if told[0][0] == "cannot":
        pytest.skip(f"not possible here: {told[0][1]}")
    tries = [(code, changed) for _, code, changed in told]
    failed = [(code, changed) for code, changed in tries if code]
    counts.done["full"] += len(failed)
    for code, changed in failed:
        assert code in errors.codes(), code
        assert changed == [], (code, changed)
    assert tries[-1][0] == ""
    return tries


@pytest.mark.parametrize("name", ACTS)
def test_a_full_disk(made: tuple[Path, roster.Preview], tmp_path: Path, name: str) -> None:
    tries = pressed(made, tmp_path / "disk", FullDisk(), name)
    assert len(tries) > 1 or name == "open_again"


FEW = ("edit", "receive", "export")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in ACTS]
)
def test_files_that_may_not_grow(made: tuple[Path, roster.Preview], tmp_path: Path, name: str) -> None:
    tries = pressed(made, tmp_path / "w", SmallFiles(), name)
    assert len(tries) > 1 or name == "open_again"


@pytest.mark.parametrize("name", ACTS)
def test_folders_nobody_may_write_in(made: tuple[Path, roster.Preview], name: str) -> None:
    """Nor make a file in; what is open already may go on, and says so where it cannot."""
    with tempfile.TemporaryDirectory(prefix="huqing-room-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o755)
        tries = pressed(made, Path(place) / "w", ReadOnly(), name)
    assert len(tries) > 1 or name in ("edit", "intake")


VERBS = {
    "visit-list": ("visit-list", "-o", "走访.pdf"),
    "visit-list as a sheet": ("visit-list", "-o", "走访.xlsx"),
    "send": ("send", "-o", "out"),
    "record": ("record", "credential", "--id-number", id_number(3), "--way", "helped"),
}


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=() if at < 1 else pytest.mark.slow) for at, what in enumerate(VERBS)]
)
def test_the_command_line_says_so(made: tuple[Path, roster.Preview], tmp_path: Path, what: str) -> None:
    """With files that may not grow beyond so many KiB: a sentence and exit code 3, no half file; then it works."""
    folder = tmp_path / "w"
    shutil.copytree(made[0], folder)
    verb, *words = VERBS[what]
    codes = []
    for kib in ("4", "16", "64", "unlimited"):
        words_after = " ".join(
            shlex.quote(str(word)) for word in [verb, folder / "village", *words, "--today", "2025-12-03"]
        )
        line = f"ulimit -f {kib}; exec {shlex.quote(sys.executable)} {shlex.quote(str(MAIN))} {words_after}"
        env = {
            **os.environ,
            "HUQING_PASSPHRASE": PASSPHRASE,
            "HUQING_DATA_DIR": str(folder / "machines" / "village"),
        }
        before = {path.name for path in folder.iterdir()}
        done = subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True, check=False)
        told = done.stderr.decode("utf-8")
        assert "Traceback" not in told, told
        assert done.returncode in (0, 3), told
        if done.returncode:
            assert told.strip()
            assert {path.name for path in folder.iterdir()} == before
            counts.done["full"] += 1
        codes.append(done.returncode)
    assert codes[0] == 3 and codes[-1] == 0, told
