"""How good a passphrase is, said plainly."""

import re

from gui.i18n import _
from gui.theme import Tone

LEAST = 8
_EASY = ("12345678", "87654321", "password", "11111111", "qwertyui", "abcd1234", "a1234567", "huqing")


def judge(text: str) -> tuple[Tone, str]:
    """A tone and a sentence; "bad" is not accepted."""
    if len(text) < LEAST:
        return "bad", _("At least {least} characters; three or four words are easy to remember.").format(
            least=LEAST
        )
    plain = text.lower()
    if len(set(text)) < 4 or any(easy in plain for easy in _EASY):
        return "bad", _("Anybody guesses this within minutes.")
    if re.fullmatch(r"\d+", text):
        return "warn", _("Digits only: a phone number or birthday is tried first. Better add words.")
    if len(text) >= 12 or (len(text) >= 10 and _kinds(text) >= 3):
        return "ok", _("Good: this holds.")
    return "warn", _("Fair. A few more characters make it good.")


def _kinds(text: str) -> int:
    tests = (str.isdigit, str.islower, str.isupper, lambda one: not one.isalnum())
    return sum(any(test(one) for one in text) for test in tests)
