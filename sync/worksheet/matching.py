"""Whom each row of a sheet is about: by its code, else by ID number and name together, never by a name alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy import id_number
from sync.intake.results import Reason
from sync.sheets import values as cell_values
from sync.worksheet import exporting
from sync.worksheet.damage import damage
from sync.worksheet.exporting import Base
from sync.worksheet.reading import Returned, SheetRow
from sync.worksheet.standing import Key, Register, Standing
from sync.worksheet.values import is_masked

By = Literal["code", "id_name", "stem_name", "household_name", "birth_name", "phone_name", "nobody"]


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a row is about; ``base`` is what the sheet said of them, ``sure`` False where a person has to look."""

    row: SheetRow
    key: Key | None
    base: Mapping[str, str]
    by: By
    sure: bool = True
    why: tuple[Reason, ...] = ()


def name_of(row: SheetRow) -> str:
    """The name a row says."""
    return cell_values.name(row.cells.get("name"))[0]


def id_of(row: SheetRow, today: date) -> id_number.IdCheck:
    """The ID number a row says, judged."""
    text, was_number, _doubt = cell_values.id_text(row.cells.get("id_number"))
    return id_number.check(text, was_number=was_number, today=today)


def bases_of(ledger: Ledger, file: Returned, year: int) -> dict[int, Base]:
    """The bases of every sheet of this ledger the file has rows of.

    A sheet is this ledger's where most of its codes fit: among hundreds of another ledger's a few fit by chance.
    Raises KnownError: worksheet.other_ledger (file), worksheet.other_year (number, year).
    """
    codes = {row.code for part in file.parts for row in part.rows if row.code}
    if file.line:
        codes.add(file.line)
    said = Counter(code.sheet for code in codes)
    bases = {number: base for number in sorted(said) if (base := exporting.base(ledger, number))}
    fitting = Counter(
        code.sheet for code in codes if code.sheet in bases and code.fits(bases[code.sheet].token)
    )
    sound = {number for number, fit in fitting.items() if fit * 2 > said[number]}
    if not sound:
        raise KnownError("worksheet.other_ledger", file=file.file)
    for number in sorted(sound):
        if bases[number].year != year:
            raise KnownError("worksheet.other_year", number=number, year=bases[number].year)
    return {number: bases[number] for number in sorted(sound)}


class Matching:
    """Finds the people of rows; ``bases`` by sheet number, ``said`` what a village's last own report said of people."""

    def __init__(
        self,
        register: Register,
        bases: Mapping[int, Base],
        today: date,
        said: Mapping[Key, Mapping[str, str]] | None = None,
    ) -> None:
        self.register = register
        self.bases = bases
        self.today = today
        self.numbers: dict[str, list[Standing]] = {}
        self.stems: dict[str, list[Standing]] = {}
        self.names: dict[str, list[Standing]] = {}
        for one in register.people.values():
            check = id_number.check(one.person.id_number, today=today)
            if check.derives_id and check.full:
                self.numbers.setdefault(check.full, []).append(one)
                self.stems.setdefault(check.full[:15], []).append(one)
            self.names.setdefault(one.person.name, []).append(one)
        self._bases: dict[Key, Mapping[str, str]] = dict(said or {})
        for base in bases.values():
            for key, cells in base.rows.values():
                self._bases.setdefault(key, cells)

    def find(self, rows: Sequence[SheetRow]) -> list[Found]:
        """Whom each row is about; of rows with one code those that are somebody else's lose it."""
        codes = Counter((row.code.sheet, row.code.row) for row in rows if row.code)
        return [self._one(row, codes) for row in rows]

    def _one(self, row: SheetRow, codes: Mapping[tuple[int, int], int]) -> Found:
        code, base = row.code, self.bases.get(row.code.sheet) if row.code else None
        if code is None or base is None or not code.fits(base.token) or code.row not in base.rows:
            found = self._without_code(row)
            bad = bool(row.code_text)
            return (
                replace(found, why=(*found.why, Reason("code_unsound", {"code": row.code_text})))
                if bad
                else found
            )
        key, cells = base.rows[code.row]
        if not self._somebody_else(row, cells):
            return Found(row, key, cells, "code")
        if codes[code.sheet, code.row] > 1:  # a row copied, and somebody else written over the copy
            return self._without_code(row)
        return Found(
            row,
            key,
            cells,
            "code",
            sure=False,
            why=(Reason("row_of_other", {"name": cells.get("name", "")}),),
        )

    def _somebody_else(self, row: SheetRow, base: Mapping[str, str]) -> bool:
        """Whether name and ID number both are others than the sheet had in this row."""
        if "name" not in base or "id_number" not in base:
            return False
        name, cell = name_of(row), row.cells.get("id_number")
        stood = id_number.check(base["id_number"])
        if not name or name == cell_values.name(base["name"])[0] or cell is None or is_masked(cell):
            return False
        said = id_of(row, self.today)
        return bool(said.text) and said.text != stood.text and not damage(base["id_number"], cell)

    def _without_code(self, row: SheetRow) -> Found:
        """Somebody by ID number and name; the number alone is for a person to judge."""
        check, name = id_of(row, self.today), name_of(row)
        if check.derives_id and check.full:
            found = self.numbers.get(check.full, [])
            same = [one for one in found if one.person.name == name]
            if len(same) == 1:
                return self._found(row, same[0], "id_name")
            if len(found) == 1 and name:
                return self._doubtful(row, found[0], "name_differs")
            if found:
                return Found(row, None, {}, "nobody", why=(Reason("id_of_several"),))
        return Found(row, None, {}, "nobody")

    def reported(self, row: SheetRow) -> Found:
        """Somebody in a village's own report: by number and name, or by a name with something else that is theirs."""
        found = self._without_code(row)
        if found.key is not None or found.why:
            return found
        check, name = id_of(row, self.today), name_of(row)
        alike = self.names.get(name, []) if name else []
        if check.stem and not check.derives_id:
            same = [one for one in self.stems.get(check.stem, []) if one.person.name == name]
            if len(same) == 1:
                return self._found(row, same[0], "stem_name")
        if check.text and not check.doubt:  # a sound number of somebody else
            return Found(row, None, {}, "nobody")
        for by, same in (
            ("household_name", self._at_home(row, alike)),
            ("phone_name", self._by_phone(row, alike)),
        ):
            if len(same) == 1:
                return self._found(row, same[0], "household_name" if by == "household_name" else "phone_name")
        if len(alike) == 1:
            return self._doubtful(row, alike[0], "name_only")
        return Found(row, None, {}, "nobody", why=(Reason("name_of_several"),) if alike else ())

    def _at_home(self, row: SheetRow, alike: Iterable[Standing]) -> list[Standing]:
        number = cell_values.line_of(row.cells.get("household"))
        head = cell_values.name(row.cells.get("head"))[0]
        return [
            one
            for one in alike
            if (number and number == one.cells["household"])
            or (head and head != one.person.name and head == one.cells["head"])
        ]

    def _by_phone(self, row: SheetRow, alike: Iterable[Standing]) -> list[Standing]:
        phone, doubt = cell_values.phone(row.cells.get("phone"))
        return [one for one in alike if phone and not doubt and phone == one.person.phone]

    def _found(self, row: SheetRow, one: Standing, by: By) -> Found:
        return Found(row, one.key, self._bases.get(one.key, {}), by)

    def _doubtful(self, row: SheetRow, one: Standing, why: str) -> Found:
        reason = Reason(why, {"name": one.person.name})
        return Found(row, one.key, self._bases.get(one.key, {}), "id_name", sure=False, why=(reason,))
