"""Which of the places of one name a text means, and where a name ends."""

from __future__ import annotations

import datetime as dt

import pytest
from scoring import MODEL

from transforms.nlp.components import DECIDING
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.pipeline import read_documents
from transforms.nlp.place_names import PlaceMention
from transforms.nlp.publication import Publication

PUBLISHED = Publication(dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC))


def mentions(text: str, title: str = "") -> list[PlaceMention]:
    (doc,) = read_documents([(title, text, PUBLISHED)], "en", MODEL, without=DECIDING)
    return list(doc._.findings.places)


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Al-Shabaab fighters laid a mine at Kiunga Ridge and it killed two drivers.", "Kiunga Ridge", "SO"),
        ("A mine that the Taliban had laid at Khan Beyk killed four children.", "Khan Beyk", "AF"),
        ("FARC guerrillas threw grenades at a police post in Alto Piedras.", "Alto Piedras", "CO"),
        ("Boko Haram shelled Tumbun Gada at dawn; three fishermen died.", "Tumbun Gada", "NG"),
        ("An NPA land mine went off at Sitio Malabo and killed a soldier.", "Sitio Malabo", "PH"),
    ],
)
def test_a_group_speaks_for_its_home_where_no_country_is_named(text: str, name: str, country: str) -> None:
    assert [m.place.country for m in mentions(text) if m.place.name == name] == [country]


@pytest.mark.parametrize(
    "text",
    [
        "The war in the Gulf has shut in a fifth of the oil. A missile hit Deir Maru in Iraq.",
        "Gulf ports counted the bill after a drone hit Deir Maru, Iraq.",
        "Gulf states condemned the missile that hit Deir Maru in Iraq.",
        "A warship in the Red Sea fired a missile; in Iraq a drone hit Deir Maru.",
        "Officials of the Gulf region met after rockets struck Deir Maru in Iraq.",
        "The Maritime Authority closed the port when shells hit Deir Maru, Iraq.",
        "The Great Lakes News Office wrote of jets that bombed Deir Maru in Iraq.",
        "Jihadists of the Sahel praised the bomb at Deir Maru in Iraq.",
        "Ships left the Red Sea coast after a rocket hit Deir Maru in Iraq.",
        "A Gulf monarchy paid for the drones that hit Deir Maru in Iraq.",
    ],
)
def test_a_water_or_a_wide_region_is_no_province_of_its_name(text: str) -> None:
    assert {m.place.country for m in mentions(text)} == {"IQ"}


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Drones hit a depot in Red Sea State, Sudan.", "Red Sea", "SD"),
        ("Gunmen fired mortars at a mine in Gulf Province, Papua New Guinea.", "Gulf", "PG"),
        ("A bomb went off in the Sahel Region of Burkina Faso.", "Sahel", "BF"),
        ("Shells fell in Lakes State in South Sudan.", "Lakes", "SS"),
    ],
)
def test_a_province_with_the_name_of_a_water_is_called_one(text: str, name: str, country: str) -> None:
    assert [m.place.country for m in mentions(text) if m.place.name == name] == [country]


def test_a_group_strikes_abroad_too() -> None:
    (place,) = {m.place for m in mentions("A Hezbollah rocket hit a barn in Kiryat Shmona.")}
    assert place.country == "IL"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Missiles hit Deir Maru, across the border from Afghanistan. Pakistan protested.", "PK"),
        ("Missiles hit Deir Maru, on the border with Syria. Iraq protested.", "IQ"),
        ("Missiles hit Deir Maru, on Iraq's border with Syria.", "IQ"),
        ("Missiles hit Deir Maru, facing Lebanon. Israel said so.", "IL"),
        ("Missiles hit Deir Maru, close to the border with Sudan, in Chad.", "TD"),
        ("Shells fell on Deir Maru, not far from the Iraq frontier. Iran protested.", "IR"),
        ("A drone hit Deir Maru near the frontier of Ethiopia. Sudan's army said so.", "SD"),
        ("Jets bombed Deir Maru, across the border in Afghanistan. Pakistan's army denied it.", "AF"),
        ("Missiles hit Deir Maru, just inside Syria. Turkey denied it.", "SY"),
    ],
)
def test_a_country_beyond_a_border_is_not_that_of_the_village(text: str, country: str) -> None:
    assert [m.place.country for m in mentions(text) if m.place.name == "Deir Maru"] == [country]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("A roadside bomb in Faryab killed a Taliban commander.", ("Faryab", "AF")),
        ("A car bomb in Cauca killed a policeman; the FARC denied it.", ("Cauca", "CO")),
    ],
)
def test_a_region_is_meant_before_small_towns_abroad(text: str, region: tuple[str, str]) -> None:
    assert region in {(m.place.name, m.place.country) for m in mentions(text) if m.place.kind == "admin1"}


