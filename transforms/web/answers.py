"""From a response to an ``Answer``: the body under a byte limit, validators, and the target of a redirect."""

from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from transforms.util.errors import FetchFailed
from transforms.util.forwarding import read_forwarding
from transforms.web.codings import decode_body
from transforms.web.failures import classify_status, parse_http_date
from transforms.web.messages import Answer, Request

_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_PERMANENT_STATUSES = frozenset({301, 308})
_MAX_VALIDATOR_CHARACTERS = 1024
_MAX_CHUNKS = 200_000  # a body that arrives byte by byte stays below the byte limit but costs CPU time
_MAX_FORWARDING_BYTES = 30_000  # a larger page is no mere redirect, and reading it would hold up the others
_DOCUMENT_ENDS = (b"</html>", b"</rss>", b"</feed>", b"</rdf:rdf>")


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect to another address."""

    target: str
    is_permanent: bool


async def read_response(response: aiohttp.ClientResponse, url: str, request: Request) -> Answer | Redirect:
    """Return the answer or the redirect that a response holds.

    Args:
        response: the response; its body has not been read.
        url: the address that it came from.
        request: the request; it limits the body.

    Raises:
        FetchFailed: the status, the redirect or the body cannot be used.
        aiohttp.ClientError: the connection broke while the body was read.
    """
    if response.status in _REDIRECT_STATUSES:
        target = _redirect_target(url, response.headers.get("Location"))
        return Redirect(target, response.status in _PERMANENT_STATUSES)
    failure = classify_status(response.status, response.headers)
    if failure is not None:
        raise failure
    body, flags = b"", list[str]()
    if response.status != 304:
        body = await _read_body(response, request, flags)
    # "Expires: 0" says that the answer is old at once, so its validators are of no use.
    keeps_validators = response.headers.get("Expires", "").strip() != "0"
    return Answer(
        status=response.status,
        url=url,
        body=body,
        charset=response.charset,
        etag=_check_validator(response.headers.get("ETag")) if keeps_validators else None,
        last_modified=_check_validator(response.headers.get("Last-Modified")) if keeps_validators else None,
        flags=tuple(flags),
        server_time=parse_http_date(response.headers.get("Date")),
    )


def _redirect_target(url: str, location: str | None) -> str:
    if not location or any(ord(c) < 32 for c in location):
        raise FetchFailed("bad_redirect", "a redirect without a usable Location")
    try:
        return urljoin(url, location)
    except ValueError:
        raise FetchFailed("bad_redirect", "a redirect to no URL") from None


def forwarded_to(answer: Answer) -> Redirect | None:
    """Return the redirect of a page that only sends the reader on, or None for any other page."""
    if len(answer.body) > _MAX_FORWARDING_BYTES:
        return None
    try:
        markup = answer.body.decode(answer.charset or "utf-8", "replace")
    except LookupError:
        markup = answer.body.decode("utf-8", "replace")
    found = read_forwarding(markup, answer.url)
    return None if found is None or found.target is None else Redirect(found.target, is_permanent=False)


async def _read_body(response: aiohttp.ClientResponse, request: Request, flags: list[str]) -> bytes:
    """Read the body. The limit counts bytes after decompression, so a compression bomb stops at it."""
    coding = response.headers.get("Content-Encoding", "")
    chunks = list[bytes]()
    try:
        is_whole = await _read_chunks(response, request, chunks)
        if not is_whole and not request.accepts_part:
            raise _too_large(response, request)
        body = decode_body(b"".join(chunks), coding, request.max_bytes)
    except aiohttp.ClientPayloadError:
        # A wrong Content-Length does no harm where the document is complete.
        body = decode_body(b"".join(chunks), coding, request.max_bytes)
        if not body.rstrip().lower().endswith(_DOCUMENT_ENDS):
            raise
        flags.append("length_mismatch")
        is_whole = True
    if len(body) > request.max_bytes or not is_whole:
        if not request.accepts_part:
            raise _too_large(response, request)
        body = body[: request.max_bytes]
    if not body:
        raise FetchFailed("empty_body", "the answer has no body", response.status)
    return body


def _too_large(response: aiohttp.ClientResponse, request: Request) -> FetchFailed:
    return FetchFailed("body_too_large", f"more than {request.max_bytes} bytes", response.status)


async def _read_chunks(response: aiohttp.ClientResponse, request: Request, chunks: list[bytes]) -> bool:
    """Read a body into ``chunks``, still compressed; return whether it is all there.

    Raises:
        FetchFailed: the body arrives in crumbs.
        aiohttp.ClientPayloadError: the body ends early. What arrived is in ``chunks``.
    """
    size_bytes = 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size_bytes += len(chunk)
        if size_bytes > request.max_bytes:
            return False
        if len(chunks) > _MAX_CHUNKS:
            raise FetchFailed("bad_body", "a body in crumbs", response.status)
    return True


def _check_validator(value: str | None) -> str | None:
    """Return a validator unchanged, however odd it looks; None where it cannot be sent back."""
    if not value or len(value) > _MAX_VALIDATOR_CHARACTERS or any(c in value for c in "\r\n\x00"):
        return None
    return value
