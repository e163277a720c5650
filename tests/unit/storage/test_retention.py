"""How long things are kept is data; what is due is proposed, and nothing goes by itself."""

import tomllib
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from storage import backup, policies
from storage.commands import exports, facts, lists
from storage.commands import years as opening
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import retention
from storage.queries.retention import Due
from storage.rows import RowNote
from tests.unit.storage.worlds import START_MS, TODAY, World, everything, paid, person, raw_body, take_in

POLICY = policies.load("example-2026")
YEARS, BACKUPS, EXPORTS = (
    POLICY.retention.identity_years,
    POLICY.retention.backup_days,
    POLICY.retention.export_days,
)
DAY_MS = 86_400_000


def due(ledger: Ledger, today: date) -> list[Due]:
    """Return what is due, and hold that looking changes nothing."""
    before, backups = everything(ledger), backup.listed(ledger)
    found = retention.due(ledger, POLICY, today)
    assert (everything(ledger), backup.listed(ledger)) == (before, backups)
    return found


def people(found: list[Due]) -> dict[str, tuple[int, date]]:
    """Return name → (last year, since) of the people among what is due."""
    return {one.name: (one.last_year, one.since) for one in found if one.what == "person"}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("payment", paid("r", year=2030)),
        ("confirmation", {"fact": {"resident": "r", "year": 2030, "amount": 1}}),
        ("enrolment", {"link": {"resident": "r", "year": 2030}, "entry": {"entry": "new"}}),
        ("subsidy", {"link": {"resident": "r", "year": 2030}, "grant": {"group_code": "dibao"}}),
        ("assistance", {"link": {"resident": "r", "year": 2030}, "need": {"need": "age"}}),
    ],
)
def test_a_person_is_due_so_many_years_after_the_last_insurance_year(
    world: World, kind: str, changes: dict[str, Any]
) -> None:
    ledger = world.office()
    scope = "150621102200"
    ledger.write(
        [Edit("resident", one, person(one, name).changes, scope) for one, name in (("r", "甲"), ("q", "乙"))]
    )
    ledger.write([Edit(kind, "x", changes, scope)])
    first = date(2025 + YEARS + 1, 1, 1)
    assert people(due(ledger, first - timedelta(days=1))) == {}
    assert people(due(ledger, first)) == {"乙": (2025, first)}
    second = date(2030 + YEARS + 1, 1, 1)
    assert people(due(ledger, second - timedelta(days=1))) == {"乙": (2025, first)}
    assert people(due(ledger, second)) == {"甲": (2030, second), "乙": (2025, first)}


def test_what_is_only_carried_over_keeps_nobody(world: World) -> None:
    """Whoever died is carried from year to year, so that nobody asks them to pay: that is no reason to keep them."""
    ledger = world.alone()
    ledger.write([person("r", "甲"), person("q", "乙")])
    facts.absence(ledger, ["r"], "death", note="", on=None, year=2026)
    facts.grant(ledger, ["q"], "dibao", source="民政局", since=None, year=2026)
    opening.open_year(ledger, "example-2027")
    first = date(2026 + YEARS + 1, 1, 1)
    assert people(due(ledger, first)) == {"甲": (2026, first), "乙": (2026, first)}
    facts.grant(ledger, ["q"], "dibao", source="民政局", since=None, year=2027)
    assert people(due(ledger, first)) == {"甲": (2026, first)}


def test_whoever_is_written_about_is_not_due(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("r", "甲")])
    world.time("village").ms = START_MS + 4 * 366 * DAY_MS
    ledger.write([Edit("resident", "r", {"contact": {"phone": "1"}})])
    assert people(due(ledger, date(2025 + YEARS + 1, 1, 1))) == {}
    assert people(due(ledger, date(2029 + YEARS + 1, 1, 1))) == {"甲": (2029, date(2029 + YEARS + 1, 1, 1))}


