"""The two extractors. The only module that imports trafilatura, its htmldate, and resiliparse."""

from dataclasses import dataclass

import trafilatura
from htmldate import find_date
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.metadata import extract_author

# htmldate's own limit is the clock. The time of the fetch is checked later.
_FIRST_DAY, _LAST_DAY = "2000-01-01", "2100-01-01"


@dataclass(frozen=True, slots=True)
class ShownFacts:
    """What a page shows its readers. ``published``: a day. ``authors``: names."""

    published: str | None = None
    authors: tuple[str, ...] = ()


def extract_with_trafilatura(tree: HtmlElement) -> str:
    """Return what trafilatura takes for the article's text; the tree is changed."""
    extracted: str | None = trafilatura.extract(
        tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    return extracted or ""


def extract_with_resiliparse(markup: str) -> str:
    """Return what resiliparse takes for the article's text. It needs a tenth of trafilatura's time."""
    return str(
        extract_plain_text(
            markup, main_content=True, alt_texts=False, links=False, comments=False, noscript=False
        )
    )


def find_shown_facts(tree: HtmlElement, *, date: bool, authors: bool) -> ShownFacts:
    """Return the day of publication and the authors that trafilatura finds in the lines of a page.

    Args:
        tree: the page; it is not changed.
        date: look for the day.
        authors: look for the authors.
    """
    day = find_date(
        tree, extensive_search=False, original_date=True, min_date=_FIRST_DAY, max_date=_LAST_DAY
    ) if date else None  # fmt: skip
    line = extract_author(tree) if authors else None
    return ShownFacts(day, tuple(name.strip() for name in (line or "").split(";")))
