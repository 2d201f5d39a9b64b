from __future__ import annotations

import dataclasses

from sample_records import an_entry

from schemas.records import DeadLetter
from schemas.step_records import EntryOutcome, FetchTask, KnownArticle, KnownEntry, PendingEntry
from transforms.feeds.known_entries import choose_entries, drop_known_entries, reject_entry_without_url


def known(entry_hash: str) -> KnownEntry:
    return KnownEntry("https://outlet.example/feed", "e0", entry_hash)


def test_new_changed_and_known_entries() -> None:
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


def test_every_entry_of_an_article_has_one_fate_and_one_is_fetched() -> None:
    pending = [
        PendingEntry(an_entry(n, article_url="https://outlet.example/same"), why)
        for n, why in enumerate(["new", "retry", "changed"])
    ]
    fates = list(choose_entries(pending, []))
    tasks = [f for f in fates if isinstance(f, FetchTask)]
    assert len(fates) == 3
    assert [t.pending.why for t in tasks] == ["changed"]
    assert list(choose_entries(reversed(pending), [])) == fates


def test_an_article_stored_through_another_feed_is_not_fetched_again() -> None:
    stored = KnownArticle("https://outlet.example/0", 1, "sha")
    (fate,) = choose_entries([PendingEntry(an_entry(), "new")], [stored])
    assert isinstance(fate, EntryOutcome)
    assert fate.reason == "known_article"
    (task,) = choose_entries([PendingEntry(an_entry(), "changed")], [stored])
    assert isinstance(task, FetchTask)
    assert task.known == stored


def test_entries_without_a_usable_link() -> None:
    dropped = reject_entry_without_url(PendingEntry(an_entry(article_url=None, flags=["no_link"]), "new"))
    refused = reject_entry_without_url(
        PendingEntry(an_entry(article_url=None, link="javascript:x", flags=["bad_scheme"]), "new")
    )
    assert isinstance(dropped, EntryOutcome)
    assert (dropped.outcome, dropped.reason) == ("dropped", "no_link")
    assert isinstance(refused, DeadLetter)
    assert (refused.reason, refused.retryable) == ("bad_scheme", False)
    assert reject_entry_without_url(PendingEntry(an_entry(), "new")) is None


def test_an_entry_whose_guid_changed_is_known_by_its_address_and_keeps_its_name() -> None:
    before = an_entry(1)
    book = [KnownEntry(before.feed_url, before.entry_id, before.entry_hash, before.article_url, None)]
    (same,) = drop_known_entries([dataclasses.replace(before, entry_id="other")], book)
    (edited,) = drop_known_entries([dataclasses.replace(before, entry_id="other", entry_hash="new")], book)
    assert isinstance(same, EntryOutcome)
    assert (same.outcome, same.entry_id) == ("duplicate", before.entry_id)
    assert isinstance(edited, PendingEntry)
    assert (edited.why, edited.entry.entry_id) == ("changed", before.entry_id)


def test_the_same_title_at_another_time_is_another_entry() -> None:
    before = an_entry(1, alias="briefing-monday")
    book = [KnownEntry(before.feed_url, before.entry_id, before.entry_hash, before.article_url, before.alias)]
    (new,) = drop_known_entries([an_entry(2, alias="briefing-tuesday")], book)
    assert isinstance(new, PendingEntry)


def test_an_entry_twice_in_a_document_has_two_fates_and_one_fetch() -> None:
    fates = list(
        drop_known_entries(
            [an_entry(1), an_entry(2, article_url=an_entry(1).article_url, entry_hash="h1")], []
        )
    )
    assert sorted(type(f).__name__ for f in fates) == ["EntryOutcome", "PendingEntry"]
