"""Every code a rule can give as its reason, read from the source: a new one cannot go without words."""

import ast
from collections.abc import Iterator
from pathlib import Path

POLICY = Path(__file__).resolve().parents[3] / "storage" / "policy"
BUILT = {
    "same_": ("birth", "household", "guardian"),
    "subsidy_": ("advance", "refund"),
    "window_": ("before", "open", "late", "over"),
}
"""Codes put together from a word and one of these endings."""


def codes() -> set[str]:
    """The codes of all reasons under storage/policy; AssertionError for one whose code cannot be read."""
    found: set[str] = set()
    for path in sorted(POLICY.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in _calls(function):
                    found.update(_read(call.args[0], [function, tree], path.name))
    return found


def _calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
            yield node


def _read(code: ast.expr, within: list[ast.AST], where: str) -> set[str]:
    match code:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=other):
            return _read(body, within, where) | _read(other, within, where)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_rest]):
            assert start in BUILT, f"{where}: {start}"
            return {start + end for end in BUILT[start]}
        case ast.Attribute(attr="code"):
            return set()  # handed on from another reason
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_key, other]):
            return _named(name, within, where) | _read(other, within, where)
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return _named(name, within, where)
    raise AssertionError(f"{where}: line {code.lineno}: what code is this?")


def _named(name: str, within: list[ast.AST], where: str) -> set[str]:
    """The texts a name may stand for, in its function or else its module: assigned to it or walked through by it."""
    for scope in within:
        found = {
            one.value
            for value in _values(name, scope)
            for one in ast.walk(value)
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and "_" in one.value
        }
        if found:
            return found
    raise AssertionError(f"{where}: what may {name} be?")


def _values(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and _has(node.targets, name):
            yield from node.value.values if isinstance(node.value, ast.Dict) else [node.value]
        elif isinstance(node, ast.For) and _has([node.target], name):
            yield node.iter


def _has(targets: list[ast.expr], name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for target in targets for one in ast.walk(target))
