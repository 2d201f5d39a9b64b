"""The guard checks addresses. Nothing here opens a socket."""

from __future__ import annotations

import ipaddress

import pytest

from transforms.web.guard import AddressGuard, AllowedHost, Blocked, is_loopback, is_public, resolved_name

NOT_PUBLIC = """
127.0.0.1 127.0.0.2 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 192.0.0.192
192.88.99.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fc00::1 fd00:ec2::254 fe80::1 fec0::1
ff02::1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 2001::1 2001:db8::1
3fff::1 ::169.254.169.254 168.63.129.16 100.100.100.200 ::ffff:168.63.129.16 fd20:ce::254 169.254.170.2
2a00:1450:4001::5efe:10.0.0.1 2a00:1450:4001:0:200:5efe:a9fe:a9fe 64:ff9b:1::a9fe:a9fe
""".split()
PUBLIC = "168.63.129.17 2a00:1450:4001::5efe:8.8.8.8 1.1.1.1 8.8.8.8 93.184.216.34 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8".split()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(Blocked, match="ssrf_blocked"):
        AddressGuard().check("evil.example", address, 80)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    AddressGuard().check("news.example", address, 443)


def test_only_the_ports_of_the_web_are_allowed() -> None:
    with pytest.raises(Blocked, match="port_blocked"):
        AddressGuard().check("news.example", "8.8.8.8", 22)


def test_an_allowed_address_allows_no_other() -> None:
    guard = AddressGuard.of(["127.0.0.1"])
    guard.check("127.0.0.1", "127.0.0.1", 8800)
    with pytest.raises(Blocked):
        guard.check("127.0.0.2", "127.0.0.2", 8800)


def test_an_allowed_port_allows_no_other() -> None:
    guard = AddressGuard.of(["127.0.0.1:8800"])
    guard.check("127.0.0.1", "127.0.0.1", 8800)
    with pytest.raises(Blocked):
        guard.check("127.0.0.1", "127.0.0.1", 8801)


def test_an_allowed_name_allows_its_addresses_only_under_that_name() -> None:
    guard = AddressGuard.of(["intranet.example"])
    guard.check("intranet.example", "10.0.0.5", 80)
    with pytest.raises(Blocked):
        guard.check("evil.example", "10.0.0.5", 80)


@pytest.mark.parametrize("text", ["", "http://x/", "a/b", "user@host", "host:99999"])
def test_a_text_that_is_not_a_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        AllowedHost.parse(text)
    assert AllowedHost.parse("[::1]:80") == AllowedHost("::1", 80)


# Each spelling is the address that a resolver or the HTTP client makes of it.
SPELLINGS = [
    ("127.0.0.1", "127.0.0.1 127.0.0.1. 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001"),
    ("127.0.0.1", "１２７.０.０.１ ①②⑦.0.0.1 ¹²⁷.0.0.1 127。0。0。1 127．0．0．1 127｡0｡0｡1 𝟏𝟐𝟕.0.0.1"),
    ("169.254.169.254", "１６９.254.169.254 0xA9FEA9FE 0251.0376.0251.0376 2852039166 169.254.43518 ⑯⑨.254.169.254"),
    ("::1", "[::1] [0:0:0:0:0:0:0:1] ::1%eth0 [::0001]"),
    ("::ffff:7f00:1", "[::ffff:127.0.0.1] [::FFFF:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "spelling"), [(a, s) for a, group in SPELLINGS for s in group.split()])
def test_every_spelling_of_an_address_is_judged_as_that_address(address: str, spelling: str) -> None:
    assert ipaddress.ip_address(resolved_name(spelling)) == ipaddress.ip_address(address)
    with pytest.raises(Blocked, match="ssrf_blocked"):
        AddressGuard().check_host(spelling, 80)


@pytest.mark.parametrize(
    "name", ["news.example", "127.example", "0x.example", "bücher.example", "1.2.3.4.example"]
)
def test_a_name_stays_a_name(name: str) -> None:
    assert resolved_name(name) == name
    AddressGuard().check_host(name, 443)


@pytest.mark.parametrize(
    "name",
    """metadata.google.internal METADATA.Google.Internal. ｍｅｔａｄａｔａ.google.internal metadata。google。internal
    metadata.goog metadata metadata.tencentyun.com instance-data.ec2.internal vault.corp.internal printer.local
    kubernetes.default.svc app.localhost localhost router.home.arpa""".split(),
)
def test_names_of_metadata_services_and_private_networks_are_refused_before_they_are_resolved(
    name: str,
) -> None:
    with pytest.raises(Blocked, match="ssrf_blocked"):
        AddressGuard().check_host(name, 80)
    with pytest.raises(Blocked, match="ssrf_blocked"):
        AddressGuard().check(name, "8.8.8.8", 80)
    AddressGuard.of([name]).check_host(name, 80)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "168.63.129.16", "fd00:ec2::254", "::ffff:169.254.169.254"]
)
def test_an_allowed_name_opens_no_metadata_service(address: str) -> None:
    guard = AddressGuard.of(["intranet.example"])
    with pytest.raises(Blocked, match="ssrf_blocked"):
        guard.check("intranet.example", address, 80)
    AddressGuard.of([f"[{address}]" if ":" in address else address]).check(address, address, 80)


def test_an_exception_counts_for_every_spelling_of_it() -> None:
    guard = AddressGuard.of(["１２７.0.0.1:8800"])
    guard.check_host("0x7f.1", 8800)
    assert guard.allows("127.1")
    assert is_loopback("①②⑦.0.0.1")
    assert is_loopback("LOCALHOST.")
    with pytest.raises(Blocked):
        guard.check_host("127.0.0.2", 8800)
