"""What an office's entries about things handed out, and about its directory, are called."""

from gui.i18n import _


def registers() -> dict[tuple[str, str], str]:
    """The registers of a batch and of a contact."""
    return {
        ("batch", "handed"): _("what was handed out"),
        ("batch", "holder"): _("who has it"),
        ("batch", "returned"): _("what came back"),
        ("batch", "closed"): _("taken back unfilled"),
        ("batch", "void"): _("recorded by mistake"),
        ("contact", "unit"): _("unit"),
        ("contact", "person"): _("person in charge"),
        ("contact", "number"): _("telephone"),
        ("contact", "remark"): _("remark"),
        ("contact", "shared"): _("whether villages see it"),
        ("contact", "void"): _("recorded by mistake"),
    }


def fields() -> dict[str, str]:
    """The fields of these registers."""
    return {
        "batch_people": _("how many people"),
        "batch_sort": _("sort of material"),
        "batch_title": _("what it is called"),
        "batch_place": _("whose village"),
        "batch_of": _("which list or sheet"),
        "handed_on": _("handed out on"),
        "due_on": _("wanted back by"),
        "holder": _("who has it"),
        "holder_phone": _("telephone"),
        "returned_people": _("how many came back"),
        "returned_on": _("came back on"),
        "returned_note": _("note on what came back"),
        "unit": _("unit"),
        "unit_kind": _("sort of unit"),
        "unit_code": _("place of the unit"),
        "post": _("post"),
        "shared": _("whether villages see it"),
    }
