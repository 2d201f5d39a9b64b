from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_records import a_report

from schemas.records import Evidence, Report
from schemas.step_records import RunContext
from transforms.resolution.resolve import resolve_incidents
from transforms.resolution.toll_history import toll_history
from transforms.util.signature import COPY_SIMILARITY, count_sources, similarity, text_signature

FRIDAY, SATURDAY = dt.date(2025, 4, 4), dt.date(2025, 4, 5)


def on(day: int, until: int | None = None) -> dict[str, dt.date]:
    return {"event_date_start": dt.date(2025, 4, day), "event_date_end": dt.date(2025, 4, until or day)}


def incidents_of(reports: list[Report]) -> set[frozenset[str]]:
    return {frozenset(link.report_id for link in r.links) for r in resolve_incidents(reports)}


def is_one_incident(*reports: Report) -> bool:
    return incidents_of(list(reports)) == {frozenset(r.report_id for r in reports)}


# -- which reports make one incident ------------------------------------------------------------------


def test_two_reports_of_one_strike() -> None:
    assert is_one_incident(
        a_report(0), a_report(1, fatalities_low=18, fatalities_best=18, fatalities_high=18)
    )


def test_reports_of_different_days_are_different_strikes() -> None:
    assert not is_one_incident(a_report(0, **on(2)), a_report(1, **on(4)))


def test_reports_of_different_towns_are_different_strikes_even_with_equal_tolls() -> None:
    kharkiv = a_report(1, location="Kharkiv", geonameid=706483, latitude=49.98, longitude=36.25)
    assert not is_one_incident(a_report(0), kharkiv)


def test_a_suburb_without_an_id_is_near_its_town() -> None:
    suburb = a_report(1, location="Hdantsivka", geonameid=None, latitude=47.92, longitude=33.42)
    assert is_one_incident(a_report(0), suburb)


def test_two_reports_of_one_article_never_share_an_incident() -> None:
    first = a_report(0)
    second = dataclasses.replace(a_report(0), report_id="other")
    assert len(incidents_of([first, second])) == 2


def test_reports_of_other_articles_do_not_bring_two_of_one_article_together() -> None:
    others = [a_report(n) for n in range(1, 10)]
    first, second = a_report(0), dataclasses.replace(a_report(0), report_id="other")
    for group in incidents_of([first, second, *others]):
        assert not {first.report_id, "other"} <= group


def test_a_night_spans_two_days_but_consecutive_nights_are_not_one_incident() -> None:
    first, second, third = a_report(0, **on(2, 3)), a_report(1, **on(3, 4)), a_report(2, **on(4, 5))
    assert all(len(g) < 3 for g in incidents_of([first, second, third]))
    assert is_one_incident(a_report(0, **on(3, 4)), a_report(1, **on(4)))


def test_an_article_that_reports_missile_and_drones_separately_separates_them_for_other_articles() -> None:
    missile = a_report(0, weapon="missile")
    drones = dataclasses.replace(
        a_report(0, weapon="drone", fatalities_low=1, fatalities_best=1, fatalities_high=1),
        report_id="drones",
    )
    other = a_report(3, weapon="drone", fatalities_low=1, fatalities_best=1, fatalities_high=1)
    assert frozenset({"drones", other.report_id}) in incidents_of([missile, drones, other])


def test_a_report_without_dates_joins_the_only_incident_that_fits_and_founds_none() -> None:
    undated = a_report(1, event_date_start=None, event_date_end=None, time_precision=None)
    assert resolve_incidents([undated]) == []
    assert is_one_incident(a_report(0), undated)
    two = [a_report(0, **on(2)), a_report(2, **on(4)), undated]
    assert all(undated.report_id not in g for g in incidents_of(two))


# -- identity ---------------------------------------------------------------------------------------


def test_the_founder_is_the_earliest_published() -> None:
    (resolved,) = resolve_incidents([a_report(5), a_report(1), a_report(3)])
    assert resolved.incident.incident_id == f"i-{a_report(1).report_id}"


