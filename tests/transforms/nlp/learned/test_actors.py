"""The attacker of a strike: the words that may name it, their features, and the choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from read_strikes import read_strikes

from training.actor_rows import choose_threshold, is_same_party
from transforms.nlp.language import load_pack
from transforms.nlp.learned.actor_candidates import parties_at, party_words, tokens_of
from transforms.nlp.learned.actor_features import actor_pairs, role_of
from transforms.nlp.learned.actors_of_units import actors_of
from transforms.nlp.learned.blame import blame_of
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.said import said_in
from transforms.nlp.learned.weapon_candidates import weapon_words
from transforms.nlp.open_gazetteer import open_gazetteer

PACK = load_pack("en")


@dataclass(frozen=True)
class Acting:
    """Stands for the model: a party is likelier the nearer it acts."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {"named": -5.0})

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        return [-p.numbers["acting"] / 10 for p in pairs]

    def reasons(self, pair: Pair) -> tuple[tuple[str, float], ...]:
        return (("acting", pair.numbers["acting"]),)


@pytest.mark.parametrize(
    ("text", "country", "parties"),
    [
        ("The army shelled the town.", "SY", {"Syria"}),
        ("The army shelled the town.", "SD", {"Sudanese Armed Forces"}),
        ("Sudan's air force bombed it.", "SD", {"Sudanese Armed Forces"}),
        ("The coalition bombed it.", "YE", {"Saudi-led coalition"}),
        ("The coalition bombed it.", "SY", {"US-led coalition"}),
        ("Separatists shelled it.", "UA", {"Russia-backed separatists"}),
        ("He told us that it is over.", "UA", set()),
        ("US jets and IS men.", "IQ", {"United States", "Islamic State"}),
        ("Coalition forces bombed it.", "AF", {"NATO"}),
        ("The federal army shelled it.", "ET", {"Ethiopia"}),
        ("The federal army shelled it.", "HR", {"Yugoslav People's Army"}),
        ("FMLN rebels and the Farabundo Martí front.", "SV", {"FMLN"}),
        ("South African jets bombed it.", "AO", {"South Africa"}),
        ("The GIA set off the bomb.", "DZ", {"Armed Islamic Group"}),
        ("The gia set off the bomb.", "DZ", set()),
        ("A dissident set off the bomb.", "BY", set()),
        ("A dissident set off the bomb.", "CO", {"FARC dissidents"}),
    ],
)
def test_a_word_means_a_party_by_where_the_place_lies(text: str, country: str, parties: set[str]) -> None:
    context, _ = read_strikes(text)
    assert set(parties_at(party_words(context, PACK), country, PACK)) == parties


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Russian forces shelled the town.", "does"),
        ("A Russian missile hit the town.", "does"),
        ("The town was hit by Russia.", "does"),
        ("A drone hit Russian soldiers.", "suffers"),
        ("Russia said nothing.", "nsubj"),
    ],
)
def test_the_parse_says_what_a_party_does(text: str, role: str) -> None:
    context, _ = read_strikes(text)
    word = party_words(context, PACK)[0]
    assert role_of(word, context) == role


def test_each_strike_gets_the_party_that_acts_beside_it() -> None:
    context, units = read_strikes(
        "Russian forces shelled Kherson on Monday. Ukraine hit Belgorod with drones, it said."
    )
    chosen = actors_of(units, said_in(context, units, PACK), open_gazetteer(), PACK, Acting())
    named = {u.candidate.place.name: c for u, c in zip(units, chosen, strict=True)}
    assert {place: c.name for place, c in named.items()} == {"Kherson": "Russia", "Belgorod": "Ukraine"}
    assert context.findings.text[named["Kherson"].start : named["Kherson"].end] == "Russian forces"
    assert all(c.reasons for c in chosen)
    none = actors_of(units, said_in(context, units, PACK), open_gazetteer(), PACK, Acting({"named": 1.0}))
    assert [(c.name, c.start) for c in none] == [(None, -1)] * 2


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Residents blamed Hezbollah for the shelling of Kherson.", {"blamed_before"}),
        ("The shelling of Kherson was the work of Hezbollah.", {"blamed_before"}),
        ("A shell hit Kherson. Hezbollah was blamed by every witness.", {"blamed_after"}),
        ("A bomb killed two in Kherson. Hezbollah claimed responsibility.", {"claims_after"}),
        ("A bomb killed two in Kherson. Hezbollah said it had targeted a barracks.", {"claims_after"}),
        ("A bomb killed two in Kherson. Hezbollah denied it.", {"denies_after"}),
        ("A bomb killed two in Kherson. Hezbollah has an office there.", set()),
    ],
)
def test_the_text_says_whom_it_blames(text: str, signs: set[str]) -> None:
    context, _ = read_strikes(text)
    named = context.findings.text
    words = [w for w in party_words(context, PACK) if named[w.start : w.end] == "Hezbollah"]
    assert {sign for sign, count in blame_of(words, context, PACK).items() if count} == signs


def test_no_name_of_a_party_is_a_feature() -> None:
    context, units = read_strikes("Russian forces shelled Kherson with drones, and Hezbollah denied it.")
    parties, weapons = party_words(context, PACK), weapon_words(context, PACK)
    pairs = actor_pairs(
        units[0], parties, weapons, Nearness(context, units, tokens_of(parties)), open_gazetteer(), PACK
    )
    russia = pairs["Russia"][0]
    assert (russia.numbers["is_neighbour"], russia.numbers["is_own"], russia.numbers["does.scene"]) == (
        1,
        0,
        1,
    )
    assert "group|weapon=drone" in pairs["Hezbollah"][0].names
    names = " ".join(name for pair, _ in pairs.values() for name in pair.names).lower()
    assert not any(word in names for word in ("russia", "hezbollah", "kherson"))


@pytest.mark.parametrize(
    ("name", "gold", "same"),
    [
        ("Syria", "Syrian government", True),
        ("Myanmar military", "Myanmar", True),
        ("Sudan", "Sudanese Armed Forces", True),
        ("al-Shabaab", "al-Shabab", True),
        ("US-led coalition", "United States", False),
        ("Russia", None, False),
        ("NATO", "coalition", True),
        ("NATO", "International Security Assistance Force", True),
        ("Islamic State", "coalition", False),
        ("ULFA", "United Liberation Front of Assam", True),
    ],
)
def test_names_of_one_party_are_the_same(name: str, gold: str | None, same: bool) -> None:
    assert is_same_party(name, gold, PACK) == same


def test_the_threshold_is_the_lowest_with_few_wrong_names() -> None:
    odds = [2.0] * 14 + [1.0, 0.0]
    assert choose_threshold(odds, [True] * 14 + [False] * 2, [1.0] * 16) == {"named": 0.125}
    assert choose_threshold(odds, [True] * 13 + [False] * 3, [1.0] * 16) == {"named": 3.0}
