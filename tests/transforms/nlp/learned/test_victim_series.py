"""Victims that are told one by one, with ages, with companions, in lists and in notes."""

import pytest
from counted import candidates

from transforms.nlp.language import load_pack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import find_count_candidates
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication

PACK = load_pack("en")


def lows(text: str, kind: str) -> set[int]:
    """Return the numbers of a kind that a text may state."""
    return {c.low for c in candidates(text) if c.kind == kind}


@pytest.mark.parametrize(
    ("text", "kind", "low"),
    [
        ("Killed at Marib by a shell: Salma Qasim, 31; her daughter Noor, 5; Ali Hadi, 60.", "killed", 3),
        ("Missile at Nikopol. Dead: a nurse; a tram driver, 51; Oleh Bondar, 17.", "killed", 3),
        ("Killed were the widow Zahra Nasser, her son Tariq and the shepherd Abdo.", "killed", 3),
        ("A missile in Idlib killed the cook Hamid along with four of his guests.", "killed", 5),
        ("The baker Salim with two of his helpers was killed by a shell in Taiz.", "killed", 3),
        ("Commander Gul Agha was killed in an airstrike in Kunar, as were five gunmen.", "killed", 6),
        ("Shelling of Donetsk. Killed: Ivan (61), Nina (59), Petro (8).", "killed", 3),
        ("A mother, Zubaida, and her children of 3, 5 and 9 were killed in Quetta.", "killed", 4),
        ("The raid on Mekelle killed 17 women and men and a boy of 13.", "killed", 18),
        ("The rocket killed the sheikh, one of his sons and a guest in Dera.", "killed", 3),
        ("Drone at Sumy. Wounded: a postman, 44; a pupil, 15.", "injured", 2),
        ("A bomb in Sumy went off, killing a nurse, and two men and a boy were wounded.", "injured", 3),
        ("A shell killed a couple, their daughters aged 4, 9 and 11, and three neighbours.", "killed", 8),
        ("A shell in Sumy killed her and her daughters Arwa (12) and Tasneem (4).", "killed", 3),
        ("The missile that hit Sumy killed him, his wife and three children.", "killed", 5),
        (
            "Wounded at Beit Jala: the Odeh family, father (41), mother (38), two girls (7 and 4).",
            "injured",
            4,
        ),
    ],
)
def test_people_told_one_by_one_are_counted(text: str, kind: str, low: int) -> None:
    assert low in lows(text, kind)


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Rockets fell on Sumy, and nine residents as well as two policemen were wounded.", None, 11),
        ("A missile hit a school in Sumy, and a teacher and two pupils were killed.", 3, None),
        ("A drone hit a bus in Sumy, and the driver and four passengers were wounded.", None, 5),
        ("A shell killed a soldier and two civilians were wounded in Sumy.", 1, 2),
        ("A mine in Sumy wounded a shepherd; his son and a neighbour were killed.", 2, 1),
        ("The clerk died on the spot in Sumy; his brother and a customer were wounded.", 1, 2),
        ("Bombs fell on a funeral and eight mourners died in Sumy.", 8, None),
        ("A drone in Sumy killed two medics and their patient was hurt.", 2, 1),
        ("A pupil lost two fingers in Sumy, and the baker's wife was cut by glass.", None, 1),
    ],
)
def test_a_series_has_one_verb(text: str, killed: int | None, injured: int | None) -> None:
    (doc,) = read_documents([("", text, Publication(None))])
    found = find_count_candidates(Context(doc, doc._.findings, None), PACK).candidates
    for kind, low in (("killed", killed), ("injured", injured)):
        by_verb = {c.low for c in found if c.kind == kind and c.rule is not None}
        assert by_verb == ({low} if low is not None else set())


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("A missile killed both riders, Saqr al-Bursh and Khaled Abu Ataya, in Gaza City.", 3, 2),
        ("A drone in Kherson killed three brothers, Oleh (12), Ivan (14) and Petro (16).", 5, 3),
        ("A shell killed two cousins, Ahmad Saleh and Omar Saleh, in Taiz.", 3, 2),
        ("A drone killed three medics, Olha Kuts, Ivan Melnyk and Petro Bondar, and a driver.", 6, 4),
        ("A raid on Douma left a nurse and the porter dead.", 1, 2),
        ("A barber, Wisam Qandil (34), his wife and three of their children died in Rafah.", 6, 5),
        ("A strike killed Marwan's sister Iman (41) and her two daughters, Huda, 16, and Lina, 12.", 4, 3),
        ("Three visitors and the postwoman, Oksana Dudka (48), were killed in Kupiansk.", 5, 4),
        ("A bomb killed a teacher, Olha Kuts, 35, and her two sons, Ivan (9) and Petro (6).", 6, 3),
        ("The dead were the brothers Ahmad and Samir Odeh, their mother, and a guest.", 5, 4),
    ],
)
def test_names_only_say_who_a_group_is(text: str, wrong: int, right: int) -> None:
    assert right in lows(text, "killed")
    assert wrong not in {c.low for c in candidates(text) if c.kind == "killed" and c.source == "list"}


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("The engineer Frank Meyer, 51, and his cook Daud, 19, were killed in Marja.", 2),
        ("A mother, Halima, and her three children were killed in Quetta.", 4),
        ("The shell killed a widow, a pupil and two of her sons in Homs.", 4),
        ("A shell hit Taiz. Killed: Salma Qasim (30), her daughter Noor (5), the driver.", 3),
    ],
)
def test_the_rules_count_all_of_a_series_that_stands_apart(text: str, low: int) -> None:
    (doc,) = read_documents([("", text, Publication(None))])
    found = find_count_candidates(Context(doc, doc._.findings, None), PACK).candidates
    assert {c.low for c in found if c.kind == "killed" and c.rule is not None} == {low}


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("Drone at Sumy. Wounded: a postman, 44; a pupil, 15.", 59),
        ("A rocket killed a man with a basket in Dera.", 2),
        ("Killed in Donetsk: Ivan (61), Nina (59).", 120),
        ("Among the three deaths announced on Friday, one was a man hurt in Jabalia.", 4),
        ("Of the five fatalities counted in Kunar, two were guards.", 7),
        ("A rocket killed seven people in Taiz, a local newspaper said.", 8),
        ("A mine killed three farmers; the governor of Taiz blamed rebels.", 4),
        ("On Monday, three drivers were killed in Sumy.", 4),
        ("Shells struck a village near Sumy, and two men died.", 3),
        ("A drone killed one civilian, a teacher, in Sumy.", 2),
        ("Nine were killed in Sumy, two of them soldiers.", 11),
        ("Two drones hit Sumy and killed three people.", 2),
        ("The clinic was hit on Monday and two guards died.", 3),
        ("The bomb in Marib left nine dead and thirty hurt.", 39),
    ],
)
def test_ages_things_and_speakers_are_not_counted(text: str, low: int) -> None:
    assert low not in lows(text, "killed") | lows(text, "injured")


