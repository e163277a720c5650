"""The plan library and coming and going as forms: columns add up, the sums are everybody once, people carry a cause."""

from collections import Counter
from typing import Any

import pytest

from storage import policies
from storage.ledger import Edit, Ledger
from storage.queries import flow, library
from sync.reports import filling, forms
from tests.unit.storage.worlds import TODAY, VILLAGE_CODE, World, cheap_keys, id_number, paid, world
from tests.unit.sync.reports.test_outputs import OTHER, people_edits

__all__ = ["cheap_keys", "world"]
POLICY = policies.load("example-2026")


@pytest.fixture
def office(world: World) -> Ledger:
    """Two villages of which one person stands in both; some were insured last year, some are paused."""
    made = world.office()
    made.write(people_edits(48))
    made.write(people_edits(12, 100, OTHER))
    last = [Edit("payment", f"l{one}", paid(f"r{one}", year=2025), VILLAGE_CODE) for one in range(0, 48, 2)]
    state = {"scheme": "390", "scheme_state": "2"}
    cover = [
        Edit("coverage", f"c{one}", {"link": {"resident": f"r{one}"}, "state": state}, VILLAGE_CODE)
        for one in (8, 16, 40)
    ]
    made.write([*last, *cover])
    for scope in (VILLAGE_CODE, OTHER):
        identity = {"identity": {"name": "两村人", "id_number": id_number(900)}}
        made.write([Edit("resident", f"{scope}x", identity, scope)])
    return made


def made(
    ledger: Ledger, code: str, scope: str = ""
) -> tuple[list[dict[str, Any]], tuple[object, ...] | None]:
    form = forms.built_in()[code]
    wish = filling.wanted(ledger, POLICY, TODAY, scope)
    found = filling.fill(form, filling.read(ledger, form, wish), filling.paper(ledger, wish, form))
    titles = [spec.title for spec in found.columns]
    return [dict(zip(titles, row, strict=True)) for row in found.rows], found.sums


def test_the_library_of_villages_adds_up(office: Ledger) -> None:
    rows, sums = made(office, "plan_villages")
    titles = [spec.title for spec in forms.built_in()["plan_villages"].specs()]
    assert len(rows) == 2 and sums is not None
    whole = dict(zip(titles, sums, strict=True))
    settled = titles[titles.index("已说明原因") + 1 : titles.index("待动员参保")]
    for row in (*rows, whole):
        assert row["花名册人数"] == row["本地已参保"] + row["已说明原因"] + row["待动员参保"]
        assert sum(row[title] for title in settled) == row["已说明原因"] > 0
        assert row["断保"] + row["停保"] + row["漏保"] == row["待动员参保"]
        assert row["户籍人口（统计局）"] is None and row["户籍人口相差"] is None
    # Who stands in both villages stands in the sum once.
    assert sum(row["花名册人数"] for row in rows) == whole["花名册人数"] + 1
    assert (rows[0]["停保"], rows[1]["停保"]) == (3, 0)
    lone, none = made(office, "plan_villages", VILLAGE_CODE)
    assert none is None and {**lone[0], "序号": 1} == {**rows[0], "序号": 1}


def test_people_carry_the_cause_the_library_counts(office: Ledger) -> None:
    for scope in ("", VILLAGE_CODE, OTHER):
        rows, _ = made(office, "plan_library", scope)
        told = Counter(row["参保状态分类"] for row in rows)
        lines = {
            line.code: line.people
            for line in library.lines(POLICY, library.read(office, POLICY).facts(POLICY, "", scope))
        }
        assert len(rows) == lines["people"] - lines["insured"]
        wanted = {
            "断保": "open.lapsed",
            "停保": "open.paused",
            "漏保": "open.missed",
            "已说明原因": "settled",
        }
        assert {word: told[word] for word in wanted} == {word: lines[code] for word, code in wanted.items()}


def test_coming_and_going_closes(office: Ledger) -> None:
    rows, sums = made(office, "flow")
    titles = [spec.title for spec in forms.built_in()["flow"].specs()]
    assert sums is not None
    whole = dict(zip(titles, sums, strict=True))
    for row in (*rows, whole):
        assert row["上年参保"] + row["本年增加"] - row["本年减少"] - row["断保"] == row["本年参保"]
        assert row["新生儿"] + row["迁入"] + row["断保后续保"] + row["新参保"] == row["本年增加"]
        assert row["死亡"] + row["迁出"] + row["已在别处参保"] + row["其他认可原因"] == row["本年减少"]
    assert whole["上年参保"] == flow.read(office, POLICY).whole.last > 0
    assert made(office, "flow", OTHER)[1] is None
