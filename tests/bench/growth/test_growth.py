"""How each cost grows from 5,000 people to 2.2 million; no worse than n log n (``--full``: fails where one is).

``--full --ledgers DIR`` keeps the ledgers for the next run: making them takes ten minutes of processor time.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.conftest import Compare
from tests.bench.growth import results, world
from tests.bench.growth.listed import SUBJECTS

FEW = (5_000, 20_000)


@pytest.fixture(scope="session")
def ledgers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of each size, made where it is not there yet."""
    given = request.config.getoption("--ledgers", None)
    folder = Path(given) if given else tmp_path_factory.mktemp("growth")
    if not all((folder / str(size)).exists() for size in sizes(request)):
        assert list(world.build(folder, sizes(request)))
    return folder


def sizes(request: pytest.FixtureRequest) -> tuple[int, ...]:
    """The sizes of this run."""
    return world.SIZES if request.config.getoption("--full", False) else FEW


def measured(name: str, folder: Path, size: int) -> dict[str, float]:
    """Measure one subject at one size in a process of its own, at low priority where there is such a thing."""
    command = [sys.executable, "-m", "tests.bench.growth.child", name, str(folder), str(size)]
    done = subprocess.run(command, cwd=results.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", SUBJECTS)
def test_growth(
    name: str,
    ledgers: Path,
    request: pytest.FixtureRequest,
    compare: Compare,
) -> None:
    subject, found = SUBJECTS[name], dict[int, dict[str, float]]()
    for size in sizes(request):
        if size <= subject.most:
            found[size] = measured(name, ledgers, size)
    compare.grown(name, found)
    costs = {size: cost["seconds"] for size, cost in found.items()}
    each = ", ".join(f"{size:,}: {1e6 * cost / size:.1f} µs" for size, cost in costs.items())
    steep = results.outgrown(found)
    told = " - WORSE THAN n log n" if steep else ""
    compare.say(f"growth, {subject.title}: a person at {each}; exponent {results.exponent(costs):.2f}{told}")
    if request.config.getoption("--full", False):
        assert not steep, f"{name} grows faster than n log n: {costs}"
