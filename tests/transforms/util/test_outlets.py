"""Whose page an address is, and which addresses may name one article."""

from __future__ import annotations

import pytest

from transforms.util.outlets import address_key, address_rank, article_id_of, outlet_of


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.outlet.example/a", "outlet.example"),
        ("https://m.news.outlet.co.uk/a", "outlet.co.uk"),
        ("https://outlet.com.ua/a", "outlet.com.ua"),
        ("https://one.blogspot.com/a", "one.blogspot.com"),
        ("http://outlet.example:8080/a", "outlet.example:8080"),
        ("http://127.0.0.1:8765/m.outlet.example/a", "127.0.0.1:8765/outlet.example"),
        ("http://127.0.0.1:8765/news/a", "127.0.0.1:8765"),
        ("http://127.0.0.1:8765/12345-two-killed.html", "127.0.0.1:8765"),
        ("http://127.0.0.1:8765/news.php/a", "127.0.0.1:8765"),
        ("http://[::1]:8765/news/a", "[::1]:8765"),
    ],
)
def test_an_outlet_is_the_domain_that_it_registered(url: str, outlet: str) -> None:
    assert outlet_of(url) == outlet


@pytest.mark.parametrize(
    ("url", "article_id"),
    [
        ("https://outlet.example/12345-two-killed.html", "12345"),
        ("https://outlet.example/two-killed-12345", "12345"),
        ("https://outlet.example/news/12345/two-killed", "12345"),
        ("https://outlet.example/news/world-europe-68712345", "68712345"),
        ("https://outlet.example/two-killed-a4123456.html", "a4123456"),
        ("https://outlet.example/two-killed-5f3e9a1b2c", "5f3e9a1b2c"),
        ("https://outlet.example/two-killed_9999999.shtml", "9999999"),
        (
            "https://outlet.example/a/0b1c2d3e-1111-2222-3333-0123456789ab",
            "0b1c2d3e-1111-2222-3333-0123456789ab",
        ),
        ("https://outlet.example/2026/11/24/two-killed", None),
        ("https://outlet.example/20261124/two-killed", None),
        ("https://outlet.example/morning-briefing-20261124", None),
        ("https://outlet.example/morning-briefing-241126", None),
        ("https://outlet.example/morning-briefing-1000", None),
        ("https://outlet.example/losses-of-12000-men", None),
        ("https://outlet.example/defaced-facade", None),
        ("https://outlet.example/", None),
    ],
)
def test_the_id_of_an_article_in_its_address_is_no_date(url: str, article_id: str | None) -> None:
    assert article_id_of(url) == article_id


STORY = "https://www.outlet.example/world/story"


@pytest.mark.parametrize(
    ("other", "is_equal"),
    [
        ("http://www.outlet.example/world/story", True),
        ("https://outlet.example/world/story/", True),
        ("https://m.outlet.example/world/story", True),
        ("https://mobile.outlet.example/world/story", True),
        ("https://sport.outlet.example/world/story", False),
        ("https://www.outlet.example/world/story?page=2", False),
        ("https://www.outlet.example/world/story-2", False),
        ("https://www.other.example/world/story", False),
        ("https://www.outlet.example:8443/world/story", False),
    ],
)
def test_addresses_that_may_be_one_article_have_one_key(other: str, is_equal: bool) -> None:
    assert (address_key(other) == address_key(STORY)) is is_equal


def test_slugs_with_one_id_have_one_key() -> None:
    keys = {address_key(f"https://outlet.example/12345-{s}.html") for s in ("two-killed", "three-killed")}
    assert keys == {"outlet.example#12345"}


def test_a_mobile_edition_below_an_ip_address_comes_after_the_other() -> None:
    base = "http://127.0.0.1:8765"
    assert address_rank(None, f"{base}/m.outlet.example/a") > address_rank(
        None, f"{base}/www.outlet.example/a"
    )


def test_of_addresses_with_one_text_the_earliest_then_the_plainest_is_first() -> None:
    ranks = [
        address_rank("2026-11-24T11:00:00+02:00", "http://m.outlet.example/z"),
        address_rank("2026-11-24T10:00:00Z", "https://outlet.example/b"),
        address_rank("2026-11-24T10:00:00Z", "https://www.outlet.example/a"),
        address_rank("2026-11-24T10:00:00Z", "https://m.outlet.example/a"),
        address_rank("2026-11-24T10:00:00Z", "http://outlet.example/a"),
        address_rank(None, "https://outlet.example/a"),
    ]
    assert ranks == sorted(ranks)
