"""The weapon of a strike: the words that may mean it, their features, and the choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from read_strikes import read_strikes

from schemas.vocabulary import Weapon
from training.weapon_rows import choose_thresholds, weapon_label
from transforms.nlp.language import load_pack
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.said import said_in
from transforms.nlp.learned.weapon_candidates import weapon_words
from transforms.nlp.learned.weapon_features import weapon_pairs
from transforms.nlp.learned.weapons_of_units import chosen_kind, weapons_of
from transforms.nlp.phrase_table import PhraseTable

PACK = load_pack("en")


@dataclass(frozen=True)
class Nearest:
    """Stands for the model: the nearer a word that names the kind, the likelier."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {"known": -10.0, "mixed": 0.0})

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        return [p.numbers["is_mixed"] - p.numbers["named"] / 10 for p in pairs]

    def reasons(self, pair: Pair) -> tuple[tuple[str, float], ...]:
        return (("named", pair.numbers["named"]),)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Warplanes raided Idlib.", {"air"}),
        ("A bomb killed two in Idlib.", {"air", "mine"}),
        ("A car bomb killed two in Idlib.", {"mine"}),
        ("Kh-101s and X 101 fell on Lutsk.", {"missile"}),
        ("A coal mine near Lutsk; the tanks of a refinery; an aircraft carrier.", {"artillery"}),
    ],
)
def test_a_word_has_each_kind_that_it_may_mean(text: str, kinds: set[str]) -> None:
    context, _ = read_strikes(text)
    assert {w.kind for w in weapon_words(context, PACK)} == kinds


def test_a_phrase_is_found_in_each_spelling_and_the_longest_wins() -> None:
    table: PhraseTable[str] = PhraseTable()
    table.add(["kh-101"], "model")
    table.add(["bomb"], "bomb")
    table.add(["bomb squad"], "squad")
    found = [m for _, _, m in table.find("Kh-101, KH 101, kh101; a bomb. A bomb squad\nbomb\nsquad")]
    assert found == [("model",)] * 3 + [("bomb",), ("squad",), ("bomb",)]


def test_a_weapon_belongs_to_the_strike_that_it_stands_beside() -> None:
    context, units = read_strikes(
        "A drone hit Kherson on Monday. In Odesa a ballistic missile killed two, an Iskander."
    )
    chosen = dict(
        zip(
            (u.candidate.place.name for u in units),
            weapons_of(units, said_in(context, units, PACK), Nearest()),
            strict=True,
        )
    )
    assert chosen["Kherson"].value == Weapon.DRONE
    assert chosen["Odesa"].value == Weapon.BALLISTIC_MISSILE
    assert chosen["Odesa"].model == "Iskander"
    assert context.findings.text[chosen["Kherson"].start : chosen["Kherson"].end] == "drone"
    assert chosen["Kherson"].reasons


def test_two_weapons_named_together_are_mixed_and_none_is_unknown() -> None:
    context, units = read_strikes("Rockets and drones hit Kherson on Monday.")
    assert weapons_of(units, said_in(context, units, PACK), Nearest())[0].value == Weapon.MIXED
    assert (
        weapons_of(units, said_in(context, units, PACK), Nearest({"known": 5.0, "mixed": 5.0}))[0].value
        == Weapon.UNKNOWN
    )
    context, units = read_strikes("Two people died in Kherson on Monday.")
    assert weapons_of(units, said_in(context, units, PACK), Nearest())[0].value == Weapon.UNKNOWN


@pytest.mark.parametrize(
    ("text", "is_cluster"),
    [
        ("On Monday warplanes dropped cluster bombs on Sumy and killed six people.", True),
        ("A jet struck Sumy with cluster munitions on Monday, killing six people.", True),
        ("On Monday a missile with cluster munitions hit Sumy and killed six people.", False),
        ("On Monday jets bombed Sumy, killing six people, and dropped cluster bombs near Konotop.", False),
    ],
)
def test_cluster_munitions_are_the_weapon_whatever_dropped_them(text: str, is_cluster: bool) -> None:
    context, units = read_strikes(text)
    said = said_in(context, units, PACK)
    own = next(n for n, unit in enumerate(units) if unit.candidate.place.name == "Sumy")
    chosen = weapons_of(units, said, Nearest())[own].value  # type: ignore[arg-type]
    assert (chosen == Weapon.CLUSTER_MUNITION) is is_cluster


