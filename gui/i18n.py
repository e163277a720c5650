"""The words on screen and paper: English msgids, gettext catalogues, Chinese by default."""

import gettext
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QCoreApplication

DEFAULT = "zh_CN"
SOURCE = "en"


def catalogues(language: str) -> Iterator[Traversable]:
    """The compiled catalogues of a language, one per room, in the order of their names."""
    folder = files("resources").joinpath("locale", language, "LC_MESSAGES")
    if folder.is_dir():
        yield from sorted((f for f in folder.iterdir() if f.name.endswith(".mo")), key=lambda f: f.name)


def load(language: str) -> gettext.NullTranslations:
    """All catalogues of a language chained as fallbacks; what none of them knows stays English."""
    first = gettext.NullTranslations()
    for catalogue in catalogues(language):
        with catalogue.open("rb") as stream:
            first.add_fallback(gettext.GNUTranslations(stream))  # type: ignore[arg-type]
    return first


class Speech:
    """The language a process speaks; it falls into Chinese when nobody chose one."""

    def __init__(self) -> None:
        self.language = ""
        self._translations = gettext.NullTranslations()
        self._said: dict[str, str] = {}

    def install(self, language: str) -> None:
        """Speak `language` from now on ("zh_CN", or "en" for the msgids themselves)."""
        self._translations, self.language, self._said = load(language), language, {}

    def __call__(self, message: str) -> str:
        """The message in the chosen language."""
        if not self.language:
            self.install(DEFAULT)
        said = self._said.get(message)
        if said is None:
            # Each catalogue is asked in turn: once, for tables ask by the thousand. "" would be answered with a header.
            said = self._said[message] = self._translations.gettext(message) if message else ""
        return said


# The one place where a process keeps its language: gettext's own way, so that `_` stays a plain call.
_ = Speech()


def install(language: str = DEFAULT) -> None:
    """Let `_` answer in `language`; texts already shown stay as they are."""
    _.install(language)


def install_qt(app: "QCoreApplication", language: str = DEFAULT) -> bool:
    """Let Qt's own dialogs speak `language` too; False where Qt has no such catalogue."""
    # Imported here because the command line speaks without loading Qt.
    from PySide6.QtCore import QLibraryInfo, QTranslator

    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator.load(f"qtbase_{language}", folder) and app.installTranslator(translator)
