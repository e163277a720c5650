"""ID numbers that are not sound: who has one, and which number it may have been, ranked, each with its reasons.

Nothing is repaired here. What a number may have been follows from its own digits, from birth and sex, from where the
others of the household come from, and from what other entries and lists say of somebody of that name.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.ledger import Ledger
from storage.policy import id_number, id_repair
from storage.policy.id_core import birth_date, sex_of
from storage.policy.model import Policy
from storage.policy.reasons import Reason
from storage.queries import housing, people
from storage.queries.housing import Household
from storage.queries.people import Person

DOUBTS = frozenset(
    "missing placeholder area date future checksum truncated scientific disability20 other_document lookalike "
    "length format birth_differs sex_differs".split()
)
"""What can be doubtful about an ID number; a resident's doubts may name others besides."""
MOST = 8
"""Proposals that are shown for one number."""
_HARMLESS = frozenset(("lookalike", "disability20", "inside", "fifteen"))
"""Ways in which nothing of a number is guessed: it is only written otherwise."""
_AREAS = 3
"""Areas of a village that are as likely as those of the household: people marry in."""


@dataclass(frozen=True, slots=True)
class Unsound:
    """A person of a doubtful, unchecked number; ``doubt`` is a code of DOUBTS, ``doubts`` all that is doubtful."""

    scope: str
    record: str
    doubt: str
    doubts: str
    person: Person
    home: Household | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same question after reading anew."""
        return self.scope, self.record

    @property
    def short(self) -> str:
        """A name to type that holds nothing personal: number.3f9a1c02."""
        return f"number.{hashlib.blake2b(' '.join(self.key).encode(), digest_size=4).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sound number it may have been: how it came about, what speaks for and against it.

    ``taken`` is the name of somebody else in the register who has it; ``sure`` where nothing was guessed and
    nothing speaks against it.
    """

    number: str
    how: str
    rank: int
    reasons: tuple[Reason, ...]
    taken: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Proposals:
    """The likeliest numbers, at most MOST, and the ``rest`` that is possible, likeliest first.

    Where more than MOST are equally likely none of those is shown: the card has to tell. ``stem`` are then the
    digits that were kept of a cut number.
    """

    shown: tuple[Proposal, ...] = ()
    rest: tuple[str, ...] = ()
    stem: str = ""

    @property
    def sure(self) -> Proposal | None:
        """The one number it can only be."""
        found = [one for one in self.shown if one.sure]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How the numbers of a register stand; ``sound`` + ``checked`` + ``open`` = ``people`` (records)."""

    people: int = 0
    sound: int = 0
    checked: int = 0
    open: int = 0


def worklist(ledger: Ledger, policy: Policy, scope: str | None = None) -> list[Unsound]:
    """Return everybody whose number is doubtful and unchecked, in walking order, of a household together."""
    rows = ledger.connection.execute(
        "SELECT scope, record, doubt FROM resident WHERE void_reason IS NULL AND doubt IS NOT NULL "
        "AND (checked IS NULL OR checked <> doubt) AND (counted_in IS NULL OR counted_in = scope)"
    ).fetchall()
    wanted = {
        (where, record): (codes[0], doubts)
        for where, record, doubts in rows
        if scope in (None, where) and (codes := [code for code in doubts.split(",") if code in DOUBTS])
    }
    residents = sorted({record for _, record in wanted})
    loaded = people.load(ledger, policy.year, residents=residents) if residents else []
    homes = housing.households_of(ledger, loaded)
    found = [
        Unsound(one.scope, one.record, *wanted[one.scope, one.record], one, homes.get(one.household))
        for one in loaded
        if (one.scope, one.record) in wanted
    ]
    return sorted(found, key=_order)


def _order(item: Unsound) -> tuple[Any, ...]:
    home = item.home
    return (
        item.scope,
        home is None,
        housing.walking_order(home) if home else (),
        item.person.name,
        item.record,
    )


def progress(ledger: Ledger, scope: str | None = None) -> Progress:
    """Return how far the numbers (of one village) are."""
    where, arguments = ("", ()) if scope is None else ("AND scope = ?", (scope,))
    total = checked = left = 0
    for doubts, stands, count in ledger.connection.execute(
        "SELECT coalesce(doubt, ''), coalesce(doubt = checked, 0), count(*) FROM resident "
        "WHERE void_reason IS NULL AND (counted_in IS NULL OR counted_in = scope) "
        f"{where} GROUP BY 1, 2",
        arguments,
    ):
        total += count
        if DOUBTS & set(doubts.split(",")):
            checked += count * stands
            left += count * (not stands)
    return Progress(total, total - checked - left, checked, left)


# ---- what a number may have been


class Evidence:
    """What the ledger knows besides the entries themselves of ``items``, read once for all of them."""

    def __init__(self, ledger: Ledger, items: Sequence[Unsound], today: date) -> None:
        self._execute = ledger.connection.execute
        self._today = today
        self._named = self._entries({item.person.name for item in items})
        self._lists = _heard_in_lists(self._execute)
        self._villages: dict[str, tuple[str, ...]] = {}

    def proposals(self, item: Unsound) -> Proposals:
        """Return what ``item``'s number may have been."""
        person, known = item.person, _birth(item)
        others, areas = self._others(item, known), self._areas(item)
        sex = "" if item.doubt == "sex_differs" else person.sex
        found = [
            *_as_written(item),
            *_heard(others),
            *id_repair.repairs(
                person.id_number, birth=known, sex=sex, areas=areas, others=others.keys(), today=self._today
            ),
        ]
        if item.doubt in _CUT:  # also where what is left happens to be a sound number
            stem = id_repair.stem_of(id_repair.normalise(person.id_number))
            found += [
                id_repair.Repair(one, "truncated", len(stem), _LOST) for one in id_repair.candidates(stem)
            ]
        best: dict[str, id_repair.Repair] = {}
        for one in found:
            if _fits_doubt(item, one):
                best.setdefault(one.number, one)
        agreeing = _agreeing(list(best.values()), known, sex)
        ranked = sorted(agreeing, key=lambda one: (one.number not in others, one.rank, one.number))
        chosen = _tellable(ranked, others)
        taken = self._taken(item, [one.number for one in chosen])
        shown = []
        for one in chosen:
            reasons = tuple(_reasons(one, known, sex, areas, others))
            shown.append(Proposal(one.number, one.how, one.rank, reasons, taken.get(one.number, "")))
        stem = "" if shown else id_repair.stem_of(id_repair.normalise(person.id_number))
        return Proposals(
            tuple(_sure(shown, person)), tuple(one.number for one in ranked[len(chosen) :]), stem
        )

    def _entries(self, names: set[str]) -> dict[str, dict[str, list[tuple[str, str, str, str]]]]:
        """Return by name and birth (YYYYMMDD) who has a sound number: number, village, household, record."""
        found: dict[str, dict[str, list[tuple[str, str, str, str]]]] = {}
        wanted = json.dumps(sorted(names - {""}), ensure_ascii=False)
        for name, number, *row in self._execute(
            "SELECT name, id_full, scope, coalesce(household, ''), record FROM resident "
            "WHERE id_full IS NOT NULL AND void_reason IS NULL AND name IN (SELECT value FROM json_each(?))",
            (wanted,),
        ):
            found.setdefault(name, {}).setdefault(number[6:14], []).append((number, *row))
        return found

    def _namesakes(self, name: str, born: date | None) -> Iterator[tuple[str, str, str, str]]:
        """Yield the entries of a name, of this birth where one is known."""
        births = self._named.get(name, {})
        if born is not None:
            yield from births.get(f"{born:%Y%m%d}", ())
        else:
            yield from (entry for entries in births.values() for entry in entries)

    def _others(self, item: Unsound, born: date | None) -> dict[str, list[Reason]]:
        """Return the sound numbers other entries and lists have for somebody of this name, and who says so.

        A number of another birth is another person's; without a birth it takes the same household, or a slip.
        """
        found: dict[str, dict[tuple[str, str], Reason]] = {}
        for number, scope, household, record in self._namesakes(item.person.name, born):
            near = bool(household) and (scope, household) == (item.scope, item.person.household)
            if record != item.record and _may_be(item, number, born, near=near):
                code = "held_in_household" if near else "held_by_entry"
                found.setdefault(number, {})[code, scope] = Reason(code, {"village": scope})
        for key in (item.person.name, item.record):
            for number, source in self._lists.get(key, ()):
                if _may_be(item, number, born, near=key == item.record):
                    found.setdefault(number, {})["", source] = Reason("held_by_list", {"list": source})
        return {number: list(reasons.values()) for number, reasons in found.items()}

    def _areas(self, item: Unsound) -> tuple[str, ...]:
        """Return where the sound numbers of the household begin, and those of most people in the village."""
        rows = self._execute(
            "SELECT DISTINCT substr(id_full, 1, 6) FROM resident WHERE household = ? AND +scope = ? "
            "AND id_full IS NOT NULL AND void_reason IS NULL AND record <> ?",
            (item.person.household or "-", item.scope, item.record),
        ).fetchall()
        if item.scope not in self._villages:
            most = self._execute(
                "SELECT substr(id_full, 1, 6), count(*) FROM resident WHERE scope = ? AND id_full IS NOT NULL "
                "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
                (item.scope, _AREAS),
            ).fetchall()
            self._villages[item.scope] = tuple(row[0] for row in most)
        return tuple(sorted({*(row[0] for row in rows), *self._villages[item.scope]}))

    def _taken(self, item: Unsound, numbers: Sequence[str]) -> dict[str, str]:
        """Return which numbers somebody of another name in the same village has."""
        marks = ",".join("?" * len(numbers))
        rows = self._execute(
            f"SELECT id_full, coalesce(name, '') FROM resident WHERE id_full IN ({marks}) AND +scope = ? "
            "AND record <> ? AND coalesce(name, '') <> ? AND void_reason IS NULL",
            (*numbers, item.scope, item.record, item.person.name),
        )
        return {number: name or "?" for number, name in rows}


