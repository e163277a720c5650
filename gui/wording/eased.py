"""Why somebody may be won easily or not: the words."""

from gui.i18n import _


def words() -> dict[str, str]:
    """Sign → its words."""
    return {
        "ease_promised": _("agreed for {day}"),
        "ease_let_pass": _("agreed for {day}, which passed"),
        "ease_newborn": _("newborn, covered from birth"),
        "ease_costs_nothing": _("pays nothing"),
        "ease_refund": _("{fen} comes back"),
        "ease_subsidy": _("{fen} is paid by the office"),
        "ease_household_paid": _("{count} others of the household paid"),
        "ease_paid_before": _("insured last year"),
        "ease_not_before": _("not insured last year"),
        "ease_phone": _("telephone known"),
        "ease_no_phone": _("no telephone"),
        "ease_needs_help": _("only needs help to pay: {help}"),
        "ease_away": _("lives elsewhere"),
        "ease_new": _("new, to be registered first"),
        "ease_refused": _("{absence}: paying is voluntary, no urging"),
        "ease_unreachable": _("{absence}: to be found first"),
    }
