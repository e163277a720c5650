"""A fault of the program: written down without anything about people, and never a traceback."""

import argparse
from pathlib import Path

import pytest

from gui import crash
from gui.verbs import session


def fault() -> None:
    """Raise what a bug would raise, with personal data in its words."""
    try:
        {}["那顺"]
    except KeyError as error:
        raise RuntimeError("150621195010101213 那顺") from error


def caught() -> RuntimeError:
    try:
        fault()
    except RuntimeError as error:
        return error
    raise AssertionError


def test_a_crash_log_tells_where_but_not_whom(tmp_path: Path) -> None:
    path = crash.write(caught(), tmp_path)
    assert path is not None
    text = path.read_text("utf-8")
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "test_crash.py" in text
    assert "fault" in text
    assert "那顺" not in text
    assert "150621" not in text
    assert str(tmp_path) not in text


def test_a_log_that_cannot_be_written_is_no_second_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert crash.write(caught(), tmp_path / "file") is None


def test_the_command_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(session, "_verb", lambda where: lambda call: fault())
    options = argparse.Namespace(
        data_dir=tmp_path, today=None, where="x:y", folder=None, json=False, operator=None
    )
    assert session.guarded(options) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "RuntimeError" in told.err
    assert "那顺" not in told.err
    (log,) = (tmp_path / "crashes").iterdir()
    assert str(log) in told.err
