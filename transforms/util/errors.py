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


class FetchFailed(Exception):
    """A request that gave no usable answer; ``reason`` is one of ``schemas.vocabulary.REASONS``.

    ``retry_after_s``: how long the server, or the state of the host, asks to wait. ``is_tried``: false where
    nothing was sent, as the host failed again and again before.
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
