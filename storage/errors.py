"""The two kinds of trouble a person can do something about.

Lower rooms raise codes with parameters; ``gui/errors.py`` alone turns them into sentences.
"""


class KnownError(Exception):
    """Expected trouble: ``code`` names it, ``params`` fill the sentence."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return self.code


class RuleViolation(KnownError):
    """An entry the rules do not allow; ``field`` is the input it belongs beside."""

    def __init__(self, code: str, /, *, field: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.field = field
