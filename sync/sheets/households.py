"""Which rows of a roster live together, told by numbers, heads' names and relations.

Rosters write the household once (merged, or on its first row only) or on every row; some number households per
group, some only name the head, some only say who is a head. The rules, first that applies:
a number the row bears; the head's name it bears; a head (relation 0) begins a household; else the one above.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Standing(NamedTuple):
    """What one row says about its household; '' where it says nothing. ``at`` tells rows of a sheet apart."""

    at: int
    number: str
    head: str
    is_head: bool
    name: str
    group: str


@dataclass(slots=True)
class Household:
    """One household while rows come in; ``at`` is where it began, ``head`` a name, '' until known."""

    at: int
    number: str
    group: str
    head: str = ""
    has_head: bool = False  # a row with relation 0 was seen

    def may_hold(self, group: str) -> bool:
        """Whether a row of that group can belong here: numbers may begin anew in every group."""
        return not group or not self.group or group == self.group


@dataclass(slots=True)
class Households:
    """The households of a table so far; ``place`` is asked once for each person, in order."""

    current: Household | None = None
    _by_number: dict[str, list[Household]] = field(default_factory=dict)
    _by_head: dict[str, list[Household]] = field(default_factory=dict)

    def place(self, row: Standing) -> tuple[Household | None, str | None]:
        """The household of a person and a doubt about it; None where the table tells nothing."""
        home: Household | None
        doubt = None
        if row.number:
            home, doubt = self._numbered(row)
        elif row.head:
            home = self._headed(row)
        else:
            home = self._unmarked(row)
        self.current = home
        if home is None:
            return None, None
        doubt = doubt or self._second_head(home, row)
        self._settle(home, row)
        return home, doubt

    def _numbered(self, row: Standing) -> tuple[Household, str | None]:
        """By number: rows together are one household even if a slip gives them two groups or two heads."""
        above, own = self.current, row.name if row.is_head else ""
        if above and above.number == row.number and not (own and _differ(row.head, above.head)):
            return above, None
        known = self._by_number.get(row.number, [])
        for home in known:
            second = own and home.has_head and own != home.head
            if home.may_hold(row.group) and not _differ(row.head, home.head) and not second:
                return home, None
        return self._new(row), "household.number_repeated" if known else None

    def _headed(self, row: Standing) -> Household:
        """By the head's name: a head of the same name begins another household."""
        above = self.current
        if above and above.head == row.head and not (row.is_head and above.has_head):
            return above
        known = [home for home in self._by_head.get(row.head, ()) if home.may_hold(row.group)]
        return known[0] if len(known) == 1 and not row.is_head else self._new(row)

    def _unmarked(self, row: Standing) -> Household | None:
        """By the rows around: a head begins a household, unless the numbered one above still waits for its head."""
        above = self.current
        if not row.is_head or (above and above.number and not above.has_head):
            return above
        return self._new(row)

    def _second_head(self, home: Household, row: Standing) -> str | None:
        if not row.is_head or not row.name:
            return None
        if home.has_head and home.head != row.name:
            return "household.second_head"
        return "household.head_differs" if _differ(row.head, row.name) else None

    def _new(self, row: Standing) -> Household:
        home = Household(row.at, row.number, row.group)
        if row.number:
            self._by_number.setdefault(row.number, []).append(home)
        return home

    def _settle(self, home: Household, row: Standing) -> None:
        home.has_head = home.has_head or row.is_head
        head = row.head or (row.name if row.is_head else "")
        if head and not home.head:
            home.head = head
            self._by_head.setdefault(head, []).append(home)


def _differ(one: str, other: str) -> bool:
    """Whether two names are both known and not the same."""
    return bool(one and other and one != other)
