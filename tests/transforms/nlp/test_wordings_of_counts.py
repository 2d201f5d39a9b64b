"""Counts of killed and injured in further wordings: fields of forms, asides, parts, lists and vague numbers."""

import pytest
from counted import MODEL, toll

from transforms.nlp.counts import Count
from transforms.nlp.language import load_pack
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.quantities import find_quantities

WORDINGS = [
    ("The death toll, at the time of writing, was four.", 4, None),
    ("Four conscripts including a first lieutenant died near Sheikh Zuweid.", 4, None),
    ("Eight people died (later nine, after a woman died in hospital) and 26 were hurt.", 9, 26),
    ("A rocket with chlorine caused suffocation for 12 civilians in Saraqib.", None, 12),
    ("Shells with gas hit Mharda, causing choking cases among 9 residents.", None, 9),
    ("34 cases of suffocation reached the hospital of Kafr Zita.", None, 34),
    ("Twenty-one people suffered breathing difficulties after the attack.", None, 21),
    ("Six villagers suffocated to death in a cellar of Sarmin.", 6, None),
    ("Civilians killed: at least six.", 6, None),
    ("Fatalities: 9, of whom four soldiers.", 9, None),
    ("Deaths recorded: 2-3.", 2, None),
    ("Dead: eleven, all of one street.", 11, None),
    ("Wounded: about 40, most of them by glass.", None, 40),
    ("People injured: 7, two of whom are children.", None, 7),
    ("Dead 21, wounded 54, according to the mayor of Goma.", 21, 54),
    ("Persons injured: 12.", None, 12),
    ("Injured, some thirty; killed, five.", 5, 30),
    ("The dead numbered 33 by Monday evening.", 33, None),
    ("Hospital staff in Aden put the dead at 16 and the wounded at 48.", 16, 48),
    ("The injured, 22 in number, were driven to Tartus.", None, 22),
    ("The number of wounded was given as 19 by the governor.", None, 19),
    ("The raid ended with the loss of seven lives.", 7, None),
    ("Four miners lost their lives and two suffered wounds.", 4, 2),
    ("Six pupils lose their lives when a shell hits a bus.", 6, None),
    ("A drone strike cost nine herders their lives near Gao.", 9, None),
    ("The town lost 15 people in one night.", 15, None),
    ("Two sappers paid the ultimate price near Izium.", 2, None),
    ("Three clerks met their end at the bank.", 3, None),
    ("Nine bakers were cut by glass in Rivne.", None, 9),
    ("Twelve guests were hit by shrapnel.", None, 12),
    ("Thirty workers were treated for burns in Basra.", None, 30),
    ("Medics in Hebron treated 27, none of them badly hurt.", None, 27),
    (
        "At least eight people are killed, including a nurse, and fifteen others are injured in an air raid on Lashkar Gah.",
        8,
        15,
    ),
    (
        "Five residents were killed, including two children, and 23 others were wounded when rockets hit Sderot.",
        5,
        23,
    ),
    (
        "One farmer is killed, a father of three, and four others are hurt by a mine near Bakhmut.",
        1,
        4,
    ),
    ("Ten soldiers, two captains among them, were killed by a suicide bomber in Mosul.", 10, None),
    ("Seven women, most of them under 30, died in the shelling of a bakery.", 7, None),
    ("Twenty mourners, six of them boys under 15, were killed in Sanaa.", 20, None),
    ("Two cooks, Omar and Salim, both about 50, were killed by the same shell.", 2, None),
    ("Three guards, a sergeant and two recruits, were wounded at the gate.", None, 3),
    ("Eight members of a football club were killed on Sunday in Homs.", 8, None),
    ("Five soldiers of the Third Brigade were killed by a mine near Gao.", 5, None),
    ("Four members of one family were killed when a shell hit a house.", 4, None),
    ("Ten guests of a wedding, including two children and the mother of the groom, were killed.", 10, None),
    ("Six soldiers of the National Army were killed in Galkayo.", 6, None),
    ("Seven of the nine guards were wounded.", None, 7),
    ("Four guests, an usher and three waiters, were hurt.", None, 4),
    ("A suicide bomber killed 13 traders at a market in Maiduguri.", 13, None),
    ("Suicide bombers killed at least 20 policemen and wounded 44 in Kandahar.", 20, 44),
    ("Both pilots were killed when a missile hit their truck.", 2, None),
    ("Both guards died at once.", 2, None),
    ("One sailor is killed and nine others are injured off Hodeidah.", 1, 9),
    ("Eleven Taliban were killed in the raid.", 11, None),
    ("The shells killed several of them.", 3, None),
    ('The army says its jets killed "dozens" of fighters near Kidal.', 24, None),
    ("Seven of the drivers were killed and two were hurt.", 7, 2),
    ("Nineteen (19) people died in Jos.", 19, None),
    ("Two policemen who had stopped him died and six others were injured.", 2, 6),
    ("A rocket wounded two nuns, the bishop of Homs told reporters.", None, 2),
    ("A shell killed a man and a boy, officials said.", 2, None),
    ("The mission saw the bodies of six people in the yard.", 6, None),
    ("A shepherd lost two fingers when a mine went off.", None, 1),
    ("Two gardeners took shrapnel in the legs.", None, 2),
    ("A nurse escaped with cuts.", None, 1),
    ("Three drivers were cut on the face by glass.", None, 3),
    ("An unknown number of guards were wounded.", None, 2),
    ("Several dozen passengers were hurt.", None, 24),
    ("A teacher broke her leg.", None, 1),
    ("The cook is fighting for his life.", None, 1),
    ("Nobody was badly hurt, and two cooks came away with bruises.", 0, 2),
    ("The building escaped with light damage.", None, None),
    ("Killed: Raisa Melnyk, 81.", 1, None),
    ("Wounded: her husband and two sons.", None, 3),
    ("Dead: a nurse and a tram driver.", 2, None),
    ("Killed: a widow and her three children; wounded: a baker.", 4, 1),
    ("Injured: one guard.", None, 1),
    ("Killed: its driver. Injured: none.", 1, 0),
    ("Killed: four, all of one house.", 4, None),
    ("Civilians killed: a grocer and his wife.", 2, None),
    ("Ivan Petrov (61) was killed.", 1, None),
    ("Olha Bondar, 40, and Petro Bondar, 12, died.", 2, None),
    ("The mayor said: killed or missing people are sought.", None, None),
    ("Wounded: no report.", None, None),
    ("Reported dead: a woman and a man of the Qadri family.", 2, None),
    ("Killed: 14. Injured: 31.", 14, 31),
]


