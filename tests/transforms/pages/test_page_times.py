"""What a page says of its last change, and what of it is credible."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.page_times import read_stated_time

STORY = "".join(f"<p>Sentence {n} of a story that tells what happened, at some length.</p>" for n in range(5))
PUBLISHED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FETCHED = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def stated(head: str = "", line: str = "") -> tuple[str, ...]:
    page = f"<html><head>{head}</head><body><article><h1>T</h1>{line}{STORY}</article></body></html>"
    return clean_page(page.encode()).kind.stated_changes


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        ('<meta property="article:modified_time" content="2026-11-24T14:20:00+02:00">', "", "2026-11-24T14:20:00+02:00"),
        ('<script type="application/ld+json">{"dateModified": "2026-11-24T14:20:00Z"}</script>', "", "2026-11-24T14:20:00Z"),
        ("", "<p>Last updated: 24 Nov 2026 14:20 GMT</p>", "24 Nov 2026 14:20 GMT"),
        ("", "<span>Updated 14:20</span>", "14:20"),
        ("", "<p>Updated on November 24, 2026 at 2:20 pm</p>", "November 24, 2026 at 2:20 pm"),
    ],
)  # fmt: skip
def test_the_time_of_the_last_change_is_found(head: str, line: str, expected: str) -> None:
    assert stated(head, line) == (expected,)


@pytest.mark.parametrize(
    "line", ["", "<p>Updated figures show 14 dead.</p>", "<p>Officials updated 14:20.</p>"]
)
def test_a_page_without_such_a_time_has_none(line: str) -> None:
    assert read_stated_time(stated("", line), PUBLISHED, 120, FETCHED) is None


@pytest.mark.parametrize(
    ("text", "offset_minutes", "expected"),
    [
        ("2026-11-24T14:20:00+02:00", None, "2026-11-24T12:20:00Z"),
        ("2026-11-24T14:20:00.123Z", None, "2026-11-24T14:20:00Z"),
        ("2026-11-24 14:20 GMT", None, "2026-11-24T14:20:00Z"),
        ("24 Nov 2026 14:20 GMT", None, "2026-11-24T14:20:00Z"),
        ("24 November 2026, 14:20 (UTC)", None, "2026-11-24T14:20:00Z"),
        ("November 24, 2026 at 2:20 p.m. GMT", None, "2026-11-24T14:20:00Z"),
        ("Nov. 24, 2026 12:05 am", -300, None),
        ("Nov. 24, 2026 12:05 pm", -300, "2026-11-24T17:05:00Z"),
        ("2026-11-24T14:20:00", 120, "2026-11-24T12:20:00Z"),
        ("14:20", 120, "2026-11-24T12:20:00Z"),
        ("14.20 GMT", None, "2026-11-24T14:20:00Z"),
        ("01:20", 120, "2026-11-24T23:20:00Z"),
        # Set aside: no zone, or one that most feeds write whatever their zone is.
        ("2026-11-24T14:20:00", None, None),
        ("2026-11-24T14:20:00", 0, None),
        ("14:20", None, None),
        ("24 Nov 2026 14:20 EXT", None, None),
        # Not credible.
        ("2026-11-23T14:20:00Z", None, None),
        ("2026-12-24T14:20:00Z", None, None),
        ("2026-11-31T14:20:00Z", None, None),
        ("2026-11-24T25:20:00Z", None, None),
        ("24 Foo 2026 14:20 GMT", None, None),
        ("13:20 pm GMT", None, None),
        ("2026-11-24T14:20:00+99:00", None, None),
        ("yesterday", 120, None),
        ("", 120, None),
    ],
)
def test_only_a_time_with_a_known_zone_counts(
    text: str, offset_minutes: int | None, expected: str | None
) -> None:
    assert read_stated_time([text], PUBLISHED, offset_minutes, FETCHED) == expected


def test_the_first_credible_time_counts() -> None:
    texts = ["nonsense", "2020-01-01T00:00:00Z", "2026-11-24T14:20:00Z", "2026-11-24T15:20:00Z"]
    assert read_stated_time(texts, PUBLISHED, None, FETCHED) == "2026-11-24T14:20:00Z"
    assert read_stated_time(["14:20 GMT"], None, None, FETCHED) is None, "no day is known"
