"""A press that never rests: the sample newsroom's articles in many variations, and a clock to release them."""

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
    """Return so many articles: each of the given ones again and again, some weeks later every time, with its
    dates moved along, at an address of its own."""
    made = []
    for n in range(number):
        original, weeks = articles[n % len(articles)], n // len(articles)
        made.append(moved(original, weeks) if weeks else original)
    return made


def moved(article: Article, weeks: int) -> Article:
    """Return an article as of some weeks later, or earlier, with its dates moved along, at an address of its own."""
    published = dt.datetime.fromisoformat(article["published"])
    moved = published + dt.timedelta(weeks=weeks)

    def date(match: re.Match[str]) -> str:
        month, day = match.group(1) or match.group(4), int(match.group(2) or match.group(3))
        try:
            told = dt.date(published.year, _MONTHS.index(month) + 1, day) + dt.timedelta(weeks=weeks)
        except ValueError:
            return match.group()
        name = _MONTHS[told.month - 1]
        return f"{name} {told.day}" if match.group(1) else f"{told.day} {name}"

    def text(value: str) -> str:
        return _DATE.sub(date, value)

    return {
        **article,
        "id": f"{article['id']}-{weeks}",
        "url": f"{article['url']}-week-{weeks}",
        "published": moved.isoformat(),
        "title": text(article["title"]),
        "summary": text(article["summary"]),
        "paragraphs": [text(p) for p in article["paragraphs"]],
    }


class Press(Newsroom):
    """A newsroom with a clock: only what was published up to ``until`` is listed and served.

    ``listed``: how many of its latest articles a feed lists. ``released_at``: when ``release`` let an article
    out, by its path, in seconds since the epoch.
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
        return [a for a in self._by_host[host] if self.is_out(a)][: self.listed]

    def article(self, path: str) -> Article | None:
        found = self._by_path.get(path.lstrip("/"))
        return found if found is not None and self.is_out(found) else None

    def release(self, until: dt.datetime) -> None:
        """Let out what was published up to then."""
        now = time.time()
        for path, article in self._by_path.items():
            if _published(article) <= until:
                self.released_at.setdefault(path, now)
        self.until = until

    def release_share(self, share: float) -> None:
        """Let out the first part of the articles, in order of publication."""
        dates = sorted(map(_published, self.articles))
        self.release(dates[round(len(dates) * share) - 1])

    def is_out(self, article: Article) -> bool:
        return self.until is None or _published(article) <= self.until


def _published(article: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(article["published"])
