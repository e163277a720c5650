"""Ledgers of 5,000 to 2.2 million people to measure on: one office's villages, kept at each size as they grow.

    python -m tests.bench.growth.world FOLDER [MOST]    made once, outside the checkout; 2.2 million take 5 GB

Nobody has another's number, and names are as many as people need: what costs more because the invented world
repeats itself is no growth of ours.
"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

from storage.ledger import Edit, Ledger
from storage.policy.id_core import check_digit
from storage.store import batches
from sync import enrol, kits
from tests.bench.banners import who, winter
from tests.bench.conftest import SURNAMES
from tests.bench.townships import cheap_keys, scoped

SIZES = (5_000, 100_000, 370_000, 2_200_000)
VILLAGE, AT_ONCE = 2_500, 20
"""People of a village; villages written in one transaction."""
_CACHE_KIB = 4 << 20
ROOT, CODE = "150621000000", "150621100000"
_SIGNS = "建国秀英桂兰海燕文丽华志强春梅永军娜花布和乌云格勒那顺其仁阿木古楞萨如拉巴特尔敖登苏达宝音满都图雅"
_DAYS = 86 * 12 * 28


@cache
def _names() -> list[str]:
    return ["".join(parts) for parts in product(SURNAMES, _SIGNS, _SIGNS)]


def village_code(number: int) -> str:
    """Return the code of the office's village, counted from 0; there is room for 999."""
    return f"{CODE[:9]}{number + 1:03d}"


def identity(number: int) -> dict[str, str]:
    """The name and ID number of the person so numbered: nobody else's number, few others' name."""
    day, known = number * 7_919 % _DAYS, _names()
    year, month = 1935 + day // 336, day // 28 % 12 + 1
    body = f"150621{year}{month:02d}{day % 28 + 1:02d}{number // _DAYS + 1:03d}"
    return {"name": known[number * 10_007 % len(known)], "id_number": body + check_digit(body)}


def village(number: int, people: int = VILLAGE) -> list[Edit]:
    """Return what an office writes into one village: its people with a winter's payments, groups, credentials."""
    made, person = [], number * people
    for edit in winter(people, number):
        if edit.kind == "resident":
            edit = replace(edit, changes={**edit.changes, "identity": identity(person)})
            person += 1
        made.append(edit)
    return scoped(made, village_code(number))


def create(folder: Path) -> None:
    """Make the office that writes, without anybody, and the one above it that its file is for."""
    kit = folder / "office.hqk"
    above = enrol.create_office(folder / "above", ROOT, "达拉特旗", **who(folder, "above"))  # type: ignore[arg-type]
    kits.make(above, CODE, "树林召镇", kit)
    enrol.open_kit(folder / "office", kit, **who(folder, "office")).close()  # type: ignore[arg-type]
    above.close()


def opened(folder: Path, name: str = "office") -> Ledger:
    """Open a ledger of such a folder."""
    options = who(folder, name)
    del options["operator"]
    return Ledger.open(folder / name, **options)  # type: ignore[arg-type]


def build(folder: Path, sizes: tuple[int, ...] = SIZES) -> Iterator[int]:
    """Write villages and keep a copy at each size (``FOLDER/size``), going on where an earlier run was stopped."""
    growing = folder / "growing"
    kept = [size for size in sizes if (folder / str(size)).exists()]
    with cheap_keys():
        if not growing.exists() and kept:
            shutil.copytree(folder / str(kept[-1]), growing)
        elif not growing.exists():
            create(growing)
        for size in sizes[len(kept) :]:
            _write(growing, size)
            shutil.copytree(growing, folder / f"{size}.part")
            (folder / f"{size}.part").rename(folder / str(size))
            yield size
    shutil.rmtree(growing)


def _write(folder: Path, size: int) -> None:
    """Write villages, some at a time: in a large ledger each lone one costs three times itself in pages touched."""
    with opened(folder) as ledger:
        ledger.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        (there,) = ledger.connection.execute("SELECT count(*) FROM resident").fetchone()
        for part in batches(range(there // VILLAGE, size // VILLAGE), AT_ONCE):
            ledger.write([edit for number in part for edit in village(number)])


if __name__ == "__main__":
    most = int(sys.argv[2]) if len(sys.argv) > 2 else SIZES[-1]
    for done in build(Path(sys.argv[1]), tuple(size for size in SIZES if size <= most)):
        print(f"{done:,} people", flush=True)
