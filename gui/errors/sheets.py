"""Spreadsheets that come in and go out."""

from gui.i18n import _


def sentences() -> dict[str, str]:
    """Code → sentence, its parameters in braces."""
    return {**_sheets(), **_forms(), **_worksheets()}


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
        "intake.note.told_beside": _(
            "It also says “{titles}”. Only households and people are read in here; to record that as well, take the "
            "same file back under working sheets."
        ),
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
        "cross.no_axis": _("People cannot be counted by “{axis}”. They can by: {available}."),
        "cross.nobody": _("There is no selection “{whom}”. Selections: {available}."),
        "cross.no_word": _("Nobody stands under “{word}” of {axis}. There are: {available}."),
        "cross.too_wide": _(
            "{axis} has {count} different entries: too many for columns, {most} fit. Put it in rows, or count one "
            "village."
        ),
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
