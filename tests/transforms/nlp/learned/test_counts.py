"""The tolls of strikes: the numbers that may be one, their features, and which strike gets which."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from transforms.nlp.counts import Count
from transforms.nlp.language import load_pack
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.children import children_of
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import CountsFound, find_count_candidates
from transforms.nlp.learned.count_features import number_features
from transforms.nlp.learned.count_model import CountModel, TollValue, assign, toll_values, whole_pairs
from transforms.nlp.learned.count_pairs import count_pairs
from transforms.nlp.learned.counts_of_units import may_be_toll
from transforms.nlp.learned.pair_model import Pair
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.times import Interval

PUBLISHED = dt.datetime(2025, 5, 20, 12, tzinfo=dt.UTC)
MONDAY = Interval(dt.date(2025, 5, 19), dt.date(2025, 5, 19), 1)
PACK = load_pack("en")


def read(text: str, title: str = "") -> Context:
    """Return a document as the features read it."""
    (doc,) = read_documents([(title, text, Publication(PUBLISHED))])
    return Context(doc, doc._.findings, PUBLISHED)


def found_in(context: Context) -> CountsFound:
    return find_count_candidates(context, PACK)


def units_of(context: Context) -> list[Unit]:
    return [Unit(c, c.mentions, MONDAY) for c in find_candidates(context.findings.places)]


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("A missile hit Dnipro on Monday and killed six people.", "killed", 6, 6),
        ("A missile hit Dnipro. Another 12 were flown out with burns.", "injured", 12, 12),
        ("A missile hit Dnipro and killed between three and six people.", "killed", 3, 6),
        ("A missile hit Dnipro and killed 10 or 11 people.", "killed", 10, 11),
        ("A missile hit Dnipro, killing a number of people.", "killed", 2, None),
        ("A missile killed multiple gunmen in Raqqa.", "killed", 2, None),
        ("Other crew members were wounded in Odesa.", "injured", 2, None),
        ("A district chief was killed in Kandahar.", "killed", 1, 1),
        ("Two officers off duty and three other traders were killed in Kandahar.", "killed", 5, 5),
        ("A drone killed four pupils waiting for a bus and the driver in Kupiansk.", "killed", 5, 5),
        (
            "The blast killed two engineers repairing the line and two policemen guarding them in Mosul.",
            "killed",
            4,
            4,
        ),
        ("The mine killed the pharmacist Iryna Melnyk and her sister.", "killed", 2, 2),
        ("In early December nine soldiers died near Bilanga.", "killed", 9, 9),
        ("In August five merchants had been killed by a mine in Bourzanga.", "killed", 5, 5),
        ("In May 12 people died in Goma.", "killed", 12, 12),
        ("A mine killed seven day labourers in Gereshk.", "killed", 7, 7),
        ("A bomb killed 17 in Alamata while upward of 40 were injured.", "injured", 41, None),
        ("Nine are dead in Kizlyar; above forty wounded.", "injured", 41, None),
        ("A missile in Kharkiv killed an orderly and two schoolgirls.", "killed", 3, 3),
        (
            "Two cooks, a soldier of the interior ministry and a petitioner were killed in Grozny.",
            "killed",
            4,
            4,
        ),
        ("A drone hit Kharkiv; a midwife, a pharmacist and their guard lost their lives.", "killed", 3, 3),
        ("A tea seller named Habiba and both her sons were killed in Baidoa.", "killed", 3, 3),
        (
            "Khodr Zaaiter (45), his wife Suad (41) and their children Jawad (12) and Mira (4) died in Tyre.",
            "killed",
            4,
            4,
        ),
        ("A shell in Taiz killed a farmer, his daughter-in-law and a hired hand.", "killed", 3, 3),
        ("Ansi was killed along with several others in Mukalla.", "killed", 4, None),
        ("Two entire families--30 people--were killed in Charikar.", "killed", 30, 30),
        ("Shrapnel sliced into his back in Baghdad, killing him.", "killed", 1, 1),
        ("A mine in Khost: 2x ANP KIA, 7x LN WIA.", "injured", 7, 7),
        ("Rockets fell on Hays. Casualties: nil.", "killed", 0, 0),
        ("A drone hit a van in Orikhiv, everyone safe.", "injured", 0, 0),
        ("Neither dead nor injured were reported in Nikopol.", "killed", 0, 0),
        ("Rockets fell on Nubl, causing material damage only.", "injured", 0, 0),
        ("A drone hit Nikopol; the driver escaped unhurt.", "injured", 0, 0),
    ],
)
def test_what_may_be_a_toll(text: str, kind: str, low: int, high: int | None) -> None:
    found = found_in(read(text)).candidates
    assert (kind, low, high) in {(c.kind, c.low, c.count.high) for c in found}


def test_an_age_is_no_candidate() -> None:
    found = found_in(read("Taras Melnyk (47) was killed in Kherson. A man, 52, was wounded.")).candidates
    assert not {47, 52} & {c.low for c in found}


def test_a_headcount_that_is_told_again_by_name_is_not_added() -> None:
    found = found_in(
        read("Two children, a boy of eight and a girl of six, were killed in Kherson.")
    ).candidates
    assert 4 not in {c.low for c in found}


def test_words_of_a_number_are_features_without_names() -> None:
    context = read("A missile hit Dnipro on Monday, killing at least 14 people, said Taras Melnyk.")
    found = found_in(context)
    (features,) = (
        f
        for c, f in zip(found.candidates, number_features(found, context, PACK), strict=True)
        if (c.kind, c.low) == ("killed", 14)
    )
    assert {"k:-1=killing", "k:+1=people", "k:noun=person", "rule=k:2"} <= features.names.keys()
    assert not any(name in " ".join(features.names).lower() for name in ("dnipro", "taras", "melnyk"))
    assert features.numbers["rule"] == 2
    assert features.numbers["own_before"] < features.numbers["other_before"]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Some 4,000 people have been killed in Kherson since the war began.", "cumulative_toll"),
        ("Gunmen killed 40 people in Kherson.", "other_event"),
        ("The blast in Kherson left 40 people killed or wounded.", "joint_toll"),
        ("The toll in Kherson has risen to 40.", "newer_toll"),
        ("Officials in Kherson had first spoken of 40 dead, initially.", "older_toll"),
        ("The blast killed Taras and, among them, 40 people in Kherson.", "partial_toll"),
    ],
)
def test_cues_of_other_tolls_are_numbers(text: str, cue: str) -> None:
    context = read(text)
    found = found_in(context)
    assert all(f.numbers[cue] == 1 for f in number_features(found, context, PACK))


def test_a_number_stands_nearer_to_its_own_strike() -> None:
    context = read("A drone killed six people in Kherson on Monday. On Friday shells killed nine in Nikopol.")
    units, candidates = units_of(context), found_in(context).candidates
    pairs = count_pairs(units, [PUBLISHED, PUBLISHED], candidates, context)
    six, nine = (
        next(n for n, c in enumerate(candidates) if (c.kind, c.low) == ("killed", low)) for low in (6, 9)
    )
    assert pairs[0, six].numbers["distance"] < pairs[1, six].numbers["distance"]
    assert pairs[0, six].numbers["next_scene_own"] == 1
    assert pairs[0, six].numbers["time_agrees"] == 1
    assert pairs[0, nine].numbers["time_contradicts"] == 1
    assert pairs[1, nine].numbers["sentence_own"] == 1
    assert pairs[0, nine].numbers["nearer_units"] == 1


@dataclass(frozen=True)
class At:
    """A number at characters of one sentence."""

    kind: str
    low: int
    start: int
    end: int
    sentence: int = 0


SIX, NINE, SAME_SIX, NOBODY = (
    At("killed", 6, 0, 3),
    At("killed", 9, 10, 14),
    At("injured", 6, 0, 3),
    At("killed", 0, 20, 26),
)
EVEN = {"killed": 0.5, "injured": 0.5}


def chosen_with(
    candidates: Sequence[At], odds: Mapping[tuple[int, int], float], thresholds: Mapping[str, float] = EVEN
) -> dict[tuple[int, str], int]:
    """Return the number of each strike and kind, where the odds of a value are those of its number."""
    pairs = {key: Pair({}, {"distance": 1.0}) for key in odds}
    values = toll_values(candidates, odds, pairs)
    sure = [max(odds[v.unit, c] for c in v.candidates) for v in values]
    found = assign(candidates, odds, values, sure, thresholds)
    return {key: candidates[c.candidate].low for key, c in found.items()}


def test_a_number_belongs_to_one_strike_and_the_other_gets_its_next() -> None:
    odds = {(0, 0): 3.0, (0, 1): -1.0, (1, 0): 2.0, (1, 1): 1.0}
    assert chosen_with([SIX, NINE], odds) == {(0, "killed"): 6, (1, "killed"): 9}


def test_a_number_counts_the_killed_or_the_injured() -> None:
    assert chosen_with([SIX, SAME_SIX], {(0, 0): 3.0, (0, 1): 2.0}) == {(0, "killed"): 6}


def test_nobody_may_speak_of_two_strikes() -> None:
    assert chosen_with([NOBODY], {(0, 0): 1.0, (1, 0): 2.0}) == {(0, "killed"): 0, (1, "killed"): 0}


def test_below_the_threshold_there_is_no_toll() -> None:
    assert chosen_with([SIX], {(0, 0): -0.1}) == {}
    assert chosen_with([SIX], {(0, 0): -0.1}, {"killed": 0.4, "injured": 0.5}) == {(0, "killed"): 6}


class Says:
    """Stands for a model of pairs: it gives the value of one number, or the same to all."""

    thresholds: Mapping[str, float] = EVEN

    def __init__(self, same: float = 0.0, number: str = "") -> None:
        self.same, self.number = same, number

    def score(self, pairs: Sequence[Pair]) -> list[float]:
        return [p.numbers.get(self.number, self.same) for p in pairs]


def test_the_encoder_says_whose_toll_a_number_is() -> None:
    model = CountModel(Says(2.0), Says(0.5), Says(number="value_odds"))  # type: ignore[arg-type]
    nothing = Pair({}, {"distance": 1.0})
    pairs = {(0, 0): nothing, (1, 0): nothing}
    links = {(0, 0): -3.0, (1, 0): 3.0}
    alone = model.choose([SIX], [nothing], pairs)
    with_links = model.choose([SIX], [nothing], pairs, links, share=0.5)
    assert list(alone) == [(0, "killed")]
    assert list(with_links) == [(1, "killed")]
    assert with_links[1, "killed"].odds == pytest.approx((0.5 + 3.0) / 2)


def value(values: Sequence[TollValue], low: int) -> TollValue:
    return next(v for v in values if v.low == low)


def test_a_value_knows_its_rivals_and_the_other_strikes() -> None:
    odds = {(0, 0): 2.0, (0, 1): -1.0, (1, 0): 1.0, (1, 1): 0.0}
    values = toll_values([SIX, NINE], odds, {key: Pair({}, {}) for key in odds})
    numbers = value(values, 6).pair.numbers
    assert (numbers["value_odds"], numbers["value_margin"], numbers["value_larger"]) == (2.0, 3.0, -1.0)
    assert (numbers["value_other_unit"], numbers["value_others_best"], numbers["value_rank"]) == (1.0, 1.0, 0)


def test_a_pair_knows_how_likely_the_other_numbers_are() -> None:
    pairs = {(0, 0): Pair({}, {"distance": 9.0}), (0, 1): Pair({}, {"distance": 2.0})}
    whole = whole_pairs([SIX, NINE], [Pair({}, {"low": 6.0}), Pair({}, {"low": 9.0})], [1.0, 4.0], pairs)
    numbers = whole[0, 0].numbers
    assert (numbers["low"], numbers["number_odds"], numbers["rival_margin"]) == (6.0, 1.0, -3.0)
    assert numbers["best_nearer_rival"] == 4.0
    assert whole[0, 1].numbers["best_nearer_rival"] < 0


@pytest.mark.parametrize(
    ("text", "may_be"),
    [("The war has killed 4,000 people.", False), ("The strike killed 4,000 people.", True)],
)
def test_a_large_number_needs_a_word_of_a_strike(text: str, may_be: bool) -> None:
    context = read(text)
    found = [c for c in found_in(context).candidates if c.kind == "killed" and c.low == 4000]
    assert [may_be_toll(c, context) for c in found] == [may_be]


def test_children_are_those_of_the_same_toll() -> None:
    context = read(
        "A missile killed nine people, three of them children, in Dnipro. Nine people died in the strike."
    )
    findings = context.findings
    second = max((c for c in findings.counts if c.kind == "killed"), key=lambda c: c.start)
    children = children_of("killed", second, (), findings)
    assert children is not None
    assert children.low == 3
    assert children_of("killed", Count("killed", 2, 2, 2, 0, 1), findings.sentences, findings) is None
    assert children_of("killed", None, findings.sentences, findings) is None


def test_children_may_be_counted_in_another_sentence_on_the_strike() -> None:
    findings = read("A missile killed nine people in Dnipro. Three children were killed.").findings
    (nine,) = (c for c in findings.counts if c.kind == "killed" and c.low == 9)
    found = children_of("killed", nine, findings.sentences, findings)
    assert found is not None
    assert found.low == 3
    assert children_of("killed", nine, findings.sentences[:1], findings) is None


@pytest.mark.parametrize(
    "said",
    [
        "He gave no casualties.",
        "The army gave no losses and named no unit.",
        "The statement gives no number of victims.",
        "The ministry released no casualty figures.",
        "Its spokesman provided no toll of dead or injured.",
        "She was giving no count of the wounded.",
        "The mayor would give no number of the dead.",
        "Officials gave no figure for injured.",
    ],
)
def test_what_nobody_gives_is_no_zero(said: str) -> None:
    """Where an official gives no casualties, the article does not say that there were none."""
    found = found_in(read(f"A missile hit the port of Odesa on Monday. {said}"))
    assert [c for c in found.candidates if c.low == 0] == []


def test_a_zero_that_is_given_stays() -> None:
    found = found_in(
        read("A missile hit the port of Odesa on Monday. There were no casualties, the mayor said.")
    )
    assert {c.kind for c in found.candidates if c.low == 0} == {"killed", "injured"}
