"""What a rule says when it says no."""

from django.utils.functional import Promise


class Refused(Exception):
    """A rule forbids this; the message is a sentence a person can read and act on.

    `code` is stable and machine-readable: the API shows it, tests compare it.
    """

    def __init__(self, message: "str | Promise", *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)
