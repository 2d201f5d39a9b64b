"""How many requests a client may send: a bucket of tokens for each, which fills steadily."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_BURST_SECONDS = 6.0
"""A client that was silent may send the requests of so many seconds at once."""
_MAX_CLIENTS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimit:
    """Counts the requests of each client.

    Args:
        per_second: requests a second that a client may send for long.
        now: returns the seconds of a clock that never goes back.
        at_once: requests that a client may send at once. Default: those of six seconds.
    """

    def __init__(self, per_second: float, now: Callable[[], float], at_once: float | None = None) -> None:
        self._per_second, self._now = per_second, now
        self._most = max(1.0, per_second * _BURST_SECONDS if at_once is None else at_once)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, client: str) -> int:
        """Count a request, and return 0; or return how many seconds the client should wait.

        Args:
            client: its IP address. Those of one IPv6 network (/64) are one client.
        """
        name, now = _network_of(client), self._now()
        bucket = self._buckets.setdefault(name, _Bucket(self._most, now))
        self._buckets.move_to_end(name)
        if len(self._buckets) > _MAX_CLIENTS:  # the one that was silent longest
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._most, bucket.tokens + (now - bucket.filled_at) * self._per_second)
        bucket.filled_at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, math.ceil((1 - bucket.tokens) / self._per_second))


def _network_of(client: str) -> str:
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
