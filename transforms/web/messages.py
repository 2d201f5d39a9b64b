"""What goes into the client and what comes out: plain values."""

from dataclasses import dataclass

USER_AGENT = "strikeledger/0.1 (+https://github.com/strikeledger/strikeledger; news research)"
ROBOTS_NAME = "strikeledger"


@dataclass(frozen=True, slots=True)
class Request:
    """One resource to get.

    ``etag`` and ``last_modified`` make it conditional. ``obeys_robots``: pages ask the host's robots.txt
    first; feeds are published to be polled. ``is_fresh``: past every cache. ``is_cut``: of a body that is
    too large the beginning will do.
    """

    url: str
    max_bytes: int
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "*/*"
    obeys_robots: bool = False
    is_fresh: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer: 200 with a body, or 304 without.

    ``moved_to`` is the address after redirects that were all permanent, null where none was.
    """

    status: int
    url: str
    body: bytes
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Limits and manners. Plain values, so that transforms can carry it to workers.

    ``host_delay_s``: seconds between the starts of two requests to one host; None is 5, and 0 for a
    loopback address that ``allow_hosts`` lets through.
    """

    allow_hosts: tuple[str, ...] = ()
    host_delay_s: float | None = None
    per_host: int = 2
    total_s: float = 20.0
    connect_s: float = 5.0
    between_reads_s: float = 10.0
    attempts: int = 3
    wait_in_run_s: float = 10.0
