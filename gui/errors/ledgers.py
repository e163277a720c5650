"""Ledgers, decisions in them, and what opens them."""

from gui.i18n import _


def sentences() -> dict[str, str]:
    """Code → sentence, its parameters in braces."""
    return {**_ledger(), **_decisions(), **_keys()}


def _ledger() -> dict[str, str]:
    return {
        "ledger.exists": _("There is already a ledger in {path}. Choose another folder, or open that one."),
        "ledger.not_found": _(
            "There is no ledger in {path}. Check the folder, or create a ledger there first."
        ),
        "ledger.cannot_open": _(
            "The ledger in {path} cannot be opened: its file is missing or locked. Check the disk, or take a backup."
        ),
        "ledger.unreadable": _(
            "The ledger in {path} is damaged or its keys belong to another ledger. Restore the newest backup."
        ),
        "ledger.newer": _(
            "This ledger was written by a newer version (schema {found}, this version knows {known}). "
            "Install the newer version."
        ),
        "ledger.busy": _("Another program is using the ledger in {path}. Close it there and try again."),
        "ledger.disk": _(
            "The disk with the ledger in {path} is full, read-only or failing. Nothing was changed."
        ),
        "ledger.other_scope": _(
            "This ledger keeps only its own village; {scope} is written by that village."
        ),
        "keys.empty_passphrase": _("The passphrase must not be empty."),
        "keys.damaged": _("The key file of the ledger in {path} is damaged. Restore it from a backup."),
        "keys.wrong_passphrase": _(
            "The passphrase does not open the ledger in {path}. Try again; mind capitals."
        ),
        "replica.anchor": _(
            "{path} cannot be written. Check the disk and the permissions of the data folder."
        ),
        "backup.failed": _(
            "No backup could be made in {path} ({why}), so nothing was changed. Make room on the disk and try again."
        ),
        "record.field": _(
            "{kind} · {register}: the field {field} does not belong there or has another type."
        ),
        **dict.fromkeys(
            ("record.unknown_kind", "record.unknown_register", "record.unknown_field", "record.wrong_type"),
            _(
                "This entry ({kind}) does not fit the ledger and was not kept. Update the program and try again."
            ),
        ),
        "record.not_allowed": _("This entry ({kind}) is not made in this ledger: the other side writes it."),
        "record.out_of_range": _("A number of this entry ({kind}) is negative or far too large."),
        "record.text": _("The text of this entry ({kind}) holds half a character. Type it again."),
        "record.unknown": _("This {kind} is not in the ledger (any more). Look it up again."),
        "log.envelope": _("An entry in the file cannot be read. Ask the sender for a new file."),
        "policy.unknown": _("There is no policy named {policy}. Available: {available}."),
        "policy.invalid": _("The policy {file} is wrong at “{where}”: {why}. Correct it before it is used."),
        "policy.no_version": _(
            "Version {version} of the policy {policy} is not known here. Known versions: {known}."
        ),
        "draft.unknown": _("No draft of the policy {policy} is here (any more). Look at the list again."),
        "draft.exists": _("“{title}” is being written already. Publish that draft or throw it away first."),
        "draft.year": _("{year} is no insurance year. Choose one from {least} to {most}."),
        "code.form": _("“{code}” is no division code: it has 12 digits."),
        "code.office": _("{code} is a village's code: a township office's code ends in 000."),
        "code.village": _("{code} is a township's code: a village's code does not end in 000."),
    }


def _decisions() -> dict[str, str]:
    """What an office alone decides: who counts where, who is erased, by which policy everybody works."""
    return {
        "move.not_office": _("Only the office decides where somebody counts. Tell it, it has both villages."),
        "move.same": _("That is the village they leave. Choose another one."),
        "move.where": _("{code} is no village of this office. Choose one of its villages."),
        "move.elsewhere": _("This person counts in {code}. Move them from there."),
        "move.none": _(
            "Nobody moved this person, or they count here again. There is nothing to take back or carry over."
        ),
        "record.erased": _(
            "This person was erased on request; nothing more is kept about them. Leave the entry out."
        ),
        "erase.not_office": _(
            "Only the office can have somebody erased, in every village at once. Send it the request."
        ),
        "erase.reason": _("Say why the person is erased, such as “on request”."),
        "erase.reason_names": _(
            "The reason stays, so it must not name the person. Write it without name and number."
        ),
        "publish.not_office": _(
            "Only the office publishes a policy; the villages get it with their next file."
        ),
        "publish.village": _("{code} is no village of this office. Make its kit first."),
    }


def _keys() -> dict[str, str]:
    """Operators, lost keys, backups put in place."""
    return {
        "operator.name": _(
            "This is no name: 1 to {limit} characters, without brackets. Write it differently."
        ),
        "operator.roles": _("Choose what this operator may do, at least one of: {known}."),
        "operator.not_allowed": _(
            "{operator} may not do this here; it takes the right “{role}”. Whoever manages the keys can grant it."
        ),
        "operator.exists": _("{name} works here already. Choose another name to tell them apart."),
        "operator.unknown": _("Nobody named {name} works here (any more). Look at the list of operators."),
        "operator.last": _(
            "{name} is the only one who manages the keys here. Give somebody else that right first."
        ),
        "operator.removed": _("{operator} no longer works on this ledger. Ask whoever manages its keys."),
        "help.no_office": _(
            "The ledger in {path} belongs to no office, so nobody above can help. Use a recovery sheet if there is one."
        ),
        "help.none_waiting": _(
            "No request for help waits for an answer in {path}. Open it on the computer that asked, or ask anew."
        ),
        "help.other_answer": _(
            "{file} answers another request. Open the answer to the newest one, or ask anew."
        ),
        "help.key_is_away": _(
            "{file} needs this office's recovery key, which is kept in a file of its own. Choose that file too."
        ),
        "help.not_ours": _(
            "{file} was not made for this office. Ask the sender for which office it is meant."
        ),
        "help.damaged": _(
            "{file} is no help file or answer of Huqing, or it is damaged. Ask for it once more."
        ),
        "help.mixed_up": _(
            "{file} is the other of the two files: a request ends in .hqh, an answer in .hqa. Choose the right one."
        ),
        "help.code": _(
            "The code does not agree; this request has {code}. Write no answer, and ring the village back."
        ),
        "recovery_key.away": _("The recovery key was moved out of this ledger already."),
        "recovery_key.unreadable": _(
            "{file} is no recovery key, or it is damaged. Choose another copy of it."
        ),
        "recovery_key.passphrase": _("The passphrase does not open the recovery key in {file}. Try again."),
        "file.exists": _("{file} is there already and was left as it is. Choose another name."),
        "paper.line": _("Line {line} of the sheet is mistyped. Compare it character by character."),
        "paper.incomplete": _(
            "{count} of the {wanted} characters of the sheet are there. Type all six lines."
        ),
        "paper.unknown": _(
            "This sheet does not open the ledger in {path}: it was revoked or belongs to another ledger."
        ),
        "restore.no_backup": _("There is no backup in {path} (any more). Choose another one."),
        "restore.damaged": _(
            "The backup {path} is damaged ({detail}). Nothing was changed; choose another one."
        ),
        "restore.other_ledger": _(
            "This backup is of another ledger than the one in {path}. Nothing was changed."
        ),
    }
