"""A policy being written: what stands in each field, what stood there, what is wrong with it, section by section."""

from collections.abc import Mapping, Sequence
from typing import Any

from gui.i18n import _
from gui.wording import policy_fields as words
from storage import policies
from storage.drafts import Draft
from storage.policy.drafting import Difference, checked, differences, unchecked
from storage.policy.schema import Fault, Raw, described, get, put

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "basics": (
        "title",
        "place",
        "year",
        "divisions",
        "example",
        "personal_fen",
        "personal_cite",
        "window",
        "benefit",
    ),
    "groups": ("groups", "highest_only", "highest_only_cite"),
    "targets": ("targets", "default_denominator", "denominators", "residences"),
    "waiting": ("waiting", "newborn", "incentive"),
    "reasons": ("reasons", "explained_cite", "assistance_reasons"),
    "refunds": ("refunds", "doubles"),
    "paying": ("channels", "lag_cite", "self_payment", "finance"),
    "office": ("yellow_cards", "family_binding", "retention"),
    "sources": ("sources",),
}
"""Sections of the form and the fields of the policy in each; the name and the version nobody types."""
UNTYPED = frozenset(("id", "version"))


def titles() -> Mapping[str, str]:
    """What the sections are called."""
    return {
        "basics": _("Time, premium"),
        "groups": _("Subsidies"),
        "targets": _("Targets and rates"),
        "waiting": _("Waiting"),
        "reasons": _("Reasons"),
        "refunds": _("Refunds, doubles"),
        "paying": _("Paying"),
        "office": _("Office work"),
        "sources": _("Documents"),
    }


def section_of(where: str) -> str:
    """Which section a path belongs to, the first where it belongs to none."""
    name = where.split(".")[0]
    return next((section for section, names in SECTIONS.items() if name in names), "basics")


class Writing:
    """One draft as it is in the form; ``put`` changes it and looks at it anew."""

    def __init__(self, draft: Draft) -> None:
        self.id, self.base, self.known = draft.id, draft.base, draft.known
        self._look(draft.raw)

    @property
    def title(self) -> str:
        """What the policy is called."""
        return str(self.raw.get("title") or self.id)

    def put(self, path: str, value: Any) -> None:
        """Put a value at a path; None takes it away."""
        self._look(put(self.raw, path, value))

    def check(self, paths: Sequence[str]) -> None:
        """These cites were looked up and are right."""
        self._look(checked(self.raw, paths))

    def of(self, path: str) -> Any:
        """What stands at a path."""
        return get(self.raw, path)

    def is_changed(self, path: str) -> bool:
        """Whether something differs at a path or below it."""
        return any(_within(one.where, path) for one in self.differences)

    def is_new(self, path: str) -> bool:
        """Whether the entry at a path is not in what it is compared with."""
        return get(self.base, path) is None

    def was(self, path: str) -> str:
        """What stood at a path that differs, in words; "" where nothing differs or the entry is new."""
        entry = path.rpartition(".")[0]
        if not self.is_changed(path) or (entry and self.is_new(entry)):
            return ""
        model, shape = described(path)
        return words.value(shape, model, get(self.base, path), self.base)

    def wrong(self, path: str, *, below: bool = False) -> str:
        """What is wrong at a path (or below it), in sentences; "" where nothing is."""
        found = [one for one in self.faults if one.where == path or (below and _within(one.where, path))]
        return _("; ").join(dict.fromkeys(words.fault(one.why, one.params) for one in found))

    def is_wrong(self, path: str) -> bool:
        """Whether anything is wrong at a path or below it."""
        return any(_within(one.where, path) for one in self.faults)

    def faults_in(self, section: str) -> int:
        """How many things are wrong in a section."""
        return sum(section_of(one.where) == section for one in self.faults)

    def unchecked_in(self, section: str) -> int:
        """How many cites of a section wait to be looked up."""
        return sum(section_of(where) == section for where in self.unchecked)

    def _look(self, raw: Raw) -> None:
        self.raw = raw
        self.faults: list[Fault] = policies.faults(raw)
        untold = frozenset(("version",)) if self.known else UNTYPED
        self.differences: list[Difference] = [
            one for one in differences(self.base, raw) if one.where not in untold
        ]
        self.unchecked = unchecked(raw)


def _within(where: str, path: str) -> bool:
    return where == path or where.startswith(f"{path}.")


def new_code(entries: Sequence[Any]) -> str:
    """A code no entry of a list has."""
    taken = {str(item.get("code") or item.get("key")) for item in entries if isinstance(item, Mapping)}
    return next(f"own_{number}" for number in range(1, len(taken) + 2) if f"own_{number}" not in taken)
