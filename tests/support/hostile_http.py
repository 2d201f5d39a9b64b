"""Helpers of the tests of hostile answers: they request a bad answer together with a good one."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hostile_support import STORY, HostileServer, Reply, answer
from sample_records import an_entry

from schemas.records import Article, DeadLetter
from schemas.step_records import FetchTask, PendingEntry
from transforms.pages.fetch import fetch_articles
from transforms.util.errors import FetchFailed
from transforms.util.sandbox import Sandbox
from transforms.web.client import HttpFetcher
from transforms.web.messages import Answer, Request

MB = 1_000_000
PAGE = f"<html><body><article><h1>T</h1>{STORY}</article></body></html>".encode()
FEED = b"<rss version='2.0'><channel><title>T</title></channel></rss>"


def get(server: HostileServer, fetcher: HttpFetcher, reply: Reply, **request: Any) -> Answer | FetchFailed:
    """Request the bad answer, and at the same time a good one from another host; return the bad one."""
    server.replies.update({"/bad": reply, "/good": answer(200, b"fine")})
    neighbour = server.base.replace("127.0.0.1", "localhost") + "/good"
    bad, good = fetcher.get_all([Request(f"{server.base}/bad", 8 * MB, **request), Request(neighbour, MB)])
    assert isinstance(good, Answer)
    assert good.body == b"fine"
    return bad


def reason_of(got: Answer | FetchFailed) -> str:
    return got.reason if isinstance(got, FetchFailed) else "answered"


def read_page(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, folder: Path, reply: Reply
) -> tuple[list[Article], list[DeadLetter]]:
    """Fetch the bad page, and at the same time a good one from another host, with ``fetch_articles``.

    Returns:
        The article of the bad page, if any, and the dead letters.
    """
    server.replies.update({"/bad": reply, "/good": answer(200, PAGE)})
    urls = [f"{server.base}/bad", server.base.replace("127.0.0.1", "localhost") + "/good"]
    tasks = [
        FetchTask(PendingEntry(an_entry(n, article_url=u, link=u), "new"), None) for n, u in enumerate(urls)
    ]
    got = list(fetch_articles(tasks, fetcher, sandbox, str(folder)))
    articles = [g for g in got if isinstance(g, Article)]
    assert [a for a in articles if a.article_url == urls[1]]
    return [a for a in articles if a.article_url == urls[0]], [g for g in got if isinstance(g, DeadLetter)]


def set_dns_answers(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let each look-up of a name return the next list of addresses, and the last one from then on."""
    left = list(answers)

    async def resolve(self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        if not left:
            raise OSError("no such name")
        found = left.pop(0) if len(left) > 1 else left[0]
        return [
            {"hostname": host, "host": a, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for a in found
        ]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", resolve)