@pytest.mark.parametrize(
    "text",
    [
        "NAIROBI, 3 April 2025. A bomb near Boni killed two policemen.",
        "A shell fell in Bila, West Wellega zone, and killed a farmer.",
    ],
)
def test_a_further_name_of_a_town_far_away_is_not_meant(text: str) -> None:
    assert not {m.place.country for m in mentions(text)} & {"DE", "VU"}


def test_the_seat_of_government_is_meant_and_not_its_namesakes() -> None:
    text = "Madrid (Spain), 4 April (EFE) -- La Paz, 4 April -- A bomb went off in La Paz on Thursday."
    assert {m.place.country for m in mentions(text) if m.place.name == "La Paz"} == {"BO"}


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Stara Huta, Shostka raion, Sumy oblast. A tractor hit a mine.", "Stara Huta"),
        ("Um Dokhn, a well-village west of Mellit, North Darfur. A drone killed three.", "Um Dokhn"),
        ("Jets struck Wad el Nayal town (North Kordofan) on Friday.", "Wad el Nayal"),
        ("The blast killed seven near San Pablo de Cerros in El Salvador.", "San Pablo de Cerros"),
        ("Lwin Paung Gyi, Taze township: two mines exploded under a convoy.", "Lwin Paung Gyi"),
        ("A bomb killed a guard at Umm al Qasab in Iraq.", "Umm al Qasab"),
    ],
)
def test_a_name_is_read_to_both_its_ends(text: str, whole: str) -> None:
    assert whole in {m.place.name for m in mentions(text)}


@pytest.mark.parametrize(
    "text", ["Rockets hit Gaza as Israel closed the crossing.", "The raid on Kharkiv in May killed two."]
)
def test_a_small_word_of_the_sentence_is_no_part_of_a_name(text: str) -> None:
    assert all(" as " not in m.place.name and " in " not in m.place.name for m in mentions(text))


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Lukala", "CD"), ("Bingi", "NG"),
        ("Kyondaw", "MM"),
    ],
)  # fmt: skip
def test_a_name_that_only_resembles_a_listed_one_is_a_place_of_its_own(name: str, country: str) -> None:
    assert open_gazetteer().find_alike(name, frozenset({country})) == ()


@pytest.mark.parametrize(
    ("name", "country", "listed"),
    [
        ("Mastaba", "YE", "Mustaba'"),
        ("Timergara", "PK", "Timargara"),
        ("Qamishlo", "SY", "Qamishli"),
        ("Zichron Yaakov", "IL", "Zikhron Ya'aqov"),
        ("Bandar Lengeh", "IR", "Bandar-e Lengeh"),
    ],
)
def test_a_name_in_another_spelling_is_the_listed_one(name: str, country: str, listed: str) -> None:
    assert listed in {p.name for p in open_gazetteer().find_alike(name, frozenset({country}))}


@pytest.mark.parametrize(
    "text", ["A FAMa drone struck a gathering in Mali.", "A mine killed two, the agency SANA said."]
)
def test_the_letters_of_an_army_or_agency_are_no_place(text: str) -> None:
    assert {m.place.kind for m in mentions(text)} <= {"country"}


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Monday: a drone kills three in Marib. Tuesday: talks in Muscat.", "Marib", "YE"),
        ("A shell killed two people in Saada on Monday. Their friends met in Muscat.", "Saada", "YE"),
        ("On Friday a mine killed four people near Agadez. Ministers met in Tripoli.", "Agadez", "NE"),
        ("A drone hit a car in Azaz on Friday, killing two. The minister was in Ankara.", "Azaz", "SY"),
    ],
)
def test_a_town_next_to_the_country_of_a_city_that_is_named_is_itself(
    text: str, name: str, country: str
) -> None:
    assert {m.place.country for m in mentions(text) if m.place.name == name} == {country}


@pytest.mark.parametrize(
    ("text", "name", "region"),
    [
        (
            "A pipe bomb went off in a building in Oakland, California, on 09/18/1975.",
            "Oakland",
            "California",
        ),
        ("A bomb exploded in Springfield, Illinois, on Monday.", "Springfield", "Illinois"),
        ("A car bomb exploded in Portland, Oregon, United States.", "Portland", "Oregon"),
        ("An ambulance was struck in Hit, Anbar, on 4 April 2016.", "Hit", "Anbar"),
        ("A bomb killed three in Van, Turkey, on Monday.", "Van", "Van"),
        ("An IED killed two soldiers in Bor, Jonglei, on Monday.", "Bor", "Jonglei"),
        ("GHAZNI, Afghanistan -- A bomb went off in Qarabagh district.", "Qarah Bagh", "Ghazni"),
    ],
)
def test_the_region_behind_a_town_or_of_the_dateline_says_which_is_meant(
    text: str, name: str, region: str
) -> None:
    assert [m.place.admin1 for m in mentions(text) if m.place.name == name] == [region]


