"""Masking of what identifies a person: the default on screen and on paper (PIPL, domain.md "Law")."""

import re


def _keep(text: str, head: int, tail: int, whole: int) -> str:
    """Keep ``head`` and ``tail`` characters of a value at least ``whole`` long; of a shorter one the last two.

    What is four characters or shorter is hidden entirely.
    """
    text = text.strip()
    if len(text) < whole:
        head, tail = 0, 2 if len(text) > 4 else 0
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def id_number(text: str) -> str:
    """Mask an ID number to its first 6 and last 4 characters; shorter texts show at most their last two."""
    return _keep(text, 6, 4, 15)


def phone(text: str) -> str:
    """Mask a telephone number to its first 3 and last 4 characters; shorter ones show their last two."""
    return _keep(text, 3, 4, 11)


def name(text: str) -> str:
    """Mask a name to its first character; a name of one character is hidden."""
    text = text.strip()
    return text[:1] + "*" * (len(text) - 1) if len(text) > 1 else "*" * len(text)


def numbers(text: str, least: int = 6) -> str:
    """Star out every number of ``least`` figures or more in a text, also with blanks or strokes between them."""
    found = re.compile(rf"\d(?:[\s\-–.·]?\d){{{least - 1},}}[xX]?")
    return found.sub(lambda number: "*" * len(number[0]), text)
