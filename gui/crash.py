"""A fault of the program, written down for whoever mends it, without anything about people."""

import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path


def write(error: BaseException, data_dir: Path) -> Path | None:
    """Write where it happened into the data folder; None where even that fails.

    Messages and values are left out: they may hold names and ID numbers.
    """
    now = datetime.now(UTC)
    path = data_dir / "crashes" / f"{now:%Y-%m-%d-%H%M%S-%f}.txt"
    lines = [f"{now:%Y-%m-%d %H:%M:%S} UTC", f"Python {sys.version.split()[0]}, {sys.platform}", ""]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*lines, *described(error)]) + "\n", encoding="utf-8")
    except OSError:
        return None
    return path


def described(error: BaseException) -> list[str]:
    """The error's kind and the places it went through, with those of its causes."""
    lines: list[str] = []
    while True:
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        for frame in traceback.extract_tb(error.__traceback__):
            lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None:
            return lines
        lines.append("because of")
        error = cause
