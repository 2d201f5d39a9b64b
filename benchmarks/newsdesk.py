"""A news site of any size on loopback, in a separate process, for the benchmarks of fetching.

``/feeds.txt`` lists the feeds. ``/feed/K`` is a feed of 1,000 entries. ``/page/N`` is an article of about 60
kB. If ``has_bad_pages``, every hundredth page is bad: it yields no article.
"""

import asyncio
import gzip
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from aiohttp import web

from benchmarks.servers import HttpProtocol, http_answer, serve_protocol, server_process

FEED_ENTRIES = 1_000
BAD_PAGES = (
    "pdf", "empty", "cut", "loop", "paywall", "bad_gzip", "private", "json", "forbidden", "attributes",
)  # fmt: skip
_WORDS = (
    "council budget river school harvest concert museum bridge traffic weather market league season "
    "minister committee report library garden festival station museum teacher engineer factory".split()
)


def is_bad_page(number: int) -> bool:
    """Return whether a page is bad, on a site with bad pages."""
    return number % 100 == 50


@cache
def page(number: int, page_bytes: int) -> str:
    """Return a page with an article, filled with advertisements up to a size in bytes."""
    chance = random.Random(number)
    story = "".join(
        f"<p>The {' '.join(chance.choices(_WORDS, k=22))} of number {number}, part {part}.</p>"
        for part in range(9)
    )
    links = "".join(
        f"<li><a href='/page/{n}'>{' '.join(chance.choices(_WORDS, k=7))}</a></li>" for n in range(40)
    )
    head = f"<html><head><title>Story {number}</title></head><body><ul>{links}</ul>"
    content = f"{head}<article><h1>Story {number}</h1>{story}</article>"
    filler = f"<div class='ad' data-x='{'x' * 400}'></div>"
    return content + filler * max(0, (page_bytes - len(content)) // len(filler)) + "</body></html>"


async def _page(request: web.Request) -> web.StreamResponse:
    number, settings = int(request.match_info["number"]), request.app["settings"]
    await asyncio.sleep(settings["latency_s"])
    if not (settings["has_bad_pages"] and is_bad_page(number)):
        return web.Response(text=page(number, settings["page_bytes"]), content_type="text/html")
    match BAD_PAGES[number // 100 % len(BAD_PAGES)]:
        case "pdf":
            return web.Response(body=b"%PDF-1.7" + bytes(range(256)) * 100, content_type="application/pdf")
        case "empty":
            return web.Response(body=b"")
        case "loop":
            raise web.HTTPFound(request.path)
        case "private":
            raise web.HTTPFound("http://127.0.0.2:9/")
        case "paywall":
            return web.Response(
                text="<html><body><p>Subscribe to continue reading.</p></body></html>",
                content_type="text/html",
            )
        case "json":
            return web.json_response({"error": True})
        case "forbidden":
            return web.Response(status=403)
        case "attributes":
            return web.Response(
                text=f"<html><body><p {'a=1 ' * 50_000}>x</p></body></html>", content_type="text/html"
            )
        case "bad_gzip":
            return web.Response(body=gzip.compress(b"x" * 999)[:60], headers={"Content-Encoding": "gzip"})
    # "cut": the connection ends in the middle of the page.
    response = web.StreamResponse(headers={"Content-Length": "99999"})
    await response.prepare(request)
    await response.write(b"<html><body><p>Half of")
    if request.transport is not None:
        request.transport.close()
    return response


async def _feed(request: web.Request) -> web.Response:
    start = int(request.match_info["number"]) * FEED_ENTRIES
    base = f"{request.scheme}://{request.host}"
    numbers = range(start, min(start + FEED_ENTRIES, request.app["settings"]["pages"]))
    items = "".join(f"<item><title>Story {n}</title><link>{base}/page/{n}</link></item>" for n in numbers)
    text = f"<rss version='2.0'><channel><title>Newsdesk</title>{items}</channel></rss>"
    return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": f'"{len(text)}"'})


async def _feeds(request: web.Request) -> web.Response:
    count = -(-request.app["settings"]["pages"] // FEED_ENTRIES)
    return web.Response(text="".join(f"http://{request.host}/feed/{n}\n" for n in range(count)))


def _serve(settings: dict[str, Any], port_queue: Any) -> None:
    app = web.Application()
    app["settings"] = settings
    app.add_routes(
        [web.get("/feeds.txt", _feeds), web.get("/feed/{number}", _feed), web.get("/page/{number}", _page)]
    )

    async def run() -> None:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port_queue.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


class _OnePageProtocol(HttpProtocol):
    """Answers every request with the same bytes after the latency. This costs almost no CPU time."""

    def __init__(self, answer: bytes, latency_s: float) -> None:
        super().__init__()
        self._answer, self._latency_s = answer, latency_s

    def request_received(self, head: bytes) -> None:
        asyncio.get_running_loop().call_later(self._latency_s, self.transport.write, self._answer)


def _serve_one_page(settings: dict[str, Any], port_queue: Any) -> None:
    body, encoding = page(1, settings["page_bytes"]).encode(), ""
    if settings["is_gzipped"]:
        body, encoding = gzip.compress(body), "Content-Encoding: gzip\r\n"
    answer = http_answer("text/html", body, encoding)
    serve_protocol(lambda: _OnePageProtocol(answer, settings["latency_s"]), port_queue)


@contextmanager
def newsdesk(
    pages: int,
    *,
    page_bytes: int = 60_000,
    latency_s: float = 0.0,
    has_bad_pages: bool = False,
    is_one_page: bool = False,
    is_gzipped: bool = False,
) -> Iterator[str]:
    """Serve until the end of the block; yield the base address.

    Args:
        pages: number of pages.
        page_bytes: about the size of a page.
        latency_s: seconds before an answer.
        has_bad_pages: whether one page in a hundred is bad.
        is_one_page: serve the same page at every address, at almost no cost.
        is_gzipped: whether that page is compressed with gzip.
    """
    settings = {
        "pages": pages, "page_bytes": page_bytes, "latency_s": latency_s, "has_bad_pages": has_bad_pages,
        "is_gzipped": is_gzipped,
    }  # fmt: skip
    with server_process(_serve_one_page if is_one_page else _serve, settings) as base:
        yield base
