"""Opening what somebody sealed with age: reading its header takes time that grows with the square of its length."""

import pyrage

MAX_HEADER_BYTES = 16 << 10
"""Room for 160 recipients, half a second; ten times as many take a minute, and nobody has to sign a header."""


def unseal(content: bytes, secret: str) -> bytes:
    """Return what was sealed to the key of ``secret``.

    Raises pyrage.DecryptError (with "No matching keys" where it was sealed to others), pyrage.IdentityError.
    """
    identity = pyrage.x25519.Identity.from_str(secret)
    if content.find(b"\n---", 0, MAX_HEADER_BYTES) < 0:
        raise pyrage.DecryptError("the header has no end")
    return bytes(pyrage.decrypt(content, [identity]))
