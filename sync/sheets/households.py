"""Which rows of a roster live together, told by numbers, heads' names and relations.

Rosters write the household once (merged, or on its first row only) or on every row; some number households per
group, some only name the head, some only say who is a head. The rules, first that applies:
a number the row bears; the head's name it bears; a head (relation 0) begins a household; else the one above.
"""

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Household:
    """One household while rows come in."""

    index: int
    number: str
    group: str
    head: str  # name, '' until known
    has_head: bool = False  # a row with relation 0 was seen

    def may_hold(self, group: str) -> bool:
        """Whether a row of that group can belong here: numbers may begin anew in every group."""
        return not group or not self.group or group == self.group


@dataclass(slots=True)
class Households:
    """The households of a table so far; ``place`` is asked once for each person, in order."""

    all: list[Household] = field(default_factory=list)
    current: Household | None = None
    _by_number: dict[str, list[Household]] = field(default_factory=dict)
    _by_head: dict[str, list[Household]] = field(default_factory=dict)

    def place(
        self, number: str, head: str, relation: str, name: str, group: str
    ) -> tuple[Household | None, str | None]:
        """The household of a person and a doubt about it; None where the table tells nothing."""
        is_head = relation == "0"
        home: Household | None
        doubt = None
        if number:
            home, doubt = self._numbered(number, head, name if is_head else "", group)
        elif head:
            home = self._headed(head, is_head, group)
        elif is_head:
            home = self._headless() or self._new("", name, group)
        else:
            home = self.current
        self.current = home
        if home is None:
            return None, None
        if is_head and name and home.has_head and home.head != name:
            doubt = doubt or "household.second_head"
        elif is_head and head and name and head != name:
            doubt = doubt or "household.head_differs"
        self._settle(home, head or (name if is_head else ""), is_head)
        return home, doubt

    def _numbered(self, number: str, written: str, own: str, group: str) -> tuple[Household, str | None]:
        """By number: ``written`` is the head's name the row bears, ``own`` the person's name if a head."""
        known = self._by_number.get(number, [])
        above = self.current
        if (
            above
            and above.number == number
            and not (own and written and above.head and written != above.head)
        ):
            return (
                above,
                None,
            )  # the rows together; a slip in the group or a second head is doubted, not split
        for home in known:
            other = written and home.head and written != home.head
            second = own and home.has_head and own != home.head
            if home.may_hold(group) and not other and not second:
                return home, None
        return self._new(number, written or own, group), "household.number_repeated" if known else None

    def _headed(self, head: str, is_head: bool, group: str) -> Household:
        if self.current and self.current.head == head and not (is_head and self.current.has_head):
            return self.current
        known = [home for home in self._by_head.get(head, ()) if home.may_hold(group)]
        return known[0] if len(known) == 1 and not is_head else self._new("", head, group)

    def _headless(self) -> Household | None:
        """The household above, where its head has not come yet (the form lists the head later)."""
        return self.current if self.current and self.current.number and not self.current.has_head else None

    def _new(self, number: str, head: str, group: str) -> Household:
        home = Household(len(self.all), number, group, "")
        self.all.append(home)
        if number:
            self._by_number.setdefault(number, []).append(home)
        self._settle(home, head, is_head=False)
        return home

    def _settle(self, home: Household, head: str, is_head: bool) -> None:
        home.has_head = home.has_head or is_head
        if head and not home.head:
            home.head = head
            self._by_head.setdefault(head, []).append(home)
