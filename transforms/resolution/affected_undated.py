"""Find the loose reports that new reports affect (rule 5 of ``transforms.resolution.affected``).

A report without a date, or with a whole region as its place, joins an incident only if exactly one fits. It
is re-evaluated if an incident that it may mean is affected and has a report at the very same place or in the
region. Then the incidents that it may mean must be derived again: all of them, or only two that fit with
certainty. Two certain matches already prove that the report is ambiguous.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from schemas.vocabulary import ANY_FAMILY
from transforms.resolution.day_index import DayIndex
from transforms.resolution.event_days import SLACK_DAYS
from transforms.resolution.place_similarity import CITY_PART, place_score
from transforms.resolution.report_summary import ReportSummary, StoredReports
from transforms.resolution.stored_reports_cache import StoredReportsCache, days_with_slack, distinct

RECENT_DAYS = 30
"""Certain matches are first looked for in this many days before the report's last possible day."""
AMBIGUOUS_FROM = 2
"""With this many certain matches, a report is ambiguous and joins no incident."""
MAX_CERTAIN_MATCHES = 3
"""The search stops after this many: one more than needed, because the report's own article may report one."""


def find_affected_undated(
    new: Iterable[ReportSummary],
    changed: Iterable[ReportSummary],
    affected: Collection[str],
    stored: StoredReports,
    cache: StoredReportsCache,
) -> tuple[Collection[str], Collection[str]]:
    """Return the ids of the reports without a date to re-evaluate, and of more incidents to derive again.

    Args:
        new: reports without a settled link.
        changed: the new, removed and re-evaluated reports.
        affected: ids of the affected incidents, all of them read into the cache.
        stored: reads the stored reports.
        cache: what was read so far.
    """
    changed = [*changed, *(member for i in affected for member in cache.of_incident(i))]
    undated = {r.report_id: r for r in _undated_affected_by(changed, stored)}
    undated.update((r.report_id, r) for r in new if r.first_day is None)
    article_urls = {r.article_url for r in undated.values()}
    if article_urls:
        # Two reports of one article cannot join the same incident, so each depends on the other.
        undated.update((r.report_id, r) for r in stored.undated((), article_urls))
    search = _IncidentSearch(affected, stored, cache)
    search.run(list(undated.values()))
    return undated.keys(), search.incidents


def _undated_affected_by(changed: Iterable[ReportSummary], stored: StoredReports) -> Iterable[ReportSummary]:
    """Yield the stored reports without a date that may mean the strike of a changed report."""
    changed_days: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for report in changed:
        days = days_with_slack(report, SLACK_DAYS)
        if days is not None:
            for key in (*report.place.keys, *report.place.region_keys):
                changed_days[key].append(days)
    if not changed_days:
        return
    for undated in stored.undated(set(changed_days), ()):
        begin, end = _possible_days(undated)
        if any(
            begin <= last and first <= end
            for key in undated.place.name_keys
            for first, last in changed_days.get(key, ())
        ):
            yield undated


class _IncidentSearch:
    """The incidents that reports without a date may mean, as far as they must be derived again.

    ``incidents``: their ids, without the incidents that are affected anyway.
    """

    def __init__(self, affected: Collection[str], stored: StoredReports, cache: StoredReportsCache) -> None:
        self.incidents: set[str] = set()
        self._affected, self._stored, self._cache = affected, stored, cache

    def run(self, undated: Sequence[ReportSummary]) -> None:
        """Add the incidents of the reports' links, and those that the reports may mean.

        A report with two certain matches needs no other incident. A city that is struck every night would
        otherwise be read for a whole year.
        """
        self._add(r.incident_id for r in undated)
        remaining = list(undated)
        matches: dict[str, list[ReportSummary]] = {}
        for lookback_days in (RECENT_DAYS, None):
            matches = self._possible_matches(remaining, lookback_days)
            certain = {r.report_id: self._certain_incidents(r, matches[r.report_id]) for r in remaining}
            self._add(i for incidents in certain.values() for i in incidents)
            remaining = [r for r in remaining if not self._is_ambiguous(r, certain[r.report_id])]
        self._add(match.incident_id for r in remaining for match in matches[r.report_id])

    def _add(self, incident_ids: Iterable[str | None]) -> None:
        missing = {i for i in incident_ids if i} - self.incidents
        missing.difference_update(self._affected)
        self._cache.read_incidents(sorted(missing))
        self.incidents |= missing

    def _possible_matches(
        self, undated: Sequence[ReportSummary], lookback_days: int | None
    ) -> dict[str, list[ReportSummary]]:
        """Return the dated reports with a link whose strike each report without a date may mean.

        Args:
            undated: the reports without a date.
            lookback_days: how far back from the last possible day; None means all possible days.
        """
        if not undated:
            return {}
        ranges = {}
        for report in undated:
            first, last = _possible_days(report)
            if lookback_days is not None:
                first = max(first, last - lookback_days)
            ranges[report.report_id] = first, last
        keys = {key for report in undated for key in report.place.name_keys}
        first, last = min(first for first, _ in ranges.values()), max(last for _, last in ranges.values())
        index: DayIndex[ReportSummary] = DayIndex()
        for other in self._stored.near(keys, first, last, None):
            days = days_with_slack(other, 0)
            if other.incident_id is not None and days is not None:
                index.add((*other.place.keys, *other.place.region_keys), *days, other)
        return {
            report.report_id: list(
                distinct(index.overlapping(report.place.name_keys, *ranges[report.report_id]))
            )
            for report in undated
        }

    def _certain_incidents(self, report: ReportSummary, matches: Iterable[ReportSummary]) -> list[str]:
        """Return a few incidents that fit a report without a date, whatever their other reports say.

        An affected incident is never certain: a new report may join it and change it. Nor is one for a report
        that names a whole region: of several, the one with its toll fits.
        """
        if report.place.is_coarse:
            return []
        first, last = _possible_days(report)
        certain: dict[str, None] = {}
        for match in sorted(matches, key=lambda r: r.report_id):
            # The other reports of the incident can move its consensus, so its days must lie well inside.
            days = days_with_slack(match, 2 * SLACK_DAYS)
            if (
                match.incident_id is not None
                and days is not None
                and first <= days[0]
                and days[1] <= last
                and report.family in (ANY_FAMILY, match.family)
                and place_score(report.place, match.place) >= CITY_PART
                and match.incident_id not in self._affected
            ):
                certain[match.incident_id] = None
            if len(certain) >= MAX_CERTAIN_MATCHES:
                break
        return list(certain)

    def _is_ambiguous(self, report: ReportSummary, certain: Sequence[str]) -> bool:
        """Return whether enough certain incidents remain without those that the report's article reports."""
        of_other_articles = [
            incident_id
            for incident_id in certain
            if all(m.article_url != report.article_url for m in self._cache.of_incident(incident_id))
        ]
        return len(of_other_articles) >= AMBIGUOUS_FROM


def _possible_days(report: ReportSummary) -> tuple[int, int]:
    first, last = report.possible_days
    return first - SLACK_DAYS, last + SLACK_DAYS
