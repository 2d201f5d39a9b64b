"""Reports that are near each other but make two incidents, and the reason given for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sample_records import a_report

from schemas.records import Evidence, Report
from transforms.resolution.neighbours import DatedReports, separation_of, why_apart
from transforms.resolution.resolve import resolve_incidents

CASES: list[tuple[str, dict[str, object], str]] = [
    ("another day", {"event_date_start": dt.date(2025, 4, 2), "event_date_end": dt.date(2025, 4, 2)}, "other days"),
    ("another place", {"location": "Kamianske", "geonameid": 709932, "latitude": 47.97}, "other place, 8 km away"),
    ("one article", {"article_url": a_report(0).article_url}, "one article reports both"),
    ("another weapon and actor on one town and day", {"weapon": "artillery", "actor": "Ukraine", "targets": ["market"],
                                          "fatalities_low": 2, "fatalities_best": 2, "fatalities_high": 2},
     "same place, same dates, other weapon, other toll, other target, other actor; 0.50 is needed"),
    ("the next village at the front", {"location": "Radushne", "geonameid": 5, "latitude": 47.87,
                                       "fatalities_low": 3, "fatalities_best": 3, "fatalities_high": 3},
     "neighbouring town, same dates, same kind of weapon, other toll"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_they_are_two_incidents_and_the_reason_is_given(change: dict[str, object], reason: str) -> None:
    first, other = a_report(0), a_report(3, report_id="other", **change)
    assert len(resolve_incidents([first, other])) == 2
    apart = why_apart([first], [other])
    assert apart == why_apart([other], [first])
    assert reason in apart.reason
    assert (apart.score is None) == ("is needed" not in apart.reason)
    assert apart.score is None or apart.score < 0.5


def test_a_comparison_says_the_same_after_others_and_reads_only_what_it_needs() -> None:
    read: list[str] = []

    def in_order(*numbers: int, **change: object) -> Iterator[Report]:
        for n in numbers:
            read.append(f"{n}")
            yield a_report(n, **change)

    different = {"weapon": "artillery", "fatalities_low": 2, "fatalities_best": 2, "fatalities_high": 2}
    others = ([9], [4, 5], [0, 7], [1])
    own = DatedReports(in_order(2, 3, 6, 8))
    found = [separation_of(own, DatedReports(in_order(*some, **different))) for some in others]
    assert read == ["2", "9", "3", "6", "8", "4", "0", "7", "1"]
    assert found == [
        why_apart([a_report(n) for n in (2, 3, 6, 8)], [a_report(n, **different) for n in some])
        for some in others
    ]


def is_one_incident(*reports: Report) -> bool:
    return len(resolve_incidents(reports)) == 1


def test_a_quarter_is_in_its_city_but_two_quarters_are_two_incidents() -> None:
    def in_kharkiv(n: int, name: str, latitude: float, **change: object) -> Report:
        return a_report(n, location=name, geonameid=None, latitude=latitude, longitude=36.25, **change)

    city = in_kharkiv(1, "Kharkiv", 49.98)
    other_toll = {"fatalities_low": 2, "fatalities_best": 2, "fatalities_high": 2, "weapon": "drone"}
    saltivka, hora = in_kharkiv(2, "Saltivka", 50.04), in_kharkiv(3, "Kholodna Hora", 49.96, **other_toll)
    assert is_one_incident(city, saltivka)
    assert not is_one_incident(saltivka, hora)
    assert (
        resolve_incidents([city, saltivka, in_kharkiv(4, "Saltivka", 50.04)])[0].incident.location
        == "Saltivka"
    )


def test_a_strike_reported_under_two_disputing_countries_is_one_incident() -> None:
    golan = {"location": "Majdal Shams", "latitude": 33.27, "longitude": 35.77, "geonameid": None}
    assert is_one_incident(a_report(0, country="IL", **golan), a_report(1, country="SY", **golan))
    assert not is_one_incident(a_report(0, country="IL", **golan), a_report(1, country="YE", **golan))


def test_an_assumed_day_may_be_wrong_by_one() -> None:
    def assumed(n: int, day: int) -> Report:
        evidence = [Evidence("event_date_start", "published 2025-04-05", None, None)]
        return a_report(
            n, evidence=evidence, event_date_start=dt.date(2025, 4, day), event_date_end=dt.date(2025, 4, day)
        )

    night = a_report(1, event_date_end=dt.date(2025, 4, 5))
    assert is_one_incident(assumed(0, 5), a_report(2)), "it may be wrong by a day"
    assert is_one_incident(assumed(0, 5), night, a_report(2)), "it does not reduce a night to one day"
    assert not is_one_incident(assumed(0, 6), a_report(2))
    (resolved,) = resolve_incidents([assumed(0, 5), night])
    assert (resolved.incident.event_date_start.day, resolved.incident.event_date_end.day) == (4, 5)


def test_the_reports_of_an_article_get_the_different_strikes_with_the_highest_sum() -> None:
    missile, drone = (
        a_report(0, weapon="missile"),
        a_report(
            1, weapon="drone", targets=["school"], fatalities_low=1, fatalities_best=1, fatalities_high=1
        ),
    )
    url = "https://outlet.example/both"
    vague = a_report(5, article_url=url, report_id="a", weapon="unknown", targets=[], fatalities_low=None,
                     fatalities_best=None, fatalities_high=None)  # fmt: skip
    exact = a_report(5, article_url=url, report_id="b", weapon="drone", targets=["school"], fatalities_low=1,
                     fatalities_best=1, fatalities_high=1)  # fmt: skip
    groups = {
        frozenset(link.report_id for link in r.links)
        for r in resolve_incidents([missile, drone, vague, exact])
    }
    assert groups == {frozenset({missile.report_id, "a"}), frozenset({drone.report_id, "b"})}


def test_an_incident_is_disputed_if_two_sides_blame_each_other() -> None:
    (resolved,) = resolve_incidents([a_report(0, actor="Russia"), a_report(1, actor="Ukraine")])
    assert resolved.incident.claim_status == "disputed"
    (resolved,) = resolve_incidents([a_report(n, actor="Ukraine" if n == 5 else "Russia") for n in range(6)])
    assert resolved.incident.claim_status == "reported"
