"""Write the weights of all models: ``python -m training.train FOLDER``.

Thresholds, and what one model reads of another, come from weights that did not see the article; the weights
that are written have seen all articles.
"""

import sys
from pathlib import Path

from training.analysed import analyse_all
from training.corpus import read_all, real_folder
from training.export import write_weights
from training.fit import fit_weights
from training.learn import collect_pairs, fit_all, learn_places, thresholds_of
from transforms.nlp.open_gazetteer import open_gazetteer


def main(arguments: list[str]) -> None:
    """Fit the weights on all articles and write them, a file a model."""
    folder, gazetteer = Path(arguments[0]), open_gazetteer()
    articles = list(analyse_all(list(read_all(real=real_folder())), gazetteer))
    print(f"{len(articles)} articles", flush=True)
    rows, _ = learn_places(articles, gazetteer)
    collect_pairs(rows, articles, gazetteer)
    print(f"{len(rows.places)} places, {len(rows.weapon_golds)} strikes", flush=True)
    thresholds = thresholds_of(rows)
    write_weights(fit_weights(rows.places, thresholds["places"]), folder / "places.json.gz")
    for name, weights in fit_all(rows, thresholds).items():
        write_weights(weights, folder / f"{name}.json.gz")
    print(f"thresholds {thresholds}")


if __name__ == "__main__":
    main(sys.argv[1:])
