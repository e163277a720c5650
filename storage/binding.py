"""How an entry says whose account holds an e-credential: the way it was activated and, of a family account, by whom.

Both stand in one field, so that no merge mixes the way of one entry with the account of another.
"""

FAMILY = "family"


def written(way: str, holder: str = "") -> str:
    """Return the field of an entry: ``family:RECORD`` where the account of a resident holds it."""
    return f"{FAMILY}:{holder}" if way == FAMILY and holder else way


def read(text: str) -> tuple[str, str]:
    """Return the way and the record of who holds it, "" where nobody is named."""
    way, _colon, holder = text.partition(":")
    return (way, holder) if way == FAMILY else (text, "")
