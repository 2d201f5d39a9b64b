"""Reports by weights that did not see the article: ``python -m training.evaluate OUT [NAME ...]``.

Without names, every article is read by weights without its fold; articles on one event share a fold. With
names of folders, the articles of each are read by weights without that folder: a manner that was left out.
The reports are written as JSON lines, a file a folder, for a scorer to read. The encoder saw all folds but
one, so it judges only the articles of that fold; their figures are printed once more, with and without it.

Two things are not left out: thresholds, a number or two a model, and the log-odds of scenes that pairs are
trained with, come from all articles out of fold.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.records import Report
from schemas.rows import record_to_json
from training.analysed import Analysed, analyse_all
from training.corpus import Annotated, read_all, real_folder
from training.figures import Figures, figures_of
from training.fit import fit_weights
from training.learn import Rows, collect_pairs, fit_all, learn_places, thresholds_of
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import load_pack
from transforms.nlp.learned.count_model import read_count_model
from transforms.nlp.learned.encoder import Encoder, packaged_encoder
from transforms.nlp.learned.model import read_model
from transforms.nlp.learned.models import Models
from transforms.nlp.learned.pair_model import read_pair_model
from transforms.nlp.learned.reader import Reader
from transforms.nlp.learned.strikes import decide_strikes
from transforms.nlp.learned.struck import judge_places
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.report_writer import ReportWriter

ENCODER_FOLD = 0
"""The fold that the encoder that ships did not see."""
PAIRS = ("dates", "twins", "weapons", "actors", "targets", "main", "spots", "times")
Weights = dict[str, Any]
Thresholds = Mapping[str, Mapping[str, float]]


def models_of(places: Weights, pairs: Mapping[str, Weights]) -> Models:
    """Return the models of weights."""
    return Models(
        places=read_model(places),
        counts=read_count_model(pairs["counts"]),
        **{name: read_pair_model(pairs[name]) for name in PAIRS},
    )


def report(
    articles: Sequence[Analysed],
    models: Callable[[Analysed], Models],
    gazetteer: Gazetteer,
    out: Path | None = None,
    encoder: Encoder | None = None,
) -> Figures:
    """Print the figures of articles by the models for each, a line a folder, and write the reports.

    Returns:
        The figures of all articles together.
    """
    pack = load_pack("en")
    found: dict[str, list[tuple[Annotated, list[Report]]]] = {}
    for article in articles:
        own, context = models(article), article.context
        reader = Reader(encoder, own.counts.numbers, pack) if encoder is not None else None
        verdicts = judge_places(context, gazetteer, own.places, reader)
        strikes = decide_strikes(context, verdicts, article.published, gazetteer, pack, own)
        reports = ReportWriter(article.record, context.findings, pack, "left out").reports(strikes)
        found.setdefault(article.article.folder, []).append((article.article, reports))
    for folder, of_folder in found.items():
        print(f"{folder:14} {figures_of(of_folder, gazetteer)}", flush=True)
        if out is not None:
            lines = (f"{record_to_json(r)}\n" for _, reports in of_folder for r in reports)
            (out / f"{folder}.jsonl").write_text("".join(lines), "utf-8")
    return figures_of((pair for of_folder in found.values() for pair in of_folder), gazetteer)


def models_by_fold(rows: Rows, places: Mapping[int, Weights], thresholds: Thresholds) -> dict[int, Models]:
    """Return models for each fold that did not see it.

    Args:
        rows: of all articles.
        places: weights of the model of places without each fold.
        thresholds: of all models.
    """
    found = {}
    for fold, weights in places.items():
        pairs = fit_all(rows, thresholds, lambda r, f=fold: r.fold != f)  # type: ignore[misc]
        found[fold] = models_of({**weights, "thresholds": dict(thresholds["places"])}, pairs)
    return found


def main(arguments: list[str]) -> None:
    """Write the reports of all articles, or of the folders left out."""
    out, gazetteer = Path(arguments[0]), open_gazetteer()
    out.mkdir(parents=True, exist_ok=True)
    articles = list(analyse_all(list(read_all(real=real_folder())), gazetteer))
    rows, places = learn_places(articles, gazetteer)
    collect_pairs(rows, articles, gazetteer)
    thresholds = thresholds_of(rows)
    print(f"thresholds {thresholds}", flush=True)
    if len(arguments) == 1:
        by_fold = models_by_fold(rows, places, thresholds)
        report(articles, lambda a: by_fold[a.fold], gazetteer, out)
        unseen = [a for a in articles if a.fold == ENCODER_FOLD]
        for name, encoder in (("without", None), ("with", packaged_encoder())):
            print(f"fold {ENCODER_FOLD} {name} the encoder", flush=True)
            print(report(unseen, lambda a: by_fold[a.fold], gazetteer, encoder=encoder))
    for folder in arguments[1:]:
        start = f"{folder}/"
        kept = [r for r in rows.places if r["folder"] != folder]
        pairs = fit_all(rows, thresholds, lambda r, s=start: not r.article.startswith(s))  # type: ignore[misc]
        models = models_of(fit_weights(kept, thresholds["places"]), pairs)
        own = [a for a in articles if a.article.folder == folder]
        report(own, lambda _, m=models: m, gazetteer, out)  # type: ignore[misc]


if __name__ == "__main__":
    main(sys.argv[1:])
