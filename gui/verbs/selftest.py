"""The self-test: the main job, every page, paper and picture once.

A packed program loads its parts as they are asked for; what was forgotten when it was packed is missed here.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from gui import demo as demos
from gui import i18n
from gui.i18n import _
from gui.verbs import DONE, FAULT
from gui.verbs.session import Session
from gui.verbs.status import comparable
from storage import checking
from storage.clock import Clock
from storage.ledger import Ledger
from storage.policies import in_force
from sync import exchange
from sync.intake import roster

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

_LOOKED_AT = 64  # pixels of a side; letters stay shades of grey


def selftest(session: Session) -> int:
    """Do the main job in a temporary folder and compare what everybody then holds."""
    with tempfile.TemporaryDirectory(prefix="huqing-") as name:
        folder, data_dir = Path(name) / "demo", Path(name) / "data"
        made = demos.make(folder, data_dir, session.tell)
        results = {
            "offices_equal": made.equal,
            "papers": _written(folder, made),
            **_handed_over(folder, data_dir),
            **_shown(Path(name), session),
        }
    data = {"ok": all(results.values()), **results}
    session.give(data, [f"{key}: {_('yes') if good else _('no')}" for key, good in data.items()])
    return DONE if data["ok"] else FAULT


def _written(folder: Path, made: demos.Made) -> bool:
    """Whether the printed list is one, and the tables can be read again, as anybody's would be."""
    from sync.sheets.reading import read

    printed, *tables = (folder / name for name in made.papers)
    return (
        len(tables) == 3
        and printed.read_bytes()[:5] == b"%PDF-"
        and all(sheet.rows for table in tables for sheet in read(table).sheets)
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
            "cross_table": _crossed(office),
            "sound": all(checking.check(ledger).sound for ledger in (office, *villages)),
            "roster_again_changes_nothing": _roster_again(villages[2]),
        }


def _crossed(ledger: Ledger) -> bool:
    """Whether people counted by two facts come to everybody, whichever way."""
    from sync.reports import filling
    from sync.reports.crosstab import MEASURES, Asked, Crowd, cross

    wish = filling.wanted(ledger, in_force(ledger).policy, demos.TODAY)
    crowd = Crowd(filling.everybody(ledger, wish), filling.paper(ledger, wish), wish.titles)
    tables = [cross(crowd, Asked("village", "age", measure)) for measure in MEASURES]
    return all(sum(table.row_totals) == table.total > 0 for table in tables)


def _roster_again(ledger: Ledger) -> bool:
    """Import a roster the ledger knows; it must write nothing."""
    with as_file(files("resources") / "demo" / "乌兰木独村摸底表.csv") as path:
        return not roster.apply(ledger, roster.stage(ledger, path)).changes


def _shown(place: Path, session: Session) -> dict[str, bool]:
    """Open what a window has, on the demo in a folder; no display is needed."""
    from gui.app import application

    session.tell(_("Opening every page"))
    application()
    ledgers = (demos.village_folder(place / "demo"), demos.office_folder(place / "demo"))
    return {
        "pages": all(_walked(place, ledger, session) for ledger in ledgers),
        "code_read_back": _read_back(place / "code.jpg"),
        "manual": _printed(place / "manual.pdf"),
    }


def _walked(place: Path, ledger: Path, session: Session) -> bool:
    """Open every page of a ledger and the help; whether nothing went wrong and each was drawn."""
    from gui import shots
    from gui.pages.registry import pages_for

    blank = []
    with shots.window(place, ledger, i18n._.language or i18n.DEFAULT) as app:
        shell = app.window.shell()
        assert shell is not None and app.desk is not None
        for spec in pages_for(app.desk.profile.role):
            shell.open(spec.key)
            shots.settle(app)
            if _is_blank(shell.page().grab().toImage()):
                blank.append(spec.key)
        app.guide.explain()
        shots.settle(app)
        app.guide.close_help()
    faults = [path.read_text(encoding="utf-8") for path in (place / "data" / "crashes").glob("*")]
    for line in (*blank, *faults):
        session.tell(line)
    return not blank and not faults


def _is_blank(image: QImage) -> bool:
    """Whether a picture has nothing but a ground and a frame."""
    small = image.scaled(_LOOKED_AT, _LOOKED_AT)
    return len({small.pixel(x, y) for x in range(_LOOKED_AT) for y in range(_LOOKED_AT)}) < 8


def _read_back(path: Path) -> bool:
    """Draw a list's code, keep it as a phone would, and read it again."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    from gui.printing.qr import draw_qr
    from gui.reading_codes import codes_in
    from storage.printed import list_code, parse

    code = list_code(demos.VILLAGES[0][0], 1, "A" * 22)
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    draw_qr(painter, QRectF(40, 40, 320, 320), code)
    painter.end()
    return image.save(str(path)) and codes_in(path) == [parse(code)]


def _printed(path: Path) -> bool:
    """Print the manual, which has pictures and two fonts."""
    from gui.help import manual
    from storage.kinds import VILLAGE

    pages = manual.write(path, i18n._.language or i18n.DEFAULT, VILLAGE)
    return pages > 1 and path.read_bytes()[:5] == b"%PDF-"
