"""What a row of each kind of list says of its person: registers with their fields, and what is doubtful about it.

Nothing is compared or written here: an effect is a pure reading of one row.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import msgspec

from storage import policies
from storage.queries.years import ENDED
from storage.records import Value, derived_id
from sync.intake.facts import Facts, Held, Setting
from sync.intake.results import Reason, Rule
from sync.intake.words import Words, insurance_code, of_level
from sync.sheets import values
from sync.sheets.cells import Cell
from sync.sheets.columns import data
from sync.sheets.kinds import default_group
from sync.sheets.listed import ListedRow

ACTIVE = "1"
"""The platform's status of somebody insured."""
EMPLOYEE, RESIDENT = "310", "390"
_OTHER_LEVY = re.compile("养老|失业|工伤|生育|职业年金|公积金")
_MEDICAL = re.compile("医")
_YEAR = re.compile(r"(?<!\d)(20[0-9]{2})(?!\d{3,})")
_MONEY = re.compile(r"^[¥￥]?(-?[0-9]+(?:\.[0-9]+)?)元?(?:人民币)?$")
_MOST = 10**7
"""Fen beyond which an amount is no premium."""


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What taking over a list of one kind means: an entry of resources/columns/lists.toml."""

    effect: str
    rule: Rule
    reason: str = ""
    on: str = ""
    scheme: str = ""
    state: str = ""


@cache
def ways() -> Mapping[str, Way]:
    """All kinds of lists that can be taken over, but the roster."""
    return {name: msgspec.convert(entry, Way) for name, entry in data("lists.toml").items()}


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of one record: register → fields (None is an empty cell).

    ``link`` says what the record is about. Where an entry of somebody else agrees in the fields ``agree``, the list
    confirms it: it is laid over that entry instead of beside it. Registers in ``beside`` go with the others or not
    at all: a new file that says the same of somebody is no news. ``terms`` are what
    the record is made under, written with whatever of it is written. ``over``: what was shown is no longer so, whoever
    said it.
    """

    kind: str
    record: str
    registers: Mapping[str, Mapping[str, Any]]
    link: Mapping[str, Any] = field(default_factory=dict)
    agree: tuple[str, ...] = ()
    beside: frozenset[str] = frozenset()
    terms: Value | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row says, what is doubtful about it, and words in it nobody knows.

    ``waits``: it cannot be taken over before a person has looked at it.
    """

    said: tuple[Said, ...] = ()
    doubts: tuple[Reason, ...] = ()
    unmapped: tuple[str, ...] = ()
    waits: bool = False


class Reader:
    """Reads the rows of one list; ``title`` are the words above its table, which speak where a row does not."""

    def __init__(self, setting: Setting, words: Words, facts: Facts, title: str = "") -> None:
        self.setting = setting
        self._words = words
        self._facts = facts
        self._title = title
        self._way = ways()[setting.kind]
        self._read: Callable[[ListedRow, str, str], Reading] = getattr(self, f"_{self._way.effect}")

    @property
    def giver(self) -> str:
        """Who says that somebody belongs to a group: the department, else the kind of list."""
        return self.setting.source or self.setting.kind

    def read(self, row: ListedRow, scope: str, resident: str) -> Reading:
        """What a row says of a person."""
        return self._read(row, scope, resident)

    # ---- departments

    def groups(self, row: ListedRow) -> tuple[list[str], list[str]]:
        """The subsidy groups a row names, and words nobody knows ("" where it names none at all)."""
        if self._is_cancelled(row):
            return [], []
        text = row.text("identity") or row.text("category")
        source = self.setting.source
        if degree := row.text("disability_level"):  # 肢体 in one column, 二级 in another
            codes, unknown = self._words.groups(degree, "disabled_federation")
            if not unknown:
                return codes, []
        level = of_level(values.id_text(row.cells.get("disability_number"))[0]) or of_level(row.id_text)
        if text:
            codes, unknown = self._words.groups(text, source)
            if unknown and level is not None:  # 肢体残疾, and the number says which level
                return ([level] if level else []), []
            return codes, unknown
        if level is not None:
            return ([level] if level else []), []
        if (said := self._words.own.get(("group", ""))) is not None:
            return ([said] if said else []), []
        if default := default_group(source):
            return [default], []
        titled = self._words.titled(self._title)
        return ([titled] if titled else []), ([] if titled else [""])

    def _is_cancelled(self, row: ListedRow) -> bool:
        """Whether a row says that its person does not belong to the group any more."""
        if values.yes(row.cells.get("ended")):
            return True
        until = _day(row.cells.get("cancelled_on"))
        return until is not None and until <= self.setting.today.isoformat()

    def unknown_words(self, row: ListedRow) -> tuple[str, ...]:
        """Words of a row nobody knows, where its kind of list has any."""
        return tuple(self.groups(row)[1]) if self._way.effect == "grant" else ()

    def _grant(self, row: ListedRow, _scope: str, resident: str) -> Reading:
        codes, unknown = self.groups(row)
        known = {group.code for group in self.setting.policy.groups}
        year = self.setting.year
        since = _day(row.cells.get("support"))
        said = [
            Said(
                "subsidy",
                derived_id("subsidy", resident, year, code),
                {"grant": _filled({"group_code": code, "grant_source": self.giver, "since": since})},
                {"resident": resident, "year": year},
                ("group_code",),
            )
            for code in codes
            if code in known
        ]
        doubts = [Reason("unmapped_word", {"word": word}) for word in unknown]
        if self._is_cancelled(row):
            doubts.append(Reason("cancelled", {"on": row.text("cancelled_on")}))
        elif not codes and not unknown:
            doubts.append(Reason("not_special", {"word": row.text("identity")}))
        doubts += [Reason("group_unknown", {"group": code}) for code in codes if code not in known]
        return Reading(tuple(said), tuple(doubts), tuple(unknown), waits=bool(unknown))

    # ---- tax

    def _payment(self, row: ListedRow, scope: str, resident: str) -> Reading:
        if levy := self.other_levy(row):
            return Reading((), (Reason("other_levy", {"word": levy}),))
        amount = money(row.cells.get("amount"))
        paid_on = _day(row.cells.get("paid_on"))
        year, doubts = self.year_of(row), []
        if "amount" in row.cells and amount is None:
            doubts.append(Reason("amount_unreadable", {"text": row.text("amount")}))
        if amount is not None and amount <= 0:
            return Reading((), (Reason("refunded", {"amount": row.text("amount")}),), waits=True)
        if "paid_on" in row.cells and paid_on is None:
            doubts.append(Reason("date_unreadable", {"text": row.text("paid_on")}))
        if year != self.setting.year:
            doubts.append(Reason("other_year", {"year": year}))
        who = (scope, resident, year)
        held = self._facts.payments.get(who, [])
        if not held and year == self.setting.year:
            doubts.append(Reason("not_reported"))
        elif held and amount is not None and all(one.amount != amount for one in held):
            doubts.append(Reason("amount_differs", {"said": held[0].amount, "listed": amount}))
        fact = {
            "resident": resident,
            "year": year,
            "amount": amount,
            "paid_on": paid_on,
            "channel": self._words.channel(row.text("channel")) or None,
            "receipt": row.text("receipt") or None,
        }
        return Reading(self._claim(who, fact, held), tuple(doubts))

    def _claim(
        self, who: tuple[str, str, int], fact: Mapping[str, Any], held: list[Held]
    ) -> tuple[Said, ...]:
        if not self.setting.is_office:  # a village reports; only an office's list confirms
            if held or not fact["amount"] or not fact["paid_on"]:
                return ()
            record = derived_id("payment", who[1], who[2], "list")
            registers = {"fact": _filled(fact), "policy": {"policy": self.setting.policy.id}}
            terms = policies.terms(self.setting.policy)
            return (Said("payment", record, registers, agree=("amount",), terms=terms),)
        known = self._facts.confirmations.get(who, [])
        record = self._confirmation(who, str(fact["receipt"] or ""), known)
        registers = {"fact": _filled(fact), "source": {"list_name": self.setting.file}}
        return (Said("confirmation", record, registers, beside=frozenset(("source",))),)

    def _confirmation(self, who: tuple[str, str, int], receipt: str, known: list[Held]) -> str:
        """The record of a confirmed payment: the one of this receipt, else one that has none yet, else a new one."""
        given = self._facts.given
        receipts = [(one.record, given.get(one.record) or one.receipt) for one in known]
        fitting = [record for record, held in receipts if receipt and held == receipt]
        fitting += [record for record, held in receipts if not receipt or not held]
        made = derived_id("confirmation", who[1], who[2], *([receipt] if receipt else []))
        found = fitting[0] if fitting else made
        if receipt:
            given[found] = receipt
        return found

    def other_levy(self, row: ListedRow) -> str:
        """The name of another insurance a row speaks of, "" where it is about medical insurance or does not say."""
        item = row.text("levy_item") or row.text("insurance_type")
        return item if _OTHER_LEVY.search(item) and not _MEDICAL.search(item) else ""

    def year_of(self, row: ListedRow) -> int:
        """The insurance year a row is about, that of the list where it does not say."""
        found = _YEAR.search(row.text("paid_year"))
        return int(found[1]) if found else self.setting.year

    # ---- platform

    def _coverage(self, row: ListedRow, scope: str, resident: str) -> Reading:
        scheme = self._way.scheme or insurance_code("scheme", row.text("insurance_type"))
        state = self._way.state or insurance_code("state", row.text("insured_state") or row.text("insured"))
        place = row.text("insured_place")
        if not scheme and not state:
            return Reading((), (Reason("scheme_unknown"),), waits=True)
        fields = {
            "scheme": scheme or RESIDENT,
            "scheme_state": state or None,
            "scheme_place": place or None,
            "scheme_type": row.text("person_type") or None,
            "employer": row.text("employer") if scheme == EMPLOYEE else None,
            "covered_since": _day(row.cells.get("insured_on")),
            "covered_as_of": _day(row.cells.get("insured_until")) if state in ENDED else None,
        }
        record = derived_id("coverage", resident, scheme or RESIDENT, place)
        said = [Said("coverage", record, {"state": _filled(fields)}, {"resident": resident})]
        doubts = []
        year = self.setting.year
        elsewhere = self._elsewhere(scheme, state, place)
        if elsewhere:
            if self._paid(scope, resident):
                doubts.append(Reason("already_elsewhere", {"scheme": scheme}))
            elif self._facts.absences.get((scope, resident, year)) is None:
                said.append(self._absent(resident, elsewhere, None))
        return Reading(tuple(said), tuple(doubts))

    def _elsewhere(self, scheme: str, state: str, place: str) -> str:
        """The reason of the policy for not being insured here, "" where the platform shows none."""
        if state != ACTIVE or scheme not in (EMPLOYEE, RESIDENT):
            return ""
        away = bool(place) and place.isdigit() and not place.startswith(self.setting.scope[:6])
        if scheme == EMPLOYEE:
            return "employee_elsewhere" if away else "employee_here"
        return "resident_elsewhere" if away else ""

    def _paid(self, scope: str, resident: str) -> bool:
        """Whether somebody paid for the year, reported or confirmed."""
        who = (scope, resident, self.setting.year)
        return who in self._facts.payments or who in self._facts.confirmations

    # ---- who is not to be insured here

    def _absent(self, resident: str, reason: str, on: str | None) -> Said:
        year = self.setting.year
        return Said(
            "enrolment",
            derived_id("enrolment", resident, year),
            {"absence": _filled({"absence": reason, "absence_on": on})},
            {"resident": resident, "year": year},
            ("absence",),
            terms=policies.terms(self.setting.policy),
        )

    def _absence(self, row: ListedRow, scope: str, resident: str) -> Reading:
        on = _day(row.cells.get(self._way.on)) if self._way.on else None
        who = (scope, resident, self.setting.year)
        doubts = [Reason("paid_and_absent")] if self._facts.payments.get(who) else []
        if self._way.on in row.cells and on is None:
            doubts.append(Reason("date_unreadable", {"text": row.text(self._way.on)}))
        return Reading((self._absent(resident, self._way.reason, on),), tuple(doubts))

    def _returned(self, row: ListedRow, scope: str, resident: str) -> Reading:
        held = self._facts.absences.get((scope, resident, self.setting.year))
        if held != self._way.reason:
            return Reading((), (Reason("to_be_insured"),))
        year = self.setting.year
        gone = {"absence": None, "absence_on": None, "absence_note": None}
        link = {"resident": resident, "year": year}
        record = derived_id("enrolment", resident, year)
        return Reading(
            (Said("enrolment", record, {"absence": gone}, link, terms={}, over=True),),
            (Reason("to_be_insured"),),
        )

    # ---- schools

    def _schooling(self, row: ListedRow, scope: str, resident: str) -> Reading:
        fields = {
            "school": row.text("school") or None,
            "school_class": row.text("grade") + row.text("class") or None,
        }
        paid = self._paid(scope, resident)
        says = values.yes(row.cells.get("insured"))
        doubts = []
        if says is True and not paid:
            doubts.append(Reason("says_insured"))
        if says is False and paid:
            doubts.append(Reason("says_not_insured"))
        return Reading((Said("resident", resident, {"schooling": _filled(fields)}),), tuple(doubts))

    def _newborn(self, _row: ListedRow, _scope: str, _resident: str) -> Reading:
        """A child who is in the register already."""
        return Reading()

    # ---- numbers of people

    def _population(self, row: ListedRow, _scope: str, village: str) -> Reading:
        registered, residing = (_count(row.text(f"population_{name}")) for name in ("registered", "resident"))
        if registered is None and residing is None:
            return Reading((), (Reason("count_unreadable"),), waits=True)
        fields = {
            "registered": registered,
            "residing": residing,
            "counted_on": self.setting.today.isoformat(),
            "counted_by": self.setting.file,
        }
        return Reading((Said("village", village, {"population": _filled(fields)}),))


def _count(text: str) -> int | None:
    bare = unicodedata.normalize("NFKC", text).replace(",", "").removesuffix("人").removesuffix(".0").strip()
    return int(bare) if bare.isdecimal() and len(bare) < 8 else None


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields a row fills: what a list leaves blank takes nothing away from what another said."""
    return {name: value for name, value in fields.items() if value is not None}


def money(cell: Cell) -> int | None:
    """An amount in fen; None where a cell holds none that could be a premium."""
    if isinstance(cell, bool) or cell is None:
        return None
    text = unicodedata.normalize("NFKC", values.text_of(cell)).replace(",", "").replace(" ", "")
    match = _MONEY.match(text)
    if match is None:
        return None
    try:
        fen = Decimal(match[1]) * 100
    except InvalidOperation:
        return None
    return int(fen) if fen == fen.to_integral_value() and abs(fen) <= _MOST else None


def _day(cell: Cell) -> str | None:
    """A date as ISO text, None where a cell holds none."""
    if cell is None:
        return None
    found, doubt = values.birth(cell)
    return found.isoformat() if found and doubt in (None, "birth.serial") else None


def listed_year(texts: tuple[str, ...]) -> int:
    """The year words above a table speak of (2026年度), 0 where they name none or several."""
    found = {int(match) for text in texts for match in re.findall(r"(20[0-9]{2})\s*年?度", text)}
    return found.pop() if len(found) == 1 else 0
