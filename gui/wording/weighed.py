"""Why one of two insurances or entries is kept, what it costs, and how a repaired number came about: the words."""

from gui.i18n import _


def words() -> dict[str, str]:
    """Reason → its sentence."""
    return {**_insurances(), **_entries(), **_numbers()}


def _insurances() -> dict[str, str]:
    return {
        "no_double": _("there is one insurance only"),
        "works_there": _("of two employee insurances that of the workplace is kept: {employer}"),
        "workplace_several": _("of two employee insurances that of the workplace is kept: which one is it?"),
        "workplace_unknown": _(
            "of two employee insurances that of the workplace is kept: neither names an employer"
        ),
        "employee_long": _("insured as an employee since {since}, for {months} months or more: that is kept"),
        "employee_short": _(
            "insured as an employee since {since}; {months} months, from which on that is kept, are full on {day}"
        ),
        "employee_since_unknown": _(
            "an employee insurance of {months} months or more is kept, but since when it runs is not known"
        ),
        "school_there": _("a student's insurance is kept where the school is"),
        "lives_there": _("of two resident insurances that of the place where the person lives is kept"),
        "lives_not_elsewhere": _(
            "of two resident insurances that of the place where the person lives is kept: it is not the other one"
        ),
        "residence_several": _(
            "of two resident insurances that of the place where the person lives is kept: both say they live there"
        ),
        "residence_unknown": _(
            "of two resident insurances that of the place where the person lives is kept: where is that?"
        ),
        "entered_first": _("entered twice in one place; the older entry (since {since}) is kept"),
        "one_place_twice": _("entered twice in one place: which entry is right?"),
        "must_end": _("the other one has to end"),
        "aided_in_writing": _("a subsidised insurance is given up in writing by the person"),
        "finance_twice": _("public subsidy of {fen} a head, paid {count} times too many"),
        "assisted_twice": _("premium paid by a department: {fen}"),
    }


def _entries() -> dict[str, str]:
    return {
        "number_sound": _("the entry with the sound number is kept"),
        "numbers_both_sound": _("both numbers are sound: which one is on the card?"),
        "numbers_none_sound": _("neither entry has a sound number"),
        "perhaps_one_person": _("perhaps one person: compare with the card"),
        "number_shared": _("two names stand under one number: one of the two is wrong"),
        "same_birth": _("same name and birth date"),
        "same_household": _("same household"),
        "same_guardian": _("same telephone or head of household"),
        "number_fits": _("the doubtful number is the sound one, damaged"),
        "number_differs": _("the two numbers are quite different"),
    }


def _numbers() -> dict[str, str]:
    return {
        "repair_": _("as it stands"),
        "repair_as_written": _("the number itself is sound; the rest of the entry would follow it"),
        "repair_fullwidth": _("written in wide characters"),
        "repair_spaces": _("written with blanks"),
        "repair_quotes": _("written with quotes"),
        "repair_lower_x": _("written with a small x"),
        "repair_lookalike": _("letters stood for digits (place {place})"),
        "repair_inside": _("the number stands inside the text"),
        "repair_fifteen": _("15 digits of the first generation, made 18"),
        "repair_disability20": _("the number inside the disability certificate's number"),
        "repair_missing_check": _("the last character was left out"),
        "repair_transposed": _("two neighbouring digits swapped (place {place})"),
        "repair_wrong_digit": _("one digit wrong (place {place})"),
        "repair_wrong_check": _("the last character wrong"),
        "repair_missing_digit": _("one digit missing (place {place})"),
        "repair_extra_digit": _("one digit too many (place {place})"),
        "repair_truncated": _("the last three digits were lost in a spreadsheet"),
        "repair_birth": _("the birth date in the number wrong"),
        "repair_other_list": _("close to a number held elsewhere for this name"),
        "repair_held_elsewhere": _("held elsewhere for this name and birth date"),
        "birth_fits": _("birth date fits"),
        "birth_contradicts": _("birth date does not fit"),
        "sex_fits": _("sex fits"),
        "sex_contradicts": _("sex does not fit"),
        "area_fits": _("area as in the household or village"),
        "area_unusual": _("area unlike the household's"),
        "held_in_household": _("another entry of the household has it"),
        "held_by_entry": _("an entry of {village} has it"),
        "held_by_list": _("the list “{list}” has it"),
    }
