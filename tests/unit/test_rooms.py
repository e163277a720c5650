"""What the rooms promise of themselves that the import contracts cannot tell."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_ASKS = ("execute", "executemany", "executescript")


def _code(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("room", ["gui", "sync/matching", "sync/sheets", "storage/policy"])
def test_a_room_without_sql_asks_no_database(room: str) -> None:
    asked = [
        f"{path}:{node.lineno}"
        for path, tree in _code(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKS
    ]
    assert not asked


@pytest.mark.parametrize("room", ["gui/wording", "gui/errors"])
def test_words_need_no_window(room: str) -> None:
    seen = [
        path
        for path, tree in _code(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("PySide6", "gui.widgets"))
    ]
    assert not seen


def test_every_file_says_what_it_is_and_none_is_a_drawer() -> None:
    drawers = {"utils", "util", "misc", "helpers", "common", "base_utils", "stuff"}
    for room in ("gui", "sync", "storage", "resources"):
        for path, tree in _code(room):
            assert ast.get_docstring(tree), path
            assert Path(path).stem not in drawers, path
