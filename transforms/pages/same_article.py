"""One article, whatever its address: whether a page is an article of its outlet that is known under another
one.

A page is another address of an article of the same outlet where

1. headline and text are equal, and both were published on one day (UTC), or their addresses may be one
   (``http:`` and ``https:``, ``m.``, a slash at the end, the same id);
2. its final address or its canonical link is the article's address, and headline or address are alike;
3. both addresses hold the same id of an article, and the rest looks like an edited headline. The texts may
differ:
   then the page is a new version of the article.

Of several addresses with one text, the least by ``address_rank`` is the article's own, whichever came first.
If a better one comes later, it becomes the article and the stored one its alias, so that any order of arrival
gives the same article. If the page itself names a better address that may be the same, it is the article's
from the start. This holds until the article has a second version; from then on its address stays.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from schemas.identity import sha256_hex, utc_iso
from schemas.records import Article, ArticleAlias
from schemas.step_records import ArticleCandidate, FetchTask, KnownArticle
from transforms.feeds.titles import without_comment_count
from transforms.util.day_only import stated_day
from transforms.util.outlets import (
    AddressRank,
    address_key,
    address_rank,
    article_id_of,
    outlet_of,
    publication_day,
    slug_words,
)
from transforms.util.text import one_line

SAME_TEXT, PAGE_SAYS, SAME_ID = "same_text", "page_says", "same_id"
_MIN_SHARED_SLUG_WORDS = 1 / 3
"""Of an edited headline ("two-killed" becomes "three-killed"), this share of all its words stays."""


def text_digest(title: str, text: str) -> str:
    """Return the SHA-256 of headline and text, by which two versions are compared, in hexadecimal.

    A number of comments behind the headline is no part of it: it grows by the hour.
    """
    return sha256_hex(f"{without_comment_count(one_line(title))}\n\n{text}".encode())


@dataclass(frozen=True, slots=True)
class Placed:
    """What a page is.

    ``article``: the article version to write, or None for one that is known. ``reason``: why it is known.
    ``aliases``: addresses that lead to another article from now on.
    """

    article: Article | None
    reason: str | None = None
    aliases: tuple[ArticleAlias, ...] = ()


@dataclass(slots=True)
class _Other:
    """Another article of the outlet: a stored one with all its versions that are known here, or one of this
    run.

    ``texts``: digests of its versions, with their headlines. ``body``: digest of the text alone, of an
    article of this run.
    """

    url: str
    published_at: str | None
    latest_version: int
    is_stored: bool
    texts: dict[str, str] = field(default_factory=dict)
    body: str | None = None

    @property
    def rank(self) -> AddressRank:
        return address_rank(self.published_at, self.url)


class OutletArticles:
    """The articles of one outlet in one run, in the order in which their pages are read.

    Pages of articles that are stored come first, then the others in the order of ``address_rank``. So of
    several new addresses with one text, the first is the article.
    """

    def __init__(self) -> None:
        self._by_text: dict[str, list[_Other]] = defaultdict(list)
        self._by_key: dict[str, list[_Other]] = defaultdict(list)
        self._by_title: dict[str, list[_Other]] = defaultdict(list)
        self._changed: set[str] = set()
        self._retired: set[str] = set()

    def place(self, task: FetchTask, article: Article, own_addresses: Iterable[str] = ()) -> Placed:
        """Return what a page is: a new article, a new version, or another address of a known one.

        Args:
            task: the page with its stored article and the candidates.
            article: what was read, under the address of the entry.
            own_addresses: the canonical forms of the page's final address and of its canonical link.
        """
        article = dataclasses.replace(article, address_key=address_key(article.article_url))
        if task.known is not None:
            return self._place_known(task, task.known, article)
        own = set(own_addresses)
        stated = _under_stated_address(article, own)
        placed = self._place_new(task, stated, own)
        if stated.article_url == article.article_url:
            return placed
        # The page names a better address of its own: that is the article's, whichever is met first.
        led_on = [alias for alias in placed.aliases if alias.alias_url != alias.article_url]
        main = placed.article.article_url if placed.article else placed.aliases[0].article_url
        led_on.append(_alias(article, article.article_url, main, PAGE_SAYS))
        return dataclasses.replace(placed, aliases=tuple(led_on))

    def _place_new(self, task: FetchTask, article: Article, own_addresses: set[str]) -> Placed:
        """Place a page whose address is not known."""
        others = [*self._stored(task.candidates), *self._of_run(article)]
        others = [other for other in others if outlet_of(other.url) == outlet_of(article.article_url)]
        if equal := [other for other in others if _has_equal_text(article, other)]:
            return self._place_copy(article, equal)
        for reason, found in _alike(article, others, own_addresses):
            return self._place_edited(article, found, reason)
        self._add(article)
        return Placed(article)

    def _place_known(self, task: FetchTask, known: KnownArticle, article: Article) -> Placed:
        """Place a page whose address is known, as that of an article or as an alias."""
        is_alias = known.article_url != article.article_url
        of_article = (k.text_sha256 for k in task.candidates if k.article_url == known.article_url)
        # A copy may show an older text for a while: that is no new version.
        if article.text_sha256 == known.text_sha256 or (is_alias and article.text_sha256 in of_article):
            return Placed(None, SAME_TEXT)
        if known.article_url in self._changed or known.article_url in self._retired:
            return Placed(None, "alias")
        self._changed.add(known.article_url)
        version = dataclasses.replace(
            article,
            article_url=known.article_url,
            version=known.version + 1,
            address_key=address_key(known.article_url),
        )
        return Placed(version)

    def _place_copy(self, article: Article, equal: Sequence[_Other]) -> Placed:
        """Place a page with the text of others. The least by rank is the article, unless it has changed."""
        main = min(equal, key=lambda other: other.rank)
        is_fixed = any(o.latest_version > 1 or o.url in self._changed or not o.is_stored for o in equal)
        if is_fixed or main.rank <= address_rank(article.published_at, article.article_url):
            return Placed(None, "alias", (_alias(article, article.article_url, main.url, SAME_TEXT),))
        self._retired.update(other.url for other in equal)
        self._add(article)
        aliases = (_alias(article, other.url, article.article_url, SAME_TEXT) for other in equal)
        return Placed(article, aliases=tuple(aliases))

    def _place_edited(self, article: Article, found: _Other, reason: str) -> Placed:
        """Place a page that is a new version of another article, under another address."""
        alias = _alias(article, article.article_url, found.url, reason)
        if not found.is_stored or found.url in self._changed:
            return Placed(None, "alias", (alias,))
        self._changed.add(found.url)
        version = dataclasses.replace(
            article,
            article_url=found.url,
            version=found.latest_version + 1,
            address_key=address_key(found.url),
        )
        return Placed(version, aliases=(alias,))

    def _add(self, article: Article) -> None:
        """Remember a new article of this run."""
        other = _Other(
            article.article_url, article.published_at, article.version, is_stored=False,
            texts={article.text_sha256: article.title}, body=sha256_hex(article.text.encode()),
        )  # fmt: skip
        self._by_text[article.text_sha256].append(other)
        self._by_key[address_key(article.article_url)].append(other)
        self._by_title[article.title].append(other)

    def _of_run(self, article: Article) -> list[_Other]:
        """Return the new articles of this run that may be this one."""
        found = (
            *self._by_text[article.text_sha256],
            *self._by_key[address_key(article.article_url)],
            *self._by_title[article.title],
        )
        return list({other.url: other for other in found}.values())

    def _stored(self, candidates: Iterable[ArticleCandidate]) -> Iterator[_Other]:
        """Yield the stored articles that may be this one, each with its versions."""
        by_url: dict[str, _Other] = {}
        for known in sorted(candidates, key=lambda k: (k.article_url, k.version)):
            if known.article_url in self._retired:
                continue
            other = by_url.setdefault(
                known.article_url,
                _Other(known.article_url, known.published_at, known.latest_version, is_stored=True),
            )
            other.texts[known.text_sha256] = known.title
        yield from by_url.values()


def _under_stated_address(article: Article, own_addresses: Iterable[str]) -> Article:
    """Return an article under the least address that its page states, if both may be one address."""
    key, outlet = address_key(article.article_url), outlet_of(article.article_url)
    found = [url for url in own_addresses if address_key(url) == key and outlet_of(url) == outlet]
    best = min([*found, article.article_url], key=lambda url: address_rank(article.published_at, url))
    return dataclasses.replace(article, article_url=best)


def _alias(article: Article, alias_url: str, article_url: str, reason: str) -> ArticleAlias:
    return ArticleAlias(
        alias_url, article_url, outlet_of(article_url), article.source_name, article.feed_url, reason,
        article.fetched_at,
    )  # fmt: skip


def _has_equal_text(article: Article, other: _Other) -> bool:
    """Return whether another article has this text, and is not the same bulletin of another day."""
    if address_key(article.article_url) == address_key(other.url):
        # Two feeds may give one article two headlines, so only the texts are compared.
        same_headline = (text_digest(title, article.text) for title in other.texts.values())
        return (
            article.text_sha256 in other.texts
            or any(digest in other.texts for digest in same_headline)
            or other.body == sha256_hex(article.text.encode())
        )
    days = publication_day(article.published_at), publication_day(other.published_at)
    return article.text_sha256 in other.texts and (None in days or days[0] == days[1])


def _alike(
    article: Article, others: Sequence[_Other], own_addresses: set[str]
) -> Iterator[tuple[str, _Other]]:
    """Yield the articles that this page is another address of although their texts differ, the best first."""
    ordered = sorted(others, key=lambda other: (not other.is_stored, other.rank))
    yield from ((PAGE_SAYS, other) for other in ordered if other.url in own_addresses)
    yield from ((SAME_ID, other) for other in ordered if _is_edited_slug(article, other))


def _is_edited_slug(article: Article, other: _Other) -> bool:
    """Return whether two addresses differ only in words of a headline beside the same id.

    The id alone is not enough: in ``/topic/12345/first-story`` it is that of a topic. So both must be
    published at one second of the day, or share a third of their words.
    """
    article_id = article_id_of(article.article_url)
    if article_id is None or article_id != article_id_of(other.url):
        return False
    days = publication_day(article.published_at), publication_day(other.published_at)
    if None not in days and days[0] != days[1]:
        return False
    ours, theirs = slug_words(article.article_url), slug_words(other.url)
    shared, every = len(ours & theirs), len(ours | theirs)
    if not every or shared >= _MIN_SHARED_SLUG_WORDS * every:
        return True
    instant = utc_iso(article.published_at)
    is_day = stated_day(article.published_at, article.published_offset_minutes) is not None
    is_in_last_segment = article_id in article.article_url.rstrip("/").rpartition("/")[2].lower()
    is_exact = instant is not None and not is_day
    return is_in_last_segment and is_exact and instant == utc_iso(other.published_at)
