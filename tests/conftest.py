"""What every test stands on: a home of its own, no display, and the same Hypothesis examples on a server."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_home = tempfile.TemporaryDirectory(prefix="huqing-tests-", ignore_cleanup_errors=True)


def pytest_configure() -> None:
    """Point everything that knows the user's folders at an empty home, before any test or Qt is imported."""
    home = Path(_home.name)
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "AppData" / "Roaming",
        "LOCALAPPDATA": home / "AppData" / "Local",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_RUNTIME_DIR": home / ".runtime",
    }
    for name, folder in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(folder)
    folders["XDG_RUNTIME_DIR"].chmod(0o700)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name in [name for name in os.environ if name.startswith("HUQING_")]:
        del os.environ[name]


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _home.cleanup()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker among several hands over what its proofs went through."""
    from tests.proof import counts

    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["proven"] = dict(counts.done)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker's proofs went through."""
    from tests.proof import counts

    counts.done.update(getattr(node, "workeroutput", {}).get("proven", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much the proofs of this run went through (docs/proof.md)."""
    from tests.proof import counts  # not before the folders above are set

    if lines := counts.lines():
        terminalreporter.section("proven")
        terminalreporter.write_line("\n".join(lines))


# A shared machine is sometimes slow: time alone is no failure. On a server every run tries the same examples.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("server", settings.get_profile("patient"), derandomize=True, print_blob=True)
settings.load_profile("server" if os.environ.get("CI") else "patient")
