"""The pages for people who read the repository name what is there: files, folders, modules, verbs."""

import re
from pathlib import Path

import pytest

from gui.verbs import parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
ROOMS = ("gui", "sync", "storage", "resources", "tests", "docs", ".github", ".ci")
IN_CODE = re.compile(r"`([^`\n]+)`")
LINKS = re.compile(r"\]\((?!https?:)([^)#\s]+)")


def named(text: str) -> set[str]:
    """Paths in backquotes that begin in a room of the repository, and bare names of files of it."""
    found = set()
    for written in IN_CODE.findall(text):
        path = written.split("::")[0].split(" ")[0].rstrip("/,.:")
        if path.startswith(tuple(f"{room}/" for room in ROOMS)) and not re.search(r"[<>*{}…]", path):
            found.add(path)
    return found


def is_there(path: str) -> bool:
    """Whether a file, a folder, or a function of a module (``room/module.function``) is in the repository."""
    whole = ROOT / path
    if whole.exists() or (whole.with_suffix(".py").exists() and not whole.suffix):
        return True
    module, _dot, name = path.rpartition(".")
    source = ROOT / f"{module}.py"
    return (
        source.is_file()
        and re.search(rf"\b(?:def|class) {re.escape(name)}\b", source.read_text("utf-8")) is not None
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not sorted(path for path in named(text) if not is_there(path))
    assert not sorted(link for link in LINKS.findall(text) if not (page.parent / link).exists())


def pictured(text: str) -> list[str]:
    """The modules and folders the pictures of the architecture name at the left, each with what it may be called."""
    found = []
    for section in text.split("\n## ")[1:]:
        if "in one picture" not in section.splitlines()[0]:
            continue
        for line in re.findall(r"^ {4}(\S.*)$", section, flags=re.MULTILINE):
            folder = ""
            for name in re.sub(r"\(.*?\)", "", re.split(r" {2,}", line)[0]).split(","):
                folder, bare = name.strip().rsplit("/", 1) if "/" in name else (folder, name.strip())
                found.append(f"{folder}/{bare}".strip("/"))
    return found


def test_the_pictures_of_the_architecture_name_what_is_there() -> None:
    there = {
        f"/{path.relative_to(ROOT).with_suffix('').as_posix()}"
        for room in ("gui", "sync", "storage", "resources")
        for path in (ROOT / room).rglob("*")
    }
    names = pictured((ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert len(names) > 100
    missing = [
        name
        for name in names
        if not any(one.endswith((f"/{name}", f"/{name.rpartition('/')[2]}")) for one in there)
    ]
    assert not missing


def test_a_path_that_is_not_there_is_found() -> None:
    assert named("`gui/nothing.py` and `storage/commands/payments.record`, `main.py`") == {
        "gui/nothing.py",
        "storage/commands/payments.record",
    }
    assert not is_there("gui/nothing.py") and not is_there("storage/commands/payments.nothing")
    assert is_there("storage/commands/payments.record") and is_there("gui/runner.py") and is_there("gui/help")


def test_the_page_of_commands_names_every_verb() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    shown = set(re.findall(r"^ {4}main\.py (\S+)", text, flags=re.MULTILINE))
    listed = {word for line in text.splitlines() if line.startswith("- ") for word in IN_CODE.findall(line)}
    assert (shown | listed) == parser.names() - {"rows"} - HIDDEN
    assert not shown & listed


HIDDEN: set[str] = set()
