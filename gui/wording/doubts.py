"""What is doubtful about an entry, and what to do about it."""

from gui.i18n import _


def doubt_text(code: str) -> str:
    """One doubt, or several joined by commas as the ledger keeps them, in words."""
    return _("; ").join(_one(part) for part in code.split(",") if part)


def _one(code: str) -> str:
    words = _words().get(code)
    if words is not None:
        return words
    column, _point, what = code.partition(".")
    template = _cell_words().get(what)
    return template.format(column=_columns().get(column, column)) if template else code


def _words() -> dict[str, str]:
    return {
        "missing": _("no ID number"),
        "placeholder": _("the ID number is only a placeholder"),
        "area": _("the ID number begins with an area that never existed"),
        "date": _("the ID number holds no possible birth date"),
        "future": _("the ID number holds a birth date still to come"),
        "checksum": _("the last character of the ID number does not fit: a digit is mistyped"),
        "truncated": _("the last digits of the ID number were lost in a spreadsheet"),
        "scientific": _("the ID number was cut to a rounded number in a spreadsheet"),
        "disability20": _("this is a disability certificate number"),
        "other_document": _("this is the number of another document"),
        "lookalike": _("letters stand for digits in the ID number"),
        "length": _("the ID number has too many or too few digits"),
        "format": _("this is no ID number"),
        "birth_differs": _("birth date and ID number disagree"),
        "sex_differs": _("sex and ID number disagree"),
        "id_shared": _("another person has the same ID number"),
        "duplicate_row": _("the row repeats an earlier one"),
        "disputed": _("the list says otherwise than what was entered here"),
        "erased": _("this person was erased on request and stays out"),
        "number_kept": _("its ID number is damaged in this list; the sound one in the ledger stays"),
        "removed_before": _("this person was taken out of the register before"),
        "void_leaning": _("two payments were each voided as the other's double: one stands until you say"),
        "paid_and_absent": _("recorded as insured elsewhere, and yet a payment is recorded"),
        "paid_unknown": _("a payment for a person the register does not have"),
        "claimed_by_two": _("another village has this person too: the office says who counts them"),
        "id_two_villages": _("another name stands under this ID number in another village"),
        "counted_nowhere": _("the village this person was to count in does not have them"),
        "late_entries": _("written after this person had left the village"),
        "withheld": _("an entry that came without its content"),
        "unread": _("an entry this version cannot read"),
        **dict.fromkeys(
            ("newer_format", "unknown_kind", "unknown_register", "unknown_field"),
            _("written by a newer version"),
        ),
        **dict.fromkeys(
            ("unreadable", "wrong_type", "out_of_range"), _("written in a way that cannot be right")
        ),
        "not_allowed": _("written by a side that may not write it"),
        "conflict": _("two entries disagree"),
        "name_missing": _("no name"),
        "name.missing": _("no name"),
        "name.number": _("a number stands where the name should be"),
        "name.odd": _("the name has unusual characters"),
        "name.remark": _("a remark stood in the name's cell"),
        "birth.serial": _("the birth date was a bare number, read as a spreadsheet date"),
        "birth.month_only": _("the birth date has no day"),
        "relation.ambiguous": _("the relation to the head can mean two things"),
        "household.number_repeated": _("the household number is used twice"),
        "household.second_head": _("the household has a second head"),
        "household.head_differs": _("head of household by relation and by name differ"),
    }


def _cell_words() -> dict[str, str]:
    """What can be wrong with any cell of a roster."""
    return {
        "unreadable": _("{column}: cannot be read"),
        "error": _("{column}: the cell holds a spreadsheet error"),
        "formula": _("{column}: the cell holds a formula without a result"),
    }


def _columns() -> dict[str, str]:
    return {
        "name": _("name"),
        "id": _("ID number"),
        "sex": _("sex"),
        "ethnic": _("ethnic group"),
        "relation": _("relation to head"),
        "birth": _("birth date"),
        "phone": _("phone"),
        "residence": _("residence"),
    }
