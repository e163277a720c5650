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
from storage.binding import FAMILY
from storage.policy.kinship import binders
from storage.policy.model import Policy
from storage.queries.cards import PersonCard, kin_of
from storage.queries.delivery import RecordDelivery
from storage.queries.visits import age

PAY, CREDENTIAL, HELP, ABSENCE, NEW, BASIS = "1", "2", "3", "4", "5", "B"
CORRECT, SETTLE = "E", "X"
"""The keys of a person's facts, the same everywhere."""

_PAID = 148  # px of a payment: the mark and its key side by side
_NEXT = 170  # px the next step asks for; what is left over goes to it too
_LONG = 9  # characters of a reason from which on it has to be able to wrap
FOLDED = (1, 2)
"""The columns that give way first."""
_PAYMENT = 3
"""The column whose title names the year."""


class PeopleModel(RowsModel):
    """People with ticks; ``revealed`` shows numbers in full while a key is held.

    ``deliveries`` says of each how far what was entered is on its way to the office; ``folded`` puts relation and
    category under the name, where there is no room for columns of their own.
    """

    def __init__(self, policy: Callable[[], Policy], today: Callable[[], date]) -> None:
        self.revealed = self.folded = False
        self.deliveries: Mapping[str, RecordDelivery] = {}
        self._policy = policy
        self._today = today
        columns = [
            Column(_("Person"), lambda card: card.person.name, cell=self._who),
            Column(_("Relation"), lambda card: card.person.relation, cell=_relation),
            Column(_("Category"), lambda card: ",".join(card.person.groups), cell=_category),
            Column("", _paid, cell=self._payment, width=_PAID),
            Column(_("E-credential"), lambda card: card.person.credential, cell=self._credential),
            Column(
                _("Next step"),
                lambda card: wording.step_text(policy(), card),
                cell=self._next,
                width=_NEXT,
                stretch=True,
            ),
        ]
        super().__init__(columns, key=lambda card: card.person.record, ticks=True)
        self.follow_policy()

    def follow_policy(self) -> None:
        """Name the year whose payment is shown."""
        self.retitle(_PAYMENT, payment_title(self._policy()))

    def reveal(self, revealed: bool) -> None:
        """Show numbers in full, or masked again."""
        if revealed != self.revealed:
            self.revealed = revealed
            self._show_again()

    def fold(self, folded: bool) -> None:
        """Put relation and category under the name, or give them their columns back."""
        self.beginResetModel()
        self.folded = folded
        self.endResetModel()

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
        beside = " ".join(
            part for part in (names.sex(person.sex), "" if years is None else str(years)) if part
        )
        number = Text(wording.id_number(person.id_number, masked=not self.revealed), "soft")
        named = [*tags(wording.open_marks(person.unsettled, "resident.identity"))]
        cell: list[list[Piece]] = [
            [Text(person.name or _("no name"), "strong"), *named, Text(beside, "soft")],
            [number, *named, *_delivery(self.deliveries.get(person.record))],
        ]
        if self.folded:
            cell[0] += [piece for line in _relation(card) for piece in line]
            cell += [list(line) for line in _category(card) if line]
        return cell

    def _payment(self, card: PersonCard) -> Cell:
        person = card.person
        mark = wording.paid_mark(self._policy(), card)
        first: list[Piece] = [
            Text(mark.text, "soft") if len(mark.text) > _LONG else Tag(mark.text, mark.tone, mark.hint),
            *tags(wording.open_marks(person.unsettled, *wording.PAYMENT)),
        ]
        if person.paid == "none" and not person.absence:
            first.append(Key(_("Pay"), PAY))
        claim = next(iter(sorted(person.claims, key=lambda one: not one.confirmed)), None)
        if claim is None:
            return [first]
        day = wording.short_day(claim.paid_on, self._today()) if claim.paid_on else ""
        parts = [day, _channel(self._policy(), claim.channel)]
        below: list[Piece] = [Text(" ".join(part for part in parts if part), "soft")]
        if claim.advanced_by:
            below.append(Text(_("advanced: {name}").format(name=claim.advanced_by), "soft"))
        return [first, below]

    def _credential(self, card: PersonCard) -> Cell:
        mark = wording.credential_mark(self._policy(), card, self._today())
        line: list[Piece] = [*tags([mark, *wording.open_marks(card.person.unsettled, "credential.state")])]
        if not card.person.credential and not card.person.absence:
            line.append(Key(_("Bind") if self._is_child(card) else _("Activate"), CREDENTIAL))
        return [line, *self._bound(card)]

    def _bound(self, card: PersonCard) -> Cell:
        """Whose account holds the credential, who could hold it, or whose this one holds."""
        person, mates = card.person, {one.person.record: one.person for one in self.rows}
        if person.bound_to:
            holder = mates.get(person.bound_to)
            name = holder.name if holder else _("somebody outside")
            gone = holder is not None and not holder.credential
            words = _("held by {name}, not active") if gone else _("held by {name}")
            return [[Text(words.format(name=name), "soft", "warn" if gone else None)]]
        if self._is_child(card) and not person.credential and not person.absence:
            fit = [mates[record].name for record in self.binders(card)]
            return [
                [Text(_("could be held by {names}").format(names=_("/").join(fit[:2])), "soft")]
                if fit
                else [Text(_("nobody active here"), "soft")]
            ]
        if person.credential == FAMILY:
            return [[Text(names.credential_way(FAMILY), "soft")]]
        held = [one.name for one in mates.values() if one.bound_to == person.record]
        return [[Text(_("holds {names}").format(names=_(", ").join(held)), "soft")]] if held else []

    def binders(self, card: PersonCard) -> list[str]:
        """Whose account can hold this person's credential, the likeliest first, by record."""
        kin = [kin_of(one.person) for one in self.rows]
        return binders(kin_of(card.person), kin, self._today())

    def _is_child(self, card: PersonCard) -> bool:
        years = age(card.person.birth, self._today())
        return years is not None and years < self._policy().family_binding.under_age

    def _next(self, card: PersonCard) -> Cell:
        """What to do by when; why help is needed, what is doubtful; nothing the other columns say already."""
        helped = bool(card.person.need) and card.person.paid == "none"
        if card.step.code == "explained":
            first: list[Piece] = [Text(_("nothing to do here"), "soft")]
        else:
            text = _step(self._policy(), card)
            first = [Text(text), *self._deadline(card, text)]
        if not helped:
            return [first, *_asked(card)]
        why = names.help_reason(self._policy(), card.person.need)
        second: list[Piece] = [Tag(_("help: {why}").format(why=why), "warn")]
        second += tags(wording.open_marks(card.person.unsettled, "assistance.need"))
        return [first, second, *_asked(card)]

    def _deadline(self, card: PersonCard, text: str) -> list[Piece]:
        """The last day, where the words beside it do not name it."""
        last = card.step.deadline
        if last is None or wording.month_day(last) in text:
            return []
        return [Text(_("by {day}").format(day=wording.short_day(last, self._today())), "soft")]


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


