"""Division codes as places in a tree: a village (12 digits) in its township (9 + 000) in its banner (6 + 000000)."""

_STEP, _DIGITS, _COUNTY, POOL = 3, 12, 6, 4
"""Digits of a village's code, and those a county and a pool 统筹区 (a city) share."""


def trunk(code: str) -> str:
    """Return the digits of a 12-digit code that all places under it share: 6, 9 or 12."""
    if code.endswith("000000"):
        return code[:6]
    return code[:9] if code.endswith("000") else code


def under(code: str, place: str) -> bool:
    """Tell whether ``code`` is ``place`` or lies in it."""
    return code.startswith(trunk(place))


def is_parent(place: str, code: str) -> bool:
    """Tell whether ``place`` is the level right above ``code``: the township of a village, the banner of a township."""
    return under(code, place) and len(trunk(code)) - len(trunk(place)) == _STEP


def is_village(code: str) -> bool:
    """Tell whether a code names a village or community, not an office."""
    return len(trunk(code)) == _DIGITS


def holds(place: str, scope: str) -> bool:
    """Whether what is insured at ``place`` may be insured in this village: nothing said, or a code it lies under."""
    return not (place.isascii() and place.isdigit()) or scope.startswith(_area(place))


def _area(place: str) -> str:
    """Return the digits a place's people share; a city's own office (…99) stands for the city."""
    area = trunk(place.ljust(_DIGITS, "0")[:_DIGITS])
    if len(area) == _COUNTY and area[POOL:] in ("00", "99"):
        area = area[:POOL]
    return area[:2] if area.endswith("00") and len(area) == POOL else area
