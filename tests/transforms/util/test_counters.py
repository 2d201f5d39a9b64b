"""Counting: what steps count reaches the listeners, and Beam's metrics among them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import apache_beam as beam
import pytest
from apache_beam.metrics import MetricsFilter

import transforms
from transforms import ResolveIncidents
from transforms.feeds.poll import poll_feeds
from transforms.util.counters import count, listening, step_name


def test_a_step_and_its_function_count_under_one_name() -> None:
    assert step_name(poll_feeds) == "PollFeeds" == transforms.PollFeeds.__name__
    assert step_name(ResolveIncidents) == "ResolveIncidents"


def test_a_listener_hears_what_is_counted_until_its_block_ends() -> None:
    heard: list[tuple[str, str, int]] = []

    def listen(step: str, outcome: str, number: int) -> None:
        heard.append((step, outcome, number))

    with listening(listen):
        count(poll_feeds, "ok")
        count(ResolveIncidents, "incidents", 3)
    count(poll_feeds, "ok")
    assert heard == [("PollFeeds", "ok", 1), ("ResolveIncidents", "incidents", 3)]


def test_a_listener_is_removed_when_its_block_fails() -> None:
    heard: list[str] = []
    with pytest.raises(ZeroDivisionError), listening(lambda step, *_: heard.append(step)):
        raise ZeroDivisionError
    count(poll_feeds, "ok")
    assert heard == []


class _Count(beam.DoFn):
    def process(self, element: int) -> Iterator[int]:
        count(poll_feeds, "ok", element)
        yield element


def test_beam_reports_what_the_steps_count() -> None:
    pipeline = beam.Pipeline("FnApiRunner")
    _ = pipeline | beam.Create([2, 3]) | beam.ParDo(_Count())
    result = pipeline.run()
    result.wait_until_finish()
    (counter,) = result.metrics().query(MetricsFilter().with_name("ok"))["counters"]
    assert (counter.key.metric.namespace, counter.committed) == ("PollFeeds", 5)


def test_the_folders_below_the_steps_load_without_beam() -> None:
    """Worker processes load the logic they run, and Beam takes more than a second."""
    code = (
        "import sys, transforms, transforms.web.client, transforms.resolution.resolve, transforms.nlp.batches\n"
        "import transforms.ledger.load, transforms.pages.clean, transforms.feeds.parse, pipelines.cli\n"
        "print('apache_beam' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
