"""Any number of articles of 400 to 600 words: variations of the sample newsroom's strikes, and other news.

An article on a strike is one of the sample's, moved some weeks back. Paragraphs of other sample articles and
of other news follow it, because a long report has background too. Articles on other news are made of the
paragraphs in ``news_text.yaml``. One in five of these uses words for strikes or attacks in another sense, so
that it passes the cheap check before the model. For comparison: 15 % of 181 real news pages pass this check.
"""

import datetime as dt
import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from newsroom import Newsroom
from press import moved

MIN_OTHER_NEWS_WORDS = 400
OTHER_NEWS_SPREAD_WORDS = 100
MIN_STRIKE_WORDS = 450
MAX_BACKGROUND_PARAGRAPHS = 40
OTHER_NEWS_PARAGRAPHS = 23
OTHER_SENSE_SHARE = 0.2
LATEST_PUBLICATION = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
PUBLICATION_SPREAD_MINUTES = 500_000
# Articles of the sample without a strike: a strike in a harbour, a quiet night, football, a boiler.
_NO_STRIKE = frozenset({"dev-034", "dev-037", "dev-063", "dev-101"})


@dataclass(frozen=True, slots=True)
class NewsText:
    """An article as a feed and a page show it. ``published`` is ISO 8601 with an offset."""

    number: int
    title: str
    published: str
    paragraphs: tuple[str, ...]
    is_strike: bool


def news_text(number: int, articles_per_strike: int) -> NewsText:
    """Return article ``number``, always the same. One in ``articles_per_strike`` is about a strike."""
    chance = random.Random(number)
    if number % articles_per_strike == 0:
        return _strike(number, number // articles_per_strike, chance)
    return _other_news(number, chance)


@cache
def _sample() -> list[dict[str, Any]]:
    return [a for a in Newsroom().articles if a["id"] not in _NO_STRIKE]


@cache
def _texts() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("news_text.yaml").read_text("utf-8"))
    return found


def _strike(number: int, strike_number: int, chance: random.Random) -> NewsText:
    sample = _sample()
    weeks = strike_number // len(sample)
    article = moved(sample[strike_number % len(sample)], -weeks)
    paragraphs = list(article["paragraphs"])
    for turn in range(MAX_BACKGROUND_PARAGRAPHS):
        if _words(paragraphs) >= MIN_STRIKE_WORDS:
            break
        if turn % 3 == 0:
            paragraphs.append(chance.choice(moved(chance.choice(sample), -weeks)["paragraphs"]))
        else:
            paragraphs.append(_fill(chance.choice(_texts()["paragraphs"]), chance))
    return NewsText(number, article["title"], article["published"], tuple(paragraphs), True)


def _other_news(number: int, chance: random.Random) -> NewsText:
    paragraphs: list[str] = []
    kinds = chance.sample(_texts()["paragraphs"], OTHER_NEWS_PARAGRAPHS)
    if chance.random() < OTHER_SENSE_SHARE:
        kinds.insert(-2, chance.choice(_texts()["in_other_senses"]))
    while _words(paragraphs) < MIN_OTHER_NEWS_WORDS + chance.randrange(OTHER_NEWS_SPREAD_WORDS):
        paragraphs.append(_fill(kinds.pop(), chance))
    title = _fill(chance.choice(_texts()["titles"]), chance)
    published = LATEST_PUBLICATION - dt.timedelta(minutes=chance.randrange(PUBLICATION_SPREAD_MINUTES))
    return NewsText(number, f"{title} ({number})", published.isoformat(), tuple(paragraphs), False)


def _words(paragraphs: list[str]) -> int:
    return sum(len(p.split()) for p in paragraphs)


def _fill(text: str, chance: random.Random) -> str:
    """Return a text whose ``{slots}`` are filled at random."""
    slots = {name: chance.choice(values) for name, values in _texts()["slots"].items()}
    return text.format(**slots, number=chance.randrange(2, 90), year=chance.randrange(2003, 2025))
