"""The help says what is so: its words, keys, commands, links and pictures are those of the program."""

import ast
import importlib
import importlib.util
import inspect
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gui import i18n
from gui.help import book
from gui.help.book import Section, Topic
from gui.verbs import parser
from storage.kinds import OFFICE, VILLAGE
from tests.gui import catalogues

ROOT = Path(__file__).resolve().parents[4]
LANGUAGES = (i18n.DEFAULT, i18n.SOURCE)
TOPICS = [topic.name for topic in book.book(i18n.DEFAULT).topics]
KEY_NAMES = {"Enter": "Return", "Esc": "Escape", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}
STATED = re.compile(r"\bKey_(\w+)")
ON_EVERY_PAGE = {"Tab", "Shift+Tab"}  # Qt's own


def texts(language: str) -> dict[str, str]:
    return {topic.name: topic.text for topic in book.book(language).topics}


# ---- what belongs to what


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_written_in_both_languages(language: str) -> None:
    folder = book.folder(language)
    files = {file.name.removesuffix(".md") for file in folder.iterdir() if file.name.endswith(".md")}
    assert files == set(TOPICS)


def test_both_languages_have_the_same_headings_and_pictures() -> None:
    for topic in book.book(i18n.DEFAULT).topics:
        other = book.book(i18n.SOURCE).topic(topic.name)
        assert other is not None and other.text != topic.text
        assert [one.anchor for one in topic.sections] == [one.anchor for one in other.sections], topic.name
        assert [one.role for one in topic.sections] == [one.role for one in other.sections], topic.name
        assert pictures(topic.text) == pictures(other.text), topic.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [VILLAGE, OFFICE])
def test_the_chapters_of_a_role_hold_what_it_needs_once(language: str, role: str) -> None:
    read = [topic for chapter in book.book(language).chapters(role) for topic in chapter.topics]
    assert [topic.name for topic in read] == list(dict.fromkeys(topic.name for topic in read))
    assert {topic.name for topic in read} == {
        one.name for one in book.book(language).topics if role in one.roles
    }
    for topic in read:
        assert all(section.role in ("", role) for section in topic.sections), topic.name
        assert topic.sections[0].role == "", "a page cannot lack its beginning"


def test_what_only_an_office_does_is_not_read_by_a_village() -> None:
    whole = book.book(i18n.DEFAULT).topic("targets")
    village = book.book(i18n.DEFAULT).topic("targets", VILLAGE)
    assert whole is not None and village is not None
    assert {one.anchor for one in whole.sections} - {one.anchor for one in village.sections} == {"sharing"}
    assert "{#" not in village.markdown and "任务分解" not in village.text


def widget_modules() -> Iterator[str]:
    """Every module of pages and dialogs in which a widget is made."""
    for folder in ("gui/pages", "gui/dialogs", "gui/help"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            bases = {
                ast.unparse(base).split("[")[0]
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.ClassDef)
                for base in node.bases
            }
            if bases & {
                "Page",
                "FinderPage",
                "QWidget",
                "QDialog",
                "Card",
                "Section",
                "Form",
                "TriedForm",
                "SideForm",
                "Panel",
            }:
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_every_page_and_panel_has_its_help() -> None:
    shared = ("gui.pages.page", "gui.pages.parts", "gui.pages.revealing")
    modules = [one for one in widget_modules() if one not in shared]
    assert len(modules) > 40
    missing = [one for one in modules if book.book(i18n.DEFAULT).about(one) is None]
    assert not missing


def test_what_the_contents_name_exists() -> None:
    for topic in book.book(i18n.DEFAULT).topics:
        anchors = {section.anchor for section in topic.sections}
        for module, anchor in topic.answers.items():
            assert importlib.util.find_spec(module) is not None, module
            assert anchor in anchors, f"{topic.name}#{anchor}"
        assert set(topic.roles) <= {"v", "o"} and topic.roles


def test_a_part_that_has_its_own_help_is_told_from_its_page() -> None:
    found = book.book(i18n.DEFAULT).about("gui.pages.settings.drafting_form")
    assert found is not None and (found[0].name, found[1]) == ("policy", "drafting")
    found = book.book(i18n.DEFAULT).about("gui.pages.settings.page")
    assert found is not None and found[0].name == "safety"
    assert book.book(i18n.DEFAULT).about("gui.pages.settings_of_others") is None


# ---- links and pictures


def links(text: str) -> list[tuple[str, str]]:
    found = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]*)#?([^)]*)\)", text)
    return [(page, anchor) for page, anchor in found]


