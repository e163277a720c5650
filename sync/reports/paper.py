"""Whose paper a form is: what every cell, title and note of it may need besides its row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.policy import mask
from storage.policy.model import Policy
from sync.reports import ids

OPEN, OPEN_NOTE = "{text}（暂）", "标有“（暂）”的内容有两种说法，尚未核定。"


@dataclass(frozen=True, slots=True)
class Paper:
    """Who fills a form in, by which policy, when, and how numbers that identify people are written.

    ``unit`` is the village or office, ``township`` the office above a village ("" unknown), ``titles`` the names of
    villages by code.
    """

    unit: str
    policy: Policy
    today: date
    operator: str = ""
    township: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    masked: bool = True
    id_format: str = "full"

    def id_number(self, number: str) -> str:
        """An ID number as this paper writes them."""
        return ids.written(number, ids.allowed(self.id_format, full=not self.masked))

    def phone(self, number: str) -> str:
        """A telephone number, masked unless full ones were asked for."""
        return mask.phone(number) if self.masked else number

    def title(self, what: str) -> str:
        """The title of a form: 查干沟嘎查 2026 年度城乡居民医保新参人员名单."""
        return f"{self.unit} {self.policy.year} 年度城乡居民医保{what}"

    def notes(self, own: Iterable[str] = (), signature: str = "", *, personal: bool = True) -> list[str]:
        """The lines under a form: its own, who filled it in, how to treat it where it is about people."""
        said = {
            "unit": self.unit,
            "operator": self.operator,
            "date": self.today.isoformat(),
            "year": str(self.policy.year),
            "policy": self.policy.title,
        }
        who = signature or "填报单位：{unit}　填报人：{operator}　填报日期：{date}"
        told = [*(_filled(line, said) for line in own), _filled(who, said)]
        if personal:
            care = "证件号码已隐去中间部分。" if self.masked else "含完整证件号码，专人保管。"
            told.append(f"{care}含个人信息，用后交回或销毁，勿拍照转发。")
        return told


def _filled(text: str, said: Mapping[str, str]) -> str:
    """Put words in the place of {names}; other braces stay as they are."""
    for name, words in said.items():
        text = text.replace(f"{{{name}}}", words)
    return text


def open_marked(text: str, unsettled: Iterable[str], *registers: str) -> str:
    """A cell's words, marked where entries disagree about them and nobody has settled it yet."""
    return OPEN.format(text=text) if text and not set(registers).isdisjoint(unsettled) else text
