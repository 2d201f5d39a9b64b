"""Write the weights of all models: ``python -m training.train FOLDER``.

Thresholds, and what one model reads of another, come from weights that did not see the article; the weights
that are written have seen all articles. Those of the confidence are fitted to reports of the one fold that
neither the other weights nor the encoder saw.
"""

import sys
from pathlib import Path

from training.analysed import analyse_all
from training.corpus import read_all, real_folder
from training.evaluate import ENCODER_FOLD, models_by_fold
from training.export import write_weights
from training.fit import fit_weights
from training.fit_confidence import calibration_of, fit_confidence, judge_articles
from training.learn import collect_pairs, fit_all, learn_places, thresholds_of
from transforms.nlp.learned.encoder import packaged_encoder
from transforms.nlp.open_gazetteer import open_gazetteer


def main(arguments: list[str]) -> None:
    """Fit the weights on all articles and write them, a file a model."""
    folder, gazetteer = Path(arguments[0]), open_gazetteer()
    articles = list(analyse_all(list(read_all(real=real_folder())), gazetteer))
    print(f"{len(articles)} articles", flush=True)
    rows, places = learn_places(articles, gazetteer)
    collect_pairs(rows, articles, gazetteer)
    print(f"{len(rows.places)} places, {len(rows.weapon_golds)} strikes", flush=True)
    thresholds = thresholds_of(rows)
    write_weights(fit_weights(rows.places, thresholds["places"]), folder / "places.json.gz")
    for name, weights in fit_all(rows, thresholds).items():
        write_weights(weights, folder / f"{name}.json.gz")
    print(f"thresholds {thresholds}")
    models = models_by_fold(rows, {ENCODER_FOLD: places[ENCODER_FOLD]}, thresholds)[ENCODER_FOLD]
    unseen = (a for a in articles if a.fold == ENCODER_FOLD)
    judged = judge_articles(unseen, models, gazetteer, packaged_encoder())
    write_weights(fit_confidence(judged), folder / "confidence.json.gz")
    print(f"confidence: {calibration_of(judged)}")


if __name__ == "__main__":
    main(sys.argv[1:])
