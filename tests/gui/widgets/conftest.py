"""An application dressed as the real one, without a screen."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gui import i18n, theme


@pytest.fixture
def dressed(qapp):
    """The application in the light theme, speaking Chinese."""
    i18n.install()
    worn = theme.load()
    theme.apply(qapp, worn)
    yield worn
    theme.apply(qapp, theme.load())
