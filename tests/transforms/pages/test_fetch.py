"""From tasks to articles: what of an entry changes its article, and what does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_support import QUICK, STORY, HostileServer, answer, serving_hostile
from sample_records import an_entry

from schemas.records import Article, FeedEntry
from schemas.step_records import EntryOutcome, FetchTask, KnownArticle, PendingEntry
from transforms.pages.fetch import FetchOutput, fetch_articles
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher

NOW = "2025-04-05T00:00:00Z"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(1)
    yield sandbox
    sandbox.close()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with serving_hostile() as server:
        server.replies["/a"] = answer(200, f"<html><body><article>{STORY}</article></body></html>".encode())
        server.replies["/robots.txt"] = answer(404)
        yield server


def fetch(
    entry: FeedEntry, server: HostileServer, sandbox: Sandbox, folder: Path, known: KnownArticle | None = None
) -> list[FetchOutput]:
    entry = dataclasses.replace(entry, article_url=f"{server.base}/a", link=f"{server.base}/a")
    task = FetchTask(PendingEntry(entry, "changed" if known else "new"), known)
    fetcher = HttpFetcher(QUICK)
    got = list(fetch_articles([task], fetcher, sandbox, str(folder), lambda: NOW))
    fetcher.close()
    return got


@pytest.mark.parametrize(
    ("title", "is_changed"),
    [
        ("Strike (6 comments)", False),
        ("Strike", False),
        ("Strike [9]", False),
        ("Strike kills two (3 comments)", True),
        ("Strike (3 dead)", True),
    ],
)
def test_another_number_of_comments_makes_no_new_version(
    server: HostileServer, sandbox: Sandbox, tmp_path: Path, title: str, is_changed: bool
) -> None:
    first, _ = fetch(an_entry(title="Strike (3 comments)"), server, sandbox, tmp_path)
    assert isinstance(first, Article)
    assert first.title == "Strike (3 comments)"
    known = KnownArticle(first.article_url, 1, first.text_sha256, first.text_source)
    got = fetch(an_entry(title=title), server, sandbox, tmp_path, known)
    versions = [output.version for output in got if isinstance(output, Article)]
    (outcome,) = [output for output in got if isinstance(output, EntryOutcome)]
    assert (versions, outcome.outcome) == (([2], "written") if is_changed else ([], "duplicate"))


@pytest.mark.parametrize(
    ("raw", "published_at", "flags"),
    [
        ("Fri, 04 Apr 2025 19:40:00 MSK", "2025-04-04T16:40:00Z", []),
        ("Fri, 04 Apr 2025 19:40:00 IST", None, ["date_suspect"]),
    ],
)
def test_a_stored_entry_whose_date_was_set_aside_becomes_an_article_with_its_date(
    server: HostileServer,
    sandbox: Sandbox,
    tmp_path: Path,
    raw: str,
    published_at: str | None,
    flags: list[str],
) -> None:
    entry = an_entry(
        published_at=None, published_offset_minutes=None, published_raw=raw, flags=["date_suspect"]
    )
    article, _ = fetch(entry, server, sandbox, tmp_path)
    assert isinstance(article, Article)
    assert (article.published_at, list(article.flags)) == (published_at, flags)
    assert article.published_raw == (raw if published_at is None else None)
