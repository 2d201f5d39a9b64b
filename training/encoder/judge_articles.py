"""Fit what judges an article as a whole: ``python -m training.encoder.judge_articles WEIGHTS``.

WEIGHTS is the folder of the encoder; the file of its article head is written there anew. A logistic
regression reads the vector of the first window as the network of 8 bits gives it, of articles where
extraction asks the encoder. Fold 0 is left out, as from all of the encoder. ``--without FOLDER ...`` leaves
out more. It runs in the environment of ``make train``.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from training.analysed import Analysed, analyse_all
from training.corpus import read_all, real_folder
from training.export import write_weights
from training.pair_rows import weight_of_folder
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import load_pack
from transforms.nlp.learned.encoder import ARTICLE_HEAD, packaged_encoder
from transforms.nlp.learned.models import packaged_models
from transforms.nlp.learned.place_features import candidate_features
from transforms.nlp.learned.reader import Reader
from transforms.nlp.learned.reading import Floats
from transforms.nlp.learned.struck import asked_about
from transforms.nlp.open_gazetteer import open_gazetteer

C = 0.003
"""The strength of the fit. In notes its AUC is .964, with a tenth or ten times as much .960 and .955."""
Row = tuple[Floats, bool, float]
"""The vector of an article, whether it reports a strike, and how much it weighs."""


def article_rows(articles: Iterable[Analysed], gazetteer: Gazetteer) -> list[Row]:
    """Return a row for each article about which extraction asks the encoder."""
    models, pack = packaged_models(), load_pack("en")
    reader = Reader(packaged_encoder(), models.counts.numbers, pack)
    rows: list[Row] = []
    for article in articles:
        judged = models.places.judge(candidate_features(article.candidates, article.context, gazetteer))
        read = reader.read(article.context, asked_about(judged, article.candidates, reader.settings))
        if read is not None:
            own = article.article
            rows.append((read.whole, bool(own.golds), weight_of_folder(own.folder)))
    return rows


def fit_article_head(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the weights, as ``transforms.nlp.learned.encoder.read_article_head`` reads them."""
    vectors, labels, weights = zip(*rows, strict=True)
    scaler = StandardScaler().fit(np.array(vectors))
    model = LogisticRegression(C=C, max_iter=1000)
    model.fit(scaler.transform(np.array(vectors)), labels, sample_weight=weights)
    own: NDArray[np.float64] = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - own @ scaler.mean_)
    return {"weights": [round(float(w), 5) for w in own], "bias": round(bias, 5)}


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--without", nargs="*", default=[], help="folders that are left out too")
    options = parser.parse_args()
    gazetteer = open_gazetteer()
    articles = [a for a in read_all(real=real_folder()) if a.folder not in options.without]
    seen = (a for a in analyse_all(articles, gazetteer) if a.fold != 0)
    rows = article_rows(seen, gazetteer)
    write_weights(fit_article_head(rows), options.weights / ARTICLE_HEAD)
    print(f"{len(rows)} articles, {sum(tells for _, tells, _ in rows)} with a strike")


if __name__ == "__main__":
    main()
