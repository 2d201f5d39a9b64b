"""P01 to P16: ``fetch_articles`` gets each hostile page together with a good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_pages import CASES, Seen, fetch, page
from hostile_support import STORY, Body, HostileServer, bytes_of, slow_marked

from transforms.util.sandbox import Sandbox
from transforms.util.urls import canonical_url
from transforms.web.client import HttpFetcher


@pytest.mark.parametrize(("name", "body", "check"), slow_marked(CASES), ids=[case[0] for case in CASES])
def test_a_hostile_page_does_not_affect_a_good_one(
    name: str,
    body: Body,
    check: Callable[[Seen], None],
    server: HostileServer,
    canary: HostileServer,
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    check(fetch(bytes_of(body), server, fetcher, sandbox, tmp_path))


def test_p11_the_address_of_an_article_comes_from_its_link_and_not_from_the_page(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path
) -> None:
    assert canonical_url("https://amp.outlet.example/amp/story?amp=1") == "https://www.outlet.example/story"
    for claim in ("https://elsewhere.example/x", server.base + "/"):
        body = page(f"<article>{STORY}</article>", f"<link rel='canonical' href='{claim}'>")
        assert fetch(body, server, fetcher, sandbox, tmp_path).article.article_url == f"{server.base}/bad"
