"""What stands on the A4 sheet that explains one person's insurance to the household: words only, numbers masked."""

from dataclasses import dataclass
from datetime import date

from gui.i18n import _
from gui.wording import spoken
from gui.wording.units import full_day, id_number, money
from gui.wording.why import Case, sentence, what_if
from gui.wording.why_parts import Part, parts
from storage.queries.housing import Household


@dataclass(frozen=True, slots=True)
class WhySheet:
    """The sheet: ``figures`` are the few amounts in large type with what each is; ``stem`` names its file, nobody."""

    title: str
    place: str
    person: str
    sentence: str
    what_if: str
    figures: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    basis: str
    printed: date
    stem: str


def sheet_of(case: Case, household: Household | None, village: str) -> WhySheet:
    """Put the sheet together; ``village`` is the title of the place that hands it out."""
    year = case.policy.year
    name = spoken.person_name(case.person.name, masked=case.masked) or _("no name")
    home = (household.group, household.number) if household else ()
    return WhySheet(
        title=_("Resident medical insurance {year}: what it means for you").format(year=year),
        place=" · ".join(part for part in (village, *home) if part),
        person=f"{name} · {id_number(case.person.id_number)}",
        sentence=sentence(case),
        what_if=what_if(case),
        figures=_figures(case),
        parts=parts(case),
        basis=_basis(case),
        printed=case.today,
        stem=_stem(case, household),
    )


def _stem(case: Case, household: Household | None) -> str:
    """A file name without the person's: it stays in the log of exports."""
    number = household.number if household else ""
    parts = (_("insurance explained"), number, full_day(case.today))
    return "-".join(part.replace("/", "-") for part in parts if part)


def _figures(case: Case) -> tuple[tuple[str, str], ...]:
    """What is paid, what comes back, what it costs in the end; nothing for who neither owes nor paid."""
    answer, due = case.answer, case.answer.due
    if case.person.counted_in or not (answer.owing or answer.paid):
        return ()
    if answer.paid:
        found = [(_("paid"), case.person.amount)]
    else:
        found = [(_("to pay first") if due.refund_fen else _("to pay"), due.pay_now_fen)]
    if due.refund_fen:
        found.append((_("comes back"), due.refund_fen))
        found.append((_("in the end"), due.own_fen))
    elif due.subsidy_fen:
        found.append((_("paid by others"), due.subsidy_fen))
    return tuple((title, money(fen)) for title, fen in found)


def _basis(case: Case) -> str:
    """By which policy all of it is reckoned."""
    title = case.policy.title
    if case.policy.example:
        return _("By: {policy} (example policy, not in force anywhere)").format(policy=title)
    return _("By: {policy}, version {version}").format(policy=title, version=case.policy.version)
