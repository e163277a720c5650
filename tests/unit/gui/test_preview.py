"""What a file would take away is said first, a line for each person."""

from collections.abc import Iterator

import pytest

from gui import i18n
from gui.models import preview
from storage import policies
from sync.preview import Gone, Preview

A = "150621102200"


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.install()
    yield
    i18n.install()


def test_what_would_be_erased_stands_first_and_by_person() -> None:
    gone = tuple(
        Gone(A, kind, record, name, erased)
        for kind, record, name, erased in (
            ("payment", "p1", "那顺", True),
            ("payment", "p2", "那顺", True),
            ("resident", "r", "那顺", True),
            ("resident", "s", "其其格", False),
        )
    )
    found = Preview({"resident": 3}, gone=gone)
    lines = preview.lines(policies.load("example-2026"), found, {})
    assert [(one.sort, one.who, one.what) for one in lines[:2]] == [
        ("erase", "那顺", "缴费 2，人员"),
        ("gone", "其其格", "人员"),
    ]
    assert "将删除 3 条" in preview.summary(found) and "1 条将不再显示" in preview.summary(found)
    rows = preview.model()
    rows.set_rows(lines)
    assert rows.data(rows.index(0, 0)) == "将删除"
