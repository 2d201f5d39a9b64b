"""The confidence in a report: fits it to reports that no weights saw, and measures it.

The label of a report is whether all its core fields are right: place and date as in ``figures``, killed,
family of the weapon and, where the report names one, the actor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY, Weapon
from training.actor_rows import is_same_party
from training.analysed import Analysed
from training.corpus import Gold
from training.figures import match
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.learned.confidence import (
    FORMAT,
    ConfidenceModel,
    confidence_features,
    read_confidence_model,
)
from transforms.nlp.learned.encoder import Encoder
from transforms.nlp.learned.models import Models
from transforms.nlp.learned.reader import Reader
from transforms.nlp.learned.strikes import decide_strikes
from transforms.nlp.learned.struck import judge_places
from transforms.nlp.report_writer import ReportWriter

_REGULARISATION = 0.05
"""Of inverse penalties the one with the least log loss on reports whose articles the model did not see."""
_FARTHEST = 4.0
PARTS = 5
"""The model is measured on each part of the articles with weights that were fitted on the others."""
DIVISIONS = 10
"""The error is the mean over so many divisions into parts: with one it is .03 more or less by chance."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A report that no weights saw. ``article``: the number of its article. ``numbers``: its features."""

    article: int
    numbers: dict[str, float]
    is_right: bool


def judge_articles(
    articles: Iterable[Analysed], models: Models, gazetteer: Gazetteer, encoder: Encoder
) -> list[Judged]:
    """Return the reports of articles that neither the models nor the encoder saw, each with whether it is
    right."""
    pack, judged = load_pack("en"), []
    for number, article in enumerate(articles):
        reader = Reader(encoder, models.counts.numbers, pack)
        context = article.context
        verdicts = judge_places(context, gazetteer, models.places, reader)
        strikes = decide_strikes(context, verdicts, article.published, gazetteer, pack, models)
        reports = ReportWriter(article.record, context.findings, pack, "left out").reports(strikes)
        golds = {id(report): gold for report, gold in match(reports, article.article.golds, gazetteer)}
        for strike, report in zip(strikes, reports, strict=True):
            gold = golds.get(id(report))
            is_right = gold is not None and has_core_fields(report, gold, pack)
            judged.append(Judged(number, confidence_features(strike, strikes), is_right))
    return judged


def has_core_fields(report: Report, gold: Gold, pack: LanguagePack) -> bool:
    """Return whether a report that has place and date of a strike has its other core fields too."""
    families = {WEAPON_FAMILY[Weapon(report.weapon)], WEAPON_FAMILY[Weapon(gold.weapon)]}
    is_actor = report.actor is None or is_same_party(report.actor, gold.attacker, pack)
    return report.fatalities_low == gold.killed[0] and len(families) == 1 and is_actor


def fit_confidence(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the weights of the model."""
    names = sorted(judged[0].numbers)
    rows = np.array([[j.numbers[name] for name in names] for j in judged])
    means, deviations = rows.mean(axis=0), rows.std(axis=0)
    deviations[deviations == 0] = 1.0
    scaled = np.clip((rows - means) / deviations, -_FARTHEST, _FARTHEST)
    model = LogisticRegression(C=_REGULARISATION, max_iter=5000)
    model.fit(scaled, np.array([j.is_right for j in judged]))
    features = {
        name: [round(float(value), 4) for value in values]
        for name, *values in zip(names, means, deviations, model.coef_[0], strict=True)
    }
    return {"format": FORMAT, "intercept": round(float(model.intercept_[0]), 4), "features": features}


def out_of_part(judged: Sequence[Judged], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return for each report the confidence by weights that did not see its article, and whether it is
    right."""
    part_of = np.random.default_rng(seed).integers(0, PARTS, 1 + max(j.article for j in judged))
    said = np.zeros(len(judged))
    for part in range(PARTS):
        model = read_confidence_model(fit_confidence([j for j in judged if part_of[j.article] != part]))
        for n, own in enumerate(judged):
            if part_of[own.article] == part:
                said[n] = model.confidence(own.numbers)
    return said, np.array([j.is_right for j in judged], float)


def said_of(model: ConfidenceModel, judged: Sequence[Judged]) -> tuple[np.ndarray, np.ndarray]:
    """Return the confidence of each report by a model, and whether it is right."""
    return np.array([model.confidence(j.numbers) for j in judged]), np.array(
        [j.is_right for j in judged], float
    )


def calibration_error(said: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Return the expected calibration error over bins that hold equally many reports."""
    parts = np.array_split(np.argsort(said, kind="stable"), bins)
    return float(sum(len(p) / len(said) * abs(said[p].mean() - right[p].mean()) for p in parts if len(p)))


def reliability(said: np.ndarray, right: np.ndarray) -> list[tuple[float, int, float, float]]:
    """Return the reliability curve: of each tenth the lower end, reports, mean confidence and share right."""
    curve = []
    for lower in np.arange(0, 1, 0.1):
        inside = (said >= lower) & (said < lower + 0.1)
        if inside.any():
            curve.append(
                (float(lower), int(inside.sum()), float(said[inside].mean()), float(right[inside].mean()))
            )
    return curve


def calibration_of(judged: Sequence[Judged]) -> str:
    """Return the calibration error and the reliability curve out of part, for a person."""
    errors = [calibration_error(*out_of_part(judged, seed)) for seed in range(DIVISIONS)]
    said, right = out_of_part(judged)
    curve = "\n".join(
        f"{lower:.1f}: {n:4} reports, said {mean:.2f}, right {share:.2f}"
        for lower, n, mean, share in reliability(said, right)
    )
    mean = sum(errors) / len(errors)
    return f"expected calibration error {mean:.3f} ({min(errors):.3f} to {max(errors):.3f})\n{curve}"