def _birth(item: Unsound) -> date | None:
    """The birth that is known besides the number; of a cut number its own."""
    return None if item.doubt in ("birth_differs", "date", "future") else item.person.birth


def _may_be(item: Unsound, number: str, born: date | None, *, near: bool) -> bool:
    """Whether a number held for this name may be theirs: of the same birth, else close by or like what stands."""
    if len(number) != _WHOLE:
        return False
    if born is not None:
        return birth_date(number[6:14]) == born
    return near or id_repair.slip(id_repair.normalise(item.person.id_number), number) is not None


_WHOLE = 18
_CUT = frozenset(("truncated", "scientific"))


def _fits_doubt(item: Unsound, one: id_repair.Repair) -> bool:
    """Leave out the number as it stands unless birth or sex may be wrong, and slips where digits were lost."""
    if one.number == id_repair.normalise(item.person.id_number):
        return item.doubt in ("birth_differs", "sex_differs")
    return item.doubt not in _CUT or one.how not in _SLIPS


_SLIPS = frozenset(
    ("transposed", "wrong_digit", "wrong_check", "missing_check", "missing_digit", "extra_digit")
)


def _as_written(item: Unsound) -> Iterator[id_repair.Repair]:
    """A sound number whose birth or sex the register contradicts may well be right: then these follow it."""
    if item.doubt in ("birth_differs", "sex_differs") and item.person.id_full:
        yield id_repair.Repair(item.person.id_full, "as_written", -1, 0)


