"""When a feed is asked again: ``next_state``, a pure function of what was and what the poll came to."""

import dataclasses
from datetime import timedelta

from schemas.identity import digest, parse_instant, utc_iso
from schemas.records import FeedPoll, FeedState

SHORTEST_S, LONGEST_S = 600.0, 86_400.0
_LONGEST_WAIT_S = 7 * 86_400.0
_KNOWN = (1 / 3, 2 / 3)  # the share of a poll that ought to be known: less risks loss, more is idle
_JITTER = 0.25
_ADOPT_AFTER = timedelta(days=6)
_ADOPT_SIGHTINGS = 6
_HARD = frozenset(
    {"bot_wall", "paywall", "legal", "bad_url", "bad_scheme", "ssrf_blocked", "port_blocked",
     "unsupported_format"}
)  # fmt: skip
_PASSING = frozenset(
    {"deadline", "conn_refused", "conn_reset", "dns_error", "rate_limited", "partial_body", "http_error",
     "empty_body", "unexpected_304"}
)  # fmt: skip
_STOPS = frozenset({"gone"})


def is_due(state: FeedState | None, now: str) -> bool:
    """Return whether a feed is to be asked now by a run that keeps to the schedule."""
    return state is None or (
        state.stopped_reason is None and (state.next_poll_at is None or state.next_poll_at <= now)
    )


def is_unconditional(state: FeedState) -> bool:
    """Return whether the next poll goes out without validators: one in a hundred, each feed's at a number
    of its own from 10 to 99. It is the only cure for a server that answers 304 for ever."""
    number = (state.polls or 0) + 1
    return number % 100 == 10 + int(digest("poll", state.feed_url)[:8], 16) % 90


def next_state(
    poll: FeedPoll, known_share: float, shortest_s: float = SHORTEST_S, longest_s: float = LONGEST_S
) -> FeedState:
    """Return what is remembered of a feed after a poll.

    Args:
        poll: the poll, with what was remembered before it.
        known_share: the share of its entries that were known, 0 to 1; 1 where it brought none.
        shortest_s: the shortest interval between polls, with which a new feed begins.
        longest_s: the longest that a feed which can be had is left alone, be its news scarce or its own
            period long.
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
    return _after_success(polled, poll, known_share, (shortest_s, longest_s))


def _after_success(
    old: FeedState, poll: FeedPoll, known_share: float, limits: tuple[float, float]
) -> FeedState:
    interval = _adapted(old.interval_s, known_share, *limits)
    period = poll.period_s or old.period_s
    wait = max(interval, min(period or 0.0, limits[1]))
    why = "the feed asks for no more" if wait > interval else f"{known_share:.0%} of the last poll was known"
    is_same_move = poll.moved_to is not None and poll.moved_to == old.moved_to
    sightings = (old.moved_sightings or 0) + 1 if is_same_move else 1
    since = (old.moved_since if is_same_move else None) or poll.at
    is_adopted = sightings >= _ADOPT_SIGHTINGS and _elapsed(since, poll.at) >= _ADOPT_AFTER
    return dataclasses.replace(
        old,
        etag=poll.etag,
        last_modified=poll.last_modified,
        body_sha256=poll.body_sha256,
        last_success_at=poll.at,
        consecutive_failures=0,
        entries_seen=poll.entries,
        known_share=known_share,
        interval_s=interval,
        period_s=period,
        next_poll_at=_later(old, wait),
        next_poll_reason=why,
        failure_weight=0.0,
        stopped_reason=None,
        polled_url=poll.moved_to if poll.moved_to and is_adopted else old.polled_url,
        moved_to=poll.moved_to,
        moved_since=since if poll.moved_to else None,
        moved_sightings=sightings if poll.moved_to else None,
    )


def _after_failure(old: FeedState, poll: FeedPoll, shortest_s: float) -> FeedState:
    """A failed feed is asked later and later, but at least once a week: none is given up silently."""
    weight = 1.0 if poll.status in _HARD else 0.25 if poll.status in _PASSING else 0.5
    total = (old.failure_weight or 0.0) + weight
    failures = old.consecutive_failures + 1
    interval = old.interval_s or shortest_s
    wait = min(interval * max(1.0, 2 * total), _LONGEST_WAIT_S)
    why = f"{failures} failure{'s' if failures > 1 else ''} in a row"
    if poll.retry_after_s is not None and poll.retry_after_s > wait:
        wait, why = poll.retry_after_s, "the server asked to wait"
    stopped = poll.status if poll.status in _STOPS else None
    return dataclasses.replace(
        old,
        consecutive_failures=failures,
        interval_s=interval,
        next_poll_at=None if stopped else _later(old, wait),
        next_poll_reason="gone for good; `replay --reason gone` asks again" if stopped else why,
        failure_weight=total,
        stopped_reason=stopped,
        polled_url=None,  # where an adopted address fails, the listed one is asked again
        moved_to=None,
        moved_since=None,
        moved_sightings=None,
    )


def _adapted(interval: float | None, known_share: float, shortest_s: float, longest_s: float) -> float:
    if not interval:
        return shortest_s
    if known_share > _KNOWN[1]:
        interval *= 1.5
    elif known_share < _KNOWN[0]:
        interval /= 2
    return min(max(interval, shortest_s), longest_s)


def _later(state: FeedState, wait: float) -> str | None:
    """Return the instant after a wait, spread by up to a quarter so that feeds do not march in step."""
    spread = int(digest("jitter", state.feed_url, str(state.polls))[:8], 16) / 0xFFFFFFFF
    at = parse_instant(state.last_polled_at)
    if at is None:
        return None
    return utc_iso((at + timedelta(seconds=wait * (1 + _JITTER * spread))).isoformat())


def _elapsed(since: str, until: str) -> timedelta:
    start, end = parse_instant(since), parse_instant(until)
    return end - start if start and end else timedelta()
