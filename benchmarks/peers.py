"""Resolution beside what else there is: Splink, dedupe and the one-per-day key, over the same records.

The ledger is cut in two by town, so that no strike lies in both halves. Each peer is tuned on the first
half (thresholds, and for dedupe the weights, learnt from labelled pairs of it) and measured on the second.
"""

from __future__ import annotations

import io
import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import combinations, islice

from benchmarks.pairwise import Truth, in_words, pairwise
from benchmarks.synthetic import real_towns, synthetic_ledger
from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.resolution.place_similarity import spot
from transforms.resolution.resolve import resolve_incidents

Links = dict[str, object]
_LABELLED = 1500
_MOST_FOR_DEDUPE = 10_000
_THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)


def peers(number: int) -> None:
    """Print pairwise figures and times of every method on the half that none was tuned on."""
    logging.disable(logging.WARNING)
    towns = real_towns()
    half = {t.geonameid: n % 2 for n, t in enumerate(sorted(towns, key=lambda t: t.geonameid))}
    names = {(t.name, t.country): half[t.geonameid] for t in towns}
    halves: tuple[list[Report], list[Report]] = ([], [])
    truths: tuple[Truth, Truth] = ({}, {})
    for report, event in islice(synthetic_ledger(number, towns), number):
        side = names[report.headline.removeprefix("Strike on "), report.country or ""]
        halves[side].append(report)
        truths[side][report.report_id] = event
    dated = {r.report_id for r in halves[1] if r.event_date_start is not None}
    print(f"tuned on {len(halves[0])} reports, measured on {len(halves[1])}")
    ours_s = _measure("ours", lambda: ours(halves[1]), truths[1], dated, None)
    _measure("place + published day", lambda: one_per_day(halves[1]), truths[1], dated, ours_s)
    _measure("Splink", lambda: by_splink(halves, truths[0]), truths[1], dated, ours_s)
    if len(halves[1]) > _MOST_FOR_DEDUPE:
        halves = (halves[0], halves[1][:_MOST_FOR_DEDUPE])
        truths = (truths[0], {r.report_id: truths[1][r.report_id] for r in halves[1]})
        print(f"the first {_MOST_FOR_DEDUPE} of them, as more would take dedupe hours:")
        ours_s = _measure("ours", lambda: ours(halves[1]), truths[1], dated, None)
    _measure("dedupe", lambda: by_dedupe(halves, truths[0]), truths[1], dated, ours_s)


def _measure(
    name: str, run: Callable[[], Links], truth: Truth, dated: Set[str], ours_s: float | None
) -> float:
    begin = time.monotonic()
    found = run()
    took = time.monotonic() - begin
    ratio = f", {took / ours_s:.1f} times ours" if ours_s else ""
    with_date = pairwise(found, {i: e for i, e in truth.items() if i in dated})[2]
    figures = f"{in_words(pairwise(found, truth))}, of those with a date F1 {with_date:.3f}"
    print(f"{name:<22} {figures}, {took:.1f} s{ratio}", flush=True)
    return took


def ours(reports: Sequence[Report]) -> Links:
    return {link.report_id: r.incident.incident_id for r in resolve_incidents(reports) for link in r.links}


def one_per_day(reports: Sequence[Report]) -> Links:
    """The rule of VIINA and the Phoenix pipeline: one incident a place and day of publication."""
    return {r.report_id: (r.country, r.location, str(r.published_at)[:10]) for r in reports}


def _row(report: Report) -> dict[str, object]:
    """Return the fields that matter, flat: days as numbers, cells so that near places share one."""
    start, end = report.event_date_start, report.event_date_end or report.event_date_start
    here = spot(
        report.location, report.geonameid, report.country, report.latitude, report.longitude, 1
    )  # fmt: skip
    cells = [key for key in here.keys if key.startswith("c:")]
    return {
        "unique_id": report.report_id,
        "article": report.article_url,
        "place": here.name,
        "cell_a": cells[0],
        "cell_b": cells[-1],
        "latitude": report.latitude,
        "longitude": report.longitude,
        "first_day": start.toordinal() if start else None,
        "last_day": end.toordinal() if end else None,
        "day_a": start.isoformat() if start else None,
        "day_b": end.isoformat() if end else None,
        "weapon": None
        if WEAPON_FAMILY[Weapon(report.weapon)] == "any"
        else WEAPON_FAMILY[Weapon(report.weapon)],
        "actor": report.actor,
        "targets": sorted(report.targets) or None,
        "killed": report.fatalities_low,
        "injured": report.injured_low,
        "published_day": str(report.published_at)[:10],
    }


def _best(clusters: Mapping[float, Links], truth: Truth) -> float:
    return max(clusters, key=lambda t: pairwise(clusters[t], truth)[2])


