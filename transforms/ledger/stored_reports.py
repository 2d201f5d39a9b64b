"""Reading back the stored reports that a run's new ones can affect, with the links that still hold."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from schemas.identity import utc_iso
from schemas.records import IncidentReport, Report, ReportToResolve, Touched
from schemas.rows import row_to_record
from schemas.vocabulary import Weapon
from transforms.resolution import RESOLVER
from transforms.resolution.affected import Moment, Sighted, touched
from transforms.resolution.place_similarity import spot
from transforms.resolution.strike import family_of, reach_of
from transforms.resolution.vetting import date_fault, on_globe
from transforms.warehouse import Row, Warehouse

_PLACE = "location, geonameid, country, latitude, longitude, geo_precision"


_SIGHTED = """
SELECT r.report_id, r.article_url, r.location, r.geonameid, r.country, r.latitude, r.longitude,
  r.geo_precision, r.event_date_start, r.event_date_end, r.published_at, r.is_main, r.weapon,
  l.incident_id
FROM reports AS r LEFT JOIN incident_reports AS l ON l.report_id = r.report_id
"""


_NEAR = """
WHERE r.location IN UNNEST(@locations) AND r.event_date_start <= @last
  AND COALESCE(r.event_date_end, r.event_date_start) >= @first
"""


# The same dates that ``vetting.date_fault`` finds fault with; rows are judged by it again below.
_UNDATED = """
WHERE (r.event_date_start IS NULL OR r.event_date_end < r.event_date_start
    OR r.event_date_start < DATE '1900-01-01' OR r.event_date_start >= DATE '9999-01-01'
    OR r.event_date_start > DATE_ADD(DATE(r.published_at), INTERVAL 1 DAY))
"""


_WEAPONS = frozenset(Weapon)


def sighted(row: Mapping[str, Any]) -> Sighted:
    """Return as much of a report's row as says what it can touch."""
    published = utc_iso(row["published_at"])
    start, end = _date(row["event_date_start"]), _date(row["event_date_end"])
    if date_fault(start, end, published) is not None:
        start = None
    latitude, longitude = row["latitude"], row["longitude"]
    if not on_globe(latitude, longitude):
        latitude = longitude = None
    here = spot(
        row["location"], row["geonameid"], row["country"], latitude, longitude, row["geo_precision"]
    )  # fmt: skip
    return Sighted(
        report_id=row["report_id"],
        article_url=row["article_url"],
        spot=here,
        first=start.toordinal() if start else None,
        last=(end or start).toordinal() if start else None,
        published=(published is None, published or ""),
        reach=reach_of(published, bool(row["is_main"])),
        family=family_of(row["weapon"] if row["weapon"] in _WEAPONS else Weapon.UNKNOWN),
        incident_id=row.get("incident_id"),
    )


def _date(value: Any) -> dt.date | None:
    return value if value is None or isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


