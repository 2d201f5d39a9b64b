"""Articles of 400 to 600 words in any number: strikes from the sample newsroom in variations, and other news.

An article on a strike is one of the sample's, some weeks earlier every time, with paragraphs of the sample's
other articles and of other news behind it, as a long report has its context. Other news are drawn from
paragraphs of ``news_text.yaml``. Of these one in five speaks of strikes or attacks in another sense, so that
it passes the cheap look before the model: of 181 pages of news from all over the web 15 % did.
"""

import datetime as dt
import random
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

sys.path.extend(str(Path(__file__).parent.parent / part) for part in ("examples/newsroom", "tests/support"))

from newsroom import Newsroom
from press import moved

_SHORTEST, _AIM = 400, 450
_OTHER_SENSES = 0.2
_START = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
# Of the sample's articles these tell of no strike (a harbour strike, a quiet night, football, a boiler).
_NO_STRIKE = frozenset({"dev-034", "dev-037", "dev-063", "dev-101"})


@dataclass(frozen=True, slots=True)
class NewsText:
    """An article: its number, what a feed tells of it, and its paragraphs. ``published`` is ISO 8601."""

    number: int
    title: str
    published: str
    paragraphs: tuple[str, ...]
    is_strike: bool


def news_text(number: int, every: int) -> NewsText:
    """Return the article of a number, always the same; one in ``every`` is about a strike."""
    chance = random.Random(number)
    return _strike(number, number // every, chance) if number % every == 0 else _other(number, chance)


@cache
def _sample() -> list[dict[str, Any]]:
    return [a for a in Newsroom().articles if a["id"] not in _NO_STRIKE]


@cache
def _stock() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("news_text.yaml").read_text("utf-8"))
    return found


def _strike(number: int, nth: int, chance: random.Random) -> NewsText:
    sample = _sample()
    weeks = nth // len(sample)
    article = moved(sample[nth % len(sample)], -weeks)
    paragraphs = list(article["paragraphs"])
    for turn in range(40):
        if _words(paragraphs) >= _AIM:
            break
        if turn % 3 == 0:
            paragraphs.append(chance.choice(moved(chance.choice(sample), -weeks)["paragraphs"]))
        else:
            paragraphs.append(_filled(chance.choice(_stock()["paragraphs"]), chance))
    return NewsText(number, article["title"], article["published"], tuple(paragraphs), True)


def _other(number: int, chance: random.Random) -> NewsText:
    paragraphs: list[str] = []
    kinds = chance.sample(_stock()["paragraphs"], 23)
    if chance.random() < _OTHER_SENSES:
        kinds.insert(-2, chance.choice(_stock()["in_other_senses"]))
    while _words(paragraphs) < _SHORTEST + chance.randrange(100):
        paragraphs.append(_filled(kinds.pop(), chance))
    title = _filled(chance.choice(_stock()["titles"]), chance)
    published = _START - dt.timedelta(minutes=chance.randrange(500_000))
    return NewsText(number, f"{title} ({number})", published.isoformat(), tuple(paragraphs), False)


def _words(paragraphs: list[str]) -> int:
    return sum(len(p.split()) for p in paragraphs)


def _filled(text: str, chance: random.Random) -> str:
    """Return a text with its ``{slots}`` filled by chance."""
    slots = {name: chance.choice(values) for name, values in _stock()["slots"].items()}
    return text.format(**slots, number=chance.randrange(2, 90), year=chance.randrange(2003, 2025))
