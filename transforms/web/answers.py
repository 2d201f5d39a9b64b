"""From a response to an ``Answer``: the body under a byte limit, validators, and the target of a redirect."""

from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp

from transforms.util.errors import FetchFailed
from transforms.web.failures import classify_status, parse_http_date
from transforms.web.messages import Answer, Request

_REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
_PERMANENT_STATUSES = frozenset({301, 308})
_MAX_VALIDATOR_CHARACTERS = 1024
_MAX_CHUNKS = 200_000  # a body that arrives byte by byte stays below the byte limit but costs CPU time
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


async def _read_body(response: aiohttp.ClientResponse, request: Request, flags: list[str]) -> bytes:
    """Read the body. The limit counts bytes after decompression, so a compression bomb stops at it."""
    chunks, size_bytes = list[bytes](), 0
    try:
        async for chunk in response.content.iter_any():
            size_bytes += len(chunk)
            if size_bytes > request.max_bytes:
                if request.accepts_part:
                    break
                raise FetchFailed("body_too_large", f"more than {request.max_bytes} bytes", response.status)
            chunks.append(chunk)
            if len(chunks) > _MAX_CHUNKS:
                raise FetchFailed("bad_body", "a body in crumbs", response.status)
    except aiohttp.ClientPayloadError:
        # A wrong Content-Length does no harm where the document is complete.
        if not b"".join(chunks[-2:]).rstrip().lower().endswith(_DOCUMENT_ENDS):
            raise
        flags.append("length_mismatch")
    if not size_bytes:
        raise FetchFailed("empty_body", "the answer has no body", response.status)
    return b"".join(chunks)


def _check_validator(value: str | None) -> str | None:
    """Return a validator unchanged, however odd it looks; None where it cannot be sent back."""
    if not value or len(value) > _MAX_VALIDATOR_CHARACTERS or any(c in value for c in "\r\n\x00"):
        return None
    return value
