"""The window, the command line and paper."""

from gui.i18n import _


def sentences() -> dict[str, str]:
    """Code → sentence, its parameters in braces."""
    return {
        "use.passphrase": _(
            "No passphrase was given: set HUQING_PASSPHRASE or --passphrase-file, or use a terminal."
        ),
        "use.second_passphrase": _(
            "No other passphrase was given: set {variable}, give its file, or use a terminal."
        ),
        "use.operator": _("Say by --operator who is to open the ledger: several people work on it."),
        "start.no_ledger": _(
            "There is no ledger on this computer yet: open a kit or a ledger's folder first, then take {name} in."
        ),
        "desktop.refused": _("The desktop could not be told: {reason}. The program works without it."),
        "use.sheet_or_code": _("Give either --sheet or --code."),
        "use.out_or_take": _("Give either -o or --take."),
        "use.out_or_revoke": _("Give either -o or --revoke."),
        "use.kit_or_code": _("Give either --kit, or --code and --name."),
        "use.reconcile": _("Say by --code which sort is answered like that."),
        "use.out": _("Say by -o which file to write."),
        "use.form": _("Say which form: by its code or title (--list shows them), or by --template."),
        "use.full": _("“{option}” gives whole ID numbers: say --full and --why with it."),
        "use.passphrases_differ": _("The two passphrases differ."),
        "use.no_choice": _("“{text}” is not one of: {choices}."),
        "use.which_household": _("This reminder is for one household: say which by --household NUMBER."),
        "use.which_list": _(
            "Say which list: --list with its number or code, or --picture with a photograph."
        ),
        "use.fact": _("“{text}” has no “=” between a fact and its word."),
        "use.ending": _("{path} must end in {choices}."),
        "use.village_needed": _("This is an office's ledger: say which village by --village CODE."),
        "use.village_only": _("This is done in the village's ledger, not in the office's."),
        "use.answers": _(
            "{file} holds no answers. It should be JSON with “rows” (key to scope/record, or to nothing for nobody) "
            "and “words” (word to code)."
        ),
        "use.no_row": _("The list has no row of the key {row}. Look at the keys with --dry-run --json."),
        "use.revert_or_rows": _("Give either --revert or --rows."),
        "use.word_and_code": _("Give a word with its code, or a word with --forget."),
        "use.nobody": _("Say who is meant: --id-number, or --household with --row."),
        "use.who_where": _("Say who is meant: --id-number, or --name with --village."),
        "use.really": _("Erasing cannot be taken back. Say the same again with --really to do it."),
        "use.text": _("The text of {option} is not in this system's encoding (UTF-8 would be right)."),
        "use.conflicts": _("Say which conflicts: --id as listed (may be repeated), or --all."),
        "use.policy_field": _(
            "“{text}” names no field of a policy. Write PATH=VALUE, such as personal_fen=40000 or window.end=2026-12-31"
            "; the name and the version are not set by hand."
        ),
        "use.file_or_draft": _("Give either a file or --draft."),
        "use.keep": _("Say by --accept ID, once, which one --keep is about."),
        "use.take": _("Say what is right: one of {choices}."),
        "use.field": _("There is no field {field} there. Fields: {choices}."),
        "use.number": _("{field}: “{text}” is no whole number."),
        "use.each": _("“{text}” is no row with an outcome, such as 2=absent."),
        "household.sum": _("They owe {money} together ({count} people); the sum is another."),
        "use.amount": _("“{text}” is no amount in yuan, such as 400 or 12.50."),
        "check.pages": _("The file is damaged ({detail}). Restore the newest backup."),
        "check.operation_changed": _("Entry {oid} is not what was written. Restore the newest backup."),
        "check.operation_misplaced": _(
            "Entry {oid} is kept under the wrong record. Restore the newest backup."
        ),
        "check.operation_misjudged": _(
            "Entry {oid} was judged by another version of this program. Update, then check again."
        ),
        "check.revoked": _(
            "Whether entry {oid} was written after its device was revoked is noted otherwise than the office decided. "
            "Restore the newest backup."
        ),
        "check.stream": _(
            "The count of entries of {replica} in {scope} is wrong: {count} noted, {found} there. "
            "Restore the newest backup."
        ),
        "check.derived": _(
            "Table {table} differs in {rows} rows from what the entries say. Restore the newest backup."
        ),
        "check.keys": _(
            "The key file is not what this program wrote last. Change a passphrase once, or restore the key file."
        ),
        "check.anchor": _(
            "This copy was restored, cloned or moved: it wrote as {replica} before and writes as {now} from now on."
        ),
        "check.backup": _("The backup {name} is damaged ({detail}). Make a new one."),
        "find.nobody": _("Nobody in the ledger has the ID number {number}."),
        "find.several": _(
            "{count} people have the ID number {number}. Name the person by --household and --row."
        ),
        "find.nobody_named": _("Nobody named {name} lives in {code}. Look for them by --id-number."),
        "find.nobody_called": _(
            "Nobody in the ledger is “{text}”: give the whole name or the whole ID number."
        ),
        "find.several_called": _(
            "{count} people are “{text}”. Name the person by ID number, or add --household or --village."
        ),
        "find.no_household": _("There is no household “{text}”."),
        "find.several_households": _("{count} households match “{text}”. Use the ID number instead."),
        "find.no_row": _("Household {text} has {count} people; there is no row {row}."),
        "demo.not_empty": _("{path} is not empty and was not made by the demo. Choose another folder."),
        "window.no_screen": _(
            "There is no screen here to open a window on. The commands work without one (see --help)."
        ),
        "window.missing": _(
            "The window cannot be opened here: {reason}. The commands work without it (see --help)."
        ),
    }
