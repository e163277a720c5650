"""A file is the old one or the new one, and nothing half is left beside it."""

import os
from pathlib import Path

import pytest

from storage.files import replace, write_atomically


def test_old_or_new(tmp_path: Path) -> None:
    path = tmp_path / "查干沟.hqb"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_one_alone(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.hqb"
    write_atomically(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if where == "fsync" else (Path, "replace")), full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("held", "works"), [(2, True), (99, False)])
def test_a_file_held_for_a_moment_is_tried_again(
    tmp_path: Path, held: int, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = os.replace, []

    def scanned(self: Path, target: Path) -> None:
        tries.append(target)
        if len(tries) <= held:
            raise PermissionError(13, "held by a virus scanner")
        real(self, target)

    monkeypatch.setattr(Path, "replace", scanned)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    part = tmp_path / "x.part"
    part.write_bytes(b"new")
    if works:
        replace(part, tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == b"new"
    else:
        with pytest.raises(PermissionError):
            replace(part, tmp_path / "x")
