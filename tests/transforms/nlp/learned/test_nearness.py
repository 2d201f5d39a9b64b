"""Distances of words from strikes, which are asked for each word and strike, are those of a plain search."""

import datetime as dt

from transforms.nlp.components import DECIDING
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.nearness import FAR, Nearness
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)
TEXT = (
    "A drone killed six people in Kherson on Monday. Rockets fell on Odesa and Mykolaiv.\n"
    "In Kherson a mine injured two. Officials in Odesa counted nine drones."
)


def test_distances_to_own_and_to_other_strikes_are_those_of_a_plain_search() -> None:
    (doc,) = read_documents([("Drones hit Kherson", TEXT, Publication(PUBLISHED))], without=DECIDING)
    context = Context(doc, doc._.findings, PUBLISHED)
    units = [Unit(c, tuple(c.mentions)) for c in find_candidates(context.findings.places)]
    assert len(units) == 3
    nearness = Nearness(context, units)
    away = {
        (token, n): min(nearness.between(token, m) for m in unit.scenes)
        for token in range(len(doc))
        for n, unit in enumerate(units)
    }
    for (token, n), own in away.items():
        assert nearness.nearest(token, units[n])[0] == own
        others = [away[token, other] for other in range(3) if other != n]
        assert nearness.to_others(token, units[n]) == min(others)


def test_a_single_strike_has_no_others() -> None:
    (doc,) = read_documents([("", "Rockets fell on Odesa.", Publication(PUBLISHED))], without=DECIDING)
    context = Context(doc, doc._.findings, PUBLISHED)
    (unit,) = (Unit(c, tuple(c.mentions)) for c in find_candidates(context.findings.places))
    assert Nearness(context, [unit]).to_others(0, unit) == FAR
