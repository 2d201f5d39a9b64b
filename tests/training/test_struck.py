"""Candidates, their features, and what follows from the verdicts."""

import datetime as dt
import math
from dataclasses import replace

import pytest

from transforms.nlp.blocks import Sentence
from transforms.nlp.components import DECIDING
from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Place
from transforms.nlp.learned.candidates import Candidate, find_candidates
from transforms.nlp.learned.context import Context, masked
from transforms.nlp.learned.mention_features import bucket
from transforms.nlp.learned.model import Judged, Thresholds
from transforms.nlp.learned.place_features import Features, candidate_features
from transforms.nlp.learned.struck import Whole, decide, with_learned_roles, without_untold
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.pipeline import read_documents
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)


def features_of(title: str, text: str) -> dict[str, Features]:
    """Return the features of each candidate, by the name of its place."""
    (doc,) = read_documents([(title, text, Publication(PUBLISHED))], without=DECIDING)
    candidates = find_candidates(doc._.findings.places)
    found = candidate_features(candidates, Context(doc, doc._.findings, PUBLISHED), open_gazetteer())
    return {c.place.name: f for c, f in zip(candidates, found, strict=True)}


def test_the_words_around_a_place_and_its_way_to_the_strike_are_features() -> None:
    found = features_of("", "A missile hit Kharkiv on Monday, killing five people, the mayor of Odesa said.")
    kharkiv, odesa = found["Kharkiv"], found["Odesa"]
    assert {"-1=hit", "+1=on", "up1=hit", "has=killed"} <= kharkiv.names.keys()
    assert "-2=mayor of" in odesa.names
    assert "-2=mayor of" not in kharkiv.names
    assert kharkiv.numbers["hit_before.first"] == 1
    assert kharkiv.numbers["killed_after.first"] < odesa.numbers["killed_before.first"]


def test_no_name_of_a_place_or_person_is_a_feature() -> None:
    found = features_of(
        "Drone hits Kherson", "A drone hit Kherson on Monday, said Taras Melnyk of the Daily Courier."
    )
    names = " ".join(found["Kherson"].names).lower()
    assert not any(name in names for name in ("kherson", "taras", "melnyk", "courier"))
    assert "title=drone" in names


@pytest.mark.parametrize(
    ("text", "tag", "is_term", "expected"),
    [
        ("Hit", "VBD", False, "hit"),
        ("Melnyk", "NNP", False, "<Name>"),
        ("UN", "NNP", False, "<NAME>"),
        ("Shahed", "NNP", True, "shahed"),
        ("40km", "CD", False, "<number>"),
        ("\n", "_SP", False, "<break>"),
    ],
)
def test_a_token_is_masked_by_what_it_is(text: str, tag: str, is_term: bool, expected: str) -> None:
    assert masked(text, tag, is_term) == expected


def test_a_year_before_publication_is_a_feature() -> None:
    found = features_of("", "In 2016 an airstrike on Aleppo killed 20 people.")
    assert found["Aleppo"].numbers["years_ago.first"] == 9


def test_mentions_of_one_place_are_one_candidate_and_a_country_is_none() -> None:
    found = features_of("Kharkiv struck", "A drone hit Kharkiv in Ukraine on Monday.")
    assert set(found) == {"Kharkiv"}
    assert found["Kharkiv"].numbers["mentions"] == 2
    assert found["Kharkiv"].numbers["in_title"] == 1


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (1, 1), (2, 2), (4, 4), (5, 4), (100, 9)])
def test_buckets_widen(value: float, expected: int) -> None:
    assert bucket(value) == expected


def candidate(name: str, start: int, *roles: str) -> Candidate:
    """Return a candidate with a mention for each role."""
    place = Place(None, name, "UA", None, None, None, 0, None, "city")
    mentions = (PlaceMention(start + n, start + n + 1, 0, 0, place, role) for n, role in enumerate(roles))
    return Candidate(place, tuple(mentions))


THRESHOLDS = Thresholds(article=0.5, place=0.3, possible=0.6)


def judged(probability: float, *scores: float) -> Judged:
    """Return a judgement with a probability and the log-odds of the mentions."""
    return Judged(math.log(probability / (1 - probability)), scores, ())


@pytest.mark.parametrize(
    ("probabilities", "struck"),
    [((0.9, 0.31), {"A", "B"}), ((0.9, 0.29), {"A"}), ((0.49, 0.31), set()), ((0.1, 0.5), {"B"})],
)
def test_an_article_needs_one_likely_place(probabilities: tuple[float, float], struck: set[str]) -> None:
    candidates = [candidate("A", 0, "scene"), candidate("B", 10, "scene")]
    verdicts = decide(candidates, [judged(p, 0.0) for p in probabilities], THRESHOLDS)
    assert {v.place.name for v in verdicts if v.is_struck} == struck


