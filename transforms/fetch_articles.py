"""``FetchArticles`` wires ``fetch_articles`` of ``transforms.pages.fetch``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from schemas.records import Article, ArticleAlias, DeadLetter
from schemas.step_records import EntryOutcome, FetchTask
from transforms.graph.typed_outputs import by_type, expansion, of_type, tagged
from transforms.pages.fetch import fetch_articles
from transforms.pages.parser_processes import parsing_sandbox
from transforms.util.outlets import outlet_of
from transforms.web.client import shared_fetcher
from transforms.web.hosts import host_group
from transforms.web.messages import FetchPolicy


@dataclass(eq=False)
class _FetchArticles(beam.DoFn):
    """Fetches and cleans the pages of one group of outlets."""

    policy: FetchPolicy
    payloads: str
    is_spread: bool

    def process(self, element: tuple[str, Iterable[FetchTask]]) -> Iterator[Any]:
        fetched = fetch_articles(element[1], shared_fetcher(self.policy), parsing_sandbox(), self.payloads)
        yield from map(tagged, fetched)

    def finish_bundle(self) -> None:
        if not self.is_spread:
            # All pages of the run were in this bundle, and the next steps need the memory.
            parsing_sandbox().close()


@dataclass(frozen=True)
class FetchedArticles:
    """What fetching yields."""

    articles: beam.PCollection[Article]
    aliases: beam.PCollection[ArticleAlias]
    outcomes: beam.PCollection[EntryOutcome]
    dead_letters: beam.PCollection[DeadLetter]


@beam.typehints.with_input_types(FetchTask)
@dataclass(eq=False)
class FetchArticles(beam.PTransform):
    """Fetch and clean pages. One worker fetches all pages of an outlet, and so of a host: two pages of one
    outlet may be one article.

    Input: ``FetchTask``. Output: ``FetchedArticles``. Dead letters: pages that could not be fetched or hold
    no article. Counters: ``page``, ``kept_page``, ``feed_text`` and the reasons of failures and duplicates.

    Args:
        policy: limits and politeness of fetching.
        payloads: folder for pages that cannot be read.
        groups: number of groups of outlets. Workers fetch the groups in parallel.
        is_spread: shuffle the texts, so that other workers continue with them. Without it the next step takes
            each text at once, and no text waits for the last page.
    """

    policy: FetchPolicy
    payloads: str
    groups: int = 1
    is_spread: bool = True

    @expansion
    def expand(self, tasks: beam.PCollection[FetchTask]) -> FetchedArticles:
        kinds = (Article, ArticleAlias, EntryOutcome, DeadLetter)
        fetched = (
            tasks
            | "ByOutlet" >> beam.Map(_by_outlet, self.groups).with_output_types(tuple[str, FetchTask])
            | beam.GroupByKey()
            | by_type(_FetchArticles(self.policy, self.payloads, self.is_spread), *kinds)
        )
        articles = of_type(fetched, Article)
        return FetchedArticles(
            articles=articles | "SpreadTexts" >> beam.Reshuffle() if self.is_spread else articles,
            aliases=of_type(fetched, ArticleAlias),
            outcomes=of_type(fetched, EntryOutcome),
            dead_letters=of_type(fetched, DeadLetter),
        )


def _by_outlet(task: FetchTask, groups: int) -> tuple[str, FetchTask]:
    """Key a task by the group of its outlet, which holds all hosts of the outlet: ``www.`` and ``m.``."""
    return host_group(f"https://{outlet_of(task.pending.entry.link or '')}", groups), task
