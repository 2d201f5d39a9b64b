"""Title, time of publication and authors of a page, from what it states in its head and shows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from transforms.feeds.dates import parse_date
from transforms.pages.author_names import join_stated_names
from transforms.pages.boilerplate_words import load_boilerplate_words, normalise_words
from transforms.pages.data_authors import find_state_authors
from transforms.pages.shown_authors import find_authors_beside, find_shown_authors
from transforms.pages.shown_dates import find_shown_date
from transforms.pages.shown_lines import ShownLine, find_headline, list_shown_lines
from transforms.pages.structured_data import DataScripts, LinkedArticle
from transforms.pages.unmarked_authors import find_unmarked_authors
from transforms.util.text import one_line

_SITE_SEPARATOR = re.compile(r"\s+[|–—·•»:-]\s+|\s*\|\s*")
_MIN_LIKENESS = 0.5
_MIN_TITLE_WORDS = 2
_MAX_STATED_AUTHORS = 50
_MAX_DATE_CHARACTERS, _MAX_CONTENT_CHARACTERS = 40, 2_000
_DATE_NAMES = frozenset(
    "article:published_time og:published_time datepublished date dc.date dc.date.issued dcterms.created "
    "pubdate publishdate publish_date publish-date parsely-pub-date sailthru.date article.published".split()
)
_AUTHOR_NAMES = frozenset(
    "author article:author byl dc.creator dcterms.creator parsely-author sailthru.author "
    "citation_author".split()
)
# "2025-04-04T09:12:00.000+0300" and "2025-04-04T09:12+03" are written so by common systems.
_SHORT_OFFSET = re.compile(r"([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([+-]\d\d)$")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page states of its article.

    ``title``: null where the page states none. ``published``: the text of the time of publication, as
    written. ``authors``: names, separated by commas.
    """

    title: str | None = None
    published: str | None = None
    authors: str | None = None


def read_page_facts(
    tree: HtmlElement,
    linked: LinkedArticle,
    scripts: DataScripts,
    *,
    title: str = "",
    address: str = "",
    is_small: bool = True,
) -> PageFacts:
    """Return what a page states of its article.

    Where it states no author or time of publication for machines, those count that its lines show. Where
    these name no author, the data of its application may, and last a name without a mark beside the time.

    Args:
        tree: the page, before anything is removed.
        linked: what its JSON-LD states.
        scripts: its scripts with data.
        title: the headline from the feed.
        address: what the page gives as its own address.
        is_small: whether its lines can be searched.
    """
    meta = _read_meta(tree)
    own_title = _choose_title(tree, meta, linked)
    published, (authors, is_doubtful) = _choose_date(tree, meta, linked), _choose_authors(tree, linked)
    lines: list[ShownLine] = []
    headline = None
    if is_small and (published is None or authors is None or is_doubtful):
        lines = list_shown_lines(tree)
        places = (find_headline(lines, text) for text in (own_title or "", title))
        headline = next((place for place in places if place is not None), None)
        published = published or find_shown_date(tree, lines, headline, address)
        if authors is None:
            authors = _join(find_shown_authors(lines, headline))
        elif is_doubtful and headline is not None:
            authors = _join(find_authors_beside(lines, headline)) or authors
    if authors is None:
        authors = _join(find_state_authors(scripts.states, scripts.assigned, (own_title or "", title)))
    if authors is None:
        authors = _join(find_unmarked_authors(lines, headline))
    return PageFacts(own_title, published, authors)


def list_titles(tree: HtmlElement) -> list[str]:
    """Return all texts of a page that may be the title of its article."""
    shown = [one_line(element.text_content()) for element in tree.iter("h1", "title")]
    return [*shown, _read_meta(tree).get("og:title", "")]


def _read_meta(tree: HtmlElement) -> dict[str, str]:
    """Return the contents of the meta elements by name; the first of each name counts."""
    found: dict[str, str] = {}
    for name, content in _list_meta(tree):
        found.setdefault(name, content[:_MAX_CONTENT_CHARACTERS])
    return found


