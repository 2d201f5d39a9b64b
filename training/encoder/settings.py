"""Choose how much an encoder counts: ``python -m training.encoder.settings HELD OUT COUNTS``.

HELD is ``held.json`` of the training: log-odds of articles that the encoder did not see. OUT is the file of
settings. COUNTS is the file of the model of tolls, whose last part is fitted anew. The log-odds of the other
models are out of fold. It runs in the environment of ``make train``.
"""

import gzip
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training import REAL
from training.analysed import analyse_all
from training.corpus import folds_of, read_all, real_folder
from training.encoder.held import Held, read_held
from training.encoder.link_shares import date_share, toll_share, twin_share, weapon_share
from training.encoder.read_tolls import values_as_read
from training.export import write_weights
from training.learn import Rows, collect_pairs, learn_places, thresholds_of
from training.thresholds import Floats, Row, choose_thresholds, decided, f1
from transforms.nlp.learned.reading import mean_odds
from transforms.nlp.open_gazetteer import open_gazetteer

SHARES = (0.3, 0.4, 0.5, 0.6, 0.7)
LEAST, MOST = 0.1, 0.9
"""Outside these probabilities the encoder changes hardly a decision."""
PLACE = 0.44
"""With the encoder a place needs this probability. Reports of the fold that no model saw have a matched F1 of
.670 with it, .666 with .36, which the models alone choose, and .665 with .5."""
TWIN = 0.18
"""With the encoder two scenes at one place tell of two strikes from this probability.

From .38, which the models alone choose, 18 of the 20 rows that share their place in the fold that no model
saw are right, and 20 of 20 in 700 notes, so more are worth having. From .18 it is 36 of 41 and 26 of 27, and
matched F1 went from .715 to .720 and from .650 to .653; from .27 it is .718 and .652, from .12 .721 and .653.
"""
ARTICLE_SHARE, ARTICLE = 0.5, 0.65
"""The share of the encoder in whether a short text reports a strike, and the probability that this needs.

Of shares from .2 to .7 and probabilities from .4 to .65 these have the fewest alarms among those with the
best F1 of places: in the fold that no model saw .792 and alarms in 34 of 286 articles, .790 and 44 by the
likeliest place alone; in 970 notes .771 and 45 of 392, .757 and 61.
"""
_PARTS = 4
Key = tuple[str, str, int]


def choose(rows: Sequence[Row], found: Floats, held: Mapping[Key, float]) -> dict[str, Any]:
    """Return the settings with which most places are right in articles that no model saw.

    The share is chosen at the thresholds of the other models; ``PLACE`` was chosen afterwards, with this
    share. Real articles decide, and those on the plans of real ones.
    """
    thresholds = choose_thresholds(rows, found)
    keys = [(r["folder"], r["article"], r["candidate"]) for r in rows]
    kept = [n for n, key in enumerate(keys) if key in held and is_like_real(key[0])]
    judged = [rows[n] for n in kept]
    labels = np.array([r["label"] for r in judged])
    odds = np.log(found[kept] / (1 - found[kept]))
    by_encoder = np.array([held[keys[n]] for n in kept])
    right = {}
    for share in (0.0, *SHARES):
        mean = 1 / (1 + np.exp(-_mean(odds, by_encoder, share)))
        right[share] = f1(labels, decided(judged, mean, thresholds))
        print(f"share {share}: F1 {right[share]:.3f}", flush=True)
    return {
        "share": max(SHARES, key=lambda share: right[share]),
        "least": LEAST,
        "most": MOST,
        "place": PLACE,
        "twin": TWIN,
        "article_share": ARTICLE_SHARE,
        "article": ARTICLE,
    }


def _mean(odds: Floats, by_encoder: Floats, share: float) -> Floats:
    """Return log-odds in which the encoder has its share, where the other models are in doubt."""
    found = 1 / (1 + np.exp(-odds))
    is_doubtful = (found >= LEAST) & (found <= MOST)
    mean: Floats = np.where(is_doubtful, mean_odds(odds, by_encoder, share), odds)
    return mean


def is_like_real(folder: str) -> bool:
    """Return whether the articles of a folder are real ones, or have their plans."""
    return folder == REAL or folder.startswith("train-plans")


def main(arguments: list[str]) -> None:
    """Write the settings of one encoder, and the tolls as it reads them."""
    file, out, counts = (Path(a) for a in arguments)
    raw = json.loads(file.read_text("utf-8"))
    found = {(f, a, k): odds for f, a, k, odds in raw["candidates"]}
    held = read_held(raw["links"])
    gazetteer = open_gazetteer()
    articles = list(analyse_all(list(read_all(real=real_folder())), gazetteer))
    rows, _ = learn_places(articles, gazetteer)
    collect_pairs(rows, articles, gazetteer)
    settings = all_settings(rows, thresholds_of(rows), found, held)
    write_weights(settings, out)
    names = held.articles
    unseen = [a for a in articles if a.name in names]
    parts = dict(zip((a.name for a in unseen), folds_of((a.article for a in unseen), _PARTS), strict=True))
    weights = json.loads(gzip.decompress(counts.read_bytes()))
    values = values_as_read(rows, held, settings["toll_share"], parts)
    write_weights({**weights, "values": values}, counts)


def all_settings(
    rows: Rows, thresholds: Mapping[str, Mapping[str, float]], found: Mapping[Key, float], held: Held
) -> dict[str, float]:
    """Return the settings by all that the encoder says of articles that it did not see."""
    return {
        **choose(rows.places, rows.probabilities, found),
        "toll_share": toll_share(rows, thresholds["counts"], held),
        "weapon_share": weapon_share(rows, thresholds["weapons"], held),
        "date_share": date_share(rows, held),
        "twin_share": twin_share(rows, thresholds["twins"]["twin"], held),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
