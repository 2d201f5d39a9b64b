"""When a feed is asked again: ``next_state``, a pure function of what was and what the poll came to."""

from datetime import UTC, timedelta

from schemas.identity import digest, parse_instant
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


def next_state(poll: FeedPoll, known_share: float, shortest_s: float = SHORTEST_S) -> FeedState:
    """Return what is remembered of a feed after a poll.

    Args:
        poll: the poll, with what was remembered before it.
        known_share: the share of its entries that were known, 0 to 1; 1 where it brought none.
        shortest_s: the shortest interval between polls, with which a new feed begins.
    """
    old = poll.state
    polls = (old.polls or 0 if old else 0) + 1
    if poll.is_failed:
        return _after_failure(poll, polls, shortest_s)
    interval = _adapted(old.interval_s if old else None, known_share, shortest_s)
    period = poll.period_s or (old.period_s if old else None)
    wait = max(interval, min(period or 0.0, LONGEST_S))
    why = f"{known_share:.0%} of the last poll was known"
    if wait > interval:
        why = "the feed asks for no more"
    sightings, since = 1, poll.at
    if poll.moved_to is not None and old is not None and poll.moved_to == old.moved_to:
        sightings, since = (old.moved_sightings or 0) + 1, old.moved_since or poll.at
    polled_url = old.polled_url if old else None
    if (
        poll.moved_to is not None
        and sightings >= _ADOPT_SIGHTINGS
        and _elapsed(since, poll.at) >= _ADOPT_AFTER
    ):
        polled_url = poll.moved_to
    return FeedState(
        feed_url=poll.feed.feed_url,
        source_name=poll.source_name,
        etag=poll.etag,
        last_modified=poll.last_modified,
        body_sha256=poll.body_sha256,
        last_polled_at=poll.at,
        last_success_at=poll.at,
        last_status=poll.status,
        consecutive_failures=0,
        entries_seen=poll.entries,
        polls=polls,
        known_share=known_share,
        interval_s=interval,
        period_s=period,
        next_poll_at=_later(poll, polls, wait),
        next_poll_reason=why,
        failure_weight=0.0,
        polled_url=polled_url,
        moved_to=poll.moved_to,
        moved_since=since if poll.moved_to else None,
        moved_sightings=sightings if poll.moved_to else None,
    )


def _after_failure(poll: FeedPoll, polls: int, shortest_s: float) -> FeedState:
    """A failed feed is asked later and later, but at least once a week: none is given up silently."""
    old = poll.state
    weight = 1.0 if poll.status in _HARD else 0.25 if poll.status in _PASSING else 0.5
    total = (old.failure_weight or 0.0 if old else 0.0) + weight
    failures = (old.consecutive_failures if old else 0) + 1
    interval = (old.interval_s if old else None) or shortest_s
    wait = min(interval * max(1.0, 2 * total), _LONGEST_WAIT_S)
    why = f"{failures} failure{'s' if failures > 1 else ''} in a row"
    if (poll.retry_after_s or 0.0) > wait:
        wait, why = poll.retry_after_s or 0.0, "the server asked to wait"
    stopped = poll.status if poll.status in _STOPS else None
    return FeedState(
        feed_url=poll.feed.feed_url,
        source_name=poll.source_name,
        etag=old.etag if old else None,
        last_modified=old.last_modified if old else None,
        body_sha256=old.body_sha256 if old else None,
        last_polled_at=poll.at,
        last_success_at=old.last_success_at if old else None,
        last_status=poll.status,
        consecutive_failures=failures,
        entries_seen=old.entries_seen if old else 0,
        polls=polls,
        known_share=old.known_share if old else None,
        interval_s=interval,
        period_s=old.period_s if old else None,
        next_poll_at=None if stopped else _later(poll, polls, wait),
        next_poll_reason="gone for good; `replay --reason gone` asks again" if stopped else why,
        failure_weight=total,
        stopped_reason=stopped,
        polled_url=None,  # where an adopted address fails, the listed one is asked again
        moved_to=None,
        moved_since=None,
        moved_sightings=None,
    )


def _adapted(interval: float | None, known_share: float, shortest_s: float) -> float:
    if not interval:
        return shortest_s
    if known_share > _KNOWN[1]:
        interval *= 1.5
    elif known_share < _KNOWN[0]:
        interval /= 2
    return min(max(interval, shortest_s), LONGEST_S)


def _later(poll: FeedPoll, polls: int, wait: float) -> str | None:
    """Return the instant after a wait, spread by up to a quarter so that feeds do not march in step."""
    spread = int(digest("jitter", poll.feed.feed_url, str(polls))[:8], 16) / 0xFFFFFFFF
    at = parse_instant(poll.at)
    if at is None:
        return None
    return (
        (at + timedelta(seconds=wait * (1 + _JITTER * spread))).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    )


def _elapsed(since: str, until: str) -> timedelta:
    start, end = parse_instant(since), parse_instant(until)
    return end - start if start and end else timedelta()
