"""Demo and self-test: the whole main job, from the files that are shipped."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from gui import demo
from gui.wording import why
from storage import policies
from storage.clock import Clock
from storage.ledger import Ledger
from storage.queries import explain, people
from tests.e2e.conftest import Program

DEMO = {"HUQING_PASSPHRASE": demo.PASSPHRASE}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Path, dict[str, object]]:
    """The demo, made once without a window."""
    folder = tmp_path_factory.mktemp("demo")
    program = Program(folder, folder / "data")
    told = program("demo", "D", "--headless", "--json", today="").data
    return program, folder / "D", told


def test_it_says_what_it_made(made: tuple[Program, Path, dict[str, object]]) -> None:
    _program, folder, told = made
    assert told["equal"] is True
    assert told["passphrase"] == demo.PASSPHRASE
    for name in ("kits", "bundles", "papers"):
        paths = told[name]
        assert isinstance(paths, list)
        assert paths
        assert all((folder / path).stat().st_size > 300 for path in paths)


def test_both_offices_show_the_same(made: tuple[Program, Path, dict[str, object]]) -> None:
    program, folder, _told = made
    first, second = (
        program("status", folder / name, "--json", env=DEMO).data for name in ("office", "second-office")
    )
    for name in ("ops", "state", "scopes", "people", "paid", "rate", "conflicts", "to_review"):
        assert first[name] == second[name]
    assert len(first["villages"]) == 3
    for line in first["villages"]:
        assert 150 <= line["people"] <= 250
        assert 0 < line["paid"] < line["people"]
        assert 0 < line["rate"] < 100
    assert first["conflicts"] > 0
    assert first["special"] > 0


def test_no_words_for_wechat_bear_a_number_of_anybody(
    made: tuple[Program, Path, dict[str, object]], tmp_path: Path
) -> None:
    _program, folder, _told = made
    shutil.copytree(folder / "office", tmp_path / "office")
    told = 0
    opened = Ledger.open(
        tmp_path / "office",
        passphrase=demo.PASSPHRASE,
        data_dir=tmp_path / "data",
        clock=Clock(demo.TODAY),
        operator="",
    )
    with opened as ledger:
        policy = policies.in_force(ledger).policy
        for person in people.load(ledger, policy.year):
            known = explain.known(ledger, policy, person.scope, person.record)
            assert known is not None
            case = why.case_of(
                policy, known.person, known.facts, demo.TODAY, pay_on=policy.window.end + timedelta(days=20)
            )
            text = why.message(case, "查干沟嘎查")
            numbers = [person.id_number, person.id_full, person.phone]
            runs = {number[at : at + 6] for number in numbers for at in range(len(number) - 5)}
            assert not any(run in text for run in runs) and not re.search(r"\d{6}", text), text
            told += 1
    assert told > 450


def test_the_same_folder_can_be_made_again(made: tuple[Program, Path, dict[str, object]]) -> None:
    program, folder, _told = made
    assert demo.is_ready(folder)
    (folder.parent / "mine").mkdir()
    (folder.parent / "mine" / "precious.txt").write_text("not yours", encoding="utf-8")
    refused = program("demo", "mine", "--headless", "--json", code=3, today="").data
    assert refused["code"] == "demo.not_empty"
    assert (folder.parent / "mine" / "precious.txt").exists()


def test_without_a_screen_it_says_so_and_goes_on(made: tuple[Program, Path, dict[str, object]]) -> None:
    program, folder, _told = made
    nothing = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": None}
    done = program("demo", folder, env=nothing, today="")
    assert "没有屏幕" in done.err
    assert demo.PASSPHRASE in done.out
    refused = program(folder / "office", env=nothing, code=3, today="")
    assert "没有屏幕" in refused.err


def test_selftest(tmp_path: Path) -> None:
    told = Program(tmp_path, tmp_path / "data")("selftest", "--json", today="").data
    assert all(told.values())
    assert len(told) == 12
    assert not (tmp_path / "data").exists(), "a self-test leaves nothing behind"


def test_how_long_the_window_takes(tmp_path: Path) -> None:
    program = Program(tmp_path, tmp_path / "data")
    told = program("start-time", "--json", today="", env={"QT_QPA_PLATFORM": "offscreen"}).data
    assert told["processor"] > 0 and told["seconds"] > 0
