"""The demo: a township and three villages of invented people, made by playing a story through the real functions.

Rosters are imported, payments recorded, bundles sent and received as anybody would; nothing is put into a
ledger by hand.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from gui import wording
from gui.i18n import _
from gui.verbs.lists import write_pdf
from gui.verbs.status import comparable
from storage import asof, policies
from storage.clock import Clock
from storage.commands import exports, facts, payments, people, visits
from storage.commands import money as refunds
from storage.commands.money import Claim, Handing
from storage.commands.payments import Payment
from storage.errors import KnownError
from storage.ledger import Ledger
from storage.policy.amounts import due
from storage.policy.model import Policy
from storage.queries import cards, find, lists, money
from storage.queries import people as register
from storage.queries.visits import VisitFilter, pick
from sync import enrol, exchange, kits
from sync.exchange import Fate
from sync.intake import lists as incoming
from sync.intake import roster
from sync.reports import bulletins
from sync.reports import lists as sheets

PASSPHRASE = "huqing-demo"
TODAY = date(2025, 12, 3)
OFFICE = ("150621102000", "白泥井镇")
VILLAGES = (
    ("150621102200", "查干沟嘎查"),
    ("150621102201", "巴音淖尔嘎查"),
    ("150621102202", "乌兰木独村"),
)
MARKER = "huqing-demo.json"
LISTS = "名单"
"""The folder of lists to try, in the demo's."""
_POLICY = "example-2026"
_TAX_LIST = "税务缴费明细1121.csv"
_ISSUED = datetime(2025, 11, 28, 9, 30)
"""When the week's bulletin was issued, after the files of that morning."""
_BEGINS = date(2025, 9, 1)
_BEFORE_FEN = 40000  # what everybody paid for the year before
Row = dict[str, str]


@dataclass(slots=True)
class Made:
    """What the demo made, with paths relative to its folder; ``equal`` when both offices show the same."""

    folder: Path
    ledgers: dict[str, str] = field(default_factory=dict)
    kits: list[str] = field(default_factory=list)
    bundles: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    received: dict[str, int] = field(default_factory=dict)
    equal: bool = False


def village_folder(folder: Path, scope: str = VILLAGES[0][0]) -> Path:
    """Where a village's ledger lies in a demo folder."""
    return folder / f"village-{scope[-3:]}"


def office_folder(folder: Path) -> Path:
    """Where the office's ledger lies in a demo folder."""
    return folder / "office"


def is_ready(folder: Path) -> bool:
    """Whether this very demo was made in ``folder`` before."""
    try:
        return bool(json.loads((folder / MARKER).read_text("utf-8"))["story"] == _digest())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def make(folder: Path, data_dir: Path, tell: Callable[[str], None] = lambda text: None) -> Made:
    """Make the demo anew in ``folder``; KnownError demo.not_empty where something else lies there."""
    _clear(folder)
    with ExitStack() as stack:
        play = _Play(folder, data_dir, stack)
        tell(_("Setting up the office and its villages"))
        play.set_up()
        tell(_("Importing rosters, recording, sending and receiving"))
        for row in story():
            play.act(row)
        tell(_("A second office receives the same bundles in another order"))
        play.compare()
        tell(_("Printing lists"))
        play.print()
    _lay_out_lists(folder / LISTS)
    marker = {"story": _digest(), "passphrase": PASSPHRASE, "today": TODAY.isoformat()}
    (folder / MARKER).write_text(json.dumps(marker, indent=1), encoding="utf-8")
    return play.made


def work_on(folder: Path, data_dir: Path) -> None:
    """Let the demo's office go on for a morning: last week's bulletin, a list of the tax office read in.

    For pictures of an office at work; the office then holds more than the second one, which the demo itself must not.
    """
    policy, clock = policies.load(_POLICY), Clock(TODAY)
    with (
        Ledger.open(office_folder(folder), passphrase=PASSPHRASE, data_dir=data_dir, clock=clock) as office,
        as_file(files("resources") / "demo" / _TAX_LIST) as path,
    ):
        incoming.apply(office, incoming.stage(office, path))
        with closing(asof.at(office, _ISSUED.astimezone())) as then:
            bulletins.make(then, policy, _ISSUED.date())


def _lay_out_lists(folder: Path) -> None:
    """Put lists of other offices beside the ledgers, for trying what taking one over does."""
    folder.mkdir()
    for item in (files("resources") / "demo" / "lists").iterdir():
        (folder / item.name).write_bytes(item.read_bytes())


