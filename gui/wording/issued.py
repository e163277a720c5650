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
