"""From merged cells to entries: each person's changes through the commands that a page would use, each rule checked."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date

from storage import policies
from storage.commands import facts, payments, people
from storage.commands.payments import Payment
from storage.errors import KnownError, RuleViolation
from storage.ledger import Edit, Ledger
from storage.queries.people import Claim
from storage.records import Value, derived_id, random_id
from storage.rows import RowNote
from sync.intake.results import Reason
from sync.worksheet import values
from sync.worksheet.columns import PAYMENT, PLACE, catalogue
from sync.worksheet.drafting import Draft
from sync.worksheet.merging import Merged
from sync.worksheet.results import OPEN, CellChange, Row, Status
from sync.worksheet.standing import Key, Register, Standing
from sync.worksheet.words import YES, Words

_CHANGED = "按工作表更正"
"""The reason a payment carries that a sheet corrected."""
_TAKEN_BACK = "按工作表作废"
_PLACES = {"group": "grp", "lane": "lane", "address": "address"}
_REGISTERS: Mapping[str, Mapping[str, str]] = {
    "identity": {"name": "name", "id_number": "id_number"},
    "contact": {"phone": "phone"},
    "residence": {"residence": "residence"},
    "remark": {"note": "note"},
}
"""Resident register → its field → the column it is filled from."""


class Planner:
    """Drafts what the rows of one file write; ``via`` is their provenance up to the row: kind:file."""

    def __init__(self, ledger: Ledger, register: Register, words: Words, today: date, via: str) -> None:
        self.draft = Draft(ledger)
        self._real = ledger
        self._register = register
        self._words = words
        self._today = today
        self._via = via
        self._year = words.policy.year
        self._policy = words.policy
        self._paid: set[Key] = set()
        """People of whom the sheet has reported a payment, under any of their records."""
        self._made: set[Key] = set()
        """Households the sheet makes."""
        self._placed: dict[Key, dict[str, str | None]] = {}
        """Household → what rows before said of where it lies: the register is written whole."""

    @property
    def edits(self) -> list[Edit]:
        """All that would be written."""
        return self.draft.edits

    def change(self, row: Merged, chosen: Mapping[str, str]) -> None:
        """Draft what a row says of somebody the register has; what a rule forbids is marked and left out.

        ``chosen`` is what a person said of its cells, which counts for the payment as a whole.
        """
        standing = row.standing
        assert standing is not None
        self.draft.via = f"{self._via}:{row.found.row.line}"
        self.draft.place(standing.person.record, standing.person.scope)
        self._try(row, ("name", "id_number"), lambda said: self._resident(standing, "identity", said))
        self._try(row, ("phone",), lambda said: self._resident(standing, "contact", said))
        self._try(row, ("residence",), lambda said: self._resident(standing, "residence", said))
        self._try(row, ("note",), lambda said: self._resident(standing, "remark", said))
        self._try(row, PLACE, lambda said: self._household(standing, said))
        self._facts(row, standing.person.record, standing)
        self._payment(row, standing, chosen)

    def _try(self, row: Merged, columns: Sequence[str], draft: Callable[[dict[str, str]], object]) -> None:
        """Draft one register's cells; where a rule forbids them they are refused together, with its reason."""
        said = {column: value for column, value in row.writes.items() if column in columns}
        if not said:
            return
        before = len(self.draft.edits)
        try:
            draft(said)
        except KnownError as error:
            del self.draft.edits[before:]
            row.hold(said, Reason(error.code, error.params), "refused")

    # ---- somebody who is in the register

    def _resident(self, standing: Standing, register: str, said: dict[str, str]) -> None:
        fields = {
            name: said[column] or None for name, column in _REGISTERS[register].items() if column in said
        }
        people.correct(self.draft.ledger, standing.person.record, register, **fields)

    def _household(self, standing: Standing, said: dict[str, str]) -> None:
        if standing.household is None:
            raise RuleViolation("worksheet.no_household", field="group")
        self.draft.place(standing.household.record, standing.person.scope)
        fields = self._placed.setdefault((standing.person.scope, standing.household.record), {})
        fields |= {_PLACES[column]: value or None for column, value in said.items()}
        people.arrange(self.draft.ledger, standing.household.record, "place", **fields)

    def _facts(self, row: Merged, record: str, standing: Standing | None) -> None:
        scope = standing.person.scope if standing else ""
        self._try(row, ("credential",), lambda said: self._credential(record, said["credential"]))
        self._try(row, ("need", "need_what"), lambda said: self._need(record, scope, standing, said))
        self._try(row, ("absence",), lambda said: self._absence(record, scope, said["absence"]))

    def _credential(self, record: str, way: str) -> None:
        ledger = self.draft.ledger
        if way:
            facts.credential(ledger, [record], way, on=self._today, today=self._today)
        else:
            facts.credential_withdrawn(ledger, [record])

    def _need(self, record: str, scope: str, standing: Standing | None, said: dict[str, str]) -> None:
        ledger = self.draft.ledger
        held = self._held("assistance", derived_id("assistance", record, self._year), "need", scope)
        reason = said.get("need", standing.person.need if standing else "")
        if "need" in said and not reason:
            facts.assistance_withdrawn(ledger, [record], self._year)
            return
        what = said.get("need_what", str(held.get("need_what", "")))
        on = held.get("need_on")
        facts.assistance(
            ledger, [record], reason, what=what, on=date.fromisoformat(on) if on else None,
            note=str(held.get("need_note", "")), year=self._year,
        )  # fmt: skip

    def _absence(self, record: str, scope: str, reason: str) -> None:
        ledger = self.draft.ledger
        if not reason:
            facts.absence_withdrawn(ledger, [record], self._year)
            return
        held = self._held("enrolment", derived_id("enrolment", record, self._year), "absence", scope)
        on = held.get("absence_on")
        facts.absence(
            ledger, [record], reason, note=str(held.get("absence_note", "")),
            on=date.fromisoformat(on) if on else None, year=self._year,
        )  # fmt: skip

    def _held(self, kind: str, record: str, register: str, scope: str) -> Value:
        state = self._real.state_of(kind, record, scope) if scope else {}
        return state[register].value if register in state else {}

    # ---- payments: the columns of one are one fact

    def _payment(self, row: Merged, standing: Standing, chosen: Mapping[str, str]) -> None:
        said = {column: value for column, value in row.writes.items() if column in PAYMENT}
        if not said:
            return
        if any(row.is_open(column) for column in PAYMENT):
            row.hold(said, Reason("payment.open"))
            return
        if standing.cells["paid"]:
            if said.get("paid") == "":
                self._take_back(row, standing, _meant(chosen))
            elif "" in (said.get("amount"), said.get("paid_on")):
                row.hold(said, Reason("payment.cleared"), "refused" if _meant(chosen) else "held")
            else:
                self._try(row, PAYMENT, lambda _said: self._correct(row, standing))
        else:
            self._new_payment(row, standing.key, standing.person.person, standing.cells["due"], chosen)

    def _new_payment(self, row: Merged, key: Key, person: str, due: str, chosen: Mapping[str, str]) -> None:
        said = {column: value for column, value in row.writes.items() if column in PAYMENT}
        if not said:
            return
        if any(chosen.get(column) == "ours" for column in PAYMENT):  # half a payment is none
            row.hold(said, Reason("left_out"), "agreed")
        elif "paid" in row.denied and not _meant(chosen):
            row.hold(said, Reason("payment.contradiction"))
        elif not said.keys() & {"paid", "amount", "paid_on"} and not _meant(chosen):
            row.hold(said, Reason("payment.incomplete"))
        elif (key[0], person) in self._paid:
            row.hold(said, Reason("payment.twice"), "refused")
        else:
            self._assume(row, "paid", YES)
            self._assume(row, "amount", due if due != "0" else "")
            self._assume(row, "paid_on", self._today.isoformat())
            self._try(row, PAYMENT, lambda all_said: self._record(key, person, all_said))

    def _assume(self, row: Merged, column: str, value: str) -> None:
        """Fill in what goes with a payment where the row does not say it; shown as such."""
        if row.cells.get(column) is None or row.cells[column].outcome == "agreed":
            shown = values.shown(catalogue()[column], value, self._words)
            row.cells[column] = CellChange(column, "", shown, "", value, "assumed")

    def _record(self, key: Key, person: str, said: dict[str, str]) -> None:
        """Report a payment of somebody of whom none stands; the rules of one payment are the command's."""
        if not said.get("amount"):
            raise RuleViolation("payment.nothing_due", name="")
        self._claim(key, _payment_of(said))
        self._paid.add((key[0], person))

    def _claim(self, key: Key, payment: Payment) -> None:
        payments.check(payment.amount, payment.paid_on, year=self._year, today=self._today)
        said = {**asdict(payment), "paid_on": payment.paid_on.isoformat()}
        changes = {
            "fact": {"resident": key[1], "year": self._year, **said},
            "policy": {"policy": self._policy.id},
            "terms": policies.terms(self._policy),
        }
        self.draft.write([Edit("payment", random_id(), changes, key[0])])

    def _correct(self, row: Merged, standing: Standing) -> None:
        """Void the one claim of the village and record it as the sheet says it."""
        claim = _one_claim(standing)
        said = {column: row.writes.get(column, standing.cells[column]) for column in PAYMENT}
        payment = replace(_payment_of(said), payer=claim.payer, advanced_by=claim.advanced_by)
        scope = standing.person.scope
        payments.void_record(self.draft.ledger, "payment", claim.record, _CHANGED, scope)
        self._claim(standing.key, payment)

    def _take_back(self, row: Merged, standing: Standing, meant: bool) -> None:
        columns = [column for column in PAYMENT if column in row.writes]
        if not meant:
            row.hold(columns, Reason("payment.take_back"))
            return
        self._try(row, PAYMENT, lambda _said: self._void(standing))

    def _void(self, standing: Standing) -> None:
        claim = _one_claim(standing)
        payments.void_record(self.draft.ledger, "payment", claim.record, _TAKEN_BACK, standing.person.scope)

    # ---- somebody new

    def add(self, row: Merged, key: Key, household: str, chosen: Mapping[str, str]) -> None:
        """Draft somebody new in a household, which is made where it is new too."""
        self.draft.via = f"{self._via}:{row.found.row.line}"
        said, (scope, record) = row.writes, key
        self.draft.place(record, scope)
        registers: dict[str, Value] = {
            register: {name: said[column] for name, column in fields.items() if said.get(column)}
            for register, fields in _REGISTERS.items()
        }
        registers = {name: value for name, value in registers.items() if value}
        registers["membership"] = {"household": household, "relation": row.said.get("relation") or None}
        if (scope, household) not in self._register.households:
            self._make_household(row, scope, household)
        self.draft.write([Edit("resident", record, registers, scope)])
        self._facts(row, record, None)
        self._new_payment(row, key, record, str(self._words.policy.personal_fen), chosen)

    def _make_household(self, row: Merged, scope: str, household: str) -> None:
        if (scope, household) in self._made:
            return
        self._made.add((scope, household))
        said = row.said
        head = said.get("head") or said.get("name", "")
        place = {_PLACES[column]: said[column] for column in PLACE if said.get(column)}
        changes: dict[str, Value] = {"head": {"head_name": head}}
        changes |= {"number": {"number": said["household"]}} if said.get("household") else {}
        changes |= {"place": place} if place else {}
        self.draft.write([Edit("household", household, changes, scope)])


