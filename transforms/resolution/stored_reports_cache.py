"""The stored reports that were read so far, so that none is read twice, with an index by place and day."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from transforms.resolution.day_index import DayIndex
from transforms.resolution.event_days import SLACK_DAYS
from transforms.resolution.report_summary import PublicationTime, ReportSummary, StoredReports

SHARED_QUERY_MAX_DAYS = 7
"""The search around a report whose dates span more days is a separate query. A query covers all days from the
first to the last of its reports. So one report dated "this year" would make it read a whole year for all."""


class StoredReportsCache:
    """Reports by place and day, and by incident.

    Args:
        stored: where reports are read from.
        excluded: ids of stored reports that no longer count. They are never near another report.
    """

    def __init__(self, stored: StoredReports, excluded: Collection[str]) -> None:
        self._stored = stored
        self._excluded = excluded
        self._known_ids: set[str] = set()
        self._index: DayIndex[ReportSummary] = DayIndex()
        self._of_incident: dict[str, list[ReportSummary]] = {}

    def add(self, reports: Iterable[ReportSummary]) -> None:
        """Add reports. Of several with one id the first counts, so the caller adds new reports first."""
        for report in reports:
            if report.report_id in self._known_ids or report.report_id in self._excluded:
                continue
            self._known_ids.add(report.report_id)
            days = days_with_slack(report, SLACK_DAYS)
            if days is not None:
                self._index.add(report.place.keys, *days, report)

    def read_incidents(self, incident_ids: Iterable[str]) -> None:
        """Read the reports of incidents."""
        unread = [i for i in incident_ids if i not in self._of_incident]
        if not unread:
            return
        self._of_incident.update((i, []) for i in unread)
        for report in self._stored.of_incidents(unread):
            self.add([report])
            self._of_incident[report.incident_id or ""].append(report)

    def of_incident(self, incident_id: str) -> Sequence[ReportSummary]:
        """Return the reports of an incident that was read before, also the excluded ones."""
        return self._of_incident[incident_id]

    def read_near(self, reports: Iterable[ReportSummary], since: PublicationTime | None) -> None:
        """Read the stored reports that are near some reports and were published no earlier than ``since``."""
        short: list[ReportSummary] = []
        long: list[ReportSummary] = []
        for report in reports:
            if report.first_day is not None and report.last_day is not None:
                is_long = report.last_day - report.first_day > SHARED_QUERY_MAX_DAYS
                (long if is_long else short).append(report)
        for group in (short, long):
            if group:
                keys = {key for report in group for key in report.place.keys}
                # Twice the slack: the day of either report may be wrong.
                ranges = [days for report in group if (days := days_with_slack(report, 2 * SLACK_DAYS))]
                first, last = min(first for first, _ in ranges), max(last for _, last in ranges)
                self.add(self._stored.near(keys, first, last, since))

    def near(self, report: ReportSummary) -> Iterator[ReportSummary]:
        """Yield the reports read so far that share a place key and a day, slack included, with a report."""
        days = days_with_slack(report, SLACK_DAYS)
        if days is not None:
            yield from distinct(self._index.overlapping(report.place.keys, *days))


def days_with_slack(report: ReportSummary, slack: int) -> tuple[int, int] | None:
    """Return the first and last day of a report, widened by ``slack`` days on each side; None if undated."""
    if report.first_day is None or report.last_day is None:
        return None
    return report.first_day - slack, report.last_day + slack


def distinct(reports: Iterable[ReportSummary]) -> Iterable[ReportSummary]:
    """Return each report once, by its id."""
    return {report.report_id: report for report in reports}.values()