@pytest.mark.parametrize(("sentence", "killed", "injured"), WORDINGS)
def test_each_wording_is_counted(sentence: str, killed: int | None, injured: int | None) -> None:
    found = [toll(sentence, kind) for kind in ("killed", "injured")]
    assert [low[0] if low else None for low in found] == [killed, injured]


@pytest.mark.parametrize(
    ("sentence", "killed", "injured"),
    [
        ("Nobody was seriously hurt in Sumy.", 0, None),
        ("None of the workers was badly injured.", None, None),
        ("Five of the dead were recruits.", None, None),
        ("Doctors said that two of the injured are in danger.", None, None),
        ("Two families were killed in Shali.", None, None),
        ("Both armies fired at each other, and many are dead.", None, None),
        ("Both bridges were hit.", None, None),
        ("Wounded: none.", None, 0),
    ],
)
def test_parts_and_things_are_no_toll(sentence: str, killed: int | None, injured: int | None) -> None:
    found = [toll(sentence, kind) for kind in ("killed", "injured")]
    assert [low[0] if low else None for low in found] == [killed, injured]


def counts_of_article(text: str) -> list[Count]:
    """Return the counts that extraction finds in a text, those that add to others too."""
    (doc,) = read_documents([("", text, Publication(None))], "en", MODEL)
    return list(doc._.findings.counts)


@pytest.mark.parametrize(
    "sentence",
    [
        "At least one guard died and another was injured.",
        "One grocer was killed and a second was wounded in Nablus.",
        "Four drivers died at once and a fifth was injured.",
    ],
)
def test_one_further_person_is_added(sentence: str) -> None:
    found = counts_of_article(sentence)
    assert ("injured", 1, True) in [(c.kind, c.low, c.is_more) for c in found]


@pytest.mark.parametrize("attacker", ["A suicide bomber", "The massacre by jets"])
def test_victims_of_deeds_that_may_be_strikes_are_counted(attacker: str) -> None:
    found = counts_of_article(f"{attacker} killed 13 traders in Maiduguri.")
    assert [(c.kind, c.low) for c in found] == [("killed", 13)]


def test_victims_of_gunmen_are_not_counted() -> None:
    assert counts_of_article("Gunmen killed 17 people at a market in Kaduna.") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("six of them boys under 16", ["count", "other"]),
        ("two cooks, both about 50", ["count", "other"]),
        ("seventeen (17) people", ["count"]),
        ("an unknown number of guards", ["count"]),
    ],
)
def test_ages_and_repeated_numbers_are_no_counts(text: str, kinds: list[str]) -> None:
    assert [q.kind for q in find_quantities(text, load_pack("en"))] == kinds
