"""The people of a household: who they are, what is paid, what is active, what to do next."""

from collections.abc import Callable, Mapping
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models.households import tags
from gui.widgets.pieces import Cell, Key, Piece, Tag, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from gui.wording.delivery import fate_text, mark_text
from storage.policy.model import Policy
from storage.queries.cards import PersonCard
from storage.queries.delivery import RecordDelivery
from storage.queries.visits import age

PAY, CREDENTIAL, HELP, ABSENCE, BASIS = "1", "2", "3", "4", "B"
"""The keys of a person's facts, the same everywhere."""


class PeopleModel(RowsModel):
    """People with ticks; ``revealed`` shows numbers in full while a key is held.

    ``deliveries`` says of each how far what was entered is on its way to the office.
    """

    def __init__(self, policy: Callable[[], Policy], today: Callable[[], date]) -> None:
        self.revealed = False
        self.deliveries: Mapping[str, RecordDelivery] = {}
        self._policy = policy
        self._today = today
        columns = [
            Column(_("Person"), lambda card: card.person.name, cell=self._who),
            Column("", _paid, cell=self._payment),
            Column(_("E-credential"), lambda card: card.person.credential, cell=self._credential),
            Column(
                _("Next step"), lambda card: wording.step_text(policy(), card), cell=self._next, stretch=True
            ),
        ]
        super().__init__(columns, key=lambda card: card.person.record, ticks=True)
        self.follow_policy()

    def follow_policy(self) -> None:
        """Name the year whose payment is shown."""
        self.retitle(1, payment_title(self._policy()))

    def reveal(self, revealed: bool) -> None:
        """Show numbers in full, or masked again."""
        if revealed != self.revealed:
            self.revealed = revealed
            self._show_again()

    def deliver(self, deliveries: Mapping[str, RecordDelivery]) -> None:
        """Mark whose entries are not confirmed by the office yet."""
        if deliveries != self.deliveries:
            self.deliveries = deliveries
            self._show_again()

    def _show_again(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def _who(self, card: PersonCard) -> Cell:
        person = card.person
        years = age(person.birth, self._today())
        who = (names.sex(person.sex), "" if years is None else str(years), names.relation(person.relation))
        beside = " ".join(part for part in who if part)
        number = Text(wording.id_number(person.id_number, masked=not self.revealed), "soft")
        named = [*tags(wording.open_marks(person.unsettled, "resident.identity"))]
        placed = [*tags(wording.open_marks(person.unsettled, "resident.membership"))]
        cell: list[list[Piece]] = [
            [Text(person.name or _("no name"), "strong"), *named, Text(beside, "soft"), *placed],
            [number, *named, *_delivery(self.deliveries.get(person.record))],
        ]
        below = self._marks(card)
        if below:
            cell.append(below)
        if person.doubt:
            cell.append([Text(wording.doubt_text(person.doubt), "soft", "warn")])
        return cell

    def _marks(self, card: PersonCard) -> list[Piece]:
        """Groups, new this year, in dispute."""
        person = card.person
        found: list[Piece] = [Tag(names.short_group(code)) for code in person.groups]
        found += tags(wording.open_marks(person.unsettled, "subsidy.grant") if person.groups else [])
        where = wording.where_mark(person)
        found += tags([where] if where else [])
        if person.new:
            found.append(Tag(_("new"), "info"))
            found += tags(wording.open_marks(person.unsettled, "enrolment.entry"))
        if person.unsettled:
            found += tags([wording.dispute_mark(person.unsettled)])
        return found

    def _payment(self, card: PersonCard) -> Cell:
        person = card.person
        marks = [
            wording.paid_mark(self._policy(), card),
            *wording.open_marks(person.unsettled, *wording.PAYMENT),
        ]
        first: list[Piece] = [*tags(marks)]
        if person.paid == "none" and not person.absence:
            first.append(Key(_("Pay"), PAY))
        cell = [first]
        claim = next(iter(sorted(person.claims, key=lambda one: not one.confirmed)), None)
        if claim is not None:
            day = wording.short_day(claim.paid_on, self._today()) if claim.paid_on else ""
            parts = [day, names.channel(self._policy(), claim.channel)]
            cell.append([Text(" ".join(part for part in parts if part), "soft")])
            if claim.advanced_by:
                cell.append([Text(_("advanced: {name}").format(name=claim.advanced_by), "soft")])
        return cell

    def _credential(self, card: PersonCard) -> Cell:
        mark = wording.credential_mark(self._policy(), card, self._today())
        line: list[Piece] = [*tags([mark, *wording.open_marks(card.person.unsettled, "credential.state")])]
        if not card.person.credential and not card.person.absence:
            line.append(Key(_("Bind") if self._is_child(card) else _("Activate"), CREDENTIAL))
        return [line]

    def _is_child(self, card: PersonCard) -> bool:
        years = age(card.person.birth, self._today())
        return years is not None and years < self._policy().family_binding.under_age

    def _next(self, card: PersonCard) -> Cell:
        text = wording.step_text(self._policy(), card)
        first: list[Piece] = [Text(text)]
        second: list[Piece] = []
        if card.step.deadline and wording.month_day(card.step.deadline) not in text:
            by = wording.short_day(card.step.deadline, self._today())
            second.append(Text(_("by {day}").format(day=by), "soft"))
        if card.person.need and card.person.paid == "none":
            why = names.help_reason(self._policy(), card.person.need)
            second.append(Tag(_("help: {why}").format(why=why), "warn"))
            second += tags(wording.open_marks(card.person.unsettled, "assistance.need"))
        return [first, second] if second else [first]


def payment_title(policy: Policy) -> str:
    """What stands over the payments of a year."""
    return _("Payment {year}").format(year=policy.year)


def _delivery(found: RecordDelivery | None) -> list[Piece]:
    """A quiet word while something of a person is not confirmed, or where the office made something else of it."""
    if found is None:
        return []
    line: list[Piece] = [Text(text, "soft") for text in [mark_text(found.state)] if text]
    if found.fate in ("changed", "refused"):
        line.append(Text(fate_text(found.fate), "soft", "warn"))
    return line


def _paid(card: PersonCard) -> str:
    return card.person.paid
