"""What pages ask of the ledger: a question or a change, as a value that the runner carries out."""

from __future__ import annotations  # the ledger is imported with it, not before the first page shows

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from storage.ledger import Changes, Ledger

T = TypeVar("T")


class Task(Protocol):
    """What long work can say and ask while it runs."""

    def tell(self, done: int, total: int) -> None:
        """Say how far it is; a total of 0 is not known."""

    def stopped(self) -> bool:
        """Whether somebody asked it to stop."""


@dataclass(frozen=True, slots=True)
class QueryOp(Generic[T]):
    """A question. A newer one of the same ``slot`` makes this one void; ``later`` ones let others pass."""

    ask: Callable[[Ledger], T]
    slot: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class TaskOp(Generic[T]):
    """Long work that changes nothing: it tells how far it is and can be stopped.

    ``past``: it may be done on the ledger as it stood too, such as writing what is shown into a file.
    """

    do: Callable[[Ledger, Task], T]
    past: bool = False


@dataclass(frozen=True, slots=True)
class FreeOp(Generic[T]):
    """Work with keys or files for which no ledger has to be open."""

    do: Callable[[Task], T]


def _itself(result: Any) -> Changes:
    return result


@dataclass(frozen=True, slots=True)
class ChangeOp(Generic[T]):
    """A change. ``changes`` finds the Changes in what ``do`` returns; ``told`` words it once it is done.

    ``households`` are those it touches (none: unknown, everything is read anew); ``undoable`` puts it on
    the list that Ctrl+Z walks back.
    """

    do: Callable[[Ledger, Task], T]
    told: str = ""
    households: tuple[str, ...] = ()
    undoable: bool = True
    changes: Callable[[T], Changes] = _itself


def change(
    do: Callable[[Ledger], Changes], told: str, *households: str, undoable: bool = True
) -> ChangeOp[Changes]:
    """A change by one command that is done in a moment."""
    return ChangeOp(lambda ledger, _task: do(ledger), told, tuple(households), undoable)


Op = QueryOp | TaskOp | ChangeOp | FreeOp
