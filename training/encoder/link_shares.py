"""How much the encoder counts for tolls and for weapons, chosen on articles that no model saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.count_rows import KINDS, CountArticle
from training.fit_counts import SETTINGS, low_of
from training.fit_pairs import fit_pairs, odds_left_out
from training.learn import Rows
from transforms.nlp.learned.count_model import Key, TollValue, assign, toll_values
from transforms.nlp.learned.pair_model import PairModel, read_pair_model
from transforms.nlp.learned.reading import mean_odds
from transforms.nlp.learned.weapon_candidates import kind_of
from transforms.nlp.learned.weapons_of_units import chosen_kind

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
Name = tuple[str, int]
"""An article with its folder, and the position of a strike in its annotation."""


@dataclass(frozen=True, slots=True)
class Held:
    """Log-odds of the encoder in articles that it did not see.

    ``tolls``: of strike, kind and characters of a number. ``weapons``: of strike and kind.
    """

    tolls: Mapping[tuple[Name, str, int, int], float]
    weapons: Mapping[tuple[Name, str], float]

    @property
    def articles(self) -> set[str]:
        """Return the articles that have a strike and a number or weapon."""
        return {name for (name, _), *_ in self.tolls} | {name for (name, _), _ in self.weapons}


def read_held(links: Sequence[Sequence[Any]]) -> Held:
    """Return the log-odds of the rows that the training wrote."""
    tolls, weapons = {}, {}
    for folder, article, strike, kind, start, end, odds in links:
        name = f"{folder}/{article}", strike
        if kind in KINDS:
            tolls[name, kind, start, end] = odds
        else:
            weapons[name, kind] = odds
    return Held(tolls, weapons)


def toll_share(rows: Rows, thresholds: Mapping[str, float], held: Held) -> float:
    """Return the share with which most strikes have the right toll; of equal ones the least.

    The other models did not see the articles either.
    """
    stages, unseen = rows.stages, held.articles
    known = [r for of_article in stages.value_rows for r in of_article if r.article not in unseen]
    model = read_pair_model(fit_pairs(known, thresholds, SETTINGS["values"]))
    judged = [n for n, a in enumerate(stages.articles) if a.name in unseen]

    def right(share: float) -> int:
        found = 0
        for n in judged:
            article, odds = stages.articles[n], {}
            for key, own in stages.odds[n].items():
                odds[key] = mean_odds(own, held.tolls.get(_named(article, key)), share)
            values = toll_values(article.numbers, odds, stages.whole[n])
            found += _right_tolls(article, odds, values, model)
        return found

    return _best({share: right(share) for share in SHARES}, "tolls")


def _named(article: CountArticle, key: Key) -> tuple[Name, str, int, int]:
    number = article.numbers[key[1]]
    return (article.name, article.annotated[key[0]]), number.kind, number.start, number.end


def _right_tolls(
    article: CountArticle, odds: Mapping[Key, float], values: Sequence[TollValue], model: PairModel
) -> int:
    """Return how many tolls of killed and of injured of an article are right."""
    value_odds = model.score([v.pair for v in values])
    tolls = assign(article.numbers, odds, values, value_odds, model.thresholds)
    return sum(
        low_of(article, tolls, u, kind) == gold.lows.get(kind)
        for u, gold in enumerate(article.golds)
        for kind in KINDS
    )


def weapon_share(rows: Rows, thresholds: Mapping[str, float], held: Held) -> float:
    """Return the share with which most strikes have the right kind of weapon; of equal ones the least."""
    annotated = {a.name: a.annotated for a in rows.stages.articles}
    own = odds_left_out([row for _, _, row in rows.weapons], lambda row: str(row.fold))
    by_unit: dict[tuple[str, int], dict[str, float]] = {}
    for (unit, kind, row), odds in zip(rows.weapons, own, strict=True):
        if row.article in held.articles:
            by_unit.setdefault((row.article, unit), {})[kind] = odds

    def right(share: float) -> int:
        found = 0
        for (article, unit), odds in by_unit.items():
            name = (article, annotated[article][unit])
            mixed = {kind: mean_odds(o, held.weapons.get((name, kind)), share) for kind, o in odds.items()}
            gold = rows.weapon_golds[article, unit]
            found += chosen_kind(mixed, thresholds) == (str(gold) if gold == "unknown" else kind_of(gold))
        return found

    return _best({share: right(share) for share in SHARES}, "weapons")


def _best(right: Mapping[float, int], name: str) -> float:
    for share, found in right.items():
        print(f"{name}: share {share}: {found} right", flush=True)
    return max(right, key=lambda share: (right[share], -share))
