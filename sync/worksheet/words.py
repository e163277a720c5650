"""What coded columns say: the words that go out, and the code of whatever word comes back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from storage.codes import RELATIONS
from storage.policy.model import Policy
from sync.intake import words as lists
from sync.sheets import values
from sync.sheets.columns import data, plain, unbracketed

YES = "yes"
"""Said without a how: whatever was said before, else the first way."""
_WAYS = {"self": "本人激活", "family": "亲情账户", "helped": "帮办激活"}
_PAID = {YES: "是"}


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of a policy's year, with what was said in this ledger about the words of lists."""

    policy: Policy
    lists: lists.Words

    def shown(self, column: str, code: str) -> str:
        """The word for a code, the code itself where it has none."""
        return self.choices(column).get(code, code)

    def choices(self, column: str) -> Mapping[str, str]:
        """Code → word of a coded column, in the order they are offered."""
        policy = self.policy
        named: Mapping[str, Iterable[tuple[str, str]]] = {
            "residence": ((one.code, one.name) for one in policy.residences if one.code != "unknown"),
            "channel": ((one.code, one.name) for one in policy.channels),
            "need": ((one.code, one.name) for one in policy.assistance_reasons),
            "absence": ((one.code, one.name) for one in policy.reasons),
            "relation": RELATIONS.items(),
            "credential": _WAYS.items(),
            "paid": _PAID.items(),
        }
        return dict(named.get(column, ()))

    def code(self, column: str, text: str) -> str | None:
        """The code of a word, "" for one that says no, None where nobody knows it."""
        choices = self.choices(column)
        if text in choices:
            return text
        for form in dict.fromkeys((plain(text), unbracketed(text))):
            for code, word in choices.items():
                if form in (plain(word), unbracketed(word)):
                    return code
            found = self._alias(column, form)
            if found is not None and (not found or found == YES or found in choices):
                return found
        return self._foreign(column, text)

    def _alias(self, column: str, form: str) -> str | None:
        own = self.lists.own.get((column, form))
        return own if own is not None else _aliases(column).get(form)

    def _foreign(self, column: str, text: str) -> str | None:
        """What the vocabularies of other lists make of a word."""
        if column == "channel":
            code = self.lists.channel(text)
            return code if code != "other" and code in self.choices(column) else None
        if column == "residence":
            code, doubt = values.residence(text, column)
            return None if doubt else code
        if column == "relation":
            code, doubt = values.relation(text)
            return None if doubt else code
        return None


@cache
def _aliases(column: str) -> Mapping[str, str]:
    listed = (
        data("values.toml").get(column, {}) if column in ("paid", "credential", "need", "absence") else {}
    )
    return {plain(word): "" if code == "no" else code for code, words in listed.items() for word in words}
