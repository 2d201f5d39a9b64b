"""Whether the mentions of a place tell of one strike or of several."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_records import an_article
from scoring import MODEL

from transforms.nlp.components import DECIDING
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.learned.dated_units import least_of_twins
from transforms.nlp.learned.encoder import packaged_encoder
from transforms.nlp.learned.models import packaged_models
from transforms.nlp.learned.reading import ArticleHead, LinkHead, Reading
from transforms.nlp.learned.twin_features import Scene, twin_pairs
from transforms.nlp.learned.twins import grouped
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.reports import analyse
from transforms.nlp.settings import ExtractionSettings

ODDS = st.integers(1, 7).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.fixed_dictionaries({key: st.floats(-8, 8) for key in combinations(range(n), 2)}),
    )
)


@given(ODDS, st.floats(-9, 9))
def test_each_scene_is_in_one_group_and_groups_stand_in_text_order(
    drawn: tuple[int, dict[tuple[int, int], float]], least: float
) -> None:
    scenes, odds = drawn
    groups = grouped(scenes, odds, least)
    assert sorted(n for group in groups for n in group) == list(range(scenes))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)


@given(ODDS)
def test_alike_scenes_are_one_group_and_unlike_ones_each_their_own(
    drawn: tuple[int, dict[tuple[int, int], float]],
) -> None:
    scenes, odds = drawn
    assert len(grouped(scenes, odds, 9.0)) == 1
    assert len(grouped(scenes, odds, -9.0)) == scenes


def test_a_scene_joins_the_strike_that_it_differs_from_least() -> None:
    odds = {(0, 1): 3.0, (0, 2): 2.0, (1, 2): -2.0, (0, 3): -1.0, (1, 3): 2.0, (2, 3): 2.0}
    assert grouped(4, odds, 0.0) == [[0, 3], [1, 2]]


def test_two_scenes_are_compared_by_their_dates_words_and_weapons() -> None:
    text = (
        "A drone hit a market in Kherson on Thursday and killed two people.\n"
        "In March another attack, with shells, had killed five people in Kherson."
    )
    published = Publication(dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC))
    (doc,) = read_documents([("", text, published)], "en", MODEL, without=DECIDING)
    context = Context(doc, doc._.findings, published.instant)
    options = date_options(context.findings, published.instant)
    mentions = [m for m in context.findings.places if m.place.name == "Kherson"]
    first = Scene(mentions[0], 2.0, (3.0, -3.0, 0.0))
    other = Scene(mentions[1], 1.0, (-3.0, 3.0, 0.0))
    pairs = twin_pairs([first, other], options, 2, context)
    assert list(pairs) == [(0, 1)]
    numbers = pairs[0, 1].numbers
    assert (numbers["same_date"], numbers["other_earlier"], numbers["days_apart"]) == (0.0, 1.0, 3.0)
    assert (numbers["weapons_first"], numbers["weapons_other"], numbers["weapons_shared"]) == (1.0, 1.0, 0.0)
    assert numbers["other_at_firsts"] == -6.0
    assert numbers["paragraphs"] == 1.0
    assert "other|w=another" in pairs[0, 1].names


def found(text: str) -> list[tuple[str, str, int | None]]:
    """Return the place, first day and killed of each strike."""
    analysis = analyse(
        an_article("Attack in city", text, "2024-05-15T12:00:00+03:00"), ExtractionSettings(MODEL)
    )
    return [
        (
            s.place.name,
            str(s.unit.interval.start) if s.unit.interval else "",
            s.toll.killed and s.toll.killed.low,
        )
        for s in analysis.strikes
    ]


def test_an_earlier_strike_on_the_same_town_has_its_own_day_and_toll() -> None:
    text = (
        "A drone hit a market in Kherson on Monday, killing two people.\n"
        "On 3 March another attack, with a missile, had killed five people in Kherson."
    )
    assert found(text) == [("Kherson", "2024-05-13", 2), ("Kherson", "2024-03-03", 5)]


def test_two_sentences_on_one_strike_are_one_strike() -> None:
    text = "A drone hit a market in Kherson on Monday, killing two people. The fire in Kherson was put out by noon."
    assert found(text) == [("Kherson", "2024-05-13", 2)]


def test_a_place_with_very_many_scenes_keeps_them_all_where_they_tell_one_strike() -> None:
    text = (
        "A drone hit a market in Kherson on Monday. "
        + "The same drone strike on Kherson killed two people. " * 11
    )
    analysis = analyse(
        an_article("Attack in city", text, "2024-05-15T12:00:00+03:00"), ExtractionSettings(MODEL)
    )
    units = [s.unit for s in analysis.strikes]
    assert len(units) == 1
    assert len(units[0].scenes) > 8


def test_people_in_hospital_are_no_second_strike() -> None:
    text = (
        "A missile hit a hotel in Kherson on 4 May, killing twenty people. Another 75 people were injured.\n"
        "Fifteen adults remain in hospitals in the city in moderate condition, and four children are being "
        "treated elsewhere.\n"
        "Two days before that strike, another missile had killed four people in the same city, and on the night "
        "of May 4 a drone killed a woman there."
    )
    assert ("Kherson", "2024-05-04", None) not in found(text)


@pytest.mark.parametrize(
    ("sentence", "is_told"),
    [
        ("Fifteen adults remain in hospitals in the city.", True),
        ("Three of them were still in intensive care in Lviv on Friday.", True),
        ("Two girls are being treated in Odesa for burns.", True),
        ("Eleven were discharged from the clinic of Sloviansk.", True),
        ("Nine patients died in the city.", False),
        ("A second rocket hit while the wounded were being treated in the city.", False),
        ("Doctors in Kharkiv went on strike.", False),
    ],
)
def test_sentences_on_people_in_hospital(sentence: str, is_told: bool) -> None:
    (doc,) = read_documents([("", sentence, Publication(None))], "en", MODEL)
    assert [s.tells_of_patients for s in doc._.findings.sentences] == [is_told]


def test_the_encoder_brings_its_own_threshold() -> None:
    model = packaged_models().twins
    assert least_of_twins(model, None) == model.thresholds["twin"]
    none = np.zeros((0, 1), np.float32)
    heads = {"head": LinkHead(none, none, none[:, 0]), "article_head": ArticleHead(none[:, 0], 0.0)}

    def least(twin: float) -> float:
        settings = replace(packaged_encoder().settings, twin=twin)
        nothing = Reading({}, none[:, 0], none, none, whole=none[:, 0], settings=settings, **heads)
        return least_of_twins(model, nothing)

    assert least(0.5) == 0.0
    assert least(0.18) == pytest.approx(-1.516, abs=0.001)
    assert least(0.0) < -20 < 20 < least(1.0)
