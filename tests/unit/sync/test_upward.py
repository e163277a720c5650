"""Numbers alone for the office above: nothing of persons leaves; the banner shows what was stated."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from storage import policies, statements, store
from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.policy.model import Policy
from storage.queries import bulletins, counting, targets, villages
from storage.queries import statements as stated
from sync import bundle, exchange, kits, upward
from sync.reports import bulletins as reports
from sync.sending import Sent
from tests.unit.storage.worlds import OFFICE_CODE, TODAY, World, cheap_keys, id_number, paid, person, world

__all__ = ["cheap_keys", "world"]

BANNER, SECOND = "150621000000", "150621103000"
A, B = "150621102200", "150621102201"


@pytest.fixture
def banner(world: World) -> Ledger:
    return world.office("banner", BANNER)


def township(world: World, banner: Ledger, code: str = OFFICE_CODE, name: str = "town") -> Ledger:
    """Make a township of the banner with two villages: someone in both, payments, reasons, a hidden few."""
    kit = world.folder / f"{name}.hqk"
    kits.make(banner, code, f"{name}镇", kit)
    made = world.open_kit(kit, name)
    for number, scope in enumerate((code[:9] + "200", code[:9] + "201")):
        fill(made, scope, 20 + 5 * number, 100 * number if code == OFFICE_CODE else 500 + 100 * number)
    return made


def fill(office: Ledger, scope: str, people: int, first: int) -> None:
    """Register people in a village: two thirds paid, one imprisoned, five employed elsewhere, one in both villages."""
    names = [f"p{scope[-3:]}{number}".ljust(22, "x") for number in range(people)]
    edits = [person(name, "王伟", id_number(first + at if at else 999)) for at, name in enumerate(names)]
    edits = [Edit(one.kind, one.record, one.changes, scope) for one in edits]
    for at, name in enumerate(names[: people * 2 // 3]):
        edits.append(
            Edit("payment", f"pay{name}"[:22], paid(name, paid_on=f"2025-11-{1 + at % 28:02d}"), scope)
        )
    for at, name in enumerate(names[-6:]):
        absence = {"absence": "prison" if at == 0 else "employee_elsewhere"}
        link = {"resident": name, "year": 2026}
        edits.append(Edit("enrolment", f"en{name}"[:22], {"link": link, "absence": absence}, scope))
    office.write(edits)


def policy(ledger: Ledger) -> Policy:
    return policies.in_force(ledger).policy


def up(world: World, office: Ledger, disclosure: upward.Disclosure) -> Sent:
    """Write the file for the banner."""
    folder = world.folder / "up" / str(len(list((world.folder / "up").glob("*"))))
    sent = exchange.send(office, folder, disclosure=disclosure)
    return next(one for one in sent if "报送" in one.path.name)


def opened(path: Path, ledger: Ledger) -> bundle.Opened:
    return bundle.open_bundle(path.read_bytes(), ledger.device)


def test_no_person_leaves(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    sent = up(world, town, upward.COUNTS)
    found = opened(sent.path, banner)
    text = msgspec.json.encode(found.manifest).decode()
    assert (sent.disclosure, found.manifest.operations, list(found.segments())) == ("counts", 0, [])
    records = {row[0] for row in town.connection.execute("SELECT DISTINCT record FROM op")}
    numbers = {
        row[0] for row in town.connection.execute("SELECT id_full FROM resident WHERE id_full IS NOT NULL")
    }
    names = {row[0] for row in town.connection.execute("SELECT DISTINCT name FROM resident")}
    assert records and numbers and names
    assert not [one for one in (*records, *numbers, *names) if one in text]
    assert not re.search(r"\d{17}[\dX]", text)
    assert found.manifest.fates == [] and found.manifest.vector == []
    assert {one.scope for one in found.manifest.devices} <= {OFFICE_CODE}
    told = statements.read(found.manifest.statement, OFFICE_CODE).places
    assert {reason for one in told for rate in one.known.rates for reason, *_ in rate.told} == {
        "employee_elsewhere",
        statements.UNNAMED,
    }, "one person's reason is not named"
    assert "只报数字" in sent.path.name


def test_the_banner_shows_what_the_township_shows(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    (fate,) = exchange.receive(banner, [up(world, town, upward.COUNTS).path])
    assert (fate.outcome, fate.stated, fate.code) == ("applied", 2, "")
    assert banner.connection.execute("SELECT count(*) FROM resident").fetchone() == (0,)
    here, there = policy(banner), policy(town)
    for denominator in ("resident", "registered", "should"):
        mine, theirs = (counting.township(one, here, denominator) for one in (banner, town))
        assert dict(mine.rows) == dict(theirs.rows) and mine.total == theirs.total
    mine_, theirs_ = targets.read(banner, here, TODAY), targets.read(town, there, TODAY)
    assert mine_.total.people == theirs_.total.people == 44
    for code in (A, B):
        one, other = mine_.rows[code], theirs_.rows[code]
        assert [(rate.reached, rate.total, rate.able, rate.excluded) for rate in one.rates] == [
            (rate.reached, rate.total, rate.able, rate.excluded) for rate in other.rates
        ]
        assert one.standings == other.standings
        for rate, true in zip(one.rates, other.rates, strict=True):
            assert sum(told.people for told in rate.told) == sum(told.people for told in true.told)
            assert sum(told.people for told in rate.told if told.explained) == sum(
                told.people for told in true.told if told.explained
            )
    assert [row.scope for row in villages.board(banner, here) if row.figures.people] == [A, B]
    assert villages.titles(banner)[OFFICE_CODE] == "town镇"


def test_counts_and_people_stand_side_by_side(world: World, banner: Ledger) -> None:
    first, second = township(world, banner), township(world, banner, SECOND, "other")
    exchange.receive(banner, [up(world, first, upward.COUNTS).path, up(world, second, upward.DETAIL).path])
    here = policy(banner)
    places = {code: title for code, title in villages.titles(banner).items() if code[-3:] != "000"}
    counted = bulletins.count(banner, here, "resident", TODAY, places)
    parts = {line.code: line for line in counted.parts}
    for town, code in ((first, OFFICE_CODE), (second, SECOND)):
        own = bulletins.count(town, policy(town), "resident", TODAY, villages.titles(town)).total
        assert (parts[code].people, parts[code].paid, parts[code].total) == (own.people, own.paid, own.total)
    assert counted.total.people == sum(line.people for line in parts.values()) == 88
    assert counted.total.paid == sum(line.paid for line in parts.values())
    assert set(stated.live(banner)) == {OFFICE_CODE}
    exchange.receive(banner, [up(world, first, upward.DETAIL).path])
    again = bulletins.count(banner, here, "resident", TODAY, places)
    assert again.total.people == 87, "whom both townships have is known only where both send people"


def test_a_file_twice_and_out_of_order(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    early = up(world, town, upward.COUNTS).path
    fill(town, A[:9] + "202", 9, 700)
    late = up(world, town, upward.COUNTS).path
    (fate,) = exchange.receive(banner, [late])
    assert fate.outcome == "applied"
    exchange.receive(banner, [early])
    assert stated.live(banner)[OFFICE_CODE].statement.file == late.name
    before = banner.connection.execute("SELECT count(*) FROM op").fetchone()
    assert [fate.outcome for fate in exchange.receive(banner, [late, early])] == ["known", "known"]
    assert banner.connection.execute("SELECT count(*) FROM op").fetchone() == before


@pytest.mark.parametrize("swapped", [False, True])
def test_people_replace_numbers_and_numbers_people(world: World, banner: Ledger, swapped: bool) -> None:
    town = township(world, banner)
    counts = up(world, town, upward.COUNTS).path
    fill(town, A[:9] + "202", 9, 700)
    detail = up(world, town, upward.DETAIL).path
    for path in (detail, counts) if swapped else (counts, detail):
        exchange.receive(banner, [path])
    assert stated.live(banner) == {}, "entries that were made up later count"
    here = policy(banner)
    assert counting.township(banner, here).total == counting.township(town, here).total
    fill(town, A[:9] + "203", 4, 800)
    exchange.receive(banner, [up(world, town, upward.COUNTS).path])
    assert set(stated.live(banner)) == {OFFICE_CODE}
    assert counting.township(banner, here).total == counting.township(town, here).total
    assert counting.township(banner, here).rows.keys() == counting.township(town, here).rows.keys()


def test_a_clock_that_went_back_states_later_all_the_same(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    first = up(world, town, upward.COUNTS).path
    world.time("town").ms -= 40 * 86_400_000
    fill(town, A[:9] + "202", 9, 700)
    second = up(world, town, upward.COUNTS).path
    exchange.receive(banner, [second])
    exchange.receive(banner, [first])
    assert stated.live(banner)[OFFICE_CODE].statement.file == second.name


def test_what_was_chosen_holds_until_it_is_changed(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    assert upward.chosen(town) == upward.DETAIL
    upward.choose(town, upward.COUNTS)
    (sent,) = [one for one in exchange.send(town, world.folder / "o") if "报送" in one.path.name]
    assert sent.disclosure == upward.COUNTS
    with pytest.raises(KnownError, match=r"upward\.nobody"):
        upward.choose(banner, upward.COUNTS)


def test_villages_get_entries_whatever_the_banner_gets(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    village = world.village(town, "v", A)
    village.write([person("r1".ljust(22, "x"), "敖登", id_number(950))])
    exchange.receive(town, world.send(village))
    upward.choose(town, upward.COUNTS)
    (sent,) = [one for one in exchange.send(town, world.folder / "o") if one.scope == A]
    assert (sent.disclosure, sent.operations > 0) == (upward.DETAIL, True)


def test_the_banner_sends_nothing_again_because_of_numbers(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    exchange.receive(banner, [up(world, town, upward.DETAIL).path])
    exchange.receive(town, [one.path for one in exchange.send(banner, world.folder / "down1")])
    exchange.receive(banner, [up(world, town, upward.COUNTS).path])
    (again,) = exchange.send(banner, world.folder / "down2")
    assert again.operations == 0
    (fate,) = exchange.receive(banner, [up(world, town, upward.COUNTS).path])
    assert fate.missing == 0


def test_a_forged_statement_is_refused(world: World, banner: Ledger) -> None:
    town, other = township(world, banner), township(world, banner, SECOND, "other")
    for one in (town, other):
        exchange.receive(banner, [up(world, one, upward.COUNTS).path])
    held = store.all_streams(banner.connection)
    manifest = opened(up(world, town, upward.COUNTS).path, banner).manifest
    foreign = opened(up(world, other, upward.COUNTS).path, banner).manifest
    text = manifest.statement.replace('"people":20', '"people":21')
    assert text != manifest.statement
    cases = {
        "bundle.signature": replace(manifest, statement=text),
        "statement.unreadable": _signed(town, manifest, foreign.statement),
        "statement.newer": _signed(town, manifest, manifest.statement.replace('"form":1', '"form":2')),
    }
    for code, forged in cases.items():
        path = world.folder / f"{code}.hqb"
        path.write_bytes(bundle.seal(forged, [], town.device))
        (fate,) = exchange.receive(banner, [path])
        assert (fate.outcome, fate.code) == ("refused", code)
    assert store.all_streams(banner.connection) == held


def _signed(town: Ledger, manifest: bundle.Manifest, text: str) -> bundle.Manifest:
    return replace(manifest, statement=text, statement_seal=town.device.sign(statements.signed_bytes(text)))


def test_a_township_takes_no_statement(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    own = opened(up(world, town, upward.COUNTS).path, banner).manifest
    exchange.receive(banner, [up(world, town, upward.COUNTS).path])
    down = [one.path for one in exchange.send(banner, world.folder / "down")]
    manifest = opened(down[0], town).manifest
    forged = replace(manifest, statement=own.statement, statement_seal=own.statement_seal)
    down[0].write_bytes(bundle.seal(forged, [], banner.device))
    (fate,) = exchange.receive(town, down)
    assert fate.code == "bundle.wrong_sender"


def test_a_dry_run_says_what_it_is_and_keeps_nothing(world: World, banner: Ledger) -> None:
    path = up(world, township(world, banner), upward.COUNTS).path
    (fate,) = exchange.receive(banner, [path], dry_run=True)
    assert (fate.outcome, fate.stated) == ("applied", 2)
    assert stated.received(banner) == []


def test_a_bulletin_over_numbers_recounts(world: World, banner: Ledger) -> None:
    town = township(world, banner)
    exchange.receive(banner, [up(world, town, upward.COUNTS).path])
    issued = reports.make(banner, policy(banner), TODAY)
    fill(town, A[:9] + "202", 9, 700)
    exchange.receive(banner, [up(world, town, upward.DETAIL).path])
    assert issued.content.total.people == 44
    assert bulletins.recount(banner, bulletins.find(banner, issued.number)).equal
