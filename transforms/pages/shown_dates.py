"""The date of publication that a page shows its readers.

Strict, because a wrong date is worse than none: a date in a sentence of the text, under a picture, on a card
of another article or at the foot of the page says nothing about the article.
"""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from transforms.feeds.dates import parse_date
from transforms.pages.boilerplate_words import WORD, count_words, ends_as_sentence
from transforms.pages.shown_lines import ShownLine, article_of, is_caption, names_of

_MAX_LINES_BEFORE, _MAX_LINES_AFTER, _MAX_PROSE_LINES = 4, 25, 2
_MIN_PROSE_WORDS = 12
_MAX_OTHER_WORDS, _MAX_OTHER_WORDS_OF_LABELLED = 3, 10
_MAX_LINES_TO_FIRST = 3
_MIN_LINK_WORDS = 4
_CARD_DEPTH = 3
_MAX_MARKED = 200  # a hostile page has any number
_LABELS = frozenset(
    "date dates datetime time timestamp published publish publication posted pubdate meta byline info "
    "dateline datum fecha".split()
)
_FACT_LABELS = frozenset({"meta", "byline", "info"})  # far from the headline, they may be about anything
DATE = re.compile(
    r"(?<![\d./-])\d{4}([-/.])\d{1,2}\1\d{1,2}(?![\d/-])"
    r"|(?<![\d./-])\d{1,2}([-/.])\d{1,2}\2\d{4}(?![\d/-])"
    r"|(?<!\d)\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|(?<![\d:.])\d{1,2}(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:[^\s\d,|]{1,20}[\s,-]+){1,3}\d{4}(?!\d)"
    r"|[^\s\d,|]{3,20}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}(?!\d)"
)
_DAY_FIRST = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4})"
)  # no country puts the month first and sets full stops
_TIME_AFTER = re.compile(
    r"[\s,|·•–—-]{0,5}(?:at\s)?(\d{1,2}:\d\d(?::\d\d)?\s?(?:[ap]\.?m\b\.?)?\s?"
    r"(?:[A-Z]{1,4}(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d)?)",
    re.I,
)
CLOCK = re.compile(r"\d{1,2}[:.]\d\d(?::\d\d)?\s?(?:[ap]\.?m\b\.?)?", re.I)
_CHANGED = re.compile(
    r"\b(?:updated?|modified|edited|changed|aktualisiert|actualizado|actualizada|à jour|modifié|"
    r"aggiornato|atualizado|обновлено|оновлено|изменено|güncelle|zaktualizowano)",
    re.I,
)
_PUBLISHED = re.compile(
    r"\s*(?:by|published|posted|publié|publicado|publicada|veröffentlicht|pubblicato|опубликовано|опубліковано|"
    r"дата|date|opublikowano|yayın|نشر|发布)",
    re.I,
)
_DATED_PATH = re.compile(r"/(20\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")


def find_shown_date(
    tree: HtmlElement, lines: list[ShownLine], headline: int | None, address: str
) -> str | None:
    """Return the date of publication that a page shows, as ISO 8601: an instant, or a day.

    It is beside the headline, or marked as the date of the article, or the page's only ``time``, or in the
    page's own address.

    Args:
        tree: the page.
        lines: its lines.
        headline: the place of the headline among them.
        address: the page's own address; empty where it names none.
    """
    for candidates in (
        _beside_headline(lines, headline),
        _marked_dates(tree),
        _in_article(lines, headline),
        _only_time(tree),
        _in_address(address),
    ):
        if found := next(candidates, None):
            return found
    return None


def dates_in(text: str) -> list[str]:
    """Return the dates in a line of text, as ISO 8601: with the time where its zone is stated too.

    >>> dates_in("4 April 2025 9:12 GMT+3 | Kharkiv"), dates_in("02/11/2025")
    (['2025-04-04T09:12:00+03:00'], [])
    """
    found = []
    for match in DATE.finditer(text):
        raw = _DAY_FIRST.sub(r"\3-\2-\1", match[0]) if _DAY_FIRST.fullmatch(match[0]) else match[0]
        day = parse_date(raw)
        if day is None and " " in raw:  # the word before may be none of the date
            day = parse_date(raw.partition(" ")[2])
        if day is None:
            continue
        time = _TIME_AFTER.match(text, match.end())
        moment = parse_date(f"{day.date()} {time[1]}") if time else None
        found.append(moment.isoformat() if moment else day.date().isoformat())
    return found


def _beside_headline(lines: list[ShownLine], headline: int | None) -> Iterator[str]:
    """Yield the dates of the lines after the headline, up to the text, then of the lines just before it."""
    if headline is None:
        return
    beside = list(lines_after(lines, headline))
    for n, line in enumerate(beside):
        if not (dates := _dates_of(line)):
            continue
        if _CHANGED.search(line.text):  # the line of the publication may come next
            following = (d for other in beside[n + 1 : n + 1 + _MAX_LINES_TO_FIRST] for d in _dates_of(other))
            dates += following
        yield min(dates)
        return
    for line in _lines_before(lines, headline):
        yield from _dates_of(line)


