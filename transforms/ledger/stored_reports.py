"""The stored reports that a run's new ones can affect, with the links that still hold."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from schemas.identity import utc_iso
from schemas.records import IncidentReport, Report
from schemas.rows import Row, row_to_record
from schemas.sql_files import statement
from schemas.step_records import AffectedIncident, ReportToResolve
from schemas.vocabulary import Weapon
from transforms.resolution.affected import find_affected
from transforms.resolution.dated_report import family_of
from transforms.resolution.event_days import SLACK_DAYS, possible_days
from transforms.resolution.place_similarity import reported_place
from transforms.resolution.report_summary import PublicationTime, ReportSummary
from transforms.resolution.version import resolver_version
from transforms.resolution.vetting import date_fault, on_globe, usable_precision
from transforms.warehouse import Warehouse

_WEAPONS = frozenset(Weapon)
_FIRST_DAY, _LAST_DAY = dt.date.min.toordinal(), dt.date.max.toordinal()
_NOT_IN_PLACE_NAMES: Row = dict.fromkeys(
    ("report_id", "article_url", "event_date_start", "event_date_end", "published_at", "is_main", "weapon")
)
"""What a row of ``place_names.sql`` lacks of a report."""


def summarise_report(row: Mapping[str, Any]) -> ReportSummary:
    """Return the summary of a report's row: what decides which incidents it can affect."""
    published = utc_iso(row["published_at"])
    start, end = _date(row["event_date_start"]), _date(row["event_date_end"])
    if date_fault(start, end, published) is not None:
        start = None
    latitude, longitude = row["latitude"], row["longitude"]
    if not on_globe(latitude, longitude):
        latitude = longitude = None
    here = reported_place(
        row["location"], row["geonameid"], row["country"], latitude, longitude,
        usable_precision(row["geo_precision"], row["geonameid"], latitude), row["admin1"],
    )  # fmt: skip
    possible = possible_days(published, bool(row["is_main"]))
    if here.is_coarse and start is not None:
        possible = start.toordinal() - SLACK_DAYS, (end or start).toordinal() + SLACK_DAYS
        start = None
    return ReportSummary(
        report_id=row["report_id"],
        article_url=row["article_url"],
        place=here,
        first_day=start.toordinal() if start else None,
        last_day=(end or start).toordinal() if start else None,
        published=(published is None, published or ""),
        possible_days=possible,
        family=family_of(row["weapon"] if row["weapon"] in _WEAPONS else Weapon.UNKNOWN),
        incident_id=row.get("incident_id"),
    )


def _date(value: Any) -> dt.date | None:
    return value if value is None or isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


