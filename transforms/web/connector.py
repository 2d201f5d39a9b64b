"""The connector of every HTTP client of this package: the guard sees each address."""

import socket
from typing import Any

import aiohttp

from transforms.web.guard import AddressGuard
from transforms.web.resolver import GuardedResolver

_DNS_CACHE_SECONDS = 60


def guarded_connector(guard: AddressGuard, connections: int) -> aiohttp.TCPConnector:
    """Return a connector that reaches only the addresses that the guard allows.

    Args:
        guard: what may be reached.
        connections: the most connections at the same time.
    """
    resolver = GuardedResolver(guard)

    def open_socket(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = address_info
        # Checked again here: an address in a URL never reaches the resolver, and a name may resolve to
        # another address each time. Nothing can change between this check and the connection.
        guard.check(resolver.name_of(address), address, port)
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        limit=connections, resolver=resolver, socket_factory=open_socket, ttl_dns_cache=_DNS_CACHE_SECONDS
    )
