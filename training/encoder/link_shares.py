"""How much the encoder counts for tolls, weapons, dates and twins, chosen on articles that no model saw."""

from collections.abc import Mapping, Sequence

from training.count_rows import KINDS, CountArticle
from training.encoder.held import Held, tolls_as_read
from training.fit_counts import SETTINGS, low_of
from training.fit_pairs import fit_pairs, odds_left_out
from training.learn import Rows, twin_odds
from training.twin_rows import f1_of_twins
from transforms.nlp.learned.count_model import Key, TollValue, assign
from transforms.nlp.learned.pair_model import PairModel, read_pair_model
from transforms.nlp.learned.reading import mean_odds
from transforms.nlp.learned.weapon_candidates import kind_of
from transforms.nlp.learned.weapons_of_units import chosen_kind

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
_NEARLY = 0.997
"""Of shares nearly as good as the best the least is taken: the other models have seen more articles."""


def toll_share(rows: Rows, thresholds: Mapping[str, float], held: Held) -> float:
    """Return the share with which most strikes have the right toll; of nearly equal ones the least.

    The other models did not see the articles either.
    """
    stages, unseen = rows.stages, held.articles
    known = [r for of_article in stages.value_rows for r in of_article if r.article not in unseen]
    model = read_pair_model(fit_pairs(known, thresholds, SETTINGS["values"]))

    def right(share: float) -> int:
        return sum(
            _right_tolls(a, *tolls_as_read(a, stages.odds[n], stages.whole[n], held, share), model)
            for n, a in enumerate(stages.articles)
            if a.name in unseen
        )

    return _best({share: right(share) for share in SHARES}, "tolls")


def _right_tolls(
    article: CountArticle, odds: Mapping[Key, float], values: Sequence[TollValue], model: PairModel
) -> int:
    """Return how many tolls of killed and of injured of an article are right."""
    value_odds = model.score([v.pair for v in values])
    tolls = assign(article.numbers, odds, values, value_odds, model.thresholds)
    return sum(
        low_of(article, tolls, u, kind) == gold.lows.get(kind)
        for u, gold in enumerate(article.golds)
        for kind in KINDS
    )


def weapon_share(rows: Rows, thresholds: Mapping[str, float], held: Held) -> float:
    """Return the share with which most strikes have the right weapon; of nearly equal ones the least."""
    annotated = {a.name: a.annotated for a in rows.stages.articles}
    own = odds_left_out([row for _, _, row in rows.weapons], lambda row: str(row.fold))
    by_unit: dict[tuple[str, int], dict[str, float]] = {}
    for (unit, kind, row), odds in zip(rows.weapons, own, strict=True):
        if row.article in held.articles:
            by_unit.setdefault((row.article, unit), {})[kind] = odds

    def right(share: float) -> int:
        found = 0
        for (article, unit), odds in by_unit.items():
            name = (article, annotated[article][unit])
            mixed = {kind: mean_odds(o, held.weapons.get((name, kind)), share) for kind, o in odds.items()}
            gold = rows.weapon_golds[article, unit]
            found += chosen_kind(mixed, thresholds) == (str(gold) if gold == "unknown" else kind_of(gold))
        return found

    return _best({share: right(share) for share in SHARES}, "weapons")


def date_share(rows: Rows, held: Held) -> float:
    """Return the share with which most struck places have a right date; of nearly equal ones the least.

    Places with two strikes are left out: which date belongs to which is another question.
    """
    own = iter(odds_left_out(rows.date_pairs, lambda row: str(row.fold)))
    judged = []
    for place in rows.dates:
        odds = [next(own) for _ in place.rows]
        article = place.rows[0].article
        by_encoder = [
            max(
                (held.dates[key] for t in times if (key := (article, place.first, t)) in held.dates),
                default=None,
            )
            for times in place.times
        ]
        if place.strikes == 1 and any(o is not None for o in by_encoder):
            judged.append((place, odds, by_encoder))

    def right(share: float) -> int:
        found = 0
        for place, odds, by_encoder in judged:
            mixed = [mean_odds(o, e, share) for o, e in zip(odds, by_encoder, strict=True)]
            found += place.rows[max(range(len(mixed)), key=lambda n: mixed[n])].label == 1
        return found

    return _best({share: right(share) for share in SHARES}, "dates")


def twin_share(rows: Rows, least: float, held: Held) -> float:
    """Return the share with which the places of the articles have most nearly their number of strikes."""
    judged = [
        (place, odds)
        for place, odds in zip(rows.twins, twin_odds(rows), strict=True)
        if place.rows and place.rows[0].article in held.articles
    ]

    def thousandths(share: float) -> int:
        mixed = [
            {
                (a, b): mean_odds(
                    own, held.twins.get((place.rows[0].article, place.scenes[a], place.scenes[b])), share
                )
                for (a, b), own in odds.items()
            }
            for place, odds in judged
        ]
        return round(1000 * f1_of_twins([place for place, _ in judged], mixed, least))

    return _best({share: thousandths(share) for share in SHARES}, "twins, thousandths of F1")


def _best(right: Mapping[float, int], name: str) -> float:
    for share, found in right.items():
        print(f"{name}: share {share}: {found}", flush=True)
    return min(share for share, found in right.items() if found >= _NEARLY * max(right.values()))
