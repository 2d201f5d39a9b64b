"""Which URLs and addresses the client may connect to. Pure decisions: no socket is opened here.

Feeds and links are untrusted. A link may point at a cloud's metadata service or into a private network. So
each host is judged before its name is resolved, and each address after that and again at the connecting
socket, for every redirect. ``ipaddress.is_global`` alone is not enough: on Python 3.11 it accepts the NAT64
and 6to4 forms of 169.254.169.254, multicast addresses and site-local addresses. ``guard.yaml`` lists what
else is refused.
"""

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from transforms.util.data_files import read_data
from transforms.util.errors import FetchFailed

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_ISATAP_MARKS = frozenset({0x00005EFE, 0x02005EFE})
_WEB_PORTS = frozenset({80, 443})
_MAX_URL_CHARACTERS = 2048
_FULL_STOPS = re.compile("[\u3002\uff0e\uff61]")
"""Characters that end a label of a host name like a full stop (IDNA, RFC 3490 section 3.1)."""
_IPV4_PARTS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}")
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
class GuardRules:
    """The lists of ``guard.yaml``, which says what each is for."""

    closed_networks: tuple[IPNetwork, ...]
    metadata_networks: tuple[IPNetwork, ...]
    metadata_names: frozenset[str]
    private_domains: tuple[str, ...]


@cache
def load_guard_rules() -> GuardRules:
    """Return the rules.

    Raises:
        ValueError: the file lacks a key, has one that nothing reads, or holds something that is no network.
    """
    raw = read_data((files("transforms.web") / "guard.yaml").read_text("utf-8"))
    names = set(GuardRules.__dataclass_fields__)
    if set(raw) != names:
        raise ValueError(f"guard.yaml: unknown or missing keys {sorted(set(raw) ^ names)}")
    return GuardRules(
        closed_networks=tuple(map(ipaddress.ip_network, raw["closed_networks"])),
        metadata_networks=tuple(map(ipaddress.ip_network, raw["metadata_networks"])),
        metadata_names=frozenset(raw["metadata_names"]),
        private_domains=tuple(f".{domain}" for domain in raw["private_domains"]),
    )


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
        return cls(resolved_name(parts.hostname), parts.port)


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
    if not host or len(url) > _MAX_URL_CHARACTERS:
        raise FetchFailed("bad_url", "no host, or longer than 2,048 characters")
    return host


def resolved_name(host: str) -> str:
    """Return a host of a URL as the resolver will see it: an address in its usual form, or a name.

    IDNA turns full-width and circled digits into plain ones, and the system's resolver reads octal,
    hexadecimal and short forms of IPv4.

    >>> resolved_name("①２７.0.0.1"), resolved_name("0x7f.1"), resolved_name("METADATA.google.internal.")
    ('127.0.0.1', '127.0.0.1', 'metadata.google.internal')
    """
    name = _FULL_STOPS.sub(".", host.strip("[]")).partition("%")[0]
    name = unicodedata.normalize("NFKC", name).lower().rstrip(".")
    if _IPV4_PARTS.fullmatch(name):
        try:
            return socket.inet_ntoa(socket.inet_aton(name))
        except OSError:
            return name
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine."""
    name = resolved_name(host)
    if name == "localhost":
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def is_public(address: IPAddress) -> bool:
    """Return whether an address belongs to the public internet."""
    rules = load_guard_rules()
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address not in _PUBLIC_IPV6:
            return False
        if int(address) >> 32 & 0xFFFFFFFF in _ISATAP_MARKS:  # the last four bytes are an IPv4 address
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    is_refused = _is_in(address, rules.closed_networks) or _is_in(address, rules.metadata_networks)
    return address.is_global and not address.is_multicast and not address.is_reserved and not is_refused


def is_metadata_service(address: IPAddress) -> bool:
    """Return whether a cloud hands out credentials at an address."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return is_metadata_service(address.ipv4_mapped)
    return _is_in(address, load_guard_rules().metadata_networks)


def _is_in(address: IPAddress, networks: Iterable[IPNetwork]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _address(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides on hosts and on resolved addresses. ``allowed`` names the only exceptions."""

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
        name = resolved_name(host)
        return any(exception.host == name for exception in self.allowed)

    def check_host(self, host: str, port: int) -> None:
        """Refuse the host of a URL before it is resolved: a closed address, or a name of a private service.

        Raises:
            Blocked: it is refused. A name that is not refused is decided by its addresses.
        """
        name = resolved_name(host)
        if _address(name) is not None:
            self.check(name, name, port)
        elif not self._is_exception(name, port):
            _check_name(name)

    def check(self, host: str, address: str, port: int, ports: frozenset[int] = _WEB_PORTS) -> None:
        """Refuse an address that ``host`` resolved to.

        An allowed name allows every address that it resolves to except those of metadata services, because
        whoever answers for the name could point it there. An allowed address allows only itself.

        Raises:
            Blocked: the address is not public, or the port is none of ``ports``: 80 and 443.
        """
        ip = ipaddress.ip_address(address.partition("%")[0])
        name = resolved_name(host)
        if self._is_exception(str(ip), port):
            return
        if self._is_exception(name, port) and not is_metadata_service(ip):
            return
        _check_name(name)
        if not is_public(ip):
            raise Blocked(
                "ssrf_blocked", f"{host} is {ip}, not a public address (--allow-host lets it through)"
            )
        if port not in ports:
            raise Blocked("port_blocked", f"{host}:{port}")

    def _is_exception(self, name: str, port: int) -> bool:
        return any(e.host == name and e.port in (None, port) for e in self.allowed)


def _check_name(name: str) -> None:
    rules = load_guard_rules()
    if name in rules.metadata_names or f".{name}".endswith(rules.private_domains):
        raise Blocked(
            "ssrf_blocked", f"{name} is no host of the public internet (--allow-host lets it through)"
        )
