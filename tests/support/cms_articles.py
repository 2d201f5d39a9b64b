"""Articles in ten languages for the page layouts of ``cms_layouts`` and ``cms_layouts_held_out``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from newsroom import Newsroom

_PAGES_PER_LANGUAGE = 3


@dataclass(frozen=True)
class Story:
    """One article: headline, the summary that its feed sends, and paragraphs."""

    title: str
    summary: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What a site of one language puts around an article: labels, and sentences that are not the article's."""

    home: str
    world: str
    related: str
    newsletter: str
    photo: str
    comments: str
    comment: str
    author: str
    rights: str
    tags: str
    most: str
    reply: str
    share: str


Layout = Callable[[Story, list[Story], Words], str]


@dataclass(frozen=True)
class Page:
    """A page, the article in it, and the sentences that must not come out as its text."""

    html: str
    story: Story
    foreign: tuple[str, ...]


@cache
def _load() -> dict[str, dict]:
    return yaml.safe_load((Path(__file__).parent / "cms_articles.yaml").read_text("utf-8"))


@cache
def stories(language: str) -> tuple[tuple[Story, ...], tuple[Story, ...]]:
    """Return two groups of stories. A page takes its article from one and its teasers from the other."""
    if language == "en":
        all_of_them = [
            Story(a["title"], a["summary"], tuple(" ".join(p.split()) for p in a["paragraphs"]))
            for a in Newsroom().articles
        ]
        return tuple(all_of_them[::2]), tuple(all_of_them[1::2])
    raw = _load()[language]
    groups = [
        tuple(
            Story(
                text["title"].format(place=place),
                text["summary"].format(place=place),
                tuple(paragraph.format(place=place) for paragraph in text["paragraphs"]),
            )
            for place in raw["places"]
        )
        for text in raw["articles"]
    ]
    return groups[0], groups[1]


@cache
def pages_of(language: str) -> list[tuple[Story, list[Story], Words, tuple[str, ...]]]:
    """Return for each page of a language its story, other stories, words, and the foreign sentences."""
    words = Words(**_load()[language]["words"])
    first, second = stories(language)
    found = []
    for n in range(_PAGES_PER_LANGUAGE):
        own, others = (first, second) if n % 2 == 0 else (second, first)
        story, teasers = own[n], [others[(n + k) % len(others)] for k in range(3)]
        lines = (words.newsletter, words.photo, words.comment, words.author, words.rights)
        summaries = (line for other in teasers for line in (other.title, other.summary))
        found.append((story, teasers, words, (*lines, *summaries)))
    return found


def pages(layout: Layout, languages: str) -> Iterator[Page]:
    """Yield pages in a layout: three articles for each language."""
    for language in languages.split():
        for story, others, words, foreign in pages_of(language):
            yield Page(layout(story, others, words), story, foreign)
