"""The edits a large list makes, held packed until they are written: 100,000 people take 40 MB instead of 250."""

from collections.abc import Iterator, Sequence
from typing import overload

import msgspec

from storage.ledger import Edit

_PART = 512  # edits packed together

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Edit]).decode


class Edits(Sequence[Edit]):
    """Edits in the order in which they were added; each pass over them makes them anew."""

    __slots__ = ("_last", "_parts")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._last: list[Edit] = []

    def append(self, edit: Edit) -> None:
        """Add an edit behind the others."""
        self._last.append(edit)
        if len(self._last) == _PART:
            self._parts.append(_encode(self._last))
            self._last.clear()

    def __len__(self) -> int:
        return len(self._parts) * _PART + len(self._last)

    def __iter__(self) -> Iterator[Edit]:
        for part in (*self._parts, _encode(self._last)):
            yield from _decode(part)

    @overload
    def __getitem__(self, index: int) -> Edit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Edit]: ...
    def __getitem__(self, index: int | slice) -> Edit | list[Edit]:
        if isinstance(index, slice):
            return list(self)[index]
        number, place = divmod(range(len(self))[index], _PART)
        part = self._parts[number] if number < len(self._parts) else _encode(self._last)
        return _decode(part)[place]
