"""A sentence counts only where it stands in the article, word for word."""

from __future__ import annotations

import pytest

from transforms.nlp.second_reader.verbatim import MAX_CHARACTERS, Quotation, QuotedText, holds

HEADLINE = "Missile kills 14 in Kharkiv"
FIRST = "At least 14 people were killed in Kharkiv’s “old town” on Friday."
SECOND = "No people were killed in Odesa, and 1,200 people fled."
TEXT = f"{HEADLINE}\n\n{FIRST} {SECOND}\nA third\u00a0strike  hit Sumy."
LONG = "word " * 200 + "end"


@pytest.mark.parametrize(
    ("quoted", "sentence"),
    [
        (HEADLINE, HEADLINE),
        (FIRST, FIRST),
        ('At least 14 people were killed in Kharkiv\'s "old town" on Friday.', FIRST),
        ("At least 14 people were killed in Kharkiv's «old town» on Friday.", FIRST),
        ("  At least\n14 people  were killed ", FIRST),
        ("14 people were killed", FIRST),  # the whole sentence counts, with its "at least"
        ("people were killed in Odesa", SECOND),  # and with its "no"
        ("A third strike hit Sumy.", "A third\u00a0strike  hit Sumy."),
        ("1,200 people fled", SECOND),
    ],
)
def test_a_sentence_is_found_as_it_stands_in_the_article(quoted: str, sentence: str) -> None:
    found = QuotedText(TEXT).find(quoted)
    assert isinstance(found, Quotation)
    assert found.text == sentence == TEXT[found.start : found.end]


@pytest.mark.parametrize(
    ("quoted", "reason"),
    [
        ("", "sentence_too_short"),
        ("Kharkiv", "sentence_too_short"),
        ("15 people were killed", "sentence_not_in_article"),
        ("at least 14 people were killed", "sentence_not_in_article"),  # other case is another text
        ("4 people were killed", "sentence_not_in_article"),  # the end of 14
        ("200 people fled", "sentence_not_in_article"),  # the end of 1,200
        ("people were kill", "sentence_not_in_article"),
        ("eople were killed", "sentence_not_in_article"),
        ("and 1 people", "sentence_not_in_article"),
        ("in Odesa, and 1", "sentence_not_in_article"),  # the beginning of 1,200
        ("At least 14 people ... on Friday.", "sentence_not_in_article"),
        ("A man was killed in Lviv.", "sentence_not_in_article"),  # from elsewhere
        (f"{HEADLINE} {FIRST}", "sentence_spans_paragraphs"),
        ("1,200 people fled. A third strike", "sentence_spans_paragraphs"),
    ],
)
def test_what_is_not_a_sentence_of_the_article_is_refused(quoted: str, reason: str) -> None:
    assert QuotedText(TEXT).find(quoted) == reason


def test_a_whole_article_in_one_line_is_no_sentence() -> None:
    assert len(LONG) > MAX_CHARACTERS
    assert QuotedText(f"T\n\n{LONG}").find("word word word") == "sentence_too_long"


def test_letters_of_two_code_points_are_one() -> None:
    assert isinstance(
        QuotedText("T\n\nA strike hit Zaporizhzhié today.").find("hit Zaporizhzhie\u0301 today"), Quotation
    )


def test_words_are_held_whole() -> None:
    assert holds("A strike on the city’s Saltivka district.", "city's Saltivka")
    assert not holds("A strike on Kharkivska street.", "Kharkiv")
    assert not holds("A strike.", "")
