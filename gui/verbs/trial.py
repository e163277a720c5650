"""Trying it out: the demo, the self-test, and pictures of every page."""

import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from gui import demo as demos
from gui import i18n
from gui.errors import sentence
from gui.i18n import _
from gui.verbs import DONE, FAULT, window
from gui.verbs.session import Session
from gui.verbs.status import comparable
from storage import checking
from storage.clock import Clock
from storage.errors import KnownError
from storage.ledger import Ledger
from sync import exchange
from sync.intake import roster


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


def selftest(session: Session) -> int:
    """Do the main job in a temporary folder and compare what everybody then holds."""
    with tempfile.TemporaryDirectory(prefix="huqing-") as name:
        folder, data_dir = Path(name) / "demo", Path(name) / "data"
        made = demos.make(folder, data_dir, session.tell)
        results = {
            "offices_equal": made.equal,
            "papers": _written(folder, made),
            **_handed_over(folder, data_dir),
        }
    data = {"ok": all(results.values()), **results}
    session.give(data, [f"{key}: {_('yes') if good else _('no')}" for key, good in data.items()])
    return DONE if data["ok"] else FAULT


def _written(folder: Path, made: demos.Made) -> bool:
    files = [folder / name for name in made.papers]
    return (
        len(files) == 4
        and files[0].read_bytes()[:5] == b"%PDF-"
        and all(f.stat().st_size > 1000 for f in files)
    )


def _handed_over(folder: Path, data_dir: Path) -> dict[str, bool]:
    """Everybody sends, the office receives twice: villages and office hold the same, and again changes nothing."""
    clock = Clock(demos.TODAY)
    with ExitStack() as stack:

        def opened(path: Path) -> Ledger:
            return stack.enter_context(
                Ledger.open(path, passphrase=demos.PASSPHRASE, data_dir=data_dir, clock=clock)
            )

        office = opened(demos.office_folder(folder))
        villages = [opened(demos.village_folder(folder, code)) for code, _name in demos.VILLAGES]
        for ledger in villages:
            exchange.send(ledger, folder / "last")
        files = sorted((folder / "last").iterdir())
        first = exchange.receive(office, files)
        before = comparable(office)
        cut = files[0].with_name("cut.hqb")
        cut.write_bytes(files[0].read_bytes()[:-100])
        again = exchange.receive(office, [*files, cut])
        scopes = before["scopes"]
        assert isinstance(scopes, dict)
        return {
            "received": all(fate.outcome in ("applied", "known") for fate in first),
            "villages_equal": all(
                comparable(ledger)["scopes"] == {ledger.profile.scope: scopes[ledger.profile.scope]}
                for ledger in villages
            ),
            "again_changes_nothing": comparable(office) == before
            and [fate.outcome for fate in again] == ["known"] * len(files) + ["refused"],
            "sound": all(checking.check(ledger).sound for ledger in (office, *villages)),
            "roster_again_changes_nothing": _roster_again(villages[2]),
        }


def _roster_again(ledger: Ledger) -> bool:
    """Import a roster the ledger knows; it must write nothing."""
    from importlib.resources import as_file, files

    with as_file(files("resources") / "demo" / "乌兰木独村摸底表.csv") as path:
        return not roster.apply(ledger, roster.stage(ledger, path)).changes


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
