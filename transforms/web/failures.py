"""What went wrong with a request: exceptions, statuses and headers become reasons of the closed list."""

import contextlib
import socket
import ssl
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from schemas.identity import parse_instant, utc_iso
from transforms.util.errors import FetchFailed
from transforms.web.guard import Blocked

_MAX_RETRY_AFTER_SECONDS = 86_400.0
_DEFAULT_RETRY_AFTER_SECONDS = 60.0  # for a 429 that does not say how long
_REASON_BY_STATUS = {404: "not_found", 410: "gone", 429: "rate_limited", 451: "legal", 402: "paywall"}
_BOT_WALL_STATUSES = frozenset({401, 403, 407})
# X509_V_ERR_* of OpenSSL
_REASON_BY_TLS_CODE = {9: "tls_expired", 10: "tls_expired", 62: "tls_wrong_host", 64: "tls_wrong_host"}

HOST_FAULTS = frozenset(
    {"deadline", "conn_refused", "conn_reset", "dns_error", "tls_expired", "tls_untrusted", "tls_wrong_host",
     "tls_error"}
)  # fmt: skip
"""Reasons that concern the whole host, not one page of it."""


def classify_status(status: int, headers: Mapping[str, str]) -> FetchFailed | None:
    """Return the failure that an HTTP status means, or None for an answer that can be used."""
    if status in (200, 203, 206, 304):
        return None
    wait_s = parse_retry_after(headers.get("Retry-After"))
    if status in _BOT_WALL_STATUSES:
        return FetchFailed("bot_wall", f"HTTP {status}", status, wait_s)
    if status == 429 and wait_s is None:
        wait_s = _DEFAULT_RETRY_AFTER_SECONDS
    return FetchFailed(_REASON_BY_STATUS.get(status, "http_error"), f"HTTP {status}", status, wait_s)


def parse_retry_after(value: str | None) -> float | None:
    """Return the wait of a Retry-After header in seconds, limited to 0 to 24 hours.

    The header holds seconds or an HTTP date (RFC 9110, section 10.2.3). None means that it cannot be read.
    """
    if not value:
        return None
    seconds: float | None = None
    if value.isascii() and value.strip().isdigit():  # a digit such as "²" is no number
        seconds = float(value.strip()[:12])
    else:
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            moment = parse_instant(parsedate_to_datetime(value).isoformat())
            if moment is not None:
                seconds = (moment - moment.now(moment.tzinfo)).total_seconds()
    return None if seconds is None else min(max(seconds, 0.0), _MAX_RETRY_AFTER_SECONDS)


def parse_http_date(value: str | None) -> str | None:
    """Return the instant of an HTTP date (RFC 9110, section 5.6.7) in UTC, or None if it is unreadable."""
    try:
        return utc_iso(parsedate_to_datetime(value or "").isoformat())
    except (ValueError, TypeError, OverflowError):
        return None


def classify_error(error: BaseException) -> FetchFailed:
    """Return the failure that an exception of the HTTP client means."""
    causes = list(_chain_of(error))
    if any(isinstance(cause, ContentEncodingError) for cause in causes):
        return FetchFailed("bad_body", "the compressed body can't be decoded")
    for cause in causes:
        if isinstance(cause, Blocked):
            return FetchFailed(cause.reason, str(cause))
        if isinstance(cause, ssl.SSLCertVerificationError) and hasattr(cause, "verify_code"):
            reason = _REASON_BY_TLS_CODE.get(cause.verify_code, "tls_untrusted")
            return FetchFailed(reason, f"TLS: {cause.verify_message}")
    # Where the guard refuses every address of a name, aiohttp joins the messages into a plain OSError.
    for word in ("ssrf_blocked", "port_blocked"):
        if any(word in str(cause) for cause in causes):
            return FetchFailed(word, "every address of the host is closed")
    for types, reason, message in _REASON_BY_TYPE:
        if isinstance(error, types):
            return FetchFailed(reason, f"{message} ({type(error).__name__})")
    return FetchFailed("http_error", type(error).__name__)


# The first row that fits decides, so subclasses stand before their base classes.
_REASON_BY_TYPE: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
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


def _chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes; the errors of the operating system inside aiohttp's errors too."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        system_error = getattr(error, "os_error", None)
        if isinstance(system_error, BaseException):
            yield system_error
        error = error.__cause__ or error.__context__
