"""The days that a text offers for a strike, for tests."""

import datetime as dt

from transforms.nlp.learned.date_options import date_options
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

SATURDAY = dt.datetime(2025, 4, 5, 17, 0)  # published Saturday 5 April 2025, 17:00 at the place


def offered(text: str) -> set[str]:
    """Return the days that an article of that Saturday offers beside that of publication."""
    (doc,) = read_documents([("", text, Publication(SATURDAY.replace(tzinfo=dt.UTC)))])
    return {str(o.interval.start) for o in date_options(doc._.findings, SATURDAY) if o.stated}
