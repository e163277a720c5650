"""Cross tables: people, or what they paid, counted by two of their facts at once, shown or written."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import amount, crossed
from gui.wording.units import number
from storage.ledger import Ledger
from sync.reports.crosstab import Asked, Cross, Crowd


def cross(session: Session) -> int:
    """Count, tell the table, write it where a file is named; with --list tell what there is to count by."""
    from sync.reports import cross_out, crosstab, going_out

    options = session.options
    if options.out is not None and options.out.suffix.lower() not in going_out.ENDINGS:
        raise WrongUse("use.ending", path=options.out, choices=going_out.ENDINGS)
    with closing(session.open()) as ledger:
        crowd = _crowd(session, ledger)
        if options.list:
            return _listed(session, crowd)
        first = "village" if ledger.is_office else "group"
        table = crosstab.cross(crowd, _asked(session, crowd, options.rows or first))
        words = cross_out.named(crowd, table)
        data, lines = _data(table), list(_lines(table))
        if options.out is not None:
            scope = options.village if ledger.is_office else ""
            done = cross_out.export(ledger, table, words, options.out, scope=scope)
            data |= {"file": done.path}
            lines = [_("{file}: {count} rows").format(file=done.path, count=done.rows)]
        notes = crossed.notes(table, words)
        session.give(data, [*lines, notes] if notes else lines)
    return DONE


def _crowd(session: Session, ledger: Ledger) -> Crowd:
    from sync.reports import filling
    from sync.reports.crosstab import Crowd

    wish = filling.wanted(ledger, session.policy(ledger), session.today, session.options.village)
    return Crowd(filling.everybody(ledger, wish), filling.paper(ledger, wish), wish.titles)


def _listed(session: Session, crowd: Crowd) -> int:
    from sync.reports.choosing import selections

    facts = [{"code": code, "heading": axis.heading} for code, axis in crowd.axes.items()]
    whom = [{"code": code, "about": one.said} for code, one in selections().items()]
    lines = [f"{one['code']}\t{one['heading']}" for one in facts] + [""]
    session.give({"facts": facts, "whom": whom}, lines + [f"{one['code']}\t{one['about']}" for one in whom])
    return DONE


def _asked(session: Session, crowd: Crowd, first: str) -> Asked:
    from sync.reports.crosstab import Asked

    options = session.options
    only = [_limit(crowd, text) for text in options.only]
    rows, columns = (_code(crowd, name) for name in (first, options.columns))
    return Asked(rows, columns, "amount" if options.amount else "people", options.whom, tuple(only))


def _limit(crowd: Crowd, text: str) -> tuple[str, str]:
    name, sign, word = text.replace("＝", "=").partition("=")
    if not sign:
        raise WrongUse("use.fact", text=text)
    return _code(crowd, name.strip()), word.strip()


def _code(crowd: Crowd, name: str) -> str:
    """A fact by its code, its heading, or what the window calls it."""
    called = {axis.heading: code for code, axis in crowd.axes.items()}
    code = called.get(name) or next((code for code, words in crossed.axes().items() if words == name), name)
    return crowd.axis(code).code


def _data(table: Cross) -> dict[str, Any]:
    asked = table.asked
    return {
        "rows_by": asked.rows,
        "columns_by": asked.columns,
        "measure": asked.measure,
        "whom": asked.whom,
        "only": [f"{code}={word}" for code, word in asked.only],
        "rows": table.rows,
        "columns": table.columns,
        "cells": table.cells,
        "row_totals": table.row_totals,
        "column_totals": table.column_totals,
        "total": table.total,
        "people": table.people,
        "overlap": table.more,
    }


def _lines(table: Cross) -> Iterator[str]:
    """The table with tabs between its cells."""
    tell = number if table.asked.measure == "people" else amount
    yield "\t".join(("", *map(crossed.word, table.columns), _("Total")))
    for word, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True):
        yield "\t".join((crossed.word(word), *map(tell, (*cells, total))))
    yield "\t".join((_("Total"), *map(tell, (*table.column_totals, table.total))))
