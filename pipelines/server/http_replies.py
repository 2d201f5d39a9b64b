"""Replies: with an ETag, compressed, and with the headers that keep a page from harm."""

import asyncio
import gzip
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from schemas.identity import digest

SECURITY_HEADERS = {
    # No script, nothing from elsewhere, no frame around a page, forms only to this server.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
EMBED_HEADERS = {
    "Content_Security_Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors *",
}
"""Of a page that others may frame. It holds no form and knows no editor, so no click in it can do harm."""
EDITOR_HEADERS = {
    "Cache-Control": "no-store",
    # With no-referrer a browser sends "Origin: null", which does not tell a form of ours from one of others.
    "Referrer-Policy": "same-origin",
}
"""Of a page with forms."""
_COMPRESSED_FROM_BYTES = 1_000
_LEVEL = 3
_MAX_KEPT, _MAX_KEPT_BYTES = 500, 200_000


@dataclass(frozen=True, slots=True)
class _Body:
    plain: bytes
    packed: bytes | None
    media_type: str


class Replies:
    """Makes replies, and keeps the latest bodies: readers ask for the same pages."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Body] = OrderedDict()

    def reply(
        self, request: Request, stamp: str, media_type: str, make: Callable[[], bytes], **headers: str
    ) -> Response:
        """Return a body with its ETag, or 304 where the client has it.

        Args:
            request: what is asked for.
            stamp: another one for other contents of the ledger.
            media_type: of the body.
            make: makes the body; it is called only where the body is not at hand.
            headers: more headers, with underscores for hyphens.
        """
        tag = etag_of(request, stamp)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        shared = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", **more}
        if has_present(request, tag):
            return Response(status_code=304, headers=shared)
        body = self._kept.get(tag)
        if body is None:
            plain = make()
            packed = gzip.compress(plain, _LEVEL, mtime=0) if len(plain) >= _COMPRESSED_FROM_BYTES else None
            body = _Body(plain, packed, media_type)
            self._keep(tag, body)
        if body.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                body.packed, media_type=body.media_type, headers={**shared, "Content-Encoding": "gzip"}
            )
        return Response(body.plain, media_type=body.media_type, headers=shared)

    def _keep(self, tag: str, body: _Body) -> None:
        if len(body.plain) <= _MAX_KEPT_BYTES:
            self._kept[tag] = body
            if len(self._kept) > _MAX_KEPT:
                self._kept.popitem(last=False)


def etag_of(request: Request, stamp: str) -> str:
    """Return the ETag of what is asked for. It is known before the body is made."""
    return f'W/"{stamp}-{digest("etag", str(request.url))[:16]}"'


def has_present(request: Request, tag: str) -> bool:
    """Return whether the client says that it has what the tag names."""
    named = request.headers.get("if-none-match", "")
    return named.strip() == "*" or tag in (part.strip() for part in named.split(","))


def long_reply(
    request: Request, stamp: str, media_type: str, pieces: Iterator[bytes], name: str, link: str | None
) -> Response:
    """Return a long document, sent in pieces. Between two of them others are answered."""
    tag = etag_of(request, stamp)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if link is not None:
        headers["Link"] = link
    if has_present(request, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return StreamingResponse(_sent(pieces), media_type=media_type, headers=headers)


async def _sent(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)  # let others be answered


def problem(status: int, title: str, detail: str, **headers: str) -> Response:
    """Return what is wrong, for a program (RFC 9457)."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(
        json.dumps(body, ensure_ascii=True) + "\n", status, headers or None, "application/problem+json"
    )
