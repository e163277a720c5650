"""A receiving from folder to receipts: what lay there, what became of each file, what changed, what went back."""

import itertools
import shutil
from pathlib import Path

import pytest

from storage.errors import KnownError
from storage.ledger import Edit, Ledger
from storage.queries import received
from sync import exchange, gathering, sessions
from sync.exchange import Fate
from tests.unit.storage.worlds import (
    OTHER_CODE,
    VILLAGE_CODE,
    World,
    cheap_keys,
    everything,
    paid,
    person,
    world,
)

__all__ = ["cheap_keys", "world"]


@pytest.fixture
def office(world: World) -> Ledger:
    return world.office()


@pytest.fixture
def village(world: World, office: Ledger) -> Ledger:
    made = world.village(office)
    made.write([person("a", "王伟"), person("b", "李娜")])
    return made


@pytest.fixture
def other(world: World, office: Ledger) -> Ledger:
    made = world.village(office, "other", OTHER_CODE)
    made.write([person("c", "赵敏"), Edit("payment", "p", paid("c"))])
    return made


def laid(folder: Path, *files: Path, deep: str = "") -> Path:
    (folder / deep).mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(files):
        shutil.copy(file, folder / deep / f"{number}-{file.name}")
    return folder


# ---- which files


def test_a_folder_stands_for_every_bundle_below_whatever_it_is_called(
    world: World, village: Ledger, tmp_path: Path
) -> None:
    (sent,) = world.send(village)
    desk = laid(tmp_path / "desk", sent, deep="微信/周一")
    shutil.copy(sent, desk / "改了名字")
    shutil.copy(sent, desk / "报送.HQB")
    for name in (
        "花名册.xlsx",
        "全部.zip",
        "求助.hqh",
        "启用.hqk",
        "读我.txt",
        "半.hqb.part",
        "~$花名册.xlsx",
        ".sync.hqb",
    ):
        (desk / name).write_bytes(b"PK")
    found = gathering.gather([desk, desk / "报送.HQB", tmp_path / "gone.hqb"])
    assert [path.name for path in found.files] == [
        "报送.HQB", "改了名字", f"0-{sent.name}", "gone.hqb",
    ]  # fmt: skip
    assert {(one.name, one.what) for one in found.passed} == {
        ("花名册.xlsx", "list"), ("全部.zip", "packed"), ("求助.hqh", "help_request"), ("启用.hqk", "kit"),
        ("读我.txt", "other"), ("半.hqb.part", "half"),
    }  # fmt: skip
    assert found.empty == ()


