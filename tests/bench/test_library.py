"""The plan library and who came and went since last year, of a township's 30 villages and 100,000 people."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui.models import library as models
from storage import policies
from storage.ledger import Edit, Ledger
from storage.queries import flow, library
from storage.records import random_id
from sync import enrol
from tests.bench.banners import who, winter
from tests.bench.conftest import Compare
from tests.bench.test_banner import BARE
from tests.bench.townships import CODE, TITLE, cheap_keys, scoped, village_code

POLICY = policies.load("example-2026")
VILLAGES = 30


@pytest.fixture
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A township that knows of last year: small unless asked otherwise (``--full``)."""
    people = 3_334 if request.config.getoption("--full", False) else 200
    with cheap_keys():
        made = enrol.create_office(tmp_path / "office", CODE, TITLE, **who(tmp_path, "office"))  # type: ignore[arg-type]
    for number in range(VILLAGES):
        made.write(scoped(list(_known(number, people)), village_code(number)))
    yield made
    made.close()


def _known(number: int, people: int) -> Iterator[Edit]:
    rng = random.Random(number)
    for edit in winter(people, number):
        yield edit
        if edit.kind == "resident" and rng.random() < 0.63:
            fact = {
                "resident": edit.record,
                "year": POLICY.year - 1,
                "amount": 38000,
                "paid_on": "2024-11-03",
            }
            yield Edit("payment", random_id(), {"fact": {**fact, "channel": "pos"}})


def test_reading(office: Ledger, compare: Compare) -> None:
    ledger = office
    limit = compare.once(lambda: ledger.connection.execute(BARE).fetchall(), 3)
    subjects = {
        "plan library with those to be brought in": lambda: models.read(ledger, POLICY, ""),
        "who came and went": lambda: flow.read(ledger, POLICY),
    }
    for when, aim in (("first", 3.0), ("again", 0.5)):
        for name, subject in subjects.items():
            compare.against(f"{name}, {when}", compare.once(subject, 1), limit, aim=aim)
    read, whole = library.read(ledger, POLICY), flow.read(ledger, POLICY).whole
    lines = {line.code: line.people for line in library.lines(POLICY, read.facts(POLICY))}
    assert (lines["people"],) == ledger.connection.execute("SELECT count(*) FROM resident").fetchone()
    assert lines["insured"] == whole.this and whole.last > whole.this / 2