def _step(policy: Policy, card: PersonCard) -> str:
    """The next step in few words: of a payment the amounts alone, why it needs help stands below."""
    if card.step.code not in ("pay", "pay_with_help") or card.step.params.get("waiting_months"):
        return wording.step_text(policy, card)
    if card.due.refund_fen and card.due.pay_now_fen:
        now, back = wording.amount(card.due.pay_now_fen), wording.amount(card.due.refund_fen)
        return _("pay {now}, {back} comes back").format(now=now, back=back)
    return wording.due_text(card)


def _channel(policy: Policy, code: str) -> str:
    """A way of paying in a word: the tax office's own program has the longest name and is the one most used."""
    return _("mini program") if code == "mini_program" else names.channel(policy, code)


def _relation(card: PersonCard) -> Cell:
    person = card.person
    placed = tags(wording.open_marks(person.unsettled, "resident.membership"))
    return [[Text(names.relation(person.relation)), *placed]]


def _category(card: PersonCard) -> Cell:
    """Groups, new this year, counted in another village."""
    person = card.person
    found: list[Piece] = [Tag(names.short_group(code)) for code in person.groups]
    found += tags(wording.open_marks(person.unsettled, "subsidy.grant") if person.groups else [])
    if person.new:
        found.append(Tag(_("new"), "info"))
        found += tags(wording.open_marks(person.unsettled, "enrolment.entry"))
    where = wording.where_mark(person)
    return [found + tags([where] if where else [])]


def _asked(card: PersonCard) -> list[list[Piece]]:
    """What is doubtful or in dispute, each with the key that settles it."""
    person = card.person
    found: list[list[Piece]] = []
    if person.doubt:
        doubt = Tag(_("to check"), "warn", wording.doubt_text(person.doubt))
        found.append([doubt, Key(_("Correct"), CORRECT)])
    if person.unsettled:
        found.append([*tags([wording.dispute_mark(person.unsettled)]), Key(_("Settle"), SETTLE)])
    return found


def _paid(card: PersonCard) -> str:
    return card.person.paid
