"""F01 to F45: ``poll_feeds`` gets each hostile feed together with a good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_feeds import (
    CASES,
    Seen,
    bad_and_good,
    cuts_title,
    fails,
    item,
    keeps_first_two_thousand,
    poll,
    rss,
)
from hostile_support import Body, HostileServer, bytes_of, slow_marked

from schemas.records import FeedEntry
from schemas.step_records import EntryOutcome
from transforms.feeds.known_entries import drop_known_entries
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher


@pytest.mark.parametrize(("name", "body", "check"), slow_marked(CASES), ids=[case[0] for case in CASES])
def test_a_hostile_feed_does_not_affect_a_good_one(
    name: str,
    body: Body,
    check: Callable[[Seen], object],
    server: HostileServer,
    canary: HostileServer,
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    result = check(poll(bytes_of(body), server, fetcher, sandbox, tmp_path, "application/rss+xml"))
    assert result is None or result


@pytest.mark.parametrize(
    ("name", "body", "check"),
    [
        ("F11", lambda: bad_and_good("x" * 10_000_000), cuts_title),
        ("F12", lambda: rss("".join(item(f"T{n}", f"https://o.example/{n}", f"<guid>{n:064}</guid>") for n in range(50_000))), keeps_first_two_thousand),
    ],
    ids=["F11", "F12"],
)  # fmt: skip
def test_a_hostile_feed_above_the_size_limit_is_refused_and_parsed_below_it(
    name: str,
    body: Callable[[], bytes],
    check: Callable[[Seen], None],
    server: HostileServer,
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fails("body_too_large")(poll(body(), server, fetcher, sandbox, tmp_path, "application/rss+xml"))
    monkeypatch.setattr("transforms.feeds.poll.MAX_FEED_BYTES", 50_000_000)
    check(poll(body(), server, fetcher, sandbox, tmp_path, "application/rss+xml"))


def test_f40_new_guids_and_links_of_known_entries_give_no_new_entries(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path
) -> None:
    from schemas.step_records import KnownEntry
    from schemas.vocabulary import Outcome

    date = "<pubDate>Fri, 04 Apr 2025 19:40:00 GMT</pubDate>"

    def entries(n: int) -> list[FeedEntry]:
        body = rss(
            "".join(
                item(f"T{k}", f"https://n.example/{n}/{k}", f"<guid>{n}-{k}</guid>{date}") for k in range(5)
            )
        )
        return poll(body, server, fetcher, sandbox, tmp_path, "application/rss+xml").entries

    known = [KnownEntry(e.feed_url, e.entry_id, e.entry_hash, e.article_url, e.alias) for e in entries(1)]
    results = list(drop_known_entries(entries(2), known))
    assert [f.outcome for f in results if isinstance(f, EntryOutcome)] == [Outcome.DUPLICATE] * 5
    assert {f.entry_id for f in results if isinstance(f, EntryOutcome)} == {k.entry_id for k in known}
