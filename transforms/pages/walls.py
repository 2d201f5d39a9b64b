"""Walls: what a server shows instead of an article, such as a paywall or a request for consent."""

import re

from transforms.pages.boilerplate_words import load_boilerplate_words
from transforms.pages.markup import ArticleUnreadable

MAX_WALL_CHARACTERS = 1_500
_MIN_ARTICLE_CHARACTERS = 250
_SENTENCE_END = re.compile(r"[.!?。؟।]")


def refuse_wall(text: str, extracted: str, page_title: str, visible: str) -> None:
    """Refuse a page that shows a wall, or too little text for an article.

    A paywall may follow the first paragraphs of an article. Every other wall stands alone: beside 250
    characters of other text, its phrases are words of the article. What the page shows outside the extracted
    text decides only where no text is left, because the consent box of a site also stands under a news flash
    of two lines.

    Args:
        text: the article's text, cleaned.
        extracted: what the extractor found, before lines were removed.
        page_title: the page's own title.
        visible: the beginning of all that the page shows.

    Raises:
        ArticleUnreadable: the reason is that of the wall, or ``extract_empty``.
    """
    is_short = len(text) < _MIN_ARTICLE_CHARACTERS
    if len(text) < MAX_WALL_CHARACTERS:
        fallback = f"{page_title}\n{text or visible}".lower()
        for reason, phrases in load_boilerplate_words().walls.items():
            is_wall = _has_wall_lines(extracted, reason, phrases)
            if is_wall or (is_short and any(phrase in fallback for phrase in phrases)):
                raise ArticleUnreadable(reason, "the page shows a wall instead of the article")
    if not text:
        raise ArticleUnreadable("extract_empty", "no article text on the page")
    if is_short and not _SENTENCE_END.search(text):
        raise ArticleUnreadable("extract_empty", "too little text for an article")


def _has_wall_lines(extracted: str, reason: str, phrases: tuple[str, ...]) -> bool:
    """Return whether lines of the extracted text are a wall, and little other text stands beside them."""
    lines = extracted.split("\n")
    wall_lines = [line for line in lines if any(phrase in line.lower() for phrase in phrases)]
    if not wall_lines:
        return False
    other_characters = len(extracted) - sum(map(len, wall_lines))
    return reason == "paywall" or other_characters < _MIN_ARTICLE_CHARACTERS
