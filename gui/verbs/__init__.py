"""The command line: everything the window does that needs no window, for scripts, tests and offices that prefer it.

Standard output is UTF-8 and carries only the result; everything else goes to standard error. Exit 0 done,
1 a fault of the program, 2 wrong use, 3 refused input.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path

from gui import i18n

DONE, FAULT, WRONG, REFUSED = 0, 1, 2, 3
_INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit code. No expected trouble ends in a traceback."""
    _speak_utf8()
    i18n.install(_language(arguments))
    try:
        return _dispatch(list(arguments))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        with suppress(OSError):
            sys.stdout.close()  # whoever read us has gone; nobody is left to tell
        return DONE


def _dispatch(arguments: list[str]) -> int:
    from gui.verbs import parser, session  # after the language is known

    names = parser.names()
    if (
        arguments
        and arguments[0] not in names
        and not arguments[0].startswith("-")
        and Path(arguments[0]).exists()
    ):
        arguments = ["window", *arguments]
    options = parser.build().parse_args(arguments)
    return session.guarded(options)


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, before anything is parsed: the help speaks it too."""
    asked = dict(pairwise(arguments)).get("--language")
    given = next((word.partition("=")[2] for word in arguments if word.startswith("--language=")), asked)
    return i18n.SOURCE if given == "en" else i18n.DEFAULT


def _speak_utf8() -> None:
    """Write UTF-8 whatever the system's code page is; what cannot be written is escaped, never fatal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
