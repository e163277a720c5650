"""Whatever changes the ledger can be taken back by Ctrl+Z, but for what docs/undo.md lists with its own way back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
GUI = ROOT / "gui"


def changes() -> Iterator[tuple[str, bool]]:
    """Every function that makes a changing op, as module.function, and whether Ctrl+Z takes that back."""
    for path in sorted(GUI.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                yield from ((f"{path.stem}.{function.name}", can) for can in _made(function))


def _made(function: ast.FunctionDef) -> Iterator[bool]:
    for call in ast.walk(function):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ("ChangeOp", "change")
        ):
            told = {word.arg: word.value for word in call.keywords}
            yield not ("undoable" in told and ast.unparse(told["undoable"]) == "False")


def listed() -> dict[str, str]:
    """What docs/undo.md excuses: module.function to its way back."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "undo.md").read_text("utf-8").splitlines()
        if line.startswith("|") and "`" in line
    ]
    return {name: row[2] for row in rows for name in re.findall(r"`([\w.]+)`", row[1])}


def test_nothing_else_is_without_a_way_back() -> None:
    without = {name for name, can in changes() if not can}
    assert without == set(listed())


def test_every_exception_says_why() -> None:
    assert all(len(reason) >= 15 for reason in listed().values()), listed()


def test_most_of_what_is_done_is_undone_by_the_key() -> None:
    found = dict(changes())
    found.pop("ops.change", None)  # the maker itself
    assert sum(found.values()) > 35 > len(listed())


def test_nobody_turns_it_off_by_a_variable() -> None:
    """``undoable=`` is written as a constant, so that the walk above sees it."""
    for path in GUI.rglob("*.py"):
        for word in re.findall(r"undoable=(\w+)", path.read_text("utf-8")):
            assert word in ("False", "True", "undoable"), path
