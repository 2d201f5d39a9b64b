"""Pairs to learn from: annotated strikes with each spot and each time of day that the article names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from training.analysed import Analysed, AnnotatedStrike
from training.fit_pairs import odds_left_out
from training.match_rows import read_whereabouts
from training.pair_rows import PairRow, weight_of_folder
from transforms.nlp.language import load_pack
from transforms.nlp.learned.day_time_candidates import HOUR, day_times
from transforms.nlp.learned.nearness import Nearness
from transforms.nlp.learned.span_features import span_pairs
from transforms.nlp.learned.spans import NamedSpan
from transforms.nlp.learned.units import Unit
from transforms.nlp.learned.whereabouts import spots_of_unit

_GRID = tuple(n / 8 for n in range(-16, 17))
_BETA2 = 0.25
"""A wrong spot is worse than none: precision counts twice as much as recall (F with beta 0.5)."""
Found = tuple[int, NamedSpan, PairRow]
"""Number of the strike, the span, and its row."""


class WhereaboutsRows:
    """Makes the rows of the strikes whose spots and times are annotated."""

    def __init__(self) -> None:
        self._annotated = read_whereabouts()

    def rows(
        self, article: Analysed, units: Sequence[Unit], strikes: Sequence[AnnotatedStrike]
    ) -> Iterator[tuple[str, Found]]:
        """Yield "spots" or "times", and the row, for each span of each strike."""
        pack = load_pack("en")
        nearness = Nearness(article.context, units)
        weight = weight_of_folder(article.article.folder)
        golds = list(article.article.golds)
        starts = _paragraphs(article)
        for number, (unit, strike) in enumerate(zip(units, strikes, strict=True)):
            said = self._annotated.get((article.name, golds.index(strike.gold)))
            if said is None:
                continue
            spots = spots_of_unit(unit, article.context, pack)
            times = article.context.once(day_times, pack)
            labelled = (
                ("spots", spots, [spot_label(s, said["spots"], starts, article) for s in spots]),
                ("times", times, [time_label(t, said) for t in times]),
            )
            for name, spans, labels in labelled:
                for span, label, pair in zip(spans, labels, span_pairs(unit, spans, nearness), strict=True):
                    row = PairRow(article.name, article.fold, label, weight, pair.names, pair.numbers)
                    yield name, (number, span, row)


def _paragraphs(article: Analysed) -> list[int]:
    """Return where the headline and each paragraph begin."""
    starts, at = [0], len(article.article.title) + 2
    for paragraph in article.article.paragraphs:
        starts.append(at)
        at += len(paragraph) + 1
    return starts


def spot_label(
    span: NamedSpan, spots: Sequence[Mapping[str, Any]], starts: Sequence[int], article: Analysed
) -> int:
    """Return 1 for a spot of the strike, also where it is named again, else 0."""
    text = article.findings.text
    for spot in spots:
        start = text.find(spot["text"], starts[spot["para"]])
        if span.start < start + len(spot["text"]) and start < span.end:
            return 1
        if span.value.lower() == spot["text"].lower():
            return 1
    return 0


def time_label(span: NamedSpan, said: Mapping[str, Any]) -> int:
    """Return 1 for the time of the strike, also where a part of the day holds its hour and where it is said
    again."""
    time = said["time"]
    if time is None or time.startswith("GMT"):
        return 0
    if span.value == time:
        return 1
    is_beside = said["time_text"] is not None and span.kind != HOUR and ":" in time
    return -1 if is_beside else 0


def whereabouts_threshold(
    name: str, found: Sequence[Found], part: Callable[[PairRow], str]
) -> dict[str, float]:
    """Return the threshold of the model of spots or times, chosen on log-odds out of fold.

    Of each strike the likeliest span is taken. It is right where its label is 1.
    """
    odds = odds_left_out([row for _, _, row in found], part)
    best: dict[tuple[str, int], tuple[float, int]] = {}
    has: set[tuple[str, int]] = set()
    for (number, _, row), value in zip(found, odds, strict=True):
        key = (row.article, number)
        best[key] = max(best.get(key, (-99.0, 0)), (value, row.label))
        if row.label == 1:
            has.add(key)

    def worth(least: float) -> float:
        taken = [label == 1 for value, label in best.values() if value >= least]
        right = sum(taken)
        return (1 + _BETA2) * right / max(1e-9, len(taken) + _BETA2 * len(has))

    return {name.removesuffix("s"): max(_GRID, key=lambda least: (worth(least), least))}
