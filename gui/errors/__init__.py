"""Every code of expected trouble as a sentence: where it is, what is wrong, what to do about it."""

from collections.abc import Callable, Mapping
from datetime import date

from gui.errors import exchanging, faces, ledgers, rules, sheets
from gui.i18n import _
from gui.wording import forms, issued, names, policy_fields, refunds, stated
from gui.wording.roles import role
from gui.wording.units import amount, number
from storage.errors import KnownError

Params = Mapping[str, object]
_MIB = 1 << 20


def sentence(error: KnownError) -> str:
    """The sentence for a known error, with the file, sheet and row it is about."""
    return sentence_for(error.code, error.params)


def sentence_for(code: str, params: Params) -> str:
    """The sentence for a code and its parameters; a code without one is named, never hidden."""
    template = _sentences().get(code)
    if template is None:
        return _("Something unexpected happened ({code}).").format(code=code)
    if code == "policy.invalid":
        params = {**params, **_in_policy(params)}
    shown = _Shown({name: _shown(name, value) for name, value in params.items()})
    if "column" in shown:
        shown["place"] = _("from column {column}").format_map(shown)
    elif "row" in shown:
        shown["place"] = _("from row {row}").format_map(shown)
    text = template.format_map(shown)
    return text if "{file}" in template else _located(shown, text)


def _in_policy(params: Params) -> Params:
    """Where in a policy something is wrong, and what."""
    where, why = str(params.get("where", "")), str(params.get("why", ""))
    named = f"{policy_fields.place(where)} {where}".rstrip()
    return {"where": named, "why": policy_fields.fault(why, params)}


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences())


def template(code: str) -> str:
    """The sentence of a code before its parameters are filled in."""
    return _sentences()[code]


class _Shown(dict[str, str]):
    """Parameters in words; a missing one must not hide the sentence."""

    def __missing__(self, key: str) -> str:
        return "?"


def _located(shown: Mapping[str, str], text: str) -> str:
    """Put the file, its sheet and row before a sentence that does not name them itself."""
    file, sheet, row = (shown.get(name, "") for name in ("file", "sheet", "row"))
    if not file:
        return text
    if sheet and row:
        return _("{file}, sheet {sheet}, row {row}: {text}").format(
            file=file, sheet=sheet, row=row, text=text
        )
    if row:
        return _("{file}, row {row}: {text}").format(file=file, row=row, text=text)
    return _("{file}: {text}").format(file=file, text=text)


def _shown(name: str, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if name == "limit" and isinstance(value, int):
        return f"{value // _MIB} MB" if value >= _MIB and value % _MIB == 0 else number(value)
    if name in ("amount", "sum") and isinstance(value, int):
        return amount(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple | list):
        return _("/").join(str(item) for item in value)
    words = _WORDS.get(name)
    return words(str(value)) if words else str(value)


def _found(code: str) -> str:
    """What a file is that is no spreadsheet."""
    words = {
        "pdf": _("a PDF"),
        "picture": _("a picture"),
        "archive": _("a packed archive (unpack it first)"),
        "program": _("a program"),
        "word": _("a Word document"),
        "excel95": _("a workbook of Excel 95 or older"),
        "database": _("a database"),
        "bundle": _("a Huqing bundle"),
        "markup": _("a web or XML page"),
        "binary": _("no text and no spreadsheet"),
    }
    return words.get(code, code)


def reason(text: str) -> str:
    """What the system says about a file, as far as it has a word here."""
    words = {
        "folder": _("it is a folder"),
        "Is a directory": _("it is a folder"),
        "Not a directory": _("there is a file where a folder should be"),
        "File exists": _("there is a file of that name"),
        "No such file or directory": _("it is not there"),
        "Permission denied": _("no permission"),
        "Operation not permitted": _("no permission"),
        "No space left on device": _("the disk is full"),
        "Read-only file system": _("the disk is read-only"),
        "Input/output error": _("the disk cannot be read"),
        "Device or resource busy": _("another program holds it"),
        "File name too long": _("the name is too long"),
    }
    return words.get(text, text) or _("the system gives no reason")


_WORDS: dict[str, Callable[[str], str]] = {
    "found": _found,
    "reason": reason,
    "why": reason,
    "kind": lambda code: names.list_kind(names.kind(code)),
    "register": lambda code: names.register("", code),
    "outcome": names.outcome,
    "side": names.side,
    "step": refunds.step,
    "role": role,
    "fault": forms.fault,
    "department": lambda code: _(" ({whose})").format(whose=names.department(code)) if code else "",
}
"""How the parameters of these names are put into words; all others stand as they are."""


def _sentences() -> dict[str, str]:
    parts = (ledgers, rules, exchanging, sheets, refunds, issued, stated, faces)
    return {code: text for part in parts for code, text in part.sentences().items()}
