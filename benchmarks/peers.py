"""Compare resolution with Splink, dedupe and the rule "one incident per place and day" on the same records.

The ledger is divided in two halves by town, so no strike has reports in both. On the first half, each method
gets its thresholds, and dedupe learns its weights from labelled pairs. The second half is measured.
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
from schemas.identity import fold_name
from schemas.records import Report
from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.resolution.place_similarity import reported_place
from transforms.resolution.resolve import resolve_incidents

Clusters = dict[str, object]
"""The label of the incident that a method found, for each report id."""
LABELLED_REPORTS = 1500
"""dedupe learns from pairs of this many reports."""
MAX_DEDUPE_REPORTS = 10_000
"""dedupe would take hours for more."""
SPLINK_THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)


def peers(number: int) -> None:
    """Print pairwise figures and seconds of each method on the half on which none was tuned."""
    logging.disable(logging.WARNING)
    towns = real_towns()
    half_of_id = {t.geonameid: n % 2 for n, t in enumerate(sorted(towns, key=lambda t: t.geonameid))}
    half_of_town = {(t.name, t.country): half_of_id[t.geonameid] for t in towns}
    halves: tuple[list[Report], list[Report]] = ([], [])
    truths: tuple[Truth, Truth] = ({}, {})
    for report, event in islice(synthetic_ledger(number, towns), number):
        half = half_of_town[report.headline.removeprefix("Strike on "), report.country or ""]
        halves[half].append(report)
        truths[half][report.report_id] = event
    dated = {r.report_id for r in halves[1] if r.event_date_start is not None}
    print(f"tuned on {len(halves[0])} reports, measured on {len(halves[1])}")
    our_seconds = _measure("ours", lambda: ours(halves[1]), truths[1], dated, None)
    _measure("place + published day", lambda: one_per_day(halves[1]), truths[1], dated, our_seconds)
    _measure("Splink", lambda: by_splink(halves, truths[0]), truths[1], dated, our_seconds)
    if len(halves[1]) > MAX_DEDUPE_REPORTS:
        halves = (halves[0], halves[1][:MAX_DEDUPE_REPORTS])
        truths = (truths[0], {r.report_id: truths[1][r.report_id] for r in halves[1]})
        print(f"the first {MAX_DEDUPE_REPORTS} of them, because dedupe would take hours for all:")
        our_seconds = _measure("ours", lambda: ours(halves[1]), truths[1], dated, None)
    _measure("dedupe", lambda: by_dedupe(halves, truths[0]), truths[1], dated, our_seconds)


def _measure(
    name: str, run: Callable[[], Clusters], truth: Truth, dated: Set[str], our_seconds: float | None
) -> float:
    """Print the figures of one method and return its seconds.

    Args:
        name: the method.
        run: finds the incidents.
        truth: the true strikes.
        dated: ids of the reports with a date.
        our_seconds: seconds of this project for the same reports, None if it is measured now.
    """
    begin = time.monotonic()
    found = run()
    seconds = time.monotonic() - begin
    ratio = f", {seconds / our_seconds:.1f} times ours" if our_seconds else ""
    f1_of_dated = pairwise(found, {i: e for i, e in truth.items() if i in dated})[2]
    figures = f"{in_words(pairwise(found, truth))}, of those with a date F1 {f1_of_dated:.3f}"
    print(f"{name:<22} {figures}, {seconds:.1f} s{ratio}", flush=True)
    return seconds


def ours(reports: Sequence[Report]) -> Clusters:
    """The incidents of this project."""
    return {link.report_id: r.incident.incident_id for r in resolve_incidents(reports) for link in r.links}


def one_per_day(reports: Sequence[Report]) -> Clusters:
    """The rule of VIINA and the Phoenix pipeline: one incident for each place and day of publication."""
    return {r.report_id: (r.country, r.location, str(r.published_at)[:10]) for r in reports}


def _row(report: Report) -> dict[str, object]:
    """Return the fields that the methods compare: days as numbers, and grid cells that near places share."""
    start, end = report.event_date_start, report.event_date_end or report.event_date_start
    place = reported_place(
        report.location, report.geonameid, report.country, report.latitude, report.longitude, 1
    )  # fmt: skip
    cells = [key for key in place.keys if key.startswith("c:")]
    return {
        "unique_id": report.report_id,
        "article": report.article_url,
        "place": place.name,
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
        "spot": fold_name(report.sublocation) if report.sublocation else None,
        "published_day": str(report.published_at)[:10],
    }


def _best_threshold(clusters: Mapping[float, Clusters], truth: Truth) -> float:
    return max(clusters, key=lambda t: pairwise(clusters[t], truth)[2])


def by_splink(halves: tuple[Sequence[Report], Sequence[Report]], truth: Truth) -> Clusters:
    """Splink: Fellegi and Sunter's model, trained by expectation maximisation, on DuckDB."""
    import pandas as pd
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    distance_km = (
        "2 * 6371 * asin(sqrt(pow(sin(radians(latitude_l - latitude_r) / 2), 2) "
        "+ cos(radians(latitude_l)) * cos(radians(latitude_r)) "
        "* pow(sin(radians(longitude_l - longitude_r) / 2), 2)))"
    )

    def levels(name: str, *conditions: tuple[str, str], null: str) -> cl.CustomComparison:
        comparison_levels = [
            cll.NullLevel(null),
            *(cll.CustomLevel(sql, label) for sql, label in conditions),
            cll.ElseLevel(),
        ]
        return cl.CustomComparison(output_column_name=name, comparison_levels=comparison_levels)

    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("cell_a", "day_a"), block_on("cell_a", "day_b"), block_on("cell_b", "day_a"),
            block_on("cell_b", "day_b"), block_on("cell_a", "published_day"),
        ],
        comparisons=[
            levels(
                "where",
                ("place_l = place_r", "same name"), (f"{distance_km} <= 5", "within 5 km"), null="place",
            ),
            levels(
                "when",
                ("first_day_l = first_day_r AND last_day_l = last_day_r", "same days"),
                ("first_day_l <= last_day_r AND first_day_r <= last_day_l", "days meet"),
                ("first_day_l <= last_day_r + 1 AND first_day_r <= last_day_l + 1", "next day"),
                null="first_day",
            ),
            cl.ExactMatch("weapon"),
            cl.ExactMatch("actor"),
            levels("toll", *_number_levels("killed", 3), null="killed"),
            levels("hurt", *_number_levels("injured", 5), null="injured"),
            levels("what", ("list_has_any(targets_l, targets_r)", "one in common"), null="targets"),
            levels(
                "spot",
                ("spot_l = spot_r", "same"),
                ("jaro_winkler_similarity(CAST(spot_l AS VARCHAR), CAST(spot_r AS VARCHAR)) > 0.88", "alike"),
                null="spot",
            ),
            levels("whose", ("article_l <> article_r", "other article"), null="article"),
        ],
        retain_intermediate_calculation_columns=False,
    )  # fmt: skip
    trained = None
    best = 0.0
    for half, reports in enumerate(halves):
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
        pairs = linker.inference.predict(threshold_match_probability=SPLINK_THRESHOLDS[0])
        thresholds = SPLINK_THRESHOLDS if half == 0 else (best,)
        found = {t: _splink_clusters(linker, pairs, t) for t in thresholds}
        if half == 0:
            best = _best_threshold(found, truth)
    return found[best]


