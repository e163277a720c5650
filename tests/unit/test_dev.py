"""dev.py: what it asks of the system, what it hands to main.py; and the requirement files it writes."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dev

PIN = re.compile(r"[a-z0-9-]+==[\w.]+( ; [^@/]+)?( \\)?|    --hash=sha256:[0-9a-f]{64}( \\)?")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands dev.py would run, each answered with success; the environment counts as made."""
    made: list[str] = []
    monkeypatch.setattr(dev, "call", lambda *words, env=None: made.append(" ".join(map(str, words))) or 0)
    monkeypatch.setattr(
        dev, "hand_over", lambda *words, env=None: made.append(" ".join(map(str, words))) or 7
    )
    monkeypatch.setattr(dev, "ensure", lambda requirements: made.append(requirements))
    return made


def without_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server."""
    monkeypatch.setattr(dev, "LINUX", True)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.mark.parametrize("name", [dev.RUNTIME, dev.DEVELOPER])
def test_requirement_files_hold_pins_and_hashes_and_nothing_else(name: str) -> None:
    lines = (dev.ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    pinned = [number for number, line in enumerate(lines) if "==" in line]
    assert all("--hash=" in lines[number + 1] for number in pinned)


@pytest.mark.parametrize("name", [dev.RUNTIME, dev.DEVELOPER])
def test_requirement_files_serve_what_is_asked_for(name: str) -> None:
    asked = (dev.ROOT / name).with_suffix(".in").read_text(encoding="utf-8").lower().split()
    pinned = (dev.ROOT / name).read_text(encoding="utf-8")
    words = [word for word in asked if word not in ("-r", "requirements.in")]
    assert [word for word in words if not re.search(rf"^{re.escape(word)}\b", pinned, re.MULTILINE)] == []


def test_the_program_gets_the_same_versions_in_tests_and_in_use() -> None:
    runtime = (dev.ROOT / dev.RUNTIME).read_text(encoding="utf-8")
    developer = (dev.ROOT / dev.DEVELOPER).read_text(encoding="utf-8").splitlines()
    assert [line for line in runtime.splitlines() if "==" in line and line not in developer] == []


def test_demo_without_display_says_so_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, calls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    without_display(monkeypatch)
    assert dev.main(["demo", "--json"]) == 7
    assert calls == [dev.RUNTIME, f"{dev.ROOT / 'main.py'} demo --headless --json"]
    out, err = capsys.readouterr()
    assert out == ""
    assert "no display" in err


def test_demo_with_display_opens_the_window(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    dev.main(["demo"])
    assert calls[-1] == f"{dev.ROOT / 'main.py'} demo"


def test_slow_tests_run_only_where_asked_for(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    monkeypatch.chdir(Path.cwd())  # dev.py goes to the checkout
    dev.main(["test", "-x"])
    dev.main(["test", "--slow", "tests/unit"])
    dev.main(["test", "-n", "0", "tests/unit"])
    spread = "-n logical --dist loadfile"
    assert calls[1::2] == [
        f"-m pytest --ignore=tests/bench {spread} -m not slow -x",
        f"-m pytest --ignore=tests/bench {spread} tests/unit",
        "-m pytest --ignore=tests/bench -m not slow -n 0 tests/unit",
    ]


def test_check_runs_all_and_names_those_that_failed(
    monkeypatch: pytest.MonkeyPatch, calls: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "call", lambda *words: calls.append(words[-1]) or int("mypy" in words))
    assert dev.main(["check"]) == 1
    assert len(calls) == 5
    assert capsys.readouterr().err == "dev.py: failed: types\n"


@pytest.mark.skipif(dev.WINDOWS, reason="apt is asked on Linux only")
class TestSystemPackages:
    @pytest.fixture(autouse=True)
    def _debian(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")

    def test_root_installs(self, monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
        monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
        dev.install_packages("no font", ["fonts-noto-cjk"])
        assert [line.split()[:3] for line in calls] == [
            ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        ] * 2
        assert calls[0].endswith(" update")
        assert calls[1].endswith(" install -y --no-install-recommends fonts-noto-cjk")

    def test_sudo_without_password_installs(self, monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
        monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
        dev.install_packages("no font", ["fonts-noto-cjk"])
        assert calls[0] == "sudo -n true"
        assert all(line.startswith("sudo -n env ") for line in calls[1:])

    def test_anybody_else_is_told_the_line_to_run(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(dev, "call", lambda *words: 1)
        with pytest.raises(SystemExit) as end:
            dev.install_packages("no font", ["fonts-noto-cjk"])
        assert end.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.splitlines()[-1].endswith("sudo apt-get install -y --no-install-recommends fonts-noto-cjk")


def test_wrong_use_exits_2_with_the_usage_on_stderr() -> None:
    done = subprocess.run(
        [sys.executable, dev.ROOT / "dev.py", "nonsense"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "dev.py demo" in done.stderr
