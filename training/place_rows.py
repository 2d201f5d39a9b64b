"""The candidates of annotated articles as rows to learn from: their labels and their features."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from training.analysed import Analysed
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.learned.model import Features
from transforms.nlp.learned.place_features import candidate_features


def place_rows(articles: Sequence[Analysed], gazetteer: Gazetteer) -> Iterator[dict[str, Any]]:
    """Yield one row for each candidate: where it is from, its labels and its features."""
    for article in articles:
        features = candidate_features(article.candidates, article.context, gazetteer)
        for number, (candidate, feature) in enumerate(zip(article.candidates, features, strict=True)):
            yield {
                "folder": article.article.folder,
                "article": article.article.id,
                "candidate": number,
                "fold": article.fold,
                "strikes": len(article.article.golds),
                "country": candidate.place.country,
                "place": candidate.place.name,
                "label": article.labels[number],
                "mention_labels": article.mention_labels[number],
                "names": feature.names,
                "numbers": feature.numbers,
                "mentions": [sorted(m) for m in feature.mentions],
                "mention_numbers": feature.mention_numbers,
            }


def features_of(row: Mapping[str, Any]) -> Features:
    """Return the features of a row."""
    mentions = [frozenset(m) for m in row["mentions"]]
    return Features(row["names"], row["numbers"], mentions, row["mention_numbers"])