def _list_meta(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield lower-case property, name or itemprop of each meta element with its content."""
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content:
            yield name.lower(), content


def _choose_title(tree: HtmlElement, meta: dict[str, str], linked: LinkedArticle) -> str | None:
    """Return the heading that is most like the titles of the head, else one of these, else the first heading.

    A first heading alone may be the name of the site, of a section, or "Log In".
    """
    page_title = next((one_line(e.text_content()) for e in tree.iter("title")), "")
    stated = [
        one_line(text) for text in (linked.headline, meta.get("og:title", ""), page_title) if text.strip()
    ]
    headings = [one_line(e.text_content()) for e in tree.iter("h1")]
    headings = [heading for heading in headings if heading and not _is_label(heading)]
    if not stated:
        return headings[0] if headings else None
    stated = [text for text in stated if not _is_label(text)] or stated
    likeness, _, best = max(
        ((_likeness(heading, stated), -n, heading) for n, heading in enumerate(headings)),
        default=(0.0, 0, ""),
    )
    if likeness >= _MIN_LIKENESS:
        return best
    for element in tree.iter("h2"):
        heading = one_line(element.text_content())
        if heading and _likeness(heading, stated) > 1 - 1e-9:
            return heading
    return _strip_site(stated[0]) or (headings[0] if headings else None)


def _is_label(text: str) -> bool:
    return load_boilerplate_words().title_labels.fullmatch(text.strip()) is not None


def _likeness(heading: str, stated: Iterable[str]) -> float:
    """Return the greatest share of words that a heading and one of the titles have in common, 0 to 1.

    A title may have the name of the site before or after it.
    """
    words = set(normalise_words(heading).split())
    best = 0.0
    for text in stated:
        for part in (text, _strip_site(text)):
            others = set(normalise_words(part).split())
            if words and others:
                best = max(best, len(words & others) / len(words | others))
    return best


def _strip_site(title: str) -> str:
    """Return a title without the name of the site: of the parts between separators the longest."""
    return max(
        _SITE_SEPARATOR.split(title), key=lambda part: len(normalise_words(part).split()), default=title
    ).strip()


def _choose_date(tree: HtmlElement, meta: dict[str, str], linked: LinkedArticle) -> str | None:
    candidates = [
        linked.published,
        *(meta[name] for name in meta if name in _DATE_NAMES),
        *_shown_dates(tree),
    ]
    stated = (_normalise_date(text) for text in candidates)
    usable = [text for text in stated if _is_readable(text)]  # not "0001-01-01T00:00:00Z"
    # A time says more than a day.
    return next((text for text in usable if ":" in text), usable[0] if usable else None)


def _is_readable(text: str) -> bool:
    return parse_date(text) is not None or parse_date(f"{text}Z") is not None


def _shown_dates(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("time"):
        name = f"{element.get('itemprop') or ''} {element.get('class') or ''}".lower()
        if element.get("pubdate") is not None or "publish" in name or "entry-date" in name:
            yield element.get("datetime") or ""


def _normalise_date(text: str) -> str:
    return _SHORT_OFFSET.sub(r"\1\2:00", text.strip()[:_MAX_DATE_CHARACTERS])


def _choose_authors(tree: HtmlElement, linked: LinkedArticle) -> tuple[str | None, bool]:
    """Return the authors that the head states, and whether they are doubtful.

    They are, where JSON-LD and meta elements differ, or where they are a login such as "admin": some systems
    state there who put the article on the site.
    """
    stated = join_stated_names(linked.authors)
    contents = (content for name, content in _list_meta(tree) if name in _AUTHOR_NAMES)
    meta = join_stated_names(text[:_MAX_CONTENT_CHARACTERS] for text in islice(contents, _MAX_STATED_AUTHORS))
    is_doubtful = (stated is not None and meta is not None and stated.casefold() != meta.casefold()) or (
        (stated or meta or "").islower()
    )
    return stated or meta, is_doubtful


def _join(names: tuple[str, ...]) -> str | None:
    return ", ".join(names) or None
