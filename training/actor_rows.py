"""Pairs to learn from: annotated strikes with each party that the article names."""

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from training.analysed import Analysed, AnnotatedStrike
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.learned.actor_features import actor_pairs
from transforms.nlp.learned.said import said_in
from transforms.nlp.learned.units import Unit
from transforms.nlp.party_names import actor_names

MIN_PRECISION = 0.93
"""So many of the named attackers must be right: a wrong name is worse than none."""
_GRID = tuple(n / 8 for n in range(-8, 25))
_FORCES = frozenset(
    "the al el armed air defence defense force forces army military troops junta government regime".split()
)
"""Words of a name that do not tell one party from another."""


def actor_rows(
    article: Analysed, units: Sequence[Unit], strikes: Sequence[AnnotatedStrike], gazetteer: Gazetteer
) -> Iterator[tuple[int, str, PairRow]]:
    """Yield number of the strike, name of the party and row of each pair of an article.

    Args:
        article: to learn from.
        units: its strikes with their scenes.
        strikes: the annotation of each unit.
        gazetteer: for neighbouring countries.
    """
    pack = load_pack("en")
    said = said_in(article.context, units, pack)
    weight = weight_of_folder(article.article.folder)
    for number, (unit, strike) in enumerate(zip(units, strikes, strict=True)):
        pairs = actor_pairs(unit, said.parties, said.weapons, said.nearness, gazetteer, pack)
        for name, (pair, _) in pairs.items():
            label = int(is_same_party(name, strike.gold.attacker, pack))
            yield number, name, PairRow(article.name, article.fold, label, weight, pair.names, pair.numbers)


def is_same_party(name: str | None, gold: str | None, pack: LanguagePack) -> bool:
    """Return whether two names mean one party: "Syrian government" is Syria, "al-Shabab" al-Shabaab.

    An annotation may keep the words of the text where the country says whom they mean: "coalition" is NATO
    in Afghanistan.
    """
    if name is None or gold is None:
        return False
    if any(words.get(gold.lower()) == name for words in pack.parties["in_country"].values()):
        return True
    return _folded(name, pack) == _folded(gold, pack)


def _folded(name: str, pack: LanguagePack) -> str:
    text = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z]+", text) if word not in _FORCES]
    folded = " ".join(words)
    for code, state in actor_names(pack).items():
        if folded in (*pack.countries[code]["names"][:1], *pack.countries[code]["demonyms"]):
            return state.lower()
    for party, phrases in pack.parties["parties"].items():
        if name.lower() in (party.lower(), *phrases):
            return str(party).lower()
    return folded.replace("shabab", "shabaab")


def choose_threshold(
    odds: Sequence[float], is_right: Sequence[bool], weights: Sequence[float]
) -> dict[str, float]:
    """Return the lowest threshold with which enough of the named attackers are right, out of fold.

    Args:
        odds: of the likeliest party of each strike.
        is_right: whether it is the annotated one.
        weights: of each strike.
    """
    for least in _GRID:
        said = [n for n, value in enumerate(odds) if value >= least]
        right = sum(weights[n] for n in said if is_right[n])
        if said and right >= MIN_PRECISION * sum(weights[n] for n in said):
            return {"named": least}
    return {"named": _GRID[-1]}
