"""任务数 followed up: what each place was assigned and why so much, how many are done, how many left, at which pace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.places import is_parent, under
from storage.policy import rates
from storage.policy.model import Denominator, Policy, Target
from storage.policy.pace import Pace
from storage.policy.sharing import Share
from storage.queries import headcounts, library, targets, villages
from storage.queries.headcounts import ASSIGNED
from storage.queries.library import Library
from storage.queries.people import day
from storage.queries.targets import Place

_TOWNSHIP = 9  # digits of its trunk


@dataclass(frozen=True, slots=True)
class Given:
    """A number assigned: how many people, when, by whom; ``share`` is how it was shared out, ``basis`` by which number
    of people, ``why`` what was said where it was set by hand. ``share`` is None where it was assigned by itself.
    """

    people: int
    on: date | None
    by: str
    share: Share | None = None
    basis: str = ""
    why: str = ""

    @property
    def changed(self) -> bool:
        """Whether another number was assigned since it was shared out."""
        return self.share is not None and self.share.people != self.people


@dataclass(frozen=True, slots=True)
class Quota:
    """A place: what it was assigned, ``done`` people who paid, and at which pace they do."""

    scope: str
    given: Given | None
    done: int
    pace: Pace | None

    @property
    def left(self) -> int | None:
        """How many more people, 0 once it is reached; None where nothing was assigned."""
        return None if self.given is None else max(self.given.people - self.done, 0)

    @property
    def rate(self) -> Decimal | None:
        """Done in percent of the number assigned, rounded down; above a hundred where more paid."""
        share = rates.rate(self.done, self.given.people) if self.given else None
        return None if share is None else rates.percent(share)


@dataclass(frozen=True, slots=True)
class Quotas:
    """Every place right below an office by code (of a village: itself), and the office's own number.

    ``given`` is the sum of what was handed on, None while a place has none.
    """

    rows: Mapping[str, Quota]
    own: Quota

    @property
    def given(self) -> int | None:
        """The sum of the numbers of all places, None where one has none."""
        parts = [row.given.people if row.given else None for row in self.rows.values()]
        known = [people for people in parts if people is not None]
        return sum(known) if parts and len(known) == len(parts) else None

    @property
    def open(self) -> int | None:
        """How many people of the office's own number are not handed on yet; below nothing where too many are."""
        if self.own.given is None or self.given is None:
            return None
        return self.own.given.people - self.given


def read(ledger: Ledger, policy: Policy, today: date) -> Quotas:
    """Return where every place below stands with the number it was assigned."""
    ruled, own = _ruled(policy), ledger.profile.scope
    places = below(ledger)
    banner = own.endswith("000000")
    told = targets.read(
        ledger, ruled, today, within=_township if banner else None, places=() if banner else places
    )
    parts = told.parts if banner else told.rows
    said = given(ledger, policy.year)
    rows = {scope: _quota(scope, said.get(scope), parts.get(scope)) for scope in places}
    mine = said.get(own)
    whole = _quota(own, mine, told.total if ledger.is_office else parts.get(own))
    return Quotas(rows, whole)


def below(ledger: Ledger) -> list[str]:
    """Return the codes of the places right below an office that it knows, by code; of a village its own."""
    own = ledger.profile.scope
    if not ledger.is_office:
        return [own]
    known = villages.titles(ledger)
    if own.endswith("000000"):
        return sorted({_township(scope) for scope in known} - {own})
    return [scope for scope in known if is_parent(own, scope)]


def given(ledger: Ledger, year: int) -> dict[str, Given]:
    """Return place → the number it was assigned for a year, and how it came about."""
    found = {}
    for scope, people, on, by, of, share, weight, weights, basis, why in ledger.connection.execute(
        "SELECT scope, task, task_on, coalesce(task_by, ''), share_of, share_people, share_weight, share_weights, "
        "coalesce(share_basis, ''), coalesce(share_why, '') FROM village "
        "WHERE task IS NOT NULL AND task_year = ? ORDER BY record",
        (year,),
    ):
        made = None if share is None else _share(share, weight or 0, of, weights or 0)
        found[scope] = Given(people, day(on), by, made, basis, why)
    return found


