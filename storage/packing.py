"""Bodies of operations as they are stored: compressed one by one, and given back byte for byte as they travelled.

A stored body is ``\\x01`` and a zstd frame made with the first dictionary, or the plain body, which begins with
``[`` (ledgers of schema 1, and what is large or does not shrink). Nothing at all stands for an erased body.
"""

import hashlib
import threading
from importlib.resources import files

import zstandard

from storage.errors import KnownError

LARGEST = 1 << 20
"""Bytes of a body that is packed; larger ones lie plain, so that no stored frame can claim to hold more."""

_PLAIN, _FIRST = b"[", b"\x01"
_DIGEST = "ba7c9e6808f7b230b9624cdc96e1af24"
_LEVEL = 1
"""Bodies are 2 % larger than at level 3 (people of a roster not at all) in half to three quarters of the time."""
_FORMAT = zstandard.FORMAT_ZSTD1_MAGICLESS  # four bytes less in each of a hundred thousand rows


class _Tools(threading.local):
    """The compressor and decompressor of a thread: neither may be used by two at once."""

    def __init__(self) -> None:
        dictionary = _dictionary()
        dictionary.precompute_compress(level=_LEVEL)
        parameters = zstandard.ZstdCompressionParameters.from_level(
            _LEVEL, format=_FORMAT, write_content_size=1, write_checksum=0, write_dict_id=0
        )
        self.pack = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters).compress
        self.unpack = zstandard.ZstdDecompressor(dict_data=dictionary, format=_FORMAT).decompress


def _dictionary() -> zstandard.ZstdCompressionDict:
    content = files("resources").joinpath("packing", "bodies-1.zdict").read_bytes()
    if hashlib.blake2b(content, digest_size=16).hexdigest() != _DIGEST:
        raise RuntimeError("bodies-1.zdict is not the file that ledgers are written with")
    return zstandard.ZstdCompressionDict(content)


_tools = _Tools()


def pack(raw: bytes) -> bytes:
    """Return a body as it is stored: nothing for an erased one."""
    if not raw or len(raw) > LARGEST:
        return raw
    packed = _FIRST + _tools.pack(raw)
    return packed if len(packed) < len(raw) else raw


def unpack(stored: bytes) -> bytes:
    """Return the body as it travelled; nothing for an erased one.

    Raises KnownError("log.envelope") for bytes that ``pack`` did not make; never takes more than LARGEST for them.
    """
    mark = stored[:1]
    if mark == _PLAIN or not stored:
        return stored
    if mark != _FIRST:
        raise KnownError("log.envelope")
    frame = stored[1:]
    try:
        if zstandard.get_frame_parameters(frame, _FORMAT).content_size > LARGEST:
            raise KnownError("log.envelope")
        return bytes(_tools.unpack(frame))
    except zstandard.ZstdError as error:
        raise KnownError("log.envelope") from error
