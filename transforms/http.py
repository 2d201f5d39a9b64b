"""The one place that talks to the network: a polite, bounded, guarded HTTP client on aiohttp.

It knows no Beam. ``HttpFetcher`` runs one event loop on one thread for a worker process; callers
hand it a batch of requests and get one ``Answer`` or ``FetchFailed`` for each, in order.
"""

import asyncio
import contextlib
import ipaddress
import random
import socket
import threading
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
import stamina
import stamina.instrumentation
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.resolver import ThreadedResolver

from schemas.identity import parse_instant
from transforms.guard import AddressGuard, Blocked

USER_AGENT = "strikeledger/0.1 (+https://github.com/strikeledger/strikeledger; news research)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
_MAX_URL = 2048
_MAX_VALIDATOR = 1024
_CHUNK = 64 * 1024
_STATUS_REASON = {404: "not_found", 410: "gone", 429: "rate_limited", 451: "legal"}
_WALL_STATUS = frozenset({401, 402, 403, 407})
_RETRIED = frozenset({"http_error", "rate_limited", "conn_refused", "conn_reset", "partial_body", "deadline"})
_MAX_WAIT_IN_RUN_S = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """One resource to get; ``etag`` and ``last_modified`` make it conditional."""

    url: str
    max_bytes: int
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "*/*"


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer: 200 with a body, or 304 without."""

    status: int
    url: str
    body: bytes
    content_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None


class FetchFailed(Exception):
    """A request that gave no usable answer; ``reason`` is one of ``schemas.vocabulary.REASONS``."""

    def __init__(
        self,
        reason: str,
        message: str,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits and manners. Plain values, so that transforms can carry it to workers."""

    allow_hosts: tuple[str, ...] = ()
    host_delay_s: float = 5.0
    per_host: int = 2
    total_s: float = 20.0
    connect_s: float = 5.0
    between_reads_s: float = 10.0
    attempts: int = 3


@dataclass(slots=True)
class _Pace:
    """Spacing and concurrency for one host."""

    slots: asyncio.Semaphore
    next_start: float = 0.0


