"""Which of the dates that an article offers the model of dates learns as right, and which as wrong."""

import datetime as dt

import pytest

from training.analysed import analyse_all
from training.corpus import Annotated, Gold
from training.date_rows import date_rows
from transforms.nlp.open_gazetteer import open_gazetteer

WEDNESDAY = dt.date(2025, 5, 21)


def labels(text: str) -> dict[str, int]:
    """Return the label of each date of an article of Thursday 22 May 2025 on a strike of the Wednesday, by the words
    that state the date."""
    gold = Gold("e", "Kharkiv", "UA", point=(49.98, 36.25), weapon="missile", dates=(WEDNESDAY, WEDNESDAY))
    article = Annotated("f", "1", "Missile hits Kharkiv", (text,), "2025-05-22T15:00:00Z", (gold,))
    gazetteer = open_gazetteer()
    analysed = list(analyse_all([article], gazetteer))
    (found,) = date_rows(analysed, lambda a, n: [1.0] * len(a.candidates[n].mentions), gazetteer)
    read = analysed[0].findings.text
    return {
        " / ".join(read[start:end] for start, end in times) or "publication": row.label
        for row, times in zip(found.rows, found.times, strict=True)
    }


def test_a_day_beside_the_right_one_is_wrong() -> None:
    found = labels(
        "KHARKIV, May 22 (Northlight) - A missile hit Kharkiv on Wednesday. It was May 20 when talks began."
    )
    assert found == {"May 22": 0, "Wednesday": 1, "May 20": 0, "publication": 0}


@pytest.mark.parametrize(
    "said", ["A missile hit Kharkiv.", "Police spoke on Thursday of a missile that hit Kharkiv."]
)
def test_a_day_beside_the_right_one_is_right_where_no_other_is_on_offer(said: str) -> None:
    assert set(labels(said).values()) == {1}
