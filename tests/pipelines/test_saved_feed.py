"""A saved feed that says no address: its entries are read from the file, and its id is made from its content."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.request import urlopen

import pytest
from conftest import Ledger

from pipelines.cli import main
from pipelines.feed_list import read_feed_list
from pipelines.single_feed import FeedTooLarge
from schemas.identity import sha256_hex
from schemas.records import Feed
from transforms.web.messages import MAX_FEED_BYTES, FetchPolicy

RSS = "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title>{}</channel></rss>"
ITEM = "<item><title>A drone hit a bus</title><link>https://one.example/a</link></item>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>{}<entry><title>A</title><link href='https://one.example/a'/></entry></feed>"
JSON_FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": []}


@pytest.mark.parametrize(
    "content",
    [
        RSS.format(ITEM).encode(),
        ATOM.format("").encode(),
        ATOM.format("<link rel='self' href='/feed.xml'/>").encode(),  # relative: it leads nowhere from a file
        ATOM.format("<link rel='alternate' href='https://one.example/'/>").encode(),
        json.dumps(JSON_FEED).encode(),
        json.dumps(JSON_FEED | {"feed_url": 7}).encode(),
        gzip.compress(RSS.format(ITEM).encode()),
        RSS.format(ITEM).encode("utf-16"),
    ],
)
def test_its_id_comes_from_its_content(tmp_path: Path, content: bytes) -> None:
    told: list[str] = []
    path, other = tmp_path / "feed.xml", tmp_path / "copy.xml"
    path.write_bytes(content)
    other.write_bytes(content)
    feeds = read_feed_list(str(path), FetchPolicy(), told.append)
    assert feeds == [Feed(f"urn:sha256:{sha256_hex(content)}", document=content)]
    assert read_feed_list(str(other), FetchPolicy()) == feeds
    assert len(told) == 1 and "is read from there, and never polled" in told[0]


def test_one_that_is_larger_than_a_polled_feed_may_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_bytes(json.dumps(JSON_FEED | {"title": "T" * MAX_FEED_BYTES}).encode())
    with pytest.raises(FeedTooLarge, match="more than 5 MB"):
        read_feed_list(str(path), FetchPolicy())


def _run(ledger: Ledger, path: Path) -> int:
    options = ["--once", "--allow-host", "127.0.0.1", "--host-delay", "0", "--warehouse", ledger.url]
    return main(["run", "--feeds", str(path), *options])


def test_its_entries_become_articles_and_a_second_run_finds_nothing_new(
    ledger: Ledger, feeds: list[str]
) -> None:
    path = ledger.folder / "saved.xml"
    with urlopen(feeds[0]) as answer:
        path.write_bytes(answer.read())
    assert _run(ledger, path) == 0
    articles = ledger.rows("SELECT article_url, feed_url FROM articles")
    assert articles
    assert {row["feed_url"] for row in articles} == {f"urn:sha256:{sha256_hex(path.read_bytes())}"}
    assert _run(ledger, path) == 0
    (state,) = ledger.rows("SELECT last_status, consecutive_failures FROM feed_state_v1")
    assert state == {"last_status": "unchanged", "consecutive_failures": 0}
    assert len(ledger.rows("SELECT article_url FROM articles")) == len(articles)


@pytest.mark.parametrize(
    "content",
    [
        RSS.format(
            "<item><title>A</title><link>/a</link></item><item><guid>7</guid><link>a.html</link></item>"
        ),
        RSS.format("<item/>"),
        RSS.format("<item><title>A</title><link>javascript:x</link></item>"),
        ATOM.format("").replace("https://one.example", ""),
        "<rss><channel><item>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/a"}, 7, null]}',
    ],
)
def test_links_that_lead_nowhere_do_not_stop_the_run(ledger: Ledger, content: str) -> None:
    path = ledger.folder / "saved.xml"
    path.write_text(content)
    assert _run(ledger, path) == 0
    assert ledger.rows("SELECT article_url FROM articles") == []
    assert main(["show", "feeds", "--warehouse", ledger.url]) == 0
    assert main(["show", "dead-letters", "--warehouse", ledger.url]) == 0
    assert main(["replay", "--warehouse", ledger.url, "--allow-host", "127.0.0.1"]) == 0
