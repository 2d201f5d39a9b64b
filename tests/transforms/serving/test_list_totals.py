"""Totals: ranges, and what they leave out."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_snapshot import a_snapshot, an_incident

from transforms.serving.list_filter import ListFilter
from transforms.serving.list_totals import ListTotals, TollRange


def killed(low: int | None, high: int | None) -> dict[str, Any]:
    return {"fatalities_low": low, "fatalities_best": low, "fatalities_high": high}


EVERYTHING = ListFilter()


def totals(*rows: dict[str, Any], wanted: ListFilter = EVERYTHING) -> ListTotals:
    return a_snapshot(rows).selector.select(wanted).totals


def test_a_sum_is_a_range() -> None:
    found = totals(an_incident(1, **killed(10, 15)), an_incident(2, **killed(2, 2)))
    assert found.killed == TollRange(12, 17, without=0, open_ended=0)
    assert found.injured == TollRange(0, 0, without=2, open_ended=0)


def test_one_toll_without_an_upper_limit_leaves_the_sum_without_one() -> None:
    found = totals(
        an_incident(1, **killed(10, None)),
        an_incident(2, **killed(2, 2)),
        an_incident(3, **killed(None, None)),
    )
    assert found.killed == TollRange(12, None, without=1, open_ended=1)


def test_an_upper_limit_alone_counts_from_nothing() -> None:
    assert totals(an_incident(1, **killed(None, 20))).killed == TollRange(0, 20, without=0, open_ended=0)


def test_doubtful_and_historical_incidents_never_count() -> None:
    rows = [
        an_incident(1), an_incident(2, status="needs_review", **killed(999, 999)),
        an_incident(3, first_reported_at="2025-08-01T00:00:00Z", **killed(999, 999)),
        an_incident(4, status="rejected", **killed(999, 999)), an_incident(5, claim_status="disputed"),
    ]  # fmt: skip
    found = totals(*rows)
    assert (found.incidents, found.counted, found.doubtful, found.historical, found.disputed) == (
        4,
        2,
        1,
        1,
        1,
    )
    assert found.killed == TollRange(4, 4, 0, 0)
    rejected = totals(*rows, wanted=ListFilter(status="rejected"))
    assert (rejected.incidents, rejected.counted, rejected.killed.low) == (1, 0, 0)


TOLLS = st.none() | st.integers(0, 9)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(["auto", "needs_review"]), TOLLS, TOLLS, TOLLS, TOLLS), max_size=20)
)
def test_a_range_is_that_of_the_rows_that_count(
    tolls: list[tuple[str, int | None, int | None, int | None, int | None]],
) -> None:
    rows = [
        an_incident(n, status=s, fatalities_low=a, fatalities_high=b, injured_low=c, injured_high=d)
        for n, (s, a, b, c, d) in enumerate(tolls)
    ]
    found = totals(*rows)
    for kind, given_range in (("fatalities", found.killed), ("injured", found.injured)):
        ends = [(r[f"{kind}_low"], r[f"{kind}_high"]) for r in rows if r["status"] == "auto"]
        open_ended = sum(low is not None and high is None for low, high in ends)
        assert given_range == TollRange(
            low=sum(low or 0 for low, _ in ends),
            high=None if open_ended else sum(high or 0 for _, high in ends),
            without=sum(low is None and high is None for low, high in ends),
            open_ended=open_ended,
        )


def test_parts_add_up() -> None:
    rows = [an_incident(n, status=s, first_reported_at=f) for n, (s, f) in enumerate(
        (s, f) for s in ("auto", "needs_review", "confirmed") for f in (None, "2025-04-04T00:00:00Z", "2026-01-01T00:00:00Z")
    )]  # fmt: skip
    found = totals(*rows)
    assert found.incidents == found.counted + found.doubtful + found.historical == 9
