"""When a page of an outlet is an article that is known under another address."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest
from sample_records import an_article, an_entry

from schemas.records import Article
from schemas.step_records import ArticleCandidate, FetchTask, KnownArticle, PendingEntry
from transforms.pages.same_article import OutletArticles, Placed, text_digest

NOON = "2026-11-24T12:00:00Z"
STORY = "https://www.outlet.example/2026/11/story"


def article(url: str = STORY, text: str = "Two people were killed.", **change: Any) -> Article:
    title = change.pop("title", "Two killed")
    return an_article(
        article_url=url, title=title, text=text, text_sha256=text_digest(title, text), version=1,
        **{"published_at": NOON, **change},
    )  # fmt: skip


def stored(of: Article, latest_version: int | None = None) -> ArticleCandidate:
    return ArticleCandidate(
        of.article_url, of.version, latest_version or of.version, of.text_sha256, of.title, of.published_at
    )


def place(
    new: Article,
    *candidates: ArticleCandidate,
    known: KnownArticle | None = None,
    outlet: OutletArticles | None = None,
    says: tuple[str, ...] = (),
) -> Placed:
    entry = an_entry(article_url=new.article_url, published_at=new.published_at)
    task = FetchTask(PendingEntry(entry, "new"), known, candidates)
    return (outlet or OutletArticles()).place(task, new, says)


def aliases_of(placed: Placed) -> dict[str, str]:
    return {alias.alias_url: alias.article_url for alias in placed.aliases}


OTHER_ADDRESSES = [
    "http://www.outlet.example/2026/11/story",
    "https://m.outlet.example/2026/11/story",
    "https://www.outlet.example/2026/11/story/",
    "https://www.outlet.example/2026/11/story?ns=1&view=full",
    "https://www.outlet.example/news/another-slug",
    "https://news.outlet.example/2026/11/story",
    "https://www.outlet.example/z",
]


@pytest.mark.parametrize("url", OTHER_ADDRESSES)
def test_an_equal_text_of_the_outlet_is_another_address_of_the_stored_article(url: str) -> None:
    placed = place(article(url, published_at="2026-11-24T15:00:00Z"), stored(article()))
    assert (placed.article, placed.reason) == (None, "alias")
    assert aliases_of(placed) == {url: STORY}


@pytest.mark.parametrize(
    ("url", "change"),
    [
        ("https://www.other.example/2026/11/story", {}),
        ("https://www.outlet.example/bulletin-2", {"published_at": "2026-11-25T12:00:00Z"}),
        ("https://www.outlet.example/b", {"text": "Three people were killed."}),
        ("https://www.outlet.example/b", {"title": "Another headline"}),
        ("http://www.outlet.example/2026/11/story", {"text": "A shorter edition for telephones."}),
    ],
)
def test_another_outlet_day_or_text_is_another_article(url: str, change: dict[str, Any]) -> None:
    placed = place(article(url, **change), stored(article()))
    assert placed.article is not None
    assert (placed.article.article_url, placed.article.version, placed.aliases) == (url, 1, ())


def test_two_headlines_of_two_feeds_do_not_make_two_articles_of_one_address() -> None:
    placed = place(
        article("https://m.outlet.example/2026/11/story", title="Short headline"), stored(article())
    )
    assert aliases_of(placed) == {"https://m.outlet.example/2026/11/story": STORY}


def slug(words: str, where: str = "https://outlet.example/12345-{}.html") -> str:
    return where.format(words)


@pytest.mark.parametrize(
    ("first", "second", "published_at"),
    [
        (slug("two-killed"), slug("three-killed"), NOON),
        (slug("two-killed"), slug("three-killed"), "2026-11-24T14:00:00Z"),
        (slug("two-killed"), slug("nikopol-attack-leaves-dead"), NOON),
        (slug("two-killed"), slug("two-killed").replace("https", "http"), NOON),
        (
            "https://outlet.example/a/two-killed-a4567890",
            "https://outlet.example/b/three-killed-a4567890",
            NOON,
        ),
        (
            "https://outlet.example/news/12345/two-killed",
            "https://outlet.example/news/12345/three-killed",
            NOON,
        ),
        ("https://outlet.example/two-5f3e9a1b2c", "https://outlet.example/three-5f3e9a1b2c", NOON),
    ],
)
def test_an_edited_slug_with_the_same_id_is_a_new_version(first: str, second: str, published_at: str) -> None:
    before = article(first, title="Two killed")
    edited = article(second, "Three people were killed.", title="Three killed", published_at=published_at)
    placed = place(edited, stored(before))
    assert placed.article is not None
    assert (placed.article.article_url, placed.article.version) == (first, 2)
    assert aliases_of(placed) == {second: first}


@pytest.mark.parametrize(
    ("first", "second", "published_at"),
    [
        ("https://outlet.example/topic/12345/flood", "https://outlet.example/topic/12345/strike", NOON),
        (slug("two-killed"), slug("weather"), "2026-11-24T14:00:00Z"),
        (slug("two-killed"), slug("three-killed"), "2026-11-25T14:00:00Z"),
        (slug("two-killed"), slug("weather"), "2026-11-24T00:00:00Z"),
        (slug("two-killed"), "https://outlet.example/12346-two-killed.html", NOON),
        ("https://outlet.example/two-20261124", "https://outlet.example/three-20261124", NOON),
    ],
)
def test_an_id_that_is_not_the_articles_own_proves_nothing(
    first: str, second: str, published_at: str
) -> None:
    before = article(first, published_at=published_at if published_at.endswith("00:00:00Z") else NOON)
    placed = place(
        article(second, "Something else.", title="Else", published_at=published_at), stored(before)
    )
    assert placed.article is not None
    assert (placed.article.article_url, placed.aliases) == (second, ())


def test_the_final_address_or_the_canonical_link_of_the_page_proves_it() -> None:
    edited = article("https://outlet.example/go/two-killed", "Three people were killed.")
    placed = place(edited, stored(article()), says=(STORY,))
    assert placed.article is not None
    assert (placed.article.article_url, placed.article.version) == (STORY, 2)
    assert aliases_of(placed) == {edited.article_url: STORY}


def test_an_alias_brings_a_new_version_but_never_an_old_text_again() -> None:
    old = article()
    latest = dataclasses.replace(article(text="Three people were killed."), version=2)
    known = KnownArticle(STORY, 2, latest.text_sha256, "page", asked_url="https://m.outlet.example/x")
    versions = [stored(old, 2), stored(latest)]
    for text in (old.text, latest.text):
        placed = place(article("https://m.outlet.example/x", text), *versions, known=known)
        assert (placed.article, placed.reason) == (None, "same_text")
    placed = place(article("https://m.outlet.example/x", "Four people were killed."), *versions, known=known)
    assert placed.article is not None
    assert (placed.article.article_url, placed.article.version) == (STORY, 3)


def test_an_article_gets_one_new_version_in_a_run() -> None:
    outlet = OutletArticles()
    known = KnownArticle(slug("two-killed"), 1, "before", "page")
    first = place(article(slug("two-killed"), "Three."), known=known, outlet=outlet)
    second = place(article(slug("three-killed"), "Four."), stored(article(slug("two-killed"))), outlet=outlet)
    assert first.article is not None
    assert (second.article, second.reason) == (None, "alias")


COPIES = [
    article("http://www.outlet.example/story"),
    article("https://www.outlet.example/story"),
    article("https://m.outlet.example/story", published_at="2026-11-24T13:00:00Z"),
    article("https://www.outlet.example/other-slug", published_at="2026-11-24T11:00:00Z"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
@pytest.mark.parametrize("runs", [1, 2, 4])
def test_any_order_of_copies_in_any_number_of_runs_gives_one_and_the_same_article(
    order: tuple[int, ...], runs: int
) -> None:
    articles: dict[str, Article] = {}
    aliases: dict[str, str] = {}
    for first in range(0, 4, 4 // runs):
        outlet = OutletArticles()
        some = [COPIES[n] for n in order[first : first + 4 // runs]]
        candidates = [stored(a) for a in articles.values()]
        for new in sorted(some, key=lambda a: (a.published_at or "", not a.article_url.startswith("https"))):
            placed = place(new, *candidates, outlet=outlet)
            for alias in placed.aliases:
                aliases = {k: alias.article_url if v == alias.alias_url else v for k, v in aliases.items()}
                aliases[alias.alias_url] = alias.article_url
                articles.pop(alias.alias_url, None)
            if placed.article is not None:
                articles[placed.article.article_url] = placed.article
    main = "https://www.outlet.example/other-slug"
    assert list(articles) == [main]
    assert aliases == {a.article_url: main for a in COPIES if a.article_url != main}


def test_an_article_that_has_changed_keeps_its_address() -> None:
    earlier = article("https://www.outlet.example/a", published_at="2026-11-24T08:00:00Z")
    placed = place(earlier, stored(article(), latest_version=2))
    assert aliases_of(placed) == {earlier.article_url: STORY}
    assert placed.article is None
