"""Whether an article is about a strike: the features, and the choice."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from training.main_rows import choose_main_threshold
from training.pair_rows import PairRow
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.main_of_units import main_features, main_of
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.times import Interval

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)
TITLE = "Drone hits Kherson"
TEXT = "A drone hit Kherson on Monday.\nIn 2023 a missile had killed five people in Odesa."
DAYS = {"Kherson": dt.date(2025, 5, 19), "Odesa": dt.date(2023, 12, 31)}


@dataclass(frozen=True)
class Newest:
    """Stands for the model: the newer a strike, the likelier is the article about it."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {"main": -30.0})

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        return [-p.numbers["age"] for p in pairs]

    def reasons(self, pair: Pair) -> tuple[tuple[str, float], ...]:
        return (("age", pair.numbers["age"]),)


@pytest.fixture(name="read")
def _read() -> tuple[Context, list[Unit]]:
    (doc,) = read_documents([(TITLE, TEXT, Publication(PUBLISHED))])
    found = find_candidates(doc._.findings.places)
    units = [Unit(c, c.mentions, Interval(DAYS[c.place.name], DAYS[c.place.name], 1)) for c in found]
    return Context(doc, doc._.findings, PUBLISHED), units


def test_where_and_when_a_strike_is_told_are_features(read: tuple[Context, list[Unit]]) -> None:
    context, units = read
    kherson, odesa = main_features(units, context, PUBLISHED)
    assert (kherson.numbers["in_title"], odesa.numbers["in_title"]) == (1, 0)
    assert (kherson.numbers["age"], odesa.numbers["newer_units"]) == (1, 1)
    assert odesa.numbers["older_than_newest"] > 500
    assert (kherson.numbers["pluperfect"], odesa.numbers["pluperfect"]) == (0, 1)
    assert "first|w=had" in odesa.names
    assert not any("odesa" in name.lower() for name in (*kherson.names, *odesa.names))


def test_a_strike_without_a_date_has_no_age(read: tuple[Context, list[Unit]]) -> None:
    context, units = read
    (pair,) = main_features([Unit(units[0].candidate, units[0].scenes)], context, PUBLISHED)
    assert pair.numbers["age"] == -1
    assert "age=none" in pair.names


def test_an_article_is_about_the_strikes_above_the_threshold(read: tuple[Context, list[Unit]]) -> None:
    context, units = read
    chosen = main_of(units, context, Publication(PUBLISHED), Newest())
    assert [c.is_main for c in chosen] == [True, False]
    assert chosen[0].reasons == (("age", 1.0),)
    assert main_of([], context, Publication(PUBLISHED), Newest()) == []


def test_the_threshold_gets_the_most_right() -> None:
    rows = [PairRow("a", 0, label, 1.0, {}, {}) for label in (1, 1, 0)]
    assert choose_main_threshold([2.0, 0.8, 0.6], rows) == {"main": 0.625}
