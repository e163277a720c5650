"""An issue drawn up, shown before it goes out, issued or corrected: the strip over the preview and what it asks."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.actions import bulletins as actions
from gui.actions.bulletins import Drawn
from gui.desk import Desk
from gui.errors import sentence
from gui.i18n import _
from gui.models import bulletins as models
from gui.pages.bulletins.drafting import Drafting
from gui.wording import spoken
from storage.bulletins import Bulletin
from storage.errors import KnownError, RuleViolation
from storage.ledger import Changes

if TYPE_CHECKING:
    from gui.pages.bulletins.page import BulletinsPage
    from gui.pages.bulletins.view import BulletinsView


class Issuing(QObject):
    """The part of the page of bulletins that makes new ones; ``drawn`` is the draft while one is drawn up."""

    def __init__(self, desk: Desk, page: "BulletinsPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self.strip: Drafting | None = None
        self.drawn: Drawn | None = None
        self._corrects: Bulletin | None = None

    def attach(self, view: "BulletinsView") -> None:
        """Listen to the widgets."""
        self.view = view
        for button in (view.issue, view.issue_beside, view.first_issue):
            button.clicked.connect(self.begin)
        view.correct.clicked.connect(self._on_correct)

    def begin(self) -> None:
        """Draw up this week's."""
        self._begin(None)

    def _on_correct(self) -> None:
        shown = self.page.issue()
        if shown is not None and shown.scope == self.desk.profile.scope:
            self._begin(shown)

    def _begin(self, corrects: Bulletin | None) -> None:
        if self.strip is not None or self.desk.refuses_entries():
            return
        self._corrects = corrects
        policy = self.desk.policy
        title = _("Preview of the next bulletin: not issued yet")
        if corrects is not None:
            title = _("Correction of issue {number}: not issued yet").format(number=corrects.number)
        bases = [(one.code, one.name) for one in policy.denominators]
        chosen = corrects.content.denominator if corrects else policy.default_denominator
        strip = self.strip = Drafting(title, bases, chosen, reason=corrects is not None)
        strip.changed.connect(self._draw)
        strip.issuing.connect(self._on_issuing)
        strip.closed.connect(self.close)
        strip.hiding.connect(self._on_hiding)
        self.view.show_state()
        self.view.open_drafting(strip)
        self.desk.events.began.emit()
        strip.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        if corrects is None:
            self._draw()

    def _draw(self) -> None:
        strip = self.strip
        if strip is None:
            return
        op = actions.draw(
            self.desk.policy, self.desk.today, strip.denominator(), self._corrects, strip.text()
        )
        self.desk.run(op, self._on_drawn, owner=strip, refused=self._on_not_drawn)

    def _on_drawn(self, drawn: Drawn) -> None:
        strip = self.strip
        if strip is None:
            return
        self.drawn = drawn
        found = models.warnings(drawn.bulletin, self.page.newest(), drawn.names)
        strip.show_ready(found, names=bool(drawn.names), ready=True)
        self.page.show_issue()
        strip.go.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_not_drawn(self, error: Exception) -> bool:
        strip = self.strip
        if strip is None or not isinstance(error, KnownError):
            return False
        if isinstance(error, RuleViolation) and error.field == "why" and strip.reason is not None:
            strip.reason.set_error(sentence(error))
        else:
            strip.show_trouble(sentence(error))
        strip.first().setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _on_hiding(self) -> None:
        """Star the names out of the reason, and draw it up anew."""
        strip, drawn = self.strip, self.drawn
        if strip is None or drawn is None:
            return
        text = strip.text()
        for name in drawn.names:
            text = text.replace(name, spoken.person_name(name, masked=True))
        strip.set_text(text)
        self._draw()

    def _on_issuing(self) -> None:
        strip, drawn = self.strip, self.drawn
        if strip is None or drawn is None or self.desk.writing():
            return
        told = _("Issue {number} is out.").format(number=drawn.bulletin.number)
        self.desk.run(
            actions.issue(drawn.bulletin, told),
            partial(self._on_issued, drawn.bulletin.record),
            owner=strip,
            refused=self._on_not_issued,
        )

    def _on_issued(self, record: str, _changes: Changes) -> None:
        self.page.ask_for(record)
        self.close()

    def _on_not_issued(self, error: Exception) -> bool:
        taken = self._on_not_drawn(error)
        if taken and isinstance(error, KnownError) and error.code == "bulletin.overtaken":
            self._draw()
        return taken

    def close(self) -> None:
        """Leave the draft."""
        self.strip, self.drawn, self._corrects = None, None, None
        self.view.open_drafting(None)
        if not self.page.issues.rows:
            self.view.show_state(self.view.empty)
        self.page.show_issue()
        wanted = self.page.first_focus()
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)
