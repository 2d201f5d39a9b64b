"""A news site of any size on loopback, in a separate process that costs little CPU time.

``/feeds.txt`` lists the feeds. ``/feed/K`` is a feed of 100 entries. ``/news/N`` is the page of article N:
about 30 kB with menus, related links, comments and scripts. Pages are made at the first request.
"""

import datetime as dt
import html
import random
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from functools import cache
from typing import Any

from benchmarks.news_text import NewsText, news_text
from benchmarks.servers import HttpProtocol, http_answer, serve_protocol, server_process

FEED_ENTRIES = 100
MAX_CACHED_ANSWERS = 5_000
"""Up to this number, answers are kept, so that later rounds cost the server almost nothing."""


def news_page(article: NewsText) -> str:
    """Return the page of an article, with header, menus, related links, comments, scripts and styles."""
    title = html.escape(article.title)
    story = "\n".join(f"<p>{html.escape(p)}</p>" for p in article.paragraphs)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} - Bench Courier</title>
<meta property="og:title" content="{title}"><meta name="description" content="{title}">
<link rel="canonical" href="https://bench.example/news/{article.number}">{_style()}</head>
<body><header class="site-header"><a href="/">Bench Courier</a>{_menu()}</header>
<main><article><h1>{title}</h1><p class="byline">By Staff Reporter</p>
<time datetime="{article.published}">{article.published[:16].replace("T", " ")}</time>
<div class="share"><a href="#">Share</a> <a href="#">Print</a></div>
{story}
</article>{_related(article.number % 50)}</main>
<section id="comments" class="comments"><h3>2 comments</h3><p>Nobody asked us about any of this.</p></section>
<footer>{_menu()}<p>&copy; Bench Courier. All rights reserved.</p></footer>{_script()}</body></html>"""


@cache
def _style() -> str:
    rules = "".join(f".c{n}{{margin:{n}px;padding:{n % 7}px;color:#{n:06x}}}" for n in range(150))
    return f"<style>{rules}</style>"


@cache
def _script() -> str:
    data = ",".join(f'"k{n}":{{"slot":"ad-{n}","size":[{n},250]}}' for n in range(200))
    return f"<script>window.settings={{{data}}};</script>"


@cache
def _menu() -> str:
    names = ("World", "Politics", "Business", "Sport", "Culture", "Science", "Travel", "Weather")
    items = "".join(f'<li><a href="/{n.lower()}/{k}">{n} {k}</a></li>' for n in names for k in range(5))
    return f"<nav><ul>{items}</ul></nav>"


@cache
def _related(seed: int) -> str:
    chance = random.Random(seed)
    words = "budget river school harvest concert museum bridge traffic weather market league season".split()
    items = "".join(
        f'<li class="card"><a href="/news/{n}"><img src="/i/{n}.jpg" alt="">'
        f"<h3>{' '.join(chance.choices(words, k=7)).title()}</h3></a>"
        f'<span class="when">{n} hours ago</span></li>'
        for n in range(30)
    )
    return f'<aside class="related"><h2>Read also</h2><ul>{items}</ul></aside>'


class _NewsProtocol(HttpProtocol):
    """Answers with the list of feeds, with a feed, or with a page."""

    def __init__(self, articles: int, articles_per_strike: int, cache: dict[str, bytes]) -> None:
        super().__init__()
        self._articles, self._articles_per_strike, self._cache = articles, articles_per_strike, cache

    def request_received(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
        self.transport.write(self._cached_answer(lines[0].split(" ")[1], f"http://{host}"))

    def _cached_answer(self, path: str, base: str) -> bytes:
        if path not in self._cache:
            answer = self._answer(path, base)
            if len(self._cache) > MAX_CACHED_ANSWERS:
                self._cache.clear()
            self._cache[path] = answer
        return self._cache[path]

    def _answer(self, path: str, base: str) -> bytes:
        kind, _, number = path.strip("/").partition("/")
        if path == "/feeds.txt":
            feeds = range(-(-self._articles // FEED_ENTRIES))
            return http_answer("text/plain", "".join(f"{base}/feed/{n}\n" for n in feeds).encode())
        if kind == "feed":
            return http_answer("application/rss+xml", self._feed(int(number), base).encode())
        if kind == "news":
            page = news_page(news_text(int(number), self._articles_per_strike))
            return http_answer("text/html; charset=utf-8", page.encode())
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def _feed(self, number: int, base: str) -> str:
        first = number * FEED_ENTRIES
        numbers = range(first, min(first + FEED_ENTRIES, self._articles))
        items = "".join(
            f"<item><title>{html.escape(a.title)}</title><link>{base}/news/{a.number}</link>"
            f"<guid isPermaLink='false'>bench:{a.number}</guid>"
            f"<pubDate>{format_datetime(dt.datetime.fromisoformat(a.published))}</pubDate>"
            f"<description>{html.escape(a.paragraphs[0][:200])}</description></item>"
            for a in (news_text(n, self._articles_per_strike) for n in numbers)
        )
        return f"<rss version='2.0'><channel><title>Bench Courier {number}</title>{items}</channel></rss>"


def _serve(articles: int, articles_per_strike: int, port_queue: Any) -> None:
    cache: dict[str, bytes] = {}
    serve_protocol(lambda: _NewsProtocol(articles, articles_per_strike, cache), port_queue)


@contextmanager
def news_site(articles: int, articles_per_strike: int) -> Iterator[str]:
    """Serve a number of articles until the end of the block; yield the base address.

    One in ``articles_per_strike`` is about a strike.
    """
    with server_process(_serve, articles, articles_per_strike) as base:
        yield base
