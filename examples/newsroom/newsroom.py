"""Serve the sample articles on loopback as news sites with feeds. It needs only the standard library.

The first element of a path is the host of an outlet: ``http://127.0.0.1:PORT/dnipro-ledger.example/...``.
``/feeds.txt`` lists all feeds. ``Newsroom.requests`` counts requests by status and path, so that tests can
check that nothing is fetched twice.
"""

import argparse
import datetime as dt
import gzip
import hashlib
import html
import json
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

ARTICLES = Path(__file__).with_name("articles.json")
DEFAULT_PORT = 8765
_FEED_FORMATS = ("rss2", "atom", "rss1")
_UPDATED_WITHOUT_ARTICLES = "2000-01-01T00:00:00+00:00"
Article = dict[str, Any]


class Newsroom:
    """The outlets with their articles, and a count of the requests.

    ``failures``: paths that answer with an error, and its status.
    """

    def __init__(self, articles: list[Article] | None = None) -> None:
        self.articles = articles if articles is not None else json.loads(ARTICLES.read_text("utf-8"))
        self.requests: Counter[str] = Counter()
        self.failures: dict[str, int] = {}
        self.lock = threading.Lock()

    @property
    def outlets(self) -> list[str]:
        """Return the hosts of the outlets, sorted."""
        return sorted({urlsplit(a["url"]).netloc for a in self.articles})

    def feed_format(self, host: str) -> str:
        """Return the feed format of an outlet. Outlets take the formats in turn, so that all occur."""
        return _FEED_FORMATS[self.outlets.index(host) % len(_FEED_FORMATS)]

    def of(self, host: str) -> list[Article]:
        """Return the articles of an outlet, newest first."""
        found = [a for a in self.articles if urlsplit(a["url"]).netloc == host]
        return sorted(found, key=lambda a: dt.datetime.fromisoformat(a["published"]), reverse=True)

    def article(self, path: str) -> Article | None:
        """Return the article at ``/host/path``, or None."""
        for article in self.articles:
            parts = urlsplit(article["url"])
            if path == f"/{parts.netloc}{parts.path}":
                return article
        return None


def link_of(article: Article, base: str) -> str:
    """Return the address of an article on this server."""
    parts = urlsplit(article["url"])
    return f"{base}/{parts.netloc}{parts.path}"


def feed_of(room: Newsroom, host: str, base: str) -> str:
    """Return the feed of an outlet as XML, in the outlet's format."""
    articles = room.of(host)
    name = articles[0]["source"] if articles else host
    render = {"rss2": _rss2, "atom": _atom, "rss1": _rss1}[room.feed_format(host)]
    return render(articles, name, host, base)


def _rss2(articles: list[Article], name: str, host: str, base: str) -> str:
    items = "".join(
        f"<item><title>{escape(a['title'])}</title>"
        f"<link>{escape(link_of(a, base))}?utm_source=feed&amp;utm_medium=rss</link>"
        f'<guid isPermaLink="false">{host}:{a["id"]}</guid>'
        f"<pubDate>{format_datetime(dt.datetime.fromisoformat(a['published']))}</pubDate>"
        f"<description><![CDATA[<p>{html.escape(a['summary'])}</p>]]></description></item>"
        for a in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(name)}</title><link>{base}/{host}/</link>"
        f"<description>{escape(name)}</description><language>en-GB</language><ttl>30</ttl>{items}"
        "</channel></rss>"
    )


def _atom(articles: list[Article], name: str, host: str, base: str) -> str:
    entries = "".join(
        f"<entry><id>tag:{host},{a['published'][:10]}:{a['id']}</id>"
        f'<title type="html">{escape(html.escape(a["title"]))}</title>'
        f'<link rel="alternate" type="text/html" href={quoteattr(link_of(a, base))}/>'
        f"<published>{a['published']}</published><updated>{a['published']}</updated>"
        f"<summary>{escape(a['summary'])}</summary></entry>"
        for a in articles
    )
    updated = articles[0]["published"] if articles else _UPDATED_WITHOUT_ARTICLES
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<id>{base}/{host}/</id><title>{escape(name)}</title>"
        f"<updated>{updated}</updated>{entries}</feed>"
    )


