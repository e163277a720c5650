"""What is told of a list and what of it goes out as a sheet."""

from collections.abc import Sequence
from pathlib import Path

from gui import wording
from gui.actions.intake import Sheet
from gui.actions.lists import free_path
from gui.desk import Desk
from gui.errors import sentence_for
from gui.i18n import _
from gui.models import taken
from gui.models.intake import ROSTER, field_words, meant
from gui.models.taken import KeptRow
from gui.pages.visits.page import FOLDER
from gui.wording import matching, names
from storage.commands.lists import Reverted
from storage.policy.model import Policy
from sync.intake.results import Listed, Missing, Row

_ROWS_NAMED = 12
"""How many rows a sentence names."""
_SHOWN = frozenset(("name", "id_number", "village", "why"))


def bad(listed: Listed) -> list[Row]:
    """The rows a department has to put right: unreadable ones, those that found nobody and those to be checked."""
    if listed.kind == ROSTER:
        return []
    return [row for row in listed.rows if row.status in ("broken", "unmatched", "review")]


def blocked_text(listed: Listed) -> str:
    """Why nothing of a list can be written, which rows it is, and what to do."""
    if not listed.blocked:
        return ""
    lines = [row.line for row in listed.rows if row.status == "broken"]
    named = ", ".join(str(line) for line in lines[:_ROWS_NAMED])
    more = "…" if len(lines) > _ROWS_NAMED else ""
    told = sentence_for(listed.blocked, {"rows": len(lines), "words": len(listed.unmapped)})
    return told + (" " + _("Rows {lines}.").format(lines=f"{named}{more}") if lines else "")


def written_text(listed: Listed, removed: int, corrected: int) -> str:
    """What writing a list did."""
    counts = listed.counts
    if listed.kind == ROSTER:
        doubtful = sum(bool(row.doubts) for row in listed.rows)
        told = _("Written: {added} new, {changed} changed, {review} with a doubt")
        return told.format(added=counts.get("added", 0), changed=counts.get("changed", 0), review=doubtful)
    rest = sum(counts.get(code, 0) for code in ("review", "unmatched", "broken"))
    parts = [
        _("Written: {added} new, {changed} changed, {known} known already").format(
            added=counts.get("added", 0), changed=counts.get("changed", 0), known=counts.get("known", 0)
        ),
        _("{count} rows stay to be settled").format(count=rest) if rest else "",
        _("{count} people taken out").format(count=removed) if removed else "",
        _("{count} numbers corrected").format(count=corrected) if corrected else "",
    ]
    return wording.units.listed(parts)


def reverted_text(done: Reverted) -> str:
    """What taking a list back did, and what stays and why."""
    told = _("Taken back: {count} entries.").format(count=f"{done.restored:,}")
    if done.kept:
        why = wording.units.listed(sorted({matching.kept_text(one.why) for one in done.kept}))
        told += " " + _("{count} entries stay: {why}.").format(count=f"{len(done.kept):,}", why=why)
    return told


def path_for(desk: Desk, title: str) -> Path:
    """Where a sheet goes: the folder of lists, beside what is there."""
    return free_path(desk.settings.folder(FOLDER), title, ".xlsx")


def rows_sheet(title: str, rows: Sequence[Row], policy: Policy, *, masked: bool) -> Sheet:
    """Rows as a sheet: where they stand, what they say, whom they mean, why, what changes."""
    fields = sorted({name for row in rows for name in row.said if name not in _SHOWN})
    columns = (
        (_("Sheet"), 12),
        (_("Row"), 6),
        (_("Result"), 9),
        (_("Name"), 12),
        (_("ID number"), 20),
        (_("Village"), 12),
        *((field_words(name), 14) for name in fields),
        (_("Who is meant"), 24),
        (_("Points"), 6),
        (_("Why"), 40),
        (_("What changes"), 30),
    )
    return Sheet(title, columns, tuple(_cells(row, fields, policy, masked) for row in rows))


def kept_sheet(title: str, rows: Sequence[KeptRow], *, masked: bool) -> Sheet:
    """Rows that were kept of a list taken over before, as a sheet."""
    columns = (
        (_("Sheet"), 12),
        (_("Row"), 6),
        (_("Result"), 9),
        (_("Name"), 12),
        (_("ID number"), 20),
        (_("Village"), 12),
        (_("Who was meant"), 14),
        (_("Why"), 40),
        (_("Also on the list"), 40),
    )
    cells = tuple(
        (
            row.sheet,
            str(row.line),
            matching.status_text(row.status),
            row.said.get("name", ""),
            wording.id_number(row.said["id"], masked=masked) if row.said.get("id") else "",
            row.said.get("village", ""),
            row.person,
            taken.why_text(row),
            taken.said_text(row, masked=masked),
        )
        for row in rows
    )
    return Sheet(title, columns, cells)


def missing_sheet(title: str, people: Sequence[Missing], policy: Policy, *, masked: bool) -> Sheet:
    """People reported as paid whom no list of payments shows, as a sheet."""
    columns = (
        (_("Name"), 12),
        (_("ID number"), 20),
        (_("Village"), 14),
        (_("Paid on"), 12),
        (_("Channel"), 14),
        (_("Late by"), 8),
    )
    cells = tuple(
        (
            one.name,
            wording.id_number(one.id_number, masked=masked),
            one.village,
            one.paid_on,
            names.channel(policy, one.channel),
            _("{count} days").format(count=one.days_late),
        )
        for one in people
    )
    return Sheet(title, columns, cells)


def _cells(row: Row, fields: Sequence[str], policy: Policy, masked: bool) -> tuple[object, ...]:
    person = meant(row)
    likeliest = person or (row.candidates[0] if row.candidates else None)
    why = matching.why_text(row, likeliest) if likeliest else ""
    doubts = matching.skipped_text(row.said["why"]) if row.key < 0 else matching.doubts_text(row.doubts)
    return (
        row.sheet,
        str(row.line),
        matching.status_text("skipped" if row.key < 0 else row.status),
        row.name,
        wording.id_number(row.id_text, masked=masked) if row.id_text else "",
        row.village,
        *(_said(row, name, masked) for name in fields),
        matching.person_words(person, masked=masked) if person else "",
        str(likeliest.score) if likeliest else "",
        "\n".join(part for part in (why, doubts) if part),
        matching.changes_text(policy, row.changes, masked=masked),
    )


def _said(row: Row, name: str, masked: bool) -> str:
    text = row.said.get(name, "")
    if not masked or not text:
        return text
    if "phone" in name:
        return wording.phone(text)
    return wording.id_number(text) if name in _NUMBERS else text


_NUMBERS = frozenset(
    ("head_id", "guardian_id", "disability_number", "allowance_number", "taxpayer_id", "person_number")
)
