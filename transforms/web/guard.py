"""Which addresses the fetcher may connect to. Pure decisions: no socket is opened here.

Feeds and links are untrusted, so a page may point at a cloud's metadata service or into a private
network. The address is judged after name resolution, at the connecting socket, for every hop.
``ipaddress.is_global`` alone is no guard: on Python 3.11 it passes the NAT64 and 6to4 forms of
169.254.169.254, multicast and site-local addresses.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_ALSO_CLOSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relay anycast
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2002::/16",  # 6to4 embeds any IPv4 address
        "3fff::/20",  # documentation
    )
)
_OPEN_PORTS = frozenset({80, 443})


class Blocked(OSError):
    """An address, a port or a scheme was refused before connecting; ``reason`` is the closed word."""

    def __init__(self, reason: str, what: str) -> None:
        super().__init__(f"{reason} {what}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A private or loopback host that the user lets through, at any port or at one."""

    host: str
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> "AllowedHost":
        """Read ``HOST``, ``HOST:PORT`` or ``[IPV6]:PORT``.

        Raises:
            ValueError: it is none of these.
        """
        if ":" in text and not text.startswith("[") and text.count(":") > 1:
            return cls(str(ipaddress.ip_address(text)))
        parts = urlsplit(f"//{text}")
        if not parts.hostname or parts.path or parts.query or parts.username:
            raise ValueError(f"not a host or host:port: {text!r}")
        return cls(parts.hostname.lower(), parts.port)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by its name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_closed(address: IPAddress) -> bool:
    """Return whether an address is not of the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_closed(address.ipv4_mapped)
        if address not in _PUBLIC_V6:
            return True
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or any(address.version == n.version and address in n for n in _ALSO_CLOSED)
    )


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides on resolved addresses. ``allowed`` names the exceptions; nothing else opens the gate."""

    allowed: tuple[AllowedHost, ...] = ()

    @classmethod
    def of(cls, hosts: Iterable[str]) -> "AddressGuard":
        """Build a guard from ``HOST[:PORT]`` strings."""
        return cls(tuple(AllowedHost.parse(host) for host in hosts))

    def allows(self, host: str) -> bool:
        """Return whether a host is among the exceptions, at any port."""
        return any(exception.host == host for exception in self.allowed)

    def check(self, host: str, address: str, port: int) -> None:
        """Refuse an address that ``host`` resolved to.

        An allowed name lets through what it resolves to; an allowed address only itself.

        Raises:
            Blocked: the address is not public, or the port is not 80 or 443.
        """
        ip = ipaddress.ip_address(address.split("%")[0])
        for exception in self.allowed:
            named = exception.host in (host.lower().strip("[]"), str(ip))
            if named and exception.port in (None, port):
                return
        if is_closed(ip):
            raise Blocked(
                "ssrf_blocked", f"{host} is {ip}, not a public address (--allow-host lets it through)"
            )
        if port not in _OPEN_PORTS:
            raise Blocked("port_blocked", f"{host}:{port}")
