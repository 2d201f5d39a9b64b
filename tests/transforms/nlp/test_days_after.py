"""A day that a text names only as the day after a strike is not the day of the strike."""

from __future__ import annotations

import datetime as dt

import pytest
from sample_records import an_article

from transforms.nlp.reports import extract_reports

SUNDAY = "2024-07-28T15:00:00Z"


def days_of(text: str) -> list[tuple[str, dt.date | None]]:
    """Return places and first days of the reports of an article that is published on a Sunday."""
    ((_, reports),) = extract_reports([an_article("News of the day", text, SUNDAY)])
    return [(r.location, r.event_date_start) for r in reports]


@pytest.mark.parametrize(
    ("text", "place", "day"),
    [
        (
            "Thousands of mourners filled the streets of Majdal Shams on Sunday behind the coffins of the children "
            "killed when a rocket fell on a football field the evening before.",
            "Majdal Shams",
            27,
        ),
        (
            "KRAMATORSK - Residents of Kramatorsk laid flowers on Thursday at the cafe where a missile had killed "
            "eight people the evening before.",
            "Kramatorsk",
            24,
        ),
        (
            "IDLIB - Hundreds attended funerals in Ariha on Tuesday for five children killed when shells hit their bus "
            "to school the day before.",
            "Ariha",
            22,
        ),
        (
            "EL OBEID - The market of El Obeid opened again on Monday, hours after a drone had killed six traders "
            "there the night before.",
            "El Obeid",
            21,
        ),
        (
            "Nikopol said farewell on Wednesday to a father and his son, who were killed when artillery shells landed "
            "in their yard a day earlier.",
            "Nikopol",
            23,
        ),
        (
            "Mourners carried the dead through Quetta on Friday after a bomb went off at the railway station the "
            "previous day, killing 14 people.",
            "Quetta",
            25,
        ),
        (
            "On Saturday Nabatieh was in shock. An Israeli air strike had hit a bakery there the night before, killing "
            "four women.",
            "Nabatieh",
            26,
        ),
        (
            "SANAA - Rescuers dug through the rubble in Sanaa on Monday after air strikes levelled three houses the "
            "day before, killing 11 people.",
            "Sanaa",
            21,
        ),
        (
            "ZAPORIZHZHIA - Zaporizhzhia buried four of its dead on Friday, two days after a guided bomb hit a clinic in "
            "the city, killing nine people.",
            "Zaporizhzhia",
            24,
        ),
        (
            "Water ran again in Aden on Saturday, a week after an air strike had wrecked the pumping station there and "
            "killed two guards.",
            "Aden",
            20,
        ),
        (
            "SUMY - On Thursday, Sumy buried two girls who were killed when a drone hit their house on Tuesday.",
            "Sumy",
            23,
        ),
        (
            "The UN envoy arrived in Port Sudan on Tuesday, four days after drones had struck its airport, killing six "
            "workers.",
            "Port Sudan",
            19,
        ),
        (
            "KHARKIV - Kharkiv observed a day of mourning on Friday for the seven people killed by a guided bomb on "
            "Wednesday.",
            "Kharkiv",
            24,
        ),
        (
            "The market in Taiz reopened on Monday. Three days earlier shells had killed eight shoppers there.",
            "Taiz",
            19,
        ),
        (
            "Residents left the village of Kfar Kila on Tuesday after Sunday's shelling, which killed two brothers.",
            "Kfar Kila",
            21,
        ),
    ],
)
def test_the_strike_was_before(text: str, place: str, day: int) -> None:
    assert days_of(text) == [(place, dt.date(2024, 7, day))]


@pytest.mark.parametrize(
    "text",
    [
        "A missile hit the port of Odesa on Friday and killed three dockers, a day after a drone had hit it the day before.",
        "ODESA - Russian missiles struck Odesa on Friday, killing three people who had fled shelling the day before.",
        "ODESA - On Friday a missile killed three people in Odesa who had come from Kherson the day before.",
        "A missile killed three people in Odesa on Friday, a day after the minister had visited the port.",
    ],
)
def test_a_strike_on_the_day_itself_stays_there(text: str) -> None:
    assert ("Odesa", dt.date(2024, 7, 26)) in days_of(text)