def test_the_region_behind_a_town_is_no_town_abroad() -> None:
    found = {m.place.name: m.place for m in mentions("A bomb exploded in Miami, Florida, on Monday.")}
    assert found["Florida"].country == "US" and found["Florida"].kind == "admin1"


@pytest.mark.parametrize(
    "text",
    [
        "The army retook Husaybah, about 10km east of Ramadi, in Iraq.",
        "Drones set fire to a store in Pivdennyi, near Odesa, in Ukraine.",
        "A bomb went off in Guayabal, on the outskirts of Medellin in Colombia.",
        "Shelling hit Bila, outside Sloviansk in Ukraine, on Tuesday.",
    ],
)
def test_a_namesake_far_from_the_town_beside_it_is_not_meant(text: str) -> None:
    assert mentions(text)[0].place.kind == "unlisted"


@pytest.mark.parametrize(
    "text",
    [
        "The army retook Ramadi, 110 km west of Baghdad, in Iraq.",
        "The regiment is housed in Kolomna, near Moscow, in Russia.",
        "A roadside bomb hit a bus in Taba, 390 km from Cairo, in Egypt.",
        "A suicide bomber killed 20 people in Kano, north of Abuja, on Monday.",
        "A drone hit a refinery in Ufa, 1,300 km east of Moscow, on Monday.",
        "A drone hit Engels near Moscow's main bomber fleet on Monday.",
    ],
)
def test_a_town_as_far_as_the_text_says_is_meant(text: str) -> None:
    assert mentions(text)[0].place.kind == "city"


def test_a_group_without_a_country_means_the_smaller_town_of_its_home() -> None:
    (found,) = {
        m.place.country for m in mentions("Two sisters were killed near Hays by a mine of the Houthis.")
    }
    assert found == "YE"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rockets slammed into the Bekaa town of Hermel Tuesday morning, Lebanon said.", "Hermel"),
        ("A bomb went off in the village of Karawan Friday, police in Iraq said.", "Karawan"),
        ("A car bomb exploded near Mosul Friday, killing nine in Iraq.", "Mosul"),
    ],
)
def test_a_day_behind_a_name_is_no_part_of_it(text: str, name: str) -> None:
    assert name in {m.place.name for m in mentions(text)}


def test_a_name_that_words_locate_once_is_that_place_in_the_title_too() -> None:
    text = "JALALABAD (July 22) -- A man set off a bomb in Khogyani district of Nangarhar, Afghanistan."
    found = mentions(text, title="Suicide attacker strikes bazaar in Khogyani")
    assert {m.place.admin1 for m in found if m.place.name == "Khogyani"} == {"Nangarhar"}


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Shells hit Paktiya province of Afghanistan on Monday.", "Paktia"),
        ("A missile hit a depot in Poltava Oblast, Ukraine.", "Poltava"),
        ("A strike hit a camp in South Darfur, Sudan.", "South Darfur"),
        ("A drone killed two men in Shabwa on Monday.", "Shabwah"),
    ],
)
def test_a_region_is_known_by_its_usual_names(text: str, region: str) -> None:
    assert [m.place.name for m in mentions(text) if m.place.kind == "admin1"] == [region]


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("A drone hit the Afipsky refinery in Russia's Krasnodar region.", "Afipsky", ("Afipskiy", "RU")),
        ("Shells fell on Vodyanoe near Donetsk in Ukraine.", "Vodyanoe", ("Vodiane", "UA")),
        (
            "In Homs, Syria, a car bomb went off in al-Zahra neighbourhood (LNA).",
            "al-Zahra",
            ("Homs", "SY"),
        ),
        (
            "Rockets hit the Aziziyeh neighbourhoods of Aleppo in Syria, as Iraqi militias looked on.",
            "Aziziyeh",
            ("Aleppo", "SY"),
        ),
        (
            "In Neiva, Colombia, two bombs went off in the bars of the Quirinal quarter and killed twelve people; the last of "
            "them died in a hospital of Bogotá.",
            "Quirinal",
            ("Neiva", "CO"),
        ),
        (
            "In Bosnia, gunners in Croatia's Krajina region shelled Bihac from early morning.",
            "Bihac",
            ("Bihac", "BA"),
        ),
    ],
)
def test_endings_quarters_and_verbs_decide_which_place_is_meant(
    text: str, name: str, place: tuple[str, str]
) -> None:
    (doc,) = read_documents([("", text, PUBLISHED)], "en", MODEL, without=DECIDING)
    found = [m.place for m in doc._.findings.places if doc.text[m.start : m.end] == name]
    assert [(p.name, p.country) for p in found] == [place]


def test_a_headline_means_the_village_that_the_text_locates() -> None:
    """It had been the city of that name, in another region."""
    text = "Three residents of the village of Oktyabrsky in the Belgorod region of Russia were killed."
    found = mentions(text, "Rockets at Oktyabrsky")
    assert {m.place.admin1 for m in found if m.place.name.startswith("Oktyabrsk")} == {"Belgorod"}
