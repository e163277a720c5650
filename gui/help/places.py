"""Where something is in the window: found by what it is, so that a page laid out anew is still understood."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtWidgets import QWidget

from gui.pages.households.view import PeopleTable
from gui.pages.today.figures import FigureCard
from gui.shell import Shell
from gui.widgets.buttons import KeyButton
from gui.widgets.nav import NavButton
from gui.widgets.tables import TableView

Place = Callable[[Shell], Sequence[QWidget]]


def numbers(shell: Shell) -> Sequence[QWidget]:
    """The cards with the numbers of the village."""
    return [card for card in shell.page().findChildren(FigureCard) if card.isVisible()]


def table(shell: Shell) -> Sequence[QWidget]:
    """The first table of the page shown."""
    return [one for one in shell.page().findChildren(TableView) if one.isVisible()][:1]


def people_and(*wanted: str) -> Place:
    """The table of a household's people, with the buttons of these keys."""

    def find(shell: Shell) -> Sequence[QWidget]:
        tables = [one for one in shell.page().findChildren(PeopleTable) if one.isVisible()]
        return [*tables[:1], *_with_keys(shell.page(), wanted)]

    return find


def search(shell: Shell) -> Sequence[QWidget]:
    """The box that finds."""
    return [shell.search]


def keys(*wanted: str) -> Place:
    """The buttons of the page shown that carry these keys."""

    def find(shell: Shell) -> Sequence[QWidget]:
        return _with_keys(shell.page(), wanted)

    return find


def entries(*wanted: str) -> Place:
    """The pages of these names in the left column."""

    def find(shell: Shell) -> Sequence[QWidget]:
        return [button for button in shell.nav.findChildren(NavButton) if button.entry.key in wanted]

    return find


def help_button(shell: Shell) -> Sequence[QWidget]:
    """The button that opens the help."""
    return _with_keys(shell, ("F1",))


def _with_keys(inside: QWidget, keys: Collection[str]) -> list[QWidget]:
    return [one for one in inside.findChildren(KeyButton) if one.key in keys and one.isVisible()]
