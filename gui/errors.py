"""Every code of expected trouble as a sentence: where it is, what is wrong, what to do about it."""

from collections.abc import Callable, Mapping
from datetime import date

from gui.i18n import _
from gui.wording import forms, issued, names, policy_fields, refunds
from gui.wording.roles import role
from gui.wording.units import amount, number
from storage.errors import KnownError

Params = Mapping[str, object]
_MIB = 1 << 20


def sentence(error: KnownError) -> str:
    """The sentence for a known error, with the file, sheet and row it is about."""
    return sentence_for(error.code, error.params)


def sentence_for(code: str, params: Params) -> str:
    """The sentence for a code and its parameters; a code without one is named, never hidden."""
    template = _sentences().get(code)
    if template is None:
        return _("Something unexpected happened ({code}).").format(code=code)
    if code == "policy.invalid":
        params = {**params, **_in_policy(params)}
    shown = _Shown({name: _shown(name, value) for name, value in params.items()})
    if "column" in shown:
        shown["place"] = _("from column {column}").format_map(shown)
    elif "row" in shown:
        shown["place"] = _("from row {row}").format_map(shown)
    text = template.format_map(shown)
    return text if "{file}" in template else _located(shown, text)


def _in_policy(params: Params) -> Params:
    """Where in a policy something is wrong, and what."""
    where, why = str(params.get("where", "")), str(params.get("why", ""))
    named = f"{policy_fields.place(where)} {where}".rstrip()
    return {"where": named, "why": policy_fields.fault(why, params)}


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences())


def template(code: str) -> str:
    """The sentence of a code before its parameters are filled in."""
    return _sentences()[code]


class _Shown(dict[str, str]):
    """Parameters in words; a missing one must not hide the sentence."""

    def __missing__(self, key: str) -> str:
        return "?"


def _located(shown: Mapping[str, str], text: str) -> str:
    """Put the file, its sheet and row before a sentence that does not name them itself."""
    file, sheet, row = (shown.get(name, "") for name in ("file", "sheet", "row"))
    if not file:
        return text
    if sheet and row:
        return _("{file}, sheet {sheet}, row {row}: {text}").format(
            file=file, sheet=sheet, row=row, text=text
        )
    if row:
        return _("{file}, row {row}: {text}").format(file=file, row=row, text=text)
    return _("{file}: {text}").format(file=file, text=text)