def _share(people: int, weight: int, of: int | None, weights: int) -> Share:
    if of is None:
        return Share(people, weight, 0, 0, fixed=True)
    extra = bool(weights) and people > of * weight // weights
    return Share(people, weight, of, weights, extra)


def bases(policy: Policy) -> list[str]:
    """Return the numbers of people one can share out by: the statistics office's, then the register's own."""
    counted = [one.code for one in policy.denominators if one.count_only and one.code != ASSIGNED]
    return [*counted, *(code for code in library.bases(policy) if code)]


def weights(ledger: Ledger, policy: Policy, basis: str, found: Library | None = None) -> dict[str, int]:
    """Return place right below → how many people live there by a denominator; ``found`` spares reading the register.

    Raises RuleViolation share.missing where a place has no such number (``villages``), share.nowhere without places.
    """
    places = below(ledger)
    if not places:
        raise RuleViolation("share.nowhere", field="people")
    if policy.denominator(basis).count_only:
        told = headcounts.numbers(ledger, policy.year)
        numbers = {scope: part[basis].people for scope, part in told.items() if basis in part}
    else:
        register = found or library.read(ledger, policy)
        numbers = {scope: _roster(register, policy, basis, scope) for scope in register.places}
    known = {place: _sum(numbers, place) for place in places}
    lacking = [place for place, count in known.items() if count is None]
    if lacking:
        names = villages.titles(ledger)
        shown = "、".join(names.get(one, one) for one in lacking[:3]) + ("…" if len(lacking) > 3 else "")
        raise RuleViolation("share.missing", field="basis", count=len(lacking), villages=shown)
    return {place: count or 0 for place, count in known.items()}


def suggested(policy: Policy, given_: Given | None, weights_: Mapping[str, int]) -> int:
    """Return how many people there are to share out: the office's own number, else what the target asks of them."""
    if given_ is not None:
        return given_.people
    target = policy.target("everyone")
    wanted = target.rate if target and target.rate is not None else Decimal(1)
    return rates.gap(wanted, 0, sum(weights_.values()))


def _roster(found: Library, policy: Policy, basis: str, scope: str) -> int:
    facts = found.facts(policy, basis, scope)
    return sum(count for fact, count in facts.items() if not rates.departed(policy, fact.absence))


def _sum(numbers: Mapping[str, int], place: str) -> int | None:
    """The number of a place, or of all that lies in it; None where none is known."""
    if place in numbers:
        return numbers[place]
    inner = [count for scope, count in numbers.items() if under(scope, place)]
    return sum(inner) if inner else None


def _township(scope: str) -> str:
    return scope[:_TOWNSHIP] + "000"


def _quota(scope: str, given_: Given | None, place: Place | None) -> Quota:
    if place is None:
        return Quota(scope, given_, 0, None)
    rate = place.rate_of(ASSIGNED)
    standing = place.standings[-1]
    return Quota(scope, given_, rate.reached, standing.pace)


def _ruled(policy: Policy) -> Policy:
    """The policy with the number assigned as one more target, to be reached whole by the day of that for everyone."""
    denominators = policy.denominators
    if all(one.code != ASSIGNED for one in denominators):
        denominators = (*denominators, Denominator(code=ASSIGNED, name=ASSIGNED, count_only=True))
    everyone = policy.target("everyone")
    cite = everyone.cite if everyone else policy.window.cite
    day_ = (everyone.deadline if everyone else None) or policy.window.end
    whole = Target(
        code=ASSIGNED, applies_to="everyone", rate=Decimal(1), deadline=day_, denominator=ASSIGNED, cite=cite
    )
    return replace(policy, denominators=denominators, targets=(*policy.targets, whole))
