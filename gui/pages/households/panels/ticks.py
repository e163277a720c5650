"""Several out of a few, all in sight: digits tick while the row has the focus, everything else as in a ChoiceRow."""

from collections.abc import Collection, Sequence

from gui.widgets.buttons import KeyButton
from gui.widgets.fields import ChoiceRow


class TickRow(ChoiceRow):
    """People to tick; ``chosen`` follows each tick."""

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        super().set_choices(choices)
        self._group.setExclusive(False)

    def values(self) -> list[str]:
        """What is ticked, in the order shown."""
        return [value for value, button in self._buttons.items() if button.isChecked()]

    def tick(self, wanted: Collection[str]) -> None:
        """Tick exactly these without telling anybody."""
        for value, button in self._buttons.items():
            button.setChecked(value in wanted)

    def buttons(self) -> dict[str, KeyButton]:
        """The button of each value."""
        return dict(self._buttons)