def _heard(others: Mapping[str, Sequence[Reason]]) -> Iterator[id_repair.Repair]:
    """A number that is held elsewhere for the same name and birth, whatever stands in the entry."""
    for number in sorted(others):
        yield id_repair.Repair(number, "held_elsewhere", -1, _HEARD)


_HEARD = 2
_LOST = 3
"""Ranks of what ``id_repair.repairs`` does not propose itself, on its scale."""


def _agreeing(found: Sequence[id_repair.Repair], born: date | None, sex: str) -> Sequence[id_repair.Repair]:
    """Leave out what birth or sex speaks against, unless they speak against all."""
    agreeing = [
        one
        for one in found
        if (born is None or birth_date(one.number[6:14]) == born) and sex in ("", sex_of(one.number[16]))
    ]
    return agreeing or found


def _tellable(ranked: Sequence[id_repair.Repair], others: Collection[str]) -> Sequence[id_repair.Repair]:
    """Leave out what cannot be told apart: where more than MOST are equally likely, none of those is a proposal."""

    def likely(one: id_repair.Repair) -> tuple[bool, int]:
        return one.number not in others, one.rank

    chosen = list(ranked[:MOST])
    if len(ranked) > MOST and likely(ranked[MOST]) == likely(ranked[MOST - 1]):
        chosen = [one for one in chosen if likely(one) < likely(ranked[MOST])]
    return chosen


