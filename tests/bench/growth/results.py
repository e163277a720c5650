"""What a run found, kept in docs/bench.json: what a page, a picture and a verdict are made of."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.growth.listed import ROWS, SAME, SUBJECTS, Subject

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "docs" / "bench.json"
_MARGIN = 0.15
"""How far above n log n an exponent may come to lie by chance: a third more or less at one of the sizes."""
Found = Mapping[str, float]
Sizes = Mapping[int, Found]


def load() -> dict[str, Any]:
    """Return what was kept: ``growth`` by subject and size, ``ratios`` and ``said`` by module."""
    empty = {"growth": {}, "ratios": {}, "said": {}}
    return empty | (json.loads(FILE.read_text("utf-8")) if FILE.exists() else {})


def keep(**parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put what a run found in the place of what was kept of the same subjects and modules; returns all."""
    kept = load()
    for part, found in parts.items():
        for name, values in found.items():
            older = kept[part].get(name, {})
            kept[part][name] = {**older, **values} if part == "growth" else values
    kept["cores"] = os.cpu_count()
    FILE.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return kept


def sizes_of(kept: Mapping[str, Any], name: str) -> dict[int, dict[str, float]]:
    """Return what a subject cost at each size, its limit filled in where that is the rows of the same size."""
    found = {int(size): dict(cost) for size, cost in kept["growth"].get(name, {}).items()}
    rows = kept["growth"].get(ROWS, {})
    for size, cost in found.items():
        if SUBJECTS[name].limit == SAME and str(size) in rows:
            cost["bare"] = rows[str(size)]["seconds"]
    return dict(sorted(found.items()))


def all_sizes(kept: Mapping[str, Any]) -> list[int]:
    """Return every size anything was measured at."""
    return sorted({int(size) for found in kept["growth"].values() for size in found})


def exponent(costs: Mapping[int, float]) -> float:
    """Return b of cost = a × people^b, fitted to all sizes; 0 for fewer than two."""
    points = [(math.log(size), math.log(max(cost, 1e-6))) for size, cost in costs.items()]
    if len(points) < 2:
        return 0.0
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def allowed(costs: Mapping[int, float]) -> float:
    """Return the exponent n log n itself has over these sizes, and the margin."""
    return exponent({size: size * math.log(size) for size in costs}) + _MARGIN


def too_steep(costs: Mapping[int, float]) -> bool:
    """Whether costs grow faster than n log n: over all sizes, or from the last but one to the last."""
    last = dict(sorted(costs.items())[-2:])
    return any(exponent(part) > allowed(part) for part in (costs, last) if len(part) > 1)


def outgrown(sizes: Sizes) -> bool:
    """Whether a subject grows faster than n log n, and faster than its limit does on the same machine.

    A file that outgrows the pages kept in memory costs everybody more, whoever only reads it too.
    """
    if not too_steep({size: cost["seconds"] for size, cost in sizes.items()}):
        return False
    beside = {size: size * cost["seconds"] / cost["bare"] for size, cost in sizes.items() if cost.get("bare")}
    return len(beside) < len(sizes) or too_steep(beside)


def missed(subject: Subject, sizes: Sizes) -> list[int]:
    """Return the sizes at which the aim in seconds is not reached."""
    return [size for size, aim in subject.aims if size in sizes and sizes[size]["seconds"] > aim]
