"""Reports to incidents: ``resolve_incidents`` and the transform that wires it.

One pure function of the *set* of reports: neither their order nor the clock nor what was published
before plays a part. Structure decides (place, dates, weapon, toll), never the likeness of texts: on
gun-violence news an exact place and date reach a pairwise F1 of 0.983, text similarity 0.718.
"""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import apache_beam as beam

from schemas.identity import fold_name, founder_key, incident_id
from schemas.records import Incident, IncidentReport, Report, ResolvedIncident
from schemas.vocabulary import WEAPON_FAMILY, ClaimStatus, Weapon
from transforms.geo import kilometres
from transforms.outcomes import count
from transforms.signature import COPY_SIMILARITY, similarity
from transforms.tolls import toll_history

NO_COUNTRY = "ZZ"
_NEAR_KM = 5.0
_JOIN = 1.2
_VOTERS = 12
_SPECIFICITY = (
    Weapon.BALLISTIC_MISSILE, Weapon.CRUISE_MISSILE, Weapon.GUIDED_BOMB, Weapon.CLUSTER_MUNITION,
    Weapon.DRONE, Weapon.ROCKET, Weapon.MORTAR, Weapon.MINE_OR_IED, Weapon.MISSILE, Weapon.AIRSTRIKE,
    Weapon.ARTILLERY, Weapon.MIXED, Weapon.UNKNOWN,
)  # fmt: skip
_STATUS_ORDER = (ClaimStatus.DISPUTED, ClaimStatus.REPORTED, ClaimStatus.CLAIMED)


def scope_of(country: str | None) -> str:
    """Return the block within which a report's incident can lie."""
    return country or NO_COUNTRY


def resolve_incidents(reports: Iterable[Report]) -> list[ResolvedIncident]:
    """Return the incidents of a set of reports, each with its links and its history, sorted by id.

    Two reports of one article never share an incident. Dates must overlap the consensus of all the
    incident's reports, so nights in a row do not chain. A report without dates makes no incident; it
    joins one only where exactly one fits.
    """
    ordered = sorted(reports, key=lambda r: (r.report_id, r.article_version))
    dated = [r for r in ordered if r.event_date_start is not None]
    clusters = [c for block in _blocks(dated) for c in _cluster(block)]
    for report in ordered:
        if report.event_date_start is None:
            fitting = [c for c in clusters if c.fits_undated(report)]
            if len(fitting) == 1:
                fitting[0].undated.append(report)
    return sorted((_resolved(c) for c in clusters), key=lambda r: r.incident.incident_id)


@dataclass(slots=True)
class _Cluster:
    """Reports taken for one strike; ``start`` to ``end`` is the consensus of their dates."""

    reports: list[Report]
    start: dt.date
    end: dt.date
    undated: list[Report] = field(default_factory=list)

    @property
    def articles(self) -> set[str]:
        return {r.article_url for r in self.reports} | {r.article_url for r in self.undated}

    def fits_undated(self, report: Report) -> bool:
        if report.article_url in self.articles:
            return False
        if not any(_place_score(report, r) for r in self.reports):
            return False
        if report.published_at and all(
            r.published_at and report.published_at[:10] < str(self.start) for r in self.reports
        ):
            return False
        return any(_weapon_score(report, r) >= 0 for r in self.reports)


