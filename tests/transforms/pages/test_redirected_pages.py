"""Pages that lead elsewhere, through ``fetch_articles`` and over HTTP: followed within the guard, or dead letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile_support import QUICK, STORY, HostileServer, answer, serving_hostile
from sample_records import an_entry

from schemas.records import Article, DeadLetter
from schemas.step_records import EntryOutcome, FetchTask, KnownArticle, PendingEntry
from transforms.pages.clean import clean_page
from transforms.pages.fetch import fetch_articles
from transforms.pages.markup import ArticleUnreadable
from transforms.pages.parser_processes import parsing_sandbox
from transforms.web.client import HttpFetcher

HERE = Path(__file__).parent
REFRESH = (HERE / "meta_refresh.html").read_text()
SCRIPT_WALL = (HERE / "script_redirect.html").read_bytes()
FRONT_PAGE = (HERE / "front_page.html").read_bytes()
PAGE = f"<html><body><article><h1>T</h1>{STORY}</article></body></html>".encode()
PATH = "/2026/11/two-killed-in-nikopol"


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with serving_hostile() as server:
        yield server


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    fetcher = HttpFetcher(QUICK)
    yield fetcher
    fetcher.close()


def refresh_to(target: str) -> Any:
    return answer(200, REFRESH.replace("https://outlet.example/a", target).encode())


def fetch(
    server: HostileServer, fetcher: HttpFetcher, folder: Path, known: KnownArticle | None = None
) -> list[Any]:
    url = server.base + PATH
    task = FetchTask(PendingEntry(an_entry(article_url=url, link=url), "changed"), known)
    return list(fetch_articles([task], fetcher, parsing_sandbox(), str(folder)))


def only(got: list[Any], kind: type) -> Any:
    (found,) = [g for g in got if isinstance(g, kind)]
    return found


def test_the_target_of_a_meta_refresh_and_of_a_script_is_the_article(
    server: HostileServer, fetcher: HttpFetcher, tmp_path: Path
) -> None:
    server.replies[PATH] = refresh_to("/step")
    server.replies["/step"] = answer(
        200, b"<html><body><script>location.replace('/2026/11/the-story')</script></body></html>"
    )
    server.replies["/2026/11/the-story"] = answer(200, PAGE)
    article = only(fetch(server, fetcher, tmp_path), Article)
    assert article.text.startswith("Sentence 0")
    assert (article.article_url, article.final_url) == (
        server.base + PATH, f"{server.base}/2026/11/the-story",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://127.0.0.2:9/secret", "ssrf_blocked"),
        ("ftp://outlet.example/a", "bad_scheme"),
        ("javascript:go()", "bad_scheme"),
        ("/denied", "robots_denied"),
        ("/2026/11/loop", "too_many_redirects"),
        ("/forbidden", "bot_wall"),
        ("/", "moved_to_front_page"),
    ],
)
def test_each_hop_passes_the_same_checks_as_a_redirect(
    server: HostileServer, fetcher: HttpFetcher, tmp_path: Path, target: str, reason: str
) -> None:
    server.replies |= {
        "/robots.txt": answer(200, b"User-agent: *\nDisallow: /denied\n", "text/plain"),
        PATH: refresh_to(target),
        "/2026/11/loop": refresh_to(PATH),
        "/denied": answer(200, PAGE),
        "/forbidden": answer(403),
        "/": answer(200, FRONT_PAGE),
    }
    got = fetch(server, fetcher, tmp_path)
    assert only(got, DeadLetter).reason == reason
    outcome = only(got, EntryOutcome)
    assert (outcome.outcome, outcome.reason) == ("dead_letter", reason)
    assert len(got) == 2


@pytest.mark.parametrize("body", [SCRIPT_WALL, REFRESH.encode()])
def test_a_page_that_only_sends_the_reader_on_is_no_article(body: bytes) -> None:
    with pytest.raises(ArticleUnreadable) as caught:
        clean_page(body, title="Two killed in Nikopol")
    assert caught.value.reason == "js_only"


def test_a_script_wall_over_http_is_a_dead_letter(
    server: HostileServer, fetcher: HttpFetcher, tmp_path: Path
) -> None:
    server.replies[PATH] = answer(200, SCRIPT_WALL)
    got = fetch(server, fetcher, tmp_path)
    assert only(got, DeadLetter).reason == "js_only"
    assert not any(isinstance(g, Article) for g in got)


def test_a_redirect_to_the_front_page_is_a_dead_letter_and_no_new_version(
    server: HostileServer, fetcher: HttpFetcher, tmp_path: Path
) -> None:
    server.replies |= {PATH: answer(302, Location="/"), "/": answer(200, FRONT_PAGE)}
    got = fetch(server, fetcher, tmp_path, KnownArticle(server.base + PATH, 1, "stored", "page"))
    letter = only(got, DeadLetter)
    assert (letter.stage, letter.reason, letter.retryable) == ("fetch", "moved_to_front_page", True)
    assert letter.payload_uri is None, "a replay must not read the front page as the article"
    assert only(got, EntryOutcome).outcome == "dead_letter"
    assert len(got) == 2


def test_a_redirect_that_adds_a_slash_is_followed(
    server: HostileServer, fetcher: HttpFetcher, tmp_path: Path
) -> None:
    server.replies |= {PATH: answer(301, Location=f"{PATH}/"), f"{PATH}/": answer(200, PAGE)}
    assert only(fetch(server, fetcher, tmp_path), Article).final_url == f"{server.base}{PATH}/"


@pytest.mark.parametrize(
    ("of_feed", "expected"), [(None, "2025-04-05T14:20:00Z"), ("2025-04-05T15:00:00Z", None)]
)
def test_the_pages_own_time_of_change_stands_where_the_feed_has_none(
    server: HostileServer, fetcher: HttpFetcher, tmp_path: Path, of_feed: str | None, expected: str | None
) -> None:
    meta = b"<head><meta property='article:modified_time' content='2025-04-05T16:20:00+02:00'></head>"
    server.replies[PATH] = answer(200, PAGE.replace(b"<html>", b"<html>" + meta))
    url = server.base + PATH
    entry = an_entry(article_url=url, link=url, published_at="2025-04-05T12:00:00Z", updated_at=of_feed)
    task = FetchTask(PendingEntry(entry, "new"), None)
    got = list(fetch_articles([task], fetcher, parsing_sandbox(), str(tmp_path)))
    assert only(got, Article).updated_at == (expected or of_feed)
