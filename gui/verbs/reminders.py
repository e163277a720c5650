"""Reminders for a chat without a window: their words, or their picture."""

from contextlib import closing
from pathlib import Path

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import with_qt
from gui.verbs.papers import chosen
from gui.verbs.session import Session, WrongUse, policy_of
from gui.wording import reminders
from gui.wording.paper_values import Ground
from gui.wording.reminders import Message
from storage import remembered
from storage.commands import exports
from storage.queries import cards


def reminder(session: Session) -> int:
    """List the reminders there are; or word one for everybody who has not paid, as text or picture."""
    options = session.options
    if not options.which:
        return _list(session)
    one, out = chosen(options.which, reminders.reminders()), options.out
    if out is not None and out.suffix.lower() != ".png":
        raise WrongUse("use.ending", path=out, choices=(".png",))
    if one.per == "household" and not options.household:
        raise WrongUse("use.which_household")
    with closing(session.open()) as ledger:
        if ledger.is_office:
            raise WrongUse("use.village_only")
        policy, scope = policy_of(ledger), ledger.profile.scope
        everybody = cards.household_cards(ledger, policy, session.today, scope)
        homes = [
            home
            for home in everybody
            if options.household in ("", home.household.number, home.head_name)
            and options.group in ("", home.household.group)
        ]
        names = [card.person.name for home in everybody for card in home.people]
        worded = remembered.wordings(ledger).get(one.code) or one.text
        ground = Ground(policy, ledger.profile.title, session.today)
        message = reminders.fill(one, worded, ground, homes, names)
        if out is not None:
            _picture(message, out)
        name = out or Path("-")
        exports.note(ledger, f"reminder_{one.code}", name, rows=message.people, masked=True)
    if not message.people:
        session.tell(reminders.nobody_text(one))
    data = {
        "reminder": one.code,
        "people": message.people,
        "text": message.text,
        "link": message.link,
        "file": out,
    }
    session.give(data, [_("{file}: a picture").format(file=out) if out else message.text])
    return DONE


def _list(session: Session) -> int:
    found = reminders.reminders()
    told = [{"code": one.code, "title": one.title, "about": one.about, "public": one.public} for one in found]
    session.give({"reminders": told}, [f"{one.code}: {one.about}" for one in found])
    return DONE


def _picture(message: Message, out: Path) -> None:
    application = with_qt()  # held while something is painted
    from gui.printing.reminder_picture import save_picture

    out.parent.mkdir(parents=True, exist_ok=True)
    save_picture(message, out)
    del application