@pytest.mark.parametrize(
    ("probabilities", "whole", "struck"),
    [
        ((0.35, 0.2), 2.0, {"A"}),  # no place is likely, but the text tells of a strike
        ((0.35, 0.2), 0.0, set()),
        ((0.09, 0.05), 9.0, set()),  # no place is likely enough
        ((0.9, 0.31), 0.0, {"A", "B"}),
        ((0.9, 0.31), -4.0, set()),  # a likely place, but the text tells of none
        ((0.2, 0.31, 0.35), 2.0, {"B", "C"}),
    ],
)
def test_a_short_text_is_judged_as_a_whole(
    probabilities: tuple[float, ...], whole: float, struck: set[str]
) -> None:
    candidates = [candidate(name, 10 * n, "scene") for n, name in enumerate("ABC"[: len(probabilities)])]
    own = [judged(p, 0.0) for p in probabilities]
    told = decide(candidates, own, THRESHOLDS, Whole(whole, 0.5, 0.6))
    assert {v.place.name for v in told if v.is_struck} == struck


def test_the_likeliest_place_shows_what_the_text_as_a_whole_says() -> None:
    candidates = [candidate(name, 10 * n, "scene") for n, name in enumerate("AB")]
    likely, other = decide(candidates, [judged(0.5, 0.0), judged(0.4, 0.0)], THRESHOLDS, Whole(3.0, 0.5, 0.6))
    assert likely.reasons == (("article", 1.5),)
    assert other.reasons == ()


def test_the_share_of_a_text_as_a_whole_counts() -> None:
    def is_struck(whole: Whole) -> bool:
        return any(
            v.is_struck for v in decide([candidate("A", 0, "scene")], [judged(0.5, 0.0)], THRESHOLDS, whole)
        )

    assert is_struck(Whole(1.0, 0.5, 0.6))  # half of 1 is 0.5, a probability of 0.62
    assert not is_struck(Whole(1.0, 0.5, 0.63))
    assert not is_struck(Whole(1.0, 0.3, 0.6))


def test_a_possible_name_needs_more_and_starts_no_article_below_it() -> None:
    candidates = [candidate("A", 0, "possible"), candidate("B", 10, "scene")]
    verdicts = decide(candidates, [judged(0.55, 0.0), judged(0.4, 0.0)], THRESHOLDS)
    assert not any(v.is_struck for v in verdicts)


def test_the_best_mention_of_a_place_and_all_with_positive_odds_are_scenes() -> None:
    one, other = candidate("A", 0, "other", "dateline"), candidate("B", 10, "official", "scene")
    verdicts = decide([one, other], [judged(0.9, -1.0, -2.0), judged(0.1, 3.0, 0.5)], THRESHOLDS)
    assert [v.scenes for v in verdicts] == [one.mentions[:1], other.mentions]


def test_only_mentions_of_a_struck_place_become_scenes() -> None:
    one, other = candidate("A", 0, "other", "dateline"), candidate("B", 10, "official")
    verdicts = decide([one, other], [judged(0.9, -1.0, -2.0), judged(0.1, 3.0)], THRESHOLDS)
    places = with_learned_roles([*one.mentions, *other.mentions], verdicts)
    assert [p.role for p in places] == ["scene", "dateline", "official"]
    assert [v.place.name for v in verdicts if v.is_struck] == ["A"]


def test_a_place_whose_scenes_are_all_a_total_or_a_threat_is_not_struck() -> None:
    one, other = candidate("A", 0, "scene"), candidate("B", 10, "scene", "scene")
    verdicts = decide([one, other], [judged(0.9, 1.0), judged(0.9, 1.0, 1.0)], THRESHOLDS)
    told = Sentence(0, 5, 0, 1, 1), Sentence(5, 11, 1, 2, 1), Sentence(11, 20, 2, 3, 1)

    def struck(*reasons: str | None) -> list[str]:
        sentences = [replace(s, out_of_scope=r) for s, r in zip(told, reasons, strict=True)]
        findings = Findings("", 0, [], sentences=sentences)
        return [v.place.name for v in without_untold(verdicts, findings) if v.is_struck]

    assert struck(None, None, None) == struck("other_deed", None, None) == ["A", "B"]
    assert struck("cumulative", "hypothetical", None) == ["B"]
    assert struck("exercise", "cumulative", "cumulative") == []


def test_a_place_of_which_only_another_harm_is_told_is_not_struck() -> None:
    one, other = candidate("A", 0, "scene"), candidate("B", 10, "scene")
    verdicts = decide([one, other], [judged(0.9, 1.0), judged(0.9, 1.0)], THRESHOLDS)
    told = [Sentence(0, 5, 0, 1, 1, tells_no_strike=True), Sentence(5, 20, 1, 2, 1)]
    findings = Findings("", 0, [], sentences=told)
    assert [v.place.name for v in without_untold(verdicts, findings) if v.is_struck] == ["B"]
