"""Who may open a ledger: operators and their passphrases, help for forgotten ones, the recovery key and the sheet."""

import os
from contextlib import closing
from pathlib import Path

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.session import Session, WrongUse
from gui.wording import access, roles
from storage import operators, recovery
from storage.errors import KnownError
from storage.operators import Operator
from sync import help as helping

KEY_PASSPHRASE = "HUQING_KEY_PASSPHRASE"


# ---- operators


def listed(session: Session) -> int:
    """List who works and worked on the ledger."""
    with closing(session.open()) as ledger:
        found = operators.listed(ledger)
    session.give({"operators": [_operator(one) for one in found]}, [_told(one) for one in found])
    return DONE


def _operator(one: Operator) -> dict[str, object]:
    return {
        "name": one.name,
        "roles": list(one.roles),
        "since": one.since,
        "removed_on": one.removed_on,
        "can_open": one.can_open,
    }


def _told(one: Operator) -> str:
    parts = [one.name, roles.roles(one.roles), _("since {date}").format(date=one.since)]
    if one.removed_on is not None:
        parts.append(_("removed on {date}").format(date=one.removed_on))
    elif not one.can_open:
        parts.append(_("has no passphrase yet"))
    return " · ".join(parts)


def add(session: Session) -> int:
    """Let somebody work on the ledger with a passphrase of their own."""
    options = session.options
    with closing(session.open()) as ledger:
        ledger.require(operators.KEYS)
        made = operators.add(ledger, options.name, session.new_passphrase(), _roles(options.roles))
    session.give(_operator(made), [_told(made)])
    return DONE


def remove(session: Session) -> int:
    """Take somebody's access away."""
    with closing(session.open()) as ledger:
        operators.remove(ledger, session.options.name)
        found = operators.listed(ledger)
    session.tell(access.old_backups())
    session.give({"operators": [_operator(one) for one in found]}, [_told(one) for one in found])
    return DONE


def set_roles(session: Session) -> int:
    """Say what somebody may do."""
    with closing(session.open()) as ledger:
        operators.set_roles(ledger, session.options.name, _roles(session.options.roles))
        found = operators.listed(ledger)
    session.give({"operators": [_operator(one) for one in found]}, [_told(one) for one in found])
    return DONE


def _roles(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]


def passphrase(session: Session) -> int:
    """Change one's own passphrase."""
    old = session.passphrase()
    with closing(session.open(passphrase=old)) as ledger:
        operators.change_passphrase(ledger, old, session.new_passphrase())
        name = ledger.unlocked_by
    session.tell(access.old_backups())
    session.give({"operator": name}, [_("{name} has a new passphrase.").format(name=name)])
    return DONE


# ---- forgotten passphrases


def help_file(session: Session) -> int:
    """Ask the office above for help with a forgotten passphrase."""
    folder, out = session.options.folder, session.options.out
    name = _who(session, folder)
    chosen = session.new_passphrase(only=True)
    asked = helping.ask(folder, out, operator=name, passphrase=chosen, clock=session.clock)
    session.tell(
        _("Hand the file to your office. Read out the code on the telephone; they must see the same one.")
    )
    session.tell(_("Then open the answer with the passphrase you have just chosen."))
    line = _("Help file for {name}: {file} · code {code}").format(name=name, file=out, code=asked.code)
    session.give({"file": out, "operator": name, "title": asked.title, "code": asked.code}, [line])
    return DONE


def _who(session: Session, folder: Path) -> str:
    """Who asks: the one named, else the only operator there is."""
    from storage import keys

    names = keys.names(keys.read(folder))
    if session.operator or len(names) == 1:
        return session.operator or names[0]
    raise WrongUse("use.operator")


def help_answer(session: Session) -> int:
    """Answer a village that forgot its passphrase."""
    options = session.options
    with closing(session.open()) as ledger:
        secret = ""
        if options.recovery_key is not None:
            secret = helping.read_key(
                options.recovery_key, session.second(KEY_PASSPHRASE, options.key_passphrase_file)
            )
        seen = helping.answer(ledger, options.file, options.out, secret=secret, code=options.code)
    session.tell(
        _("Before you hand it over: ring {title} on a number you know, and compare the code.").format(
            title=seen.title
        )
    )
    data = {
        "file": options.out,
        "title": seen.title,
        "scope": seen.scope,
        "operator": seen.operator,
        "made_on": seen.made_on,
        "code": seen.code,
    }
    line = _("Answer for {operator} of {title}: {file} · code {code}")
    session.give(
        data, [line.format(operator=seen.operator, title=seen.title, file=options.out, code=seen.code)]
    )
    return DONE


