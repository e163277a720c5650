"""The help without a window: its topics, a page to read, the whole as a PDF."""

from gui import i18n
from gui.help import book
from gui.help.book import Book, Topic, plain
from gui.i18n import _
from gui.verbs import DONE
from gui.verbs.lists import with_qt
from gui.verbs.session import Session, WrongUse
from storage.kinds import OFFICE, VILLAGE


def manual(session: Session) -> int:
    """List the topics, read one of them, find words in them, or write them all as a PDF."""
    options = session.options
    role = OFFICE if options.role == "office" else VILLAGE
    pages = book.book(i18n._.language or i18n.DEFAULT)
    if options.pdf is not None:
        return _write(session, role)
    if options.topic:
        _read(session, _chosen(pages, options.topic))
    elif options.find:
        _find(session, pages, role)
    else:
        rows = [{"topic": topic.name, "title": topic.title, "for": topic.roles} for topic in pages.of(role)]
        session.give({"topics": rows}, [f"{row['topic']}: {row['title']}" for row in rows])
    return DONE


def _chosen(pages: Book, name: str) -> Topic:
    found = pages.topic(name)
    if found is None:
        raise WrongUse("use.no_choice", text=name, choices=[topic.name for topic in pages.topics])
    return found


def _read(session: Session, topic: Topic) -> None:
    session.give({"topic": topic.name, "title": topic.title, "text": topic.markdown}, [topic.markdown])


def _find(session: Session, pages: Book, role: str) -> None:
    found = pages.find(session.options.find, role)
    rows = [
        {"topic": one.topic.name, "heading": one.section.title, "excerpt": plain(one.excerpt)}
        for one in found
    ]
    if not rows:
        session.tell(_("The help says nothing about this."))
    session.give({"found": rows}, [f"{row['topic']} · {row['heading']}: {row['excerpt']}" for row in rows])


def _write(session: Session, role: str) -> int:
    path = session.options.pdf
    if path.suffix.lower() != ".pdf":
        raise WrongUse("use.ending", path=path, choices=(".pdf",))
    application = with_qt()  # held while something is painted
    from gui.help.manual import write

    path.parent.mkdir(parents=True, exist_ok=True)
    pages = write(path, i18n._.language or i18n.DEFAULT, role)
    del application
    session.give({"file": path, "pages": pages}, [_("{file}: {pages} pages").format(file=path, pages=pages)])
    return DONE
