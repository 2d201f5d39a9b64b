"""The rows that the choice of lines is fitted on: a page's lines to judge, and which are the article's."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from transforms.pages import clean
from transforms.pages.boilerplate_words import normalise_words
from transforms.pages.line_choice import list_candidates, match_lines
from transforms.pages.line_features import LineFeatures
from transforms.pages.markup import ArticleUnreadable, parse_markup, read_markup
from transforms.pages.page_blocks import PageBlocks

_ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(_ROOT / "tests/support"), str(_ROOT / "examples/newsroom")]

import cms_layouts  # noqa: E402
import layouts as newsroom_layouts  # noqa: E402
import odd_layouts  # noqa: E402
import short_story_layouts  # noqa: E402
from cms_articles import pages  # noqa: E402
from newsroom import Newsroom  # noqa: E402

from training.page_changes import change_page  # noqa: E402
from training.page_templates import template_pages  # noqa: E402

_LAYOUTS = cms_layouts.LAYOUTS | odd_layouts.LAYOUTS | short_story_layouts.LAYOUTS
_TEMPLATES = range(1000, 1320)
_PAGES_OF_TEMPLATE, _ROUNDUPS_OF_TEMPLATE, _CHANGES_OF_LAYOUT, _CHANGES_OF_REAL = 3, 2, 3, 2
_SHORT_OF_TEMPLATE, _BARE_SHORT_OF_TEMPLATE = 3, 2
WEIGHTS = {
    "layouts": 2.0,
    "layouts changed": 1.0,
    "newsroom": 2.0,
    "newsroom changed": 0.6,
    "made": 1.0,
    "made changed": 1.0,
    "made bare": 2.0,
    "made roundup": 2.0,
    "made short": 0.4,
    "made short changed": 0.2,
    "made short bare": 2.4,
    "cases": 3.0,
    "real": 4.0,
    "real changed": 0.6,
}
"""What a row of each source weighs. Real pages weigh most: they are what is read.

Short articles with furniture in their markup weigh little. In them only the words tell an offer from a
closing line, and the words of the templates are few. Short articles without furniture weigh more, so that
parts stay that tell of something else.
"""
_GRAM, _MOST_FOREIGN_SHARE, _LEAST_OWN_SHARE = 4, 0.25, 0.5
_WEIGHT_OF_PART = 0.5
_MIN_WORDS_TO_COMPARE, _MIN_WORDS_TO_FIND = 8, 4
_SHORT_HEADING_WORDS = 3


@dataclass(frozen=True, slots=True)
class Source:
    """A page with a known article. ``group``: pages of one layout, which are never parted by folds."""

    body: bytes
    title: str
    summary: str
    own: str
    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class PageRows:
    """The lines to judge of one page: features, whether they are the article's, and what each weighs."""

    source: Source
    titles: tuple[str, str]
    text: str
    page: PageBlocks
    numbers: list[int]
    features: NDArray[np.float64]
    is_own: NDArray[np.bool_]
    weights: NDArray[np.float64]


def list_sources() -> Iterator[Source]:
    """Yield all pages to fit on.

    ``STRIKELEDGER_PAGE_CASES`` names a folder of cases (``NAME.html``, ``NAME.expected.txt``,
    ``NAME.args.json``), ``STRIKELEDGER_REAL_PAGES`` one of saved pages (``html/ID.html.gz``,
    ``ground-truth.json``). They belong to others and are not in the project; without them the weights are
    fitted on the layouts and templates alone.
    """
    yield from _list_layouts()
    yield from _list_newsroom()
    yield from _list_templates()
    yield from _list_short()
    if folder := os.environ.get("STRIKELEDGER_PAGE_CASES"):
        yield from _list_cases(Path(folder))
    if folder := os.environ.get("STRIKELEDGER_REAL_PAGES"):
        yield from _list_real(Path(folder))


def _list_layouts() -> Iterator[Source]:
    for layout, languages in _LAYOUTS.items():
        for page in pages(layout, languages):
            own, name = "\n".join(page.story.paragraphs), layout.__name__
            body = page.html.encode()
            yield Source(body, page.story.title, page.story.summary, own, name, "layouts")
            for change in range(_CHANGES_OF_LAYOUT):
                changed = change_page(body, own, f"{change} {name} {page.story.title}")
                yield Source(changed, page.story.title, page.story.summary, own, name, "layouts changed")


def _list_newsroom() -> Iterator[Source]:
    """Yield the sample articles in the layouts of the sample newsroom."""
    articles = Newsroom().articles
    for name, layout in newsroom_layouts.LAYOUTS.items():
        for n, article in enumerate(articles):
            body = layout(article, [articles[(n + k) % len(articles)] for k in (3, 8, 13)]).encode()
            shown = [article["summary"]] if name == "dek_and_feed" else []
            own = "\n".join(" ".join(p.split()) for p in (*shown, *article["paragraphs"]))
            yield Source(body, article["title"], article["summary"], own, name, "newsroom")
            changed = change_page(body, own, f"{name} {n}")
            yield Source(changed, article["title"], article["summary"], own, name, "newsroom changed")


