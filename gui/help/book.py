"""The help pages as they lie in resources/help: Markdown, one file a topic, read without a window.

In the pages ``code`` is a key, **bold** a word of the program; tests hold both.
A heading ends in {#anchor}, or {#anchor v} where only a village needs the section, {#anchor o} only an office.
The contents have chapters, the tasks of a winter in their order; each role has its own.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from gui import i18n
from storage.kinds import OFFICE, VILLAGE

_HEADING = re.compile(r"^(#{1,3}) +(.*?)(?: *\{#([a-z-]+)(?: ([vo]))?\})?$", re.MULTILINE)
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[*`\[#|]")
_ASKING = re.compile("怎么办|怎么|如何|怎样|哪里|什么是|吗|呢|[?？。，]")
_IN_TITLE = 4  # times as much as in the text
_MOST_FOUND = 12
_EXCERPT = 60  # characters


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; ``anchor`` is "" where nothing leads to it, ``role`` where all need it."""

    anchor: str
    title: str
    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One page: its name in code, who has it, its Markdown, and what it answers (module → anchor)."""

    name: str
    roles: str
    text: str
    answers: Mapping[str, str]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The page by its headings; the first one is its title."""
        return tuple(_sections(self.text))

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.sections[0].title

    @property
    def markdown(self) -> str:
        """The page as it is shown, without the names of its headings."""
        return _HEADING.sub(r"\1 \2", self.text)

    def read_by(self, role: str) -> "Topic":
        """The page without the sections that are not for this role."""
        marks = list(_HEADING.finditer(self.text))
        ends = [mark.start() for mark in marks[1:]] + [len(self.text)]
        kept = [
            self.text[mark.start() : end]
            for mark, end in zip(marks, ends, strict=True)
            if not (role and mark[4]) or mark[4] == role
        ]
        return replace(self, text="".join(kept))


@dataclass(frozen=True, slots=True)
class Chapter:
    """A task of the winter with the topics that belong to it, as one role reads them."""

    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A section that answers what was asked, with a few words of it."""

    topic: Topic
    section: Section
    excerpt: str


class Book:
    """All topics of one language, and the chapters of each role in the order of a winter."""

    def __init__(
        self, language: str, topics: Sequence[Topic], chapters: Mapping[str, Sequence[Chapter]]
    ) -> None:
        self.language = language
        self.topics = tuple(topics)
        self._chapters = chapters

    def chapters(self, role: str) -> Sequence[Chapter]:
        """The chapters of a village ("v") or an office ("o")."""
        return self._chapters[role]

    def of(self, role: str) -> list[Topic]:
        """The topics as somebody of this role reads them: "v" a village, "o" an office, "" all."""
        if not role:
            return list(self.topics)
        return [topic for chapter in self.chapters(role) for topic in chapter.topics]

    def topic(self, name: str, role: str = "") -> Topic | None:
        """A topic by its name, as this role reads it."""
        found = next((topic for topic in self.topics if topic.name == name), None)
        return found and found.read_by(role)

    def about(self, module: str) -> tuple[Topic, str] | None:
        """The topic and anchor that explain the widgets of a module: the one that names it most closely."""
        best = max(
            (
                (len(part), topic, anchor)
                for topic in self.topics
                for part, anchor in topic.answers.items()
                if module == part or module.startswith(f"{part}.")
            ),
            key=lambda one: one[0],
            default=None,
        )
        return (best[1], best[2]) if best else None

    def find(self, words: str, role: str = "") -> list[Found]:
        """The sections that speak of these words, the likeliest first; Chinese needs no spaces between them."""
        terms = _ASKING.sub(" ", words.lower()).split()
        scored = [
            (score, Found(topic, section, _excerpt(section, terms)))
            for topic in self.of(role)
            for section in topic.sections
            if (score := _score(section, terms)) > 0
        ]
        return [found for _score, found in sorted(scored, key=lambda one: -one[0])[:_MOST_FOUND]]


@cache
def book(language: str) -> Book:
    """The help in a language ("zh_CN" or "en"); a topic nobody has translated stays Chinese."""
    contents = tomllib.loads(folder("").joinpath("contents.toml").read_text("utf-8"))
    chapters = contents["chapter"]
    roles = {
        entry["name"]: "".join(
            role for role in (VILLAGE, OFFICE) if any(entry["name"] in one.get(role, ()) for one in chapters)
        )
        for entry in contents["topic"]
    }
    topics = {entry["name"]: _topic(entry, language, roles[entry["name"]]) for entry in contents["topic"]}
    title = "en" if language == i18n.SOURCE else "zh"
    return Book(
        language,
        list(topics.values()),
        {
            role: [
                Chapter(one[title], tuple(topics[name].read_by(role) for name in one[role]))
                for one in chapters
                if role in one
            ]
            for role in (VILLAGE, OFFICE)
        },
    )


def folder(language: str) -> Traversable:
    """Where the pages and pictures of a language lie; "" is where the contents lie."""
    root = files("resources").joinpath("help")
    return root.joinpath("en" if language == i18n.SOURCE else "zh") if language else root


def _topic(entry: Mapping[str, object], language: str, roles: str) -> Topic:
    name, answers = str(entry["name"]), entry.get("answers", {})
    assert isinstance(answers, dict)
    page = folder(language).joinpath(f"{name}.md")
    text = (page if page.is_file() else folder(i18n.DEFAULT).joinpath(f"{name}.md")).read_text("utf-8")
    return Topic(name, roles, text, {str(key): str(value) for key, value in answers.items()})


def _sections(text: str) -> Iterator[Section]:
    marks = list(_HEADING.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield Section(mark[3] or "", mark[2], text[mark.end() : end].strip(), mark[4] or "")


def plain(markdown: str) -> str:
    """The words of a page without its marks."""
    return " ".join(_MARKS.sub("", markdown).split())


def _score(section: Section, terms: Sequence[str]) -> float:
    """How well a section answers; every term has to be met at least in part."""
    title, text = section.title.lower(), plain(section.text).lower()
    met = [_met(term, title) * _IN_TITLE + _met(term, text) for term in terms]
    return sum(met) if met and all(met) else 0.0


def _met(term: str, text: str) -> float:
    """1 where the term stands in the text; else how much of it does, two characters at a time, from a half on."""
    if term in text:
        return 1.0
    pairs = [term[at : at + 2] for at in range(len(term) - 1)]
    if term.isascii() or not pairs:
        return 0.0
    share = sum(pair in text for pair in pairs) / len(pairs)
    return share / 2 if share >= 0.5 else 0.0


def _excerpt(section: Section, terms: Sequence[str]) -> str:
    text = plain(section.text)
    places = [text.lower().find(term) for term in terms]
    start = max(0, min((place for place in places if place >= 0), default=0) - _EXCERPT // 4)
    cut = text[start : start + _EXCERPT]
    return ("…" if start else "") + cut + ("…" if start + _EXCERPT < len(text) else "")