def _rss1(articles: list[Article], name: str, host: str, base: str) -> str:
    items = "".join(
        f"<item rdf:about={quoteattr(link_of(a, base))}><title>{escape(a['title'])}</title>"
        f"<link>{escape(link_of(a, base))}</link><dc:date>{a['published']}</dc:date>"
        f"<description>{escape(a['summary'])}</description></item>"
        for a in articles
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}/{host}/"><title>{escape(name)}</title>'
        f"<link>{base}/{host}/</link><description>{escape(name)}</description></channel>{items}"
        "</rdf:RDF>"
    )


def page_of(room: Newsroom, article: Article, base: str) -> str:
    """Return the page of an article. Menus, related headlines and comments surround the text."""
    esc = html.escape
    host = urlsplit(article["url"]).netloc
    others = [a for a in room.articles if a is not article]
    # From a hash of the id, so that an article always has the same related headlines.
    first = int(hashlib.sha256(article["id"].encode()).hexdigest()[:6], 16)
    related = "".join(
        f'<li><a href="{link_of(o, base)}">{esc(o["title"])}</a><p>{esc(o["summary"])}</p></li>'
        for o in (others[(first + 5 * k) % len(others)] for k in range(min(4, len(others))))
    )
    body = "\n".join(f"<p>{esc(p)}</p>" for p in article["paragraphs"])
    byline = f'<p class="byline">By {esc(article["byline"])}</p>' if article.get("byline") else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{esc(article["title"])} - {esc(article["source"])}</title>
<meta property="og:title" content="{esc(article["title"], True)}">
<meta name="description" content="{esc(article["summary"], True)}">
<link rel="canonical" href="{article["url"]}"></head>
<body>
<div class="cookie-consent">We use cookies and share data with our partners. <button>Agree</button></div>
<header><nav><ul><li><a href="/{host}/world">World</a></li><li><a href="/{host}/war">War</a></li>
<li><a href="/{host}/sport">Sport</a></li></ul></nav></header>
<main><article><h1>{esc(article["title"])}</h1>{byline}
<time datetime="{article["published"]}">{article["published"][:16].replace("T", " ")}</time>
<div class="share">Share on Telegram, by mail</div>
{body}
<aside class="related"><h2>Read also</h2><ul>{related}</ul></aside>
</article></main>
<section id="comments" class="comments"><h3>1 comment</h3><p>They say 500 people were killed in Rivne, is that
true?</p></section>
<footer>&copy; {esc(article["source"])}. All rights reserved.</footer>
</body></html>"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    room: Newsroom

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        base = f"http://{self.headers.get('Host')}"
        if path in self.room.failures:
            self._answer(self.room.failures[path], b"failing", "text/plain")
            return
        if path == "/feeds.txt":
            lines = "".join(f"{base}/{host}/feed.xml\n" for host in self.room.outlets)
            self._answer(200, lines.encode(), "text/plain; charset=utf-8")
            return
        host, _, rest = path.lstrip("/").partition("/")
        if rest == "feed.xml" and host in self.room.outlets:
            self._document(feed_of(self.room, host, base), "application/xml")
            return
        article = self.room.article(path)
        if article is None:
            self._answer(404, b"<html><body>not found</body></html>", "text/html")
        else:
            self._document(page_of(self.room, article, base), "text/html; charset=utf-8")

    def _document(self, text: str, kind: str) -> None:
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", kind, etag)
        else:
            self._answer(200, body, kind, etag)

    def _answer(self, status: int, body: bytes, kind: str, etag: str | None = None) -> None:
        with self.room.lock:
            self.room.requests[f"{status} {urlsplit(self.path).path}"] += 1
        self.send_response(status)
        if body and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        if etag:
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    """A server that says nothing where a client resets its connection, as a refused run does."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(room: Newsroom, port: int = 0) -> Iterator[str]:
    """Serve a newsroom on 127.0.0.1 until the end of the block, and yield its base address.

    Args:
        room: the newsroom.
        port: the port; 0 takes a free one.

    Raises:
        OSError: another process uses the port.
    """
    handler = type("Handler", (_Handler,), {"room": room})
    server = _Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main() -> None:
    """Serve until the process is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    with serving(Newsroom(), parser.parse_args().port) as base:
        print(f"{base}/feeds.txt", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
