"""Days that follow from a date told before: the weekday of a date, days of a span, a strike weeks before another."""

from __future__ import annotations

import pytest
from offered_days import offered


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("11/13/2003: On Thursday, assailants fired rockets at a flow station.", {"2003-11-13"}),
        ("07/19/2009: On Sunday, a car bomb exploded before the town hall.", {"2009-07-19"}),
        ("On 14 May 2021, it was a Friday, a shell fell.", {"2021-05-14"}),
        # 5 November 2011 was a Saturday, so this Friday stands for itself
        ("11/05/2011: Late on Friday a bomb went off.", {"2011-11-05", "2011-05-11", "2025-04-04"}),
    ],
)
def test_a_weekday_in_the_sentence_of_its_date_is_that_date(text: str, days: set[str]) -> None:
    assert offered(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Entry for 16.05.2020. Ramadan 23. Saturday. Three mortar rounds fell.", {"2020-05-16"}),
        ("People tell of 16 March 2018. It was a Friday on which nobody prayed.", {"2018-03-16"}),
        # the date is that of something else
        (
            "The trial over the bombing of 16 March 2018 resumed. On Friday a bomb went off.",
            {"2018-03-16", "2025-04-04"},
        ),
        ("A decree of 16 March 2018 forbids it. On Friday a bomb went off.", {"2018-03-16", "2025-04-04"}),
        ("The man, born on 16 March 2018, was hurt on Friday by a mine.", {"2018-03-16", "2025-04-04"}),
        (
            "A missile hit the town on Friday. Since 16 March 2018 many have died.",
            {"2018-03-16", "2025-04-04"},
        ),
        (
            "The long war began on the coast, on 16 March 2018. On Friday a shell fell.",
            {"2018-03-16", "2025-04-04"},
        ),
        # 16 March 2018 was no Thursday, and 28 March 2025 is the Friday of the week before
        ("People tell of 16 March 2018. On Thursday a drone came again.", {"2018-03-16", "2025-04-03"}),
        (
            "On 28 March 2025 a shell fell beside the bridge. On Friday another one fell.",
            {"2025-03-28", "2025-04-04"},
        ),
        # a date further down is one of the background
        (
            "A drone hit the bridge on Friday. "
            + "Nobody knows why that was done. " * 12
            + "On 16 March 2018 it was hit too.",
            {"2018-03-16", "2025-04-04"},
        ),
    ],
)
def test_a_weekday_of_a_record_is_that_of_the_date_at_its_head(text: str, days: set[str]) -> None:
    assert days <= offered(text)
    assert ("2025-04-04" in offered(text)) == ("2025-04-04" in days)


def test_weekdays_of_a_span_of_days_are_days_of_it() -> None:
    text = (
        "5 and 6 March 2016: two actions with rockets. On Saturday one dropped behind the station. "
        "On Sunday the other hit a hall. On Monday nothing fell."
    )
    assert offered(text) >= {"2016-03-05", "2016-03-06", "2025-03-31"}
    assert not offered(text) & {"2025-04-05", "2025-04-06", "2025-03-30"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("A bomb killed four on 4 April, a week after a car bomb in Digboi killed two.", "2025-03-28"),
        ("The blast of 4 April came two weeks after a mine killed a guard.", "2025-03-21"),
        ("The raid of 4 April came a fortnight after a drone hit the port.", "2025-03-21"),
    ],
)
def test_weeks_after_a_strike_give_its_day(text: str, day: str) -> None:
    assert day in offered(text)