def _blocks(reports: Sequence[Report]) -> Iterator[list[Report]]:
    """Part reports into groups that no pair can cross: connected by place and by overlapping dates."""
    parent = list(range(len(reports)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    cells: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, report in enumerate(reports):
        for cell in _cells(report):
            cells[cell].append(i)
    for members in cells.values():
        members.sort(key=lambda i: (reports[i].event_date_start, i))
        last_end, head = None, None
        for i in members:
            start, end = _dates(reports[i])
            if head is not None and last_end is not None and start <= last_end:
                parent[root(i)] = root(head)
                last_end = max(last_end, end)
            else:
                head, last_end = i, end
    groups: dict[int, list[Report]] = defaultdict(list)
    for i, report in enumerate(reports):
        groups[root(i)].append(report)
    yield from groups.values()


def _cells(report: Report) -> Iterator[tuple[object, ...]]:
    yield ("name", fold_name(report.location))
    if report.geonameid is not None:
        yield ("id", report.geonameid)
    if report.latitude is not None and report.longitude is not None and report.geo_precision == 1:
        # Cells of a tenth of a degree and their neighbours hold all that lies within 5 km.
        la, lo = int(report.latitude * 10 // 1), int(report.longitude * 10 // 1)
        for i, j in itertools.product((-1, 0, 1), repeat=2):
            yield ("cell", la + i, lo + j)


def _dates(report: Report) -> tuple[dt.date, dt.date]:
    assert report.event_date_start is not None
    return report.event_date_start, report.event_date_end or report.event_date_start


def _cluster(block: list[Report]) -> list[_Cluster]:
    """Join the most alike pairs first, as long as dates, articles and the whole of both clusters agree."""
    clusters = {i: _Cluster([r], *_dates(r)) for i, r in enumerate(block)}
    members = {i: [i] for i in clusters}
    home = list(range(len(block)))
    pairs = []
    for i, j in itertools.combinations(range(len(block)), 2):
        score = pair_score(block[i], block[j])
        if score >= _JOIN:
            pairs.append((-score, block[i].report_id, block[j].report_id, i, j))
    for _, _, _, i, j in sorted(pairs):
        kept, gone = home[i], home[j]
        if kept == gone:
            continue
        a, b = clusters[kept], clusters[gone]
        start, end = max(a.start, b.start), min(a.end, b.end)
        if start > end or a.articles & b.articles or not _clusters_agree(a, b):
            continue
        clusters[kept] = _Cluster(a.reports + b.reports, start, end)
        for k in members[gone]:
            home[k] = kept
        members[kept] += members.pop(gone)
        del clusters[gone]
    return [clusters[k] for k in sorted(clusters)]


def _clusters_agree(a: _Cluster, b: _Cluster) -> bool:
    """Return whether two clusters agree on average: one vague report must not chain two strikes.

    A few reports of each stand for all of them, so that a strike told two thousand times stays cheap.
    """
    scores = [pair_score(x, y) for x in a.reports[:_VOTERS] for y in b.reports[:_VOTERS]]
    return sum(scores) / len(scores) >= _JOIN


def pair_score(a: Report, b: Report) -> float:
    """Return how well two reports fit one strike: below 0 never, above ``_JOIN`` well enough."""
    if a.article_url == b.article_url:
        return -1.0
    place = _place_score(a, b)
    (a0, a1), (b0, b1) = _dates(a), _dates(b)
    if not place or max(a0, b0) > min(a1, b1):
        return -1.0
    dates = 0.6 if (a0, a1) == (b0, b1) else 0.45
    return place + dates + _weapon_score(a, b) + _toll_score(a, b) + _target_score(a, b)


def _place_score(a: Report, b: Report) -> float:
    if a.geonameid is not None and a.geonameid == b.geonameid:
        return 1.0
    if fold_name(a.location) == fold_name(b.location):
        return 1.0
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return 0.0
    if a.geo_precision > 1 or b.geo_precision > 1:
        return 0.0
    away = kilometres((a.latitude, a.longitude), (b.latitude, b.longitude))  # type: ignore[arg-type]
    return 0.8 if away <= _NEAR_KM else 0.0


def _weapon_score(a: Report, b: Report) -> float:
    first, second = WEAPON_FAMILY[Weapon(a.weapon)], WEAPON_FAMILY[Weapon(b.weapon)]
    if "any" in (first, second):
        return 0.1
    return 0.3 if first == second else -0.3


def _target_score(a: Report, b: Report) -> float:
    if not a.targets or not b.targets:
        return 0.0
    return 0.1 if set(a.targets) & set(b.targets) else -0.05


def _toll_score(a: Report, b: Report) -> float:
    """Tolls grow, so the later may be higher; equal ones speak for one strike, a later far lower one
    against it."""
    if a.fatalities_low is None or b.fatalities_low is None:
        return 0.0
    if a.fatalities_low == b.fatalities_low:
        return 0.25
    early, late = sorted((a, b), key=lambda r: (r.published_at or "9999", r.report_id))
    low, high = early.fatalities_low or 0, late.fatalities_low or 0
    if high >= low:
        return 0.05 if high <= 4 * max(low, 1) + 10 else -0.1
    return -0.15 if high * 2 >= low else -0.4


def _resolved(cluster: _Cluster) -> ResolvedIncident:
    everyone = cluster.reports + cluster.undated
    reports = sorted(everyone, key=lambda r: founder_key(r.published_at, r.report_id))
    the_id = incident_id(reports[0].report_id)
    history = toll_history(the_id, reports)
    toll = history[-1]
    place = _place(reports)
    published = [r.published_at for r in reports if r.published_at]
    face = next((r for r in reports if r.is_main), reports[0])
    incident = Incident(
        incident_id=the_id,
        event_date=cluster.start,
        event_date_start=cluster.start,
        event_date_end=cluster.end,
        time_precision=min(r.time_precision or 3 for r in cluster.reports),
        location=place.location,
        geonameid=place.geonameid,
        admin1=place.admin1,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        geo_precision=place.geo_precision,
        weapon=_weapon(reports),
        actor=_most_common(r.actor for r in reports),
        targets=sorted({t for r in reports for t in r.targets}),
        fatalities_low=toll.fatalities_low,
        fatalities_best=toll.fatalities_best,
        fatalities_high=toll.fatalities_high,
        injured_low=toll.injured_low,
        injured_best=toll.injured_best,
        injured_high=toll.injured_high,
        child_fatalities=toll.child_fatalities,
        child_injured=toll.child_injured,
        claim_status=_status(reports),
        number_of_reports=len(reports),
        number_of_sources=_sources(reports),
        first_reported_at=min(published, default=None),
        last_reported_at=max(published, default=None),
        headline=face.headline,
        source_urls=sorted({r.article_url for r in reports}),
        revision=len(history),
    )
    links = [_link(the_id, r, reports[0], cluster) for r in reports]
    return ResolvedIncident(incident, links, history)


def _link(the_id: str, report: Report, founder: Report, cluster: _Cluster) -> IncidentReport:
    if report is founder:
        return IncidentReport(the_id, report.report_id, 1.0, "founder")
    if report.event_date_start is None:
        return IncidentReport(the_id, report.report_id, 0.3, "same place, the only incident that fits")
    others = [r for r in cluster.reports if r is not report]
    if not others:
        return IncidentReport(the_id, report.report_id, 1.0, "the only dated report")
    best = max(others, key=lambda r: (pair_score(report, r), r.report_id))
    parts = [
        "same place" if _place_score(report, best) == 1.0 else "within 5 km",
        "same dates" if _dates(report) == _dates(best) else "dates overlap",
        "same kind of weapon" if _weapon_score(report, best) > 0.2
        else "weapon open" if _weapon_score(report, best) > 0 else "other weapon",
    ]  # fmt: skip
    if report.fatalities_low is not None and report.fatalities_low == best.fatalities_low:
        parts.append("same toll")
    return IncidentReport(
        the_id, report.report_id, round(min(pair_score(report, best) / 2.25, 1.0), 3), ", ".join(parts)
    )


def _place(reports: Sequence[Report]) -> Report:
    """Return the report whose place stands for all: the most exact, then the most told."""
    told = Counter((r.geonameid, r.location) for r in reports)
    return min(
        reports,
        key=lambda r: (
            r.geo_precision, r.latitude is None, -told[r.geonameid, r.location], r.report_id,
        ),
    )  # fmt: skip


def _weapon(reports: Sequence[Report]) -> str:
    """Return the most specific weapon of the family that most reports name."""
    named = [Weapon(r.weapon) for r in reports if r.weapon != Weapon.UNKNOWN]
    families = Counter(WEAPON_FAMILY[w] for w in named if WEAPON_FAMILY[w] != "any")
    if not families:
        return named[0] if named else Weapon.UNKNOWN
    top = max(families.values())
    family = min(f for f, n in families.items() if n == top)
    mixed = sum(w is Weapon.MIXED for w in named)
    if mixed > top:
        return Weapon.MIXED
    return min((w for w in named if WEAPON_FAMILY[w] == family), key=_SPECIFICITY.index)


def _most_common(values: Iterable[str | None]) -> str | None:
    told = Counter(v for v in values if v is not None)
    return min(told, key=lambda v: (-told[v], v), default=None)


def _status(reports: Sequence[Report]) -> str:
    """Disputed where a main report says so; claimed only where nobody reports it plainly."""
    main = [r for r in reports if r.is_main] or list(reports)
    return min((ClaimStatus(r.claim_status) for r in main), key=_STATUS_ORDER.index)


def _sources(reports: Sequence[Report]) -> int:
    """Count independent sources: one outlet is one, and so are copies of one text."""
    groups: list[list[Report]] = []
    for report in reports:
        for group in groups:
            if any(_one_source(report, other) for other in group):
                group.append(report)
                break
        else:
            groups.append([report])
    return len(groups)


def _one_source(a: Report, b: Report) -> bool:
    if a.source_name and a.source_name == b.source_name:
        return True
    if a.text_signature and b.text_signature:
        return similarity(a.text_signature, b.text_signature) >= COPY_SIMILARITY
    return a.article_url == b.article_url


class _ResolveIncidents(beam.DoFn):
    def process(self, element: tuple[str, Iterable[Report]]) -> Iterator[ResolvedIncident]:
        resolved = resolve_incidents(element[1])
        count("ResolveIncidents", "incidents", len(resolved))
        yield from resolved


@beam.typehints.with_input_types(Report)
@beam.typehints.with_output_types(ResolvedIncident)
class ResolveIncidents(beam.PTransform):
    """Derive the incidents of each block from all of its reports.

    Input: ``Report``. Output: ``ResolvedIncident``. Dead letters: none. Counters:
    ``incidents``.
    """

    def expand(self, reports: beam.PCollection[Report]) -> beam.PCollection[ResolvedIncident]:
        return (
            reports
            | "KeyByScope" >> beam.Map(_by_scope).with_output_types(tuple[str, Report])
            | "ByScope" >> beam.GroupByKey()
            | beam.ParDo(_ResolveIncidents()).with_output_types(ResolvedIncident)
        )


def _by_scope(report: Report) -> tuple[str, Report]:
    return scope_of(report.country), report
