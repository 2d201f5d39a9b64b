from __future__ import annotations

from pathlib import Path

import pytest

from schemas.records import Feed, FeedEntry
from transforms.feeds.parse import parse_feed
from transforms.feeds.titles import without_comment_count

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    "count",
    [
        "(12 comments)", "(1 comment)", "(no comments)", "(Comments: 12)", "[34]", "[34 replies]", "- 12 Comments",
        "(5 Kommentare)", "(5 commentaires)", "(5 comentarios)", "(5 комментариев)", "(5 коментарів)", "(5 yorum)",
        "(3 reacties)", "(5 تعليقات)", "(5 评论)", "| 7 comments",
    ],
)  # fmt: skip
def test_the_number_of_comments_is_no_part_of_a_title(count: str) -> None:
    assert without_comment_count(f"Strike kills two {count}") == "Strike kills two"


@pytest.mark.parametrize(
    "title",
    [
        "Strike kills two (12)",
        "Toll rises to 34",
        "Mayor's comments on the strike",
        "Strike (no comment from the army)",
        "No comment",
        "12 comments",
        "Strike [video]",
        "Strike on Nikopol (12 dead)",
        "Comments: 12 killed",
        "[34]",
        "",
    ],
)
def test_other_numbers_stay(title: str) -> None:
    assert without_comment_count(title) == title


def entry(poll: int) -> FeedEntry:
    body = (CASES / f"comment_count_in_title_poll{poll}.xml").read_bytes()
    return parse_feed(body, Feed("https://outlet.example/feed")).entries[0]


def test_another_number_of_comments_is_no_change_of_an_entry() -> None:
    first, second = entry(1), entry(2)
    assert (first.title, second.title) == ("Strike (3 comments)", "Strike (6 comments)")
    assert (first.entry_id, first.entry_hash, first.alias) == (
        second.entry_id,
        second.entry_hash,
        second.alias,
    )
