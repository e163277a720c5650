"""Twelve digits that two people read to each other over the telephone to know that they hold the same keys."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_DIGITS = 12
_MEMORY_KIB, _PASSES, _LANES = 64 * 1024, 3, 4


def comparison_code(purpose: str, *parts: str | bytes) -> str:
    """Return the code of ``parts`` as ``1234 5678 9012``.

    Through Argon2id (64 MiB, 3 passes): of plain digits somebody in between could grind out a pair of keys
    with the same ones in a second; a tenth of a second each makes that centuries.
    """
    texts = [part.encode() if isinstance(part, str) else part for part in parts]
    content = b"".join(len(text).to_bytes(4, "big") + text for text in texts)
    salt = f"huqing code 1 {purpose}".encode().ljust(16, b"\0")
    kdf = Argon2id(salt=salt, length=8, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB)
    digits = f"{int.from_bytes(kdf.derive(content), 'big') % 10**_DIGITS:0{_DIGITS}d}"
    return " ".join(digits[at : at + 4] for at in range(0, _DIGITS, 4))
