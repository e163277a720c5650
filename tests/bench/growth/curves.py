"""The growth curves as one SVG: a small field a subject, cost per person over people, both in logarithms.

Black on white. Beside each curve the one n log n would take from the first size on: a curve that climbs above it is
too steep. Nothing but paths and text, so that it prints.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from tests.bench.growth import results
from tests.bench.growth.listed import SUBJECTS

_COLUMNS, _WIDE, _HIGH, _PLOT = 4, 250, 170, (46, 42, 190, 92)
"""Fields in a row; a field's width and height; left, top, width and height of what is plotted in it."""

_HALO = 'stroke="#fff" stroke-width="3"'


def drawn(kept: Mapping[str, Any]) -> str:
    """Return the picture of everything that was measured at two sizes or more."""
    found = {
        name: {size: cost["seconds"] for size, cost in results.sizes_of(kept, name).items()}
        for name in SUBJECTS
    }
    shown = {name: costs for name, costs in found.items() if len(costs) > 1}
    rows = -(-len(shown) // _COLUMNS)
    width, height = _COLUMNS * _WIDE, rows * _HIGH + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        'font-family="sans-serif" font-size="10">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for number, (name, costs) in enumerate(shown.items()):
        x, y = number % _COLUMNS * _WIDE, number // _COLUMNS * _HIGH
        field = _field(SUBJECTS[name].title, costs, results.all_sizes(kept))
        parts += [f'<g transform="translate({x} {y})">', *field, "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _field(title: str, costs: Mapping[int, float], sizes: Sequence[int]) -> Iterator[str]:
    """One subject: its curve, what n log n would take, the least and the most a person cost."""
    left, top, wide, high = _PLOT
    each = {size: 1e6 * cost / size for size, cost in costs.items()}
    first = min(each)
    steep = {size: each[first] * math.log(size) / math.log(first) for size in (first, max(each))}
    low, most = min(*each.values(), *steep.values()) / 1.5, max(*each.values(), *steep.values()) * 1.5

    def at(size: int, cost: float) -> tuple[float, float]:
        across = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        up = math.log(cost / low) / math.log(most / low)
        return round(left + wide * across, 1), round(top + high * (1 - up), 1)

    for line, text in enumerate(_wrapped(title)):
        yield f'<text x="8" y="{14 + 12 * line}" font-weight="bold">{escape(text)}</text>'
    yield f'<path d="M{left} {top}V{top + high}H{left + wide}" fill="none" stroke="#000" stroke-width="0.7"/>'
    for size in sizes:
        across, _ = at(size, most)
        word = f"{size / 1e6:.1f} M" if size >= 1e6 else f"{size // 1000} k"
        yield f'<text x="{across}" y="{top + high + 13}" text-anchor="middle">{word}</text>'
    yield _path([at(size, cost) for size, cost in steep.items()], 'stroke-dasharray="2 3"')
    points = [at(size, cost) for size, cost in each.items()]
    yield _path(points, 'stroke-width="1.6"')
    for (across, down), (size, cost) in zip(points, each.items(), strict=True):
        yield f'<circle cx="{across}" cy="{down}" r="2.5"/>'
        if size in (first, max(each)):
            side = "start" if size == first else "end"
            where = f'<text x="{across}" y="{down - 6}" text-anchor="{side}"'
            yield f"{where} {_HALO}>{_micros(cost)}</text>{where}>{_micros(cost)}</text>"
    yield f'<text x="{left + wide}" y="{top + high + 26}" text-anchor="end">n^{results.exponent(costs):.2f}</text>'


def _path(points: list[tuple[float, float]], how: str) -> str:
    return f'<path d="M{"L".join(f"{x} {y}" for x, y in points)}" fill="none" stroke="#000" {how}/>'


def _wrapped(title: str) -> list[str]:
    """A title in up to two lines."""
    if len(title) <= 40:
        return [title]
    cut = title.rfind(" ", 0, 40)
    return [title[:cut], title[cut + 1 :]]


def _micros(cost: float) -> str:
    return f"{cost:.0f} µs" if cost >= 10 else f"{cost:.2g} µs" if cost >= 0.1 else f"{cost * 1000:.2g} ns"
