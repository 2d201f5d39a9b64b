"""Short articles for the page templates: a few paragraphs, and closing lines as short reports have them.

A report's last lines tell of the background, of what comes next or of whom to call. They share no word with
the headline, so only their shape and their kind of sentence say that they are the article's.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypedDict

import yaml
from cms_articles import Story

_STORIES = Path(__file__).with_name("page_stories.yaml")
_BAR = " | "
_MOST_CLOSINGS = 3
_ANOTHER_STORY, _CHRONICLE = 0.4, 0.2


class _Texts(TypedDict):
    stories: list[str]
    closings: list[str]
    headings: list[str]
    chronicles: list[str]


@cache
def _texts() -> dict[str, _Texts]:
    raw: dict[str, _Texts] = yaml.safe_load(_STORIES.read_text("utf-8"))
    return raw


@cache
def short_stories(language: str) -> tuple[Story, ...]:
    """Return the short stories of a language."""
    parts = (text.split(_BAR) for text in _texts()[language]["stories"])
    return tuple(Story(title, summary, tuple(told)) for title, summary, *told in parts)


def draw_closings(language: str, r: random.Random) -> list[str]:
    """Return up to three closing lines, often one and sometimes none."""
    said = _texts()[language]["closings"]
    return r.sample(said, min(len(said), r.choice([0, 1, 1, 1, 2, _MOST_CLOSINGS])))


def draw_heading(language: str, r: random.Random) -> str:
    """Return a heading within an article."""
    return r.choice(_texts()[language]["headings"])


def draw_background(language: str, r: random.Random) -> list[str]:
    """Return the lines of a part that tells of something else: closing lines, or those of another story."""
    if r.random() < _ANOTHER_STORY:
        return list(r.choice(short_stories(language)).paragraphs)
    return draw_closings(language, r)


def draw_short_story(own: Story, language: str, r: random.Random) -> Story:
    """Return a story cut to a few paragraphs, a short story or a chronicle, with closing lines."""
    told = r.choice([own, *r.choices(short_stories(language), k=2)])
    lines = list(told.paragraphs[: r.choice([1, 2, 3, 4, 5])])
    if r.random() < _CHRONICLE:
        said = r.sample(_texts()[language]["chronicles"], r.choice([1, 2]))
        lines[1:] = [
            said[n % len(said)].format(n=n + 2, m=r.randint(3, 60)) for n in range(r.choice([3, 5, 9, 14]))
        ]
    return replace(told, paragraphs=(*lines, *draw_closings(language, r)))
