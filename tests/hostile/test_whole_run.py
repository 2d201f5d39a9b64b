"""R16: all hostile feeds and pages in one run of the pipeline, on both runners."""

from __future__ import annotations

from collections import Counter

import hostile_feeds
import hostile_pages
import pytest
from conftest import Ledger
from hostile_support import HostileServer, answer, bytes_of

from schemas.vocabulary import REASONS

GOOD_PAGE = "".join(
    f"<p>Sentence {n} of the good neighbour, which is told at some length.</p>" for n in range(9)
)


@pytest.mark.slow
@pytest.mark.parametrize("runner", ["FnApiRunner", "DirectRunner"])
def test_r16_all_hostile_inputs_in_one_run_affect_no_good_article(
    runner: str, ledger: Ledger, server: HostileServer, canary: HostileServer
) -> None:
    feeds = []
    for name, body, _ in hostile_feeds.CASES:
        # The links of the cases lead to another host, and no test may connect to it.
        document = bytes_of(body).replace(b"https://outlet.example", server.base.encode() + b"/o")
        server.replies[f"/feed/{name}"] = answer(200, document, "application/rss+xml")
        feeds.append(f"{server.base}/feed/{name}")
    items = []
    for name, body, _ in hostile_pages.CASES:
        server.replies[f"/page/{name}"] = answer(200, bytes_of(body))
        items.append(f"<item><title>{name}</title><link>{server.base}/page/{name}</link></item>")
    items.append(f"<item><title>Good</title><link>{server.base}/page/good</link></item>")
    server.replies["/page/good"] = answer(
        200, f"<html><body><article>{GOOD_PAGE}</article></body></html>".encode()
    )
    feed = f"<rss version='2.0'><channel><title>Pages</title>{''.join(items)}</channel></rss>"
    server.replies["/feed/pages"] = answer(200, feed.encode())
    feeds.append(f"{server.base}/feed/pages")

    run = ledger.run(feeds, f"--runner={runner}")
    parts = ("entries_written", "entries_duplicate", "entries_dropped", "entries_dead_letter")
    assert run["entries_in"] == sum(run[p] for p in parts)
    (good,) = ledger.rows("SELECT text FROM articles WHERE title = 'Good' AND article_url LIKE '%/page/good'")
    assert good["text"].startswith("Sentence 0 of the good neighbour")
    reasons = Counter(x["reason"] for x in ledger.rows("SELECT reason FROM dead_letters"))
    assert set(reasons) <= set(REASONS)
    assert reasons["xml_entity_bomb"] == 3
    assert reasons["extract_timeout"] >= 1
    failed = {
        x["feed_url"].rpartition("/")[2]
        for x in ledger.rows("SELECT feed_url FROM feed_state WHERE consecutive_failures > 0")
    }
    assert failed >= {"F06", "F07", "F08", "F13a", "F13b", "F30", "F31", "F32b", "F33b"}
    again = ledger.run(feeds, f"--runner={runner}")
    assert again["entries_written"] == 0
