"""People of an office's villages as a table, and the marks that stand beside them."""

from collections.abc import Callable, Sequence
from datetime import date

from gui import wording
from gui.i18n import _
from gui.models import hits
from gui.models.households import place_text, tags
from gui.models.people import payment_title
from gui.models.roll import Entry
from gui.widgets.pieces import Cell, Text
from gui.widgets.rows import Column, RowsModel
from gui.wording import names
from storage.policy import rates
from storage.policy.model import Policy
from storage.queries import housing
from storage.queries.people import Person
from storage.queries.visits import age

_PAYMENT = 4  # column


class RollModel(RowsModel):
    """The table; ``revealed`` shows numbers in full while a key is held."""

    def __init__(self, policy: Callable[[], Policy], today: Callable[[], date]) -> None:
        self.revealed = False
        self._policy = policy
        self._today = today
        super().__init__(
            [
                Column(_("Village"), lambda entry: entry.village, width=130, folds=True),
                Column(_("Household"), _place, sort=_place_key, cell=_placed, width=104, folds=True),
                Column(_("Name"), lambda entry: entry.person.name, cell=self._name, stretch=True),
                Column(_("ID number"), self._number, cell=self._numbered, width=202),
                Column(
                    payment_title(policy()),
                    lambda entry: entry.person.paid,
                    cell=self._payment,
                    width=150,
                ),
                Column(
                    _("E-credential"),
                    lambda entry: entry.person.credential,
                    cell=self._credential,
                    width=96,
                    folds=True,
                ),
                Column(_("Note"), lambda entry: "", sort=_marks_key, cell=self._marks, stretch=True),
            ],
            key=lambda entry: (entry.person.scope, entry.person.person),
        )

    def follow_policy(self) -> None:
        """Name the year whose payment is shown."""
        self.retitle(_PAYMENT, payment_title(self._policy()))

    def reveal(self, revealed: bool) -> None:
        """Show numbers in full, or masked again."""
        if revealed != self.revealed:
            self.revealed = revealed
            if self.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def _name(self, entry: Entry) -> Cell:
        person = entry.person
        years = age(person.birth, self._today())
        beside = " ".join(filter(None, (names.sex(person.sex), "" if years is None else str(years))))
        named = tags(wording.open_marks(person.unsettled, "resident.identity"))
        name = (
            hits.name_piece(entry.hit, person.name)
            if entry.hit
            else Text(person.name or _("no name"), "strong")
        )
        more = hits.more_line(entry.hit) if entry.hit else []
        return [[name, *named, Text(beside, "soft"), *more]]

    def _number(self, entry: Entry) -> str:
        return wording.id_number(entry.person.id_number, masked=not self.revealed)

    def _numbered(self, entry: Entry) -> Cell:
        marks = wording.open_marks(entry.person.unsettled, "resident.identity")
        fits = hits.spans(entry.hit, "id") if entry.hit else ()
        return [[Text(self._number(entry), marks=fits), *tags(marks)]]

    def _payment(self, entry: Entry) -> Cell:
        marks = wording.open_marks(entry.person.unsettled, *wording.PAYMENT)
        return [tags([payment_mark(self._policy(), entry.person), *marks])]

    def _credential(self, entry: Entry) -> Cell:
        marks = wording.open_marks(entry.person.unsettled, "credential.state")
        return [tags([credential_mark(entry.person), *marks])]

    def _marks(self, entry: Entry) -> Cell:
        return [tags(marks(entry))]


def payment_mark(policy: Policy, person: Person) -> wording.Mark:
    """How far the payment of this year is, or why there is none."""
    if person.paid == "confirmed":
        return wording.Mark(_("posted {amount}").format(amount=wording.amount(person.amount)), "ok")
    if person.paid == "reported":
        return wording.Mark(
            _("paid, to be posted {amount}").format(amount=wording.amount(person.amount)), "info"
        )
    if person.absence:
        settled = rates.explained(policy, person.absence)
        return wording.Mark(names.absence(policy, person.absence), "mute" if settled else "warn")
    return wording.Mark(_("unpaid"), "bad")


def credential_mark(person: Person) -> wording.Mark:
    """Whether the e-credential is active."""
    if person.credential:
        return wording.Mark(_("active"), "ok")
    return wording.Mark(_("not active"), "mute" if person.absence else "warn")


def marks(entry: Entry) -> list[wording.Mark]:
    """What else to know: dispute, doubt, help, groups, new."""
    person = entry.person
    where = wording.where_mark(person, entry.other)
    found = [where] if where else []
    unsettled = {register for one in entry.records for register in one.unsettled}
    if unsettled:
        found.append(wording.dispute_mark(unsettled))
    if any(one.doubt for one in entry.records):
        found.append(wording.Mark(_("to check"), "warn"))
    if person.need and person.paid == "none":
        found.append(wording.Mark(_("help"), "warn"))
    if person.new:
        found.append(wording.Mark(_("new"), "info"))
    return found + [wording.Mark(names.short_group(code)) for code in person.groups]


def _place(entry: Entry) -> str:
    return place_text(entry.group, entry.number)


def _placed(entry: Entry) -> Cell:
    return [[hits.place_piece(entry.hit, soft=False) if entry.hit else Text(_place(entry))]]


def _place_key(entry: Entry) -> object:
    return housing.natural(entry.group), housing.natural(entry.number)


def _marks_key(entry: Entry) -> tuple[bool, bool, bool, Sequence[str]]:
    person = entry.person
    return not person.unsettled, not person.doubt, not person.need, person.groups