def test_cluster_munitions_are_not_those_of_a_farther_town() -> None:
    context, units = read_strikes("Jets bombed Sumy and dropped cluster bombs near Konotop.")
    units = [unit for unit in units if unit.candidate.place.name == "Sumy"]
    (chosen,) = weapons_of(units, said_in(context, units, PACK), Nearest())  # type: ignore[arg-type]
    assert chosen.value != Weapon.CLUSTER_MUNITION


def test_features_tell_own_words_from_those_of_another_strike() -> None:
    context, units = read_strikes("A drone hit Kherson on Monday. Rockets hit Odesa, the mayor said.")
    kherson = next(u for u in units if u.candidate.place.name == "Kherson")
    pairs = weapon_pairs(kherson, weapon_words(context, PACK), Nearness(context, units))
    (drone, word), (rocket, _) = pairs["drone"], pairs["rocket"]
    assert drone.numbers["named"] < rocket.numbers["named"]
    assert (drone.numbers["named.of_others"], rocket.numbers["named.of_others"]) == (0.0, 1.0)
    assert "drone|near=drone" in drone.names
    assert "rocket|near=rockets" not in rocket.names
    assert not any("kherson" in n.lower() for n in (*drone.names, *rocket.names))
    assert word.value == "drone"


@pytest.mark.parametrize(
    ("kind", "gold", "spoken", "expected"),
    [
        ("air", Weapon.GUIDED_BOMB, (), 1),
        ("mine", Weapon.AIRSTRIKE, (), 0),
        ("mine", Weapon.UNKNOWN, (), 0),
        ("drone", Weapon.MIXED, ("drone", "missile"), -1),
        ("mixed", Weapon.MIXED, ("drone", "missile"), 1),
        ("air", Weapon.MIXED, ("drone",), 0),
        ("missile", Weapon.CLUSTER_MUNITION, (), -1),
    ],
)
def test_labels_follow_the_annotation(
    kind: str, gold: Weapon, spoken: tuple[str, ...], expected: int
) -> None:
    assert weapon_label(kind, gold, spoken) == expected


def test_thresholds_are_those_with_the_most_right() -> None:
    odds = [{"air": 2.0, "mine": -1.0}, {"air": 0.4}, {"drone": 1.0, "mixed": -1.0}, {"mixed": -3.0}]
    golds = [Weapon.AIRSTRIKE, Weapon.UNKNOWN, Weapon.MIXED, Weapon.UNKNOWN]
    thresholds = choose_thresholds(odds, golds, [1.0] * 4)
    assert [chosen_kind(o, thresholds) for o in odds] == ["air", "unknown", "mixed", "unknown"]
    assert chosen_kind({}, thresholds) == "unknown"


def test_many_written_strikes_do_not_outvote_the_real_ones() -> None:
    real, written = {"air": 0.0}, {"air": 0.5}
    golds = [Weapon.AIRSTRIKE, *[Weapon.UNKNOWN] * 3, *[Weapon.AIRSTRIKE] * 3]
    thresholds = choose_thresholds([real, *[real] * 3, *[written] * 3], golds, [1.0, *[1.0] * 3, *[3.0] * 3])
    assert chosen_kind(real, thresholds) == "unknown"
    assert chosen_kind(written, thresholds) == "air"
    golds = [*[Weapon.AIRSTRIKE] * 2, *[Weapon.UNKNOWN] * 10, Weapon.AIRSTRIKE]
    thresholds = choose_thresholds([real] * 13, golds, [*[3.0] * 2, *[1.0] * 11])
    assert chosen_kind(real, thresholds) == "air"
