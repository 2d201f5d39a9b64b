"""Several strikes on one city in one day; reports that name only the region; corrections."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from sample_records import a_report

from benchmarks.records import MANNERS, territory
from schemas.records import Evidence, Report
from schemas.step_records import ResolvedIncident
from transforms.resolution.match_model import MatchWeightsInvalid, match_model, read_match_model, share
from transforms.resolution.resolve import resolve_incidents, resolve_with_faults
from transforms.resolution.version import resolver_version
from transforms.resolution.vetting import Fault


def in_gaza(the_id: str, hour: int, toll: int | None, **change: Any) -> Report:
    """Return a report on an air strike on Gaza City on 26 August, published at an hour of that day."""
    base: dict[str, Any] = {
        "location": "Gaza City", "geonameid": 281133, "country": "PS", "admin1": "Gaza Strip",
        "latitude": 31.5, "longitude": 34.466, "event_date_start": dt.date(2025, 8, 26),
        "event_date_end": dt.date(2025, 8, 26), "published_at": f"2025-08-26T{hour:02d}:00:00Z",
        "weapon": "airstrike", "actor": "Israel", "targets": [], "fatalities_low": toll,
        "fatalities_best": toll, "fatalities_high": toll, "report_id": the_id,
        "article_url": f"https://outlet-{the_id}.example/1", "source_name": f"Outlet {the_id}",
    }  # fmt: skip
    return a_report(0, **{**base, **change})


def groups(resolved: list[ResolvedIncident]) -> set[frozenset[str]]:
    return {frozenset(link.report_id for link in r.links) for r in resolved}


def test_two_quarters_of_a_city_on_one_day_are_two_strikes() -> None:
    reports = [
        in_gaza("a", 6, 5, sublocation="Zeitoun neighbourhood"),
        in_gaza("b", 7, 3, sublocation="Tuffah"),
        in_gaza("c", 9, 8, sublocation="al-Zaytoun"),
        in_gaza("d", 10, 4, sublocation="Tuffah neighbourhood", event_time="05:30"),
    ]
    assert groups(resolve_incidents(reports)) == {frozenset("ac"), frozenset("bd")}


def test_strikes_hours_apart_with_other_tolls_are_two() -> None:
    reports = [
        in_gaza("a", 6, 12, event_time="03:40", injured_low=40),
        in_gaza("b", 20, 2, event_time="18:15", injured_low=5),
    ]
    assert len(resolve_incidents(reports)) == 2


def test_reports_without_a_spot_still_tell_of_one_strike_whose_toll_grows() -> None:
    reports = [
        in_gaza(name, 6 + 2 * n, toll)
        for n, (name, toll) in enumerate(zip("abcd", (4, 7, 9, 9), strict=True))
    ]
    assert len(resolve_incidents(reports)) == 1


def test_shelling_that_turns_out_to_be_rockets_is_one_strike() -> None:
    """The toll grows from 14 to 24; the reports name other targets, and the first a part of the city."""
    reports = [
        in_gaza("a", 6, 14, weapon="artillery", targets=["street"], sublocation="Rimal", injured_low=108),
        in_gaza("b", 10, 21, weapon="rocket", targets=["residential", "school"], injured_low=110),
        in_gaza("c", 20, 24, weapon="rocket", targets=["hotel"], injured_low=108),
    ]
    assert len(resolve_incidents(reports)) == 1


def test_recorders_with_a_point_for_each_strike_keep_them_apart() -> None:
    """A neighbourhood of its own, a point of its own and another toll: records of one territory, one a strike."""
    names = ("Shujaiya", "Rimal", "Sabra", "Tal al-Hawa", "Nasr", "Daraj")
    reports = [
        in_gaza(
            f"r{n}", 12, 3 + n, location=name, geonameid=None, latitude=31.49 + 0.012 * n,
            longitude=34.44 + 0.008 * n, source_name="Recorder",
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    assert len(resolve_incidents(reports)) == len(names)


@pytest.mark.parametrize("manner", range(len(MANNERS)))
def test_the_list_of_a_recorder_keeps_its_strikes_apart(manner: int) -> None:
    """692 invented strikes in 30 days on one territory. Weights fitted without such lists gave 38, 92 and 136."""
    sizes = Counter(len(r.links) for r in resolve_incidents(territory(2, 30, manner)))
    pairs = sum(n * size * (size - 1) // 2 for size, n in sizes.items())
    assert (sum(sizes.values()) >= 630, pairs <= (32, 60, 80)[manner]) == (True, True), (sizes, pairs)


def test_the_founder_of_a_strike_in_doubt_names_its_possible_duplicate() -> None:
    reports = [
        in_gaza("a", 6, 5, sublocation="Zeitoun neighbourhood"),
        in_gaza("b", 7, 3, sublocation="Tuffah"),
        in_gaza("c", 15, 30, injured_low=120, targets=["school"]),
        in_gaza("d", 16, 30, injured_low=120, targets=["school"]),
    ]
    by_founder = {r.incident.incident_id: r.incident for r in resolve_incidents(reports)}
    assert {"i-a", "i-b"} <= set(by_founder)
    for incident in by_founder.values():
        assert (incident.possible_duplicate_of is not None) == ("possible_duplicate" in incident.flags)
        assert incident.possible_duplicate_of is None or incident.possible_duplicate_of in by_founder


def test_a_report_joined_in_doubt_flags_the_incident() -> None:
    sure = match_model().sure
    for toll in range(0, 60, 4):
        for r in resolve_incidents([in_gaza("a", 6, 5), in_gaza("b", 8, toll, targets=["market"])]):
            scores = [link.match_score for link in r.links]
            assert ("possible_split" in r.incident.flags) == (min(scores) < sure)


def test_an_incident_has_the_spot_and_the_hour_of_most_reports() -> None:
    reports = [
        in_gaza(
            "a", 6, 5, sublocation="Zeitoun neighbourhood", sublocation_kind="quarter", event_time="night"
        ),
        in_gaza(
            "b", 7, 5, sublocation="Zeitoun neighbourhood", sublocation_kind="quarter", event_time="03:40"
        ),
        in_gaza("c", 8, 5, sublocation="al-Zaytoun", event_time="night"),
    ]
    (resolved,) = resolve_incidents(reports)
    incident = resolved.incident
    assert (incident.sublocation, incident.sublocation_kind) == ("Zeitoun neighbourhood", "quarter")
    assert incident.event_time == "03:40"


def test_a_place_that_is_no_name_is_no_spot_and_the_first_of_equals_counts() -> None:
    reports = [
        in_gaza("a", 6, 5, sublocation="\u2014", event_time="night"),
        in_gaza("b", 7, 5, sublocation="Zeitoun", event_time="15:00"),
        in_gaza("c", 8, 5, sublocation="al-Shifa hospital, Zeitoun", event_time="night"),
    ]
    (resolved,) = resolve_incidents(reports)
    assert (resolved.incident.sublocation, resolved.incident.event_time) == ("Zeitoun", "night")


# -- a region -----------------------------------------------------------------------------------------


def in_region(the_id: str, hour: int, toll: int | None, **change: Any) -> Report:
    region = {"location": "Kharkiv Oblast", "geonameid": 706482, "admin1": "Kharkiv", "geo_precision": 2}
    return in_gaza(
        the_id, hour, toll, **{**region, "country": "UA", "weapon": "missile", "actor": None, **change}
    )


def in_town(the_id: str, hour: int, toll: int | None, name: str = "Izium", **change: Any) -> Report:
    town = {
        "location": name,
        "geonameid": len(name),
        "admin1": "Kharkiv",
        "latitude": 49.2,
        "longitude": 37.3,
    }
    return in_region(the_id, hour, toll, **{**town, "geo_precision": 1, **change})


def test_a_report_of_the_region_joins_the_only_strike_there_that_fits() -> None:
    resolved = resolve_incidents([in_town("a", 6, 4), in_region("b", 9, 5)])
    assert groups(resolved) == {frozenset("ab")}
    (incident,) = (r.incident for r in resolved)
    assert (incident.location, incident.fatalities_low) == ("Izium", 4), (
        "the sum of a region is no toll of a town"
    )


def test_it_waits_unplaced_where_none_or_several_fit() -> None:
    alone, faults = resolve_with_faults([in_region("b", 9, 5)])
    assert alone == []
    assert faults == {"b": [Fault.UNPLACED]}
    other = in_town("c", 7, 4, "Chuhuiv", latitude=49.8, longitude=36.7)
    resolved, faults = resolve_with_faults([in_town("a", 6, 4), other, in_region("b", 9, 5)])
    assert groups(resolved) == {frozenset("a"), frozenset("c")}
    assert faults == {"b": [Fault.UNPLACED]}


def test_of_several_strikes_in_the_region_it_means_the_one_with_its_toll() -> None:
    other = in_town("c", 7, 9, "Chuhuiv", latitude=49.8, longitude=36.7)
    resolved = resolve_incidents([in_town("a", 6, 4), other, in_region("b", 9, 9)])
    assert groups(resolved) == {frozenset("a"), frozenset("bc")}


def test_a_report_of_the_country_and_of_another_region() -> None:
    country = in_region("b", 9, 5, location="Ukraine", geonameid=690791, admin1=None, geo_precision=3)
    assert groups(resolve_incidents([in_town("a", 6, 4), country])) == {frozenset("ab")}
    sumy = in_region("b", 9, 5, location="Sumy Oblast", admin1="Sumy")
    assert groups(resolve_incidents([in_town("a", 6, 4), sumy])) == {frozenset("a")}


def test_the_total_of_a_country_is_not_that_of_a_town() -> None:
    country = in_region("b", 9, 30, location="Ukraine", geonameid=690791, admin1=None, geo_precision=3)
    resolved = resolve_incidents([in_town("a", 6, 14), country])
    assert [r.incident.fatalities_low for r in resolved] == [14]


def test_a_precision_of_no_list_does_not_make_a_town_a_country() -> None:
    for precision in (0, 4):
        assert len(resolve_incidents([in_town("a", 6, 4, geo_precision=precision)])) == 1


def test_a_district_is_a_place_of_its_own() -> None:
    district = in_region("b", 9, 5, location="Kupiansk", geonameid=7)
    assert groups(resolve_incidents([district])) == {frozenset("b")}


# -- corrections --------------------------------------------------------------------------------------


def correction(the_id: str, hour: int, toll: int, **change: Any) -> Report:
    words = Evidence("fatalities_low", f"Officials lowered the toll to {toll}.", 0, 10)
    return in_gaza(the_id, hour, toll, evidence=[words], **change)


def test_children_and_targets_of_a_refuted_toll_go_with_it() -> None:
    wrong = in_gaza("a", 6, 12, child_fatalities=5, targets=["school", "residential"], injured_low=30)
    (resolved,) = resolve_incidents([wrong, correction("b", 9, 9, targets=["residential"], injured_low=20)])
    incident = resolved.incident
    assert (incident.fatalities_low, incident.child_fatalities, incident.injured_low) == (9, None, 20)
    assert incident.targets == ["residential"]


def test_a_small_correction_leaves_the_injured_that_nobody_else_gives() -> None:
    wrong = in_gaza("a", 6, 12, injured_low=30, injured_best=30, injured_high=30)
    (resolved,) = resolve_incidents([wrong, correction("b", 9, 11)])
    assert (resolved.incident.fatalities_low, resolved.incident.injured_low) == (11, 30)
    (resolved,) = resolve_incidents([in_gaza("a", 6, 100, injured_low=30), correction("b", 9, 11)])
    assert resolved.incident.injured_low is None


# -- the weights --------------------------------------------------------------------------------------


def test_a_probability_counts_the_other_strikes_and_a_new_one() -> None:
    assert share(0.0, []) == pytest.approx(1 / 2)
    assert share(0.0, [0.0]) == pytest.approx(1 / 3)
    assert share(900.0, [-900.0]) == pytest.approx(1.0)


def test_spoilt_weights_are_refused() -> None:
    good = {"weights": {"a=b": 1}, "intercept": 0, "join": 0.5, "surely_old": 0.9, "sure": 0.7, "doubt": 0.1}
    assert read_match_model(good).log_odds((("a", "b"), ("c", "d"))) == 1
    for bad in ({**good, "more": 1}, {**good, "weights": []}, {**good, "join": "much"}):
        with pytest.raises(MatchWeightsInvalid):
            read_match_model(bad)


def test_the_version_names_the_data_files() -> None:
    assert resolver_version().startswith("resolver-5-")