def test_a_folder_without_a_bundle_is_named(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert gathering.gather([tmp_path / "空"]).empty == ("空",)


# ---- what became of each


def test_each_fate_is_told_at_once_and_kept(
    world: World, office: Ledger, village: Ledger, other: Ledger, tmp_path: Path
) -> None:
    first = world.send(village)
    village.write([person("d", "孙丽")])
    desk = laid(tmp_path / "desk", *first, *first, *world.send(village), *world.send(other))
    (desk / "坏.hqb").write_bytes(b"nothing")
    told: list[Fate] = []
    found = sessions.hold(office, [desk], told=told.append)
    assert [(fate.outcome, fate.code) for fate in told] == [
        ("applied", ""),
        ("known", "bundle.doubled"),
        ("applied", ""),
        ("applied", ""),
        ("refused", "bundle.not_a_bundle"),
    ]
    (kept,) = sessions.sessions(office)
    assert kept == found.session == sessions.opened(office, 1)
    assert [line.code for line in kept.files] == [fate.code for fate in told]
    assert kept.places == (VILLAGE_CODE, OTHER_CODE)
    assert "王伟" not in str(office.meta("received 00000001"))


def test_why_nothing_was_new_is_told_by_the_nearest_reason(
    world: World, office: Ledger, village: Ledger
) -> None:
    (first,) = world.send(village)
    village.write([person("d", "孙丽")])
    (second,) = world.send(village)
    assert [fate.code for fate in exchange.receive(office, [second])] == [""]
    assert [fate.code for fate in exchange.receive(office, [first])] == ["bundle.overtaken"]
    (again,) = exchange.receive(office, [second])
    assert (again.code, again.params) == (
        "bundle.again",
        {"day": "2025-12-03", "file": second.name},
    )
    (third,) = world.send(village)
    assert [fate.code for fate in exchange.receive(office, [third])] == ["bundle.no_news"]


def test_a_file_of_our_own_is_told_for_whom_it_is(
    world: World, office: Ledger, village: Ledger, other: Ledger
) -> None:
    exchange.receive(office, [*world.send(village), *world.send(other)])
    own = world.send(office)
    assert [
        (fate.outcome, fate.code, (fate.params or {})["title"]) for fate in exchange.receive(office, own)
    ] == [
        ("refused", "bundle.ours", "查干沟嘎查村"),
        ("refused", "bundle.ours", "柳沟村"),
    ]
    (foreign,) = exchange.receive(village, own[1:])
    assert foreign.code == "bundle.not_for_us"


def test_every_order_ends_alike_also_of_what_is_told(world: World, tmp_path: Path) -> None:
    """The second file builds on the first, which the office had and lost: in any order both are whole at the end."""
    ends = set()
    for number, order in enumerate(itertools.permutations(range(3))):
        place = World(tmp_path / str(number))
        office = place.office()
        village = place.village(office)
        village.write([person("a", "王伟")])
        (one,) = place.send(village)
        copy = place.office("copy")
        for key in ("age_secret", "sign_secret", "id_key"):
            copy.set_meta(key, office.meta(key))
        rows = office.connection.execute("SELECT secret, scope, title, made_on FROM kit").fetchall()
        copy.connection.executemany(
            "INSERT INTO kit (secret, scope, title, made_on) VALUES (?, ?, ?, ?)", rows
        )
        exchange.receive(office, [one])
        exchange.receive(village, place.send(office))
        village.write([person("b", "李娜")])
        (two,) = place.send(village)
        village.write([person("c", "赵敏")])
        (three,) = place.send(village)
        files = [one, two, three]
        fates = exchange.receive(copy, [files[place] for place in order])
        assert {fate.outcome for fate in fates} <= {"applied", "known"}, (order, fates)
        assert sum(fate.fresh for fate in fates) == 4  # the people and the name of the village
        outcomes = copy.connection.execute(
            "SELECT DISTINCT outcome FROM bundle WHERE direction = 'in'"
        ).fetchall()
        assert {row[0] for row in outcomes} <= {"applied", "known"}
        ends.add(copy.connection.execute("SELECT count(*) FROM resident").fetchone()[0])
        place.close()
    assert ends == {3}


def test_what_lacks_an_earlier_file_stays_incomplete(
    world: World, office: Ledger, village: Ledger, tmp_path: Path
) -> None:
    exchange.receive(office, world.send(village))
    exchange.receive(village, world.send(office))
    village.write([person("d", "孙丽")])
    (late,) = world.send(village)
    fresh = world.office("fresh")
    for key in ("age_secret", "sign_secret", "id_key"):
        fresh.set_meta(key, office.meta(key))
    rows = office.connection.execute("SELECT secret, scope, title, made_on FROM kit").fetchall()
    fresh.connection.executemany("INSERT INTO kit (secret, scope, title, made_on) VALUES (?, ?, ?, ?)", rows)
    found = sessions.hold(fresh, [late])
    (line,) = found.session.files
    assert (line.outcome, line.code, line.missing > 0) == ("incomplete", "bundle.incomplete", True)


def test_stopping_leaves_whole_files_and_says_how_many_were_not_begun(
    world: World, office: Ledger, village: Ledger, other: Ledger, tmp_path: Path
) -> None:
    desk = laid(tmp_path / "desk", *world.send(village), *world.send(other))
    begun: list[Fate] = []
    found = sessions.hold(office, [desk], told=begun.append, cancelled=lambda: len(begun) > 0)
    assert (len(found.session.files), found.session.left, len(found.files)) == (1, 1, 1)
    before = {table: rows for table, rows in everything(office).items() if table != "meta"}
    assert sessions.hold(office, [desk / "nobody.txt"]).session.files[0].outcome == "refused"
    after = {table: rows for table, rows in everything(office).items() if table != "meta"}
    assert after == before


def test_nothing_at_all_is_no_session(office: Ledger, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    found = sessions.hold(office, [tmp_path / "空"])
    assert (found.session.number, found.session.empty, sessions.sessions(office)) == (0, ["空"], [])


# ---- what changed


def test_what_changed_is_counted_in_people_by_place_and_opens_to_them(
    world: World, office: Ledger, village: Ledger, other: Ledger
) -> None:
    exchange.receive(office, world.send(village))
    village.write(
        [Edit("payment", "q", paid("a")), Edit("resident", "b", {"contact": {"phone": "13800000001"}})]
    )
    found = sessions.hold(office, [*world.send(village), *world.send(other)])
    rows = received.touched(office, found.session.span)
    counts = {
        news.scope: {name: count for name, count in news.counts.items() if count}
        for news in received.news(rows)
    }
    assert counts == {VILLAGE_CODE: {"changed": 2, "paid": 1}, OTHER_CODE: {"new": 1, "paid": 1}}
    (one,) = received.touched(office, found.session.span, OTHER_CODE)
    assert (one.whose.name, set(one.kinds)) == ("赵敏", {"resident", "payment"})
    village.write([Edit("payment", "q", {"void": {"void_reason": "double"}})])
    later = sessions.hold(office, world.send(village))
    (gone,) = received.touched(office, later.session.span)
    assert gone.figures >= {"changed", "voided"}
    # The first session still says what it said.
    again = {
        news.scope: news.counts["paid"]
        for news in received.news(received.touched(office, found.session.span))
    }
    assert again == {VILLAGE_CODE: 1, OTHER_CODE: 1}


# ---- receipts


def test_receipts_are_written_back_one_for_each_place_and_said_to_whom(
    world: World, office: Ledger, village: Ledger, other: Ledger, tmp_path: Path
) -> None:
    silent = world.village(office, "silent", "150621102202")
    exchange.receive(office, world.send(silent))
    found = sessions.hold(office, [*world.send(village), *world.send(village), *world.send(other)])
    session, sent = sessions.reply(office, found.session.number, tmp_path / "back")
    assert [(one.scope, one.files) for one in session.replies] == [(VILLAGE_CODE, 2), (OTHER_CODE, 1)]
    assert sorted(path.name for path in (tmp_path / "back").iterdir()) == sorted(
        one.name for one in session.replies
    )
    assert sessions.opened(office, session.number).replies == session.replies
    for ledger, one in zip((village, other), sent, strict=True):
        exchange.receive(ledger, [one.path])
        receipts = ledger.connection.execute("SELECT receipt FROM bundle WHERE direction = 'out'").fetchall()
        assert all(row[0] in ("applied", "known") for row in receipts), receipts


def test_where_nothing_was_taken_in_nobody_is_owed_a_receipt(office: Ledger, tmp_path: Path) -> None:
    bad = tmp_path / "坏.hqb"
    bad.write_bytes(b"nothing")
    found = sessions.hold(office, [bad])
    with pytest.raises(KnownError, match=r"session\.nobody"):
        sessions.reply(office, found.session.number, tmp_path / "back")
    with pytest.raises(KnownError, match=r"session\.unknown"):
        sessions.opened(office, 99)


def test_the_oldest_sessions_are_forgotten(
    office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_MOST", 3)
    for _number in range(6):
        sessions.hold(office, [tmp_path / "gone.hqb"])
    assert [one.number for one in sessions.sessions(office)] == [6, 5, 4]
