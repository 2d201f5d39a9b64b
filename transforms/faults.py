"""Input that can't be used, with its reason."""

from typing import Any


class Unusable(ValueError):
    """Bytes from outside that are not what they should be.

    ``reason`` is one of ``schemas.vocabulary.REASONS``; the message is one line for a person. It pickles,
    as parsers run in processes of their own.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason, str(self))
