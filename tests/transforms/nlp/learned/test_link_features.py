"""How a place stands to the places beside it is read from the words between them and from the gazetteer."""

import datetime as dt

import pytest

from transforms.nlp.components import DECIDING
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.link_features import link_features
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)


def numbers_of(text: str, name: str) -> dict[str, float]:
    """Return the numbers of the first mention of a place."""
    (doc,) = read_documents([("", text, Publication(PUBLISHED))], without=DECIDING)
    findings = doc._.findings
    mention = next(p for p in findings.places if findings.text[p.start : p.end] == name)
    return link_features(mention, Context(doc, findings, PUBLISHED))


@pytest.mark.parametrize(
    ("text", "is_linked"),
    [
        ("Rockets fell on Kupiansk, in Kharkiv region.", True),
        ("Rockets fell on Kupiansk, a town 100 km east of Kharkiv.", True),
        ("Rockets fell on Kupiansk, close to Kharkiv.", True),
        ("Rockets fell on Kupiansk and killed two people from Kharkiv.", False),
        ("Rockets fell on Kupiansk while mourners met in Kharkiv.", False),
    ],
)
def test_only_words_that_locate_link_two_places(text: str, is_linked: bool) -> None:
    assert numbers_of(text, "Kupiansk")["link_after"] == float(is_linked)


def test_two_places_are_compared_by_distance_region_and_size() -> None:
    numbers = numbers_of("Rockets fell on Kupiansk, east of Kharkiv.", "Kupiansk")
    assert 90 < numbers["link_after_km"] < 120
    assert numbers["link_after_same"] == 1.0
    assert numbers["link_after_population"] > 1.0
    assert numbers["link_before_gap"] == 40.0
    assert "link_before" not in numbers


def test_a_place_alone_has_no_link() -> None:
    assert numbers_of("Rockets fell on Kupiansk.", "Kupiansk") == {
        "link_before_gap": 40.0, "link_after_gap": 40.0,
    }  # fmt: skip