def _shown(name: str, value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if name == "limit" and isinstance(value, int):
        return f"{value // _MIB} MB" if value >= _MIB and value % _MIB == 0 else number(value)
    if name in ("amount", "sum") and isinstance(value, int):
        return amount(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple | list):
        return _("/").join(str(item) for item in value)
    words = _WORDS.get(name)
    return words(str(value)) if words else str(value)


def _found(code: str) -> str:
    """What a file is that is no spreadsheet."""
    words = {
        "pdf": _("a PDF"),
        "picture": _("a picture"),
        "archive": _("a packed archive (unpack it first)"),
        "program": _("a program"),
        "word": _("a Word document"),
        "excel95": _("a workbook of Excel 95 or older"),
        "database": _("a database"),
        "bundle": _("a Huqing bundle"),
        "markup": _("a web or XML page"),
        "binary": _("no text and no spreadsheet"),
    }
    return words.get(code, code)


def reason(text: str) -> str:
    """What the system says about a file, as far as it has a word here."""
    words = {
        "folder": _("it is a folder"),
        "Is a directory": _("it is a folder"),
        "Not a directory": _("there is a file where a folder should be"),
        "File exists": _("there is a file of that name"),
        "No such file or directory": _("it is not there"),
        "Permission denied": _("no permission"),
        "Operation not permitted": _("no permission"),
        "No space left on device": _("the disk is full"),
        "Read-only file system": _("the disk is read-only"),
        "Input/output error": _("the disk cannot be read"),
        "Device or resource busy": _("another program holds it"),
        "File name too long": _("the name is too long"),
    }
    return words.get(text, text) or _("the system gives no reason")


_WORDS: dict[str, Callable[[str], str]] = {
    "found": _found,
    "reason": reason,
    "why": reason,
    "kind": lambda code: names.list_kind(names.kind(code)),
    "register": lambda code: names.register("", code),
    "outcome": names.outcome,
    "side": names.side,
    "step": refunds.step,
    "role": role,
    "fault": forms.fault,
    "department": lambda code: _(" ({whose})").format(whose=names.department(code)) if code else "",
}
"""How the parameters of these names are put into words; all others stand as they are."""


def _sentences() -> dict[str, str]:
    return {
        **_ledger(),
        **_keys(),
        **_decisions(),
        **_rules(),
        **_exchange(),
        **_sheets(),
        **_forms(),
        **_worksheets(),
        **refunds.sentences(),
        **issued.sentences(),
        **_faces(),
    }


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


def _rules() -> dict[str, str]:
    return {
        "resident.name": _("Enter the name."),
        "resident.exists": _(
            "A person with this ID number is in the ledger already. Find that entry and use it."
        ),
        "payment.amount": _("The amount must be more than nothing (it is {amount})."),
        "payment.future": _("The payment date {date} is still to come."),
        "payment.early": _("The payment date {date} lies long before insurance year {year}."),
        "payment.already": _(
            "A payment of {name} for this year is recorded already ({amount} yuan, {paid_on}). "
            "If it is wrong, void it first."
        ),
        "payment.none": _("{name} has no recorded payment that could be voided; one posted in a list stays."),
        "payment.several": _(
            "{name} has {count} recorded payments. Say which by --receipt, --date or --amount."
        ),
        "payment.nothing_due": _(
            "{name} pays nothing this year: the subsidy covers it all. If something was paid, enter the amount."
        ),
        "void.reason": _("Say why the entry is voided."),
        "undo.changed_since": _("{register} was changed again since, so this step cannot be undone alone."),
        "conflict.settled": _("{register}: the entries do not disagree any more. Look at the list again."),
        "conflict.other_side": _("{side} decides this. What you enter is shown there as one more answer."),
        "conflict.unknown": _("There is no conflict {id} (any more). List the conflicts to see their names."),
        "conflict.not_two": _("{id} cannot be about two people: only two entries of name and number can."),
        "contact.phone": _("“{text}” is no phone number. Digits, one number or several."),
        "split.nobody": _("Choose which of the entries is the other person; one has to stay."),
        "credential.way": _(
            "“{way}” is no way to activate the e-credential: by oneself, family account, with help."
        ),
        "credential.holder": _("A person's e-credential is not bound to that person's own account."),
        "household.heads": _("{name} is the head there already: one household, one head."),
        "household.headless": _("Say who is the head: somebody has to be."),
        "household.number": _("There is a household {number} already. Choose it, or another number."),
        "household.same": _("This head has a household without a number already. Move the people there."),
        "household.other_village": _("A household lies in one village: move people between villages at the office."),
        "assistance.reason": _("Say why this person cannot pay alone."),
        "absence.reason": _("Say why this person is not insured here."),
        "grant.group": _("Say which subsidy group."),
        "double.no_side": _(
            "This one cannot be settled that way: choose one of its numbered entries, or correct it."
        ),
        "question.unknown": _("There is no question {id} (any more). List them again to see their names."),
        "repair.unsound": _("This is no sound ID number either. Compare with the card."),
        "same.answer": _("Say whether the two entries are the same person or different people."),
        "visit.outcome": _("“{outcome}” is no outcome of a visit."),
        "paper.invalid": _("The template {file} cannot be used: {why}."),
        "returns.list": _("This list is not in the ledger, or nobody stands on it."),
        "returns.row": _("The list has rows 1 to {rows}; row {row} is none of them."),
        "returns.paid_and_refused": _("“Paid” and “refused” are both ticked: only one of them can be."),
        "returns.unknown": _("This ledger has no list {number}."),
        "returns.several": _("Two lists bear the number {number}: name one by the code printed on it."),
        "returns.nobody": _("The person of this row is no longer in the ledger."),
        "picture.unreadable": _("{file} cannot be read as a picture ({reason})."),
        "picture.no_code": _(
            "No code of a list was found on {file}. Photograph the whole sheet from above, or type the list's number."
        ),
        "visit.retry": _("The day to come again, {date}, lies before the visit."),
        "year.over": _(
            "The insurance year {year} is over: nothing new is entered in it. Go back to {now} for new entries; money "
            "of {year} still to be refunded, and lists that arrive late, are taken."
        ),
        "year.office_opens": _(
            "{office} opens the new year for this village: it is in force here once its next file is received."
        ),
        "year.backward": _(
            "The year {now} is in force already; {year} lies before it and is not opened again."
        ),
        "year.first": _("The year {year} is the first of this ledger: there is none to go back to."),
        "policy.no_year": _("There is no policy of the year {year}. Years there are: {known}."),
        "task.people": _("The number assigned has to be a whole number from 1 to 9,999,999."),
        "task.by": _("Say who assigned the number, or which paper says so."),
        "task.place": _("{scope} is none of this office's villages."),
        "date.future": _("The date {date} is still to come."),
        "date.unreadable": _("“{text}” is no date. Write it like 2025-12-03."),
    }


def _exchange() -> dict[str, str]:
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
        "bundle.not_a_bundle": _("This is no bundle of Huqing (.hqb)."),
        "bundle.not_for_us": _(
            "This bundle is meant for another office or village and cannot be opened here. "
            "Ask the sender whom it is for."
        ),
        "bundle.damaged": _("The bundle is damaged or incomplete. Copy or send it again."),
        "bundle.newer": _(
            "The bundle was written by a newer version. Install the newer version, then receive it again."
        ),
        "bundle.signature": _(
            "The bundle's signature is not right: it was changed on its way. Ask the sender again."
        ),
        "bundle.too_big": _("The bundle is larger than any real one. It was left alone; ask the sender."),
        "bundle.device_revoked": _("{title} sent this from a device that is no longer allowed."),
        "bundle.wrong_sender": _("{title} may not send for this village: its device belongs elsewhere."),
        "bundle.unknown_village": _(
            "{title} ({code}) is not registered here. If it is one of your villages, make it a kit first."
        ),
        "bundle.kit_used": _(
            "Another device of {title} already joined with this kit. Make the village a new kit for this device."
        ),
        "bundle.no_proof": _(
            "{title} was not set up with a kit of this office. Make it a kit and have it opened there."
        ),
        "bundle.other_scope": _("The bundle of {title} carries entries of another village ({code})."),
        "bundle.unknown_author": _("The bundle of {title} carries entries of a device unknown here."),
        "bundle.replica_taken": _("The bundle of {title} carries entries under the name of another device."),
        "bundle.kit_withdrawn": _(
            "{title} sent this with a kit that was withdrawn. If the village is to join, make it a new kit."
        ),
        "bundle.former_office": _(
            "The bundle of {title} carries entries signed with an office key unknown here ({key}). If this office lost "
            "its ledger and began anew, acknowledge the former key; otherwise do not take this file in."
        ),
        **_devices(),
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


def _sheets() -> dict[str, str]:
    return {
        "sheet.missing": _("The file is not there. Check its name and folder."),
        "sheet.unreadable": _("The file cannot be read: {reason}."),
        "sheet.empty": _("The file is empty."),
        "sheet.hidden_only": _(
            "All that is in the file is on hidden sheets ({sheet}). Unhide them and save."
        ),
        "sheet.password": _("The file is locked with a password. Save it without one, then import it again."),
        "sheet.damaged": _(
            "The file is damaged. Open it in a spreadsheet program, save it anew, or ask for it again."
        ),
        "sheet.entities": _("The file contains XML entities, which no ordinary table has. It was not read."),
        "sheet.encoding": _(
            "The text of the file is in an encoding that cannot be told. Save it as xlsx or UTF-8."
        ),
        "sheet.unknown_format": _("This is {found}, not a spreadsheet. Save the table as xlsx, xls or csv."),
        "sheet.too_big": _("The file asks for more than {limit}. Delete empty rows and sheets, or split it."),
        "sheet.too_many_rows": _("Sheet {sheet} has more than {limit} rows. Delete empty rows or split it."),
        "sheet.timeout": _("Reading the file took longer than {seconds} seconds. Save it anew or split it."),
        "sheet.cancelled": _("Reading was stopped; nothing was changed."),
        "sheet.reader_died": _("The file broke the reader; nothing was changed. Save it anew as xlsx."),
        "sheet.no_header": _(
            "No row with column titles such as 姓名 and 身份证号 was found. Add one, or say which column is what."
        ),
        "sheet.note.far_cells": _("Sheet {sheet}: stray cells {place} on were left out."),
        "sheet.note.damaged_text": _("{count} characters could not be read and were replaced."),
        "sheet.note.hidden_sheet": _("Hidden sheet {sheet} was left out."),
        "sheet.note.no_table": _("Sheet {sheet} holds no table and was left out."),
        "intake.other_kind": _(
            "This is a {kind}{department}, not a village roster. "
            "It was left alone: such lists never become people here."
        ),
        "intake.kind_unknown": _(
            "It cannot be told what list this is (columns: {columns}). "
            "If it is a village roster, import it with kind roster."
        ),
        "intake.note.other_table": _("Sheet {sheet} holds another kind of list and was left out."),
        "intake.no_people": _("No row with a person was found below the column titles."),
        "intake.needs_village": _("Say which village the list belongs to (--village CODE)."),
        "intake.is_roster": _("This is a village roster. Import it with kind roster."),
        "list.no_rows": _(
            "No row that names anybody was found in the list, so there is nothing to take over."
        ),
        "list.bad_rows": _(
            "{rows} rows cannot be read, so nothing of this list is written: it is taken whole or not at all, so that "
            "nobody is cancelled by mistake. Put the rows right, or send them back to whoever made the list."
        ),
        "list.removals_wait": _(
            "{rows} rows still wait to be checked and may mean somebody who would be removed. "
            "Check them first, or remove nobody."
        ),
        "list.unknown": _("No list number {number} was taken over here."),
        "list.reverted": _("List number {number} was taken back already ({at})."),
        "file.unreadable": _("The file cannot be read. Check that it is there and not open elsewhere."),
        "file.trouble": _("The system refuses: {reason}."),
        "file.not_written": _("The file cannot be written: {reason}."),
        "report.cell_too_long": _(
            "The cell in row {row}, column {column} is longer than {limit} characters. Shorten the entry."
        ),
        "print.refused": _("The printer {printer} does not print. Check that it is on and connected."),
        "print.no_qt": _("Printing is not possible here ({reason}). Write the list as xlsx instead."),
        "print.no_font": _(
            "There is no font with Chinese characters on this computer, so nothing can be printed."
        ),
    }


def _forms() -> dict[str, str]:
    return {
        "form.invalid": _("The form {file} is wrong at {where}: {fault}. Correct it before it is used."),
        "form.unknown": _("There is no form “{form}” here. Forms: {available}."),
        "form.title": _(
            "“{title}” cannot be the name of a form of your own. Choose one of up to 60 characters that no form "
            "of the program has."
        ),
        "form.built_in": _("The form {form} belongs to the program and stays."),
        "form.no_column": _("“{column_name}” is no column of this form. Columns: {available}."),
        "form.no_village": _("There is no village {scope} in this ledger."),
        "form.not_here": _("The form “{form}” is not made in this ledger but at the other level."),
        "export.why": _("Full numbers go out only with a reason: say what they are for. It is logged."),
        "export.ending": _("{file} must end in {available}."),
        "report.stopped": _("Stopped. No file was written."),
        "file.open_elsewhere": _(
            "{file} is open in another program (Excel or WPS). Close it there, or write under another name."
        ),
    }


def _worksheets() -> dict[str, str]:
    return {
        "intake.is_worksheet": _(
            "{file} is working sheet {number} of this program, filled in. It is taken back on the page “Working "
            "sheets”."
        ),
        "worksheet.no_column": _("“{text}” is no column of a working sheet. Columns: {choices}."),
        "worksheet.nobody": _("Nobody matches, so there is no working sheet to write."),
        "worksheet.not_one": _("{file} is no working sheet of this program."),
        "worksheet.no_headings": _(
            "The row with the headings is missing in {file}. Copy it along with the rows and try again."
        ),
        "worksheet.no_report": _(
            "{file} says nothing a village reports (paid, amount, date, e-credential, reason not insured …) beside "
            "names or ID numbers."
        ),
        "worksheet.no_people": _("{file} holds nobody."),
        "worksheet.other_ledger": _(
            "{file} is a working sheet, but it did not go out from this ledger. Take it back where it was made."
        ),
        "worksheet.other_year": _(
            "Working sheet {number} went out for insurance year {year}, and that year is over. Make a new one."
        ),
        "worksheet.open": _("{count} rows are not clear, so nothing was written."),
        "worksheet.no_household": _("This person belongs to no household whose place could be changed."),
        "worksheet.payment_confirmed": _("The payment is confirmed by a list; a sheet does not change it."),
    }


def _faces() -> dict[str, str]:
    return {
        "use.passphrase": _(
            "No passphrase was given: set HUQING_PASSPHRASE or --passphrase-file, or use a terminal."
        ),
        "use.second_passphrase": _(
            "No other passphrase was given: set {variable}, give its file, or use a terminal."
        ),
        "use.operator": _("Say by --operator who is to open the ledger: several people work on it."),
        "use.sheet_or_code": _("Give either --sheet or --code."),
        "use.out_or_take": _("Give either -o or --take."),
        "use.out_or_revoke": _("Give either -o or --revoke."),
        "use.kit_or_code": _("Give either --kit, or --code and --name."),
        "use.out": _("Say by -o which file to write."),
        "use.form": _("Say which form: by its code or title (--list shows them), or by --template."),
        "use.full": _("“{option}” gives whole ID numbers: say --full and --why with it."),
        "use.passphrases_differ": _("The two passphrases differ."),
        "use.no_choice": _("“{text}” is not one of: {choices}."),
        "use.which_household": _("This reminder is for one household: say which by --household NUMBER."),
        "use.which_list": _(
            "Say which list: --list with its number or code, or --picture with a photograph."
        ),
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
