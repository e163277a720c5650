"""What the window remembers on this computer: recent ledgers, language, sizes. Never anything about people."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui import i18n, theme
from gui.i18n import _

FILE = "window.ini"
_MOST_RECENT = 6
LOCKS = ("5", "10", "30", "0")
"""Minutes after which the window can lock itself, "0" never."""
_LOCK = "10"
_WORDING = "reminder/"


class Settings:
    """The file window.ini in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._store = QSettings(str(data_dir / FILE), QSettings.Format.IniFormat)

    def text(self, key: str, otherwise: str = "") -> str:
        """A remembered word."""
        return str(self._store.value(key, otherwise))

    def keep(self, key: str, value: str) -> None:
        """Remember a word."""
        self._store.setValue(key, value)

    @property
    def language(self) -> str:
        """The language of the window."""
        return self.text("language", i18n.DEFAULT)

    @property
    def large(self) -> bool:
        """Whether everything is shown larger."""
        return self.text("large") == "yes"

    @property
    def face(self) -> str:
        """The face that was chosen, "" for that of the desktop."""
        return self.text("face")

    @property
    def colours(self) -> str:
        """The face to wear."""
        return self.face or theme.of_system()

    @property
    def lock_minutes(self) -> int:
        """Minutes without a key or the mouse after which the window is locked, 0 for never."""
        held = self.text("lock", _LOCK)
        return int(held) if held in LOCKS else int(_LOCK)

    @property
    def scale(self) -> float:
        """The scale of the theme."""
        return theme.LARGE if self.large else 1.0

    def recent(self) -> list[tuple[Path, str]]:
        """Ledgers opened before, the latest first, with their titles; those no longer there are left out."""
        lines = self.text("recent").split("\n")
        pairs = [line.split("\t", 1) for line in lines if "\t" in line]
        return [(Path(path), title) for path, title in pairs if (Path(path) / "keys.json").exists()]

    def remember(self, folder: Path, title: str) -> None:
        """Put a ledger first among the recent ones."""
        others = [(path, name) for path, name in self.recent() if path != folder]
        lines = [f"{path}\t{name}" for path, name in [(folder, title), *others][:_MOST_RECENT]]
        self.keep("recent", "\n".join(lines))

    @property
    def geometry(self) -> QByteArray:
        """Where the window stood."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window stands."""
        self._store.setValue("geometry", geometry)

    def operator(self, ledger: str) -> str:
        """Who opened a ledger last on this computer."""
        return self.text(f"operator/{ledger}")

    def keep_operator(self, ledger: str, name: str) -> None:
        """Remember who opened a ledger."""
        self.keep(f"operator/{ledger}", name)

    def older_wordings(self) -> dict[str, str]:
        """Reminders (by code) worded anew by a version that kept them here, outside of any ledger."""
        keys = (key for key in self._store.allKeys() if key.startswith(_WORDING))
        return {key.removeprefix(_WORDING): text for key in keys if (text := self.text(key))}

    def drop_wordings(self) -> None:
        """Take them out: a ledger has them now."""
        self._store.remove(_WORDING.rstrip("/"))
        self._store.sync()

    def save(self) -> None:
        """Write the file now."""
        self._store.sync()

    def folder(self, key: str) -> Path:
        """A remembered folder for files that go out; the user's documents where none was chosen."""
        held = self.text(key)
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(held) if held else Path(documents or Path.home()) / _("Huqing")