def test_the_id_does_not_change_with_later_reports_nor_with_the_toll() -> None:
    before = resolve_incidents([a_report(0)])[0].incident
    after = resolve_incidents([a_report(0, fatalities_low=99), a_report(7)])[0].incident
    assert before.incident_id == after.incident_id


def world() -> list[Report]:
    """Many reports of strikes on three towns on several days, some of them vague or without a date."""
    towns = [
        ("Kryvyi Rih", 703845, 47.9, 33.4),
        ("Kharkiv", 706483, 49.98, 36.25),
        ("Sumy", 692194, 50.9, 34.8),
    ]
    reports = []
    for n in range(24):
        name, geonameid, latitude, longitude = towns[n % 3]
        day = 1 + (n * 5) % 4
        dates: dict[str, dt.date | None] = dict(on(day, day + (n % 4 == 0)))
        if n % 11 == 7:
            dates = {"event_date_start": None, "event_date_end": None}
        change = {"location": name, "geonameid": geonameid, "latitude": latitude, "longitude": longitude}
        toll = 2 + n % 5
        reports.append(
            a_report(
                n,
                weapon=("missile", "drone", "unknown")[n % 3 if n % 2 else 2],
                fatalities_low=toll,
                fatalities_best=toll,
                fatalities_high=toll if n % 2 else None,
                **change,
                **dates,
            )
        )
    return reports


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_does_not_matter(rnd: random.Random) -> None:
    reports = world()
    expected = resolve_incidents(reports)
    rnd.shuffle(reports)
    assert resolve_incidents(reports) == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 23))
def test_every_dated_report_is_in_exactly_one_incident(number: int) -> None:
    reports = world()[:number]
    links = [link.report_id for r in resolve_incidents(reports) for link in r.links]
    assert len(links) == len(set(links))
    assert {r.report_id for r in reports if r.event_date_start} <= set(links)


# -- the resolved fields ----------------------------------------------------------------------------


def test_fields_are_chosen_by_rule() -> None:
    reports = [
        a_report(0, weapon="missile", targets=["residential"], **on(4, 5)),
        a_report(1, weapon="ballistic_missile", targets=["playground"], **on(4)),
        a_report(2, weapon="unknown", actor=None, targets=[], **on(4)),
    ]
    incident = resolve_incidents(reports)[0].incident
    assert incident.weapon == "ballistic_missile"
    assert (incident.event_date_start, incident.event_date_end) == (FRIDAY, FRIDAY)
    assert incident.targets == ["playground", "residential"]
    assert incident.actor == "Russia"
    assert (incident.number_of_reports, incident.number_of_sources) == (3, 3)
    assert incident.revision == len(resolve_incidents(reports)[0].history)


def test_one_outlet_is_one_source() -> None:
    reports = [a_report(0, source_name="Wire"), a_report(1, source_name="Wire"), a_report(2)]
    assert resolve_incidents(reports)[0].incident.number_of_sources == 2


def exact(n: int, toll: int, **change: object) -> Report:
    return a_report(n, fatalities_low=toll, fatalities_best=toll, fatalities_high=toll, **change)


def steps(*reports: Report) -> list[int | None]:
    return [s.fatalities_low for s in toll_history("i-x", list(reports))]


def test_the_toll_grows_and_each_step_names_its_report() -> None:
    reports = [exact(0, 4), exact(1, 14), exact(2, 14), exact(3, 18)]
    history = toll_history("i-x", reports)
    assert [s.fatalities_low for s in history] == [4, 14, 18]
    assert [s.report_id for s in history] == [
        reports[0].report_id,
        reports[1].report_id,
        reports[3].report_id,
    ]
    assert [s.valid_to for s in history] == [history[1].valid_from, history[2].valid_from, None]
    assert [s.is_current for s in history] == [False, False, True]


def test_an_old_figure_does_not_lower_the_toll() -> None:
    late = a_report(2, fatalities_low=14, fatalities_best=14, fatalities_high=None)
    assert steps(exact(0, 4), exact(1, 18), late) == [4, 18]
    assert steps(exact(0, 18), exact(1, 14)) == [18]


def test_a_correction_lowers_the_toll() -> None:
    corrected = exact(
        1, 8, evidence=[Evidence("fatalities_low", "lowering an earlier figure of nine", 0, 34)]
    )
    assert steps(exact(0, 9), corrected) == [9, 8]


