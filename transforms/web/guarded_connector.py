"""Connections of aiohttp that obey the guard, for everything that this project requests or posts."""

import socket
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from transforms.util.errors import FetchFailed
from transforms.web.guard import AddressGuard, Blocked
from transforms.web.resolver import GuardedResolver

_MAX_CONNECTIONS = 64
_LOOK_UP_SECONDS = 10.0


def guarded_connector(
    guard: AddressGuard, resolver: GuardedResolver | None = None, *, connections: int = _MAX_CONNECTIONS
) -> aiohttp.TCPConnector:
    """Return a connector, on the running event loop, that connects only where the guard allows it.

    Args:
        guard: what may be reached.
        resolver: resolves names; None: one of its own.
        connections: the most connections at the same time; 0: any number.
    """
    names = resolver or GuardedResolver(guard, _LOOK_UP_SECONDS)

    def open_socket(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = address_info
        # Checked again here: an address in a URL never reaches the resolver, and a name may resolve to
        # another address each time. Nothing can change between this check and the connection.
        guard.check(names.name_of(address), address, port)
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        limit=connections,
        resolver=names,
        socket_factory=open_socket,
        use_dns_cache=False,  # the resolver remembers addresses itself
    )


def refusal_of(guard: AddressGuard, url: str) -> FetchFailed | None:
    """Return why the guard refuses the host that is written in a URL itself, else None.

    At the socket, an address counts as the name that resolved to it. Without this check, an allowed name
    would open its address to URLs that name the address directly.
    """
    parts = urlsplit(url)
    try:
        guard.check_host(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    except Blocked as error:
        return FetchFailed(error.reason, str(error))
    return None
