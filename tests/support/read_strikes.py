"""Reads a text, for tests of what belongs to its strikes."""

import datetime as dt

from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)


def read_strikes(text: str) -> tuple[Context, list[Unit]]:
    """Return a document and a strike at each of its towns."""
    (doc,) = read_documents([("", text, Publication(PUBLISHED))])
    found = find_candidates(doc._.findings.places)
    return Context(doc, doc._.findings, PUBLISHED), [Unit(c, c.mentions) for c in found]
