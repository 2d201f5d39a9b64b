"""One number for killed and injured, denials of deaths alone, ranges, lists behind labels and behind their verb."""

import pytest
from counted import MODEL, candidates, toll

from transforms.nlp.language import load_pack
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.quantities import find_quantities


def kinds_of_zero(text: str) -> set[str]:
    """Return what a text may deny: killed, injured or both."""
    return {c.kind for c in candidates(text) if c.low == 0}


def kinds(text: str) -> list[str]:
    return [q.kind for q in find_quantities(text, load_pack("en"))]


@pytest.mark.parametrize(
    "sentence",
    [
        "Thirteen people, cooks and pipe fitters, were killed or wounded when a rocket hit the depot.",
        "On that day 11 persons were killed or injured by the shelling of Najran.",
        "Several children gathering nets were killed or wounded by a shell.",
        "The police spoke of nineteen killed and wounded.",
        "At least 60 killed and injured were counted after the bombing of Harim.",
        "The car bomb in Mosul caused 25 dead and wounded.",
        "Some 200 soldiers were killed or hurt in the missile strike on the base.",
        "A mortar bomb killed or wounded eight members of a family.",
        "A mine killed or maimed at least four herders.",
        "Forty fighters were wounded or killed in the raid.",
    ],
)
def test_one_number_for_killed_and_injured_is_neither(sentence: str) -> None:
    """The format of annotation says so; of 25 such numbers in annotated articles none is a toll."""
    assert kinds(sentence) == ["other"]
    assert (toll(sentence, "killed"), toll(sentence, "injured")) == (None, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two days earlier a shell on their post outside Sumy killed or wounded eleven servicemen.",
        "A drone hit two houses in Sumy on Friday and killed or injured six people.",
        "Three rockets hit Sumy, killing or wounding 12 people.",
        "On Friday a bomb killed or injured some 20 people in Sumy.",
        "A bomb in Sumy on Friday killed or injured at least nine.",
        "A shell on their post outside Sumy killed or wounded eleven servicemen.",
        "Four jets bombed Sumy twice and wounded or killed seven clerks.",
    ],
)
def test_a_number_behind_is_that_of_both_whatever_stands_before(sentence: str) -> None:
    """Nor is "a bomb", the subject, a victim where the parse finds no object."""
    assert "count" not in kinds(sentence)[-1:]
    assert (toll(sentence, "killed"), toll(sentence, "injured")) == (None, None)


@pytest.mark.parametrize(
    ("sentence", "killed", "injured"),
    [
        ("A blast left five killed and wounded 12 others.", 5, 12),
        ("Two were killed and four wounded.", 2, 4),
        ("One soldier was killed, no civilian was injured or killed.", 1, None),
        ("Six died in Kherson. The dead and wounded were counted by noon.", 6, None),
    ],
)
def test_two_numbers_are_told_apart(sentence: str, killed: int, injured: int | None) -> None:
    found = [toll(sentence, kind) for kind in ("killed", "injured")]
    assert [t and t[0] for t in found] == [killed, injured]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("No loss of life was reported after the blast.", {"killed"}),
        ("The bomb in Quetta caused no loss of life.", {"killed"}),
        ("There were no fatalities in the drone strike on Erbil.", {"killed"}),
        ("Nobody died when the missile hit Yavne.", {"killed"}),
        ("The blast in Sibi claimed no life.", {"killed"}),
        ("The rocket that fell on Safed took no lives.", {"killed"}),
        ("No one was killed or injured in Kharkiv.", {"killed", "injured"}),
        ("No deaths or injuries were reported in Sumy.", {"killed", "injured"}),
        ("A drone let fall a bomb into a school yard without harming any pupil.", {"killed", "injured"}),
        ("There were no casualties in Sumy.", {"killed", "injured"}),
        ("All planes returned without loss.", set()),
        ("The raid went on without loss of time.", set()),
        ("Rockets fell on the base at Bamarni without loss.", {"killed", "injured"}),
        ("There were no known casualties.", {"killed", "injured"}),
        ("It lost no time.", set()),
    ],
)
def test_who_denies_deaths_says_nothing_of_the_injured(text: str, denied: set[str]) -> None:
    assert kinds_of_zero(text) == denied


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("From 20 to 24 people are dead, said the governor.", 20, 24),
        ("The blast hurt from five to seven dockers.", 5, 7),
        ("The commissioner spoke of four, maybe six, injured.", 4, 6),
        ("Two, perhaps three, comrades are wounded.", 2, 3),
        ("A bomb killed three and possibly five guards.", 3, 5),
        ("The toll rose from 50 to 52.", 50, 50),
        ("The number of dead in Sumy was revised from 12 to 14.", 12, 12),
    ],
)
def test_ranges(text: str, low: int, high: int) -> None:
    first = find_quantities(text, load_pack("en"))[0]
    assert (first.low, first.high) == (low, high)