def of_rules(text: str, kind: str) -> list[int]:
    """Return the numbers of a kind that rules find in a text."""
    return [c.low for c in candidates(text) if c.kind == kind and c.rule is not None]


@pytest.mark.parametrize(
    ("text", "kind", "low"),
    [
        ("The bomb in Bannu killed Head Constable Amir Khan, Constable Riaz and a passer-by.", "killed", 3),
        ("Bombs took the lives of Hussein Alwan, his wife Samira and their hired man Jabbar.", "killed", 3),
        ("The mine killed deminer Petro Hrytsenko, his driver and a medic.", "killed", 3),
        ("A mortar shell in Jaffna wounded Private Silva, Corporal Perera and a baker.", "injured", 3),
        ("Vitalii, his wife Svitlana, her mother and their son Illia are dead.", "killed", 4),
    ],
)
def test_a_series_beside_its_verb_is_a_count_of_the_rules(text: str, kind: str, low: int) -> None:
    assert of_rules(text, kind) == [low]


@pytest.mark.parametrize(
    ("text", "kind", "low"),
    [
        ("Ten people are killed, among them six girls, and 15 others are injured in Hangu.", "injured", 21),
        ("Gunmen wounded five people, a tapper and a constable among them, in Basilan.", "injured", 7),
        ("Fourteen worshippers including the pastor and five girls were killed in Hantou.", "killed", 19),
        ("The doctor and his nurse have killed nobody.", "killed", 2),
    ],
)
def test_parts_of_others_are_not_added_by_rules(text: str, kind: str, low: int) -> None:
    assert low not in of_rules(text, kind)
