"""What a strike hit: the words that may mean it, what the rules say of them, and the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from read_strikes import read_strikes

from training.pair_rows import PairRow
from training.target_rows import choose_target_threshold
from transforms.nlp.language import load_pack
from transforms.nlp.learned.models import packaged_models
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.target_candidates import target_words
from transforms.nlp.learned.targets_of_units import target_pairs_of, targets_of

PACK = load_pack("en")


@dataclass(frozen=True)
class ByRule:
    """Stands for the model: what the rule takes is a target."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {"target": 1.0})

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        return [p.numbers["by_rule"] for p in pairs]

    def reasons(self, pair: Pair) -> tuple[tuple[str, float], ...]:
        return (("by_rule", pair.numbers["by_rule"]),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A drone hit a mosque in Sumy.", {"worship": "mosque"}),
        ("Three policemen died in Sumy.", {"government": "policemen"}),
        ("They hit a military hospital in Sumy.", {"hospital": "military hospital", "military": "military hospital"}),
        ("Two worshippers were hurt near the mosque in Sumy.", {"worship": "worshippers"}),
        ("The House of Representatives met about Sumy.", {}),
    ],
)  # fmt: skip
def test_words_for_each_class_that_they_may_mean(text: str, words: dict[str, str]) -> None:
    context, _ = read_strikes(text)
    said = [(w.value, context.findings.text[w.start : w.end]) for w in target_words(context, PACK)]
    found = {value: word for value, word in reversed(said) if value in words or not words}
    assert found == words


def _by_rule(text: str) -> dict[str, set[str]]:
    context, units = read_strikes(text)
    found = targets_of(units, context, PACK, ByRule())  # type: ignore[arg-type]
    return {u.candidate.place.name: {t.value for t in own} for u, own in zip(units, found, strict=True)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A missile hit a school in Sumy.", {"school"}),
        ("A missile hit Sumy. The market lay in ruins.", {"market"}),
        ("A missile hit Sumy. Two people were treated in a hospital.", set()),
        ("A missile hit Sumy. The wounded were taken to hospital.", set()),
        ("Sumy mourns. A missile hit homes there on Tuesday.", {"residential"}),
    ],
)
def test_what_the_rule_takes(text: str, expected: set[str]) -> None:
    assert _by_rule(text) == {"Sumy": expected}


def test_a_place_that_only_the_headline_names_has_the_targets_of_the_body() -> None:
    text = "Sumy counts its dead\nA missile hit the teaching block of the institute on Tuesday, the governor said."
    assert _by_rule(text) == {"Sumy": {"school"}}


def test_of_two_strikes_each_has_the_class_that_stands_beside_it() -> None:
    text = (
        "A drone hit a mosque in Sumy on Monday, killing two worshippers. "
        "In Kharkiv a missile destroyed an oil refinery, the governor said."
    )
    context, units = read_strikes(text)
    found = targets_of(units, context, PACK, packaged_models().targets)
    own = {u.candidate.place.name: [t.value for t in ts] for u, ts in zip(units, found, strict=True)}
    assert own == {"Sumy": ["worship"], "Kharkiv": ["energy"]}


def test_each_target_has_its_words_its_probability_and_its_reasons() -> None:
    text = "A Russian missile hit a kindergarten in Sumy on Monday, killing two people."
    context, units = read_strikes(text)
    ((found,),) = targets_of(units, context, PACK, packaged_models().targets)
    assert (found.value, context.findings.text[found.start : found.end]) == ("school", "kindergarten")
    assert found.probability > 0.5
    assert found.reasons


def test_a_text_that_says_nothing_of_targets_has_none() -> None:
    context, units = read_strikes("A missile hit Kharkiv on Monday.")
    assert target_pairs_of(units, context, PACK) == [{}]
    assert targets_of(units, context, PACK, packaged_models().targets) == [()]


def test_the_threshold_has_the_highest_f1_of_real_and_written_articles() -> None:
    def row(article: str, label: int, weight: float) -> PairRow:
        return PairRow(article, 0, label, weight, {}, {})

    rows = [
        row("real-train/1", 1, 3.0),
        row("real-train/1", 0, 3.0),
        row("own/1", 1, 1.0),
        row("own/1", 0, 1.0),
    ]
    found = choose_target_threshold([0.9, 0.2, 0.6, -0.5], rows, {"real-train/1": 1, "own/1": 1})
    assert found == {"target": 0.5}
