"""News sites of any size on loopback, in a process of their own that costs little.

``/feeds.txt`` lists the feeds, ``/feed/K`` is one of 100 entries, ``/news/N`` the page of article N: the
article among about 30 KB of what a page has beside it. Pages are made when they are asked for.
"""

import asyncio
import datetime as dt
import html
import multiprocessing
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from functools import cache
from typing import Any

from benchmarks.news_text import NewsText, news_text

PER_FEED = 100
_KEPT = 5_000  # pages are kept up to this number, so that repeats cost the server nothing


def news_page(article: NewsText) -> str:
    """Return an article's page: header, menus, related links, comments, scripts and styles around it."""
    say = html.escape
    title = say(article.title)
    story = "\n".join(f"<p>{say(p)}</p>" for p in article.paragraphs)
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


class _Site(asyncio.Protocol):
    """Answers GET requests; one connection may ask many times."""

    def __init__(self, articles: int, every: int, kept: dict[str, bytes]) -> None:
        self._articles, self._every, self._kept, self._data = articles, every, kept, b""

    def connection_made(self, transport: Any) -> None:
        """Keep the connection."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, self._data = self._data.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            host = next(line[5:].strip() for line in lines if line.lower().startswith("host:"))
            self._transport.write(self._answer(lines[0].split(" ")[1], f"http://{host}"))

    def _answer(self, path: str, base: str) -> bytes:
        if path not in self._kept:
            answer = self._made(path, base)
            if len(self._kept) > _KEPT:
                self._kept.clear()
            self._kept[path] = answer
        return self._kept[path]

    def _made(self, path: str, base: str) -> bytes:
        kind, _, number = path.strip("/").partition("/")
        if path == "/feeds.txt":
            feeds = range(-(-self._articles // PER_FEED))
            return _ok("text/plain", "".join(f"{base}/feed/{n}\n" for n in feeds))
        if kind == "feed":
            return _ok("application/rss+xml", self._feed(int(number), base))
        if kind == "news":
            return _ok("text/html; charset=utf-8", news_page(news_text(int(number), self._every)))
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def _feed(self, number: int, base: str) -> str:
        first = number * PER_FEED
        articles = (news_text(n, self._every) for n in range(first, min(first + PER_FEED, self._articles)))
        items = "".join(
            f"<item><title>{html.escape(a.title)}</title><link>{base}/news/{a.number}</link>"
            f"<guid isPermaLink='false'>bench:{a.number}</guid>"
            f"<pubDate>{format_datetime(dt.datetime.fromisoformat(a.published))}</pubDate>"
            f"<description>{html.escape(a.paragraphs[0][:200])}</description></item>"
            for a in articles
        )
        return f"<rss version='2.0'><channel><title>Bench Courier {number}</title>{items}</channel></rss>"


def _ok(kind: str, text: str) -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _serve(articles: int, every: int, ready: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept: dict[str, bytes] = {}

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Site(articles, every, kept), "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def news_site(articles: int, every: int) -> Iterator[str]:
    """Serve so many articles, one in ``every`` about a strike, until the end of the block; yield the base
    address."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    process = context.Process(target=_serve, args=(articles, every, ready), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ready.get(timeout=60)}"
    finally:
        process.terminate()
        process.join()
