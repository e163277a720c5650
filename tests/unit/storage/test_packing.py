"""Packed bodies: exactly the bytes that travelled, a fraction of their size, and no trap for who opens the file."""

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import KnownError
from storage.packing import LARGEST, pack, unpack
from tests.bench.dictionary import body

ROOT = Path(__file__).resolve().parents[3]
PACKED_IN_2025 = bytes.fromhex(
    "01609000a503003346124dfd5da4ba563a364e3678e63b80508a3644c6c6055328e0e113fbeef2b39fba37c906236d9c"
    "8c0bc9895b151e8d1c9e8d95181a8ff6d4f7b976fb8da9c97a56bce25fceda5eb66a6e11fce89ceacd02bd5449171642"
    "a951788a82eeb2a64a30b8a4a5a2e7f59dbba882f8ea8e0961a144"
)
"""A body as the first version that packed stored it: every later one has to read it."""


def frame(content: bytes, **options: object) -> bytes:
    """Return a stored body whose frame somebody else made."""
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS, **options
    )
    return b"\x01" + zstandard.ZstdCompressor(compression_params=parameters).compress(content)


@given(st.binary(max_size=2000).map(lambda rest: b"[" + rest))
def test_exact_bytes_come_back(raw: bytes) -> None:
    assert unpack(pack(raw)) == raw
    assert len(pack(raw)) <= len(raw)


def test_what_is_written_every_day_shrinks_to_less_than_half() -> None:
    rng = random.Random(11)
    bodies = [body(rng, seq) for seq in range(1, 500)]
    assert [unpack(pack(raw)) for raw in bodies] == bodies
    assert sum(map(len, map(pack, bodies))) < 0.5 * sum(map(len, bodies))


def test_plain_bodies_and_erased_ones_read_as_they_are() -> None:
    assert unpack(b'[1,"150621102200"]') == b'[1,"150621102200"]'
    assert pack(b"") == unpack(b"") == b""


def test_what_was_packed_once_is_read_for_ever() -> None:
    raw = unpack(PACKED_IN_2025)
    assert raw.startswith(b'[1,"150') and len(raw) > 2 * len(PACKED_IN_2025)
    assert pack(raw)[:1] == b"\x01"


@pytest.mark.parametrize("size", [LARGEST - 1, LARGEST, LARGEST + 1, 3 * LARGEST])
def test_large_bodies_come_back_too(size: int) -> None:
    raw = b"[" + b"7" * (size - 1)
    assert unpack(pack(raw)) == raw


@pytest.mark.parametrize(
    "stored",
    [
        b"\x00",
        b"\x01",
        b"\x02" + bytes(20),
        b"\x01" + bytes(20),
        frame(b"[" * (LARGEST + 1)),
        frame(bytes(64 << 20)),
        frame(b"[1]" * 100, write_content_size=0),
        frame(b"[1]" * 100)[:-3],
        frame(b"[1]" * 100, write_checksum=1)[:-4] + b"\x00\x00\x00\x00",
    ],
)
def test_what_pack_did_not_make_is_named(stored: bytes) -> None:
    with pytest.raises(KnownError) as caught:
        unpack(stored)
    assert caught.value.code == "log.envelope"


@given(st.binary(max_size=300), st.randoms(use_true_random=False))
def test_damage_of_any_kind_is_named_or_gives_some_bytes(noise: bytes, rng: random.Random) -> None:
    good = bytearray(pack(body(rng, 1)))
    good[rng.randrange(1, len(good))] ^= 1 << rng.randrange(8)
    for stored in (bytes(good), b"\x01" + noise):
        try:
            assert len(unpack(stored)) <= LARGEST
        except KnownError as error:
            assert error.code == "log.envelope"


def test_a_frame_that_claims_gigabytes_takes_no_memory() -> None:
    """Run apart, under a limit: the claim is in the frame's header, not in its content."""
    script = (
        "import resource\n"
        "from storage.errors import KnownError\n"
        "from storage.packing import unpack\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "for size in (1 << 20) + 1, 2 << 30, 1 << 62:\n"
        "    try:\n"
        "        unpack(b'\\x01\\xe0' + size.to_bytes(8, 'little') + b'\\x01\\x00\\x00')\n"
        "    except KnownError as error:\n"
        "        print(error.code)\n"
    )
    if sys.platform == "win32":
        pytest.skip("no address space limit there")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["log.envelope"] * 3


def test_threads_do_not_disturb_each_other() -> None:
    rng = random.Random(3)
    bodies = [body(rng, seq) for seq in range(1, 300)]
    wrong: list[bytes] = []

    def work() -> None:
        for _ in range(10):
            wrong.extend(raw for raw in bodies if unpack(pack(raw)) != raw)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
