"""The words of the printed sheet, on paper and in a text file; of backups, and of what restoring one means."""

from collections.abc import Iterator

from gui.i18n import _
from storage import backup
from storage.recovery import Sheet


def title(sheet: Sheet) -> str:
    """What the sheet is called."""
    return _("Recovery sheet of the ledger of {title}").format(title=sheet.title)


def origin(sheet: Sheet) -> str:
    """Which ledger it is for and when it was made."""
    return _("Division {scope} · made on {date} · ledger {ledger}").format(
        scope=sheet.scope, date=sheet.made_on, ledger=sheet.ledger
    )


def paragraphs() -> Iterator[tuple[str, str]]:
    """What whoever finds the sheet has to know: a heading and its words each."""
    yield (
        _("Who holds this sheet"),
        _(
            "opens this ledger, and every backup of it made from now on, without any passphrase: they see and "
            "change all it holds about people and may do everything in it."
        ),
    )
    yield (
        _("Keep it"),
        _(
            "in a sealed envelope under lock and key, apart from the computer, and write down where. Take no "
            "picture of it and send it to nobody. Delete the file it was printed from."
        ),
    )
    yield (
        _("To use it"),
        _(
            "when all passphrases are forgotten: start Huqing, choose the ledger, then “passphrase forgotten” and "
            "“recovery sheet”, and type the six lines. The last character of a line checks that line. Upper and "
            "lower case do not matter; the letters B, I and O and the figure 1 do not occur."
        ),
    )
    yield (
        _("If it is lost, or somebody saw it"),
        _(
            "revoke all sheets in the program at once and print a new one. A sheet cannot be printed a second "
            "time. Backups made before still open with it."
        ),
    )


def text(sheet: Sheet) -> str:
    """The sheet as a text file."""
    lines = [title(sheet), origin(sheet), "", *sheet.lines, ""]
    for heading, words in paragraphs():
        lines += [f"【{heading}】", words, ""]
    return "\n".join(lines)


def backup_why(code: str) -> str:
    """Why a backup was made."""
    return {
        "daily": _("daily"),
        "by-hand": _("by hand"),
        "before-receive": _("before receiving"),
        backup.BEFORE_MIGRATION: _("before an upgrade"),
        backup.BEFORE_RESTORE: _("before restoring"),
        backup.ASIDE: _("before restoring, damaged"),
    }.get(code, code)


def backup_state(code: str) -> str:
    """What opening a backup showed."""
    return {
        backup.SOUND: _("in order"),
        backup.DAMAGED: _("damaged"),
        backup.NEWER: _("made by a newer version"),
        backup.SET_ASIDE: _("kept as it was found"),
        "": _("checked when it was made"),
    }[code]


def restored(keys_from: str) -> str:
    """What to know and do after a restore."""
    if keys_from == "backup":
        return _(
            "The key file came from the backup too: the passphrases of its day count. Take in the newest file of the "
            "other side now; it brings back what was sent since."
        )
    return _(
        "The passphrases are the present ones; the backup changed none. Take in the newest file of the other side "
        "now; it brings back what was sent since."
    )


def old_backups() -> str:
    """What a changed passphrase, a removed operator or a revoked sheet does not do."""
    return _("Backups made before still open with what opened them then; they go with time.")
