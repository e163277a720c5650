"""docs/policies.md: its example is a sound policy, its table names every field there is."""

import re
from pathlib import Path

from msgspec.structs import fields

from storage import policies
from storage.policy.check import problems
from storage.policy.model import Policy

PAGE = (Path(__file__).parents[4] / "docs" / "policies.md").read_text(encoding="utf-8")


def test_the_example_is_a_sound_policy() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    policy, _ = policies.whole(text, "guide")
    assert list(problems(policy)) == []
    assert (policy.year, policy.personal_fen, policy.waiting.late_months) == (2026, 40000, 3)
    dibao = policy.group("dibao")
    assert dibao is not None and (dibao.mode, dibao.department) == ("refund", "民政局")


def test_the_table_names_every_field() -> None:
    table = PAGE.partition("| field | says |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(field.name for field in fields(Policy))
