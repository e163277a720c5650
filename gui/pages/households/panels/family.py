"""Who belongs to a household and who they are to its head; people move to another one or become one of their own."""

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from gui.actions import households as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models.households import head_of, place_of
from gui.ops import ChangeOp
from gui.pages.households.panels.base import Panel, Unfilled, line_field
from gui.pages.households.panels.ticks import TickRow
from gui.widgets.combos import Combo
from gui.widgets.fields import ChoiceRow, FormField
from gui.wording import names
from gui.wording.called import called
from storage.codes import RELATIONS
from storage.commands.households import NewHome
from storage.policy.kinship import HEAD, Relation, anew, by_themselves
from storage.queries.cards import HouseholdCard, PersonCard, kin_of

NEW, OTHER = "new", "other"
_BESIDE = 3


class FamilyPanel(Panel):
    """A relation for everybody, ticks for who goes, and where to; another head makes all relations anew."""

    def __init__(self, desk: Desk, home: HouseholdCard) -> None:
        super().__init__(desk, _("Who belongs here · household of {name}").format(name=home.head_name))
        self._home, self._kin = home, [kin_of(card.person) for card in home.people]
        self._boxes = {card.person.record: self._relation_box(card) for card in home.people}
        who = called(card.person for card in home.people)
        for number, card in enumerate(home.people):
            words = " ".join(filter(None, (who[card.person.record], names.sex(card.person.sex))))
            field = FormField(words, self._boxes[card.person.record])
            self.place(card.person.record, field, number // _BESIDE, number % _BESIDE)
        row = (len(home.people) - 1) // _BESIDE + 1
        self._going = TickRow(list(who.items()))
        self._going.chosen.connect(self._on_going_changed)
        self.place("going", FormField(_("Who leaves this household (none: nobody)"), self._going), row, 0, 3)
        self._where = ChoiceRow([(NEW, _("found a household of their own")), (OTHER, _("another household"))])
        self._where.choose(NEW)
        self._where.chosen.connect(self._on_going_changed)
        self.place("where", FormField(_("Where to"), self._where), row + 1, 0, 3)
        self.place("number", line_field(_("Household number"), placeholder=_("may stay empty")), row + 2, 0)
        self.place("group", line_field(_("Village group"), home.household.group), row + 2, 1)
        self.place("address", line_field(_("Address"), home.household.address), row + 2, 2)
        self.place("household", self._other_field(), row + 3, 0, 3)
        self._show_where()

    def first(self) -> QWidget:
        return next(iter(self._boxes.values()))

    def op(self) -> ChangeOp:
        going = self._going.values()
        staying = {one: box.value() for one, box in self._boxes.items() if one not in going}
        leaving = {record: self._boxes[record].value() for record in going}
        record, name = self._home.household.record, self._home.head_name
        self._require_one_head(staying)
        homes = {record: staying} if staying else {}
        if not going:
            return actions.regroup(
                homes, emptied="", told=_("Relations: household of {name}").format(name=name)
            )
        told = _("{count} people leave the household of {name}").format(count=len(going), name=name)
        if self._where.value() == OTHER:
            homes |= {self._chosen_home(): leaving}
            return actions.regroup(homes, emptied=_("merged into another household"), told=told)
        if not staying:
            raise Unfilled("going", _("Somebody has to stay, or all go to another household."))
        self._require_one_head(leaving)
        place = {"grp": self.text_of("group"), "address": self.text_of("address")}
        return actions.split_off(homes, leaving, NewHome(self.text_of("number"), place), told=told)

    # ---- relations

    def _relation_box(self, card: PersonCard) -> Combo:
        box = Combo({"": _("not filled in"), **RELATIONS}, card.person.relation)
        box.activated.connect(lambda _line, record=card.person.record: self._on_relation_chosen(record))
        return box

    def _on_relation_chosen(self, record: str) -> None:
        """Somebody is made the head: what the others of the same household are to them follows."""
        self.fields[record].set_hint("")
        going = self._going.values()
        if self._boxes[record].value() == HEAD and (record not in going or self._where.value() == NEW):
            same = [one for one in self._kin if (one.record in going) == (record in going)]
            for other, relation in anew(same, record).items():
                self._set_relation(other, relation)

    def _set_relation(self, record: str, relation: Relation) -> None:
        self._boxes[record].choose(relation.code)
        self.fields[record].set_hint("" if relation.sure else _("look at this one"))

    def _require_one_head(self, relations: dict[str, str]) -> None:
        heads = [record for record, code in relations.items() if code == HEAD]
        if relations and len(heads) != 1:
            record = heads[1] if heads else next(iter(relations))
            raise Unfilled(record, _("One household, one head: choose exactly one."))

    # ---- who goes, and where to

    def _on_going_changed(self) -> None:
        going = self._going.values()
        staying = [one for one in self._kin if one.record not in going]
        leaving = [one for one in self._kin if one.record in going]
        found = by_themselves(staying, self.desk.today)
        if self._where.value() == NEW:
            found |= by_themselves(leaving, self.desk.today)
        else:
            found |= {one.record: Relation("", sure=False) for one in leaving}
        for record, relation in found.items():
            self._set_relation(record, relation)
        self._show_where()

    def _show_where(self) -> None:
        going, new = bool(self._going.values()), self._where.value() == NEW
        self.fields["where"].setVisible(going)
        for name in ("number", "group", "address"):
            self.fields[name].setVisible(going and new)
        self.fields["household"].setVisible(going and not new)
        self.grown.emit()

    def _other_field(self) -> FormField:
        """A line that completes households by name, group and number; it holds one of them or nothing."""
        others = [one for one in self.desk.book.cards if one.household.record != self._home.household.record]
        alike = Counter(map(_door, others))
        self._doors = {_door(home, whole=alike[_door(home)] > 1): home.household.record for home in others}
        editor = QLineEdit()
        completer = QCompleter(sorted(self._doors), editor)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        editor.setCompleter(completer)
        return FormField(
            _("Into which household"), editor, _("Type the head's name or the household number.")
        )

    def _chosen_home(self) -> str:
        text = self.text_of("household")
        found = [text] if text in self._doors else [door for door in self._doors if text and text in door]
        if len(found) != 1:
            raise Unfilled("household", _("Which household? Type more of its number or the head's name."))
        return self._doors[found[0]]


def _door(home: HouseholdCard, whole: bool = False) -> str:
    """A household as it is typed; with everybody's names where another one is called so."""
    names_ = [card.person.name for card in home.people] if whole else []
    return " ".join((place_of(home.household), head_of(home), *names_)).strip()
