"""Asking whom rows mean and what words mean: answered by key, worked out behind the next question."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui import wording
from gui.actions import intake as actions
from gui.desk import Desk
from gui.models import reviewing
from gui.models.reviewing import Queue
from gui.runner import Job
from gui.wording import matching
from gui.wording.listed import ROSTER
from storage.operators import RECORD
from sync.intake.results import Listed, Row

if TYPE_CHECKING:
    from gui.pages.intake.page import IntakePage
    from gui.pages.intake.view import IntakeView


class Asking(QObject):
    """The part of the import page that goes through rows and words one by one."""

    def __init__(self, desk: Desk, page: "IntakePage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self._queue = Queue([])
        self._unsent: dict[Path, dict[int, str | None]] = {}
        self._answering: Job | None = None

    def attach(self, view: "IntakeView") -> None:
        """Listen to the widgets."""
        review = view.review
        view.review_button.clicked.connect(self._on_review)
        view.words_button.clicked.connect(self._on_words)
        view.rows.opened.connect(self._on_row_opened)
        view.look.clicked.connect(self._on_look)
        review.answered.connect(lambda key, who: self._answer({key: who}))
        review.many.connect(self._answer)
        review.left.connect(self._on_left)
        review.undone.connect(self._on_undone)
        review.again_asked.connect(self._on_again)
        review.found.connect(lambda key, who: self._answer({key: who}))
        review.sought.connect(self._on_sought)
        view.words.named.connect(self._on_named)

    def working(self) -> bool:
        """Whether answers are still worked out."""
        return self._answering is not None

    # ---- who is meant

    def _on_review(self) -> None:
        line = self.page.current()
        if line is not None and line.preview is not None:
            self._queue = Queue([row.key for row in line.preview.rows if row.status == "review"])
            self.page.open_section("review", self.page.view.review)
            self.show_review()

    def _on_row_opened(self, row: Row) -> None:
        """Any match can be looked at, chosen anew and undone, from its row on."""
        line = self.page.current()
        if line is None or line.state != "ready" or row.key < 0 or line.preview is None:
            return
        if line.preview.kind == ROSTER:
            return
        keys = [one.key for one in self.page.rows.rows if one.key >= 0]
        self._queue = Queue(keys, only_open=False, at=keys.index(row.key))
        self.page.open_section("review", self.page.view.review)
        self.show_review()

    def _on_look(self) -> None:
        row: Row | None = self.page.view.rows.current_row()
        if row is not None:
            self._on_row_opened(row)

    def show_review(self) -> None:
        """Ask about the row that is next."""
        line, panel = self.page.current(), self.page.view.review
        if line is None or line.preview is None:
            return
        listed = line.preview
        row = self._queue.row(listed)
        if row is None:
            panel.show_done(self._queue.left(listed))
        else:
            masked = not self.page.is_revealed()
            changes = wording.units.sentences(
                matching.change_lines(self.desk.policy, row.changes, masked=masked)
            )
            left = listed.counts.get("review", 0)
            panel.show_row(row, left, changes, masked=masked, titles=self.page.titles)
        panel.show_alike(lambda score: reviewing.alike(listed, score))

    def _answer(self, answers: Mapping[int, str | None]) -> None:
        """Take answers and go on at once; what they change is worked out meanwhile."""
        line = self.page.current()
        if not self.desk.may(RECORD):
            self.desk.refuse(RECORD)
        elif line is not None and line.preview is not None and answers:
            listed = reviewing.foreseen(line.preview, answers)
            self.page.follow(line, listed)
            if None not in answers.values():
                self._queue.note(answers)
                self._queue.go_on(listed)
            self.show_review()
            self._unsent.setdefault(line.path, {}).update(answers)
            self._send_answers()

    def _send_answers(self) -> None:
        """Have the answers worked out; those given meanwhile follow together."""
        if self._answering is not None or not self._unsent:
            return
        path, answers = self._unsent.popitem()
        line = next((one for one in self.page.files.rows if one.path == path), None)
        if line is None or line.staged is None:
            return

        def on_done(listed: Listed) -> None:
            self._answering = None
            now = next((one for one in self.page.files.rows if one.path == path), None)
            if now is not None and now.staged is line.staged and path not in self._unsent:
                self.page.follow(now, listed)
                self._show_followed(path)
            self._send_answers()

        def on_refused(_error: Exception) -> bool:
            self._answering = None
            return False

        op = actions.answer(line.staged, answers)
        self._answering = self.desk.run(op, on_done, owner=self, refused=on_refused)

    def _show_followed(self, path: Path) -> None:
        """Show what the answers made of the list, wherever one is by now."""
        line = self.page.current()
        if line is None or line.path != path or self.page.view.part() != "work":
            return
        if self.page.view.state() == "review" and not self.page.view.review.searching():
            self.show_review()
        elif self.page.view.state() == "preview":
            self.page.showing.show_line(line)

    def _on_left(self) -> None:
        line = self.page.current()
        if line is not None and line.preview is not None:
            self._queue.leave()
            if self._queue.only_open:
                self._queue.go_on(line.preview)
            self.show_review()

    def _on_undone(self) -> None:
        keys = self._queue.back()
        if keys:
            self._answer(dict.fromkeys(keys))
        elif keys is not None:
            self.show_review()

    def _on_again(self) -> None:
        line = self.page.current()
        if line is not None and line.preview is not None:
            self._queue.again()
            self._queue.go_on(line.preview)
            self.show_review()

    def _on_sought(self, text: str) -> None:
        self.desk.ask(actions.people(text), self.page.view.review.show_found, owner=self)

    # ---- words

    def _on_words(self) -> None:
        line = self.page.current()
        if line is not None and line.preview is not None:
            self.page.view.words.show_words(line.preview.unmapped, actions.meanings(line.staged))
            self.page.open_section("words", self.page.view.words.first())

    def _on_named(self, word: str, code: str) -> None:
        line = self.page.current()
        if not self.desk.may(RECORD):
            self.desk.refuse(RECORD)
        elif line is not None:

            def on_done(listed: Listed) -> None:
                self.page.follow(line, listed)
                self.page.view.words.show_words(listed.unmapped, actions.meanings(line.staged))

            self.page.work(actions.name_words(line.staged, {word: code}), on_done)