def help_open(session: Session) -> int:
    """Open the office's answer with the passphrase chosen when asking."""
    folder = session.options.folder
    if helping.waiting(folder) is None:
        raise KnownError("help.none_waiting", path=str(folder))
    let_in = helping.open_answer(
        folder,
        session.options.file,
        passphrase=session.chosen_passphrase(),
        data_dir=session.data_dir,
        clock=session.clock,
        sleep=session.wait,
    )
    return _let_in(session, let_in.operator, let_in.roles)


def recover(session: Session) -> int:
    """Open a ledger by its printed sheet."""
    options = session.options
    if (options.sheet is None) == (options.code is None):
        raise WrongUse("use.sheet_or_code")
    text = options.code if options.sheet is None else _text_of(options.sheet)
    secret = recovery.secret_of(text)
    name = _who(session, options.folder)
    got = recovery.recover(
        options.folder,
        secret,
        operator=name,
        passphrase=session.new_passphrase(only=True),
        data_dir=session.data_dir,
        clock=session.clock,
    )
    return _let_in(session, name, got)


def _text_of(path: Path) -> str:
    """The text of a sheet's file; in a PDF the key stands in the file's description."""
    try:
        raw = path.read_bytes()[: 16 << 20]
    except OSError as error:
        raise KnownError("file.unreadable", file=path.name) from error
    return raw.decode("utf-8-sig" if not raw.startswith(b"%PDF") else "latin-1", "replace")


def _let_in(session: Session, name: str, got: tuple[str, ...]) -> int:
    line = _("{name} opens the ledger with the new passphrase: {roles}").format(
        name=name, roles=roles.roles(got)
    )
    session.give({"operator": name, "roles": list(got)}, [line])
    return DONE


# ---- recovery key and sheet


def recovery_key(session: Session) -> int:
    """Move the office's recovery key out of the ledger."""
    options = session.options
    with closing(session.open()) as ledger:
        ledger.require(operators.KEYS)
        chosen = session.second(KEY_PASSPHRASE, options.key_passphrase_file, new=True)
        helping.move_out(ledger, options.move_out, chosen)
    session.tell(
        _(
            "Keep this file and its passphrase offline, in two places. Without it no village that forgot its "
            "passphrase can be helped."
        )
    )
    session.tell(_("Backups of this ledger made before still hold the key."))
    line = _("The recovery key lies in {file} alone from now on.").format(file=options.move_out)
    session.give({"file": options.move_out}, [line])
    return DONE


def recovery_sheet(session: Session) -> int:
    """Print a key that opens the ledger, or revoke those that were printed."""
    options = session.options
    if (options.out is None) == (not options.revoke):
        raise WrongUse("use.out_or_revoke")
    if options.revoke:
        return _revoke(session)
    ending = options.out.suffix.lower()
    if ending not in (".pdf", ".txt"):
        raise WrongUse("use.ending", path=options.out.name, choices=(".pdf", ".txt"))
    if options.out.exists():  # it may be the only print of another sheet
        raise KnownError("file.exists", file=options.out.name)
    with closing(session.open()) as ledger:
        sheet = recovery.draw(ledger)
        _write(sheet, options.out)
        recovery.accept(ledger, sheet)
    session.tell(_("Print it, lock it away, and delete the file: whoever has it opens the ledger."))
    line = _("Recovery sheet of {title}: {file}").format(title=sheet.title, file=options.out)
    session.give({"file": options.out, "made_on": sheet.made_on, "title": sheet.title}, [line])
    return DONE


def _write(sheet: recovery.Sheet, out: Path) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix.lower() == ".txt":
            from storage.files import write_atomically

            write_atomically(out, access.text(sheet).encode("utf-8-sig"))
            return
    except OSError as error:
        raise KnownError("file.not_written", file=out.name, reason=os.strerror(error.errno or 0)) from error
    from gui.verbs.lists import with_qt

    application = with_qt()  # held while something is painted
    from gui.printing import recovery_sheet as paper

    paper.write_pdf(sheet, out)
    del application


def _revoke(session: Session) -> int:
    with closing(session.open()) as ledger:
        count = recovery.revoke(ledger)
    session.tell(access.old_backups())
    session.give({"revoked": count}, [_("{count} sheets open the ledger no more.").format(count=count)])
    return DONE
