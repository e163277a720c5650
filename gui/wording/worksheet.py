"""Working sheets that come back, in words: what becomes of rows and cells, and why something waits."""

from collections.abc import Iterable

from gui.errors import codes, sentence_for
from gui.i18n import _
from gui.wording.doubts import doubt_text
from gui.wording.units import id_number, phone
from sync.intake.results import Reason
from sync.worksheet.columns import catalogue
from sync.worksheet.results import CellChange, Row


def column_title(key: str) -> str:
    """What a column is called in the sheet."""
    column = catalogue().get(key)
    return column.title if column else key


def status_text(status: str) -> str:
    """What becomes of a row, or what a count counts."""
    return {
        "rows": _("rows"),
        "unchanged": _("nothing new"),
        "changed": _("changed"),
        "added": _("newly added"),
        "review": _("to be checked"),
        "unmatched": _("nobody here"),
    }.get(status, status)


def outcome_text(outcome: str) -> str:
    """What becomes of a cell."""
    return {
        "write": _("will be written"),
        "assumed": _("filled in by the program"),
        "agreed": _("in the ledger already"),
        "conflict": _("both sides changed it"),
        "held": _("is this meant?"),
        "refused": _("not allowed"),
        "unreadable": _("not understood"),
        "damaged": _("spoiled by the spreadsheet"),
        "fixed": _("not to be filled in"),
    }.get(outcome, outcome)


def shown_cell(cell: CellChange, text: str, *, full: bool = False) -> str:
    """A cell's text, masked where it identifies somebody; an empty one says so."""
    if not text:
        return _("(empty)")
    if full or "*" in text:
        return text
    if cell.column == "id_number":
        return id_number(text)
    return phone(text) if cell.column == "phone" else text


def arrow_text(cell: CellChange, *, full: bool = False) -> str:
    """What the ledger has → what the sheet says."""
    return f"{shown_cell(cell, cell.now, full=full)} → {shown_cell(cell, cell.says, full=full)}"


def change_text(cell: CellChange, *, full: bool = False) -> str:
    """One cell as a line: column, what the ledger has → what the sheet says, and why it waits."""
    words = _("{column}: {change}").format(
        column=column_title(cell.column), change=arrow_text(cell, full=full)
    )
    why = reason_text(cell.why) if cell.why else ""
    if cell.outcome == "write":
        return words
    return " · ".join(part for part in (words, outcome_text(cell.outcome), why) if part)


def row_reasons(row: Row) -> list[str]:
    """Why a row waits, beside what its cells say."""
    return [reason_text(why) for why in row.why]


def reasons(found: Iterable[Reason]) -> list[str]:
    """Several reasons as sentences."""
    return [reason_text(one) for one in found]


def reason_text(why: Reason) -> str:
    """Why something waits or is left out, as a sentence."""
    template = {**_cells(), **_rows(), **_payments()}.get(why.code)
    if template is not None:
        return template.format_map({name: str(value) for name, value in why.params.items()})
    if why.code in codes():
        return sentence_for(why.code, why.params)
    if why.code.startswith("damage."):
        return _damage(why.code)
    return doubt_text(why.code)


def _damage(code: str) -> str:
    return {
        "damage.digits_lost": _("The spreadsheet kept only the first digits; the number stays as it was."),
        "damage.scientific": _("The spreadsheet shortened the number (like 1.5E+17); it stays as it was."),
        "damage.leading_zero": _("The spreadsheet dropped zeros in front; the number stays as it was."),
        "damage.number": _("The spreadsheet wrote it as a number; it stays as it was."),
        "damage.date": _("The spreadsheet made a date of it; it stays as it was."),
        "damage.hashes": _("The column was too narrow when it was saved; it stays as it was."),
        "damage.encoding": _("Characters were lost when it was saved; it stays as it was."),
    }.get(code, code)


def _cells() -> dict[str, str]:
    return {
        "both_changed": _("The ledger was changed meanwhile, and differently: choose one."),
        "rows_disagree": _("Rows {rows} say different things of the same person or household."),
        "cell.unknown_word": _("“{text}” is not understood; write one of the words to choose from."),
        "cell.error": _("The cell holds an error."),
        "cell.formula": _("The cell holds a formula without a result."),
        "cell.became_date": _("The spreadsheet made the date {text} of what was typed."),
        "cell.masked": _("The cell still hides digits."),
        "id.truncated": _("The last digits are lost ({text})."),
        "id.scientific": _("Only the first digits are left ({text})."),
        "id.checksum": _("The check digit does not fit ({text})."),
        "id.length": _("The number has too few or too many digits ({text})."),
        "id.format": _("This is no ID number ({text})."),
        "id.date": _("The number holds no day of birth ({text})."),
        "id.lookalike": _("Letters stand for digits ({text})."),
        "id.disability20": _("This is a disability number ({text})."),
        "id.other_document": _("This is the number of another document ({text})."),
        "identity_cleared": _("Name and ID number are not deleted by a sheet."),
        "id_taken": _("This ID number is somebody else's in the register."),
        "name_of_other": _("This is the name of somebody else in the sheet."),
        "column_moved": _("Values of this column stand in other rows now: was it sorted by itself?"),
        "column_emptied": _("Nearly the whole column was emptied."),
    }


def _rows() -> dict[str, str]:
    return {
        "row_of_other": _("Name and ID number of this row are somebody else's; the row went out for {name}."),
        "code_unsound": _("The row code {code} is not right; the row was looked up by ID number and name."),
        "gone": _("This person is not in the register any more."),
        "people_gone": _("{count} people of the sheet are not in the register any more."),
        "name_differs": _("The ID number is {name}'s, the name is another one."),
        "name_only": _("Only the name speaks for {name}."),
        "name_of_several": _("Several people bear this name."),
        "id_of_several": _("Several people bear this ID number."),
        "new.no_name": _("Without a name nobody is added."),
        "new.no_sound_id": _("Without a sound ID number nobody is added or found."),
        "new.no_village": _("It is not said to which village this person belongs."),
        "new.twice": _("This person stands in the sheet twice."),
        "new.erased": _("This person was erased on request and is not added."),
        "new.removed_before": _("This person was taken out of the register before."),
        "new.there_already": _("This person is in the register already."),
        "new.elsewhere": _("This person is in the register of {village}."),
        "new.household_unclear": _("It is not clear which household “{number}” is."),
        "left_out": _("Left out."),
    }


def _payments() -> dict[str, str]:
    return {
        "payment.open": _("Something else about this payment is open."),
        "payment.contradiction": _("The sheet says “not paid” and yet an amount or date."),
        "payment.incomplete": _("There is neither “paid” nor an amount nor a date."),
        "payment.cleared": _("Amount or date was deleted, the payment stands."),
        "payment.take_back": _("The payment would be voided."),
        "payment.twice": _("A payment of the same person stands in another row."),
    }
