"""What happens without paying, what staying insured earns, what a newborn needs, when money comes back: the words."""

from gui.i18n import _


def words() -> dict[str, str]:
    """Reason → its sentence."""
    return {
        **_costs(),
        **_losses(),
        **_refunds(),
        "repair_shortens": _(
            "repaying {years} lapsed years ({fen} each) shortens the wait from {now} to {months} months"
        ),
        "residence_counted": _("{denominator}: counted, being {residence}"),
        "residence_not_counted": _("{denominator}: not counted, being {residence}"),
        "explained_left_out": _("{denominator}: not counted, {absence} counts as explained"),
        "number_from_outside": _("{denominator}: a number from outside, nobody is in it by name"),
        "students_deadline": _("students are to be reported by {deadline}"),
        "gap_closing": _("another insurance has only just ended: no waiting for who pays by {day}"),
        "insured_before": _("insured for {years} years in a row before this one"),
        "lapsed_before": _("not insured for {years} years before this one"),
        "incentive_unknown": _(
            "from year {from_year} in a row on, the serious-illness ceiling rises by {fen} a year "
            "(at most {percent}%); how many years this person has is not known"
        ),
        "incentive_ahead": _(
            "with this year {years} in a row; {missing} more and the serious-illness ceiling rises by {fen} a year "
            "(from year {from_year} on, at most {percent}%)"
        ),
        "incentive_earned": _(
            "with this year {years} in a row: the serious-illness ceiling is {fen} higher "
            "(with the bonus for years without a claim at most {percent}%)"
        ),
    }


def _costs() -> dict[str, str]:
    return {
        "subsidy_capped": _("{group}: at most {fen} is paid"),
        "subsidy_beyond_premium": _("{group} ({fen}) is not added: the premium is paid in full already"),
        "return_free": _("back from employee insurance in a year already paid for: nothing to pay again"),
        "exempt_moved": _(
            "resident insurance in another pool ended on {until}, not more than {months} months ago: no waiting"
        ),
        "lapse_would_wait": _(
            "earlier years are not known: who has lapsed waits {months} months even when paying inside the window"
        ),
        "newborn_from_birth": _("born on {birth}: the {year} premium covers from birth on"),
        "newborn_year_before": _(
            "born on {birth}: the days up to {until} are covered only with the {year} premium"
        ),
        "insured_elsewhere": _("recorded as {absence}: does not pay here, does not count as explained"),
        "not_found": _("recorded as {absence}: to be found first"),
    }


def _losses() -> dict[str, str]:
    return {
        "special_target_at_risk": _(
            "special groups are to be complete by {deadline}: this person is still missing"
        ),
        "special_target_missed": _(
            "special groups were to be complete by {deadline}: this person is still missing"
        ),
        "newborn_loses_birth_cover": _(
            "after {deadline} costs since birth ({birth}) are not reimbursed any more"
        ),
        "no_cover_this_year": _(
            "paid only on {paid_on}, the waiting would end after {ends}: nothing is reimbursed in {year}"
        ),
        "late_covers_from_payment": _(
            "paid only on {paid_on}: reimbursed from {covered_from} on, not before"
        ),
        "last_day_for_cover": _("{day} is the last day of payment that still brings cover in this year"),
        "late_waits": _(
            "paid only on {paid_on}: {months} months of waiting ({starts} to {ends}), reimbursed from {covered_from}"
        ),
        "costs_not_reimbursed": _("costs from {first} to {last} would not be reimbursed"),
        "lapse_counted": _(
            "not paid at all, {year} counts as a lapsed year; lapsed years in a row: {years}, "
            "who pays after that waits {months} months"
        ),
        "continuous_lost": _("{years} insured years in a row are lost, the count begins anew"),
    }


def _refunds() -> dict[str, str]:
    return {
        "refund_nothing_paid": _("nothing was paid that could come back"),
        "refund_other_rules": _("“{refund}”: the documents at hand do not say; the region's rules apply"),
        "refund_before_start": _("“{refund}”, asked for before the benefit period begins on {starts}"),
        "refund_after_start": _("“{refund}”, the benefit period has begun on {starts}"),
        "refund_must_end": _("the resident insurance has to be ended with it"),
        "refund_on_application": _("comes back on application"),
        "refund_in_principle_no": _("in principle the premium does not come back"),
        "refund_never": _("the premium does not come back"),
    }
