"""Subjects that write: rows, tables made anew, a list taken in, a file built and received."""

import shutil

from python_calamine import CalamineWorkbook

from storage.kinds import VILLAGE
from storage.ledger import Ledger, Profile
from sync import exchange
from sync.intake import roster
from tests.bench import bare
from tests.bench.growth import world
from tests.bench.growth.place import Job, Place
from tests.bench.growth.sheets import roster_sheet


def rows(place: Place) -> Job:
    """Every row of every table, one by one, into an encrypted file of the same tables and indexes."""
    path, told = place.scratch / "rows.db", {}

    def act() -> None:
        bare.copy_rows(place.office, path)
        told["bytes"] = path.stat().st_size

    return Job(act, told=told)


def village(place: Place) -> Job:
    """2,500 people more with a winter's facts, entered into the ledger as it is; the file's size is told."""
    ledger = world.opened(place.copy())
    edits = world.village(place.people // world.VILLAGE)
    size = (place.kept / "office" / "ledger.db").stat().st_size
    return Job(lambda: ledger.write(edits), told={"bytes": size})


def refold(place: Place) -> Job:
    """Every table made anew from the entries."""
    ledger = world.opened(place.copy())
    return Job(ledger.rebuild)


def built(place: Place) -> Job:
    """The first file for the office above, with everybody in it: signed, packed, encrypted."""
    ledger, told = world.opened(place.copy()), {}

    def act() -> None:
        (sent,) = exchange.send(ledger, place.scratch / "out")
        told["bytes"] = sent.path.stat().st_size
        shutil.move(sent.path, place.waiting)

    return Job(act, told=told)


def applied(place: Place) -> Job:
    """That file received by the office above: opened, verified, applied to an empty ledger."""
    for part in ("above", "machines"):
        shutil.copytree(place.kept / part, place.scratch / part)
    above = world.opened(place.scratch, "above")

    def act() -> None:
        (fate,) = exchange.receive(above, [place.waiting])
        assert fate.outcome == "applied", fate

    return Job(act)


def intake(place: Place) -> Job:
    """A sheet with everybody in it taken into an empty village; the limit reads it and writes the same rows."""
    path = place.scratch / "花名册.xlsx"
    roster_sheet(path, place.people)
    profile = Profile("growth", VILLAGE, world.village_code(0), "查干沟嘎查", "example-2026")
    names = world.who(place.scratch, "village")
    ledger = Ledger.create(place.scratch / "village", profile, **names)  # type: ignore[arg-type]

    def act() -> None:
        done = roster.apply(ledger, roster.stage(ledger, path))
        assert done.preview.counts["added"] == place.people, done.preview.counts

    def limit() -> None:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        bare.copy_rows(ledger, place.scratch / "rows.db")

    return Job(act, limit)
