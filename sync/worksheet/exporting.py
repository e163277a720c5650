"""A working sheet goes out: the chosen people and columns as xlsx, and what was in it kept to merge against."""

import json
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from storage import policies
from storage.commands import exports, lists
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.queries import taken, villages
from storage.rows import RowNote
from sync.intake import words as list_words
from sync.worksheet import standing, values, writing
from sync.worksheet.codes import row_code
from sync.worksheet.columns import KEY, Column, chosen
from sync.worksheet.standing import Key, Standing
from sync.worksheet.words import Words

KIND = taken.WENT_OUT
"""The kind of the line in the log of lists under which a sheet's base is kept; it takes nothing over itself."""
_MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Exported:
    """A sheet that went out: its number, where it lies, whom and what it has."""

    number: int
    path: Path
    people: int
    columns: tuple[str, ...]
    masked: bool


def unpaid(one: Standing) -> bool:
    """Not paid, not gone, and no reason recorded why not insured here."""
    return not one.cells["paid"] and not one.person.absence and not one.person.counted_in


def export(
    ledger: Ledger,
    path: Path,
    *,
    scopes: Sequence[str],
    today: date,
    wanted: Callable[[Standing], bool] = lambda one: True,
    records: Collection[Key] | None = None,
    columns: Sequence[str] = (),
    masked: bool = False,
    why: str = "",
) -> Exported:
    """Write a working sheet of the people of some villages and keep what was in it.

    ``wanted`` or ``records`` (scope, record) choose people, ``columns`` (keys or titles) columns. Raises KnownError:
    worksheet.nobody, worksheet.no_column, file.not_written, file.open_elsewhere.
    """
    policy = policies.in_force(ledger).policy
    found = standing.load(ledger, policy, scopes).in_order()
    people = [one for one in found if wanted(one) and (records is None or one.key in records)]
    if not people:
        raise KnownError("worksheet.nobody")
    places = sorted({one.person.scope for one in people})
    specs = chosen(columns, villages=len(places))
    scope = places[0] if len(places) == 1 else ""
    token = secrets.token_urlsafe(16)
    number = _keep(ledger, path.name, scope, token, people, specs, masked)
    words = Words(policy, list_words.load(ledger.connection))
    rows = [_row(words, specs, token, number, at, one, masked) for at, one in enumerate(people, 1)]
    title = f"{villages.title_of(ledger, scope or ledger.profile.scope)} {policy.year} 年度参保缴费工作表"
    choices = {spec.key: tuple(words.choices(spec.key).values()) for spec in specs}
    code = row_code(token, number, 0)
    writing.write(path, title, _about(code, today, ledger.operator, masked), code, specs, rows, choices)
    exports.note(ledger, "worksheet", path, rows=len(people), masked=masked, why=why, scope=scope)
    return Exported(number, path, len(people), tuple(spec.key for spec in specs), masked)


def _keep(
    ledger: Ledger,
    name: str,
    scope: str,
    token: str,
    people: Sequence[Standing],
    specs: Sequence[Column],
    masked: bool,
) -> int:
    """Keep what the sheet says of everybody, in the ledger alone."""
    keys = [spec.key for spec in specs if spec.key != KEY]
    rows = (RowNote("", at, "exported", *one.key, said=_said(one, keys)) for at, one in enumerate(people, 1))
    year = policies.in_force(ledger).policy.year
    heading = lists.Heading(name, token, KIND, _MASKED if masked else "", year, scope, {"rows": len(people)})
    return lists.take(ledger, [], heading, rows)[0]


def _said(one: Standing, keys: Sequence[str]) -> str:
    return json.dumps({key: one.cells[key] for key in keys}, ensure_ascii=False)


def _row(
    words: Words, specs: Sequence[Column], token: str, number: int, at: int, one: Standing, masked: bool
) -> list[str]:
    return [
        row_code(token, number, at)
        if spec.key == KEY
        else values.shown(spec, one.cells[spec.key], words, masked=masked)
        for spec in specs
    ]


def _about(code: str, today: date, operator: str, masked: bool) -> str:
    """The line under the title: which sheet it is, and what people have to know."""
    care = "证件号码已隐去中间部分" if masked else "含完整证件号码，专人保管，勿拍照转发"
    return (
        f"工作表编号 {code}　{today.isoformat()}　{operator}　｜　绿色表头的列可填写；可以排序、筛选、加列、删行；"
        f"新增人员写在空行，行码留空　｜　{care}"
    )


@dataclass(frozen=True, slots=True)
class Base:
    """What a sheet said when it went out: row number → (scope, record, values by column)."""

    number: int
    token: str
    scope: str
    year: int
    masked: bool
    name: str
    at: str
    rows: dict[int, tuple[Key, dict[str, str]]]


def base(ledger: Ledger, number: int) -> Base | None:
    """The base of a sheet of this ledger, None where it has none of that number."""
    row = ledger.connection.execute(
        "SELECT digest, scope, year, source, name, at FROM intake WHERE id = ? AND kind = ?", (number, KIND)
    ).fetchone()
    if row is None:
        return None
    token, scope, year, source, name, at = row
    rows = {
        note.line: ((note.scope, note.record), json.loads(note.said))
        for note in taken.rows_of(ledger, number)
        if note.record and note.said
    }
    return Base(number, token, scope, year, source == _MASKED, name, at, rows)
