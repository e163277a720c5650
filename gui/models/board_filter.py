"""What is typed to see some villages only: a part of the name, its initials, or a word for what is wrong."""

from collections.abc import Callable, Iterable
from datetime import date

from gui.i18n import _
from gui.models.board import BoardRow, silent, waiting
from storage import pinyin
from storage.policy import rates

BEHIND, SILENT, WAITING, OWING, WARNED = "behind", "silent", "waiting", "owing", "warned"


def words() -> dict[str, tuple[str, ...]]:
    """What is wrong → the words for it, the one to offer first."""
    return {
        BEHIND: tuple(_("behind target|behind").split("|")),
        SILENT: tuple(_("silent this week|silent|not sent").split("|")),
        WAITING: tuple(_("has conflicts|conflicts|to settle").split("|")),
        OWING: tuple(_("not returned|owing").split("|")),
        WARNED: tuple(_("early warning|warned").split("|")),
    }


def holds(code: str, row: BoardRow, target: float | None, today: date) -> bool:
    """Whether something is wrong with a village."""
    found = row.village.figures
    match code:
        case "behind":
            share = rates.rate(found.should_paid, found.should)
            return share is not None and target is not None and float(share) < target
        case "silent":
            return silent(row, today)
        case "waiting":
            return waiting(row) + row.theirs > 0
        case "owing":
            return row.batches > 0
        case _:
            return row.warned


def chosen(rows: Iterable[BoardRow], text: str, target: float | None, today: date) -> list[BoardRow]:
    """The villages all words of a text hold for; all of them where there is none."""
    tests = [_test(word, target, today) for word in text.casefold().replace("、", " ").split()]
    return [row for row in rows if all(test(row) for test in tests)]


def _test(word: str, target: float | None, today: date) -> Callable[[BoardRow], bool]:
    known = [code for code, said in words().items() if any(word in one.casefold() for one in said)]

    def test(row: BoardRow) -> bool:
        title = row.village.title
        spelled = (title.casefold(), pinyin.spelled(title), pinyin.initials(title))
        return any(word in one for one in spelled) or any(holds(code, row, target, today) for code in known)

    return test