def test_a_figure_that_two_further_sources_confirm_lowers_the_toll() -> None:
    assert steps(exact(0, 9), exact(1, 8), exact(2, 8), exact(3, 8)) == [9, 8]


def test_an_exact_figure_closes_an_open_one_but_an_open_figure_does_not_change_an_exact_one() -> None:
    at_least = a_report(0, fatalities_low=18, fatalities_best=18, fatalities_high=None)
    history = toll_history("i-x", [at_least, exact(1, 18)])
    assert [(s.fatalities_low, s.fatalities_high) for s in history] == [(18, None), (18, 18)]
    assert steps(exact(0, 18), dataclasses.replace(at_least, report_id="z")) == [18]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=8))
def test_histories_are_well_formed(tolls: list[tuple[int, bool]]) -> None:
    reports = [
        a_report(n, fatalities_low=toll, fatalities_best=toll, fatalities_high=toll if is_exact else None)
        for n, (toll, is_exact) in enumerate(tolls)
    ]
    history = toll_history("i-x", reports)
    assert [s.revision for s in history] == list(range(1, len(history) + 1))
    assert [s.is_current for s in history].count(True) == 1
    for step in history:
        known = [
            x for x in (step.fatalities_low, step.fatalities_best, step.fatalities_high) if x is not None
        ]
        assert known == sorted(known)


@pytest.mark.parametrize("country", ["UA", None])
def test_the_transform_groups_by_scope(country: str | None) -> None:
    import apache_beam as beam
    from apache_beam.testing.test_pipeline import TestPipeline
    from apache_beam.testing.util import assert_that, equal_to

    from transforms.resolution.resolve import to_resolve
    from transforms.resolve_incidents import ResolveIncidents

    reports = [a_report(n, country=country) for n in range(3)]
    with TestPipeline("FnApiRunner") as pipeline:
        found = (
            pipeline
            | beam.Create([to_resolve(r) for r in reports])
            | ResolveIncidents(RunContext("run-1", "2025-04-10T00:00:00Z"))
        )
        assert_that(found, equal_to(resolve_incidents(reports)))


# -- sources ----------------------------------------------------------------------------------------


def count_sources_slowly(reports: list[tuple[str, str | None]]) -> int:
    """Merge groups of reports that share an outlet or have similar texts, until nothing changes."""
    groups = [{n} for n in range(len(reports))]

    def is_one_source(a: int, b: int) -> bool:
        (outlet, text), (other_outlet, other_text) = reports[a], reports[b]
        is_copy = bool(text and other_text and similarity(text, other_text) >= COPY_SIMILARITY)
        return outlet == other_outlet or is_copy

    merged = True
    while merged:
        merged = False
        for a, b in itertools.combinations(groups, 2):
            if any(is_one_source(x, y) for x in a for y in b):
                groups = [g for g in groups if g is not a and g is not b] + [a | b]
                merged = True
                break
    return len(groups)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDEF"), st.one_of(st.none(), st.lists(st.integers(0, 1), min_size=4, max_size=4))),
        max_size=9,
    )
)  # fmt: skip
def test_sources_are_counted_as_by_the_slow_method(reports: list[tuple[str, list[int] | None]]) -> None:
    # Each of the four values fills a quarter of the signature, so two texts with two equal values are copies.
    signed = [(o, "".join(f"{v:08x}" * 8 for v in bits) if bits else None) for o, bits in reports]
    assert count_sources(signed) == count_sources_slowly(signed)


def test_a_copy_of_a_wire_text_is_not_a_separate_source_and_a_malformed_signature_is_ignored() -> None:
    text = " ".join(f"word{n}" for n in range(300))
    wire = text_signature(text)
    edited = text_signature("Our own first line. " + text.replace("word7 ", "this "))
    other = text_signature(" ".join(f"other{n}" for n in range(300)))
    assert count_sources([("A", wire), ("B", edited), ("C", other), ("D", None)]) == 3
    assert count_sources([("A", "no hexadecimal"), ("B", "00"), ("C", wire)]) == 3
