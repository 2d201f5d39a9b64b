from __future__ import annotations

import dataclasses

import pytest
from sample_records import an_entry

from schemas.records import DeadLetter
from schemas.step_records import (
    ArticleCandidate,
    EntryOutcome,
    FetchTask,
    KnownArticle,
    KnownEntry,
    PendingEntry,
)
from schemas.vocabulary import OWN_ARTICLES
from transforms.feeds.known_entries import choose_entries, drop_known_entries, reject_entry_without_url


def known(entry_hash: str) -> KnownEntry:
    return KnownEntry("https://outlet.example/feed", "e0", entry_hash)


def test_entries_are_new_changed_or_known() -> None:
    entry = an_entry()
    (new,) = drop_known_entries([entry], [])
    (changed,) = drop_known_entries([entry], [known("before")])
    (same,) = drop_known_entries([entry], [known("h0")])
    assert isinstance(new, PendingEntry)
    assert new.why == "new"
    assert isinstance(changed, PendingEntry)
    assert changed.why == "changed"
    assert isinstance(same, EntryOutcome)
    assert (same.outcome, same.reason) == ("duplicate", "known_entry")


def test_each_entry_of_an_article_has_one_outcome_and_one_entry_is_fetched() -> None:
    pending = [
        PendingEntry(an_entry(n, article_url="https://outlet.example/same"), why)
        for n, why in enumerate(["new", "retry", "changed"])
    ]
    results = list(choose_entries(pending, []))
    tasks = [r for r in results if isinstance(r, FetchTask)]
    assert len(results) == 3
    assert [t.pending.why for t in tasks] == ["changed"]
    assert list(choose_entries(reversed(pending), [])) == results


def test_an_article_stored_through_another_feed_is_not_fetched_again() -> None:
    stored = KnownArticle("https://outlet.example/0", 1, "sha")
    (outcome,) = choose_entries([PendingEntry(an_entry(), "new")], [stored])
    assert isinstance(outcome, EntryOutcome)
    assert outcome.reason == "known_article"
    (task,) = choose_entries([PendingEntry(an_entry(), "changed")], [stored])
    assert isinstance(task, FetchTask)
    assert task.known == stored


def test_an_entry_at_an_alias_belongs_to_the_article_that_is_stored_under_another_address() -> None:
    alias, own = "https://m.outlet.example/a", "https://outlet.example/a"
    stored = [KnownArticle(own, 3, "sha", "page", asked_url=alias), KnownArticle(own, 3, "sha", "page")]
    (outcome,) = choose_entries([PendingEntry(an_entry(article_url=alias), "new")], stored)
    assert isinstance(outcome, EntryOutcome)
    assert (outcome.outcome, outcome.reason) == ("duplicate", "known_article")
    both = [PendingEntry(an_entry(n, article_url=url), "changed") for n, url in enumerate((own, alias))]
    results = list(choose_entries(both, stored))
    (task,) = [r for r in results if isinstance(r, FetchTask)]
    assert task.known is not None
    assert (task.known.article_url, task.known.version) == (own, 3)
    assert [r.reason for r in results if isinstance(r, EntryOutcome)] == ["same_article_in_run"]
    assert list(choose_entries(both[::-1], stored)) == results


def test_a_task_has_the_stored_articles_that_may_be_its_article() -> None:
    entry = an_entry(article_url="https://m.outlet.example/a/", title="Two  killed")

    def candidate(url: str, title: str) -> ArticleCandidate:
        return ArticleCandidate(url, 1, 1, "sha", title, None)

    alike = [
        candidate("https://outlet.example/a", "Another headline"),
        candidate("https://outlet.example/b", "Two killed"),
    ]
    others = [
        candidate("https://outlet.example/c", "Another headline"),
        candidate("https://outlet.example/12345-a", ""),
    ]
    (task,) = choose_entries([PendingEntry(entry, "new")], [], [*others, *alike[::-1]])
    assert isinstance(task, FetchTask)
    assert (task.known, list(task.candidates)) == (None, alike)
    (untitled,) = choose_entries([PendingEntry(an_entry(title=""), "new")], [], others)
    assert isinstance(untitled, FetchTask)
    assert list(untitled.candidates) == []


def test_an_entry_without_a_usable_link_is_dropped_or_a_dead_letter() -> None:
    dropped = reject_entry_without_url(PendingEntry(an_entry(article_url=None, flags=["no_link"]), "new"))
    refused = reject_entry_without_url(
        PendingEntry(an_entry(article_url=None, link="javascript:x", flags=["bad_scheme"]), "new")
    )
    assert isinstance(dropped, EntryOutcome)
    assert (dropped.outcome, dropped.reason) == ("dropped", "no_link")
    assert isinstance(refused, DeadLetter)
    assert (refused.reason, refused.retryable) == ("bad_scheme", False)
    assert reject_entry_without_url(PendingEntry(an_entry(), "new")) is None


def test_an_entry_with_a_new_guid_is_known_by_its_address_and_keeps_its_id() -> None:
    before = an_entry(1)
    stored = [KnownEntry(before.feed_url, before.entry_id, before.entry_hash, before.article_url, None)]
    (same,) = drop_known_entries([dataclasses.replace(before, entry_id="other")], stored)
    (edited,) = drop_known_entries([dataclasses.replace(before, entry_id="other", entry_hash="new")], stored)
    assert isinstance(same, EntryOutcome)
    assert (same.outcome, same.entry_id) == ("duplicate", before.entry_id)
    assert isinstance(edited, PendingEntry)
    assert (edited.why, edited.entry.entry_id) == ("changed", before.entry_id)


def test_the_same_title_at_another_time_is_another_entry() -> None:
    before = an_entry(1, alias="briefing-monday")
    stored = [
        KnownEntry(before.feed_url, before.entry_id, before.entry_hash, before.article_url, before.alias)
    ]
    (new,) = drop_known_entries([an_entry(2, alias="briefing-tuesday")], stored)
    assert isinstance(new, PendingEntry)


def test_a_repeated_entry_has_two_outcomes_and_is_fetched_once() -> None:
    results = list(
        drop_known_entries(
            [an_entry(1), an_entry(2, article_url=an_entry(1).article_url, entry_hash="h1")], []
        )
    )
    assert sorted(type(r).__name__ for r in results) == ["EntryOutcome", "PendingEntry"]


@pytest.mark.parametrize(
    ("feed_url", "content", "is_taken"),
    [
        (OWN_ARTICLES, "text", True),
        (OWN_ARTICLES, None, False),
        ("https://outlet.example/feed", "text", False),
    ],
)
def test_an_article_that_the_user_adds_with_its_text_is_taken_although_one_is_stored(
    feed_url: str, content: str | None, is_taken: bool
) -> None:
    pending = PendingEntry(an_entry(feed_url=feed_url, content=content), "new")
    stored = KnownArticle("https://outlet.example/0", 1, "another hash", "page")
    (item,) = choose_entries([pending], [stored])
    assert isinstance(item, FetchTask) is is_taken
