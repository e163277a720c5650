"""The program from outside: ``main.py`` as a process of its own, on ledgers made once and copied where they change."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from gui import i18n, verbs

MAIN = Path(__file__).resolve().parents[2] / "main.py"
PASSPHRASE = "不要告诉别人"
TODAY = "2025-12-03"
TOWN, ONE, TWO = "150621102000", "150621102200", "150621102201"


@dataclass(frozen=True)
class Done:
    """What a call left: exit code, standard output and error."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON result; standard output carries nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """The program in one folder, with one data folder: called, it runs as a process of its own."""

    folder: Path
    data_dir: Path

    def __call__(
        self, *words: object, code: int = 0, env: Mapping[str, str | None] | None = None, today: str = TODAY
    ) -> Done:
        """Run it; the exit code must be ``code``."""
        done = subprocess.run(
            [sys.executable, str(MAIN), *_typed(words, today)],
            cwd=self.folder,
            env=self._environment(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=300,  # the self-test opens every page
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        assert "Traceback" not in err, err
        assert done.returncode == code, f"exit {done.returncode}\n{out}\n{err}"
        return Done(done.returncode, out, err)

    def quick(self, *words: object, code: int = 0, today: str = TODAY) -> Done:
        """Run it inside this process, which spares the start: for the many calls that only look or refuse."""
        out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
        with patch.dict(os.environ, self._environment({}), clear=True), patch("sys.stdin", None):
            os.chdir(self.folder)
            try:
                with redirect_stdout(out), redirect_stderr(err):
                    found = _run(_typed(words, today))
            finally:
                os.chdir(before)
                i18n.install()
        assert found == code, f"exit {found}\n{out.getvalue()}\n{err.getvalue()}"
        return Done(found, out.getvalue(), err.getvalue())

    def _environment(self, more: Mapping[str, str | None]) -> dict[str, str]:
        settings: dict[str, str | None] = {
            **os.environ,
            "HUQING_PASSPHRASE": PASSPHRASE,
            "HUQING_DATA_DIR": str(self.data_dir),
            **more,
        }
        return {name: value for name, value in settings.items() if value is not None}

    def json(self, *words: object, code: int = 0, today: str = TODAY) -> Any:
        """Run it with --json and return the result; what needs Qt gets a process of its own."""
        runner = self if words[0] == "visit-list" else self.quick
        return runner(*words, "--json", code=code, today=today).data

    def status(self, ledger: object) -> Any:
        """The status of a ledger."""
        return self.json("status", ledger)


def _typed(words: Sequence[object], today: str) -> list[str]:
    return [*map(str, words), *(["--today", today] if today else [])]


def _run(words: list[str]) -> int:
    """The exit code, also where argparse ends the call."""
    try:
        return verbs.run(words)
    except SystemExit as end:
        return int(end.code or 0)


def check_digit(body: str) -> str:
    """The last character of an ID number."""
    remainder = 0
    for digit in body:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def id_number(birth: str, sequence: int, area: str = "150621") -> str:
    """An invented ID number with a right check digit."""
    body = f"{area}{birth}{sequence:03d}"
    return body + check_digit(body)


PEOPLE = [  # household, relation, name, sex, birth, sequence
    ("0017", "户主", "那顺", "男", "19501010", 121),
    ("0017", "妻", "其其格", "女", "19530402", 42),
    ("0017", "子", "布仁", "男", "19810915", 151),
    ("0017", "孙子", "阿木古楞", "男", "20160312", 31),
    ("0018", "户主", "娜仁格日勒", "女", "19680220", 182),
    ("0021", "户主", "聂顺利", "男", "19750605", 213),
    ("0021", "妻", "单桂兰", "女", "19770118", 264),
    ("0044", "户主", "刘建国", "男", "19840203", 241),
]


def register(village: str, people: list[tuple[str, str, str, str, str, int]]) -> str:
    """A village register as text: titles above, a total below."""
    lines = [f"{village}城乡居民基本医疗保险参保花名册", f"填报单位：{village}（盖章）"]
    lines.append("序号,户编号,户主姓名,与户主关系,姓名,性别,身份证号,联系电话,组别,是否常住")
    heads = {home: name for home, relation, name, *_rest in people if relation == "户主"}
    for number, (home, relation, name, sex, birth, sequence) in enumerate(people, 1):
        group = "2组" if home < "0020" else "3组"
        cells = [
            number,
            home,
            heads[home],
            relation,
            name,
            sex,
            id_number(birth, sequence) + "\t",
            "13800001234",
            group,
            "是",
        ]
        lines.append(",".join(map(str, cells)))
    return "\n".join([*lines, f"合计,,,,{len(people)}人", "填表人：　　审核人："])


@dataclass(frozen=True)
class World:
    """A township with two villages; village one has recorded, both have sent."""

    program: Program
    office: Path
    villages: dict[str, Path]
    kits: dict[str, Path]
    bundles: dict[str, Path]
    fresh_office: Path

    @property
    def one(self) -> Path:
        """The first village's ledger."""
        return self.villages[ONE]


