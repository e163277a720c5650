"""Disks without room, files that may not grow, folders nobody may write in: for a process of its own, then gone."""

import ctypes
import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x00020000, 0x4000, 0x40000
PAGE = 4096
NOBODY = 65534


class Squeeze(ABC):
    """Something that keeps a process from writing, as much of it as is asked for."""

    @abstractmethod
    def bring(self, source: Path, target: Path) -> Path:
        """Copy ``source`` to where the squeeze works; returns the copy."""

    @abstractmethod
    def leave(self, pages: int) -> None:
        """Leave room for that many pages of 4 KiB, or take leave away where room is no matter."""

    @abstractmethod
    def release(self) -> None:
        """Let everything be written again."""


class FullDisk(Squeeze):
    """A real file system of 48 MiB in memory, filled up to a few pages; raises OSError where none can be mounted."""

    def bring(self, source: Path, target: Path) -> Path:
        """Mount the disk for this process alone and copy onto it."""
        target.mkdir(parents=True)
        _libc("unshare", CLONE_NEWNS)
        _libc("mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)
        _libc("mount", b"tmpfs", os.fsencode(target), b"tmpfs", 0, b"size=48m")
        self._filler = target / "filler"
        return Path(shutil.copytree(source, target / "w"))

    def leave(self, pages: int) -> None:
        """Fill the disk but for some pages."""
        self.release()
        free = os.statvfs(self._filler.parent).f_bavail
        with self._filler.open("wb") as stream:
            os.posix_fallocate(stream.fileno(), 0, max(1, (free - pages) * PAGE))

    def release(self) -> None:
        """Take the filler away."""
        self._filler.unlink(missing_ok=True)


class SmallFiles(Squeeze):
    """No file of this process may grow beyond some pages: every system can do it, and it stops each write."""

    def bring(self, source: Path, target: Path) -> Path:
        """Copy."""
        return Path(shutil.copytree(source, target))

    def leave(self, pages: int) -> None:
        """Let files grow to some pages."""
        _limit_files(pages * PAGE)

    def release(self) -> None:
        """Let files grow."""
        _limit_files(None)


class ReadOnly(Squeeze):
    """Folders in which this process, which is nobody, may read but not write; files in them keep their leave."""

    def bring(self, source: Path, target: Path) -> Path:
        """Copy, and become nobody where we could write everywhere; raises OSError where nobody cannot come here."""
        self._top = Path(shutil.copytree(source, target))
        if os.geteuid() == 0:
            for path in (self._top, *self._top.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        list(self._top.iterdir())
        return self._top

    def leave(self, pages: int) -> None:
        """Take the leave to write from every folder."""
        self._chmod(0o555)

    def release(self) -> None:
        """Give it back."""
        self._chmod(0o755)

    def _chmod(self, mode: int) -> None:
        for path in (self._top, *self._top.rglob("*")):
            if path.is_dir():
                path.chmod(mode)


def _limit_files(size: int | None) -> None:
    import resource  # there is none on Windows

    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most if size is None else size, most))


def _libc(name: str, *arguments: object) -> None:
    call = getattr(ctypes.CDLL(None, use_errno=True), name)
    if call(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
