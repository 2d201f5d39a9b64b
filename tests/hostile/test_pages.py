"""P01 to P16: hostile pages, each beside a good one, through `fetch_articles`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_pages import CASES, STORY, Seen, fetch, page
from hostile_support import HostileServer, slow_marked

from transforms.util.sandbox import Sandbox
from transforms.util.urls import canonical_url
from transforms.web.client import HttpFetcher


@pytest.mark.parametrize(("name", "body", "check"), slow_marked(CASES), ids=[case[0] for case in CASES])
def test_hostile_page(
    name: str,
    body: bytes | Callable[[], bytes],
    check: Callable[[Seen], None],
    server: HostileServer,
    canary: HostileServer,
    fetcher: HttpFetcher,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    check(fetch(body if isinstance(body, bytes) else body(), server, fetcher, sandbox, tmp_path))


def test_p11_an_article_is_named_by_its_link_and_never_by_what_the_page_claims(
    server: HostileServer, fetcher: HttpFetcher, sandbox: Sandbox, tmp_path: Path
) -> None:
    assert canonical_url("https://amp.outlet.example/amp/story?amp=1") == "https://www.outlet.example/story"
    for claim in ("https://elsewhere.example/x", server.base + "/"):
        body = page(f"<article>{STORY}</article>", f"<link rel='canonical' href='{claim}'>")
        assert fetch(body, server, fetcher, sandbox, tmp_path).article.article_url == f"{server.base}/bad"
