"""Learn all models from annotated articles: their rows, their thresholds, and the weights."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from schemas.vocabulary import Weapon
from training import actor_rows as actors
from training import main_rows as mains
from training import target_rows as targets
from training import weapon_rows as weapons
from training.analysed import Analysed
from training.count_articles import count_articles
from training.date_rows import DateRows, date_rows
from training.fit import fit_weights
from training.fit_counts import Stages, count_thresholds, fit_counts, stages_left_out
from training.fit_pairs import Settings, fit_pairs, odds_left_out
from training.pair_rows import PairRow, weight_of_folder
from training.place_rows import features_of, place_rows
from training.thresholds import choose_thresholds
from training.twin_rows import TwinRows, choose_twin_threshold, twin_rows
from training.units import annotated_units
from training.whereabouts_rows import Found, WhereaboutsRows, whereabouts_threshold
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import load_pack
from transforms.nlp.learned.model import read_model
from transforms.nlp.learned.pair_model import read_pair_model
from transforms.nlp.learned.twin_features import Key

Weights = dict[str, Any]
_OF_TARGETS = Settings(linear_c=0.3)
"""Words for targets are many, and each is rare: with the penalty of the others the linear part learns few."""


@dataclass(slots=True)
class Rows:
    """All rows of all articles. ``odds``: of each mention of each candidate, by article, out of fold."""

    places: list[dict[str, Any]]
    probabilities: np.ndarray[Any, Any]
    odds: dict[str, list[tuple[float, ...]]]
    dates: list[DateRows] = field(default_factory=list)
    twins: list[TwinRows] = field(default_factory=list)
    counts: Stages | None = None
    weapons: list[tuple[int, str, PairRow]] = field(default_factory=list)
    weapon_golds: dict[tuple[str, int], Weapon] = field(default_factory=dict)
    actors: list[tuple[int, str, PairRow]] = field(default_factory=list)
    targets: list[PairRow] = field(default_factory=list)
    annotated_targets: dict[str, int] = field(default_factory=dict)
    main: list[PairRow] = field(default_factory=list)
    whereabouts: dict[str, list[Found]] = field(default_factory=lambda: {"spots": [], "times": []})

    @property
    def date_pairs(self) -> list[PairRow]:
        """Return the rows of all places with their dates."""
        return [row for place in self.dates for row in place.rows]

    @property
    def stages(self) -> Stages:
        """Return the three parts of the model of counts."""
        if self.counts is None:
            raise ValueError("collect_pairs comes first")
        return self.counts


def learn_places(articles: Sequence[Analysed], gazetteer: Gazetteer) -> tuple[Rows, dict[int, Weights]]:
    """Return the rows of places with their probabilities out of fold, and the weights without each fold."""
    rows = list(place_rows(articles, gazetteer))
    by_article: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by_article.setdefault(f"{row['folder']}/{row['article']}", []).append(number)
    found = np.zeros(len(rows))
    odds: dict[str, list[tuple[float, ...]]] = {}
    without = {}
    for fold in sorted({a.fold for a in articles}):
        without[fold] = fit_weights([r for r in rows if r["fold"] != fold])
        model = read_model(without[fold])
        for article in articles:
            numbers = by_article.get(article.name, []) if article.fold == fold else []
            own = [rows[n] for n in numbers]
            judged = model.judge([features_of(r) for r in own])
            found[numbers] = [j.probability for j in judged]
            if own:
                odds[article.name] = [j.mention_scores for j in judged]
    return Rows(rows, found, odds), without


def collect_pairs(rows: Rows, articles: Sequence[Analysed], gazetteer: Gazetteer) -> None:
    """Add the rows of pairs: annotated strikes with each thing that may be theirs, and alone."""
    pack = load_pack("en")
    rows.dates = list(date_rows(articles, lambda a, n: rows.odds[a.name][n], gazetteer))
    by_fold = {
        fold: read_pair_model(fit_pairs([r for r in rows.date_pairs if r.fold != fold], {}))
        for fold in sorted({a.fold for a in articles})
    }
    rows.twins = list(
        twin_rows(articles, lambda a, n: rows.odds[a.name][n], lambda a: by_fold[a.fold], gazetteer)
    )
    with_units = []
    annotated = WhereaboutsRows()
    for article in articles:
        units, strikes = annotated_units(article, rows.odds.get(article.name, []))
        if not units:
            continue
        with_units.append((replace(article, strikes=strikes), units))  # in the order of the units
        rows.weapons += weapons.weapon_rows(article, units, strikes)
        rows.actors += actors.actor_rows(article, units, strikes, gazetteer)
        if article.article.folder not in targets.WITHOUT_TARGETS:
            rows.targets += targets.target_rows(article, units, strikes)
            rows.annotated_targets[article.name] = sum(len(s.gold.targets) for s in strikes)
        rows.main += mains.main_rows(article, units, strikes)
        for name, found in annotated.rows(article, units, strikes):
            rows.whereabouts[name].append(found)
        rows.weapon_golds.update({(article.name, n): Weapon(s.gold.weapon) for n, s in enumerate(strikes)})
    rows.counts = stages_left_out(list(count_articles(with_units, gazetteer, pack)))


def thresholds_of(rows: Rows) -> dict[str, Mapping[str, float]]:
    """Return the thresholds of each model, chosen on log-odds out of fold."""

    def by_fold(row: PairRow) -> str:
        return str(row.fold)

    return {
        "places": choose_thresholds(rows.places, rows.probabilities),
        "dates": {},
        "twins": choose_twin_threshold(rows.twins, twin_odds(rows)),
        "counts": count_thresholds(rows.stages),
        "weapons": _weapon_thresholds(rows, odds_left_out([r for _, _, r in rows.weapons], by_fold)),
        "actors": _actor_thresholds(rows, odds_left_out([r for _, _, r in rows.actors], by_fold)),
        "targets": targets.choose_target_threshold(
            odds_left_out(rows.targets, by_fold, _OF_TARGETS), rows.targets, rows.annotated_targets
        ),
        "main": mains.choose_main_threshold(odds_left_out(rows.main, by_fold), rows.main),
        **{name: whereabouts_threshold(name, found, by_fold) for name, found in rows.whereabouts.items()},
    }


def twin_odds(rows: Rows) -> list[dict[Key, float]]:
    """Return the log-odds of each two scenes of each place, by weights that did not see their fold."""
    flat = [row for place in rows.twins for row in place.rows]
    odds = iter(odds_left_out(flat, lambda row: str(row.fold)))
    return [{key: next(odds) for key in place.keys} for place in rows.twins]


def _weapon_thresholds(rows: Rows, odds: Sequence[float]) -> dict[str, float]:
    by_unit: dict[tuple[str, int], dict[str, float]] = {key: {} for key in rows.weapon_golds}
    for (number, kind, row), value in zip(rows.weapons, odds, strict=True):
        by_unit[row.article, number][kind] = value
    weights = [weight_of_folder(name.partition("/")[0]) for name, _ in by_unit]
    golds = [rows.weapon_golds[key] for key in by_unit]
    return weapons.choose_thresholds(list(by_unit.values()), golds, weights)


def _actor_thresholds(rows: Rows, odds: Sequence[float]) -> dict[str, float]:
    best: dict[tuple[str, int], tuple[float, bool, float]] = {}
    for (number, _, row), value in zip(rows.actors, odds, strict=True):
        key = (row.article, number)
        best[key] = max(best.get(key, (-99.0, False, 0.0)), (value, row.label == 1, row.weight))
    values, right, weights = zip(*best.values(), strict=True)
    return actors.choose_threshold(values, right, weights)


def fit_all(
    rows: Rows,
    thresholds: Mapping[str, Mapping[str, float]],
    is_used: Callable[[PairRow], bool] = lambda _: True,
) -> dict[str, Weights]:
    """Return the weights of all models of pairs, fitted on the rows that are used."""

    def used(pairs: Iterable[PairRow]) -> list[PairRow]:
        return [r for r in pairs if is_used(r)]

    return {
        "dates": fit_pairs(used(rows.date_pairs), thresholds["dates"]),
        "twins": fit_pairs(used(r for place in rows.twins for r in place.rows), thresholds["twins"]),
        "counts": fit_counts(rows.stages, thresholds["counts"], is_used),
        "weapons": fit_pairs(used(r for _, _, r in rows.weapons), thresholds["weapons"]),
        "actors": fit_pairs(used(r for _, _, r in rows.actors), thresholds["actors"]),
        "targets": fit_pairs(used(rows.targets), thresholds["targets"], _OF_TARGETS),
        "main": fit_pairs(used(rows.main), thresholds["main"]),
        **{
            name: fit_pairs(used(row for _, _, row in found), thresholds[name])
            for name, found in rows.whereabouts.items()
        },
    }
