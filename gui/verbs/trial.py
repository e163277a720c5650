"""Trying it out: the demo, and pictures of every page."""

from dataclasses import asdict

from gui import demo as demos
from gui import i18n
from gui.errors import sentence
from gui.i18n import _
from gui.verbs import DONE, FAULT, window
from gui.verbs.session import Session
from storage.clock import Clock
from storage.errors import KnownError


def demo(session: Session) -> int:
    """Make the demo (again where it is to be headless) and open the window on its first village."""
    folder = session.options.folder or session.data_dir / "demo"
    held = None if session.options.headless else _screen(session)
    headless = held is None
    if headless or not demos.is_ready(folder):
        made = demos.make(folder, session.data_dir, session.tell)
        session.give({**asdict(made), "passphrase": demos.PASSPHRASE}, _told(made))
        if not made.equal:
            return FAULT
    if headless:
        return DONE
    if not session.options.today:
        session.clock = Clock(demos.TODAY)
    code = window.opened(session, demos.village_folder(folder), demos.PASSPHRASE, tour=True)
    del held
    return code


def _screen(session: Session) -> object | None:
    """What a window needs; where there is none the demo says so and goes on without."""
    try:
        return window.application()
    except KnownError as error:
        session.tell(sentence(error))
        return None


def _told(made: demos.Made) -> list[str]:
    return [
        _("Demo in {folder}, passphrase {passphrase}").format(
            folder=made.folder, passphrase=demos.PASSPHRASE
        ),
        *(_("ledger {scope}: {path}").format(scope=scope, path=path) for scope, path in made.ledgers.items()),
        *(_("kit: {path}").format(path=path) for path in made.kits),
        *(_("bundle: {path}").format(path=path) for path in made.bundles),
        *(_("list: {path}").format(path=path) for path in made.papers),
        _("the same in both offices: {answer}").format(answer=_("yes") if made.equal else _("no")),
    ]


def shots(session: Session) -> int:
    """Draw every page into a folder."""
    try:
        import gui.shots as pictures
    except ImportError as error:
        raise KnownError("window.missing", reason=error.msg) from error
    folder, pages = session.options.folder, session.options.pages
    if pages is None:
        pictures.write(folder, session.options.look)
        return DONE
    from gui.help import pictures as small

    if pages == "docs":
        small.write_docs(folder)
    else:
        small.write_help(folder / "zh" / "pictures", i18n.DEFAULT)
        small.write_help(folder / "en" / "pictures", i18n.SOURCE)
    return DONE
