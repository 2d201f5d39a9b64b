"""The rate of a client: a burst, then so many a second, each client by itself."""

from __future__ import annotations

from pipelines.server.rate_limit import RateLimit


def test_a_client_may_send_a_burst_and_then_so_many_a_second() -> None:
    now = [0.0]
    limit = RateLimit(2, lambda: now[0])
    assert [limit.wait_s("192.0.2.1") for _ in range(13)] == [0] * 12 + [1]
    assert limit.wait_s("192.0.2.2") == 0
    now[0] = 1.0
    assert [limit.wait_s("192.0.2.1") for _ in range(3)] == [0, 0, 1]


def test_a_slow_rate_says_how_long_to_wait() -> None:
    limit = RateLimit(0.1, lambda: 0.0)
    assert [limit.wait_s("192.0.2.1") for _ in range(2)] == [0, 10]


def test_addresses_of_one_ipv6_network_are_one_client() -> None:
    limit = RateLimit(0.1, lambda: 0.0)
    assert limit.wait_s("2001:db8::1") == 0
    assert limit.wait_s("2001:db8::ffff") == 10
    assert limit.wait_s("2001:db8:0:1::1") == 0
    assert limit.wait_s("not an address") == 0


def test_a_client_that_was_silent_longest_is_forgotten_first() -> None:
    limit = RateLimit(0.1, lambda: 0.0)
    assert limit.wait_s("192.0.2.1") == 0
    for n in range(10_000):
        limit.wait_s(f"10.{n // 65536}.{n // 256 % 256}.{n % 256}")
    assert limit.wait_s("192.0.2.1") == 0
