"""Working sheets: out to WPS or Excel, and back as a merge."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import worksheet as words
from gui.wording.units import id_number
from storage.ledger import Ledger
from storage.queries import villages
from sync.sheets.values import group
from sync.worksheet import exporting, staging
from sync.worksheet.results import Choice, Row, Staged
from sync.worksheet.standing import Standing


def worksheet(session: Session) -> int:
    """Write a working sheet, or take one back."""
    options = session.options
    if (options.out is None) == (options.take is None):
        raise WrongUse("use.out_or_take")
    with closing(session.open()) as ledger:
        return _out(session, ledger) if options.take is None else _back(session, ledger)


def _out(session: Session, ledger: Ledger) -> int:
    options = session.options
    if options.out.suffix.lower() != ".xlsx":
        raise WrongUse("use.ending", path=options.out, choices=(".xlsx",))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    groups = {group(text) for text in options.group}

    def wanted(one: Standing) -> bool:
        in_group = not groups or group(one.cells["group"]) in groups
        return in_group and (not options.unpaid or exporting.unpaid(one))

    done = exporting.export(
        ledger,
        options.out,
        scopes=_scopes(session, ledger),
        today=session.today,
        wanted=wanted,
        columns=[part.strip() for part in options.columns.replace("，", ",").split(",") if part.strip()],
        masked=options.masked,
        why=options.why,
    )
    data = {**asdict(done), "file": options.out, "path": None}
    line = _("{file}: working sheet {number}, {people} people")
    session.give(data, [line.format(file=options.out, number=done.number, people=done.people)])
    return DONE


def _scopes(session: Session, ledger: Ledger) -> list[str]:
    """The villages a sheet is about: the own one, the one that is named, or all of an office."""
    if not ledger.is_office:
        return [ledger.check_scope(session.options.village)]
    return [session.options.village] if session.options.village else list(villages.titles(ledger))


def _back(session: Session, ledger: Ledger) -> int:
    options = session.options
    staged = staging.stage(
        ledger, options.take, today=session.today, scope=options.village, as_report=options.as_report
    )
    wanted = _each(staged, {**_chosen(options.accept, "theirs"), **_chosen(options.leave, "ours")})
    if wanted:
        staged = staging.restage(ledger, staged, today=session.today, choices=wanted)
    number, entries = None, 0
    if not options.dry_run:
        done = staging.apply(
            ledger, staged, today=session.today, choices=wanted, only_whole=options.all_or_nothing
        )
        number, staged, entries = done.number, done.staged, len(done.changes.oids)
    for line in (*words.reasons(staged.notes), *_extra(staged)):
        session.tell(line)
    session.give(_data(staged, options.take, number, entries), _lines(staged))
    return DONE


def _chosen(texts: list[str], choice: Choice) -> dict[tuple[str, str], Choice]:
    found: dict[tuple[str, str], Choice] = {}
    for text in texts:
        row, _colon, column = text.partition(":")
        found[row, column] = choice
    return found


def _each(staged: Staged, choices: dict[tuple[str, str], Choice]) -> dict[tuple[int, str], Choice]:
    """The cells meant: a row alone means all of it that waits."""
    found: dict[tuple[int, str], Choice] = {}
    rows = {str(row.index + 1): row for row in staged.rows}
    for (text, column), choice in choices.items():
        row = rows.get(text)
        if row is None:
            raise WrongUse("use.no_choice", text=text, choices=(f"1–{len(rows)}",))
        columns = [column] if column else ["", *(cell.column for cell in row.cells)]
        found |= {(row.index, name): choice for name in columns}
    return found


def _extra(staged: Staged) -> list[str]:
    if not staged.extra:
        return []
    return [_("Columns that are not ours and stay unread: {columns}").format(columns="、".join(staged.extra))]


def _data(staged: Staged, path: Path, number: int | None, entries: int) -> dict[str, Any]:
    return {
        "file": path.name,
        "outcome": "preview" if number is None else "applied",
        "kind": staged.kind,
        "sheet": staged.number or None,
        "village": staged.scope,
        "list": number,
        "entries": entries,
        "counts": staged.counts,
        "cells": staged.cells,
        "missing": staged.missing,
        "ignored_columns": staged.extra,
        "notes": words.reasons(staged.notes),
        "rows": [_row(row) for row in staged.rows if row.status != "unchanged" or row.cells],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "row": row.index + 1,
        "sheet": row.sheet,
        "line": row.line,
        "name": row.name,
        "id": id_number(row.id_number) if row.id_number else "",
        "status": row.status,
        "reasons": [why.code for why in row.why],
        "sentence": _("; ").join(words.row_reasons(row)),
        "cells": [
            {
                "field": cell.column,
                "title": words.column_title(cell.column),
                "was": words.shown_cell(cell, cell.stood) if cell.stood else "",
                "says": words.shown_cell(cell, cell.says) if cell.says else "",
                "ledger": words.shown_cell(cell, cell.now) if cell.now else "",
                "outcome": cell.outcome,
                "why": cell.why.code if cell.why else "",
                "sentence": words.reason_text(cell.why) if cell.why else "",
            }
            for cell in row.cells
        ],
    }


def _lines(staged: Staged) -> list[str]:
    head = _(
        "{file}: {rows} rows, {changed} changed, {added} added, {review} to check, {unmatched} nobody here, "
        "{unchanged} without news, {missing} of the sheet not in the file"
    ).format(file=staged.file, missing=staged.missing, **staged.counts)
    lines = [head]
    for row in staged.rows:
        told = [
            *words.row_reasons(row),
            *(words.change_text(cell) for cell in row.cells if cell.outcome != "agreed"),
        ]
        if (told and row.status != "unchanged") or row.status == "unmatched":
            place = _("{row} (line {line}) {name}").format(row=row.index + 1, line=row.line, name=row.name)
            lines.append(f"{place} · {words.status_text(row.status)}: {_('; ').join(told)}")
    return lines
