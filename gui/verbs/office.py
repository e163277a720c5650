"""Beginning: an office, a village with its kit or on its own, and the kits an office hands out."""

from contextlib import closing
from typing import Any

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.devices import backup_notice
from gui.verbs.session import Session, WrongUse
from storage import policies
from storage.kinds import OFFICE, VILLAGE
from storage.ledger import Ledger
from sync import devices, enrol, kits


def create(session: Session) -> int:
    """Make a township office's ledger, or a banner's."""
    options = session.options
    if options.kit is not None:
        return _from_kit(session, OFFICE)
    if not (options.code and options.name):
        raise WrongUse("use.kit_or_code")
    kits.check_code(options.code, OFFICE)
    session.must_be_free(options.folder)
    ledger = enrol.create_office(
        options.folder, options.code, options.name, policy=options.policy, **_owner(session)
    )
    return _made(session, ledger)


def _from_kit(session: Session, role: str) -> int:
    """Make the ledger a kit is for, if it is of this role."""
    options = session.options
    if options.code or options.name or options.policy:
        raise WrongUse("use.kit_or_code")
    session.must_be_free(options.folder)
    kit = kits.read(options.kit)
    kits.check_code(kit.village, role)
    ledger = enrol.open_kit(options.folder, options.kit, **_owner(session))
    session.tell(backup_notice(kit.office_title))
    (above,) = devices.standings(ledger)
    session.tell(
        _("Code to compare with {office} by telephone: {code}").format(
            office=kit.office_title, code=above.code
        )
    )
    return _made(session, ledger, above.code)


def create_village(session: Session) -> int:
    """Make a village's ledger, from its office's kit or standing alone."""
    options = session.options
    if options.kit is not None:
        return _from_kit(session, VILLAGE)
    if not (options.code and options.name):
        raise WrongUse("use.kit_or_code")
    session.must_be_free(options.folder)
    kits.check_code(options.code, "v")
    ledger = enrol.create_village(
        options.folder, options.code, options.name, policy=options.policy, **_owner(session)
    )
    return _made(session, ledger)


def _owner(session: Session) -> dict[str, Any]:
    """Whose a new ledger is and where its machine keeps what is local; asks for the passphrase."""
    return {
        "passphrase": session.passphrase(new=True),
        "operator": session.operator or _("operator"),
        "data_dir": session.data_dir,
        "clock": session.clock,
    }


def kit(session: Session) -> int:
    """Make a kit for a village of this office."""
    options = session.options
    if options.policy:
        policies.load(options.policy)
    with closing(session.open()) as ledger:
        made = kits.make(ledger, options.village, options.name, options.out, policy=options.policy)
    session.tell(_("Hand the kit to the village yourself: whoever holds it can join in its name, once."))
    data = {"file": options.out, "village": made.village, "name": made.village_title, "policy": made.policy}
    session.give(
        data,
        [
            _("Kit for {name} ({code}): {file}").format(
                name=made.village_title, code=made.village, file=options.out
            )
        ],
    )
    return DONE


def _made(session: Session, ledger: Ledger, code: str = "") -> int:
    with closing(ledger):
        profile = ledger.profile
    session.tell(_("The passphrase is the only key to this ledger: keep it safe."))
    data = {
        "folder": session.options.folder,
        "role": "office" if ledger.is_office else "village",
        "scope": profile.scope,
        "name": profile.title,
        "policy": profile.policy,
        "office": profile.office,
        "compare": code,
    }
    line = _("Ledger of {name} ({code}) in {folder}, policy {policy}").format(
        name=profile.title, code=profile.scope, folder=session.options.folder, policy=profile.policy
    )
    session.give(data, [line])
    return DONE
