"""A town that only says where another lies was not struck, and the words for a region make a name its region."""

import pytest

from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication


def struck_places(text: str) -> set[str]:
    """Return the names of the places of a text that may be struck."""
    (doc,) = read_documents([("", text, Publication(None))])
    return {c.place.name for c in find_candidates(doc._.findings.places)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Air strikes hit Hish, north of Khan Shaykhun, Syria, on Monday.", {"Hish"}),
        ("Artillery fired at Kfar Tebnit, about 7 km north-east of the city of Nabatieh, Lebanon.", {"Kfar Tebnit"}),
        ("Jets hit Halfaya town, 25 kilometres northwest of Hama, Syria, on Friday.", {"Halfaya"}),
        ("A mortar round landed in Izraa (30 km to the north of Daraa) in Syria.", {"Izra'"}),
        ("A bomb went off in Rueso district, Narathiwat, Thailand, on Monday.", {"Rueso"}),
        ("A hospital in Khok Pho, in Pattani, Thailand, was hit by a bomb.", {"Khok Pho"}),
        ("Shells fell on Azaz, in northern Aleppo, Syria, on Monday.", {"Azaz"}),
        ("Barrel bombs fell on Tasil, to the west of Daraa, Syria.", {"Tasil"}),
        ("In the Abs district of Hajjah, Yemen, an aircraft fired a missile at a lorry.", {"Abs"}),
        ("Drone strikes on Anefis [Kidal, Kidal], Mali, 3 May 2024.", {"Anefis"}),
        ("An army vehicle hit a mine close to Hombori [Douentza, Mopti], Mali.", {"Hombori"}),
    ],
)  # fmt: skip
def test_a_town_that_locates_another_is_not_struck(text: str, expected: set[str]) -> None:
    assert struck_places(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A roadside bomb went off north of Ramadi, Iraq, on Monday.", {"Ramadi"}),
        ("A plane bombed Abu Salim in the south of Tripoli, Libya.", {"Tripoli"}),
        ("Shells fell on the Arbaeen district of Hama, Syria.", {"Hama"}),
        ("Rockets hit Ashkelon (Tel Aviv was hit as well) in Israel.", {"Ashkelon", "Tel Aviv"}),
        ("Shells fell on three towns of Idlib (Saraqib, Binnish) in Syria.", {"Saraqib", "Binnish"}),
        ("Mortars fell on Mosul and Kirkuk, in Iraq, on Tuesday.", {"Mosul", "Kirkuk"}),
        ("Shells hit Azaz and the city of Aleppo, Syria, on Monday.", {"Azaz", "Aleppo"}),
        ("Missiles hit Izium. North of Kharkiv, Ukraine, a drone fell on a farm.", {"Izium", "Kharkiv"}),
    ],
)
def test_a_town_that_stands_for_itself_may_be_struck(text: str, expected: set[str]) -> None:
    assert expected <= struck_places(text)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("A mine killed five in Markada in the eastern province of Hasaka, Syria.", "Hasakah"),
        ("Rockets hit a village in the governorate of Taiz, Yemen.", "Taiz"),
        ("A drone hit a village in the region of Kharkiv, Ukraine.", "Kharkiv"),
        ("A mine killed two in the countryside of Idlib, Syria.", "Idlib"),
        ("Air strikes hit Hish in Idlib's southern countryside, Syria.", "Idlib"),
        ("Air strikes hit villages in the Aleppo western countryside, Syria.", "Aleppo"),
        ("Rockets hit a farm near Mare in northern rural Aleppo, Syria.", "Aleppo"),
    ],
)
def test_words_for_a_region_make_a_name_its_region(text: str, region: str) -> None:
    assert region not in struck_places(text)


def test_the_town_is_the_one_that_was_called_so_and_not_the_one_that_locates_it() -> None:
    text = (
        "Rockets hit a bakery in the town of Azaz, north of Aleppo, Syria, on Monday. Four died in the town."
    )
    (doc,) = read_documents([("", text, Publication(None))])
    (again,) = [m for m in doc._.findings.places if doc.text[m.start : m.end] == "the town"]
    assert again.place.name == "Azaz"


@pytest.mark.parametrize(
    "text",
    [
        "A cargo ship was hit by a missile in the Gulf of Aden on Monday, the Houthis in Yemen said.",
        "A tanker was struck by a drone in the Strait of Hormuz off Iran on Friday.",
        "A missile hit a ship in the Sea of Azov near Ukraine on Sunday.",
        "A rocket fell into the Bay of Haifa in Israel.",
        "Mines in the Gulf of Sirte off Libya hit a patrol boat.",
        "A drone fell into the Dnipro River in Ukraine.",
        "A drone hit a boat on Lake Tana in Ethiopia.",
    ],
)
def test_a_water_is_no_town(text: str) -> None:
    assert struck_places(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mortars were fired at Baidoa in the Bay region of Somalia.", "Baidoa"),
        ("A missile struck Port Sudan on the Red Sea on Monday.", "Port Sudan"),
        ("A missile hit Aden on the Gulf of Aden, Yemen.", "Aden"),
        ("Shells hit the Kherson River Port in Ukraine.", "Kherson"),
    ],
)
def test_a_town_at_a_water_is_one(text: str, expected: str) -> None:
    assert struck_places(text) == {expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A missile hit Nyala International Airport in Darfur, Sudan.", "Nyala"),
        ("Rockets struck Erbil International Airport in Iraq.", "Erbil"),
        ("Shells hit the Kharkiv Polytechnic Institute in Ukraine on Monday.", "Kharkiv"),
        ("A shell hit the Kadugli Girls Secondary School in Sudan.", "Kadugli"),
        ("A drone fell on Shiraz Shahid Dastgheib International Airport in Iran.", "Shiraz"),
        ("Jets hit the Hodeidah Al-Thawra General Hospital in Yemen.", "Hodeidah"),
        ("A shell hit the Khartoum Teaching Hospital in Sudan.", "Khartoum"),
    ],
)
def test_what_stands_in_a_town_has_its_name(text: str, expected: str) -> None:
    assert struck_places(text) == {expected}