class WarehouseReports:
    """The stored reports, read by place and day. It implements ``StoredReports`` of the resolution."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._names_by_key: dict[str, set[str]] | None = None

    def near(
        self, keys: Collection[str], first: int, last: int, since: PublicationTime | None
    ) -> Iterable[ReportSummary]:
        """Return the dated reports at places with one of the keys, on one of the days."""
        names = self._place_names(keys)
        if not names:
            return []
        is_unknown, instant = since or (False, "")
        parameters = {
            "locations": names,
            "first": dt.date.fromordinal(max(first, _FIRST_DAY)),
            "last": dt.date.fromordinal(min(last, _LAST_DAY)),
            "is_any_time": since is None,
            # An unknown instant comes after all known ones: only reports of unknown time are left then.
            "since": "9999-12-31T23:59:59Z" if is_unknown else instant or "1970-01-01T00:00:00Z",
        }
        summaries = self._query("reports_near", parameters)
        return [report for report in summaries if report.first_day is not None]

    def of_incidents(self, incident_ids: Collection[str]) -> Iterable[ReportSummary]:
        """Return the reports linked to the incidents."""
        return self._query("reports_of_incidents", {"incidents": sorted(incident_ids)})

    def undated(self, keys: Collection[str], articles: Collection[str]) -> Iterable[ReportSummary]:
        """Return the reports without usable dates or a town at places with one of the keys, or of the
        articles."""
        parameters = {"locations": self._place_names(keys), "articles": sorted(articles)}
        summaries = self._query("reports_without_dates", parameters)
        return [report for report in summaries if report.first_day is None]

    def _query(self, name: str, parameters: Mapping[str, Any]) -> Iterator[ReportSummary]:
        return map(summarise_report, self._warehouse.query(statement(__file__, name), parameters))

    def _place_names(self, keys: Collection[str]) -> list[str]:
        """Return the place names under which reports with one of the keys are stored."""
        if self._names_by_key is None:
            self._names_by_key = defaultdict(set)
            for row in self._warehouse.query(statement(__file__, "place_names")):
                place = summarise_report({**_NOT_IN_PLACE_NAMES, **row}).place
                for key in (*place.keys, *place.region_keys):
                    self._names_by_key[key].add(row["location"])
        return sorted({name for key in keys for name in self._names_by_key.get(key, ())})


def read_affected_reports(
    warehouse: Warehouse, new: Iterable[Row], article_urls: Collection[str]
) -> Iterator[ReportToResolve | AffectedIncident]:
    """Yield the stored reports that a run's new ones can affect, with the links that still hold, and the
    incidents to derive again. The new reports themselves are not among them.

    Args:
        warehouse: where they are stored.
        new: rows of the run's new reports.
        article_urls: articles that this run read: their stored reports no longer count.
    """
    if _is_of_other_resolver(warehouse):
        yield from _everything(warehouse, set(article_urls))
        return
    of_articles = statement(__file__, "reports_of_articles")
    removed = map(summarise_report, warehouse.query(of_articles, {"urls": sorted(article_urls)}))
    in_no_incident = map(summarise_report, warehouse.query(statement(__file__, "reports_in_no_incident")))
    left_open = [s for s in in_no_incident if s.first_day is not None and s.article_url not in article_urls]
    affected = find_affected([*map(summarise_report, new), *left_open], removed, WarehouseReports(warehouse))
    yield from _read(warehouse, affected.reports_to_reevaluate, affected.incidents, set(article_urls))


def read_reports_since(
    warehouse: Warehouse, since: str | None
) -> Iterator[ReportToResolve | AffectedIncident]:
    """Yield the stored reports to derive incidents from again: those published since a date and what they can
    affect; without a date, all."""
    if since is None or _is_of_other_resolver(warehouse):
        yield from _everything(warehouse, set())
        return
    rows = warehouse.query(statement(__file__, "reports_since"), {"since": since})
    affected = find_affected(map(summarise_report, rows), [], WarehouseReports(warehouse))
    report_ids = affected.reports_to_reevaluate | {row["report_id"] for row in rows}
    yield from _read(warehouse, report_ids, affected.incidents, set())


def _is_of_other_resolver(warehouse: Warehouse) -> bool:
    return bool(
        warehouse.query(statement(__file__, "incidents_of_other_resolvers"), {"resolver": resolver_version()})
    )


def _everything(
    warehouse: Warehouse, without: Collection[str]
) -> Iterator[ReportToResolve | AffectedIncident]:
    """Yield all reports but those of some articles, without links, and all incidents."""
    for row in warehouse.query(statement(__file__, "all_reports"), {"without": sorted(without)}):
        yield ReportToResolve(row_to_record(Report, row), None)
    for row in warehouse.query(statement(__file__, "all_incidents")):
        yield AffectedIncident(row["incident_id"])


def _read(
    warehouse: Warehouse, unsettled: Collection[str], incidents: Collection[str], without: Collection[str]
) -> Iterator[ReportToResolve | AffectedIncident]:
    """Yield the affected incidents and their reports, each with its link unless it is unsettled. Leave out
    the reports of some articles."""
    yield from map(AffectedIncident, sorted(incidents))
    found = warehouse.query(statement(__file__, "links_of_incidents"), {"incidents": sorted(incidents)})
    links = {row["report_id"]: row_to_record(IncidentReport, row) for row in found}
    rows = warehouse.query(statement(__file__, "reports_by_id"), {"ids": sorted({*unsettled, *links})})
    for row in rows:
        if row["article_url"] not in without:
            link = None if row["report_id"] in unsettled else links.get(row["report_id"])
            yield ReportToResolve(row_to_record(Report, row), link)
