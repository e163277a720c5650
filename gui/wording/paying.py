"""How people pay by themselves: the policy's square code, the way without it, and what to beware of."""

from gui.i18n import _
from gui.wording.units import listed
from storage.policy.model import Policy

_OTHER = "other"


def link(policy: Policy) -> str:
    """What the square code says, "" where the policy has none: then none is printed."""
    return policy.self_payment.link if policy.self_payment else ""


def how(policy: Policy) -> str:
    """The way without a code: the policy's own words, else every channel there is."""
    return policy.self_payment.steps if policy.self_payment else channels(policy)


def channel(policy: Policy) -> str:
    """The channel to name first: the one the code belongs to, else the policy's first."""
    code = policy.self_payment.channel if policy.self_payment else policy.channels[0].code
    return next((one.name for one in policy.channels if one.code == code), code)


def channels(policy: Policy) -> str:
    """Every channel with a name of its own."""
    return listed([one.name for one in policy.channels if one.code != _OTHER])


def caption(policy: Policy) -> str:
    """What stands under the code: whose it is, or that an example's pays nothing."""
    if policy.example:
        return _("Example only: this code pays nothing")
    return _("Scan to pay")