def story() -> Iterator[Row]:
    """What happened, in order: one row a fact, about the people named by their ID numbers."""
    text = (files("resources") / "demo" / "story.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def _digest() -> str:
    digest = hashlib.blake2b(digest_size=12)
    for item in sorted((files("resources") / "demo").iterdir(), key=lambda one: one.name):
        if item.is_file():
            digest.update(item.name.encode() + item.read_bytes())
    return digest.hexdigest()


def _clear(folder: Path) -> None:
    """Make room for the demo, but only where a demo was."""
    if folder.exists() and not folder.is_dir():
        raise KnownError("demo.not_empty", path=str(folder))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise KnownError("demo.not_empty", path=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    for item in folder.iterdir():
        if item.is_dir():
            shutil.rmtree(item)
        else:
            item.unlink()
    # From here on the folder is the demo's, even if making it is broken off.
    (folder / MARKER).write_text("{}", encoding="utf-8")


class _Time:
    """The clock of the story: it stands where the last row put it."""

    def __init__(self) -> None:
        self._ms = 0
        self.set(_BEGINS, "08:30")
        self.clock = Clock(now_ms=lambda: self._ms)

    def set(self, day: date, at: str) -> None:
        self._ms = int(datetime.combine(day, time.fromisoformat(at)).timestamp() * 1000)


class _Play:
    """The stage: ledgers by scope, the clock they share, and what has been made so far."""

    def __init__(self, folder: Path, data_dir: Path, stack: ExitStack) -> None:
        self.made = Made(folder)
        self._data_dir = data_dir
        self._stack = stack
        self._time = _Time()
        self._ledgers: dict[str, Ledger] = {}
        self._policy: Policy = policies.load(_POLICY)
        self._sent: list[Path] = []

    # ---- beginning

    def set_up(self) -> None:
        """Make the office, its kits, a copy of it from before anything came, and the villages."""
        folder = self.made.folder
        code, title = OFFICE
        names = {row["ledger"]: row["operator"] for row in story()}
        office = enrol.create_office(
            office_folder(folder), code, title, policy=_POLICY, operator=names[code], **self._who()
        )
        with office:
            for village, name in VILLAGES:
                path = folder / "kits" / f"{village[-3:]}-{name}.hqk"
                kits.make(office, village, name, path)
                self.made.kits.append(self._relative(path))
        shutil.copytree(office_folder(folder), folder / "second-office")
        for path in (office_folder(folder), folder / "second-office"):
            self._keep(code if path.name == "office" else "second", Ledger.open(path, **self._who()))
        for village, name in VILLAGES:
            path = folder / "kits" / f"{village[-3:]}-{name}.hqk"
            where = village_folder(folder, village)
            ledger = enrol.open_kit(where, path, operator=names[village], **self._who())
            self._keep(village, ledger)

    def _who(self) -> dict[str, Any]:
        return {"passphrase": PASSPHRASE, "data_dir": self._data_dir, "clock": self._time.clock}

    def _keep(self, scope: str, ledger: Ledger) -> None:
        self._ledgers[scope] = self._stack.enter_context(ledger)
        self.made.ledgers[scope] = self._relative(ledger.folder)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.made.folder).as_posix()

    # ---- the story

    def act(self, row: Row) -> None:
        """Do what one row of the story says."""
        ledger = self._ledgers[row["ledger"]]
        self._time.set(date.fromisoformat(row["on"]), row["at"])
        ledger.sign_as(row["operator"])
        match row["fact"]:
            case "intake":
                with as_file(files("resources") / "demo" / row["note"]) as path:
                    roster.apply(ledger, roster.stage(ledger, path))
            case "send":
                for sent in exchange.send(ledger, self.made.folder / "bundles"):
                    self._sent.append(sent.path)
                    self.made.bundles.append(self._relative(sent.path))
            case "receive":
                self._count(exchange.receive(ledger, self._sent))
            case "answer":
                self._answer(ledger, row["who"].split())
            case _:
                self._record(ledger, row)

    def _answer(self, office: Ledger, villages: list[str]) -> None:
        """Let the office's files, with their receipts, reach some of the villages."""
        for sent in exchange.send(office, self.made.folder / "answers"):
            if sent.scope in villages:
                exchange.receive(self._ledgers[sent.scope], [sent.path])

    def _count(self, fates: list[Fate]) -> None:
        for fate in fates:
            self.made.received[fate.outcome] = self.made.received.get(fate.outcome, 0) + 1

    def _record(self, ledger: Ledger, row: Row) -> None:
        found = [find.by_id_number(ledger, text)[0] for text in row["who"].split()]
        records = [hit.record for hit in found]
        on, year = date.fromisoformat(row["on"]), self._policy.year
        retry = date.fromisoformat(row["retry"]) if row["retry"] else None
        reason, note = row["reason"], row["note"]
        match row["fact"]:
            case "paid":
                payments.record_each(ledger, self._payments(ledger, records, row), year=year, today=on)
            case "void":
                payments.void(ledger, self._claim(ledger, records[0]), note)
            case "credential":
                facts.credential(ledger, records, row["way"], on=on, today=on)
            case "assist":
                facts.assistance(ledger, records, reason, what=row["what"], on=retry, note=note, year=year)
            case "not-insured":
                facts.absence(ledger, records, reason, note=note, on=None, year=year)
            case "new":
                facts.new_enrollee(ledger, records, year)
            case "group":
                facts.grant(ledger, records, reason, source=note, since=None, year=year)
            case "phone":
                people.correct(ledger, records[0], "contact", phone=note)
            case "paid-before":
                before = Payment(_BEFORE_FEN, date.fromisoformat(row["what"]), row["channel"])
                payments.record(ledger, records, before, year=year - 1, today=on)
            case "refund":
                self._refund(ledger, records, row, on)
            case "visit":
                visits.record(ledger, found[0].household, reason, on=on, today=on, retry_on=retry, note=note)

    def _refund(self, ledger: Ledger, records: list[str], row: Row, on: date) -> None:
        """One step of the refunds of these people: applied, received, handed or signed."""
        lines = money.read(ledger, self._policy, on).refunds
        wanted = [line for line in lines if line.resident in records]
        claims = [
            Claim(line.scope, line.resident, line.reason, line.reckoned_fen, line.group, line.department)
            for line in wanted
        ]
        amounts = {claim: claim.fen for claim in claims}
        policy, note = self._policy, row["note"]
        match row["reason"]:
            case "applied":
                refunds.apply(ledger, policy, claims, on=on, by=row["operator"], today=on)
            case "received":
                total = sum(amounts.values())
                refunds.receive(
                    ledger, policy, amounts, total, on=on, source=row["payer"], batch=note, today=on
                )
            case "handed":
                handing = Handing(on, "", row["operator"], row["what"])
                refunds.hand(ledger, policy, amounts, handing, today=on)
            case "signed":
                refunds.sign(ledger, policy, claims, on=on, role=row["what"], today=on)

    def _payments(self, ledger: Ledger, records: list[str], row: Row) -> dict[str, Payment]:
        """What the policy asks of each; the story names no amounts."""
        on = date.fromisoformat(row["on"])
        said = (on, row["channel"], row["receipt"], row["payer"], row["advanced_by"])
        found = {}
        for person in register.load(ledger, self._policy.year, residents=records):
            amount = due(self._policy, person.groups).pay_now_fen
            if amount:
                found[person.record] = Payment(amount, *said)
        return found

    def _claim(self, ledger: Ledger, record: str) -> str:
        (person,) = register.load(ledger, self._policy.year, residents=[record])
        return person.claims[0].record

    # ---- the end

    def compare(self) -> None:
        """Let a second office receive everything backwards, one file twice under another name."""
        second = self._ledgers["second"]
        again = self._sent[0].with_name(f"{self._sent[0].stem}(1){self._sent[0].suffix}")
        shutil.copyfile(self._sent[0], again)
        exchange.receive(second, [*reversed(self._sent), again])
        again.unlink()
        self.made.equal = comparable(self._ledgers[OFFICE[0]]) == comparable(second)

    def print(self) -> None:
        """Print the first village's lists on the day the demo is about."""
        self._time.set(TODAY, "08:50")
        scope, title = VILLAGES[0]
        ledger = self._ledgers[scope]
        found = cards.household_cards(ledger, self._policy, TODAY, scope)
        folder = self.made.folder / "papers"
        folder.mkdir()
        wanted = VisitFilter(unpaid=True, needs_help=True)
        picked = pick(found, wanted)
        filter_text = wording.filter_text(wanted)
        kept = visits.keep_list(ledger, picked.residents, filter_text=filter_text, today=TODAY)
        sheet = wording.visit_sheet(
            self._policy,
            picked,
            wanted,
            scope=scope,
            title=title,
            list_number=kept.number,
            record=kept.record,
            today=TODAY,
        )
        head = sheets.Heading(title, self._policy, TODAY, ledger.operator)
        names = [
            folder / name
            for name in ("走访清单01.pdf", "走访清单01.xlsx", "新参人员.xlsx", "不能自主缴费人员.xlsx")
        ]
        write_pdf(sheet, names[0])
        sheets.visit_list(names[1], sheet)
        sheets.new_enrollees(names[2], lists.new_enrollees(found), head)
        sheets.cannot_pay_alone(names[3], lists.cannot_pay_alone(found), head)
        exports.note(ledger, "visit_list", names[0], rows=len(picked.residents), masked=True)
        self.made.papers = [self._relative(path) for path in names]
