"""How a place stands in its clause is read from its preposition, its heads and the words of the clause."""

import datetime as dt

import pytest

from transforms.nlp.learned.clause_features import clause_features
from transforms.nlp.learned.context import Context
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)


def numbers_of(text: str, name: str) -> dict[str, float]:
    """Return the numbers of the first mention of a place."""
    (doc,) = read_documents([("", text, Publication(PUBLISHED))])
    findings = doc._.findings
    mention = next(p for p in findings.places if findings.text[p.start : p.end] == name)
    return clause_features(mention, Context(doc, findings, PUBLISHED))


@pytest.mark.parametrize(
    ("text", "preposition", "direction"),
    [
        ("A bomb went off in Kherson on Monday.", "in", 0.0),
        ("A bomb went off in the eastern town of Kupiansk on Monday.", "in", 1.0),
        ("A bomb went off 30 kilometres north of Kherson on Monday.", "", 1.0),
        ("The governor came from Kherson on Monday.", "from", 0.0),
    ],
)
def test_the_preposition_is_read_backwards(text: str, preposition: str, direction: float) -> None:
    numbers = numbers_of(text, "Kupiansk" if "Kupiansk" in text else "Kherson")
    assert [n for n, v in numbers.items() if n.startswith("prep_") and n != "prep_away" and v] == (
        [f"prep_{preposition}"] if preposition else []
    )
    assert numbers["direction"] == direction


def test_a_clause_ends_where_another_begins() -> None:
    text = "Rockets hit Kherson and killed two people, while the minister held talks in Odesa."
    struck = numbers_of(text, "Kherson")
    visited = numbers_of(text, "Odesa")
    assert (struck["segment_weapon"], struck["segment_harm"], struck["segment_stay"]) == (1.0, 1.0, 0.0)
    assert (visited["segment_weapon"], visited["segment_harm"], visited["segment_stay"]) == (0.0, 0.0, 1.0)
    assert (struck["nearer_to_trigger"], visited["nearer_to_trigger"]) == (0.0, 1.0)


def test_the_heads_above_a_place_say_what_happened_there() -> None:
    numbers = numbers_of("The explosion in Kherson killed four people.", "Kherson")
    assert numbers["up_strike"] < numbers["up_stay"]
    assert numbers["at_strike"] == 1.0
    assert numbers["up_harm"] < 40.0


def test_a_name_alone_has_numbers_too() -> None:
    numbers = numbers_of("Kherson", "Kherson")
    assert numbers["prep_away"] == 20.0
    assert numbers["up_verb"] == 40.0