def _meant(chosen: Mapping[str, str]) -> bool:
    """Whether a person said that what a row says of the payment is meant."""
    return any(chosen.get(column) == "theirs" for column in ("", *PAYMENT))


def _payment_of(said: Mapping[str, str]) -> Payment:
    return Payment(
        int(said["amount"] or 0),
        date.fromisoformat(said["paid_on"]),
        said.get("channel", ""),
        said.get("receipt", ""),
    )


def _one_claim(standing: Standing) -> Claim:
    """The one payment the village reported; a sheet changes neither a confirmed one nor one of several."""
    claims, name = standing.person.claims, standing.person.name
    if any(claim.confirmed for claim in claims):
        raise RuleViolation("worksheet.payment_confirmed", field="paid")
    if len(claims) != 1:
        raise RuleViolation("payment.several", field="paid", name=name, count=len(claims))
    return claims[0]


def result(
    row: Merged,
    status: Status,
    *,
    scope: str = "",
    record: str = "",
    household: str = "",
    why: Sequence[Reason] = (),
) -> Row:
    """A merged row as people look at it."""
    sheet_row, person = row.found.row, row.standing.person if row.standing else None
    name = person.name if person else row.said.get("name", "")
    number = person.id_number if person else row.said.get("id_number", "")
    return Row(
        row.index, sheet_row.sheet, sheet_row.line, sheet_row.code_text, name, number,
        person.scope if person else scope, person.record if person else record, status,
        tuple(row.cells.values()), (*row.why, *why), household,
    )  # fmt: skip


def status_of(row: Merged) -> Status:
    """What becomes of a row about somebody in the register."""
    outcomes = {cell.outcome for cell in row.cells.values()}
    if outcomes & OPEN:
        return "review"
    return "changed" if outcomes & {"write", "assumed"} else "unchanged"


def row_note(row: Row, said: Mapping[str, str]) -> RowNote:
    """What is kept of a row in the log."""
    why = [[reason.code, dict(reason.params)] for reason in row.why]
    why += [[f"{cell.column}:{cell.outcome}", {}] for cell in row.cells]
    return RowNote(
        row.sheet, row.line, row.status, row.scope, row.record, 0,
        json.dumps(why, ensure_ascii=False, default=str), json.dumps(dict(said), ensure_ascii=False),
    )  # fmt: skip
