"""Write the features and labels of all candidates: ``python -m training.collect OUT``.

It runs in the project's own environment, because it needs the language model. ``training.fit`` reads what it
writes and runs in the environment of training.
"""

import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipelines.extract_files import article_of_line
from training.corpus import Annotated, folds_of, read_all, real_folder
from training.labels import label, label_mentions
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.place_features import candidate_features
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.reports import read_candidates

FOLDS = 5


def rows_of(articles: list[Annotated]) -> Iterator[dict[str, Any]]:
    """Yield one row for each candidate: where it is from, its labels and its features."""
    gazetteer = open_gazetteer()
    folds = folds_of(articles, FOLDS)
    docs = read_candidates([article_of_line(a.line) for a in articles], "en")
    for article, fold, doc in zip(articles, folds, docs, strict=True):
        findings = doc._.findings
        candidates = find_candidates(findings.places)
        features = candidate_features(candidates, Context(doc, findings, doc._.published.instant), gazetteer)
        labels = label(candidates, article, gazetteer)
        for candidate, feature, struck in zip(candidates, features, labels, strict=True):
            yield {
                "folder": article.folder,
                "article": article.id,
                "fold": fold,
                "strikes": len(article.golds),
                "country": candidate.place.country,
                "place": candidate.place.name,
                "label": struck,
                "mention_labels": label_mentions(candidate, struck, article, findings.text),
                "names": feature.names,
                "numbers": feature.numbers,
                "mentions": [sorted(m) for m in feature.mentions],
            }


def write_rows(rows: Iterable[dict[str, Any]], out: Path) -> int:
    """Write rows as compressed JSON lines, and return how many there are."""
    count = 0
    with gzip.open(out, "wt", encoding="utf-8", compresslevel=1) as lines:
        for row in rows:
            lines.write(json.dumps(row) + "\n")
            count += 1
    return count


def main(arguments: list[str]) -> None:
    """Collect the rows of all articles to train with."""
    articles = list(read_all(real=real_folder()))
    count = write_rows(rows_of(articles), Path(arguments[0]))
    print(f"{count} candidates of {len(articles)} articles")


if __name__ == "__main__":
    main(sys.argv[1:])
