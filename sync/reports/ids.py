"""Six ways offices want an ID number written; three of them give it away, three do not.

full      150621199001011234     banner and tax systems that read sheets in
spaced    150621 19900101 1234   people who compare by eye
quoted    '150621199001011234    systems that take digits for a number unless an apostrophe stands there as text
masked    150621********1234     everything else: the default on screen and paper
last6     ************011234     checking who is meant at the counter
last4     **************1234     notices on the wall
"""

from storage.policy import mask

FORMATS = ("full", "spaced", "quoted", "masked", "last6", "last4")
OPEN = frozenset(("full", "spaced", "quoted"))
"""Those that give the whole number away."""
MASKED = "masked"

_WHOLE = 18
_SHORT = 15


def allowed(wanted: str, *, full: bool) -> str:
    """Return the format that may be used: a masked one unless full numbers were asked for."""
    return wanted if full or wanted not in OPEN else MASKED


def written(number: str, how: str) -> str:
    """Return an ID number in one of FORMATS; what is no ID number is kept whole or hidden just the same."""
    number = number.strip()
    if how == "full" or not number:
        return number
    if how == "quoted":
        return f"'{number}"
    if how == "spaced":
        return f"{number[:6]} {number[6:14]} {number[14:]}" if len(number) == _WHOLE else number
    if how == "masked":
        return mask.id_number(number)
    return _tail(number, {"last6": 6, "last4": 4}[how])


def _tail(number: str, shown: int) -> str:
    """Only the end; of what is shorter than an ID number as little as masking shows of it."""
    if len(number) < _SHORT:
        return mask.id_number(number)
    return "*" * (len(number) - shown) + number[-shown:]
