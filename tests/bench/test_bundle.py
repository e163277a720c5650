"""A bundle of 5,000 people built, opened and applied, against executemany of the same rows."""

from pathlib import Path

from storage.clock import Clock
from storage.ledger import Ledger
from sync import enrol, exchange, kits, segments
from tests.bench import bare
from tests.bench.conftest import TODAY, Compare, edits

PEOPLE = 5_000


def _office(folder: Path, name: str) -> Ledger:
    return enrol.create_office(
        folder / name,
        "150621102000",
        "白泥井镇",
        passphrase="bench",
        operator="bench",
        data_dir=folder / "data",
        clock=Clock(TODAY),
    )


def test_bundle(tmp_path: Path, compare: Compare) -> None:
    rounds = 3
    offices = iter([_office(tmp_path, f"office{number}") for number in range(rounds)])
    first = _office(tmp_path, "first")
    kits.make(first, "150621102200", "查干沟嘎查村", tmp_path / "kit.hqk")
    village = enrol.open_kit(
        tmp_path / "village",
        tmp_path / "kit.hqk",
        passphrase="bench",
        operator="bench",
        data_dir=tmp_path / "data",
        clock=Clock(TODAY),
    )
    village.write(edits(PEOPLE))
    segments.sign_open_operations(village)

    def build_and_apply() -> None:
        office = next(offices)
        _lend(first, office)
        sent = exchange.send(village, tmp_path / "out")
        fates = exchange.receive(office, [sent[0].path])
        assert fates[0].outcome == "applied", fates

    rows = bare.rows_of(village)
    number = iter(range(rounds))
    compare(
        f"bundle of {PEOPLE} people, built + opened + applied",
        build_and_apply,
        lambda: bare.insert(tmp_path / f"bare{next(number)}.db", rows),
        aim=2.5,
        rounds=rounds,
    )
    again = exchange.send(village, tmp_path / "out")[0].path
    exchange.receive(first, [again])
    number_again = iter(range(100, 100 + rounds))
    compare(
        "the same bundle again",
        lambda: exchange.receive(first, [again]),
        lambda: bare.insert(tmp_path / f"bare{next(number_again)}.db", rows),
        aim=0.2,
        rounds=rounds,
    )


def _lend(first: Ledger, office: Ledger) -> None:
    """Give ``office`` the keys and the kit of the first, so that one village's file fits several."""
    for key in ("age_secret", "sign_secret", "id_key"):
        office.set_meta(key, first.meta(key))
    office.connection.executemany(
        "INSERT INTO kit (secret, scope, title, made_on) VALUES (?, ?, ?, ?)",
        first.connection.execute("SELECT secret, scope, title, made_on FROM kit").fetchall(),
    )
