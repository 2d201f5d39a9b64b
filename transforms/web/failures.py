"""Naming what went wrong with a request: from exceptions, statuses and headers to closed words."""

import contextlib
import socket
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from schemas.identity import parse_instant
from transforms.util.errors import FetchFailed
from transforms.web.guard import Blocked

_MAX_URL = 2048
_MAX_WAIT_S = 86_400.0
_UNSAID_WAIT_S = 60.0  # where a server says 429 and not how long
_STATUS_REASON = {404: "not_found", 410: "gone", 429: "rate_limited", 451: "legal", 402: "paywall"}
_WALL_STATUS = frozenset({401, 403, 407})
# X509_V_ERR_* of OpenSSL
_TLS_REASON = {9: "tls_expired", 10: "tls_expired", 62: "tls_wrong_host", 64: "tls_wrong_host"}

HOST_FAULTS = frozenset(
    {"deadline", "conn_refused", "conn_reset", "dns_error", "tls_expired", "tls_untrusted", "tls_wrong_host",
     "tls_error"}
)  # fmt: skip
"""Faults of a host, not of one page of it."""


def check_url(url: str) -> str:
    """Return the host of a URL that may be requested.

    Raises:
        FetchFailed: ``bad_scheme`` or ``bad_url``.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchFailed("bad_url", f"not a URL: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise FetchFailed("bad_scheme", f"only http and https are fetched, not {parts.scheme!r}")
    if not host or len(url) > _MAX_URL:
        raise FetchFailed("bad_url", "no host, or longer than 2,048 characters")
    return host


def failure_of_status(status: int, headers: Mapping[str, str]) -> FetchFailed | None:
    """Return the failure that a status stands for, or None for an answer with a body or a 304."""
    if status in (200, 203, 206, 304):
        return None
    wait = parse_retry_after(headers.get("Retry-After"))
    if status in _WALL_STATUS:
        return FetchFailed("bot_wall", f"HTTP {status}", status, wait)
    if status == 429 and wait is None:
        wait = _UNSAID_WAIT_S
    return FetchFailed(_STATUS_REASON.get(status, "http_error"), f"HTTP {status}", status, wait)


def parse_retry_after(value: str | None) -> float | None:
    """Return the seconds to wait, from seconds or an HTTP date, within 0 to 24 h; None: not readable."""
    if not value:
        return None
    seconds: float | None = None
    if value.strip().isdigit():
        seconds = float(value.strip()[:12])
    else:
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            when = parse_instant(parsedate_to_datetime(value).isoformat())
            if when is not None:
                seconds = (when - when.now(when.tzinfo)).total_seconds()
    return None if seconds is None else min(max(seconds, 0.0), _MAX_WAIT_S)


def failure_of(error: BaseException) -> FetchFailed:
    """Name the fault behind a client error."""
    causes = list(_chain(error))
    if any(isinstance(cause, ContentEncodingError) for cause in causes):
        return FetchFailed("bad_body", "the compressed body can't be decoded")
    for cause in causes:
        if isinstance(cause, Blocked):
            return FetchFailed(cause.reason, str(cause))
        if isinstance(cause, ssl.SSLCertVerificationError) and hasattr(cause, "verify_code"):
            reason = _TLS_REASON.get(cause.verify_code, "tls_untrusted")
            return FetchFailed(reason, f"TLS: {cause.verify_message}")
    # Where every address of a name is refused, aiohttp joins the texts into a plain OSError.
    for word in ("ssrf_blocked", "port_blocked"):
        if any(word in str(cause) for cause in causes):
            return FetchFailed(word, "every address of the host is closed")
    for kinds, reason, message in _FAULTS:
        if isinstance(error, kinds):
            return FetchFailed(reason, f"{message} ({type(error).__name__})")
    return FetchFailed("http_error", type(error).__name__)


_FAULTS: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((TimeoutError,), "deadline", "no complete answer in time"),
    ((aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError), "tls_error", "TLS failed"),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror), "dns_error", "the name does not resolve"),
    ((aiohttp.InvalidURL,), "bad_url", "not a URL"),
    ((aiohttp.ClientConnectorError,), "conn_refused", "no connection"),
    ((aiohttp.ContentTypeError,), "bad_body", "the body can't be read"),
    ((aiohttp.ClientPayloadError,), "partial_body", "the body ends early or is damaged"),
    ((aiohttp.ClientResponseError, ValueError), "bad_headers", "the answer is malformed"),
    ((aiohttp.ClientConnectionError, OSError), "conn_reset", "the connection broke"),
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BaseException):
            yield inner
        error = error.__cause__ or error.__context__
