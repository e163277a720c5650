"""Painting without a screen."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from gui import i18n


@pytest.fixture(autouse=True)
def chinese(qapp):
    """Sheets speak Chinese."""
    i18n.install()
    yield
    i18n.install()
