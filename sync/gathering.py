"""Which of the files a person dropped are bundles: whole folders however deep, told by what is in them."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync import bundle, help, kits

KIT, REQUEST, ANSWER, LIST, PACKED, HALF, OTHER = (
    "kit",
    "help_request",
    "help_answer",
    "list",
    "packed",
    "half",
    "other",
)
_BY_ENDING = {
    kits.SUFFIX: KIT,
    help.REQUEST: REQUEST,
    help.ANSWER: ANSWER,
    **dict.fromkeys((".xlsx", ".xls", ".xlsm", ".et", ".csv", ".ods"), LIST),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), PACKED),
    **dict.fromkeys((".part", ".tmp", ".crdownload", ".download"), HALF),
}
_HIDDEN = (".", "~")
"""How the names of files begin that a program keeps for itself or has not finished."""
_SEALED = b"age-encryption.org/"


@dataclass(frozen=True, slots=True)
class Passed:
    """A file in a folder that is no bundle, and what it is instead: a code."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """The bundles in the order they are taken in, what else lay there, and the folders without any bundle."""

    files: tuple[Path, ...]
    passed: tuple[Passed, ...] = ()
    empty: tuple[str, ...] = ()


def gather(paths: Sequence[Path], stopped: Callable[[], bool] = lambda: False) -> Gathered:
    """Return what is to be received: each file named, and of folders every bundle below, whatever it is called.

    In a folder a file counts as a bundle by its ending or, where somebody renamed it, by its first bytes; others are
    passed over and named. A file that was named itself is always taken: receiving says what is wrong with it.
    """
    files: list[Path] = []
    passed: list[Passed] = []
    empty: list[str] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        before = len(files)
        for one in _below(path, stopped):
            if is_bundle(one):
                files.append(one)
            elif not one.name.startswith(_HIDDEN):
                passed.append(Passed(one.name, _BY_ENDING.get(one.suffix.lower(), OTHER)))
        if len(files) == before:
            empty.append(path.name or str(path))
    return Gathered(tuple(dict.fromkeys(files)), tuple(dict.fromkeys(passed)), tuple(empty))


def is_bundle(path: Path) -> bool:
    """Tell whether a file is meant to be a bundle: by its ending, or sealed like one under another name."""
    if path.name.startswith(_HIDDEN) or path.suffix.lower() in _BY_ENDING:
        return False
    if path.suffix.lower() == bundle.SUFFIX:
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SEALED)) == _SEALED
    except OSError:
        return False


def _below(place: Path, stopped: Callable[[], bool]) -> Iterator[Path]:
    for inside, folders, names in os.walk(place):
        if stopped():
            return
        folders.sort()
        yield from (Path(inside, name) for name in sorted(names))