def test_a_clock_far_off_stops_nothing(world: World) -> None:
    ledger = world.alone()
    body = raw_body({"identity": {"name": "甲"}}, hlc=(1 << 63) - 1, record="r")
    take_in(ledger, [body, raw_body(paid("r", year=10**12), kind="payment", record="p", seq=2)])
    assert due(ledger, TODAY) == []


def test_rows_kept_of_lists_are_forgotten_and_what_they_wrote_stays(world: World) -> None:
    ledger = world.alone()
    heading = lists.Heading("名单.xlsx", "d", "department_list")
    edits = [person("r", "甲")]
    lists.take(ledger, edits, heading, [RowNote("S", 2, "added"), RowNote("S", 3, "unmatched", said="外人")])
    made = ledger.clock.today()
    assert "rows" not in {one.what for one in due(ledger, made + timedelta(days=BACKUPS))}
    assert ("rows", 1) in {(one.what, one.count) for one in due(ledger, made + timedelta(days=BACKUPS + 1))}
    assert lists.expire(ledger, BACKUPS, made + timedelta(days=BACKUPS)) == 0
    assert lists.expire(ledger, BACKUPS, made + timedelta(days=BACKUPS + 1)) == 1
    assert "rows" not in {one.what for one in due(ledger, made + timedelta(days=BACKUPS + 1))}
    assert ledger.connection.execute("SELECT count(*) FROM resident").fetchone() == (1,)


def test_backups_and_the_export_log(world: World) -> None:
    ledger = world.alone()
    taken = backup.take(ledger, "early")
    exports.note(ledger, "visit_list", Path("x.pdf"), rows=1, masked=True)
    made = ledger.clock.today()
    assert due(ledger, made + timedelta(days=BACKUPS - 1)) == []
    (one,) = due(ledger, made + timedelta(days=BACKUPS))
    assert (one.what, one.name, one.since) == ("backup", taken.name, made + timedelta(days=BACKUPS))
    assert "export" not in {one.what for one in due(ledger, made + timedelta(days=EXPORTS))}
    last = due(ledger, made + timedelta(days=EXPORTS + 1))
    assert ("export", 1) in {(one.what, one.count) for one in last}
    assert exports.expire(ledger, EXPORTS, made + timedelta(days=EXPORTS)) == 0
    assert exports.expire(ledger, EXPORTS, made + timedelta(days=EXPORTS + 1)) == 1
    assert "export" not in {one.what for one in due(ledger, made + timedelta(days=EXPORTS + 1))}


def test_every_policy_says_how_long_and_why() -> None:
    for head in policies.available():
        kept = policies.load(head.id).retention
        for cite in (kept.identity_cite, kept.backup_cite, kept.export_cite):
            assert cite.source
            assert cite.at


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"identity_years": 0}, "retention.identity_years"),
        ({"backup_days": -1}, "retention.backup_days"),
        ({"backup_days": "ninety"}, "retention.backup_days"),
        ({"export_days": 0}, "retention.export_days"),
        ({"identity_years": 1, "backup_days": 400}, "retention"),
        ({"backup_cite": {"source": "hearsay"}}, "retention.backup_cite"),
        ({"shred": True}, "retention.shred"),
    ],
)
def test_what_cannot_be_meant_is_told(changes: dict[str, Any], where: str) -> None:
    raw = tomllib.loads((files("resources") / "policy" / "example-2026.toml").read_text("utf-8"))
    shared = tomllib.loads((files("resources") / "policy" / "shared" / "common.toml").read_text("utf-8"))
    with pytest.raises(KnownError) as error:
        policies.build({**raw, "retention": {**shared["retention"], **changes}}, "x.toml")
    assert error.value.code == "policy.invalid"
    assert error.value.params["where"] == where


def test_a_place_sets_its_own_years(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("r", "甲")])
    shorter = replace(POLICY, retention=replace(POLICY.retention, identity_years=1, backup_days=9))
    assert [one.name for one in retention.due(ledger, shorter, date(2027, 1, 1))] == ["甲"]
