"""Keeps the catalogues in step with the code (development only; needs Babel).

`python tests/gui/catalogues.py` compiles every resources/locale/**/*.po to the .mo beside it and
names the msgids in gui/ that no catalogue translates. Each room writes its own .po.
"""

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "resources" / "locale"


def sources() -> list[Path]:
    """The catalogues people edit."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """One catalogue."""
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parts[-3])


def compiled(path: Path) -> bytes:
    """The .mo that belongs to a .po."""
    out, catalogue = io.BytesIO(), read(path)
    # Else Babel writes the time of day into it.
    catalogue.creation_date = catalogue.revision_date = datetime(2025, 1, 1, tzinfo=UTC)
    write_mo(out, catalogue)
    return out.getvalue()


def used(folder: Path = ROOT / "gui") -> dict[str, set[str]]:
    """Every msgid passed to `_` in a folder, with the files that use it."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for message in _messages(ast.parse(path.read_text("utf-8"), str(path))):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    return found


def translated(language: str) -> dict[str, set[str]]:
    """Every msgid of a language with the translations its catalogues give."""
    found: dict[str, set[str]] = {}
    for path in sources():
        if path.parts[-3] == language:
            for message in read(path):
                if message.id and message.string and not message.fuzzy:
                    found.setdefault(str(message.id), set()).add(str(message.string))
    return found


def _messages(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            argument = node.args[0]
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                raise ValueError(f"line {node.lineno}: _() takes a plain text, so that it can be found")
            yield argument.value


def main() -> int:
    """Compile all, name what is missing."""
    for path in sources():
        path.with_suffix(".mo").write_bytes(compiled(path))
    known = translated("zh_CN")
    missing = {message: files for message, files in used().items() if message not in known}
    for message, files in missing.items():
        print(f"{message!r}  {', '.join(sorted(files))}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
