"""What may be entered, and what a policy may say."""

from gui.i18n import _


def sentences() -> dict[str, str]:
    """Code → sentence, its parameters in braces."""
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
        "household.other_village": _(
            "A household lies in one village: move people between villages at the office."
        ),
        "assistance.reason": _("Say why this person cannot pay alone."),
        "absence.reason": _("Say why this person is not insured here."),
        "grant.group": _("Say which subsidy group."),
        "double.no_side": _(
            "This one cannot be settled that way: choose one of its numbered entries, or correct it."
        ),
        "reconcile.answer": _("Those differences cannot be answered like that."),
        "reconcile.why": _("Say why it is left as it is."),
        "reconcile.reply": _("Choose one of the replies."),
        "reconcile.note": _("Say what it is."),
        "reconcile.not_asked": _("The township no longer asks about this."),
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
        "share.people": _("A share has to be a whole number of people, not less than nothing."),
        "share.fixed": _(
            "{fixed} people are set by hand, {people} are to be shared out: both have to agree, or a village must be "
            "left to take the rest."
        ),
        "share.weights": _(
            "Nobody lives in the villages it is to be shared among: enter their population first."
        ),
        "share.missing": _(
            "{count} villages have no such number yet ({villages}): enter or import it first."
        ),
        "share.nowhere": _("There is no village to share out among yet: make kits for them first."),
        "share.why": _("Say why the number was set by hand: the village is told."),
        "population.people": _("A number of people has to be a whole number from 0 to 9,999,999."),
        "population.nothing": _("Enter the registered or the resident population, or both."),
        "batch.unknown": _("Nothing of this kind was handed out, or it was taken back since."),
        "batch.several": _("{count} batches are meant by that: write more of the handle."),
        "batch.sort": _("“{sort}” is nothing that is handed out to be filled in."),
        "batch.title": _("Say what is handed out."),
        "batch.place": _("{scope} is none of this office's villages."),
        "batch.people": _("Say for how many people it is to be filled in: a whole number from 1 on."),
        "batch.due": _("The day it is due, {date}, lies before the day it was handed out."),
        "batch.holder": _("Say who has it."),
        "batch.returned": _(
            "It was handed out for {people} people: not less than none and not more came back."
        ),
        "date.future": _("The date {date} is still to come."),
        "date.unreadable": _("“{text}” is no date. Write it like 2025-12-03."),
    }
