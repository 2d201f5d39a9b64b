"""Beam's metrics listen to the counts of the steps."""

from apache_beam.metrics import Metrics

from transforms.util.counters import add_listener


def count_in_beam(step: str, outcome: str, number: int) -> None:
    """Add to the counter that Beam reports for a step."""
    Metrics.counter(step, outcome).inc(number)


add_listener(count_in_beam)