def _number_levels(name: str, max_difference: int) -> list[tuple[str, str]]:
    return [(f"{name}_l = {name}_r", "same"), (f"abs({name}_l - {name}_r) <= {max_difference}", "near")]


def _splink_clusters(linker: object, pairs: object, threshold: float) -> Clusters:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(  # type: ignore[attr-defined]
        pairs, threshold_match_probability=threshold
    ).as_pandas_dataframe()
    return dict(zip(clusters["unique_id"], clusters["cluster_id"], strict=True))


def by_dedupe(halves: tuple[Sequence[Report], Sequence[Report]], truth: Truth) -> Clusters:
    """dedupe: a logistic model learnt from labelled pairs, and hierarchical clustering."""
    import dedupe
    from dedupe import variables
    from dedupe.serializer import write_training

    fields = [
        variables.ShortString("place"), variables.LatLong("point"),
        variables.Price("first_day", has_missing=True), variables.Price("last_day", has_missing=True),
        variables.Exact("day_a", has_missing=True),
        variables.Exact("weapon", has_missing=True), variables.Exact("actor", has_missing=True),
        variables.Exact("killed", has_missing=True), variables.Exact("injured", has_missing=True),
        variables.Exact("targets", has_missing=True),
    ]  # fmt: skip
    rnd = random.Random(1)
    matcher = dedupe.Dedupe(fields, num_cores=2)
    train = {r.report_id: _for_dedupe(r) for r in halves[0][:LABELLED_REPORTS]}
    by_event: dict[int, list[str]] = defaultdict(list)
    by_cell: dict[object, list[str]] = defaultdict(list)
    for the_id, row in train.items():
        by_event[truth[the_id]].append(the_id)
        by_cell[row["cell_a"]].append(the_id)
    match = [p for ids in by_event.values() for p in islice(combinations(ids, 2), 3)]
    distinct = [
        p for ids in by_cell.values() for p in islice(combinations(ids, 2), 200) if truth[p[0]] != truth[p[1]]
    ]
    sample = {
        "match": rnd.sample(match, min(1000, len(match))),
        "distinct": rnd.sample(distinct, min(2000, len(distinct))),
    }
    labelled = io.StringIO()
    write_training({k: [(train[a], train[b]) for a, b in pairs] for k, pairs in sample.items()}, labelled)
    labelled.seek(0)
    matcher.prepare_training(train, labelled, sample_size=LABELLED_REPORTS)
    matcher.train(recall=0.95, index_predicates=False)
    tuning = {r.report_id: _for_dedupe(r) for r in halves[0][: 3 * LABELLED_REPORTS]}
    known = {i: truth[i] for i in tuning}
    best = _best_threshold({t: _dedupe_clusters(matcher, tuning, t) for t in (0.3, 0.5, 0.7, 0.9)}, known)
    return _dedupe_clusters(matcher, {r.report_id: _for_dedupe(r) for r in halves[1]}, best)


def _for_dedupe(report: Report) -> dict[str, object]:
    row = _row(report)
    for name in ("first_day", "last_day", "killed", "injured"):
        value = row[name]
        row[name] = None if value is None else float(str(value)) + 1
    row["point"] = (row["latitude"], row["longitude"])
    # One string: for a set of words, dedupe uses an index that fails with the current BTrees package.
    row["targets"] = " ".join(map(str, row["targets"])) if isinstance(row["targets"], list) else None
    return row


def _dedupe_clusters(matcher: object, rows: Mapping[str, object], threshold: float) -> Clusters:
    clusters: Iterable[tuple[Iterable[str], object]] = matcher.partition(rows, threshold)  # type: ignore[attr-defined]
    return {the_id: n for n, (ids, _) in enumerate(clusters) for the_id in ids}
