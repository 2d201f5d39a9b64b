"""Counting what happens to elements, for Beam's metrics and for a progress line on the same machine."""

from collections.abc import Callable

from apache_beam.metrics import Metrics

_listener: Callable[[str, str, int], None] | None = None


def count(step: str, outcome: str, number: int = 1) -> None:
    """Count an outcome of a step. Counts of record come from staged outcome rows, never from here."""
    Metrics.counter(step, outcome).inc(number)
    if _listener is not None:
        _listener(step, outcome, number)


def listen(listener: Callable[[str, str, int], None] | None) -> None:
    """Tell a listener of this process of every count; None stops it."""
    global _listener
    _listener = listener
