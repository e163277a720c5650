"""A season of a township: whatever happens on the way, in the end every ledger says what was truly acknowledged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from storage.ledger import Edit, Ledger
from sync import devices
from sync.reports import bulletins
from tests.proof import counts
from tests.proof.season import judging, lists
from tests.proof.season.acts import Week
from tests.proof.season.town import START, Town, without_backups
from tests.unit.storage.worlds import cheap_keys

__all__ = ["cheap_keys"]


@dataclass(frozen=True)
class Plan:
    """How long and how large a season is, and in which weeks what befalls it."""

    villages: int
    people: int
    weeks: int

    def week(self, share: float) -> int:
        """Return the week that lies at a share of the season."""
        return max(1, min(self.weeks - 1, round(self.weeks * share)))


SMALL, WHOLE = Plan(6, 12, 4), Plan(30, 36, 12)


class Season:
    """One season: its township, what was printed, and the lists that were delivered."""

    def __init__(self, folder: Path, seed: int, plan: Plan) -> None:
        self.folder, self.plan, self.rng = folder, plan, Random(seed)
        self.town = Town(folder, self.rng, plan.villages, plan.people)
        self.printed: dict[str, tuple[int, int]] = {}
        self.delivered: list[Path] = []
        self.wrong: list[tuple[str, str, str]] = []
        self.stopped: Ledger | None = None

    def run(self) -> None:
        """Let it pass, then judge."""
        self.town.begin()
        for number in range(self.plan.weeks):
            try:
                self._week(number)
            except BaseException as error:
                error.add_note(f"in week {number}")
                raise
        self._end()

    # ---- a week

    def _week(self, number: int) -> None:
        town = self.town
        town.on(START + timedelta(weeks=number))
        wild = {
            town.machines[code]: timedelta(hours=self.rng.choice((-40_000, -30, 9, 30, 70_000)))
            for code in self.rng.sample(town.codes, 2)
        }
        self._befalls(number)
        clerks = sorted(town.clerks)
        town.set_clocks(wild)
        week = Week(town)
        week.take_back(self.wrong)
        for code in town.codes:
            week.village(code)
            if number >= self.plan.week(0.4):
                week.refunds(code)
        week.office()
        week.batch(number)
        if number == self.plan.week(0.5):
            week.claim_twice(*self.rng.sample(town.codes, 2))
        self._post()
        town.set_clocks()
        week.taxed()
        self.wrong = week.wrong
        self._lists(number)
        if self.rng.random() < 0.8:
            town.meet()
        who = [self.rng.choice(clerks)] if number % 3 else clerks  # sometimes all at once
        for name in who:
            issued = bulletins.make(town.clerks[name], town.policy, town.day)
            self.printed[issued.record] = (issued.content.total.people, issued.content.total.paid)

    def _befalls(self, number: int) -> None:
        """Let happen what happens once: colleagues come and go, ledgers are lost, restored, begun anew."""
        town, plan = self.town, self.plan
        back, anew = town.codes[0], town.codes[1]
        if number == plan.week(0.2):
            town.admit("b")
            town.save(back)
        if number == plan.week(0.4):
            town.admit("c")
        if number == plan.week(0.6):
            town.settle_post(back)
            town.restore(back)
        if number == plan.week(0.7):
            town.settle_post(anew)
            lost = town.replace(anew)
            devices.revoke(town.clerks["a"], lost.device.verify_key, "电脑丢失")
        if number == plan.week(0.9) and "c" in town.clerks:
            town.meet()
            self.stopped = town.clerks.pop("c")
            devices.revoke(town.clerks["a"], self.stopped.device.verify_key, "电脑丢失")
            town.post.fine |= {"bundle.device_revoked"}

    def _post(self) -> None:
        """Let everybody send; the files go their ways."""
        town = self.town
        carried = town.post.arrived_late()
        for village in town.villages.values():
            carried += town.post.carry(town.post.send(village), sorted(town.clerks))
        for name, clerk in town.clerks.items():
            for path in town.post.send(clerk):
                code = next((one for one in town.codes if path.name.startswith(f"{one[-3:]}-")), "")
                others = [code] if code else [one for one in town.clerks if one != name]
                carried += town.post.carry([path], others) if others else []
        for whom in sorted({whom for _, whom in carried}):
            ledger = town.villages.get(whom) or town.clerks.get(whom)
            if ledger is not None:
                town.post.hand(ledger, [path for path, where in carried if where == whom])

    def _lists(self, number: int) -> None:
        """Let the offices deliver their lists: to any clerk, sometimes late, sometimes again."""
        town, truth = self.town, self.town.truth
        if number == self.plan.week(0.25):
            for one in self.rng.sample(sorted(truth.people), len(truth.people) // 8):
                truth.people[one].dibao = truth.people[one].record not in town.moved
            people = [one for one in truth.people.values() if one.dibao]
            self.delivered.append(lists.civil(self.folder / "lists" / "民政局.xlsx", people, town.titles))
            lists.take(town.clerk(), self.delivered[-1])
        people = [one for one in truth.people.values() if one.taxed]
        if people:
            self.delivered.append(lists.tax(self.folder / "lists" / f"税务{number}.xlsx", people))
            if self.rng.random() < 0.7:
                lists.take(town.clerk(), self.delivered[-1])
            if self.rng.random() < 0.4:  # an old one again, or for the first time
                lists.take(town.clerk(), self.rng.choice(self.delivered))

    # ---- the end

    def _end(self) -> None:
        town = self.town
        town.on(START + timedelta(weeks=self.plan.weeks))
        Week(town).take_back(self.wrong)
        if self.stopped is not None:
            self._late_of_stopped(self.stopped)
        judging.converge(town)
        for path in self.delivered:
            lists.take(town.clerk(), path)
            town.meet()
        judging.converge(town)
        judging.everybody_agrees(town)
        judging.everybody_counts_once(town)
        judging.every_fen_is_there(town)
        judging.telephones_are_somebody_s(town)
        counts.done["recounted"] += judging.bulletins_recount(town, self.printed)
        counts.done["acts"] += town.truth.acts
        counts.done["files"] += town.post.files
        counts.done["files lost"] += town.post.lost

    def _late_of_stopped(self, stopped: Ledger) -> None:
        """Let the computer that was stopped send what it wrote since: it is kept, and counts nowhere."""
        town = self.town
        code, record = next(
            (one.village, one.record)
            for one in town.truth.people.values()
            if stopped.state_of("resident", one.record, one.village)
        )
        phone = {"contact": {"phone": "13000000000"}}
        stopped.write([Edit("resident", record, phone, scope=code)])
        paths = [path for path in town.post.send(stopped) if "同事" in path.name]
        (fate,) = town.post.hand(town.clerks["a"], paths)
        assert fate.held_back > 0
        shown = town.clerks["a"].state_of("resident", record, code).get("contact")
        assert shown is None or shown.value != phone["contact"]


@pytest.fixture
def no_backups() -> Iterator[None]:
    """Spare the backups nobody goes back to."""
    with without_backups():
        yield


def run(folder: Path, seed: int, plan: Plan) -> None:
    """Let a season pass; a failure names it."""
    season = Season(folder, seed, plan)
    try:
        season.run()
    except BaseException as error:
        error.add_note(f"season {seed} of {plan}")
        raise
    finally:
        season.town.close()
    counts.done["seasons"] += 1


@pytest.mark.usefixtures("no_backups")
def test_a_small_season_ends_in_the_truth(tmp_path: Path) -> None:
    run(tmp_path, 7, SMALL)


@pytest.mark.slow
@pytest.mark.usefixtures("no_backups")
@pytest.mark.parametrize("seed", range(10))
def test_small_seasons(tmp_path: Path, seed: int) -> None:
    run(tmp_path, seed, SMALL)


@pytest.mark.slow
@pytest.mark.usefixtures("no_backups")
def test_a_whole_season(tmp_path: Path) -> None:
    run(tmp_path, Random().randrange(10**6), WHOLE)
