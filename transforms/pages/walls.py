"""Walls: what a server shows instead of an article, such as a paywall or a request for consent."""

import re

from transforms.pages.boilerplate_words import (
    count_words,
    load_boilerplate_words,
    normalise_words,
)
from transforms.pages.markup import ArticleUnreadable

MAX_WALL_CHARACTERS = 1_500
_MIN_ARTICLE_CHARACTERS = 250
# Beside so much text a paywall's phrase is the site's advertisement below a whole article.
_MIN_STANDING_CHARACTERS = 600
_MIN_SENTENCE_WORDS = 6
_MIN_WORDS_WITHOUT_FULL_STOP, _MIN_WORDS_NOT_LATIN = 10, 7
_FULL_STOP = re.compile(r"[.!?。؟।။።]")
_SENTENCE = re.compile(r"[^.!?。؟।။።\n]+[.!?。؟।။።]?")


def refuse_wall(
    text: str, extracted: str, page_title: str, visible: str, *, shows_headline: bool
) -> list[str]:
    """Refuse a page that shows a wall, or too little text for an article.

    A paywall may follow the first paragraphs of an article. Every other wall stands alone: beside 250
    characters of other text, its phrases are words of the article. In a shorter text they are words of the
    article where a sentence speaks neither to the reader nor of the page. What the page shows outside the
    extracted text decides only where no text is left, because the consent box of a site also stands under a
    news flash of two lines.

    Args:
        text: the article's text, cleaned.
        extracted: what the extractor found, before lines were removed.
        page_title: the page's own title.
        visible: the beginning of all that the page shows.
        shows_headline: the page shows the headline that the feed announced.

    Returns:
        Flags: ``paywall_line``, where a paywall's phrase stands beside a text that may be whole.

    Raises:
        ArticleUnreadable: the reason is that of the wall, or ``extract_empty``.
    """
    flags = []
    if len(text) < MAX_WALL_CHARACTERS:
        for reason, phrases in load_boilerplate_words().walls.items():
            if _is_wall(reason, phrases, text, extracted, page_title, visible, shows_headline):
                raise ArticleUnreadable(reason, "the page shows a wall instead of the article")
        paywall = load_boilerplate_words().walls["paywall"]
        if any(phrase in extracted.lower() for phrase in paywall):
            flags.append("paywall_line")
    if not text:
        raise ArticleUnreadable("extract_empty", "no article text on the page")
    if len(text) < _MIN_ARTICLE_CHARACTERS and not _has_sentence(text):
        raise ArticleUnreadable("extract_empty", "too little text for an article")
    return flags


def _is_wall(
    reason: str,
    phrases: tuple[str, ...],
    text: str,
    extracted: str,
    page_title: str,
    visible: str,
    shows_headline: bool,
) -> bool:
    if _has_wall_lines(extracted, reason, phrases, shows_headline):
        return True
    fallback = f"{page_title}\n{text or visible}".lower()
    if len(text) >= _MIN_ARTICLE_CHARACTERS or not any(phrase in fallback for phrase in phrases):
        return False
    return any(phrase in page_title.lower() for phrase in phrases) or not _stands(
        text, phrases, shows_headline
    )


def _has_wall_lines(extracted: str, reason: str, phrases: tuple[str, ...], shows_headline: bool) -> bool:
    """Return whether lines of the extracted text are a wall, and little other text stands beside them."""
    lines = extracted.split("\n")
    wall_lines = [line for line in lines if any(phrase in line.lower() for phrase in phrases)]
    if not wall_lines:
        return False
    other_characters = len(extracted) - sum(map(len, wall_lines))
    if reason == "paywall":
        soft = load_boilerplate_words().soft_walls
        hard = set(phrases) - soft
        is_hard = any(phrase in line.lower() for line in wall_lines for phrase in hard)
        return other_characters < (_MIN_STANDING_CHARACTERS if is_hard else _MIN_ARTICLE_CHARACTERS)
    return other_characters < _MIN_ARTICLE_CHARACTERS and not _stands(extracted, phrases, shows_headline)


def _stands(text: str, phrases: tuple[str, ...], shows_headline: bool) -> bool:
    """Return whether a short text with a phrase of a wall is news all the same.

    One sentence must speak neither to the reader nor of the page. If the phrase itself does, the page must
    also show the article's headline.
    """
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    news = [s for s in sentences if count_words(s) >= _MIN_SENTENCE_WORDS and not _speaks_to_reader(s)]
    told = [s for s in sentences if any(phrase in s.lower() for phrase in phrases)]
    return bool(news) and (shows_headline or not any(map(_speaks_to_reader, told)))


def _speaks_to_reader(sentence: str) -> bool:
    return not load_boilerplate_words().reader_words.isdisjoint(normalise_words(sentence).split())


def _has_sentence(text: str) -> bool:
    """Return whether a text has a full stop, or a line as long as a sentence: Thai has no full stop."""
    has_stop = _FULL_STOP.search(text) is not None
    least = _MIN_WORDS_WITHOUT_FULL_STOP if text.isascii() else _MIN_WORDS_NOT_LATIN
    return has_stop or any(count_words(line) >= least for line in text.split("\n"))