class WarehouseReports:
    """The stored reports behind ``transforms.resolution.affected.StoredReports``."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._locations: dict[str, set[str]] | None = None

    def _named(self, keys: Collection[str]) -> list[str]:
        """Return the place names under which reports with one of the keys are stored."""
        if self._locations is None:
            self._locations = defaultdict(set)
            for row in self._warehouse.query(f"SELECT DISTINCT {_PLACE} FROM reports_v1"):
                seen = sighted({**_NOTHING, **row})
                for key in seen.spot.keys:
                    self._locations[key].add(row["location"])
        return sorted({name for key in keys for name in self._locations.get(key, ())})

    def near(self, keys: Collection[str], first: int, last: int, since: Moment | None) -> Iterable[Sighted]:
        """Return the dated reports at places with one of the keys, on one of the days."""
        names = self._named(keys)
        if not names:
            return []
        limits = dt.date.min.toordinal(), dt.date.max.toordinal()
        parameters: dict[str, Any] = {
            "locations": names,
            "first": dt.date.fromordinal(max(first, limits[0])),
            "last": dt.date.fromordinal(min(last, limits[1])),
        }
        where = _NEAR
        if since is not None:
            is_unknown, instant = since
            where += (
                "AND (r.published_at IS NULL" + ("" if is_unknown else " OR r.published_at >= @since") + ")"
            )
            if not is_unknown:
                parameters["since"] = instant
        rows = map(sighted, self._warehouse.query(_SIGHTED + where, parameters))
        return [report for report in rows if report.first is not None]

    def of_incidents(self, incident_ids: Collection[str]) -> Iterable[Sighted]:
        """Return the reports linked to the incidents."""
        sql = _SIGHTED + "WHERE l.incident_id IN UNNEST(@incidents)"
        return map(sighted, self._warehouse.query(sql, {"incidents": sorted(incident_ids)}))

    def undated(self, keys: Collection[str], articles: Collection[str]) -> Iterable[Sighted]:
        """Return the reports without usable dates at places with one of the keys, or of the articles."""
        sql = (
            _SIGHTED
            + _UNDATED
            + "AND (r.location IN UNNEST(@locations) OR r.article_url IN UNNEST(@articles))"
        )
        parameters = {"locations": self._named(keys), "articles": sorted(articles)}
        rows = map(sighted, self._warehouse.query(sql, parameters))
        return [report for report in rows if report.first is None]


_NOTHING: Row = dict.fromkeys(
    ("report_id", "article_url", "event_date_start", "event_date_end", "published_at", "is_main", "weapon"),
    None,
)


def read_touched_reports(
    warehouse: Warehouse, new: Iterable[Row], article_urls: Collection[str]
) -> Iterator[ReportToResolve | Touched]:
    """Yield the stored reports that a run's new ones can touch, with the links that still hold, and the
    incidents to derive anew. The new reports themselves are not among them.

    Args:
        warehouse: where they are stored.
        new: rows of the run's new reports.
        article_urls: articles read anew in this run: their stored reports no longer count.
    """
    if _is_of_other_resolver(warehouse):
        yield from _everything(warehouse, set(article_urls))
        return
    rows = warehouse.query(_SIGHTED + "WHERE r.article_url IN UNNEST(@urls)", {"urls": sorted(article_urls)})
    open_rows = warehouse.query(_SIGHTED + "WHERE l.report_id IS NULL AND r.event_date_start IS NOT NULL")
    left_open = [
        s for s in map(sighted, open_rows) if s.first is not None and s.article_url not in article_urls
    ]
    fresh = [sighted(row) for row in new]
    touch = touched([*fresh, *left_open], map(sighted, rows), WarehouseReports(warehouse))
    yield from _reports(warehouse, touch.unsettled, touch.incidents, set(article_urls))


def read_reports_since(warehouse: Warehouse, since: str | None) -> Iterator[ReportToResolve | Touched]:
    """Yield the stored reports to derive incidents anew from: all, or those that the ones published since
    a date can touch."""
    if since is None or _is_of_other_resolver(warehouse):
        yield from _everything(warehouse, set())
        return
    rows = warehouse.query(
        _SIGHTED + "WHERE r.published_at >= @since OR l.report_id IS NULL", {"since": since}
    )
    touch = touched(map(sighted, rows), [], WarehouseReports(warehouse))
    again = touch.unsettled | {row["report_id"] for row in rows}
    yield from _reports(warehouse, again, touch.incidents, set())


def _is_of_other_resolver(warehouse: Warehouse) -> bool:
    sql = (
        "SELECT 1 AS one FROM incidents_v1 WHERE is_current AND COALESCE(_resolver, '') <> @resolver LIMIT 1"
    )
    return bool(warehouse.query(sql, {"resolver": RESOLVER}))


def _everything(warehouse: Warehouse, without: Collection[str]) -> Iterator[ReportToResolve | Touched]:
    sql = "SELECT * FROM reports WHERE NOT article_url IN UNNEST(@without) ORDER BY report_id"
    for row in warehouse.query(sql, {"without": sorted(without)}):
        yield ReportToResolve(row_to_record(Report, row), None)
    for row in warehouse.query("SELECT incident_id FROM incidents"):
        yield Touched(row["incident_id"])


def _reports(
    warehouse: Warehouse, unsettled: Collection[str], incidents: Collection[str], without: Collection[str]
) -> Iterator[ReportToResolve | Touched]:
    yield from map(Touched, sorted(incidents))
    links = {
        row["report_id"]: row_to_record(IncidentReport, row)
        for row in warehouse.query(
            "SELECT * FROM incident_reports WHERE incident_id IN UNNEST(@incidents)",
            {"incidents": sorted(incidents)},
        )
    }
    rows = warehouse.query(
        "SELECT * FROM reports WHERE report_id IN UNNEST(@ids) ORDER BY report_id",
        {"ids": sorted({*unsettled, *links})},
    )
    for row in rows:
        if row["article_url"] not in without:
            link = None if row["report_id"] in unsettled else links.get(row["report_id"])
            yield ReportToResolve(row_to_record(Report, row), link)
