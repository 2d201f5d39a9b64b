"""The guard checks addresses. Nothing here opens a socket."""

from __future__ import annotations

import ipaddress

import pytest

from transforms.web.guard import AddressGuard, AllowedHost, Blocked, is_public

NOT_PUBLIC = """
127.0.0.1 127.0.0.2 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 192.0.0.192
192.88.99.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fc00::1 fd00:ec2::254 fe80::1 fec0::1
ff02::1 ::ffff:169.254.169.254 ::ffff:10.0.0.1 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 2001::1 2001:db8::1
3fff::1 ::169.254.169.254
""".split()
PUBLIC = "1.1.1.1 8.8.8.8 93.184.216.34 2606:4700::1111 2a00:1450:4001::1 ::ffff:8.8.8.8".split()


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
