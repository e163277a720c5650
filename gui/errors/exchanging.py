"""Files between places, and devices."""

from gui.i18n import _


def sentences() -> dict[str, str]:
    """Code → sentence, its parameters in braces."""
    return {
        "kit.not_office": _("Only a township office can make kits. Open the office's ledger."),
        "kit.other_township": _(
            "{code} does not belong to this office ({office}): it begins with other digits."
        ),
        "kit.unreadable": _("This is no kit, or it is damaged. Ask the township office for it again."),
        "send.standalone": _(
            "This ledger belongs to no township office yet, so there is nobody to send to. "
            "Ask the office for a kit and open it."
        ),
        "send.no_villages": _(
            "No village has reported yet, so there is nobody to send to. Receive the villages' files first."
        ),
        "bundle.not_a_bundle": _(
            "This is no bundle of Huqing (.hqb). If somebody sent it as one, ask for the file their program wrote."
        ),
        "bundle.not_for_us": _(
            "This bundle is meant for another office or village and cannot be opened here. "
            "Ask the sender whom it is for."
        ),
        "bundle.ours": _(
            "This is what was written here for {title}: give it to them, there is nothing to receive."
        ),
        "bundle.damaged": _("The bundle is damaged or incomplete. Copy or send it again."),
        "bundle.newer": _(
            "The bundle was written by a newer version. Install the newer version, then receive it again."
        ),
        "bundle.signature": _(
            "The bundle's signature is not right: it was changed on its way. Ask the sender again."
        ),
        "bundle.too_big": _("The bundle is larger than any real one. It was left alone; ask the sender."),
        "bundle.device_revoked": _(
            "{title} sent this from a device that is no longer allowed. If it is theirs after all, make them a new kit."
        ),
        "bundle.wrong_sender": _(
            "{title} may not send for this village: its device belongs elsewhere. Ask whose ledger it was written in."
        ),
        "bundle.unknown_village": _(
            "{title} ({code}) is not registered here. If it is one of your villages, make it a kit first."
        ),
        "bundle.kit_used": _(
            "Another device of {title} already joined with this kit. Make the village a new kit for this device."
        ),
        "bundle.no_proof": _(
            "{title} was not set up with a kit of this office. Make it a kit and have it opened there."
        ),
        "bundle.unknown_here": _(
            "This computer has not heard of the device of {title} yet: it may have joined at a colleague's. Take in "
            "your colleague's file first, then this one again; or let your colleague take it in."
        ),
        "bundle.other_scope": _(
            "The bundle of {title} carries entries of another village ({code}). Do not use it; ring them and ask "
            "where it comes from."
        ),
        "bundle.unknown_author": _(
            "The bundle of {title} carries entries of a device unknown here. Receive that device's own file first, "
            "then this one again."
        ),
        "bundle.replica_taken": _(
            "The bundle of {title} carries entries under the name of another device. Do not use it; ring them and ask "
            "who works on this ledger."
        ),
        "bundle.kit_withdrawn": _(
            "{title} sent this with a kit that was withdrawn. If the village is to join, make it a new kit."
        ),
        "bundle.former_office": _(
            "The bundle of {title} carries entries signed with an office key unknown here ({key}). If this office lost "
            "its ledger and began anew, acknowledge the former key; otherwise do not take this file in."
        ),
        **_nothing_new(),
        **_devices(),
    }


def _nothing_new() -> dict[str, str]:
    return {
        "bundle.again": _("This very file was read before, on {day}. Nothing to do."),
        "bundle.doubled": _("The same file as {other}, which was read just before. Nothing to do."),
        "bundle.overtaken": _(
            "A later file of {title} was read before and brought all of it. Nothing to do."
        ),
        "bundle.no_news": _("{title} entered nothing new since the last file. Nothing to do."),
        "bundle.incomplete": _(
            "{count} earlier entries of {title} are missing. Give them their receipt: their next file brings what is "
            "missing."
        ),
        "session.unknown": _("There is no receiving {number} (any more). List them to see which there are."),
        "use.session": _("Say which receiving: its number stands first in the list."),
        "session.nobody": _("No file was taken in, so nobody is owed a receipt."),
        "contact.unit": _("Say whose number it is: the village, office or department."),
        "contact.kind": _("“{text}” is no kind of unit: office, department, village or other."),
        "contact.code": _("{code} is no place of this ledger. Leave the code out, or correct it."),
        "contact.number": _("Enter the telephone number: without it nobody can ring."),
        "contact.unknown": _("This entry is not in the directory any more. Look at the list again."),
        "contact.no_columns": _(
            "{file}: there is no table with a column for the unit and one for the telephone."
        ),
    }


def _devices() -> dict[str, str]:
    return {
        "kit.used": _(
            "This kit has been used, so it cannot be withdrawn. Revoke the device that joined with it."
        ),
        "device.unknown": _("No device “{device}” is known here. List the devices to see their names."),
        "device.several": _("“{device}” has several devices: {handles}. Name one of them."),
        "device.reason": _("Say why the device is revoked."),
        "device.not_revoked": _("The device {device} is not revoked, so nothing of it waits."),
        "join.other_place": _(
            "This kit is for {title} ({kit}), but the ledger is for {own}. Ask for the right kit."
        ),
        "join.other_office": _("This ledger belongs to another office already, so it cannot join {office}."),
        "folder.not_found": _(
            "The exchange folder {path} is not there. Connect the share or the drive, then try again."
        ),
        "folder.not_chosen": _("No exchange folder was chosen yet. Name one."),
        "clock.back": _(
            "This computer's clock looks wrong: entries made {days} days later than now are in the ledger. "
            "Set date and time; nothing is lost or refused meanwhile."
        ),
        "clock.differs": _(
            "This computer's clock and the office's differ by {days} days. Set date and time on the one that is wrong; "
            "nothing is lost or refused meanwhile."
        ),
    }
