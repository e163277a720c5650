"""A receiving in words: what became of a file and what to do, what else lay there, what is counted of a place."""

from gui.errors import sentence_for
from gui.i18n import _
from gui.theme import Tone
from gui.wording import units
from gui.wording.units import number
from storage.queries import received
from sync import gathering
from sync.devices import HANDLE_DIGITS
from sync.receiving import Fate
from sync.sessions import Line

OUTCOMES = ("refused", "incomplete", "applied", "known")
"""What wants a look comes first."""


def outcome(code: str) -> str:
    """What became of a file, in two words."""
    words = {
        "applied": _("taken in"),
        "known": _("nothing new"),
        "incomplete": _("incomplete"),
        "refused": _("refused"),
    }
    return words.get(code, code)


def tone(code: str) -> Tone:
    """How an outcome is coloured, beside its word."""
    tones: dict[str, Tone] = {"applied": "ok", "incomplete": "warn", "refused": "bad"}
    return tones.get(code, "mute")


def told(fate: Fate | Line) -> str:
    """What became of a file, why, and what to do about it; its name stands in a column of its own."""
    params: dict[str, object] = {**(fate.params or {}), "file": ""}
    if "key" in params:  # the first digits are enough to tell a key by
        params["key"] = str(params["key"])[:HANDLE_DIGITS]
    if fate.outcome == "refused":
        return sentence_for(fate.code, params)
    why = sentence_for(fate.code, {**params, "count": fate.missing}) if fate.code else ""
    said = [
        _("{fresh} new entries").format(fresh=number(fate.fresh)) if fate.fresh else "",
        _("{count} entries of ours confirmed").format(count=number(fate.confirmed)) if fate.confirmed else "",
        _("{count} entries of a device that is no longer allowed wait for the office").format(
            count=number(fate.held_back)
        )
        if fate.held_back
        else "",
    ]
    return units.sentences([*said, why]) or _("nothing new in it")


def passed(what: str) -> str:
    """What a file that is no bundle is, and where it belongs."""
    words = {
        gathering.KIT: _("a kit (open it on the computer it is for)"),
        gathering.REQUEST: _("a request for help with a passphrase (answer it under “Kits and devices”)"),
        gathering.ANSWER: _("an answer to a request for help (for the computer that asked)"),
        gathering.LIST: _("a list (take it in under “Import lists”)"),
        gathering.PACKED: _("a packed file (unpack it first)"),
        gathering.HALF: _("not whole yet (wait until it is copied)"),
    }
    return words.get(what, _("no file of Huqing"))


def figure(code: str) -> str:
    """What is counted of a place."""
    words = {
        received.NEW: _("new people"),
        received.CHANGED: _("changed"),
        received.PAID: _("newly paid"),
        received.VOIDED: _("payment voided"),
        received.DISPUTED: _("in dispute"),
    }
    return words[code]
