"""Counts of killed and injured, one sentence for each way to state them."""

from __future__ import annotations

import pytest
from counted import MODEL, Toll, counts, toll

from transforms.nlp.casualties import find_counts
from transforms.nlp.language import load_pack
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication


def children(sentence: str, kind: str) -> int | None:
    stated = [c for c in counts(sentence) if c.kind in (kind, f"{kind}_children")]
    numbers = [c.low if c.kind != kind else c.children for c in stated]
    return max((n for n in numbers if n is not None), default=None)


EXACT = [
    # active, passive, headline, noun
    ("17 killed, 60 injured in rocket attack on Goma.", 17, 60),
    ("Drone kills nine in Pavlohrad.", 9, None),
    ("The blast in Odesa left 12 people dead and 30 others wounded.", 12, 30),
    ("Four residents have died and 12 are in hospital after the shelling of Nikopol.", 4, 12),
    ("The attack resulted in four deaths and 11 injuries.", 4, 11),
    ("The strike on Odesa claimed the lives of six people.", 6, None),
    ("The attack has cost 58 lives so far.", 58, None),
    ("Six people lost their lives when a rocket fell on the market.", 6, None),
    ("Rescuers found nine bodies after the strike, and four people are missing.", 9, None),
    # people named by their role
    ("A missile killed 24 pensioners in Yarova.", 24, None),
    ("The strike on Sumy killed a doctor, two nurses and a driver.", 4, None),
    ("A boy of six and his grandmother were killed when a drone hit their home in Nikopol.", 2, None),
    ("A family of four died in a missile strike on Sumy.", 4, None),
    ("A 45-year-old man was killed and his wife injured near Kupiansk.", 1, 1),
    ("A husband and wife died in a house near by.", 2, None),
    # toll phrases, upward and downward
    ("The toll from Monday's strike on Sumy rose to 11 on Wednesday after a woman died of burns.", 11, None),
    ("Officials in Sumy lowered the toll from 20 to 18 after DNA tests.", 18, None),
    ("Two of the wounded died overnight, taking the number of dead in Sumy to thirteen.", 13, None),
    ("A woman died in hospital, bringing to 35 the number of people killed in the attack.", 35, None),
    ("The number of victims has risen from 50 to 52.", 52, None),
    ("She is the 25th person to die as a result of the attack.", 25, None),
    ("The strike on Sumy wounded 31 people, a number later raised to 44.", None, 44),
    ("The injured number 108.", None, 108),
    # none
    ("Dozens were hurt in Odesa, but nobody was killed.", 0, 24),
    ("No casualties were reported after the strike on Odesa.", 0, 0),
    ("No one was hurt when debris fell on a roof.", 0, 0),
]


@pytest.mark.parametrize(("sentence", "killed", "injured"), EXACT)
def test_killed_and_injured_are_counted(sentence: str, killed: int | None, injured: int | None) -> None:
    found_killed, found_injured = toll(sentence, "killed"), toll(sentence, "injured")
    assert (found_killed[0] if found_killed else None) == killed
    assert (found_injured[0] if found_injured else None) == injured


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Fourteen people were killed in Sumy.", (14, 14, 14)),
        ("At least 14 people were killed in Sumy.", (14, 14, None)),
        ("No fewer than 14 people were killed in Sumy.", (14, 14, None)),
        ("More than 50 people were killed in Sumy.", (51, 51, None)),
        ("More than a dozen people were killed in Sumy.", (13, 13, None)),
        ("Up to 20 people were killed in Sumy.", (0, 20, 20)),
        ("About 40 people were killed in Sumy.", (40, 40, 40)),
        ("Almost 90 people were killed in Sumy.", (90, 90, 90)),
        ("Between 10 and 15 people were killed in Sumy.", (10, None, 15)),
        ("Dozens of people were killed in Sumy.", (24, None, None)),
        ("Several people were killed in Sumy.", (3, None, None)),
        ("Scores of people were killed in Sumy.", (40, None, None)),
        ("Hundreds of people were killed in Sumy.", (200, None, None)),
        ("Two dozen people were killed in Sumy.", (24, 24, 24)),
        ("1,200 people were killed in Sumy.", (1200, 1200, 1200)),
        ("Nobody was killed in Sumy.", (0, 0, 0)),
    ],
)
def test_each_wording_gives_its_range(sentence: str, expected: Toll) -> None:
    assert toll(sentence, "killed") == expected


@pytest.mark.parametrize(
    ("sentence", "kind", "expected"),
    [
        ("Missile strike on Pavlohrad kills nine, including two children.", "killed", 2),
        ("Three people, one of them a child, were killed in a drone strike on Kherson.", "killed", 1),
        ("At least 12 people, three of them children, were killed on Friday.", "killed", 3),
        ("Seven people were killed and 20 were wounded, among them three children.", "injured", 3),
        ("Seven people were killed and 20 were wounded, among them three children.", "killed", None),
        ("According to the mayor, among those killed were five children.", "killed", 5),
        ("Two children, a boy of eight and a girl of six, are among the injured.", "injured", 2),
        ("The toll includes at least two children.", "killed", 2),
        ("Ten people were killed, many of them children.", "killed", None),
    ],
)
def test_children_among_the_victims_are_counted(sentence: str, kind: str, expected: int | None) -> None:
    assert children(sentence, kind) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Air defences downed 58 of 70 drones over Kyiv.",
        "A Shahed-136 drone and an S-300 missile hit a nine-storey block.",
        "The driver, 45, was questioned for three hours.",
        "More than 300 rescuers worked for 12 days.",
        "Three fire engines and 22 cars were damaged.",
        "The strike on the harbour entered its third day.",
    ],
)
def test_other_numbers_are_not_counts_of_victims(sentence: str) -> None:
    assert counts(sentence) == []


def test_an_added_number_is_not_the_toll() -> None:
    pack = load_pack("en")
    (doc,) = read_documents(
        [("", "Rescuers pulled three more bodies from the rubble.", Publication(None))], "en", MODEL
    )
    found = [c for s in doc.sents for c in find_counts(s, list(doc._.findings.quantities), pack)]
    assert [(c.low, c.is_more) for c in found] == [(3, True)]


def test_two_places_in_one_clause_have_separate_counts() -> None:
    text = "Shelling killed eight people in Kherson and five in Beryslav on Sunday."
    assert [c.low for c in counts(text) if c.kind == "killed"] == [8, 5]
