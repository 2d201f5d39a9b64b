"""Polling feeds: ``poll_feeds`` and the transform that wires it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import DeadLetter, EntryOutcome, FeedEntry, FeedPoll, FeedTask, Intake
from transforms.feeds.poll import poll_feeds
from transforms.graph.typed_outputs import by_type, composite, of_type, tagged
from transforms.util.sandbox import shared_sandbox
from transforms.web.client import shared_fetcher
from transforms.web.hosts import host_group
from transforms.web.messages import FetchPolicy


class _PollFeeds(beam.DoFn):
    """Polls the feeds of some hosts at once."""

    def __init__(self, policy: FetchPolicy, payloads: str) -> None:
        self._policy, self._payloads = policy, payloads

    def process(self, element: tuple[str, Iterable[FeedTask]]) -> Iterator[Any]:
        polled = poll_feeds(element[1], shared_fetcher(self._policy), shared_sandbox(), self._payloads)
        yield from map(tagged, polled)


@dataclass(frozen=True)
class PolledFeeds:
    """What polling yields."""

    entries: beam.PCollection[FeedEntry]
    polls: beam.PCollection[FeedPoll]
    outcomes: beam.PCollection[EntryOutcome]
    intakes: beam.PCollection[Intake]
    dead_letters: beam.PCollection[DeadLetter]


@beam.typehints.with_input_types(FeedTask)
class PollFeeds(beam.PTransform):
    """Poll feeds, all of a host on one worker.

    Input: ``FeedTask``. Output: ``PolledFeeds``. Dead letters: feeds without a usable answer, items that
    can't be read. Counters: ``ok``, ``not_modified``, ``unchanged`` and the reasons of failures.

    Args:
        policy: limits and manners of fetching.
        payloads: folder for documents that can't be parsed.
        groups: how many groups of hosts there are, to be polled one beside another on workers.
    """

    def __init__(self, policy: FetchPolicy, payloads: str, groups: int = 1) -> None:
        super().__init__()
        self.policy, self.payloads, self.groups = policy, payloads, groups

    @composite
    def expand(self, tasks: beam.PCollection[FeedTask]) -> PolledFeeds:
        kinds = (FeedEntry, FeedPoll, EntryOutcome, Intake, DeadLetter)
        polled = (
            tasks
            | "ByHost" >> beam.Map(_keyed, self.groups).with_output_types(tuple[str, FeedTask])
            | beam.GroupByKey()
            | by_type(_PollFeeds(self.policy, self.payloads), *kinds)
        )
        return PolledFeeds(*(of_type(polled, kind) for kind in kinds))


def _keyed(task: FeedTask, groups: int) -> tuple[str, FeedTask]:
    return host_group(task.feed.feed_url, groups), task
