"""What a screen reader hears: names and roles as the accessibility interface tells them."""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTableView,
    QWidget,
)

from gui.widgets.nav import NavButton

Role = QAccessible.Role
ROLES: dict[type[QWidget], tuple[QAccessible.Role, ...]] = {
    QCheckBox: (Role.CheckBox,),
    QRadioButton: (Role.RadioButton,),
    QComboBox: (Role.ComboBox,),
    QLineEdit: (Role.EditableText,),
    QPlainTextEdit: (Role.EditableText,),
    QTableView: (Role.Table, Role.Tree, Role.List),
    NavButton: (Role.RadioButton, Role.PageTab, Role.Button, Role.CheckBox),
    QAbstractButton: (Role.Button, Role.CheckBox, Role.RadioButton),
}


def _read(widget: QWidget, what: QAccessible.Text) -> str:
    if isinstance(widget, QComboBox) and what is QAccessible.Text.Name:
        return (
            widget.accessibleName()
        )  # on Linux Qt gives its value for its name, and the label as a relation
    face = QAccessible.queryAccessibleInterface(widget)
    if isinstance(face, QAccessibleInterface):
        return " ".join(face.text(what).split())
    # Shiboken sometimes takes the interface for a wrapper that died at the same address.
    named = what is QAccessible.Text.Name
    return (
        (widget.accessibleName() or getattr(widget, "text", str)())
        if named
        else widget.accessibleDescription()
    )


def heard(widget: QWidget) -> str:
    """The name NVDA or Orca would read out for a widget."""
    return _read(widget, QAccessible.Text.Name)


def described(widget: QWidget) -> str:
    """What is read after the name."""
    return _read(widget, QAccessible.Text.Description)


def role(widget: QWidget) -> QAccessible.Role | None:
    """What kind of thing a screen reader says it is, None where it cannot be asked."""
    face = QAccessible.queryAccessibleInterface(widget)
    return face.role() if isinstance(face, QAccessibleInterface) else None


def around(widget: QWidget) -> tuple[str, ...]:
    """The names of what a widget stands in, the nearest first."""
    names, one = [], widget.parentWidget()
    while one is not None and not one.isWindow():
        names.append(heard(one) if one.accessibleName() else "")
        one = one.parentWidget()
    return tuple(name for name in names if name)


def nameless(shown: Iterable[QWidget]) -> list[str]:
    """Controls without a name."""
    return [f"no name: {type(one).__name__} in {around(one)[:1]}" for one in shown if not heard(one)]


def misnamed(shown: Iterable[QWidget]) -> list[str]:
    """Controls whose role is not what they are."""
    found = []
    for one in shown:
        is_what = role(one)
        if is_what is not None and not _fits(one, is_what):
            found.append(f"role {is_what.name}: {type(one).__name__} {heard(one)!r}")
    return found


def _fits(one: QWidget, is_what: QAccessible.Role) -> bool:
    wanted = next((roles for kind, roles in ROLES.items() if isinstance(one, kind)), None)
    if wanted is not None:
        return is_what in wanted
    return is_what not in (Role.NoRole, Role.Client) or isinstance(one, QAbstractScrollArea)


def doubled(shown: Iterable[QWidget]) -> list[str]:
    """Controls that sound alike, although what they stand in sounds alike too."""
    said = Counter((role(one), heard(one), around(one)[:1]) for one in shown if heard(one))
    return [
        f"{count} times {name!r} in {within}" for (_role, name, within), count in said.items() if count > 1
    ]


def silent(root: QWidget) -> list[str]:
    """What is painted by hand, says something to the eye and nothing to the ear."""
    return [
        f"painted, not said: {type(one).__name__}"
        for one in root.findChildren(QWidget)
        if one.isVisibleTo(root)
        and _painted_by_hand(one)
        and not one.findChildren(QWidget)
        and not heard(one)
    ]


def _painted_by_hand(one: QWidget) -> bool:
    own = next((kind for kind in type(one).__mro__ if "paintEvent" in vars(kind)), QWidget)
    return own.__module__.startswith("gui.")
