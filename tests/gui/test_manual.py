"""The manual on paper: as long as it should be, nothing cut, nothing torn from its heading."""

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtWidgets import QApplication

from gui import i18n
from gui.help import book, manual
from gui.printing.paper import MM


@pytest.fixture(autouse=True)
def chinese(qapp: QApplication) -> None:
    i18n.install(i18n.DEFAULT)


def text_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize(("role", "least", "most"), [("v", 9, 11), ("o", 14, 16)])
def test_the_manual_says_everything_of_its_role_on_some_dozen_pages(
    tmp_path: Path, role: str, least: int, most: int
) -> None:
    """About 10 pages for a village, 15 for a township: what somebody of 55 reads on an evening."""
    pages = manual.write(tmp_path / "m.pdf", i18n.DEFAULT, role)
    read = text_of(tmp_path / "m.pdf")
    assert least <= pages == len(read) <= most
    whole = "".join("".join(read).split())
    for chapter in book.book(i18n.DEFAULT).chapters(role):
        assert "".join(chapter.title.split()) in whole
    for topic in book.book(i18n.DEFAULT).of(role):
        for section in topic.sections:
            assert "".join(section.title.split()) in whole, section.title
    for number, page in enumerate(read, 1):
        assert f"第 {number} 页 / 共 {pages} 页" in page


@pytest.mark.parametrize("language", [i18n.DEFAULT, i18n.SOURCE])
def test_the_contents_name_the_pages_where_topics_begin(tmp_path: Path, language: str) -> None:
    i18n.install(language)
    try:
        manual.write(tmp_path / "m.pdf", language, "v")
        read = ["".join(page.split()) for page in text_of(tmp_path / "m.pdf")]
        for topic in book.book(language).of("v"):
            title = "".join(topic.title.split())
            begins = max(at for at, page in enumerate(read, 1) if title in page and _begins(page, topic))
            assert f"{title}{begins}" in read[0], topic.title
    finally:
        i18n.install(i18n.DEFAULT)


def _begins(page: str, topic: book.Topic) -> bool:
    """Whether the first words of a topic stand on a page."""
    first = book.plain(topic.sections[0].text)
    return "".join(first.split())[:12] in page


@pytest.mark.parametrize("role", ["v", "o"])
def test_no_heading_stands_alone_at_the_foot_of_a_page(role: str) -> None:
    made = manual.Manual(i18n.DEFAULT, role, manual.inks())
    layout = made._document.documentLayout()
    tall = made._room.height()
    heads = [one for one in manual.blocks(made._document) if one.blockFormat().headingLevel()]
    for head in heads:
        following = head.next()
        while following.isValid() and not following.text().strip():
            following = following.next()
        top = layout.blockBoundingRect(head).top()
        assert top % tall < tall - 12 * MM, head.text()
        if following.isValid():
            assert layout.blockBoundingRect(following).top() // tall == top // tall, head.text()


@pytest.mark.parametrize("role", ["v", "o"])
def test_no_picture_is_torn_or_reaches_into_the_next_topic(role: str) -> None:
    made = manual.Manual(i18n.DEFAULT, role, manual.inks())
    layout, tall = made._document.documentLayout(), made._room.height()
    heads = [one for one in manual.blocks(made._document) if one.blockFormat().headingLevel() in (1, 2)]
    pictures = [manual.floating(made._document, head.next()) for head in heads]
    assert sum(not one.isEmpty() for one in pictures) >= 12
    for picture, following in zip(pictures, heads[1:], strict=False):
        if not picture.isEmpty():
            assert picture.top() // tall == (picture.bottom() - 1) // tall, following.text()
            assert picture.width() < made._room.width() * 0.6
            assert picture.bottom() <= layout.blockBoundingRect(following).top() + MM, following.text()


def test_the_words_of_a_list_stand_clear_of_its_dots(qapp: QApplication) -> None:
    """Qt leaves a space between them; the first line is led further by a wider one, the next ones follow it."""
    made = manual.Manual(i18n.DEFAULT, "v", manual.inks())
    dots = [one for one in manual.blocks(made._document) if one.text().startswith("\u2005")]
    assert len(dots) > 20
    for one in dots:
        whole = [one.layout().lineAt(at).naturalTextRect().left() for at in range(one.layout().lineCount())]
        first = one.layout().lineAt(0).cursorToX(1)
        assert first[0] > whole[0] + 2, one.text()
        assert all(abs(left - first[0]) < 1.5 for left in whole[1:]), one.text()
