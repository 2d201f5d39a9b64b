"""Pages to articles: ``fetch_articles``, fetching and cleaning in step, and the transform that wires it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import Article, DeadLetter, EntryOutcome, FetchTask
from transforms.graph.typed_outputs import by_type, composite, of_type, tagged
from transforms.pages.fetch import fetch_articles
from transforms.util.sandbox import shared_sandbox
from transforms.web.client import shared_fetcher
from transforms.web.hosts import host_group
from transforms.web.messages import FetchPolicy


class _FetchArticles(beam.DoFn):
    def __init__(self, policy: FetchPolicy, payloads: str, spreads: bool) -> None:
        self._policy, self._payloads, self._spreads = policy, payloads, spreads

    def process(self, element: tuple[str, Iterable[FetchTask]]) -> Iterator[Any]:
        fetched = fetch_articles(element[1], shared_fetcher(self._policy), shared_sandbox(), self._payloads)
        yield from map(tagged, fetched)

    def finish_bundle(self) -> None:
        if not self._spreads:
            # All of a run's pages are one bundle here, and what follows needs the memory.
            shared_sandbox().close()


@dataclass(frozen=True)
class FetchedArticles:
    """What fetching yields."""

    articles: beam.PCollection[Article]
    outcomes: beam.PCollection[EntryOutcome]
    dead_letters: beam.PCollection[DeadLetter]


@beam.typehints.with_input_types(FetchTask)
class FetchArticles(beam.PTransform):
    """Fetch and clean pages, all of a host on one worker: URLs are shuffled before, and texts after, where
    other workers go on with them.

    Input: ``FetchTask``. Output: ``FetchedArticles``. Dead letters: pages that could not be had or
    held no article. Counters: ``page``, ``kept_page``, ``feed_text`` and the reasons.

    Args:
        policy: limits and manners of fetching.
        payloads: folder for pages that can't be read.
        groups: how many groups of hosts there are, to be fetched one beside another on workers.
        spreads: let other workers go on with the texts. Without, the next step takes each text as it
            comes, and none waits for the last.
    """

    def __init__(self, policy: FetchPolicy, payloads: str, groups: int = 1, spreads: bool = True) -> None:
        super().__init__()
        self.policy, self.payloads, self.groups, self.spreads = policy, payloads, groups, spreads

    @composite
    def expand(self, tasks: beam.PCollection[FetchTask]) -> FetchedArticles:
        kinds = (Article, EntryOutcome, DeadLetter)
        fetched = (
            tasks
            | "ByHost" >> beam.Map(_keyed, self.groups).with_output_types(tuple[str, FetchTask])
            | beam.GroupByKey()
            | by_type(_FetchArticles(self.policy, self.payloads, self.spreads), *kinds)
        )
        articles = of_type(fetched, Article)
        return FetchedArticles(
            articles=articles | "SpreadTexts" >> beam.Reshuffle() if self.spreads else articles,
            outcomes=of_type(fetched, EntryOutcome),
            dead_letters=of_type(fetched, DeadLetter),
        )


def _keyed(task: FetchTask, groups: int) -> tuple[str, FetchTask]:
    return host_group(task.pending.entry.link, groups), task