@pytest.mark.parametrize(
    ("sentence", "killed", "injured"),
    [
        ("Injured: a kiosk owner, her helper, two Ethiopian soldiers off duty.", None, 4),
        ("Injured: the driver, his wife.", None, 2),
        ("Dead: a woman, her two daughters, a neighbour.", 4, None),
        ("Killed: a pensioner, a widow.", 1, None),
        ("Killed in the blast were a hawker and two riders.", 3, None),
        ("Wounded in the attack were four bus passengers.", None, 4),
        ("Wounded in the shelling, a baker was taken to hospital.", None, 1),
        ("Three of its gunmen, a vegetable seller and his nephew died.", 5, None),
        ("A shepherd and 30 of his ewes perished.", 1, None),
    ],
)
def test_lists_behind_labels_and_verbs(sentence: str, killed: int | None, injured: int | None) -> None:
    found = [toll(sentence, kind) for kind in ("killed", "injured")]
    assert [t and t[0] for t in found] == [killed, injured]


def lows(text: str) -> set[int]:
    return {c.low for c in candidates(text)}


@pytest.mark.parametrize(
    ("text", "low", "is_counted"),
    [
        ("A ninth miner died in hospital.", 9, True),
        ("She is the seventh person to lose her life in the blast.", 7, True),
        ("A fourth passenger lost both feet.", 4, False),
        ("It was the sixth day of shelling.", 6, False),
        ("A third rocket hit a barn.", 3, False),
    ],
)
def test_an_ordinal_counts_the_dead_alone(text: str, low: int, is_counted: bool) -> None:
    """Of 1,136 ordinals in sentences without a word for the dead about six are a toll."""
    assert (low in lows(text)) == is_counted


@pytest.mark.parametrize(
    "text",
    [
        "It was not known whether anyone was hurt.",
        "The sources do not say whether anyone was killed.",
        "It was not immediately clear if there were casualties.",
        "Officials did not say if anybody had been injured.",
        "The mayor could not confirm any deaths.",
        "No information on casualties was available.",
        "There was no word on casualties.",
        "The ministry has not given casualty figures.",
        "There were no immediate details of casualties.",
        "Nobody can say yet how many were hurt.",
        "There were no other casualties.",
        "No further injuries were reported.",
        "No casualty figures were available.",
        "There was no casualty count.",
        "No death toll was given.",
    ],
)
def test_what_is_not_told_is_no_zero(text: str) -> None:
    """Of 50 annotated phrases of the first ten kinds none is a zero."""
    assert kinds_of_zero(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Not one resident was hurt.",
        "Not a single person was injured in Sderot.",
        "A missile came down at Senaki and failed to hurt anyone.",
        "The police had no reports of casualties.",
        "Nobody was killed or hurt.",
    ],
)
def test_further_denials_are_zeros(text: str) -> None:
    assert kinds_of_zero(text) >= {"injured"}
    assert 1 not in lows(text)


@pytest.mark.parametrize(
    ("sentence", "killed", "injured"),
    [
        ("She and two neighbours were wounded.", None, 3),
        ("He and three of his guards died.", 4, None),
        ("The charge killed him and the soldier who had carried his suitcase.", 2, None),
        ("A grandmother and four children died on the spot.", 5, None),
        ("Nine soldiers and four civilians lost their lives.", 13, None),
        ("The number of injured, initially reported as three, reached 13.", None, 13),
        ("The number of dead, first given as five, rose to eight.", 8, None),
        ("The deaths rose to eight.", 8, None),
        ("A shepherd who succumbed brought fatalities to three.", 3, None),
        ("A fuel depot burned twice.", None, None),
        ("A shop and two houses burned.", None, None),
        ("Killed were two men, and three people were injured.", 2, 3),
    ],
)
def test_pronouns_later_totals_and_things_that_burn(
    sentence: str, killed: int | None, injured: int | None
) -> None:
    found = [toll(sentence, kind) for kind in ("killed", "injured")]
    assert [t and t[0] for t in found] == [killed, injured]


def test_the_full_stop_of_a_rank_ends_no_sentence() -> None:
    text = "Sgt. Dale R. Whitcombe, 31, Lance Cpl. Owen Treharne, 20, and their interpreter were killed. Two were hurt."
    (doc,) = read_documents([("", text, Publication(None))], "en", MODEL)
    assert len(doc._.findings.sentences) == 2
    assert 3 in lows(text)


@pytest.mark.parametrize(
    "text",
    [
        "Only the attacker was killed.",
        "The bomber died at the gate of the base.",
        "The assailant was killed by his own charge.",
        "A spokesman said nobody else had died.",
        "The governor told reporters that the wounded were treated.",
    ],
)
def test_attackers_and_speakers_are_no_victims(text: str) -> None:
    assert 1 not in lows(text)
