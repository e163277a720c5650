"""A printed list comes back on the command line: by number, by code and by photograph; again it writes nothing."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtGui import QImage

from tests.e2e.conftest import Program, World


@pytest.fixture
def village(world: World, copied: Callable[..., Path]) -> Path:
    """A village's ledger of the test's own."""
    return copied(world.one)


def test_a_list_goes_out_and_comes_back(program: Program, village: Path) -> None:
    paper = program.folder / "清单.pdf"
    made = program.json("visit-list", village, "-o", paper)
    listed = program.json("papers", village)
    assert listed["lists"] == [
        {"list": 1, "printed_on": "2025-12-03", "filter": "全部人员", "rows": made["people"],
         "returned": 0, "out": made["people"], "closed": ""}
    ]  # fmt: skip
    photo = _photographed(paper, program.folder / "照片.jpg")
    first = program(
        "returned", village, "--picture", photo, "--row", 1, "--absent", "--retry", "2025-12-09", "--json"
    ).data
    assert (first["row"], first["returned"]) == (1, 1)
    rows = program.json("papers", village, "--list", 1)["rows"]
    unpaid = [row for row in rows if not row["returned"]]
    assert len(unpaid) == made["people"] - 1 and rows[0]["outcome"] == "absent"
    words = ("returned", village, "--list", 1, "--row", 2, "--credential", "--note", "在家")
    assert program.json(*words)["changed"] and not program.json(*words)["changed"]
    program("returned", village, "--list", 1, "--row", made["people"] + 1, code=3)
    program("returned", village, "--row", 1, code=2)
    program("returned", village, "--list", 9, "--row", 1, code=3)
    program("returned", village, "--list", 1, "--row", 3, "--paid", "--refused", "--channel", "agent", code=3)
    closed = program.json("papers", village, "--list", 1, "--close", "纸丢了")
    assert (closed["closed"], closed["out"], closed["returned"]) == ("纸丢了", 0, 2)
    assert program.json("papers", village, "--list", 1, "--reopen")["out"] == made["people"] - 2


def _photographed(paper: Path, path: Path) -> Path:
    """The first page as a camera has it."""
    with pypdfium2.PdfDocument(paper) as document:
        page = document[0].render(scale=2.5, grayscale=True).to_numpy()
    height, width = page.shape[:2]
    image = QImage(page.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    assert image.save(str(path), "jpg", 75)
    return path
