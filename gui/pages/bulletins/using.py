"""What is done with an issue: counted again from its own entries, written as files, copied as a picture."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from gui.actions import bulletins as actions
from gui.actions.lists import FOLDER, free_path
from gui.desk import Desk
from gui.i18n import _
from gui.runner import Job
from gui.wording import recounted
from storage.bulletins import Bulletin
from storage.queries.bulletins import Recount

if TYPE_CHECKING:
    from gui.pages.bulletins.page import BulletinsPage
    from gui.pages.bulletins.view import BulletinsView


class Using(QObject):
    """The part of the page of bulletins that takes long: one thing at a time, told and stopped beside the numbers."""

    def __init__(self, desk: Desk, page: "BulletinsPage") -> None:
        super().__init__(page)
        self.desk, self.page = desk, page
        self._job: Job | None = None

    def attach(self, view: "BulletinsView") -> None:
        """Listen to the widgets."""
        self.view = view
        view.recount.clicked.connect(self._on_recount)
        view.busy.stopped.connect(self.stop)
        for button, ending in ((view.xlsx, ".xlsx"), (view.pdf, ".pdf"), (view.png, ".png")):
            button.clicked.connect(partial(self._write, ending))
        view.copy.clicked.connect(self._on_copy)

    def stop(self) -> bool:
        """Stop what is done now; False where nothing is."""
        if self._job is None:
            return False
        self._job.stop()
        return True

    # ---- counted again

    def _on_recount(self) -> None:
        shown = self.page.issue()
        if shown is None or self._job is not None:
            return
        self.view.again.hide()
        self.view.busy.tell(
            _("Counting issue {number} again from its own entries…").format(number=shown.number)
        )
        self.view.busy.show()
        op = actions.recount(shown)
        self._job = self.desk.run(
            op, partial(self._on_recounted, shown), owner=self, refused=self._on_stopped
        )
        self._job.progressed.connect(self._on_progressed)

    def _on_progressed(self, done: int, total: int) -> None:
        self.view.busy.tell(_("Counting again…"), done, total)

    def _on_recounted(self, one: Bulletin, again: Recount) -> None:
        self._end()
        self.view.again.setText("\n".join(recounted.lines(one, again)))
        self.view.again.setVisible(self.page.issue() is one)
        self.view.again.setAccessibleName(self.view.again.text())

    def _on_stopped(self, _error: Exception) -> bool:
        self._end()
        return False

    def _end(self) -> None:
        self._job = None
        self.view.busy.hide()

    # ---- files and pictures

    def _write(self, ending: str) -> None:
        shown, form = self.page.issue(), self.page.form()
        if shown is None or form is None or self._job is not None:
            return
        from gui.printing import issued

        path = free_path(self.desk.settings.folder(FOLDER), issued.stem(shown), ending)
        self._job = self.desk.run(
            actions.write(shown, form, path), self._on_written, owner=self, refused=self._on_stopped
        )

    def _on_written(self, files: list[Path]) -> None:
        self._end()
        told = _("Written: {path}").format(path=files[0])
        if len(files) > 1:
            told = _("{count} files written: {path} and on").format(count=len(files), path=files[0])
        self.desk.events.told.emit(told, False)

    def _on_copy(self) -> None:
        shown = self.page.issue()
        if shown is None:
            return
        from gui.charts import prints
        from gui.printing import issued

        charts = issued.charts(shown)
        QGuiApplication.clipboard().setImage(prints.image(charts[0]))
        self.desk.ask(actions.copied(shown), lambda _none: None, owner=self)
        told = _("The picture is on the clipboard.")
        if len(charts) > 1:
            told = _("The first of {count} pictures is on the clipboard; “Picture” writes all.")
        self.desk.events.told.emit(told.format(count=len(charts)), False)
