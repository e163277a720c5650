"""Subjects of paper and lists: whom a list means, a form as xlsx, a visit list as PDF, the window."""

import csv
import time
from collections import defaultdict

import xlsxwriter

from sync.intake.whom import People
from sync.reports import filling, forms
from sync.reports.xlsx import write_table
from sync.sheets.header import find_tables
from sync.sheets.listed import listed_rows
from sync.sheets.reading import read
from tests.bench.conftest import TODAY
from tests.bench.growth.place import POLICY, Job, Place
from tests.bench.test_list import ROWS, tax_list
from tests.bench.test_start import BARE, OPENED, python


def matching(place: Place) -> Job:
    """Whom each of 5,000 rows of a tax list means, from the ledger on; the limit: everybody read, by number alone."""
    path, ledger = place.scratch / "税务缴费明细.csv", place.office
    tax_list(path, ledger)
    (table,) = find_tables(read(path))
    listed, _ = listed_rows(table)

    def act() -> None:
        assert len(People(ledger).find(listed)) == ROWS

    def limit() -> None:
        sql = "SELECT record, scope, name, id_full FROM resident WHERE void_reason IS NULL"
        numbers, names = {}, defaultdict(list)
        for record, scope, name, number in ledger.connection.execute(sql):
            numbers[number] = record
            names[scope, name].append(record)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert len([numbers.get(row["纳税人识别号"]) for row in csv.DictReader(stream)]) == ROWS

    return Job(act, limit)


def form(place: Place) -> Job:
    """The register of everybody as xlsx; the limit writes as many cells."""
    wanted, ledger, cells = forms.built_in()["roster"], place.office, []

    def act() -> None:
        wish = filling.wanted(ledger, POLICY, TODAY)
        found = filling.read(ledger, wanted, wish)
        filled = filling.fill(wanted, found, filling.paper(ledger, wish, wanted))
        write_table(place.scratch / "out.xlsx", filled.title, filled.columns, filled.rows, notes=filled.notes)
        assert len(found) == place.people, len(found)
        cells.append(tuple(filled.rows[0]))

    def limit() -> None:
        book = xlsxwriter.Workbook(str(place.scratch / "bare.xlsx"), {"constant_memory": True})
        page = book.add_worksheet()
        for row in range(place.people):
            page.write_row(row, 0, cells[0])
        book.close()

    return Job(act, limit)


def printing(place: Place) -> Job:
    """A visit list of everybody as PDF; the limit paints its words and codes, nothing measured or wrapped."""
    from gui import i18n, theme
    from gui.app import application
    from gui.printing import visit_list
    from tests.bench import test_print
    from tests.gui.printing import sheets

    theme.apply(application(), theme.load())
    i18n.install()
    made, path, pages = sheets.village(place.people), place.scratch / "list.pdf", []

    def limit() -> None:
        words, codes = test_print.on_list(made, pages[0])
        test_print.bare(words, codes, pages[0], visit_list.LANDSCAPE, path)

    return Job(lambda: pages.append(visit_list.write_pdf(made, path)), limit)


def start(place: Place) -> Job:
    """From the process to the first page of this ledger in its window; the limit is an empty window.

    The window tells its own seconds and memory at that moment: what it reads ahead afterwards nobody waits for.
    """
    told: dict[str, float] = {}

    def opened() -> list[float]:
        return [float(part) for part in python(OPENED, *folders).split()]

    def act() -> None:
        told["seconds"], told["megabytes"] = opened()

    folders = place.kept / "office", place.kept / "machines" / "office"
    opened()  # compiled, and what a new version counts once is counted
    return Job(act, lambda: python(BARE), told=told)


def key(place: Place) -> Job:
    """From a key in the box that finds to its list painted, 95 of 100 keys; the limit: a bare field over a plain list.

    Seconds of the processor, the ledger's thread included.
    """
    from gui.app import application
    from tests.bench import test_paint

    qapp, told = application(), {}

    def act() -> None:
        kept = place.copy()
        with test_paint.window(qapp, kept / "office", kept / "machines" / "office") as (shell, busy):
            told["seconds"] = test_paint.slowest(test_paint.measure(shell, busy, time.process_time))
        told["bare"] = test_paint.slowest(test_paint.bare(time.process_time))

    return Job(act, told=told)
