"""What goes into the HTTP client and what comes out: plain values."""

from dataclasses import dataclass

USER_AGENT = "strikeledger/0.1 (+https://github.com/strikeledger/strikeledger; news research)"
ROBOTS_NAME = "strikeledger"
"""The name by which a robots.txt may address this client."""


MAX_FEED_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One resource to fetch.

    Args:
        url: what to fetch.
        max_bytes: limit of the body after decompression, bytes.
        etag: validator; with it or ``last_modified`` the request is conditional.
        last_modified: validator.
        accept: the Accept header.
        obeys_robots: ask the host's robots.txt first. Pages do; feeds are published to be polled.
        bypasses_caches: caches on the way must not answer.
        accepts_part: cut a body that is too large instead of refusing it.
        follows_pages: a page that only sends the reader on, by a meta refresh or a script, is a redirect.
    """

    url: str
    max_bytes: int
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "*/*"
    obeys_robots: bool = False
    bypasses_caches: bool = False
    accepts_part: bool = False
    follows_pages: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A usable answer: status 200, 203 or 206 with a body, or 304 without one.

    ``url``: the address that answered, after all redirects. ``moved_to``: the same address where there were
    redirects and all were permanent, else null. ``flags``: ``https_to_http`` or ``length_mismatch``.
    ``server_time``: when the server says that it answered, UTC; null where it does not say.
    """

    status: int
    url: str
    body: bytes
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    flags: tuple[str, ...] = ()
    server_time: str | None = None


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits and politeness. Plain values, so that transforms can carry them to workers.

    Args:
        allow_hosts: private or loopback hosts that may be reached, as ``HOST`` or ``HOST:PORT``.
        host_delay_s: seconds between the starts of two requests to one host. None means 5, and 0 for a
            loopback host that is in ``allow_hosts``.
        parallel_per_host: most requests to one host at the same time.
        total_timeout_s: seconds for one request with all its redirects.
        connect_timeout_s: seconds to connect.
        read_timeout_s: seconds between two reads.
        attempts: how often a request is sent that fails with a passing fault, the first time included.
        max_wait_s: seconds that a run waits for one host because the host asks for it; waits add up until
            the host answers.
        host_budget_s: seconds that a run spends on one host in all.
        slow_host_s: seconds of these that a run waits for one host beyond its usual delay, because the host
            asks for longer delays or answers slowly.
        host_requests: requests that a run sends to one host.
        payload_quota_bytes: bytes of documents that dead letters keep in files, in all.
    """

    allow_hosts: tuple[str, ...] = ()
    host_delay_s: float | None = None
    parallel_per_host: int = 2
    total_timeout_s: float = 20.0
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 10.0
    attempts: int = 3
    max_wait_s: float = 10.0
    host_budget_s: float = 300.0
    slow_host_s: float = 15.0
    host_requests: int = 10_000
    payload_quota_bytes: int = 1_000_000_000
