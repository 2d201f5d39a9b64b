"""From articles to rows: every article has one outcome, and equal texts are sent once."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from typing import Any

import pytest
from reader_endpoint import Reply, Request, article_in, completion, reports, serving_reader, settings_for

from schemas.records import Article
from transforms.nlp.second_reader import read_again as module
from transforms.nlp.second_reader.read_again import SecondReadings, Tally, Unread, read_again
from transforms.nlp.second_reader.reading_budget import Budget

NOW = "2025-04-05T12:00:00Z"


def again(article: Article, **change: Any) -> Unread:
    return Unread(dataclasses.replace(article, **change))


def test_an_article_becomes_a_reading_and_its_reports(article: Article, raw: dict[str, Any]) -> None:
    with serving_reader(lambda _: reports(raw, "junk")) as endpoint:
        settings = settings_for(endpoint.base)
        found = read_again([Unread(article, 1)], settings, Budget(9, 10**6), 30.0, NOW)
    (reading,), (report,) = found.readings, found.reports
    assert (reading.outcome, reading.reason, reading.attempts, reading.reports) == ("read", None, 1, 1)
    assert (reading.prompt_tokens, reading.answer_tokens, reading.asked_at) == (1000, 100, NOW)
    assert [(d.reason, d.fields) for d in reading.fields_dropped] == [("wrong_type", 1)]
    assert json.loads(reading.answer or "")["reports"][1] == "junk"
    assert report.reader == reading.reader
    assert (found.tally.read, found.tally.fields_kept) == (1, 11)


def test_every_article_has_one_outcome(article: Article, raw: dict[str, Any]) -> None:
    def reply(request: Request) -> Reply:
        return {"H2": completion("no"), "H3": Reply(b"", 400)}.get(
            article_in(request)["headline"], reports(raw)
        )

    unread = [
        again(article, title=f"H{n}", text_sha256=f"t{n}", article_url=f"https://a.example/{n}")
        for n in range(7)
    ]
    unread.append(again(article, title="Rates", text="The bank cut rates.", text_sha256="x"))
    unread.append(again(article, language="uk", text_sha256="y"))
    with serving_reader(reply) as endpoint:
        settings = settings_for(endpoint.base, parallel=1)
        found = read_again(unread, settings, Budget(7, 10**6), 30.0, NOW)
    tally = found.tally
    assert (tally.articles, tally.read) == (9, 4)
    assert tally.dropped == {"not_worth_reading": 2}
    assert tally.failed == {"invalid_answer": 1, "refused": 1}
    assert tally.left == {"over_budget": 1}
    assert Counter(r.outcome for r in found.readings) == {"read": 4, "dropped": 2, "failed": 2}
    assert len({r.article_url for r in found.reports}) == 4


def test_counts_that_do_not_add_up_are_an_error() -> None:
    with pytest.raises(AssertionError, match="3 articles have 2 outcomes"):
        Tally(articles=3, read=1, left=Counter({"over_budget": 1})).check()


def test_equal_texts_are_sent_once_and_each_answer_is_checked_by_its_own_article(
    article: Article, raw: dict[str, Any]
) -> None:
    """The copy was published a week later, when "Friday" means another day."""
    copy = again(article, article_url="https://b.example/2", published_at="2025-04-12T12:00:00Z")
    with serving_reader(lambda _: reports(raw)) as endpoint:
        settings = settings_for(endpoint.base)
        found = read_again([Unread(article), copy], settings, Budget(9, 10**6), 30.0, NOW)
    assert len(endpoint.asked) == 1
    assert (found.tally.read, found.tally.from_store) == (2, 1)
    assert [r.event_date_start is None for r in found.reports] == [False, True]
    assert [r.prompt_tokens for r in found.readings] == [1000, 0]


def test_an_answer_that_is_stored_is_not_asked_for(article: Article, raw: dict[str, Any]) -> None:
    with serving_reader(lambda _: Reply(b"", 500)) as endpoint:
        settings = settings_for(endpoint.base)
        stored = {"t1": json.dumps({"reports": [raw]})}
        found = read_again([Unread(article)], settings, Budget(9, 10**6), 30.0, NOW, stored)
    assert endpoint.asked == []
    assert (found.tally.read, found.tally.from_store, len(found.reports)) == (1, 1, 1)


def test_a_copy_of_a_text_that_failed_waits_for_a_later_run(article: Article) -> None:
    copy = again(article, article_url="https://b.example/2")
    with serving_reader(lambda _: completion("no")) as endpoint:
        found = read_again([Unread(article), copy], settings_for(endpoint.base), Budget(9, 10**6), 30.0, NOW)
    assert (found.tally.failed, found.tally.left) == ({"invalid_answer": 1}, {"invalid_answer": 1})


def test_an_answer_that_breaks_the_reading_fails_alone(
    article: Article, raw: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = module.read_answer

    def broken(read_article: Article, *rest: Any) -> Any:
        if read_article.title == "Bad":
            raise IndexError("a fault of our own")
        return read(read_article, *rest)

    monkeypatch.setattr(module, "read_answer", broken)
    bad = again(article, title="Bad", text_sha256="t2", article_url="https://b.example/2")
    with serving_reader(lambda _: reports(raw)) as endpoint:
        found: SecondReadings = read_again(
            [bad, Unread(article)], settings_for(endpoint.base), Budget(9, 10**6), 30.0, NOW
        )
    assert (found.tally.read, found.tally.failed) == (1, {"invalid_answer": 1})
    assert [r.attempts for r in found.readings] == [1, 0]
