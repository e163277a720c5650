"""Words that appear by themselves, told to a screen reader: the eye sees a line come, the ear has to be told."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

_POLITE, _AT_ONCE = QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive


def say(widget: QWidget, words: str, *, at_once: bool = False) -> None:
    """Have words read out once the reader has finished, or ``at_once`` where something is wrong."""
    if words and QAccessible.isActive():
        told = QAccessibleAnnouncementEvent(widget, words)
        told.setPoliteness(_AT_ONCE if at_once else _POLITE)
        QAccessible.updateAccessibility(told)
