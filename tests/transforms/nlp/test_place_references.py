"""Places that a text means without their name."""

from __future__ import annotations

import datetime as dt

import pytest
from scoring import MODEL

from transforms.nlp.components import DECIDING
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = Publication(dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC))


def meant(text: str) -> list[tuple[str, str]]:
    """Return the words and the place of each mention that is no name."""
    (doc,) = read_documents([("", text, PUBLISHED)], "en", MODEL, without=DECIDING)
    findings = doc._.findings
    said = [(findings.text[m.start : m.end], m.place.name) for m in findings.places]
    return [(words, place) for words, place in said if words[-1].islower() and words != place]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shells fell on Kherson. Two women died in the city.", ("the city", "Kherson")),
        ("Shells fell on Kherson. This besieged town had no water.", ("This besieged town", "Kherson")),
        (
            "KYIV - Two blasts were heard in this capital on Monday, and Kyiv lost power.",
            ("this capital", "Kyiv"),
        ),
        (
            "Kherson was quiet. Nikopol was shelled, and the same town lost power.",
            ("the same town", "Nikopol"),
        ),
        ("A shell hit Kafr Nabl, south of Aleppo. The village school burned.", ("The village", "Kafr Nabl")),
    ],
)
def test_a_town_is_meant_by_its_kind_alone(text: str, expected: tuple[str, str]) -> None:
    assert expected in meant(text)


@pytest.mark.parametrize(
    "text",
    [
        "Shells fell on Kherson, and the city council met.",
        "Shells fell on Kherson and on the village of Antonivka.",
        "Shells fell on Kherson. The town near the front was quiet.",
        "The city was quiet. Shells fell on Kherson.",
        "Shells fell on Kherson. A shell hit the wall of the village school.",
        "Shells fell on Kherson. The unnamed village burned.",
        "Shells fell on Kherson and on the eastern city Kharkiv.",
        "Shells fell on Kherson and on the town\nof Homs.",
        "Shells fell on Kherson. " + "Nobody knows why that was done. " * 30 + "The city was quiet.",
    ],
)
def test_no_town_is_meant_by_other_words(text: str) -> None:
    assert meant(text) == []
