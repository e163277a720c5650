"""Rows of lists that mean nobody in the register, and what schools say of their students."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from storage import store
from storage.ledger import Ledger
from storage.places import is_village
from storage.policy import differences as rules
from storage.policy import id_number, mask
from storage.policy.differences import Difference
from storage.policy.model import Policy
from storage.queries.reconcile.lists import DEPARTMENT, STUDENTS, TAX, Listing
from storage.queries.reconcile.whom import COUNTS, FIELDS, filled, paid, rows
from storage.queries.villages import titles
from storage.records import derived_id

_NOBODY = frozenset((TAX, DEPARTMENT, STUDENTS, "platform_export"))
"""Kinds whose rows ought to mean somebody of the register."""

_SCHOOL = f"""
    SELECT {FIELDS}, coalesce(r.school, ''), i.why LIKE '%says_insured%'
    FROM intake_row i JOIN resident r ON r.scope = i.scope AND r.record = i.record
    LEFT JOIN enrolment e ON e.resident = r.record AND e.scope = r.scope AND e.year = :year
    WHERE i.intake = :list AND {COUNTS} AND {{r}}
        AND (i.why LIKE '%says_insured%' AND NOT {paid("r")} AND e.absence IS NULL
            OR i.why LIKE '%says_not_insured%' AND {paid("r")})
    GROUP BY r.scope, r.record ORDER BY r.scope, r.household, r.record"""


def students(ledger: Ledger, policy: Policy, scope: str, found: list[Listing]) -> Iterator[Difference]:
    """Yield what schools say of being insured that is otherwise here."""
    for listing in found:
        if listing.kind != STUDENTS:
            continue
        named = {"year": policy.year, "scope": scope, "list": listing.number}
        for whom, (school, says) in rows(ledger, _SCHOOL, named):
            code, proposal = (
                ("school_insured", rules.school_insured())
                if says
                else ("school_uninsured", rules.school_uninsured())
            )
            yield Difference(
                code, policy.year, whom.scope, whom.record, "", whom.name, whom.id_number, whom.household,
                {"paid": "no" if says else "yes"}, filled(insured="yes" if says else "no", school=school),
                proposal, told=listing.told, held=(("resident", whom.record),),
            )  # fmt: skip


# ---- nobody here

_ROWS = """SELECT i.sheet, i.line, i.said FROM intake_row i
    WHERE i.intake = ? AND i.status = 'unmatched' AND i.said <> '' ORDER BY i.number"""


def strangers(ledger: Ledger, policy: Policy, scope: str, found: list[Listing]) -> Iterator[Difference]:
    """Yield rows that mean nobody in the register, each person once; rows of other places' villages are not ours."""
    places = _Places(titles(ledger))
    rows_ = [
        (listing, json.loads(said))
        for listing in found
        if listing.kind in _NOBODY
        for _sheet, _line, said in ledger.connection.execute(_ROWS, (listing.number,))
    ]
    numbers = [_sound(str(said.get("id", ""))) for _, said in rows_]
    known = _registered(ledger, [one for one in numbers if one])
    seen: set[str] = set()
    for (listing, said), number in zip(rows_, numbers, strict=True):
        village, name, text = str(said.get("village", "")), str(said.get("name", "")), str(said.get("id", ""))
        place = places.find(village)
        if number in known or place is None or (scope and place != scope):
            continue
        who = derived_id("stranger", number or f"{name} {text} {village}")
        if who not in seen:
            seen.add(who)
            yield _stranger(policy, place, who, name, number or text, listing, said)


def _stranger(
    policy: Policy, place: str, who: str, name: str, number: str, listing: Listing, said: Mapping[str, Any]
) -> Difference:
    told = {field: str(said.get(field) or "") for field in ("amount", "paid_on", "identity", "school")}
    return Difference(
        "stranger", policy.year, place, "", who, name, number, "", {},
        filled(id_masked=mask.id_number(number), **told), rules.stranger(scoped=bool(place)), told=listing.told,
    )  # fmt: skip


def _sound(text: str) -> str:
    check = id_number.check(text)
    return check.full if check.derives_id and check.full else ""


def _registered(ledger: Ledger, numbers: Sequence[str]) -> set[str]:
    """Return which of these numbers somebody in the register has by now."""
    known: set[str] = set()
    for part in store.batches(dict.fromkeys(numbers), 500):
        sql = f"SELECT id_full FROM resident WHERE void_reason IS NULL AND id_full IN ({','.join('?' * len(part))})"
        known.update(row[0] for row in ledger.connection.execute(sql, part))
    return known


_PLACE = re.compile(r"嘎查村委会|村民委员会|居民委员会|嘎查委员会|村委会|嘎查村|社区|嘎查|村")


class _Places:
    """Finds the village a row names among those of the ledger."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._codes = {code for code in known if is_village(code)}
        self._titles: dict[str, str] = {}
        for code in sorted(self._codes):
            plain = _plain(known[code])
            self._titles[plain] = "" if plain in self._titles else code  # two of one name: not told apart

    def find(self, text: str) -> str | None:
        """Return the village's code, "" where the row names none (or one of two), None where it is not of here."""
        text = text.strip()
        if not text or text in self._codes:
            return text
        plain = _plain(text)
        if plain in self._titles:
            return self._titles[plain]
        ends = [code for title, code in self._titles.items() if title and plain.endswith(title)]
        return ends[0] if len(ends) == 1 else None


def _plain(title: str) -> str:
    return _PLACE.sub("", title.strip())
