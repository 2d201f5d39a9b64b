"""Names that may mean a place: villages that no gazetteer holds, bases, and the places of forms."""

import pytest

from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication


def names_in(text: str) -> set[str]:
    """Return the names of the places that a text may mean."""
    (doc,) = read_documents([("", text, Publication(None))])
    return {c.place.name for c in find_candidates(doc._.findings.places)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "An air raid hit a gathering in Qala-ye Sabz village, Kandahar; two pickups burned.",
            "Qala-ye Sabz",
        ),
        ("Two mortar rounds fell at Darra-i Sufla, Nangarhar province, on Monday.", "Darra-i Sufla"),
        ("Ceel Xaar, Lower Shabelle, 20 km inland of Merca. Airstrike, 4 May 2020.", "Ceel Xaar"),
        ("Mortars hit Patrol Base Balad Ruz, Diyala, on Feb. 12. No one was hurt.", "Baladruz"),
        ("Mortar rounds fell on Combat Outpost Narang in Khost province on Monday.", "Narang"),
        ("Rockets hit Combat Outpost Keating, Nuristan, at dawn on 3 May 2009.", "Keating"),
        ("Outpost Shigal in Kunar took eleven mortar rounds on Monday, wounding one.", "Shigal"),
        ("Rockets struck Forward Operating Base Baylough in Zabul on Tuesday.", "Baylough"),
        ("SALAH AD DIN, Iraq: Near Yusufan, on Feb. 12, mortar shells killed a boy.", "Yusufan"),
        ("Location: Sarwar Banda, South Waziristan. A drone fired two missiles in Pakistan.", "Sarwar Banda"),
        ("Name of village: Khashm Ali (also written Khasham). District: Busayrah, Syria.", "Khashm Ali"),
        ("Jarnabi market lost two vegetable sellers to a mortar round in Somalia.", "Jarnabi"),
        ("Sribbin crossroads, Lebanon, a car with a white flag: a missile killed three.", "Sribbin"),
        ("Zangi Narai is eleven houses in North Waziristan. A drone struck one.", "Zangi Narai"),
        ("Bera Sor, a cluster of thirty houses in northern Iraq, was shelled on Monday.", "Bera Sor"),
        ("A shell hit a house in Wadi al-Zeina village, northeast of Beit Lahia, Gaza.", "Wadi al-Zeina"),
        ("A bomb hit a column at Jurf as Sakhin, a settlement south of Baghdad, Iraq.", "Jurf as Sakhin"),
        ("A mine went off at Tall as Sarhan, north of Raqqa, Syria.", "Tall as Sarhan"),
        ("An Israeli strike hit Bzeinat al-Fawqa, Jbeil district, Lebanon.", "Bzeinat al-Fawqa"),
        ("The hamlet is called Golatun; it lies in Kupwara, India. A shell killed a boy.", "Golatun"),
    ],
)
def test_what_stands_beside_a_name_shows_a_place(text: str, name: str) -> None:
    assert name in names_in(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Type: mortar. Place: Khan Darvish, Iraq. Date: 14 May 2007. Deaths: 3.", "Type"),
        ("Type: mortar. Place: Khan Darvish, Iraq. Date: 14 May 2007. Deaths: 3.", "Date"),
        ("Reference: FT-203. A drone hit a house in Shawal, Pakistan. Sources: two.", "Reference"),
        ("Mortar rounds fell on Combat Outpost Narang in Khost province on Monday.", "Combat Outpost Narang"),
        ("SALAH AD DIN, Iraq: Near Yusufan, on Feb. 12, mortar shells killed a boy.", "Near Yusufan"),
        ("An air raid hit a gathering in Qala-ye Sabz village, Kandahar; two pickups burned.", "Sabz"),
    ],
)
def test_words_of_forms_and_bases_are_no_places(text: str, name: str) -> None:
    assert name not in names_in(text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("A strike hit Qari Amir, who directed bombers, in Nawabad, Kunduz, Afghanistan.", "Qari Amir"),
        ("A mortar bomb hit the courtyard of Mohammad Shabir in Poonch, India.", "Mohammad Shabir"),
        ("A bomb fell on the house of Nabil al-Dalu in Bureij camp, Gaza.", "Nabil al-Dalu"),
        ("A drone fired at Jibril Ghanem, 21, in Nur Shams camp, West Bank.", "Jibril Ghanem"),
        ("A missile struck Saleh al-Qahm's house in Razih, Yemen.", "Saleh al-Qahm"),
        ("A shell hit Hassan al-Aboud (40) in Khirbet al-Jazra, Syria.", "Hassan al-Aboud"),
        ("A drone hit Yasir Haidari, a local Taliban commander, in Kunar, Afghanistan.", "Yasir Haidari"),
        ("Shells hit Abdul Qadir and his brother near Afrin, Syria.", "Abdul Qadir"),
    ],
)
def test_who_is_told_of_as_a_person_is_no_place(text: str, person: str) -> None:
    assert person not in names_in(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Warplanes bombed Wadi al-Rakhma, 12 October 2016, in Marib, Yemen.", "Wadi al-Rakhma"),
        ("An air strike hit Umm Tuba, a village in eastern Aleppo, Syria.", "Umm Tuba"),
        ("Jets bombed Kafr Sahla; its clinic burned, in Idlib, Syria.", "Kafr Sahla"),
        ("Mortar rounds fell on the homes of Omarkhel Kala village in Khost, Afghanistan.", "Omarkhel Kala"),
        ("A drone struck Omarkhel Kala, killing a farmer, in Khost, Afghanistan.", "Omarkhel Kala"),
        ("In Omarkhel Kala, a farmer was killed by a mortar round in Khost, Afghanistan.", "Omarkhel Kala"),
        (
            "A mine went off near Omarkhel Kala, where a shepherd died, in Khost, Afghanistan.",
            "Omarkhel Kala",
        ),
        ("A bomb went off beside the grain store of Adi Kelebes, Tigray, Ethiopia.", "Adi Kelebes"),
    ],
)
def test_what_is_told_of_as_a_place_stays_one(text: str, name: str) -> None:
    assert name in names_in(text)