def _list_short() -> Iterator[Source]:
    for seed in _TEMPLATES:
        for page in template_pages(seed, _SHORT_OF_TEMPLATE, is_short=True):
            own, name, body = "\n".join(page.story.paragraphs), f"made {seed}", page.html.encode()
            yield Source(body, page.story.title, page.story.summary, own, name, "made short")
            changed = change_page(body, own, f"short {seed} {page.story.title}")
            yield Source(changed, page.story.title, page.story.summary, own, name, "made short changed")
        for page in template_pages(seed, _BARE_SHORT_OF_TEMPLATE, is_bare=True, is_short=True):
            own, name, body = "\n".join(page.story.paragraphs), f"made {seed}", page.html.encode()
            yield Source(body, page.story.title, page.story.summary, own, name, "made short bare")


def _list_templates() -> Iterator[Source]:
    for seed in _TEMPLATES:
        for page in template_pages(seed, _PAGES_OF_TEMPLATE):
            own, name, body = "\n".join(page.story.paragraphs), f"made {seed}", page.html.encode()
            yield Source(body, page.story.title, page.story.summary, own, name, "made")
            changed = change_page(body, own, f"{seed} {page.story.title}")
            yield Source(changed, page.story.title, page.story.summary, own, name, "made changed")
        for page in template_pages(seed, _PAGES_OF_TEMPLATE, is_bare=True):
            own, name, body = "\n".join(page.story.paragraphs), f"made {seed}", page.html.encode()
            yield Source(body, page.story.title, page.story.summary, own, name, "made bare")
        for is_bare in (False, True):
            for page in template_pages(seed, _ROUNDUPS_OF_TEMPLATE, is_bare=is_bare, is_roundup=True):
                own, name, body = "\n".join(page.story.paragraphs), f"made {seed}", page.html.encode()
                yield Source(body, page.story.title, page.story.summary, own, name, "made roundup")


def _list_cases(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.glob("*.html")):
        given = path.with_suffix(".args.json")
        known = json.loads(given.read_text("utf-8")) if given.exists() else {}
        own = path.with_suffix(".expected.txt").read_text("utf-8")
        yield Source(
            path.read_bytes(), known.get("title", ""), known.get("summary", ""), own, path.stem, "cases"
        )


def _list_real(folder: Path) -> Iterator[Source]:
    truths = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    for key, truth in truths.items():
        body = gzip.decompress(next((folder / "html").glob(f"{key}*")).read_bytes())
        yield Source(body, "", "", truth["articleBody"], f"real {key}", "real")
        for change in range(_CHANGES_OF_REAL):
            changed = change_page(body, truth["articleBody"], f"{change} {key}")
            yield Source(changed, "", "", truth["articleBody"], f"real {key}", "real changed")


def read_rows(source: Source) -> PageRows | None:
    """Return the rows of a page, or None where it can't be read or has no line to judge."""
    try:
        with mock.patch.object(clean, "choose_lines", lambda text, *_: text):
            read = clean.clean_page(source.body, title=source.title, summary=source.summary)
        tree, is_small = parse_markup(read_markup(source.body, None).text)
    except ArticleUnreadable:
        return None
    if not is_small:
        return None
    page = PageBlocks(tree)
    ours = {n for numbers in match_lines(read.text.split("\n"), page) for n in numbers}
    numbers = list_candidates(page, ours)
    if not ours or not numbers:
        return None
    titles = (source.title, read.title or "")
    features = LineFeatures(page, titles, source.summary, ours)
    labels = _Labels(source, titles)
    judged = [labels.judge(page.lines[n].text) for n in numbers]
    return PageRows(
        source,
        titles,
        read.text,
        page,
        numbers,
        np.array([features.describe(n) for n in numbers], dtype=np.float64),
        np.array([is_own for is_own, _ in judged]),
        np.array([weight * WEIGHTS[source.kind] for _, weight in judged]),
    )


class _Labels:
    """Which lines of a page are in its true text."""

    def __init__(self, source: Source, titles: tuple[str, str]) -> None:
        words = normalise_words(source.own).split()
        self._told = "\n" + "\n".join(map(normalise_words, source.own.split("\n"))) + "\n"
        self._grams = {tuple(words[n : n + _GRAM]) for n in range(len(words) - _GRAM + 1)}
        self._spared = {normalise_words(text) for text in (*titles, source.summary) if text}
        self._title = normalise_words(source.title)

    def judge(self, line: str) -> tuple[bool, float]:
        """Return whether a line is the article's, and its weight: 0 where nobody can say."""
        text = normalise_words(line)
        words = text.split()
        if len(words) >= _MIN_WORDS_TO_FIND or len(text) > 3 * _MIN_WORDS_TO_FIND:
            is_own = text in self._told
        else:
            is_own = f"\n{text}\n" in self._told
        if is_own:
            return True, 1.0
        is_heading = bool(self._title) and len(words) <= _SHORT_HEADING_WORDS and self._title.startswith(text)
        if text in self._spared or is_heading:
            return False, 0.0
        if len(words) >= _MIN_WORDS_TO_COMPARE:
            grams = [tuple(words[n : n + _GRAM]) for n in range(len(words) - _GRAM + 1)]
            share = sum(gram in self._grams for gram in grams) / len(grams)
            if share > _LEAST_OWN_SHARE:
                return True, _WEIGHT_OF_PART
            if share > _MOST_FOREIGN_SHARE:
                return False, 0.0
        return False, 1.0
