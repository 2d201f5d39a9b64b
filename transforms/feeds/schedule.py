"""When a feed is polled again: ``next_state``, a pure function of the feed's state and its last poll."""

import dataclasses
from datetime import timedelta

from schemas.identity import digest, parse_instant, utc_iso
from schemas.records import FeedState
from schemas.step_records import FeedPoll

SHORTEST_INTERVAL_SECONDS = 600.0
LONGEST_INTERVAL_SECONDS = 86_400.0
_LONGEST_WAIT_SECONDS = 7 * 86_400.0
# The share of known entries that a poll should find. A poll with less may miss entries, one with more is
# idle.
_LOW_KNOWN_SHARE, _HIGH_KNOWN_SHARE = 1 / 3, 2 / 3
_MAX_JITTER_SHARE = 0.25
_ADOPT_MOVE_AFTER = timedelta(days=6)
_ADOPT_MOVE_SIGHTINGS = 6
_UNCONDITIONAL_EVERY_POLLS = 100
_FIRST_UNCONDITIONAL_POLL = 10
_LASTING_REASONS = frozenset(
    {"bot_wall", "paywall", "legal", "bad_url", "bad_scheme", "ssrf_blocked", "port_blocked",
     "unsupported_format"}
)  # fmt: skip
_PASSING_REASONS = frozenset(
    {"deadline", "conn_refused", "conn_reset", "dns_error", "rate_limited", "partial_body", "http_error",
     "empty_body", "unexpected_304"}
)  # fmt: skip
_STOPPING_REASONS = frozenset({"gone"})


def is_due(state: FeedState | None, now: str) -> bool:
    """Return whether a run that keeps to the schedule polls the feed now. ``now``: ISO 8601 in UTC.

    Where the last poll lies in the future, the clock was wrong then. The next poll would be as wrong: after a
    clock that was a day ahead, a day late.
    """
    if state is None or state.next_poll_at is None:
        return state is None or state.stopped_reason is None
    is_time = state.next_poll_at <= now or state.last_polled_at > now
    return state.stopped_reason is None and is_time


def is_unconditional(state: FeedState) -> bool:
    """Return whether the next poll is sent without validators.

    One poll in a hundred is, because nothing else helps with a server that answers 304 for ever. Each feed
    has its own position in the hundred, from 10 to 99, so that the polls of many feeds are spread.
    """
    poll_number = (state.polls or 0) + 1
    positions = _UNCONDITIONAL_EVERY_POLLS - _FIRST_UNCONDITIONAL_POLL
    position = _FIRST_UNCONDITIONAL_POLL + int(digest("poll", state.feed_url)[:8], 16) % positions
    return poll_number % _UNCONDITIONAL_EVERY_POLLS == position


def next_state(
    poll: FeedPoll,
    known_share: float,
    shortest_s: float = SHORTEST_INTERVAL_SECONDS,
    longest_s: float = LONGEST_INTERVAL_SECONDS,
) -> FeedState:
    """Return the state of a feed after a poll.

    Args:
        poll: the poll, with the state before it.
        known_share: the share of its entries that were known, 0 to 1; 1 where it had no entries.
        shortest_s: the shortest interval between two polls, seconds. A new feed begins with it.
        longest_s: the longest interval, seconds, for a feed that answers. Neither scarce news nor a longer
            period that the feed asks for makes it longer.
    """
    old = poll.state or FeedState(
        poll.feed.feed_url, None, None, None, None, poll.at, None, poll.status, 0, 0
    )
    polled = dataclasses.replace(
        old,
        source_name=poll.source_name,
        last_polled_at=poll.at,
        last_status=poll.status,
        polls=(old.polls or 0) + 1,
    )
    if poll.is_failed:
        return _after_failure(polled, poll, shortest_s)
    return _after_success(polled, poll, known_share, shortest_s, longest_s)


