"""One subject at one size, in a process of its own.

python -m tests.bench.growth.child NAME FOLDER SIZE    prints one line of JSON
"""

import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.conftest import busy
from tests.bench.growth.listed import SUBJECTS
from tests.bench.growth.place import Place
from tests.bench.townships import cheap_keys


def measure(name: str, place: Place) -> dict[str, float]:
    """Do a subject and its limit; seconds of processor and by the clock, and the most memory, each of one part."""
    job = SUBJECTS[name].job(place)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # from here on the most memory is this subject's
    begin = time.perf_counter()
    seconds = statistics.median(busy(job.act) for _ in range(job.rounds))
    found = {
        "seconds": seconds / job.parts,
        "clock": (time.perf_counter() - begin) / job.rounds / job.parts,
        "megabytes": _most(),
        "load": os.getloadavg()[0],
    }
    if job.bare:
        found["bare"] = statistics.median(busy(job.bare) for _ in range(job.rounds)) / job.parts
    return found | job.told


def _most() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def main(name: str, folder: str, people: str) -> None:
    """Measure on the ledger kept in ``folder`` and say what came of it."""
    kept = Path(folder) / people
    with tempfile.TemporaryDirectory(dir=folder) as scratch, cheap_keys():
        print(json.dumps(measure(name, Place(kept, Path(scratch), int(people)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
