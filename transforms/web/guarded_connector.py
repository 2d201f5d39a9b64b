"""Connections of aiohttp that obey the guard, for everything that this project requests or posts."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from transforms.util.errors import FetchFailed
from transforms.web.guard import AddressGuard, Blocked
from transforms.web.resolver import GuardedResolver

_DNS_CACHE_SECONDS = 60
_MAX_CONNECTIONS = 64


def guarded_connector(guard: AddressGuard) -> aiohttp.TCPConnector:
    """Return a connector, on the running event loop, that connects only where the guard allows it."""
    resolver = GuardedResolver(guard)

    def open_socket(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = address_info
        # Checked again here: an address in a URL never reaches the resolver, and a name may resolve to
        # another address each time. Nothing can change between this check and the connection.
        guard.check(resolver.name_of(address), address, port)
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        limit=_MAX_CONNECTIONS,
        resolver=resolver,
        socket_factory=open_socket,
        ttl_dns_cache=_DNS_CACHE_SECONDS,
    )


def refusal_of(guard: AddressGuard, url: str) -> FetchFailed | None:
    """Return why the guard refuses an address that is written in the URL itself, else None.

    At the socket, an address counts as the name that resolved to it. Without this check, an allowed name
    would open its address to URLs that name the address directly.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return None
    try:
        guard.check(host, host, parts.port or (443 if parts.scheme == "https" else 80))
    except Blocked as error:
        return FetchFailed(error.reason, str(error))
    return None
