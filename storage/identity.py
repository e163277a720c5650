"""Under which replica id an open copy writes: its own as long as the anchor fits, else a fresh one."""

from collections.abc import Sequence

from storage import store
from storage.connection import Connection
from storage.errors import KnownError
from storage.log import Operation
from storage.replica import Anchor, Anchors, new_replica

_META = "replica"


class Identity:
    """The replica id of one open copy of a ledger, guarded by this machine's anchor.

    ``name`` is the id, ``retired`` the one this copy gave up on opening: it was restored, cloned or came from
    another machine.
    """

    def __init__(self, connection: Connection, anchors: Anchors, ledger: str, role: str) -> None:
        self._connection, self._anchors = connection, anchors
        self._ledger, self._role = ledger, role
        self._anchor: Anchor | None = None
        self.retired = ""
        self.name = self._own()

    def take(self) -> str:
        """Write under a fresh id from now on; earlier ids of this copy stay in the log as they are.

        Raises KnownError("replica.anchor") where this machine could not remember it.
        """
        name, anchor = new_replica(self._role), Anchor({})
        if not self._anchors.write(self._ledger, name, anchor):
            raise KnownError("replica.anchor", path=str(self._anchors.folder))
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_META, name))
        self.name, self._anchor = name, anchor
        return name

    def check(self) -> None:
        """Take a new id where another copy on this machine wrote with ours since this one last did."""
        if self._anchors.read(self._ledger, self.name) != self._anchor:
            self.name = self._own()

    def remember(self, appended: Sequence[Operation]) -> None:
        """Let this machine remember what was written last; where it cannot, the ledger is ahead of its anchor."""
        if not appended:
            return
        last = dict(self._anchor.last) if self._anchor else {}
        last.update((item.body.scope, (item.body.seq, item.oid)) for item in appended)
        anchor = Anchor(last)
        if self._anchors.write(self._ledger, self.name, anchor):
            self._anchor = anchor

    def _own(self) -> str:
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (_META,)).fetchone()
        current = str(row[0] or "") if row else ""
        if not current or not self._holds(current):
            self.retired, current = current, self.take()
        return current

    def _holds(self, name: str) -> bool:
        self._anchor = self._anchors.read(self._ledger, name)
        if self._anchor is None:
            return False
        oids = [oid for _, oid in self._anchor.last.values()]
        return store.known_oids(self._connection, oids) == set(oids)
