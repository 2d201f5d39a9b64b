"""The days on which a strike may have happened, according to one report. Days are ordinals of dates."""

import datetime as dt
from dataclasses import dataclass

from schemas.records import Report
from transforms.resolution.place_similarity import is_coarse

SLACK_DAYS = 1
"""A day that was assumed from the publication may be wrong by this many days."""
MAIN_LOOKBACK_DAYS = 31
"""An article about a strike that gives no date means a strike of about the last month."""
BACKGROUND_LOOKBACK_DAYS = 366
"""An article that only mentions a strike as background may mean one of the last year."""


@dataclass(frozen=True, slots=True)
class EventDays:
    """First and last day, both included. ``is_assumed``: no sentence gives the day, so it was taken from the
    time of publication."""

    start: int
    end: int
    is_assumed: bool

    def with_slack(self) -> tuple[int, int]:
        """Return the first and the last day on which the strike may match another report's strike."""
        slack = SLACK_DAYS if self.is_assumed else 0
        return self.start - slack, self.end + slack


def event_days(report: Report) -> EventDays:
    """Return the days of a report that has a date."""
    assert report.event_date_start is not None
    end = report.event_date_end or report.event_date_start
    # Evidence without a position in the text: the publication time stands for the date.
    is_assumed = any(e.field == "event_date_start" and e.start is None for e in report.evidence)
    return EventDays(report.event_date_start.toordinal(), end.toordinal(), is_assumed)


def is_loose(report: Report) -> bool:
    """Return whether a report can found no incident: it has no date, or only a whole region or country as its
    place."""
    return report.event_date_start is None or is_coarse(report.location, report.admin1, report.geo_precision)


def days_of_loose(report: Report) -> tuple[int, int]:
    """Return the first and the last day of the strikes that a report may mean that can found no incident."""
    if report.event_date_start is not None:
        return event_days(report).with_slack()
    return possible_days(report.published_at, report.is_main)


def possible_days(published_at: str | None, is_main: bool) -> tuple[int, int]:
    """Return the first and the last day of the strikes that a report without a date may mean.

    Args:
        published_at: UTC instant; if it is unknown, any day is possible.
        is_main: the article is about the strike; otherwise it mentions the strike as background.
    """
    if published_at is None:
        return 1, dt.date.max.toordinal()
    day = dt.date.fromisoformat(published_at[:10]).toordinal()
    lookback = MAIN_LOOKBACK_DAYS if is_main else BACKGROUND_LOOKBACK_DAYS
    # Local clocks run ahead of UTC, so the local date may be one day later than the date of publication.
    return day - lookback, day + 1
