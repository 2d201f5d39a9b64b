"""Publication times that a run set aside because its clock was behind, decided again by a later run."""

import dataclasses

from schemas.records import Article
from transforms.feeds.dates import AHEAD_FLAG, SUSPECT_FLAG, read_item_date


def is_credible_now(published_raw: str, now: str) -> bool:
    """Return whether a date as a feed wrote it is credible in a run at ``now``, ISO 8601."""
    return read_item_date(published_raw, now).at is not None


def date_again(article: Article, now: str) -> Article:
    """Return the next version of an article with the publication time that its feed stated.

    The text is the same. ``fetched_at`` stays as it was recorded.

    Args:
        article: its latest version, whose ``published_raw`` is credible now.
        now: the present instant, ISO 8601.
    """
    date = read_item_date(article.published_raw or "", now)
    return dataclasses.replace(
        article,
        version=article.version + 1,
        published_at=date.at,
        published_offset_minutes=date.offset_minutes,
        published_raw=None,
        flags=[flag for flag in article.flags if flag not in (AHEAD_FLAG, SUSPECT_FLAG)],
    )
