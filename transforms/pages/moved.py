"""Redirects that mean something else: an article that is gone leads to the front page or to a section.

Many sites send a deleted article there with status 301 or 302. The front page then looks like a long article
about everything, and its strikes would become reports of the deleted article. ``front_pages.yaml`` lists
words of such addresses.
"""

import dataclasses
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, urlsplit

from transforms.pages.page_kind import PageKind
from transforms.util.data_files import read_data
from transforms.util.outlets import article_id_of, outlet_of, plain_host
from transforms.util.urls import NotAnArticleURL, canonical_url

_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?|eng|ukr|rus|ara", re.I)
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$", re.I)
_WORD_BREAK = re.compile(r"[-_+.~]|%20")
_MIN_SLUG_WORDS = 3
_MAX_LISTING_OWN_SHARE = 0.4
"""Of a list of headlines, most words are links."""


@dataclass(frozen=True, slots=True)
class FrontPageWords:
    """The lists of ``front_pages.yaml``, which says what each is for."""

    front_pages: frozenset[str]
    sections: frozenset[str]
    article_parameters: frozenset[str]


@cache
def load_front_page_words() -> FrontPageWords:
    """Return the lists.

    Raises:
        ValueError: the file lacks a key, or has one that nothing reads.
    """
    raw = read_data((files("transforms.pages") / "front_pages.yaml").read_text("utf-8"))
    names = {field.name for field in dataclasses.fields(FrontPageWords)}
    if set(raw) != names:
        raise ValueError(f"front_pages.yaml: unknown or missing keys {sorted(set(raw) ^ names)}")
    return FrontPageWords(**{name: frozenset(raw[name]) for name in names})


def is_moved_to_front_page(requested: str, final: str, kind: PageKind) -> bool:
    """Return whether a front page or a section answered instead of the article that was asked for.

    Args:
        requested: the address that was asked for.
        final: the address that answered.
        kind: what the page says of itself. A page that calls itself an article is one, unless it gives the
            front page as its own address.
    """
    asked, got = _segments(requested), _segments(final)
    if asked is None or got is None:
        return False
    if not asked and not _has_article_parameter(requested):
        return False  # the front page itself is in the feed
    is_listing = kind.is_article is not True and kind.own_share <= _MAX_LISTING_OWN_SHARE
    if _same_place(requested, final):
        return is_listing and kind.is_article is False and _says_front_page(kind, final)
    if not got:
        return not _has_article_parameter(final) and (
            kind.is_article is not True or _says_front_page(kind, final)
        )
    if kind.is_article is True or _names_article(got) or not (_names_article(asked) or len(asked) > len(got)):
        return False
    is_shortened = len(got) < len(asked) and asked[: len(got)] == got
    if is_shortened and _names_article(asked):
        return True
    is_section = all(s in load_front_page_words().sections or s.isdigit() for s in got)
    return _names_article(asked) and (is_section or is_listing) and len(got) <= len(asked)


def _segments(url: str) -> list[str] | None:
    """Return the parts of a path in lower case, without the language and without the name of a front page."""
    try:
        parts = urlsplit(canonical_url(url))
    except NotAnArticleURL:
        return None
    segments = [_EXTENSION.sub("", s) for s in parts.path.lower().split("/") if s]
    if outlet_of(url).endswith(f"/{_domain(segments)}"):
        segments = segments[1:]  # several outlets below one IP address
    if segments and _LANGUAGE.fullmatch(segments[0]):
        segments = segments[1:]
    return [] if len(segments) == 1 and segments[0] in load_front_page_words().front_pages else segments


def _has_article_parameter(url: str) -> bool:
    """Return whether the query of an address chooses an article: "/?p=123"."""
    names = {name.lower() for name, value in parse_qsl(urlsplit(url).query) if value}
    return not names.isdisjoint(load_front_page_words().article_parameters)


def _domain(segments: list[str]) -> str:
    return outlet_of(f"https://{segments[0]}/") if segments and "." in segments[0] else "?"


def _same_place(one: str, other: str) -> bool:
    """Return whether two addresses differ only in scheme, ``www.``, ``m.``, language, trackers or a slash."""
    a, b = urlsplit(canonical_url(one)), urlsplit(canonical_url(other))
    return (plain_host(a), _segments(one), a.query) == (plain_host(b), _segments(other), b.query)


def _names_article(segments: list[str]) -> bool:
    """Return whether the end of a path looks like an article's: a slug of several words, or an id."""
    last = segments[-1]
    if article_id_of("https://a.example/" + "/".join(segments)) is not None:
        return True
    words = [w for w in _WORD_BREAK.split(last) if w]
    if len(words) >= _MIN_SLUG_WORDS and last not in load_front_page_words().sections:
        return True
    # "/2026/11/24/story": what stands below a day or a month is an article.
    return len(segments) >= 3 and segments[-2].isdigit() and not last.isdigit()


def _says_front_page(kind: PageKind, final: str) -> bool:
    """Return whether the page gives the front page of its outlet as its own address."""
    if not kind.canonical:
        return False
    try:
        canonical = canonical_url(kind.canonical, final)
    except NotAnArticleURL:
        return False
    is_root = _segments(canonical) == [] and not urlsplit(canonical).query
    return is_root and outlet_of(canonical) == outlet_of(final)
