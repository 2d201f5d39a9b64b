"""Variations of the sample newsroom's articles, and a newsroom that publishes articles one after another."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any
from urllib.parse import urlsplit

from newsroom import Article, Newsroom

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DATE = re.compile(rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}})(?!\d)|\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b")


def varied(articles: list[Article], number: int) -> list[Article]:
    """Return ``number`` articles: first the given ones, then the same moved one week later, then two weeks, and so on.

    Each article has a different address.
    """
    variations = []
    for n in range(number):
        original, weeks = articles[n % len(articles)], n // len(articles)
        variations.append(moved(original, weeks) if weeks else original)
    return variations


def moved(article: Article, weeks: int) -> Article:
    """Return an article moved some weeks later, or earlier if ``weeks`` is negative, at a different address.

    The dates in its texts are moved too.
    """
    published = dt.datetime.fromisoformat(article["published"])

    def moved_date(match: re.Match[str]) -> str:
        month, day = match.group(1) or match.group(4), int(match.group(2) or match.group(3))
        try:
            date = dt.date(published.year, _MONTHS.index(month) + 1, day) + dt.timedelta(weeks=weeks)
        except ValueError:
            return match.group()
        name = _MONTHS[date.month - 1]
        return f"{name} {date.day}" if match.group(1) else f"{date.day} {name}"

    def moved_text(value: str) -> str:
        return _DATE.sub(moved_date, value)

    return {
        **article,
        "id": f"{article['id']}-{weeks}",
        "url": f"{article['url']}-week-{weeks}",
        "published": (published + dt.timedelta(weeks=weeks)).isoformat(),
        "title": moved_text(article["title"]),
        "summary": moved_text(article["summary"]),
        "paragraphs": [moved_text(p) for p in article["paragraphs"]],
    }


class Press(Newsroom):
    """A newsroom that lists and serves only articles that were published up to the instant ``until``.

    ``until`` None: all articles. ``listed``: how many of its latest articles a feed lists. ``released_at``:
    when ``release`` made an article public, by its path without the first slash, in seconds since the epoch.
    """

    def __init__(self, articles: list[Article], listed: int = 5000) -> None:
        super().__init__(articles)
        self.listed = listed
        self.until: dt.datetime | None = None
        self._hosts = sorted({urlsplit(a["url"]).netloc for a in articles})
        self._by_path = {urlsplit(a["url"]).netloc + urlsplit(a["url"]).path: a for a in articles}
        self._by_host: dict[str, list[Article]] = {}
        for article in sorted(articles, key=_published, reverse=True):
            self._by_host.setdefault(urlsplit(article["url"]).netloc, []).append(article)
        self.released_at: dict[str, float] = {}

    @property
    def outlets(self) -> list[str]:
        return self._hosts

    def of(self, host: str) -> list[Article]:
        return [a for a in self._by_host[host] if self.is_public(a)][: self.listed]

    def article(self, path: str) -> Article | None:
        found = self._by_path.get(path.lstrip("/"))
        return found if found is not None and self.is_public(found) else None

    def release(self, until: dt.datetime) -> None:
        """Make the articles public that were published up to an instant."""
        now = time.time()
        for path, article in self._by_path.items():
            if _published(article) <= until:
                self.released_at.setdefault(path, now)
        self.until = until

    def release_share(self, share: float) -> None:
        """Make the earliest articles public, up to a share of all between 0 and 1."""
        dates = sorted(map(_published, self.articles))
        self.release(dates[round(len(dates) * share) - 1])

    def is_public(self, article: Article) -> bool:
        return self.until is None or _published(article) <= self.until


def _published(article: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(article["published"])