def by_splink(halves: tuple[Sequence[Report], Sequence[Report]], truth: Truth) -> Links:
    """Fellegi and Sunter's model by expectation maximisation, on DuckDB."""
    import pandas as pd
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    km = (
        "2 * 6371 * asin(sqrt(pow(sin(radians(latitude_l - latitude_r) / 2), 2) "
        "+ cos(radians(latitude_l)) * cos(radians(latitude_r)) "
        "* pow(sin(radians(longitude_l - longitude_r) / 2), 2)))"
    )

    def levels(name: str, *conditions: tuple[str, str], null: str) -> cl.CustomComparison:
        made = [
            cll.NullLevel(null),
            *(cll.CustomLevel(sql, label) for sql, label in conditions),
            cll.ElseLevel(),
        ]
        return cl.CustomComparison(output_column_name=name, comparison_levels=made)

    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("cell_a", "day_a"), block_on("cell_a", "day_b"), block_on("cell_b", "day_a"),
            block_on("cell_b", "day_b"), block_on("cell_a", "published_day"),
        ],
        comparisons=[
            levels("where", ("place_l = place_r", "same name"), (f"{km} <= 5", "within 5 km"), null="place"),
            levels(
                "when",
                ("first_day_l = first_day_r AND last_day_l = last_day_r", "same days"),
                ("first_day_l <= last_day_r AND first_day_r <= last_day_l", "days meet"),
                ("first_day_l <= last_day_r + 1 AND first_day_r <= last_day_l + 1", "next day"),
                null="first_day",
            ),
            cl.ExactMatch("weapon"),
            cl.ExactMatch("actor"),
            levels("toll", *_alike("killed", 3), null="killed"),
            levels("hurt", *_alike("injured", 5), null="injured"),
            levels("what", ("list_has_any(targets_l, targets_r)", "one in common"), null="targets"),
            levels("whose", ("article_l <> article_r", "other article"), null="article"),
        ],
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip
    trained = None
    best = 0.0
    for side, reports in enumerate(halves):
        api = DuckDBAPI()
        table = api.register(pd.DataFrame([_row(r) for r in reports]))
        linker = Linker(table, trained or settings)
        if trained is None:
            linker.training.estimate_probability_two_random_records_match(
                [block_on("cell_a", "day_a", "weapon", "killed")], recall=0.5
            )
            linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000, seed=1)
            linker.training.estimate_parameters_using_expectation_maximisation(block_on("cell_a", "day_a"))
            linker.training.estimate_parameters_using_expectation_maximisation(block_on("cell_a", "killed"))
            trained = linker.misc.save_model_to_json()
        pairs = linker.inference.predict(threshold_match_probability=_THRESHOLDS[0])
        thresholds = _THRESHOLDS if side == 0 else (best,)
        found = {t: _splink_clusters(linker, pairs, t) for t in thresholds}
        if side == 0:
            best = _best(found, truth)
    return found[best]


def _alike(name: str, slack: int) -> list[tuple[str, str]]:
    return [(f"{name}_l = {name}_r", "same"), (f"abs({name}_l - {name}_r) <= {slack}", "near")]


def _splink_clusters(linker: object, pairs: object, threshold: float) -> Links:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(  # type: ignore[attr-defined]
        pairs, threshold_match_probability=threshold
    ).as_pandas_dataframe()
    return dict(zip(clusters["unique_id"], clusters["cluster_id"], strict=True))


def by_dedupe(halves: tuple[Sequence[Report], Sequence[Report]], truth: Truth) -> Links:
    """A logistic model learnt from labelled pairs, with hierarchical clusters."""
    import dedupe
    from dedupe import variables as kinds
    from dedupe.serializer import write_training

    fields = [
        kinds.ShortString("place"), kinds.LatLong("point"), kinds.Price("first_day", has_missing=True),
        kinds.Price("last_day", has_missing=True), kinds.Exact("day_a", has_missing=True),
        kinds.Exact("weapon", has_missing=True), kinds.Exact("actor", has_missing=True),
        kinds.Exact("killed", has_missing=True), kinds.Exact("injured", has_missing=True),
        kinds.Exact("targets", has_missing=True),
    ]  # fmt: skip
    rnd = random.Random(1)
    matcher = dedupe.Dedupe(fields, num_cores=2)
    train = {r.report_id: _for_dedupe(r) for r in halves[0][:_LABELLED]}
    by_event: dict[int, list[str]] = defaultdict(list)
    by_cell: dict[object, list[str]] = defaultdict(list)
    for the_id, row in train.items():
        by_event[truth[the_id]].append(the_id)
        by_cell[row["cell_a"]].append(the_id)
    match = [p for ids in by_event.values() for p in islice(combinations(ids, 2), 3)]
    apart = [
        p for ids in by_cell.values() for p in islice(combinations(ids, 2), 200) if truth[p[0]] != truth[p[1]]
    ]
    sample = {
        "match": rnd.sample(match, min(1000, len(match))),
        "distinct": rnd.sample(apart, min(2000, len(apart))),
    }
    labelled = io.StringIO()
    write_training({k: [(train[a], train[b]) for a, b in pairs] for k, pairs in sample.items()}, labelled)
    labelled.seek(0)
    matcher.prepare_training(train, labelled, sample_size=_LABELLED)
    matcher.train(recall=0.95, index_predicates=False)
    tuning = {r.report_id: _for_dedupe(r) for r in halves[0][: 3 * _LABELLED]}
    known = {i: truth[i] for i in tuning}
    best = _best({t: _dedupe_clusters(matcher, tuning, t) for t in (0.3, 0.5, 0.7, 0.9)}, known)
    return _dedupe_clusters(matcher, {r.report_id: _for_dedupe(r) for r in halves[1]}, best)


def _for_dedupe(report: Report) -> dict[str, object]:
    row = _row(report)
    for name in ("first_day", "last_day", "killed", "injured"):
        value = row[name]
        row[name] = None if value is None else float(str(value)) + 1
    row["point"] = (row["latitude"], row["longitude"])
    # One string: a set of words is searched by an index that the current BTrees package breaks.
    row["targets"] = " ".join(map(str, row["targets"])) if isinstance(row["targets"], list) else None
    return row


def _dedupe_clusters(matcher: object, rows: Mapping[str, object], threshold: float) -> Links:
    clusters: Iterable[tuple[Iterable[str], object]] = matcher.partition(rows, threshold)  # type: ignore[attr-defined]
    return {the_id: n for n, (ids, _) in enumerate(clusters) for the_id in ids}
