"""Who works on the ledger: let in, given rights or another passphrase, removed."""

from collections.abc import Sequence

from gui.ops import QueryOp, TaskOp
from storage import operators
from storage.errors import RuleViolation
from storage.ledger import Ledger
from storage.operators import Operator


def read() -> QueryOp[list[Operator]]:
    """Everybody who works or worked on it."""
    return QueryOp(operators.listed, slot="operators")


def add(name: str, passphrase: str, roles: Sequence[str]) -> TaskOp[Operator]:
    """Let somebody in with a first passphrase."""
    return TaskOp(lambda ledger, _task: operators.add(ledger, name, passphrase, roles))


def set_roles(name: str, roles: Sequence[str]) -> TaskOp[None]:
    """Say what somebody may do."""
    return TaskOp(lambda ledger, _task: operators.set_roles(ledger, name, roles))


def remove(name: str) -> TaskOp[None]:
    """Take somebody's access away; what they entered keeps their name."""
    return TaskOp(lambda ledger, _task: operators.remove(ledger, name))


def renew(name: str, passphrase: str) -> TaskOp[tuple[str, ...]]:
    """Give a colleague who forgot theirs a new first passphrase."""

    def do(ledger: Ledger, _task: object) -> tuple[str, ...]:
        ledger.require(operators.KEYS)
        if not operators.roles_of(ledger.connection, name):
            raise RuleViolation("operator.unknown", field="name", name=name)
        return operators.let_in(ledger, name, passphrase)

    return TaskOp(do)


def change_passphrase(old: str, new: str) -> TaskOp[None]:
    """Change the passphrase of whoever is at work."""
    return TaskOp(lambda ledger, _task: operators.change_passphrase(ledger, old, new))


def pause() -> QueryOp[float]:
    """How many seconds have to pass before the next try at a passphrase."""
    return QueryOp(lambda ledger: ledger.attempts().pause(), slot="pause")
