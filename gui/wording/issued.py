"""What the records of issued bulletins and their fields are called."""

from gui.i18n import _


def registers() -> dict[tuple[str, str], str]:
    """The registers of a bulletin."""
    return {
        ("bulletin", "issue"): _("issue of the bulletin"),
        ("bulletin", "rules"): _("rules of the bulletin"),
        ("bulletin", "basis"): _("entries the bulletin counts"),
        ("bulletin", "content"): _("numbers of the bulletin"),
    }


def fields() -> dict[str, str]:
    """The fields of these registers."""
    return {
        "bulletin_number": _("number of the issue"),
        "bulletin_year": _("insurance year"),
        "bulletin_on": _("day of the bulletin"),
        "bulletin_at": _("moment of the bulletin"),
        "bulletin_unit": _("issued by"),
        "follows": _("issue before"),
        "corrects": _("corrected issue"),
        "corrects_why": _("why it was corrected"),
        "rules_policy": _("policy"),
        "rules_version": _("version of the policy"),
        "rules_text": _("policy text"),
        "denominator": _("denominator"),
        "held_count": _("entries"),
        "held_print": _("fingerprint"),
        "held": _("entries the bulletin counts"),
        "content": _("numbers of the bulletin"),
        "content_print": _("fingerprint of the numbers"),
        "counted_with": _("version of the counting rules"),
    }


def sentences() -> dict[str, str]:
    """The sentence of every code about bulletins and the past."""
    return {
        "asof.future": _("{when} has not come yet. A ledger can be shown as it stands now or as it stood."),
        "asof.before": _("The first entry of this ledger came at {first}; there is nothing as of {when}."),
        "asof.read_only": _("This is how the ledger stood: nothing can be written into it."),
        "asof.day": _("Give the day to look back to, such as 2025-11-15."),
        "asof.time": _("“{text}” is no time of day. Write 17:30, or leave it empty for the end of the day."),
        "asof.stopped": _("Stopped. Nothing was changed."),
        "held.unreadable": _("The list of entries this bulletin counts cannot be read."),
        "bulletin.office_only": _("Bulletins are issued by an office, on its own ledger."),
        "bulletin.issued": _("This bulletin was issued already. Issue a correction instead."),
        "bulletin.unreadable": _(
            "A bulletin of a newer version is among these. Install the newest version to read it."
        ),
        "bulletin.denominator": _(
            "There is no denominator “{denominator}” in this policy. There are: {available}."
        ),
        "bulletin.unknown": _("There is no issue {number}. There are: {available}."),
        "bulletin.several": _("Two bulletins were issued as number {number}. Say which one: {available}."),
        "bulletin.overtaken": _(
            "More has come in since the preview was drawn up. Look at the new preview, then issue it."
        ),
        "bulletin.no_villages": _("There is no village yet whose numbers a bulletin could tell."),
        "bulletin.why": _("A correction says why: give the reason."),
        "bulletin.other_year": _("That issue is of insurance year {year}. Choose that year first."),
        "use.no_townships": _("This is a township's own bulletin: it has villages only."),
        "use.moment": _("“{text}” is no moment. Write 2025-11-15, 2025-11-15T17:30, or bulletin:3."),
    }