def ids(*names: str) -> list[str]:
    """The arguments that name people of the first village."""
    words: list[str] = []
    for name in names:
        birth, sequence = next((birth, seq) for _h, _r, who, _s, birth, seq in PEOPLE if who == name)
        words += ["--id-number", id_number(birth, sequence)]
    return words


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Made once; a test that changes a ledger works on a copy."""
    # A passphrase slot says itself how costly it is: cheap ones make every later call cheaper.
    with patch.multiple("storage.keys", MEMORY_KIB=256, PASSES=1, LANES=1):
        return _made(tmp_path_factory.mktemp("world"))


def _made(folder: Path) -> World:
    program = Program(folder, folder / "data")
    program.quick(
        "office", "create", "office", "--code", TOWN, "--name", "白泥井镇", "--operator", "镇医保办"
    )
    kits, villages, bundles = {}, {}, {}
    for code, name in ((ONE, "查干沟嘎查村"), (TWO, "巴音淖尔村")):
        kits[code] = folder / f"{code}.hqk"
        program.quick("kit", "office", "--village", code, "--name", name, "-o", kits[code])
        villages[code] = folder / code
        program.quick("village", "create", villages[code], "--kit", kits[code], "--operator", "王联络员")
    shutil.copytree(folder / "office", folder / "fresh-office")
    (folder / "one.csv").write_bytes(register("查干沟嘎查村", PEOPLE).encode("gb18030"))
    second = [(*row[:5], row[5] + 500) for row in PEOPLE[:5]]
    (folder / "two.csv").write_text(register("巴音淖尔村", second), encoding="utf-8-sig")
    program("intake", villages[ONE], "one.csv")
    program("intake", villages[TWO], "two.csv")
    program(
        "record",
        villages[ONE],
        "paid",
        *ids("那顺", "其其格"),
        "--channel",
        "移动POS机",
        "--receipt",
        "31500417",
    )
    program("record", villages[ONE], "credential", *ids("那顺"), "--way", "helped")
    for code in villages:
        sent = program("send", villages[code], "-o", f"out-{code}", "--json").data
        bundles[code] = folder / sent["bundles"][0]["path"]
    program("receive", "office", *bundles.values())
    return World(program, folder / "office", villages, kits, bundles, folder / "fresh-office")


@pytest.fixture
def program(world: World, tmp_path: Path) -> Program:
    """The program in a folder of the test's own, as the same user on the same computer."""
    return Program(tmp_path, world.program.data_dir)


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[Path], Path]:
    """Copies a ledger for a test that changes it."""

    def copy(ledger: Path, name: str = "") -> Path:
        target = tmp_path / (name or ledger.name)
        shutil.copytree(ledger, target)
        return target

    return copy
