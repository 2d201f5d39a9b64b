"""Counts of what happens to elements, handed to listeners: Beam's metrics, a progress line.

The logic that counts knows none of its listeners. The official counts of a run come from staged outcome
rows, never from here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, str, int], None]
"""Takes the name of a step, the outcome and how many elements met it."""

_listeners: list[Listener] = []


def count(step: Callable[..., object], outcome: str, number: int = 1) -> None:
    """Count elements of a step.

    Args:
        step: the transform, or the function of the same name: ``poll_feeds`` counts for ``PollFeeds``.
        outcome: what happened to them.
        number: how many elements.
    """
    name = step_name(step)
    for listener in _listeners:
        listener(name, outcome, number)


def step_name(step: Callable[..., object]) -> str:
    """Return the name of a step's transform.

    >>> def poll_feeds(): ...
    >>> step_name(poll_feeds)
    'PollFeeds'
    """
    if isinstance(step, type):
        return step.__name__
    return "".join(word.capitalize() for word in step.__name__.split("_"))


def add_listener(listener: Listener) -> None:
    """Tell a listener of every count of this process, from now on. Adding it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell a listener of every count of this process while the block runs."""
    add_listener(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
