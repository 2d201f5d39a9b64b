"""A news site of any size on loopback, in a process of its own, for the benchmarks of fetching.

``/feeds.txt`` lists the feeds, ``/feed/K`` is one of 1,000 entries, ``/page/N`` an article of about 60 KB.
With ``poison=True`` every hundredth page is one that no article can come from.
"""

import asyncio
import gzip
import multiprocessing
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from aiohttp import web

PER_FEED = 1_000
POISON = (
    "pdf", "empty", "cut", "loop", "paywall", "bad_gzip", "private", "json", "forbidden", "attributes",
)  # fmt: skip
_WORDS = (
    "council budget river school harvest concert museum bridge traffic weather market league season "
    "minister committee report library garden festival station museum teacher engineer factory".split()
)


def is_poison(number: int, poison: bool) -> bool:
    """Return whether a page is one of the bad ones."""
    return poison and number % 100 == 50


@cache
def article(number: int, size: int) -> str:
    """Return a page with an article of its own words, and furniture up to a size in bytes."""
    chance = random.Random(number)
    story = "".join(
        f"<p>The {' '.join(chance.choices(_WORDS, k=22))} of number {number}, part {part}.</p>"
        for part in range(9)
    )
    links = "".join(
        f"<li><a href='/page/{n}'>{' '.join(chance.choices(_WORDS, k=7))}</a></li>" for n in range(40)
    )
    head = f"<html><head><title>Story {number}</title></head><body><ul>{links}</ul>"
    page = f"{head}<article><h1>Story {number}</h1>{story}</article>"
    filler = f"<div class='ad' data-x='{'x' * 400}'></div>"
    return page + filler * max(0, (size - len(page)) // len(filler)) + "</body></html>"


async def _page(request: web.Request) -> web.StreamResponse:
    number, settings = int(request.match_info["number"]), request.app["settings"]
    await asyncio.sleep(settings["latency_s"])
    if not is_poison(number, settings["poison"]):
        return web.Response(text=article(number, settings["size"]), content_type="text/html")
    kind = POISON[number // 100 % len(POISON)]
    match kind:
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
    response = web.StreamResponse(headers={"Content-Length": "99999"})
    await response.prepare(request)
    await response.write(b"<html><body><p>Half of")
    if request.transport is not None:
        request.transport.close()
    return response


async def _feed(request: web.Request) -> web.Response:
    start = int(request.match_info["number"]) * PER_FEED
    base = f"{request.scheme}://{request.host}"
    numbers = range(start, min(start + PER_FEED, request.app["settings"]["pages"]))
    items = "".join(f"<item><title>Story {n}</title><link>{base}/page/{n}</link></item>" for n in numbers)
    text = f"<rss version='2.0'><channel><title>Newsdesk</title>{items}</channel></rss>"
    return web.Response(text=text, content_type="application/rss+xml", headers={"ETag": f'"{len(text)}"'})


async def _feeds(request: web.Request) -> web.Response:
    count = -(-request.app["settings"]["pages"] // PER_FEED)
    return web.Response(text="".join(f"http://{request.host}/feed/{n}\n" for n in range(count)))


def _serve(settings: dict[str, Any], ready: Any) -> None:
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
        ready.put(site._server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(run())


class _Plain(asyncio.Protocol):
    """Answers every request with the same page after a while: a server that costs next to nothing."""

    def __init__(self, answer: bytes, latency_s: float) -> None:
        self._answer, self._latency_s, self._data = answer, latency_s, b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            _, _, self._data = self._data.partition(b"\r\n\r\n")
            asyncio.get_running_loop().call_later(self._latency_s, self._transport.write, self._answer)


def _serve_plain(settings: dict[str, Any], ready: Any) -> None:
    body = article(1, settings["size"]).encode()
    more = ""
    if settings["packed"]:
        body, more = gzip.compress(body), "Content-Encoding: gzip\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode()

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Plain(head + body, settings["latency_s"]), "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def newsdesk(
    pages: int,
    *,
    size: int = 60_000,
    latency_s: float = 0.0,
    poison: bool = False,
    plain: bool = False,
    packed: bool = False,
) -> Iterator[str]:
    """Serve until the end of the block; yield the base address.

    ``plain``: one page at every address, at next to no cost; ``packed``: it comes as gzip.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    settings = {"pages": pages, "size": size, "latency_s": latency_s, "poison": poison, "packed": packed}
    process = context.Process(target=_serve_plain if plain else _serve, args=(settings, ready), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ready.get(timeout=30)}"
    finally:
        process.terminate()
        process.join()