def _after_success(
    old: FeedState, poll: FeedPoll, known_share: float, shortest_s: float, longest_s: float
) -> FeedState:
    interval_s = _adapt_interval(old.interval_s, known_share, shortest_s, longest_s)
    period_s = poll.period_s or old.period_s
    wait_s = max(interval_s, min(period_s or 0.0, longest_s))
    if wait_s > interval_s:
        reason = "the feed asks for no more"
    else:
        reason = f"{known_share:.0%} of the last poll was known"
    is_same_move = poll.moved_to is not None and poll.moved_to == old.moved_to
    sightings = (old.moved_sightings or 0) + 1 if is_same_move else 1
    moved_since = (old.moved_since if is_same_move else None) or poll.at
    is_adopted = (
        sightings >= _ADOPT_MOVE_SIGHTINGS and _time_between(moved_since, poll.at) >= _ADOPT_MOVE_AFTER
    )
    return dataclasses.replace(
        old,
        etag=poll.etag,
        last_modified=poll.last_modified,
        body_sha256=poll.body_sha256,
        last_success_at=poll.at,
        consecutive_failures=0,
        entries_seen=poll.entries,
        known_share=known_share,
        interval_s=interval_s,
        period_s=period_s,
        next_poll_at=_next_poll_at(old, wait_s),
        next_poll_reason=reason,
        failure_weight=0.0,
        stopped_reason=None,
        polled_url=poll.moved_to if poll.moved_to and is_adopted else old.polled_url,
        moved_to=poll.moved_to,
        moved_since=moved_since if poll.moved_to else None,
        moved_sightings=sightings if poll.moved_to else None,
    )


def _after_failure(old: FeedState, poll: FeedPoll, shortest_s: float) -> FeedState:
    """Return the state after a failed poll.

    Each failure lengthens the wait, up to a week, so a feed is never given up silently. A reason that is
    likely to last adds 1 to the weight, a passing one 0.25, any other 0.5. Only ``gone`` (410) stops a feed.
    """
    weight = old.failure_weight or 0.0
    if poll.status in _LASTING_REASONS:
        weight += 1.0
    elif poll.status in _PASSING_REASONS:
        weight += 0.25
    else:
        weight += 0.5
    failures = old.consecutive_failures + 1
    interval_s = old.interval_s or shortest_s
    wait_s = min(interval_s * max(1.0, 2 * weight), _LONGEST_WAIT_SECONDS)
    reason = f"{failures} failure{'s' if failures > 1 else ''} in a row"
    if poll.retry_after_s is not None and poll.retry_after_s > wait_s:
        wait_s, reason = poll.retry_after_s, "the server asked to wait"
    is_stopped = poll.status in _STOPPING_REASONS
    return dataclasses.replace(
        old,
        consecutive_failures=failures,
        interval_s=interval_s,
        next_poll_at=None if is_stopped else _next_poll_at(old, wait_s),
        next_poll_reason="gone for good; `replay --reason gone` asks again" if is_stopped else reason,
        failure_weight=weight,
        stopped_reason=poll.status if is_stopped else None,
        polled_url=None,  # an adopted address that fails is given up; the address in the list is polled again
        moved_to=None,
        moved_since=None,
        moved_sightings=None,
    )


def _adapt_interval(
    interval_s: float | None, known_share: float, shortest_s: float, longest_s: float
) -> float:
    if not interval_s:
        return shortest_s
    if known_share > _HIGH_KNOWN_SHARE:
        interval_s *= 1.5
    elif known_share < _LOW_KNOWN_SHARE:
        interval_s /= 2
    return min(max(interval_s, shortest_s), longest_s)


def _next_poll_at(state: FeedState, wait_s: float) -> str | None:
    """Return the instant of the next poll. Up to a quarter of the wait is added, so that feeds spread out."""
    jitter = int(digest("jitter", state.feed_url, str(state.polls))[:8], 16) / 0xFFFFFFFF
    polled_at = parse_instant(state.last_polled_at)
    if polled_at is None:
        return None
    return utc_iso((polled_at + timedelta(seconds=wait_s * (1 + _MAX_JITTER_SHARE * jitter))).isoformat())


def _time_between(start: str, end: str) -> timedelta:
    first, last = parse_instant(start), parse_instant(end)
    return last - first if first and last else timedelta()
