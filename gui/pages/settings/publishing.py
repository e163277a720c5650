"""Giving a policy to the villages: who has which one, what can be given, and what giving it does."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog

from gui.actions import drafts as drafts_actions
from gui.actions import publishing as actions
from gui.desk import Desk
from gui.i18n import _
from gui.models import publishing
from gui.models.publishing import Shelf
from gui.ops import QueryOp
from gui.pages.settings.section import HalvesSection, SideForm, row_of, tell_refusal
from gui.widgets.buttons import KeyButton
from gui.widgets.cards import Card
from gui.widgets.fields import FormField
from gui.widgets.labels import label
from gui.widgets.notices import EmptyState, ErrorLine
from gui.widgets.tables import TableView
from gui.wording import in_force
from storage import drafts, policies, policy_text
from storage.commands.publish import Published
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.operators import EXCHANGE
from storage.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Offer:
    """A policy to be given: its text, the file or the ``draft`` it comes from; ``waiting`` sources not looked up."""

    policy: Policy
    text: str
    file: str
    draft: str = ""
    waiting: int = 0


class GiveForm(SideForm):
    """What giving a policy does; ``ready`` when it is wanted."""

    def __init__(self) -> None:
        self.text, self.file, self.draft = "", "", ""
        self.scopes: list[str] = []
        self.words = label("", wrap=True)
        super().__init__(_("Give this policy to the villages"), _("Give it"), self.words, key="")

    def start(self, offer: Offer, places: dict[str, str], *, everywhere: bool, now: int) -> None:
        """Ask about this one; ``now`` is the year in force."""
        self.begin()
        self.text, self.file, self.draft = offer.text, offer.file, offer.draft
        self.scopes = [] if everywhere else list(places)
        lines = publishing.will_happen(
            offer.policy,
            list(places.values()),
            everywhere=everywhere,
            now=now,
            draft=bool(offer.draft),
            waiting=offer.waiting,
        )
        self.words.setText("\n\n".join(lines))


class PublishingSection(HalvesSection):
    """The villages at the left, what to give them at the right; an office has it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.places = publishing.model()
        self.table = TableView(self.places, _("Which village works by which policy"), wraps=True)
        self.table.set_empty(EmptyState(_("Nobody yet"), _("Make kits for the villages first.")))
        self.offers = QComboBox()
        self.offers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.offers.setMinimumContentsLength(12)
        self.give = KeyButton("", "G", primary=True)
        self.file = KeyButton(_("Another policy, from a file…"), "O")
        self.trouble = ErrorLine()
        self._offer: Offer | None = None
        self.about, self.asking = self._make_about(), GiveForm()
        left = Card(_("Which village works by which policy"))
        left.add(self.table, 1)
        self.put(left, self.offers, self.about, self.asking)
        desk.permit(EXCHANGE, self.give, self.file)
        self._listen()
        self._show_give()

    def refresh(self) -> None:
        self.desk.ask(QueryOp(publishing.read, slot="publishing"), self._on_read, owner=self)

    def take(self, request: object) -> None:
        """Ask about the draft of this id."""
        self.trouble.show_error("")
        self.desk.run(
            QueryOp(lambda ledger: _drafted(ledger, str(request))),
            self._ask,
            owner=self,
            refused=lambda error: tell_refusal(self.desk, error, self.trouble),
        )

    def offer_file(self, path: Path) -> None:
        """Look at a policy file and ask about it."""
        try:
            text = actions.text_of(path)
            policy, _whole = policies.whole(text, path.name)
        except KnownError as error:
            tell_refusal(self.desk, error, self.trouble)
            return
        self._ask(Offer(policy, text, path.name))

    def _make_about(self) -> Card:
        card = Card(_("Give a policy to the villages"))
        card.add(FormField(_("Which policy"), self.offers))
        words = _(
            "Tick villages (Space) to give it to these alone; with none ticked it is meant for all, and villages "
            "that join later get it too. They need nothing but your next file."
        )
        for widget in (row_of(self.give, self.file), self.trouble, label(words, "small", wrap=True)):
            card.add(widget)
        card.body.addStretch(1)
        return card

    def _listen(self) -> None:
        self.places.ticks_changed.connect(self._on_ticks_changed)
        self.give.clicked.connect(self._on_give)
        self.file.clicked.connect(self._on_file)
        self.asking.ready.connect(self._carry_out)

    # ---- showing

    def _on_read(self, shelf: Shelf) -> None:
        self.places.set_rows(shelf.places)
        if shelf.places and self.table.current_row() is None:
            self.table.selectRow(0)
        chosen = self.offers.currentData() or self.desk.policy.id
        self.offers.clear()
        for head in shelf.offers:
            self.offers.addItem(head.title, head.id)
        self.offers.setCurrentIndex(max(self.offers.findData(chosen), 0))

    def _on_ticks_changed(self, _count: int) -> None:
        self._show_give()
        if self._offer is not None and self.side.shown() is self.asking:
            self._ask(self._offer)

    def _show_give(self) -> None:
        count = len(self.places.ticked_rows())
        words = _("Give it to these {count}…").format(count=count) if count else _("Give it to all…")
        self.give.setText(words)

    # ---- giving

    def _on_give(self) -> None:
        name = str(self.offers.currentData() or "")
        if name:
            self.trouble.show_error("")
            self.desk.run(
                QueryOp(lambda ledger: _as_given(ledger, name)),
                self._ask,
                owner=self,
                refused=lambda error: tell_refusal(self.desk, error, self.trouble),
            )

    def _on_file(self) -> None:
        self.trouble.show_error("")
        words = _("Policy files ({pattern})").format(pattern="*.toml")
        path, _kind = QFileDialog.getOpenFileName(self, _("Choose a policy"), "", words)
        if path:
            self.offer_file(Path(path))

    def _ask(self, offer: Offer) -> None:
        self._offer = offer
        ticked = self.places.ticked_rows()
        places = {one.scope: one.title for one in ticked or self.places.rows}
        if not ticked:
            places[self.desk.profile.scope] = self.desk.profile.title
        self.asking.start(offer, places, everywhere=not ticked, now=self.desk.facts.policy.year)
        if self.side.shown() is not self.asking:
            self.show_card(self.asking)

    def _carry_out(self) -> None:
        form = self.asking
        given = actions.give(form.text, form.scopes, file=form.file)
        self.desk.run(
            drafts_actions.give(form.draft, form.scopes) if form.draft else given,
            self._on_given,
            owner=self,
            refused=lambda error: form.refusing(self.desk, error),
        )

    def _on_given(self, done: Published) -> None:
        titles = {one.scope: one.title for one in self.places.rows}
        titles[self.desk.profile.scope] = self.desk.profile.title
        self.close_form()
        self.places.tick(self.places.rows, False)
        self.refresh()
        self.desk.events.told.emit(in_force.told(done, titles), False)


def _as_given(ledger: Ledger, name: str) -> Offer:
    return Offer(policies.load_for(ledger, name), policies.text_for(ledger, name), f"{name}.toml")


def _drafted(ledger: Ledger, name: str) -> Offer:
    draft = drafts.read(ledger, name)
    text = policy_text.written({**draft.raw, "version": drafts.next_version(ledger, draft.raw)})
    policy, whole = policies.whole(text, draft.title)
    return Offer(policy, whole, draft.title, name, len(draft.unchecked))
