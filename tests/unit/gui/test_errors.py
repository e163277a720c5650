"""Every code raised anywhere has a sentence, in both languages, that says all it was told."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from gui import errors, i18n
from storage.errors import KnownError, RuleViolation
from storage.policy.money import BLOCKING
from sync import receiving

ROOT = Path(__file__).resolve().parents[3]
RAISERS = {"KnownError", "RuleViolation", "WrongUse", "Note", "Finding", "ClockDoubt"}
PASSED_ON = {
    "sync/sheets/reading.py",
    "sync/sheets/child.py",
    "sync/exchange.py",
    "storage/errors.py",
    "gui/verbs/backups.py",
}
"""Modules that pass on codes raised elsewhere."""
TAKEN_OFF = {"field"}
"""Parameters for the page (which input to mark), not for the sentence."""


@dataclass(frozen=True)
class Site:
    """A place that raises a code, with the names of the parameters it gives; ``whole`` when all are seen."""

    where: str
    code: str
    params: frozenset[str]
    whole: bool


def _returned(path: str, *functions: str) -> list[str]:
    """The texts some functions return."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    bodies = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in functions]
    found = [node for body in bodies for node in ast.walk(body) if isinstance(node, ast.Constant)]
    return [
        node.value for node in found if isinstance(node.value, str) and re.fullmatch("[a-z_]+", node.value)
    ]


FATES = [str(getattr(receiving, name)) for name in ("AGAIN", "DOUBLED", "OVERTAKEN", "NO_NEWS", "INCOMPLETE")]
"""What became of files in which nothing was wrong; a refusal is raised."""
INERT = _returned("storage/records.py", "acceptable", "_trouble")
"""Why an operation stays inert: nobody may write one."""


def _literals(node: ast.expr) -> list[str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        left, right = _literals(node.body), _literals(node.orelse)
        return left + right if left and right else None
    if isinstance(node, ast.JoinedStr) and ast.unparse(node) == "f'record.{reason}'":
        return [f"record.{reason}" for reason in INERT]
    if isinstance(node, ast.JoinedStr) and ast.unparse(node) == "f'money.{problem}'":
        return [f"money.{problem}" for problem in BLOCKING]
    return None


def _sites() -> Iterator[Site]:
    for room in ("storage", "sync", "gui"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISERS:
                    yield from _of_call(name, node)


def _of_call(name: str, node: ast.Call) -> Iterator[Site]:
    assert isinstance(node.func, ast.Name)
    codes = _literals(node.args[0]) if node.args else None
    if codes is None:
        assert name in PASSED_ON, f"{name}:{node.lineno} raises a code that no test can see"
        return
    params = {keyword.arg for keyword in node.keywords if keyword.arg} - (
        TAKEN_OFF if node.func.id == "RuleViolation" else set()
    )
    whole = all(keyword.arg for keyword in node.keywords)
    if node.func.id in ("Note", "Finding") and len(node.args) > 1 and isinstance(node.args[1], ast.Dict):
        keys = node.args[1].keys
        params |= {key.value for key in keys if isinstance(key, ast.Constant)}
        whole = None not in keys
    for code in codes:
        yield Site(f"{name}:{node.lineno}", code, frozenset(map(str, params)), whole)


SITES = list(_sites())


@pytest.fixture(params=["zh_CN", "en"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.install(request.param)
    yield request.param
    i18n.install()


def test_sites_are_found() -> None:
    assert len(SITES) > 80
    assert {"ledger.exists", "payment.already", "bundle.not_for_us", "sheet.no_header"} <= {
        s.code for s in SITES
    }


def test_every_code_has_a_sentence() -> None:
    lacking = {f"{site.code} ({site.where})" for site in SITES if site.code not in errors.codes()}
    assert not lacking


def test_no_sentence_is_left_over() -> None:
    assert errors.codes() - {site.code for site in SITES} - {*FATES, "bundle.ours"} == set()


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.code}@{site.where}")
def test_a_sentence_says_all_it_was_told(site: Site) -> None:
    params: dict[str, object] = {name: f"‹{name}›" for name in site.params}
    text = errors.sentence_for(site.code, params)
    assert "{" not in text
    assert text[-1] in "。.", text
    if site.whole:
        told = {name for name in site.params if f"‹{name}›" not in text}
        assert not told, f"{site.code} does not say {told}: {text}"
        assert "?" not in text, f"{site.code} lacks a parameter: {text}"


def test_chinese_is_the_default_and_complete(language: str) -> None:
    for code in errors.codes():
        text = errors.template(code)
        chinese = any(
            "\u4e00" <= character <= "\u9fff"
            for character in text.replace("姓名", "").replace("身份证号", "")
        )
        assert chinese == (language == "zh_CN"), f"{code}: {text}"


def test_file_and_row_come_first(language: str) -> None:
    text = errors.sentence_for("sheet.empty", {"file": "花名册.xlsx"})
    assert text.startswith("《花名册.xlsx》：" if language == "zh_CN" else "花名册.xlsx: ")
    assert "7" in errors.sentence_for("sheet.empty", {"file": "a.xlsx", "sheet": "表", "row": 7})


def test_values_are_in_words(language: str) -> None:
    money = RuleViolation("payment.already", field="amount", amount=40000, paid_on="2025-12-01")
    assert "400" in errors.sentence(money)
    assert "40000" not in errors.sentence(money)
    assert "2026-01-02" in errors.sentence(KnownError("date.future", date=date(2026, 1, 2)))
    big = errors.sentence(KnownError("sheet.too_big", limit=100 << 20, file="x.xlsx"))
    assert "100 MB" in big
    if language == "zh_CN":
        assert "没有权限" in errors.sentence(KnownError("sheet.unreadable", reason="Permission denied"))
        assert "PDF" in errors.sentence(KnownError("sheet.unknown_format", found="pdf"))
        assert "缴费" in errors.sentence(KnownError("record.unknown", kind="payment"))


def test_an_unknown_code_is_named() -> None:
    assert "never.heard" in errors.sentence(KnownError("never.heard"))