def lines_after(lines: list[ShownLine], headline: int) -> Iterator[ShownLine]:
    """Yield the lines between headline and text. A summary of up to two sentences may stand between them."""
    prose = 0
    for line in lines[headline + 1 : headline + 1 + _MAX_LINES_AFTER]:
        prose += is_prose_line(line)
        if prose > _MAX_PROSE_LINES:
            return
        yield line


def _lines_before(lines: list[ShownLine], headline: int) -> Iterator[ShownLine]:
    """Yield the lines before the headline, the nearest first, down from the last menu: a date above the menu
    is today's."""
    for line in reversed(lines[max(0, headline - _MAX_LINES_BEFORE) : headline]):
        if any(
            around.tag in ("ul", "ol", "nav", "menu") for around in (line.block, *line.block.iterancestors())
        ):
            return
        yield line


def is_prose_line(line: ShownLine) -> bool:
    """Return whether a line is a sentence of twelve words or more, or has as many words and no date."""
    is_sentence = ends_as_sentence(line.text) or not DATE.search(line.text)
    return is_sentence and count_words(line.text) >= _MIN_PROSE_WORDS


def _dates_of(line: ShownLine) -> list[str]:
    """Return the dates of a line that says little else."""
    for element in line.elements:
        for around in (element, *element.iterancestors()):
            if around.tag == "time" and (stated := _machine_date(around.get("datetime"))):
                return [stated] if not is_on_card(around) else []
            if around is line.block:
                break
    dates = dates_in(line.text)
    if not dates or is_caption(line):
        return []
    other = count_words(CLOCK.sub(" ", DATE.sub(" ", line.text)))
    if other <= _MAX_OTHER_WORDS:
        return dates
    is_labelled = _PUBLISHED.match(line.text) or _CHANGED.match(line.text) or _is_labelled(line)
    is_sentence = ends_as_sentence(line.text) and not line.text.endswith(")")
    return dates if is_labelled and other <= _MAX_OTHER_WORDS_OF_LABELLED and not is_sentence else []


def _is_labelled(line: ShownLine, labels: frozenset[str] = _LABELS) -> bool:
    return any(not labels.isdisjoint(names) for names in names_of(line.block))


def _machine_date(text: str | None) -> str | None:
    """Return the value of a ``datetime`` attribute, or None where it is no date."""
    text = (text or "").strip()[:40]
    if parse_date(text) is None and parse_date(f"{text}Z") is None:
        return None
    return text


def _marked_dates(tree: HtmlElement) -> Iterator[str]:
    """Yield what microdata and hAtom mark as the date of publication."""
    for element in tree.xpath("//*[@itemprop] | //abbr[@title]")[:_MAX_MARKED]:
        names = set((element.get("itemprop") or "").lower().split())
        if element.tag == "abbr":
            names |= set((element.get("class") or "").lower().split())
        if names.isdisjoint({"datepublished", "published"}) or is_on_card(element):
            continue
        for text in (element.get("content"), element.get("datetime"), element.get("title")):
            if stated := _machine_date(text):
                yield stated
        yield from dates_in(element.text_content()[:100])


def _in_article(lines: list[ShownLine], headline: int | None) -> Iterator[str]:
    """Yield the dates of lines that a page names its date, in the ``article`` of the headline."""
    article = article_of(lines[headline].block) if headline is not None else None
    if article is None:
        return
    for line in lines:
        if count_words(line.text) > _MAX_OTHER_WORDS_OF_LABELLED or article_of(line.block) is not article:
            continue
        is_named = _PUBLISHED.match(line.text) or _is_labelled(line, _LABELS - _FACT_LABELS)
        if is_named and not is_on_card(line.block):
            yield from _dates_of(line)


def _only_time(tree: HtmlElement) -> Iterator[str]:
    """Yield the date of the page's ``time`` elements, if all that are on no card have the same day."""
    found = [
        stated
        for element in islice(tree.iter("time"), _MAX_MARKED)
        if not is_on_card(element) and (stated := _machine_date(element.get("datetime")))
    ]
    if len({text[:10] for text in found}) == 1:
        yield found[0]


def _in_address(address: str) -> Iterator[str]:
    if match := _DATED_PATH.search(urlsplit(address).path):
        yield from dates_in(f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}")


def is_on_card(element: HtmlElement) -> bool:
    """Return whether an element belongs to a list of articles: a headline in a link stands beside it."""
    around = element
    for _ in range(_CARD_DEPTH):
        if around.tag in ("li", "aside", "nav"):
            return True
        if around is not element and any(
            len(WORD.findall(link.text_content()[:200])) >= _MIN_LINK_WORDS for link in around.iter("a")
        ):
            return True
        parent = around.getparent()
        if parent is None or parent.tag in ("article", "main", "body", "html"):
            return False
        around = parent
    return False
