"""Taking in an xlsx of 20,000 people (``--full``: 100,000), beside reading it only, and beside bare inserts.

Every subject has a process of its own and tells the seconds it kept processors busy, those of processes it started
included: that holds still where other programs share the machine, and nothing lies in anybody's memory but his own.
"""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from storage.ledger import Ledger
from storage.records import random_id
from sync.intake import roster
from tests.bench import bare
from tests.bench.conftest import Compare, busy, id_number, person

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, FULL = 20_000, 100_000
TITLES = "序号 户编号 户主姓名 与户主关系 姓名 性别 民族 身份证号 联系电话 组别 是否常住 户口性质".split()
TITLES += "现住址 人员类别 备注".split()

_TOLD = """
def busy():
    return sum(os.times()[:4])

def most():
    try:  # what a process was born with is not counted, as it is by getrusage
        text = open("/proc/self/status").read()
        return int(text.split("VmHWM:")[1].split()[0]) >> 10
    except OSError:
        return getattr(psutil.Process().memory_info(), "peak_wset", 0) >> 20
"""
TAKE_IN = f"""
import os, sys
from datetime import date
from pathlib import Path
import psutil
from storage import keys
from storage.clock import Clock
from storage.ledger import Ledger, Profile
from storage.kinds import VILLAGE
from sync.intake import roster
{_TOLD}
keys.MEMORY_KIB, keys.PASSES, keys.LANES = 32, 1, 1  # the passphrase's own memory is not asked for here
folder, path = Path(sys.argv[1]), Path(sys.argv[2])
profile = Profile("bench", VILLAGE, "150621102200", "查干沟嘎查村", "example-2026")
names = dict(passphrase="bench", operator="bench", data_dir=folder / "data", clock=Clock(date(2025, 12, 3)))
ledger = Ledger.create(folder / "L", profile, **names)
before, started = psutil.Process().memory_info().rss >> 20, busy()
done = roster.apply(ledger, roster.stage(ledger, path))
print(busy() - started, done.preview.counts["added"], most(), before)
"""
PANDAS = f"""
import os, sys
import openpyxl, pandas, psutil
{_TOLD}
started = busy()
table = pandas.read_excel(sys.argv[2], dtype=str, engine="openpyxl")
print(busy() - started, len(table), most())
"""
CALAMINE = f"""
import os, sys
import psutil
from python_calamine import CalamineWorkbook
{_TOLD}
started = busy()
rows = CalamineWorkbook.from_path(sys.argv[2]).get_sheet_by_index(0).to_python()
print(busy() - started, len(rows) - 1, most())
"""


def sheet(path: Path, people: int) -> None:
    """Write a village's register of invented people, three in a household."""
    rng = random.Random(7)
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("花名册")
    page.write_row(0, 0, TITLES)
    head = ""
    for row in range(people):
        name, text = person(rng), id_number(rng)
        head = name if row % 3 == 0 else head
        is_man = int(text[16]) % 2 == 1
        relation = "户主" if row % 3 == 0 else ("子" if is_man else "女")
        who = [row + 1, f"04{row // 3:05d}", head, relation, name, "男" if is_man else "女", "汉族", text]
        phone = f"138{rng.randint(0, 99_999_999):08d}"
        page.write_row(row + 1, 0, [*who, phone, "4组", "是", "农业", "四社路东", "普通居民", ""])
    book.close()


def _told(script: str, folder: Path, path: Path) -> list[float]:
    """Run a subject: seconds, people, MB at most (and before)."""
    folder.mkdir()
    command = [sys.executable, "-c", script, folder, path]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def test_intake(
    request: pytest.FixtureRequest, tmp_path: Path, new_ledger: Callable[[str], Ledger], compare: Compare
) -> None:
    people, rounds = (FULL, 1) if request.config.getoption("--full", False) else (PEOPLE, 3)
    path = tmp_path / "花名册.xlsx"
    sheet(path, people)
    filled = new_ledger("L")
    roster.apply(filled, roster.stage(filled, path))
    rows = bare.rows_of(filled)

    def read_and_insert() -> None:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        bare.insert(tmp_path / f"{random_id()}.db", rows)

    seconds: dict[str, list[float]] = {"calamine + executemany of the same rows": []}
    memory: dict[str, float] = {}
    for number in map(str, range(rounds)):
        for what, script in (("", TAKE_IN), ("calamine", CALAMINE), ("pandas + openpyxl", PANDAS)):
            took, found, memory[what], *_ = _told(script, tmp_path / (number + what), path)
            assert found == people
            seconds.setdefault(what, []).append(took)
        seconds["calamine + executemany of the same rows"].append(busy(read_and_insert))
    mine = seconds.pop("")
    aims = {"calamine": 2.5, "pandas + openpyxl": 1}
    for what, times in seconds.items():
        alone = " only reading it" if what in memory else ""
        compare.against(
            f"{people:,} people from xlsx, beside {what}{alone}", mine, times, aim=aims.get(what, 2)
        )
    told = ", ".join(f"{what} {megabytes:.0f} MB" for what, megabytes in memory.items() if what)
    compare.say(f"memory of that at most: {memory['']:.0f} MB (aim 400 MB; {told})")
