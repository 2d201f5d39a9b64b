"""The schedule: when a feed is polled next."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import parse_instant
from schemas.records import Feed, FeedState
from schemas.step_records import FeedPoll
from schemas.vocabulary import REASONS
from transforms.feeds.known_entries import compute_known_share
from transforms.feeds.schedule import LONGEST_INTERVAL_SECONDS, SHORTEST_INTERVAL_SECONDS, is_due, next_state

AT = "2026-01-01T00:00:00Z"


def a_poll(state: FeedState | None = None, **change: Any) -> FeedPoll:
    base = FeedPoll(
        feed=Feed("https://o.example/f"),
        state=state,
        at=AT,
        status="ok",
        is_failed=False,
        source_name="O",
        etag=None,
        last_modified=None,
        body_sha256="0",
        entries=10,
        period_s=None,
        retry_after_s=None,
        moved_to=None,
    )
    return dataclasses.replace(base, **change)


def wait_of(state: FeedState) -> float:
    start, end = parse_instant(AT), parse_instant(state.next_poll_at)
    assert start is not None
    assert end is not None
    return (end - start).total_seconds()


@pytest.mark.parametrize(
    ("known", "factor"), [(0.0, 0.5), (0.32, 0.5), (0.4, 1), (0.66, 1), (0.7, 1.5), (1.0, 1.5)]
)
def test_the_interval_depends_on_the_share_of_known_entries(known: float, factor: float) -> None:
    old = dataclasses.replace(next_state(a_poll(), 0.5), interval_s=7_200.0)
    assert next_state(a_poll(old), known).interval_s == 7_200.0 * factor


def test_a_new_feed_begins_with_the_shortest_interval() -> None:
    assert next_state(a_poll(), 0.0).interval_s == SHORTEST_INTERVAL_SECONDS
    assert next_state(a_poll(), 0.0, 5.0).interval_s == 5.0


def test_the_interval_that_a_feed_asks_for_is_kept() -> None:
    first = next_state(a_poll(period_s=7_200.0), 0.0)
    assert wait_of(first) >= 7_200
    assert first.next_poll_reason == "the feed asks for no more"
    assert wait_of(next_state(a_poll(first), 0.0)) >= 7_200
    assert wait_of(next_state(a_poll(period_s=9e9), 0.0)) <= LONGEST_INTERVAL_SECONDS * 1.25


@given(
    shares=st.lists(st.one_of(st.floats(0, 1), st.sampled_from([*REASONS])), min_size=1, max_size=60),
    wait=st.one_of(st.none(), st.floats(0, 86_400)),
)
def test_no_series_of_polls_stops_a_feed_or_polls_it_too_often(
    shares: list[float | str], wait: float | None
) -> None:
    state = None
    for share in shares:
        if isinstance(share, str):
            state = next_state(a_poll(state, is_failed=True, status=share, retry_after_s=wait), 0.0)
        else:
            state = next_state(a_poll(state), share)
        if state.stopped_reason is not None:
            assert share == "gone"
            state = dataclasses.replace(state, stopped_reason=None)
            continue
        assert SHORTEST_INTERVAL_SECONDS <= wait_of(state) <= 7 * 86_400 * 1.25
        assert is_due(state, state.next_poll_at or "")
        assert not is_due(state, AT)


PLANS = [  # last poll, next poll, interval in seconds, is it due at AT
    ("2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", 7_200, False),
    ("2025-12-31T23:00:00Z", "2026-01-01T00:00:00Z", 3_600, True),
    (None, None, None, True),
    ("2026-01-02T00:00:00Z", "2026-01-02T01:00:00Z", 3_600, True),  # a clock a day ahead polled it
    ("2027-08-01T00:00:00Z", "2027-08-01T01:00:00Z", 3_600, True),
    ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", 3_600, True),
    ("2026-01-01T00:04:00Z", "2026-01-01T00:14:00Z", 600, False),  # clocks of two machines differ a little
    ("2025-12-31T00:00:00Z", "2026-01-08T12:00:00Z", 3_600, False),  # a week after failures, and a quarter of it
    ("2025-12-31T00:00:00Z", "2026-01-20T00:00:00Z", 3_600, True),  # no plan is that long
    ("2025-12-31T00:00:00Z", "2026-01-20T00:00:00Z", 20 * 86_400, False),  # except that of the user
    (None, "2026-02-01T00:00:00Z", None, True),
    ("2025-12-31T23:00:00Z", "not an instant", 600, True),
]  # fmt: skip


@pytest.mark.parametrize(("last", "planned", "interval_s", "expected"), PLANS)
def test_a_plan_that_only_a_wrong_clock_can_have_made_is_due(
    last: str | None, planned: str | None, interval_s: float | None, expected: bool
) -> None:
    state = dataclasses.replace(
        next_state(a_poll(), 0.5), last_polled_at=last, next_poll_at=planned, interval_s=interval_s
    )
    assert is_due(state, AT) is expected
    assert not is_due(dataclasses.replace(state, stopped_reason="gone"), AT)


def test_a_redirect_that_was_first_seen_in_the_future_is_adopted_six_days_after_the_next_sighting() -> None:
    state = next_state(a_poll(at="2027-01-01T00:00:00Z", moved_to="https://new.example/f"), 1.0)
    for day in range(1, 9):
        state = next_state(
            a_poll(state, at=f"2026-01-0{day}T00:00:00Z", moved_to="https://new.example/f"), 1.0
        )
    assert state.polled_url == "https://new.example/f"


def test_failures_lengthen_the_wait_by_their_weight_and_a_success_resets_it() -> None:
    waits = {}
    for reason in ("deadline", "not_found", "bot_wall"):
        state = None
        for _ in range(6):
            state = next_state(a_poll(state, is_failed=True, status=reason), 0.0)
        assert state is not None
        waits[reason] = wait_of(state)
        assert state.consecutive_failures == 6
        recovered = next_state(a_poll(state), 1.0)
        assert (recovered.consecutive_failures, recovered.failure_weight) == (0, 0.0)
    assert waits["deadline"] < waits["not_found"] < waits["bot_wall"]


def test_an_adopted_address_that_fails_is_given_up() -> None:
    moved = dataclasses.replace(next_state(a_poll(), 1.0), polled_url="https://new.example/f")
    assert next_state(a_poll(moved), 1.0).polled_url == "https://new.example/f"
    assert next_state(a_poll(moved, is_failed=True, status="not_found"), 0.0).polled_url is None


def test_the_share_of_known_entries_is_computed() -> None:
    assert (compute_known_share(0, 0), compute_known_share(10, 10), compute_known_share(4, 1)) == (
        1.0,
        0.0,
        0.75,
    )


@pytest.mark.parametrize(
    ("polled", "due", "now", "expected"),
    [
        ("12:00", "13:00", "12:30", False),
        ("12:00", "13:00", "13:00", True),
        ("12:00", "13:00", "11:54", True),  # the clock was ahead at the poll
        ("12:00", "13:00", "11:56", False),  # clocks of two machines differ by minutes
        ("12:00", None, "11:00", True),
    ],
)
def test_a_poll_in_the_future_does_not_delay_the_next_one(
    polled: str, due: str | None, now: str, expected: bool
) -> None:
    state = dataclasses.replace(
        next_state(a_poll(), 1.0),
        last_polled_at=f"2025-04-05T{polled}:00Z",
        next_poll_at=due and f"2025-04-05T{due}:00Z",
    )
    assert is_due(state, f"2025-04-05T{now}:00Z") is expected
    assert not is_due(dataclasses.replace(state, stopped_reason="gone"), "2030-01-01T00:00:00Z")