@dataclass(slots=True)
class HttpFetcher:
    """Gets resources under a policy. Make it in ``setup()``, ``close()`` it in ``teardown()``."""

    policy: FetchPolicy
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _session: aiohttp.ClientSession | None = None
    _paces: dict[str, _Pace] = field(default_factory=dict)
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        stamina.instrumentation.set_on_retry_hooks([])  # a retry is no news worth a log line

    def get_all(self, requests: Sequence[Request]) -> list[Answer | FetchFailed]:
        """Get all at once, each host paced on its own; failures come back as values."""
        answers: list[Answer | FetchFailed] = self._run(self._get_all(requests))
        return answers

    def close(self) -> None:
        """Close connections and stop the thread."""
        if self._thread is not None:
            self._run(self._close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._thread = None

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="http")
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _get_all(self, requests: Sequence[Request]) -> list[Answer | FetchFailed]:
        if self._session is None:
            self._session = self._make_session()
        return list(await asyncio.gather(*(self._get(self._session, r) for r in requests)))

    def _make_session(self) -> aiohttp.ClientSession:
        guard = AddressGuard.of(self.policy.allow_hosts)
        resolver = _GuardedResolver(guard)

        def open_socket(info: tuple[Any, ...]) -> socket.socket:
            family, kind, proto, _, where = info
            # Again at the socket: literal addresses never reach the resolver, and no time passes
            # between this check and the connection.
            guard.check(resolver.name_of(where[0]), where[0], where[1])
            return socket.socket(family, kind, proto)

        connector = aiohttp.TCPConnector(
            limit=64, resolver=resolver, socket_factory=open_socket, ttl_dns_cache=60
        )
        return aiohttp.ClientSession(
            connector=connector,
            trust_env=False,  # a proxy would hide the address from the guard
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(
                total=self.policy.total_s,
                sock_connect=self.policy.connect_s,
                sock_read=self.policy.between_reads_s,
            ),
        )

    async def _get(self, session: aiohttp.ClientSession, request: Request) -> Answer | FetchFailed:
        try:
            async for attempt in stamina.retry_context(
                on=self._wait_before_retry, attempts=self.policy.attempts, timeout=None
            ):
                with attempt:
                    return await self._follow(session, request)
        except FetchFailed as failure:
            return failure
        raise AssertionError("retry_context either returns or raises")

    @staticmethod
    def _wait_before_retry(error: Exception) -> bool | float:
        """Retry passing faults; wait what the server asks if that fits into a run."""
        if not isinstance(error, FetchFailed) or error.reason not in _RETRIED:
            return False
        if error.retry_after_s is not None:
            return error.retry_after_s if error.retry_after_s <= _MAX_WAIT_IN_RUN_S else False
        return random.uniform(0.2, 1.0)

    async def _follow(self, session: aiohttp.ClientSession, request: Request) -> Answer:
        url = request.url
        for _ in range(_MAX_REDIRECTS + 1):
            host = check_url(url)
            pace = self._paces.setdefault(host, _Pace(asyncio.Semaphore(self.policy.per_host)))
            async with pace.slots:
                await self._wait_turn(pace)
                try:
                    self._check_literal(url)
                    result = await self._once(session, url, request)
                except FetchFailed:
                    raise
                except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                    raise _failure_of(error) from error
            if isinstance(result, Answer):
                return result
            url = result
        raise FetchFailed("too_many_redirects", f"more than {_MAX_REDIRECTS} redirects")

    def _check_literal(self, url: str) -> None:
        """Judge an address that stands in the URL itself: an allowed *name* that happens to resolve
        to it does not open it."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        with contextlib.suppress(ValueError):
            ipaddress.ip_address(host)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            AddressGuard.of(self.policy.allow_hosts).check(host, host, port)

    async def _wait_turn(self, pace: _Pace) -> None:
        now = self._loop.time()
        start = max(now, pace.next_start)
        pace.next_start = start + self.policy.host_delay_s
        if start > now:
            await asyncio.sleep(start - now)

    async def _once(self, session: aiohttp.ClientSession, url: str, request: Request) -> Answer | str:
        headers = {"Accept": request.accept}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status in _REDIRECTS:
                return _redirect_target(url, response.headers.get("Location"))
            _raise_for_status(response)
            body = b"" if response.status == 304 else await _read(response, request.max_bytes)
            return Answer(
                status=response.status,
                url=url,
                body=body,
                content_type=response.content_type or "",
                charset=response.charset,
                etag=_validator(response.headers.get("ETag")),
                last_modified=_validator(response.headers.get("Last-Modified")),
            )


class _GuardedResolver(AbstractResolver):
    """Leaves only the addresses that the guard passes: a name with a public and a private one
    connects to the public one."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._inner: ThreadedResolver | None = None
        self._names: dict[str, str] = {}

    def name_of(self, address: str) -> str:
        """Return the allowed name that resolved to this address, else the address itself."""
        return self._names.get(address, address)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._inner is None:
            self._inner = ThreadedResolver()
        passed, refused = [], None
        for found in await self._inner.resolve(host, port, family):
            try:
                self._guard.check(host, found["host"], port)
            except Blocked as error:
                refused = error
            else:
                self._names[found["host"]] = host
                passed.append(found)
        if not passed and refused is not None:
            raise refused
        return passed

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()


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


def _redirect_target(url: str, location: str | None) -> str:
    if not location or any(ord(c) < 32 for c in location):
        raise FetchFailed("bad_redirect", "a redirect without a usable Location")
    return urljoin(url, location)


def _raise_for_status(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status in (200, 203, 206, 304):
        return
    if status in _WALL_STATUS:
        reason = "bot_wall" if "cf-mitigated" in response.headers or status != 402 else "paywall"
    else:
        reason = _STATUS_REASON.get(status, "http_error")
    raise FetchFailed(
        reason, f"HTTP {status}", status, parse_retry_after(response.headers.get("Retry-After"))
    )


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
    return None if seconds is None else min(max(seconds, 0.0), 86_400.0)


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read the body up to a limit counted after decompression: a bomb stops here."""
    chunks, size = [], 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise FetchFailed("body_too_large", f"more than {limit} bytes", response.status)
        chunks.append(chunk)
    if not size:
        raise FetchFailed("empty_body", "the answer has no body", response.status)
    return b"".join(chunks)


def _validator(value: str | None) -> str | None:
    """Keep a validator byte for byte, garbage included; drop one that can't be sent back."""
    if not value or len(value) > _MAX_VALIDATOR or any(c in value for c in "\r\n\x00"):
        return None
    return value


def _failure_of(error: BaseException) -> FetchFailed:
    """Name the fault behind a client error."""
    causes = list(_chain(error))
    if any(isinstance(cause, ContentEncodingError) for cause in causes):
        return FetchFailed("bad_body", "the compressed body can't be decoded")
    for cause in causes:
        if isinstance(cause, Blocked):
            return FetchFailed(cause.reason, str(cause))
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


def _chain(error: BaseException | None) -> Iterable[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = getattr(error, "os_error", None)
        if isinstance(inner, BaseException):
            yield inner
        error = error.__cause__ or error.__context__
