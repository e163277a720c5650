"""Every verb as a process of its own, in the order a village and its township use them."""

from pathlib import Path

import pytest

from tests.e2e.conftest import ONE, PEOPLE, TODAY, TOWN, Program, ids, register


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A computer nothing was done on yet."""
    folder = tmp_path_factory.mktemp("verbs")
    return Program(folder, folder / "data")


def test_the_main_job_from_an_empty_folder(program: Program) -> None:
    folder = program.folder
    (folder / "花名册.csv").write_bytes(register("查干沟嘎查村", PEOPLE).encode("gbk"))
    calls: list[tuple[object, ...]] = [
        ("office", "create", "O", "--code", TOWN, "--name", "白泥井镇"),
        ("kit", "O", "--village", ONE, "--name", "查干沟嘎查村", "-o", "K.hqk"),
        ("village", "create", "V", "--kit", "K.hqk", "--operator", "王联络员"),
        ("intake", "V", "花名册.csv", "--result", "R.xlsx"),
        ("record", "V", "paid", *ids("那顺"), "--household", "0018", "--row", "1"),
        ("send", "V", "-o", "out"),
        ("receive", "O", "out"),
        ("visit-list", "V", "-o", "X.pdf", "--unpaid"),
        ("list", "V", "new", "-o", "N.xlsx"),
        ("out", "V", "uninsured", "-o", "U.xlsx"),
        ("out", "O", "progress", "-o", "P.csv"),
        ("find", "V", "ns"),
        ("check", "V"),
        ("check", "O"),
    ]
    for words in calls:
        done = program(*words, "--json")
        assert done.data
    for name in ("K.hqk", "R.xlsx", "X.pdf", "N.xlsx", "U.xlsx"):
        assert (folder / name).stat().st_size > 300
    village, office = (program("status", ledger, "--json").data for ledger in ("V", "O"))
    assert (office["people"], office["paid"], office["amount"]) == (len(PEOPLE), 2, 80000)
    # The list that was printed is an operation too: it goes with the next bundle.
    assert village["ops"]["count"] == office["ops"]["count"] + 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("status", "nowhere"), 3),
        (("intake", "V", "nothing.xlsx"), 3),
        (("record", "V", "paid", "--id-number", "150621199001010011"), 3),
        (("receive", "O", "nothing.hqb"), 3),
        (("visit-list", "V", "-o", "X.doc"), 2),
        (("status", "V", "--today", "2025-13-01"), 2),
        (("status",), 2),
    ],
)
def test_refused_and_wrong(program: Program, words: tuple[str, ...], code: int) -> None:
    done = program(*words, code=code, today="" if "--today" in words else TODAY)
    assert done.out == ""
    assert done.err.strip()


@pytest.mark.parametrize(("language", "word"), [("zh", "用法"), ("en", "usage")])
def test_help_in_both_languages(program: Program, language: str, word: str) -> None:
    for words in ((), ("kit",), ("record",), ("visit-list",)):
        done = program.quick(*words, "--help", f"--language={language}", today="")
        assert word in done.out.splitlines()[0]


def test_it_runs_from_any_folder(program: Program, tmp_path: Path) -> None:
    done = Program(tmp_path, program.data_dir)("status", program.folder / "V")
    assert "查干沟嘎查村" in done.out
