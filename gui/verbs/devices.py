"""Who may write: codes to compare, revoking and taking back, joining an office later, exchanging through a folder."""

from contextlib import closing
from pathlib import Path

from gui.i18n import _
from gui.verbs import DONE, REFUSED
from gui.verbs.exchange import fate_data, fate_line, sent_data, warn
from gui.verbs.session import Session, WrongUse
from storage.queries import devices as asked
from storage.queries.villages import title_of
from sync import devices, enrol, folder, kits
from sync.devices import Standing


def devices_list(session: Session) -> int:
    """List devices with the codes to compare, kits, and replicas that two copies wrote under."""
    with closing(session.open()) as ledger:
        standings = devices.standings(ledger)
        own = ledger.profile.scope
        data = {
            "devices": [_standing(one, own) for one in standings],
            "kits": [
                {"scope": kit.scope, "name": kit.title, "made_on": kit.made_on, "state": kit.state}
                for kit in asked.kits(ledger)
            ],
            "forks": [
                {"scope": scope, "replica": replica, "numbers": count}
                for scope, replica, count in asked.forks(ledger)
            ],
        }
    session.give(data, [_told(one, own) for one in standings])
    return DONE


def _standing(one: Standing, own: str) -> dict[str, object]:
    device = one.device
    return {
        "device": one.handle,
        "scope": device.scope,
        "name": device.title,
        "state": device.state,
        "since": device.since,
        "code": one.code,
        "compared": device.compared,
        "waiting": one.waiting,
        "colleague": device.scope == own,
    }


def _told(one: Standing, own: str) -> str:
    device = one.device
    compared = (
        _("compared on {date}").format(date=device.compared) if device.compared else _("not compared yet")
    )
    states = {"active": _("in use"), "revoked": _("revoked"), "former": _("of an office that began anew")}
    state = states.get(device.state, device.state)
    parts = [one.handle, device.scope, device.title, state, _("code {code}").format(code=one.code), compared]
    if device.scope == own:
        parts.append(_("another computer of this office"))
    if one.waiting:
        parts.append(_("{count} entries wait").format(count=one.waiting))
    return " · ".join(parts)


def compare(session: Session) -> int:
    """Note that a device's code was compared."""
    with closing(session.open()) as ledger:
        found = devices.find(ledger, session.options.device)
        code = devices.code_between(ledger, found)
        if session.options.code and "".join(session.options.code.split()) != code.replace(" ", ""):
            session.tell(_("The codes differ: somebody may have come in between. Nothing was noted."))
            return REFUSED
        devices.compared(ledger, found.verify_key)
    return _say(
        session, found.verify_key, _("{name}: code {code} compared").format(name=found.title, code=code)
    )


def revoke(session: Session) -> int:
    """Let a device's later entries count no more."""
    with closing(session.open()) as ledger:
        found = devices.find(ledger, session.options.device)
        devices.revoke(ledger, found.verify_key, session.options.reason)
    told = _("{name}: revoked; what it wrote up to now counts, what comes later waits").format(
        name=found.title
    )
    return _say(session, found.verify_key, told)


def adopt(session: Session) -> int:
    """Let count what a revoked device wrote later."""
    with closing(session.open()) as ledger:
        found = devices.find(ledger, session.options.device)
        waiting = asked.held_back(ledger, found.verify_key)
        devices.adopt(ledger, found.verify_key)
    told = _("{name}: {count} entries now count").format(name=found.title, count=waiting)
    return _say(session, found.verify_key, told)


def former(session: Session) -> int:
    """Acknowledge the key of this office's lost ledger."""
    try:
        key = bytes.fromhex(session.options.key)
    except ValueError as error:
        raise WrongUse("device.unknown", device=session.options.key) from error
    with closing(session.open()) as ledger:
        devices.acknowledge_former(ledger, key)
    return _say(session, key, _("Entries signed with this key are taken in again."))


def _say(session: Session, key: bytes, line: str) -> int:
    session.give({"device": devices.handle_of(key)}, [line])
    return DONE


def colleague(session: Session) -> int:
    """Make a kit for one more computer of this office."""
    options = session.options
    with closing(session.open()) as ledger:
        profile = ledger.profile
        kits.make(ledger, profile.scope, profile.title, options.out)
    session.tell(
        _(
            "Hand it to your colleague yourself: whoever holds it sees everything of this office. It works once."
        )
    )
    line = _("Kit for one more computer of {office}: {file}").format(office=profile.title, file=options.out)
    session.give({"file": options.out, "office": profile.scope, "name": profile.title}, [line])
    return DONE


def withdraw(session: Session) -> int:
    """Let nobody in with a village's unused kits."""
    options = session.options
    with closing(session.open()) as ledger:
        unused = [kit for kit in asked.kits(ledger) if kit.scope == options.village and kit.state == "open"]
        for kit in unused:
            kits.withdraw(ledger, kit.secret)
    session.give({"withdrawn": len(unused)}, [_("{count} kits withdrawn").format(count=len(unused))])
    return DONE


def join(session: Session) -> int:
    """Let a ledger that stands alone join the office of a kit."""
    with closing(session.open()) as ledger:
        kit = enrol.join(ledger, session.options.kit)
        (above,) = [
            one for one in devices.standings(ledger) if one.device.verify_key == kit.office_verify_key
        ]
    session.tell(backup_notice(kit.office_title))
    line = _("Joined {office}. Code to compare by telephone: {code}").format(
        office=kit.office_title, code=above.code
    )
    session.give({"office": kit.office_title, "code": above.code, "device": above.handle}, [line])
    return DONE


def backup_notice(office: str) -> str:
    """The plain fact that is told when a ledger joins an office."""
    return _(
        "{office} can open this ledger and its backups, so that a forgotten passphrase loses nothing."
    ).format(office=office)


def through_folder(session: Session) -> int:
    """Take in what lies in a replicated folder and put out what its receivers lack."""
    options = session.options
    with closing(session.open()) as ledger:
        if options.directory is not None:
            folder.choose(ledger, options.directory)
        place = folder.chosen(ledger)
        if place is None:
            raise WrongUse("folder.not_chosen")
        found = folder.exchange(ledger, Path(place))
        sent = [sent_data(one, title_of(ledger, one.scope)) for one in found.sent]
    for fate in found.fates:
        warn(session, fate)
    taken = [fate for fate in found.fates if fate.outcome != "refused"]
    data = {
        "files": [fate_data(fate) for fate in found.fates],
        "bundles": sent,
        "unfinished": found.unfinished,
    }
    lines = [fate_line(fate) for fate in taken]
    lines += [
        _("{file}: {operations} entries").format(file=one["path"], operations=one["operations"])
        for one in sent
    ]
    session.give(data, lines)
    return DONE if len(taken) == len(found.fates) else REFUSED
