"""docs/bench.md and docs/bench.svg out of docs/bench.json: no figure of the tables is typed.

python -m tests.bench.growth.page    writes both anew
"""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.bench.growth import curves, results
from tests.bench.growth.listed import SUBJECTS, Subject

PAGE = results.ROOT / "docs" / "bench.md"
PICTURE = PAGE.with_suffix(".svg")
_PART = re.compile(r"(<!-- ([a-z]+): [^\n]* -->\n).*?(\n<!-- end -->)", re.DOTALL)

_DETAIL = re.compile(r"growth, |\s+\d+ ms: ")
"""Lines that are for whoever ran it: what is in the table already, what held the window."""


def write() -> None:
    """Put the tables of what was found into the page, and draw the picture."""
    kept = results.load()
    PAGE.write_text(filled(PAGE.read_text("utf-8"), kept), "utf-8")
    PICTURE.write_text(curves.drawn(kept), "utf-8")


def filled(text: str, kept: Mapping[str, Any]) -> str:
    """Return the page with every marked part made anew."""
    parts = {"growth": growth, "memory": memory, "ratios": ratios, "said": said}
    return _PART.sub(lambda found: f"{found[1]}{parts[found[2]](kept)}{found[3]}", text)


def growth(kept: Mapping[str, Any]) -> str:
    """Seconds and times the limit at each size, the exponent, the aim."""
    heads = ["what", *(f"{size:,}" for size in results.all_sizes(kept)), "exponent", "aim", "bare limit"]
    lines = [_line(heads), _line(["---"] * len(heads))]
    lines += [_line(_costs(kept, name, subject)) for name, subject in SUBJECTS.items()]
    return "\n".join([*lines, *_load(kept)])


def _load(kept: Mapping[str, Any]) -> list[str]:
    """How busy the machine was with other things."""
    loads = [cost["load"] for found in kept["growth"].values() for cost in found.values() if "load" in cost]
    said = (
        f"Measured at a load of {min(loads):.0f} to {max(loads):.0f} on {kept['cores']} cores."
        if loads
        else ""
    )
    return ["", said] * bool(loads)


def _costs(kept: Mapping[str, Any], name: str, subject: Subject) -> list[str]:
    found = results.sizes_of(kept, name)
    seconds = {size: cost["seconds"] for size, cost in found.items()}
    steep = " **> n log n**" if results.outgrown(found) else ""
    fitted = f"{results.exponent(seconds):.2f}{steep}" if len(seconds) > 1 else ""
    cells = [_cell(found[size]) if size in found else "–" for size in results.all_sizes(kept)]
    return [subject.title, *cells, fitted, _aim(subject, found), subject.limit]


def _cell(cost: Mapping[str, float]) -> str:
    times = f" · {cost['seconds'] / cost['bare']:.2g} ×" if cost.get("bare") else ""
    return f"{duration(cost['seconds'])}{times}"


def _aim(subject: Subject, found: results.Sizes) -> str:
    aims = [f"≤ {subject.ratio:g} ×"] * bool(subject.ratio)
    missed = results.missed(subject, found)
    aims += [
        f"{'**not reached:** ' if size in missed else ''}{duration(aim)} at {size:,}"
        for size, aim in subject.aims
    ]
    over = [f"{size:,}" for size, cost in found.items() if _ratio(cost) > subject.ratio > 0]
    return "; ".join(aims) + (f" (**not** at {', '.join(over)})" if over else "")


def _ratio(cost: Mapping[str, float]) -> float:
    return round(cost["seconds"] / cost["bare"], 1) if cost.get("bare") else 0


def duration(seconds: float) -> str:
    """A time with two digits that count."""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * scale >= 1 or unit == "µs":
            break
    value = seconds * scale
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"


def memory(kept: Mapping[str, Any]) -> str:
    """The most memory of each process, and what lies on the disk, at each size."""
    sizes = results.all_sizes(kept)
    heads = ["MB", *(f"{size:,}" for size in sizes)]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for name, subject in SUBJECTS.items():
        found = results.sizes_of(kept, name)
        lines.append(_line([subject.title, *(_megabytes(found.get(size), "megabytes", 1) for size in sizes)]))
    for name, title in (("village", "*file of the ledger*"), ("built", "*file sent, with everybody in it*")):
        found = results.sizes_of(kept, name)
        lines.append(_line([title, *(_megabytes(found.get(size), "bytes", 1e6) for size in sizes)]))
    return "\n".join(lines)


def _megabytes(cost: Mapping[str, float] | None, key: str, unit: float) -> str:
    value = (cost or {}).get(key, 0) / unit
    return f"{value:,.1f}" if 0 < value < 10 else f"{value:,.0f}" if value else "–"


def ratios(kept: Mapping[str, Any]) -> str:
    """Each subject of the other modules beside its limit of the same run."""
    lines = [_line(["what", "measured", "limit", "ratio", "aim"]), _line(["---"] * 5)]
    for module, found in sorted(kept["ratios"].items()):
        lines.append(_line([f"**{_about(module)}**", "", "", "", ""]))
        for what, mine, limit, aim in found:
            over = mine / limit
            ratio = f"{over:.2f} ×" if over <= aim else f"**{over:.2f} ×**"
            lines.append(_line([what, duration(mine), duration(limit), ratio, f"≤ {aim:g} ×"]))
    return "\n".join(lines)


def said(kept: Mapping[str, Any]) -> str:
    """What modules have to say that is no ratio, word for word."""
    return "\n\n".join("\n".join(_block(module, lines)) for module, lines in sorted(kept["said"].items()))


def _block(module: str, lines: list[str]) -> Iterator[str]:
    yield f"    {_about(module)}"
    yield from (f"      {line}" for line in lines if not _DETAIL.match(line))


def _about(module: str) -> str:
    """What a module measures, in the first line of its own words."""
    path = results.ROOT / "tests" / "bench" / f"{module}.py"
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or module).partition("\n")[0].rstrip(".")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    write()