def pictures(text: str) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOPICS)
def test_every_link_leads_somewhere(language: str, name: str) -> None:
    pages = book.book(language)
    topic = pages.topic(name)
    assert topic is not None
    for page, anchor in links(topic.text):
        aim = pages.topic(page.removesuffix(".md")) if page else topic
        assert aim is not None, f"{name}: {page}"
        assert not anchor or anchor in {one.anchor for one in aim.sections}, f"{name}: {page}#{anchor}"
        assert set(topic.roles) & set(aim.roles), f"{name}: nobody who reads this has {page}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [VILLAGE, OFFICE])
def test_what_a_role_is_led_to_is_there_for_it(language: str, role: str) -> None:
    pages = book.book(language)
    there = {topic.name: {one.anchor for one in topic.sections} for topic in pages.of(role)}
    for topic in pages.of(role):
        for page, anchor in links(topic.text):
            aim = page.removesuffix(".md") or topic.name
            if aim in there:  # else the whole page is shown
                assert not anchor or anchor in there[aim], f"{topic.name}: {page}#{anchor}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_small_and_shown(language: str) -> None:
    shown = {picture for text in texts(language).values() for picture in pictures(text)}
    folder = book.folder(language).joinpath("pictures")
    there = {file.name: file for file in folder.iterdir()}
    assert shown == set(there)
    for name, file in there.items():
        content = file.read_bytes()
        assert content[:4] == b"\x89PNG" and content[25] == 3, f"{name} has no palette"
        assert len(content) < 120_000, name


def test_the_pictures_are_those_that_are_drawn() -> None:
    from gui.help.pictures import names

    shown = {picture for text in texts(i18n.DEFAULT).values() for picture in pictures(text)}
    assert shown == {f"{name}.png" for name in names()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_can_be_linked_to(language: str) -> None:
    for topic in book.book(language).topics:
        anchors = [one.anchor for one in topic.sections]
        assert anchors[0] == "" and all(anchors[1:]), topic.name
        assert len(set(anchors)) == len(anchors), topic.name


# ---- keys


@cache
def keys_of(folder: str) -> frozenset[str]:
    """Every key the source below a folder or file hears or shows."""
    found: set[str] = set()
    for path in sources_of(folder):
        source = path.read_text("utf-8")
        found |= {name.removeprefix("Key_") for name in STATED.findall(source)}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                # several keys in a row are one string: "123456"
                each = node.value if node.value.isdigit() else [node.value]
                found |= {KEY_NAMES.get(one, one) for one in each if is_key(one)}
    return frozenset(found)


def is_key(text: str) -> bool:
    *modifiers, last = text.split("+") if text != "+" else ["+"]
    named = {
        "Return",
        "Escape",
        "Esc",
        "Delete",
        "Backspace",
        "Space",
        "Up",
        "Down",
        "Left",
        "Right",
        "Enter",
    }
    one = len(last) == 1 and last.isascii() and (last.isupper() or last.isdigit() or last in "/+-")
    return all(part in ("Ctrl", "Shift", "Alt") for part in modifiers) and (
        one or last in named or bool(re.fullmatch(r"F\d+", last))
    )


SHARED = ("gui/widgets", "gui/shell.py", "gui/app.py", "gui/locking.py", "gui/pages/revealing.py", "gui/help")


def named_keys(text: str) -> set[str]:
    found = set()
    for written in re.findall(r"`([^`]+)`", re.sub(r"^ {4}.*$", "", text, flags=re.MULTILINE)):
        parts = [KEY_NAMES.get(part, part) for part in written.split("+")]
        found.add("+".join(parts))
    return found


def explained_by(topic: Topic) -> list[str]:
    """The sources of what a topic explains."""
    folders = []
    for module in topic.answers:
        path = module.replace(".", "/")
        folders.append(path if (ROOT / path).is_dir() else f"{path}.py")
    sources = [source for folder in folders for source in sources_of(folder)]
    used = {name for source in sources for name in IMPORTED.findall(source.read_text("utf-8"))}
    return [*folders, *(f"gui/models/{name}.py" for name in sorted(used))]


IMPORTED = re.compile(r"from gui\.models\.(\w+) import")


def sources_of(folder: str) -> list[Path]:
    return [ROOT / folder] if folder.endswith(".py") else sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOPICS)
def test_every_key_named_is_heard_where_the_page_says(language: str, name: str) -> None:
    topic = book.book(language).topic(name)
    assert topic is not None
    everywhere = ["gui"] if name in ("keys", "monday") else []
    heard = set(ON_EVERY_PAGE)
    for folder in [*SHARED, *explained_by(topic), *everywhere]:
        heard |= keys_of(folder)
    heard |= {str(digit) for digit in range(1, 10)} if name in ("keys", "returns") else set()
    missing = {
        key for key in named_keys(topic.text) - heard if not is_modified(key, heard, explained_by(topic))
    }
    assert not missing, f"{name} ({language}) names keys nobody hears: {sorted(missing)}"