def _sure(shown: Sequence[Proposal], person: Person) -> Iterator[Proposal]:
    """Mark the one that is the same number written otherwise, or that alone others hold for the same name and birth."""
    held = [one for one in shown if not _HELD.isdisjoint(reason.code for reason in one.reasons)]
    for at, one in enumerate(shown):
        codes = {reason.code for reason in one.reasons}
        alone = held == [one] if held else len(shown) == 1 or one.rank + 1 < shown[1].rank
        proven = one.how in _HARMLESS or (
            one in held and person.birth is not None and one.how != "as_written"
        )
        clear = at == 0 and alone and not one.taken and codes.isdisjoint(_AGAINST)
        yield _as_sure(one) if clear and proven else one


_HELD = frozenset(("held_by_entry", "held_in_household", "held_by_list"))
_AGAINST = frozenset(("birth_contradicts", "sex_contradicts"))


def _as_sure(one: Proposal) -> Proposal:
    return Proposal(one.number, one.how, one.rank, one.reasons, one.taken, sure=True)


def _reasons(
    one: id_repair.Repair,
    born: date | None,
    sex: str,
    areas: Collection[str],
    others: Mapping[str, Sequence[Reason]],
) -> Iterator[Reason]:
    """Yield how a number came about, and what speaks for it and against it."""
    yield Reason(f"repair_{one.how}", {"place": one.at + 1} if one.at >= 0 else {})
    if born:
        yield Reason("birth_fits" if birth_date(one.number[6:14]) == born else "birth_contradicts")
    if sex:
        yield Reason("sex_fits" if sex_of(one.number[16]) == sex else "sex_contradicts")
    if areas:
        yield Reason("area_fits" if one.number[:6] in areas else "area_unusual")
    yield from others.get(one.number, ())


def _heard_in_lists(execute: Any) -> dict[str, list[tuple[str, str]]]:
    """Return by every text of a row that found nobody or is doubtful, and by whom it meant, its sound numbers."""
    found: dict[str, list[tuple[str, str]]] = {}
    for record, said, name in execute(
        "SELECT r.record, r.said, i.name FROM intake_row r JOIN intake i ON i.id = r.intake "
        "WHERE r.said <> '' AND i.reverted_at IS NULL"
    ):
        texts = _texts(said)
        for number in {
            check.full for text in texts if (check := id_number.check(text)).derives_id and check.full
        }:
            for key in {*texts, record} - {""}:
                found.setdefault(key, []).append((number, name))
    return found


def _texts(said: str) -> list[str]:
    """The cells of a row as it was kept."""
    try:
        row = json.loads(said)
    except ValueError:
        return []
    return [str(text).strip() for text in row.values()] if isinstance(row, dict) else []


def proposals_for(ledger: Ledger, items: Sequence[Unsound], today: date) -> list[Proposals]:
    """Return what each number may have been, lists and areas read once."""
    evidence = Evidence(ledger, items, today)
    return [evidence.proposals(item) for item in items]
