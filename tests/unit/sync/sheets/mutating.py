"""Real files with bytes changed, and the reading process run on them without the cost of starting one."""

import faulthandler
import io
import os
import random
import traceback
import zipfile
from pathlib import Path

import msgspec

from storage.errors import KnownError
from sync.sheets import child
from sync.sheets.limits import Limits
from sync.sheets.reading import _death, _workbook

LIMITS = Limits(seconds=20, memory_bytes=400 << 20)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The bytes with a few of them changed, cut, doubled or zeroed; inside a package's parts as often as outside."""
    if data[:2] == b"PK" and rng.random() < 0.6:
        return _inside(data, rng)
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(changed) or 1)
        size = min(rng.choice((1, 2, 16, 400)), len(changed) - at)
        match rng.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([changed[at] ^ 1 << rng.randrange(8)]) if changed else b"x"
            case 1:
                changed[at : at + size] = rng.randbytes(size)
            case 2:
                del changed[at : at + size]
            case 3:
                changed[at:at] = changed[at : at + size]
            case 4:
                changed[at : at + size] = bytes(size)
            case _:
                changed[at : at + 1] = rng.choice(
                    (b'"', b"<", b"\n", b"&", b"\xff", b"99999999", b"-", b"\0")
                )
    return bytes(changed[: rng.randrange(len(changed) or 1)] if rng.random() < 0.1 else changed)


def _inside(data: bytes, rng: random.Random) -> bytes:
    """A package with one part changed and every sum right again."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            chosen = rng.choice([name for name in old.namelist() if "theme" not in name])
            for name in dict.fromkeys(old.namelist()):
                part = old.read(name)
                new.writestr(name, mutated(part, rng) if name == chosen and part else part)
    except (zipfile.BadZipFile, OSError, EOFError):
        return data[::-1]
    return out.getvalue()


def outcome(folder: Path, data: bytes) -> str:
    """Read bytes in a fork as the reading process does: ``read``, the code of a refusal, or its last words."""
    path, frames, words = folder / "mutated", folder / "frames", folder / "words"
    path.write_bytes(data)
    process = os.fork()
    if process == 0:
        _become_the_child(path, frames, words)
    _, status = os.waitpid(process, 0)
    try:
        with frames.open("rb") as stream:
            workbook = _workbook("mutated", stream)
    except KnownError as error:
        return error.code
    if workbook is None:
        with words.open("rb") as complaints:
            death = _death(complaints, LIMITS).code
        last = words.read_text("utf-8", "replace")[-1500:]
        return death if death != "sheet.reader_died" else f"died ({status}): {last}"
    return "read" if any(len(sheet.rows) for sheet in workbook.sheets) else "sheet.empty"


def _become_the_child(path: Path, frames: Path, words: Path) -> None:
    faulthandler.disable()
    status = 1
    try:
        for number, target in ((1, frames), (2, words)):
            os.dup2(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        status = child.main([str(path), msgspec.json.encode(LIMITS).decode()])
    except:  # as the interpreter does at its end
        os.write(2, traceback.format_exc().encode())
        raise
    finally:
        os._exit(status)
