"""Errors that more than one part raises or catches."""

from typing import Any


class UserError(ValueError):
    """What the user gave cannot be used: an option, a URL, a file.

    The message is one line for a person. The command line prints it and exits with status 2.
    """


class Unusable(ValueError):
    """Bytes from outside that are not what they should be.

    ``reason`` is one of ``schemas.vocabulary.REASONS``; the message is one line for a person. It can be
    pickled, because parsers run in their own processes.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason, str(self))


class FetchFailed(Exception):
    """A request that gave no usable answer.

    Args:
        reason: one of ``schemas.vocabulary.REASONS``.
        message: one line for a person.
        status: the HTTP status, where there was an answer.
        retry_after_s: seconds to wait, as the server asks or as the state of the host demands.
        is_tried: false where nothing was sent, because the host failed several times in a row before.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        status: int | None = None,
        retry_after_s: float | None = None,
        is_tried: bool = True,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.retry_after_s = retry_after_s
        self.is_tried = is_tried
