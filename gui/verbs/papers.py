"""Papers for households and people without a window."""

from collections.abc import Sequence
from contextlib import closing
from typing import TypeVar

from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import with_qt
from gui.verbs.session import Session, WrongUse, policy_of
from gui.wording import papers
from gui.wording.paper_values import Ground
from gui.wording.papers import Template
from gui.wording.reminders import Reminder
from storage.commands import exports
from storage.queries import cards

Worded = TypeVar("Worded", Template, Reminder)


def paper(session: Session) -> int:
    """List the papers there are, or write one as PDF for everybody it is for."""
    options = session.options
    if not options.which:
        return _list(session)
    template, out = chosen(options.which, papers.templates()), options.out
    if out is None:
        raise WrongUse("use.out")
    if out.suffix.lower() != ".pdf":
        raise WrongUse("use.ending", path=out, choices=(".pdf",))
    with closing(session.open()) as ledger:
        if ledger.is_office:
            raise WrongUse("use.village_only")
        policy, scope = policy_of(ledger), ledger.profile.scope
        homes = cards.household_cards(ledger, policy, session.today, scope)
        if options.household:
            homes = [
                home
                for home in homes
                if options.household in (home.household.number, home.household.head_name)
            ]
        masked = not options.full_ids
        made = papers.fill(template, Ground(policy, ledger.profile.title, session.today, masked), homes)
        application = with_qt()  # held while something is painted
        from gui.printing.papers import write_pdf

        out.parent.mkdir(parents=True, exist_ok=True)
        pages = write_pdf(template, made, out)
        del application
        people = sum(one.people for one in made)
        exports.note(ledger, f"paper_{template.code}", out, rows=people, masked=masked, why=options.why)
    if not made:
        session.tell(_("This paper is for nobody here."))
    line = _("{file}: {count} papers on {pages} pages")
    data = {
        "file": out,
        "paper": template.code,
        "papers": len(made),
        "people": people,
        "pages": pages,
        "masked": masked,
    }
    session.give(data, [line.format(file=out, count=len(made), pages=pages)])
    return DONE


def _list(session: Session) -> int:
    found = papers.templates()
    told = [
        {"code": one.code, "name": one.name, "title": one.title, "about": one.about, "per": one.per}
        for one in found
    ]
    session.give({"papers": told}, [f"{one.code} {one.name}：{one.about}" for one in found])
    return DONE


def chosen(which: str, found: Sequence[Worded]) -> Worded:
    """Return the paper or reminder of this code; WrongUse names those there are."""
    for one in found:
        if which == one.code:
            return one
    raise WrongUse("use.no_choice", text=which, choices=[f"{one.code} {one.about}" for one in found])
