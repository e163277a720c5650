"""Counting what an office tells the one above in numbers alone."""

from collections.abc import Mapping
from datetime import date

from storage import statements
from storage.known import KnownPlace
from storage.ledger import Ledger
from storage.places import is_village
from storage.policy.model import Policy
from storage.queries import counting, headcounts, targets, villages
from storage.queries.headcounts import Numbers
from storage.queries.statements import plain
from storage.statements import FORM, Stated, Statement

_Parts = Mapping[str, dict[str, dict[str, int]]]


def count(ledger: Ledger, policy: Policy, today: date, moment: int, file: str = "") -> Statement:
    """Return the numbers of this office on ``today``: what its board and its targets say, of every village and all."""
    titles = {code: title for code, title in villages.titles(ledger).items() if is_village(code)}
    known = targets.known(ledger, policy, titles)
    given = headcounts.numbers(ledger, policy.year)
    rows, twice = _board(ledger, policy)

    def stated(code: str, title: str, found: KnownPlace) -> Stated:
        return Stated(
            code=code,
            title=title,
            known=statements.veiled(found, today),
            figures=rows.get(code, {}),
            twice=twice.get(code, {}),
            numbers=_numbers(given.get(code, {})),
        )

    unit = ledger.profile.scope
    return Statement(
        form=FORM,
        unit=unit,
        title=ledger.profile.title,
        on=today,
        moment=moment,
        year=policy.year,
        policy=policy.id,
        policy_version=policy.version,
        explained=tuple(reason.code for reason in policy.reasons if reason.explained),
        file=file,
        whole=stated(unit, ledger.profile.title, known.once),
        places=tuple(
            stated(code, titles[code], found) for code, found in known.rows.items() if code in titles
        ),
    )


def _numbers(given: Numbers) -> dict[str, tuple[int, str, str]]:
    return {code: (one.people, one.on.isoformat() if one.on else "", one.by) for code, one in given.items()}


def _board(ledger: Ledger, policy: Policy) -> tuple[_Parts, _Parts]:
    """Return by village and denominator its row of the board, and what of that stands twice."""
    rows: dict[str, dict[str, dict[str, int]]] = {}
    twice: dict[str, dict[str, dict[str, int]]] = {}
    for denominator in policy.denominators:
        if not denominator.count_only:
            board = counting.township(ledger, policy, denominator.code)
            for into, parts in ((rows, board.rows), (twice, board.twice)):
                for scope, figures in parts.items():
                    into.setdefault(scope, {})[denominator.code] = plain(figures)
    return rows, twice
