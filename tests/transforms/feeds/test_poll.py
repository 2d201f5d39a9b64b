"""From a server's answer to entries: content codings, charsets of the header, redirects."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_support import QUICK, HostileServer, Reply, answer, serving_hostile

from schemas.records import DeadLetter, Feed, FeedEntry
from schemas.step_records import EntryOutcome, FeedTask, Intake
from transforms.feeds.poll import PollOutput, poll_feeds
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher

RSS = "<rss version='2.0'><channel><title>O</title><item><title>Удар</title><link>/a</link></item></channel></rss>"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(1)
    yield sandbox
    sandbox.close()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with serving_hostile() as server:
        yield server


def poll(server: HostileServer, sandbox: Sandbox, folder: Path, **replies: Reply) -> list[PollOutput]:
    """Poll the feed at ``/feed`` of a server that gives these replies."""
    server.replies.update({f"/{path}": reply for path, reply in replies.items()})
    fetcher = HttpFetcher(QUICK)
    got = list(poll_feeds([FeedTask(Feed(f"{server.base}/feed"), None)], fetcher, sandbox, str(folder)))
    fetcher.close()
    return got


def entries(got: list[PollOutput]) -> list[FeedEntry]:
    return [output for output in got if isinstance(output, FeedEntry)]


def test_a_link_of_a_redirected_feed_counts_from_the_final_address(
    server: HostileServer, sandbox: Sandbox, tmp_path: Path
) -> None:
    with serving_hostile() as other:
        other.replies["/en/rss.xml"] = answer(200, RSS.replace("/a<", "a<").encode(), "application/rss+xml")
        (entry,) = entries(
            poll(server, sandbox, tmp_path, feed=answer(301, Location=f"{other.base}/en/rss.xml"))
        )
        assert entry.article_url == f"{other.base}/en/a"
        assert entry.feed_url == f"{server.base}/feed"


ZIPPED = gzip.compress(RSS.encode(), mtime=0)


@pytest.mark.parametrize(
    ("body", "kind", "headers"),
    [
        (RSS.encode("utf-16-le"), "application/rss+xml; charset=utf-16le", {}),
        (RSS.encode("utf-16-be"), "application/rss+xml; charset=utf-16", {}),
        (RSS.encode("utf-16-be"), "application/rss+xml", {}),
        (RSS.encode("cp1251"), "application/rss+xml; charset=windows-1251", {}),
        (RSS.encode(), "application/rss+xml; charset=iso-8859-1", {}),
        (RSS.encode(), "application/rss+xml", {"Content_Encoding": "gzip"}),
        (ZIPPED, "application/rss+xml", {}),
        (ZIPPED, "application/gzip", {"Content_Encoding": "gzip"}),
        (gzip.compress(ZIPPED, mtime=0), "application/rss+xml", {"Content_Encoding": "gzip"}),
        (zlib.compress(RSS.encode())[2:-4], "application/rss+xml", {"Content_Encoding": "deflate"}),
    ],
)
def test_a_feed_is_read_as_its_bytes_are(
    server: HostileServer, sandbox: Sandbox, tmp_path: Path, body: bytes, kind: str, headers: dict[str, str]
) -> None:
    got = poll(server, sandbox, tmp_path, feed=answer(200, body, kind, **headers))
    assert [entry.title for entry in entries(got)] == ["Удар"]


@pytest.mark.parametrize(
    ("items", "found", "counted"),
    [
        ("<item><title>A</title><description><![CDATA[<!DOCTYPE [x] ]]></description></item><item><title>B</title></item>", 2, {}),
        ("<item><title>A</title><description><![CDATA[</item><item>]]></description></item>", 1, {}),
        ("<item><title>A</title></item>" * 2, 1, {"repeated_in_feed": 1}),
        ("<item/><item><title>A</title></item>", 1, {"no_identity": 1}),
    ],
)  # fmt: skip
def test_every_item_has_one_outcome(
    server: HostileServer, sandbox: Sandbox, tmp_path: Path, items: str, found: int, counted: dict[str, int]
) -> None:
    document = f"<rss version='2.0'><channel><title>O</title>{items}</channel></rss>"
    got = poll(server, sandbox, tmp_path, feed=answer(200, document.encode()))
    reasons = [output.reason for output in got if isinstance(output, EntryOutcome)]
    assert (len(entries(got)), {reason: reasons.count(reason) for reason in reasons}) == (found, counted)
    (intake,) = [output for output in got if isinstance(output, Intake)]
    assert intake.entries == found + len(reasons)
    assert [output for output in got if isinstance(output, DeadLetter)] == []
