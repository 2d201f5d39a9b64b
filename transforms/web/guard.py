"""Which addresses the client may connect to. Pure decisions: no socket is opened here.

Feeds and links are untrusted. A link may point at a cloud's metadata service or into a private network. So
each address is checked after name resolution and again at the connecting socket, for every redirect.
``ipaddress.is_global`` alone is not enough: on Python 3.11 it accepts the NAT64 and 6to4 forms of
169.254.169.254, multicast addresses and site-local addresses.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_REFUSED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments
        "192.88.99.0/24",  # 6to4 relay anycast
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2002::/16",  # 6to4: the address contains an IPv4 address, which may be private
        "3fff::/20",  # documentation
    )
)
_WEB_PORTS = frozenset({80, 443})
MAIL_PORTS = frozenset({25, 465, 587, 2525})
"""Ports on which mail servers take messages."""


class Blocked(OSError):
    """An address or a port was refused before connecting.

    ``reason`` is ``ssrf_blocked`` or ``port_blocked``.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason} {detail}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A private or loopback host that the user allows; ``port`` None means any port."""

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
    """Return whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(address: IPAddress) -> bool:
    """Return whether an address belongs to the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address not in _PUBLIC_IPV6:
            return False
    is_refused = any(address.version == n.version and address in n for n in _REFUSED_NETWORKS)
    return address.is_global and not address.is_multicast and not address.is_reserved and not is_refused


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides on resolved addresses. ``allowed`` names the only exceptions."""

    allowed: tuple[AllowedHost, ...] = ()

    @classmethod
    def of(cls, hosts: Iterable[str]) -> "AddressGuard":
        """Build a guard from ``HOST[:PORT]`` strings.

        Raises:
            ValueError: a string is not a host.
        """
        return cls(tuple(AllowedHost.parse(host) for host in hosts))

    def allows(self, host: str) -> bool:
        """Return whether a host is one of the exceptions, at any port."""
        return any(exception.host == host for exception in self.allowed)

    def check(self, host: str, address: str, port: int, ports: frozenset[int] = _WEB_PORTS) -> None:
        """Refuse an address that ``host`` resolved to.

        An allowed name allows every address that it resolves to; an allowed address allows only itself.

        Raises:
            Blocked: the address is not public, or the port is none of ``ports``: 80 and 443.
        """
        ip = ipaddress.ip_address(address.split("%")[0])
        for exception in self.allowed:
            is_named = exception.host in (host.lower().strip("[]"), str(ip))
            if is_named and exception.port in (None, port):
                return
        if not is_public(ip):
            raise Blocked(
                "ssrf_blocked", f"{host} is {ip}, not a public address (--allow-host lets it through)"
            )
        if port not in ports:
            raise Blocked("port_blocked", f"{host}:{port}")
