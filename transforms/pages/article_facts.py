"""Title, author and time of publication of an article: the feed's, and the page's where the feed has none."""

import re
from dataclasses import dataclass
from datetime import timedelta

from schemas.identity import parse_instant
from schemas.records import FeedEntry
from transforms.feeds.dates import ItemDate, is_day_text, read_item_date
from transforms.pages.clean import CleanPage
from transforms.util.day_only import stated_day

# A feed and a page that differ by less show the same publication in two time zones.
_MAX_DIFFERENCE = timedelta(hours=36)
_TIME_WITH_ZONE = re.compile(r"\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d|\b(?:GMT|UTC|[A-Z]{3,4}))$")


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What is stored of an article beside its text.

    ``flags``: ``title_from_page``, ``author_from_page``, ``date_from_page``; with the last one
    ``date_without_zone`` (taken as UTC) or ``date_without_time`` (a day: taken as its beginning in UTC).
    ``date_differs``: feed and page are more than 36 hours apart; the feed's date counts.
    """

    title: str
    author: str | None
    published_at: str | None
    published_offset_minutes: int | None
    flags: tuple[str, ...]


def merge_facts(entry: FeedEntry, page: CleanPage, fetched_at: str) -> ArticleFacts:
    """Return the facts of an article.

    Args:
        entry: what the feed says. Its date does not count if it is later than its own date of change, or if
            it is only a day and the page states the time.
        page: what the page says.
        fetched_at: when the page was fetched, ISO 8601; a date of the page more than 48 hours later is none.
    """
    flags = []
    title, author = entry.title, entry.author
    if not title and page.title:
        title = page.title
        flags.append("title_from_page")
    if not author and page.authors:
        author = page.authors
        flags.append("author_from_page")
    published = ItemDate(entry.published_at, entry.published_offset_minutes)
    stated = _read_page_date(page.published, fetched_at)
    if stated is not None:
        difference = _difference(published.at, stated[0].at)
        is_near = difference is not None and difference <= _MAX_DIFFERENCE
        is_finer = is_near and _is_day(published) and not _is_day(stated[0]) and not stated[1]
        if published.at is None or is_finer or _is_later(published.at, entry.updated_at):
            published = stated[0]
            flags += ["date_from_page", *stated[1]]
        elif not is_near:
            flags.append("date_differs")
    return ArticleFacts(title, author, published.at, published.offset_minutes, tuple(flags))


def _read_page_date(raw: str | None, fetched_at: str) -> tuple[ItemDate, list[str]] | None:
    """Return the date of a page with flags, or None where it states none that is credible."""
    if not raw:
        return None
    flags = []
    if is_day_text(raw):
        flags.append("date_without_time")
    elif not _TIME_WITH_ZONE.search(raw):
        raw = f"{raw}Z"
        flags.append("date_without_zone")
    date = read_item_date(raw, fetched_at)
    return None if date.at is None else (date, flags)


def _is_day(date: ItemDate) -> bool:
    return stated_day(date.at, date.offset_minutes) is not None


def _difference(first: str | None, second: str | None) -> timedelta | None:
    one, other = parse_instant(first), parse_instant(second)
    return abs(one - other) if one is not None and other is not None else None


def _is_later(published_at: str, updated_at: str | None) -> bool:
    """Return whether a feed contradicts itself: published more than 36 hours after the last change."""
    published, updated = parse_instant(published_at), parse_instant(updated_at)
    return published is not None and updated is not None and published - updated > _MAX_DIFFERENCE
