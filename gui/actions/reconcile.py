"""Answering differences: one or many as one step that can be taken back; a village's reply."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from gui.actions import doubles as keeping
from gui.ops import ChangeOp, Task, TaskOp, change
from gui.printing import differences as sheets
from storage.commands import doubles, reconcile
from storage.commands.reconcile import Chosen
from storage.ledger import Changes, Ledger
from storage.policy.differences import KEEP
from storage.policy.model import Policy
from storage.queries.doubles import Double
from storage.queries.reconcile import Answer, Reading

MOST = 2_000
"""Answers given in one step: more are shown to be so many more, and come with the next one."""


def settle(
    ledger: Ledger,
    policy: Policy,
    chosen: Sequence[Chosen],
    behind: Mapping[str, Double],
    today: date,
) -> Changes:
    """Answer differences; of a double (``behind``, by its name) the chosen side is kept first.

    Raises what ``storage.commands.reconcile.settle`` and ``gui.actions.doubles.keep`` raise.
    """
    kept = list(_kept(ledger, policy, chosen, behind, today))
    return doubles.merged([*kept, reconcile.settle(ledger, policy, chosen, today=today)])


def _kept(
    ledger: Ledger, policy: Policy, chosen: Sequence[Chosen], behind: Mapping[str, Double], today: date
) -> Iterator[Changes]:
    for one in chosen:
        double = behind.get(one.difference.detail)
        if double is not None and one.answer.startswith(KEEP):
            yield keeping.keep(ledger, policy, double, int(one.answer.removeprefix(KEEP)) - 1, today)


def settle_op(
    policy: Policy, chosen: Sequence[Chosen], behind: Mapping[str, Double], *, today: date, told: str
) -> ChangeOp[Changes]:
    """Answer them; where somebody counts is taken back by another move only."""
    undoable = not any(
        one.difference.code == "two_villages" and one.answer.startswith(KEEP) for one in chosen
    )
    homes = dict.fromkeys(one.difference.household for one in chosen if one.difference.household)
    return change(
        lambda ledger: settle(ledger, policy, chosen, behind, today), told, *homes, undoable=undoable
    )


def reply(answer: Answer, how: str, note: str, *, today: date, told: str) -> ChangeOp[Changes]:
    """Reply to what the office asked."""
    return change(
        lambda ledger: reconcile.reply(ledger, answer.record, how, note, today=today), told, answer.household
    )


def export(policy: Policy, reading: Reading, folder: Path, scope: str) -> TaskOp[list[Path]]:
    """Write what is to be answered into a folder, one file for each village."""

    def do(ledger: Ledger, task: Task) -> list[Path]:
        return sheets.write(ledger, policy, reading, folder, scope=scope, watch=task)

    return TaskOp(do, past=True)
