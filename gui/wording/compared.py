"""Why an answer to a difference is proposed, as sentences."""

from gui.i18n import _


def words() -> dict[str, str]:
    """Reason code → its sentence."""
    return {
        "rec_past_lag": _("paid on {paid_on}; it should have been posted by {due}, {days} days ago"),
        "rec_list_since": _("the newest tax list, of {day}, does not have it"),
        "rec_list_reaches": _("the tax lists have payments up to {day} and not this one"),
        "rec_list_counts": _(
            "what the tax list shows counts as paid and posted; nobody has to enter it again"
        ),
        "rec_due": _("by the policy {fen} is due"),
        "rec_list_is_due": _("the list's amount is what the policy asks"),
        "rec_here_is_due": _("the reported amount is what the policy asks, the list's is not"),
        "rec_neither_is_due": _("neither amount is what the policy asks"),
        "rec_same_receipt": _("the same receipt stands in the list under {name}, whom nobody reported"),
        "rec_same_home_and_day": _(
            "{name} of the same household stands in the list with the same amount and day, and was not reported"
        ),
        "rec_posted_twice": _("{count} payments in the tax lists, {fen} together"),
        "rec_paid_and_elsewhere": _("a reason for not being insured here stands beside a payment"),
        "rec_platform_elsewhere": _("insured elsewhere and not paid here: that is the reason"),
        "rec_other_reason_here": _("another reason stands here; it would be written over"),
        "rec_paused_paid": _("paid here: the office above has to restore it on the platform"),
        "rec_paused_unpaid": _("paused and not paid: the village knows whether the person goes on"),
        "rec_paid_after_leaving": _(
            "paid on {paid_on}, after the person left on {left}: one of the two is wrong"
        ),
        "rec_paid_before_leaving": _("paid and posted before leaving: the premium stays"),
        "rec_paid_and_left": _("reported as paid and recorded as gone: the village knows which"),
        "rec_still_covered": _("recorded as gone: the insurance has to be ended on the platform"),
        "rec_list_cancels": _("the department's list names the identity as cancelled"),
        "rec_not_named": _("the department's newest list names others of this village and not this person"),
        "rec_list_whole": _("every row of that list was read and understood"),
        "rec_list_short": _("that list names far fewer people than have its groups: it may be a part of one"),
        "rec_list_not_whole": _("rows of that list still wait: one of them may mean this person"),
        "rec_department_decides": _(
            "who belongs to the group the department decides; the village may have papers"
        ),
        "rec_list_names": _("the department's newest list names the identity"),
        "rec_taken_out_here": _("somebody took it out here"),
        "rec_school_says_insured": _("the school says insured; where, the village can ask the parents"),
        "rec_school_says_not": _("a payment stands here, the school does not know of it"),
        "rec_nobody_here": _(
            "nobody in the register has this number; the village knows whether somebody is missing"
        ),
        "rec_no_village": _("the row names no village of this office"),
        "rec_village_says": _("the village says so"),
        "rec_village_replied": _("the village has replied; see below"),
    }
