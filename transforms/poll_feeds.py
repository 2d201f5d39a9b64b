"""``PollFeeds`` wires ``poll_feeds`` of ``transforms.feeds.poll``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import DeadLetter, FeedEntry
from schemas.step_records import EntryOutcome, FeedPoll, FeedTask, Intake
from transforms.feeds.poll import poll_feeds
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.pages.parser_processes import parsing_sandbox
from transforms.web.client import shared_fetcher
from transforms.web.hosts import host_group
from transforms.web.messages import FetchPolicy


@dataclass(eq=False)
class _PollFeeds(beam.DoFn):
    """Polls the feeds of one group of hosts."""

    policy: FetchPolicy
    payloads: str

    def process(self, element: tuple[str, Iterable[FeedTask]]) -> Iterator[Any]:
        polled = poll_feeds(element[1], shared_fetcher(self.policy), parsing_sandbox(), self.payloads)
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
@dataclass(eq=False)
class PollFeeds(beam.PTransform):
    """Poll feeds. One worker polls all feeds of a host.

    Input: ``FeedTask``. Output: ``PolledFeeds``. Dead letters: feeds without a usable answer, and items that
    cannot be read. Counters: ``ok``, ``not_modified``, ``unchanged`` and the reasons of failures.

    Args:
        policy: limits and politeness of fetching.
        payloads: folder for documents that cannot be parsed.
        groups: number of groups of hosts. Workers poll the groups in parallel.
    """

    policy: FetchPolicy
    payloads: str
    groups: int = 1

    @expansion
    def expand(self, tasks: beam.PCollection[FeedTask]) -> PolledFeeds:
        kinds = (FeedEntry, FeedPoll, EntryOutcome, Intake, DeadLetter)
        polled = (
            tasks
            | "ByHost" >> beam.Map(_by_host, self.groups).with_output_types(tuple[str, FeedTask])
            | beam.GroupByKey()
            | by_type(_PollFeeds(self.policy, self.payloads), *kinds)
        )
        return PolledFeeds(*(of_type(polled, kind) for kind in kinds))


def _by_host(task: FeedTask, groups: int) -> tuple[str, FeedTask]:
    return host_group(task.feed.feed_url, groups), task
