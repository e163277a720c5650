"""Facts about people besides payment: credential, help, why not insured here, new this year."""

from collections.abc import Sequence
from datetime import date

from gui.ops import ChangeOp, change
from storage import persons
from storage.commands import facts
from storage.ledger import Changes


def credential(
    residents: Sequence[str],
    way: str,
    *,
    on: date,
    today: date,
    holder: str,
    told: str,
    households: Sequence[str],
) -> ChangeOp[Changes]:
    """The e-credential is active, of a family account with ``holder`` ("" where nobody is named)."""
    return change(
        lambda ledger: facts.credential(ledger, residents, way, on=on, today=today, holder=holder),
        told,
        *households,
    )


def credential_withdrawn(
    residents: Sequence[str], *, told: str, households: Sequence[str]
) -> ChangeOp[Changes]:
    """It is not active after all."""
    return change(lambda ledger: facts.credential_withdrawn(ledger, residents), told, *households)


def assistance(
    residents: Sequence[str],
    reason: str,
    *,
    what: str,
    on: date | None,
    note: str,
    year: int,
    told: str,
    households: Sequence[str],
) -> ChangeOp[Changes]:
    """These people cannot pay alone."""
    return change(
        lambda ledger: facts.assistance(ledger, residents, reason, what=what, on=on, note=note, year=year),
        told,
        *households,
    )


def assistance_withdrawn(
    residents: Sequence[str], *, year: int, told: str, households: Sequence[str]
) -> ChangeOp[Changes]:
    """They can pay alone."""
    return change(lambda ledger: facts.assistance_withdrawn(ledger, residents, year), told, *households)


def absence(
    residents: Sequence[str],
    reason: str,
    *,
    note: str,
    on: date | None,
    year: int,
    told: str,
    households: Sequence[str],
) -> ChangeOp[Changes]:
    """These people are not insured here, and why."""
    return change(
        lambda ledger: facts.absence(ledger, residents, reason, note=note, on=on, year=year),
        told,
        *households,
    )


def absence_withdrawn(
    residents: Sequence[str], *, year: int, told: str, households: Sequence[str]
) -> ChangeOp[Changes]:
    """They are to be insured here."""
    return change(lambda ledger: facts.absence_withdrawn(ledger, residents, year), told, *households)


def person_absence_withdrawn(
    scope: str, resident: str, *, year: int, told: str, household: str
) -> ChangeOp[Changes]:
    """This person is to be insured here, whichever of the person's records says otherwise."""
    return change(
        lambda ledger: facts.absence_withdrawn(
            ledger, persons.records_of(ledger.connection, scope, resident), year
        ),
        told,
        household,
    )


def new_enrollee(
    residents: Sequence[str], *, new: bool, year: int, told: str, households: Sequence[str]
) -> ChangeOp[Changes]:
    """They are newly enrolled this year (新参), or not after all."""
    return change(lambda ledger: facts.new_enrollee(ledger, residents, year, new=new), told, *households)