def is_modified(key: str, heard: set[str], folders: list[str]) -> bool:
    """Whether a page asks for the modifiers of a key itself."""
    *modifiers, last = key.split("+")
    paths = [path for folder in folders for path in sources_of(folder)]
    asked = "".join(path.read_text("utf-8") for path in paths)
    names = {"Ctrl": "ControlModifier", "Alt": "AltModifier", "Shift": "ShiftModifier"}
    return bool(modifiers) and last in heard and all(names[one] in asked for one in modifiers)


def test_a_key_nobody_hears_is_found() -> None:
    assert named_keys("按 `F9`，或 `Alt+↑`。\n\n    main.py `X`\n") == {"F9", "Alt+Up"}
    assert "F9" not in keys_of("gui")
    assert is_key("Ctrl+Z") and is_key("/") and not is_key("Ctrl") and not is_key("paid")


# ---- words of the program


@cache
def spoken(language: str) -> frozenset[str]:
    """Everything the program can say in a language, as patterns are kept out: words without anything to fill in."""
    known = catalogues.translated(i18n.DEFAULT)
    said = {text for found in known.values() for text in found} if language == i18n.DEFAULT else set(known)
    return frozenset(said)


def bold(text: str) -> list[str]:
    return re.findall(r"\*\*([^*]+)\*\*", text)


QUOTED_AS_STRESS = {
    i18n.DEFAULT: {"台账", "亲手"},
    i18n.SOURCE: {"ledger", "by hand"},
}
"""Words in bold that are stressed, not quoted."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOPICS)
def test_every_word_in_bold_stands_in_the_program(language: str, name: str) -> None:
    topic = book.book(language).topic(name)
    assert topic is not None
    allowed = spoken(language) | QUOTED_AS_STRESS[language]
    missing = [words for words in bold(topic.text) if words not in allowed]
    assert not missing, f"{name} ({language})"


# ---- commands


def commands(text: str) -> list[str]:
    return re.findall(r"^ {4}main\.py (.*)$", text, flags=re.MULTILINE)


def command_lines() -> list[tuple[str, str]]:
    found = [
        (f"{topic.name} {language}", line)
        for language in LANGUAGES
        for topic in book.book(language).topics
        for line in commands(topic.text)
    ]
    for page in ("README.md", "README.zh.md", "docs/commands.md", "docs/policies.md"):
        found += [(page, line) for line in commands((ROOT / page).read_text("utf-8"))]
    return found


def test_every_command_named_is_understood() -> None:
    lines = command_lines()
    assert len(lines) > 30
    for where, line in lines:
        words = shlex.split(line.split("  #")[0].split(" #")[0])
        options = parser.build().parse_args(words)
        module, _colon, function = options.where.partition(":")
        made = importlib.import_module(f"gui.verbs.{module}") if module != "window" else None
        assert made is None or inspect.isfunction(getattr(made, function)), where


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_reads_the_help_is_not_sent_to_a_command_line(language: str) -> None:
    for name, text in texts(language).items():
        assert "main.py" not in text and "huqing --" not in text, name
        assert not re.search(r"^ {4}\S", text, flags=re.MULTILINE), name


# ---- finding


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("撤销", "households"),
        ("怎么撤销", "households"),
        ("忘了口令", "start"),
        ("二维码", "visits"),
        ("启用包", "devices"),
        ("证件号 遮住", "safety"),
        ("收回名单", "intake"),
        ("走访路线", "visits"),
        ("undo", ""),
    ],
)
def test_what_somebody_asks_is_found(asked: str, topic: str) -> None:
    found = book.book(i18n.DEFAULT).find(asked)
    assert (topic in [one.topic.name for one in found[:6]]) if topic else not found


def test_only_what_a_role_has_is_found() -> None:
    pages = book.book(i18n.DEFAULT)
    assert {one.topic.name for one in pages.find("启用包", "v")}.isdisjoint({"devices", "villages", "people"})
    assert {topic.name for topic in pages.of("o")}.isdisjoint({"today", "households", "visits", "returns"})


@pytest.mark.parametrize("asked", ["", " ", "*", "`", "[", "#", "\\", "))((", "a" * 500, "🙂", "\x00"])
def test_nothing_that_can_be_typed_breaks_the_search(asked: str) -> None:
    for one in book.book(i18n.DEFAULT).find(asked):
        assert isinstance(one.section, Section)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOPICS)
def test_no_mark_of_markdown_is_left_in_what_is_read(language: str, name: str) -> None:
    """Chinese punctuation beside ** can keep it from being taken for a mark."""
    from PySide6.QtGui import QTextDocument

    topic = book.book(language).topic(name)
    assert topic is not None
    document = QTextDocument()
    document.setMarkdown(topic.markdown)
    read = document.toPlainText()
    assert not [mark for mark in ("**", "`", "](", "{#", "|") if mark in read]
