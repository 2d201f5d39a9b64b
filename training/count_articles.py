"""Annotated articles with their numbers, for the model of tolls. It needs the language model."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from training.analysed import Analysed
from training.corpus import Gold
from training.count_rows import KINDS, CountArticle, Number, TollGold
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.count_candidates import CountCandidate
from transforms.nlp.learned.count_features import counted_in
from transforms.nlp.learned.count_pairs import count_pairs
from transforms.nlp.learned.counts_of_units import may_be_toll
from transforms.nlp.learned.units import Unit


def count_articles(
    articles: Iterable[tuple[Analysed, Sequence[Unit]]], gazetteer: Gazetteer, pack: LanguagePack
) -> Iterator[CountArticle]:
    """Yield the numbers of articles with their features.

    Args:
        articles: each with the units of its annotated strikes, in their order.
        gazetteer: for time zones.
        pack: the language.
    """
    for article, units in articles:
        context = article.context
        counted = context.once(counted_in, pack)
        found, features = counted.found.candidates, counted.features
        kept = [c for c, number in enumerate(found) if may_be_toll(number, context)]
        numbers = [found[c] for c in kept]
        published: list[dt.datetime | None] = [
            article.published.at(u.candidate.place, gazetteer) for u in units
        ]
        positions = {id(gold): n for n, gold in enumerate(article.article.golds)}
        placed = {id(strike.gold) for strike in article.strikes}
        yield CountArticle(
            folder=article.article.folder,
            article=article.article.id,
            fold=article.fold,
            golds=tuple(_gold(strike.gold, strike.spans) for strike in article.strikes),
            annotated=tuple(positions[id(strike.gold)] for strike in article.strikes),
            others=tuple(_gold(g, {}) for g in article.article.golds if id(g) not in placed),
            decoys=tuple(article.decoys),
            numbers=tuple(_number(number) for number in numbers),
            features=tuple(features[c] for c in kept),
            pairs=count_pairs(units, published, numbers, context),
        )


def _gold(gold: Gold, spans: dict[str, tuple[int, int]]) -> TollGold:
    """Return the toll of an annotated strike."""
    lows = {"killed": gold.killed[0], "injured": gold.injured[0]}
    return TollGold(lows, {kind: spans[kind] for kind in KINDS if kind in spans})


def _number(candidate: CountCandidate) -> Number:
    """Return a number without its words."""
    return Number(
        candidate.kind, candidate.low, candidate.start, candidate.end, candidate.sentence,
        candidate.rule is not None,
    )  # fmt: skip
