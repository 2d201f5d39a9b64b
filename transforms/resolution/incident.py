"""Derive the incident of a strike from its reports: each field by a stated rule."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from schemas.identity import fold_name, founder_key, incident_id
from schemas.records import Incident, IncidentReport, Report
from schemas.step_records import ResolvedIncident
from schemas.vocabulary import ANY_FAMILY, ClaimStatus, Weapon
from transforms.resolution.dated_report import family_of, place_of
from transforms.resolution.event_times import PARTS, compare
from transforms.resolution.fit import Fit
from transforms.resolution.match_model import match_model
from transforms.resolution.strike import Strike
from transforms.resolution.toll_history import is_refuted, toll_history
from transforms.resolution.trust import automatic_status, confidence_of, flags_of_reports
from transforms.util.signature import count_sources

STATUS_PRECEDENCE = (ClaimStatus.DISPUTED, ClaimStatus.REPORTED, ClaimStatus.CLAIMED)
LOOSE_MATCH_SCORE = 0.3
"""``match_score`` of a report without a date or a town: these were not compared, so the link is less
certain."""
MIN_REPORTS_OF_CITY_PART = 2
"""A quarter stands for the incident's place only if this many reports name it, or all reports if fewer."""
POSSIBLE_SPLIT, POSSIBLE_DUPLICATE = "possible_split", "possible_duplicate"
"""Flags: a report was joined in doubt; the first report may mean the incident ``possible_duplicate_of``."""
DISPUTED_ONE_IN = 3
"""An incident is disputed if at least one in this many reports names another actor than most reports do."""


def derive_incident(strike: Strike) -> ResolvedIncident:
    """Return the incident of a strike, its links to the reports and the history of its toll."""
    all_reports = strike.reports + [report for report, _ in strike.loose]
    reports = sorted(all_reports, key=lambda r: founder_key(r.published_at, r.report_id))
    founder = reports[0]
    the_incident_id = incident_id(founder.report_id)
    links = _links(the_incident_id, founder, strike)
    history = toll_history(the_incident_id, [r for r in reports if not place_of(r).is_coarse])
    toll = history[-1]
    place = _place(reports)
    published = [r.published_at for r in reports if r.published_at]
    headline = next((r for r in reports if r.is_main), founder).headline
    start, end = dt.date.fromordinal(strike.days.start), dt.date.fromordinal(strike.days.end)
    where = _whereabouts(reports)
    sources = count_sources((r.source_name or r.article_url, r.text_signature) for r in reports)
    incident = Incident(
        incident_id=the_incident_id,
        event_date=start,
        event_date_start=start,
        event_date_end=end,
        time_precision=_time_precision(strike),
        location=place.location,
        geonameid=place.geonameid,
        admin1=place.admin1,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        geo_precision=place.geo_precision,
        weapon=_weapon(reports),
        actor=_most_common(r.actor for r in reports),
        targets=_targets(reports, toll.fatalities_low),
        fatalities_low=toll.fatalities_low,
        fatalities_best=toll.fatalities_best,
        fatalities_high=toll.fatalities_high,
        injured_low=toll.injured_low,
        injured_best=toll.injured_best,
        injured_high=toll.injured_high,
        child_fatalities=toll.child_fatalities,
        child_injured=toll.child_injured,
        claim_status=_claim_status(reports),
        number_of_reports=len(reports),
        number_of_sources=sources,
        first_reported_at=min(published, default=None),
        last_reported_at=max(published, default=None),
        headline=headline,
        source_urls=sorted({r.article_url for r in reports}),
        revision=len(history),
        sublocation=where.sublocation,
        sublocation_kind=where.kind,
        event_time=where.event_time,
        flags=sorted({*_flags(strike, links), *flags_of_reports(reports, sources)}),
        possible_duplicate_of=_possible_duplicate_of(strike),
    )
    confidence = confidence_of(incident, reports)
    status = automatic_status(confidence, incident.flags)
    return ResolvedIncident(replace(incident, confidence=confidence, status=status), links, history)


def _targets(reports: Sequence[Report], killed: int | None) -> list[str]:
    """Return the targets of all reports, without those that only reports with a corrected toll name."""
    valid = [r for r in reports if killed is None or not is_refuted(r, killed)]
    return sorted({t for r in valid or reports for t in r.targets})


@dataclass(frozen=True, slots=True)
class _Whereabouts:
    sublocation: str | None
    kind: str | None
    event_time: str | None


def _whereabouts(reports: Sequence[Report]) -> _Whereabouts:
    """Return where in the town and when in the day: what most reports say.

    An exact hour comes before a part of the day, unless most reports say another part. Of equals the first
    counts.
    """
    spots = [fold_name(r.sublocation or "") for r in reports]
    counts = Counter(spot for spot in spots if spot)
    best = max(counts, key=lambda spot: (counts[spot], -spots.index(spot)), default=None)
    named = reports[spots.index(best)] if best is not None else None
    parts = Counter(r.event_time for r in reports if r.event_time in PARTS)
    hours = [r.event_time for r in reports if r.event_time is not None and r.event_time not in PARTS]
    part = _most_common(parts.elements())
    if part is not None and parts[part] > len(hours):
        hours = [hour for hour in hours if compare(hour, [part]) == "same_part"]
    return _Whereabouts(
        named.sublocation if named is not None else None,
        named.sublocation_kind if named is not None else None,
        _most_common(hours) or part,
    )


def _flags(strike: Strike, links: Sequence[IncidentReport]) -> list[str]:
    """Return the flags of links: one in doubt, or a strike that may be this one."""
    loose = {report.report_id for report, _ in strike.loose}
    scores = [link.match_score for link in links if link.report_id not in loose]
    found = [POSSIBLE_SPLIT] if min(scores) < match_model().sure else []
    return [*found, POSSIBLE_DUPLICATE] if strike.possible_duplicate is not None else found


def _possible_duplicate_of(strike: Strike) -> str | None:
    other = strike.possible_duplicate
    return other.incident_id if isinstance(other, Strike) else other


def _links(the_incident_id: str, founder: Report, strike: Strike) -> list[IncidentReport]:
    """Return one link for each report, sorted by report id. The reasons are stored in the ledger.

    The first report says what it may duplicate. It is not the founder where another report of the same second
    has the lower id: then its link has the probability with which the founder joined it. So a later run,
    which reads the links, finds the same.
    """
    links = []
    joined = next((k for r, k in zip(strike.reports, strike.links, strict=True) if r is founder), None)
    for n, (report, link) in enumerate(zip(strike.reports, strike.links, strict=True)):
        other = _possible_duplicate_of(strike) if n == 0 else None
        if isinstance(link, IncidentReport):
            links.append(replace(link, possible_duplicate_of=other))
        elif report is founder:
            links.append(IncidentReport(the_incident_id, report.report_id, 1.0, "founder", other))
        elif isinstance(link, Fit):
            links.append(
                IncidentReport(the_incident_id, report.report_id, link.match_score, link.match_reason)
            )
        else:
            score = joined.match_score if isinstance(joined, Fit) else 1.0
            links.append(
                IncidentReport(the_incident_id, report.report_id, score, "told first as well", other)
            )
    for report, settled in strike.loose:
        reason = f"{_what_lacks(report)}; the only incident that it can mean"
        links.append(settled or IncidentReport(the_incident_id, report.report_id, LOOSE_MATCH_SCORE, reason))
    return sorted(links, key=lambda link: link.report_id)


def _what_lacks(report: Report) -> str:
    return "no date" if report.event_date_start is None else "names only the region"


def _time_precision(strike: Strike) -> int:
    """Return 1 for a day or a night, 2 for up to a week, 3 for more.

    It is never finer than the consensus, nor than the finest report.
    """
    days = strike.days.end - strike.days.start + 1
    of_consensus = 1 if days <= 2 else 2 if days <= 7 else 3
    return max(of_consensus, min(r.time_precision or 3 for r in strike.reports))


def _place(reports: Sequence[Report]) -> Report:
    """Return the report whose place is taken for the incident.

    The most exact place wins, then one with coordinates. Among equals, a quarter comes before its city, but
    only if two reports name it or it is the only report; then the place that most reports name.
    """
    times_named = Counter((r.geonameid, r.location) for r in reports)

    def preference(report: Report) -> tuple[int, bool, bool, int, str]:
        times = times_named[report.geonameid, report.location]
        is_city_part = place_of(report).city is not None
        is_confirmed_part = is_city_part and times >= min(MIN_REPORTS_OF_CITY_PART, len(reports))
        has_no_coordinates = report.latitude is None
        return report.geo_precision, has_no_coordinates, not is_confirmed_part, -times, report.report_id

    return min(reports, key=preference)


def _weapon(reports: Sequence[Report]) -> str:
    """Return the most specific weapon of the family that most reports name."""
    named = [Weapon(r.weapon) for r in reports if r.weapon != Weapon.UNKNOWN]
    families = Counter(family_of(w) for w in named if family_of(w) != ANY_FAMILY)
    if not families:
        return str(named[0]) if named else Weapon.UNKNOWN.value
    highest = max(families.values())
    family = min(f for f, count in families.items() if count == highest)
    if sum(w is Weapon.MIXED for w in named) > highest:
        return Weapon.MIXED.value
    of_family = {w for w in named if family_of(w) == family}
    return max(of_family, key=lambda w: w.traits.specificity).value


def _most_common(values: Iterable[str | None]) -> str | None:
    """Return the value that most reports give; of several, the first in alphabetical order."""
    counts = Counter(value for value in values if value is not None)
    return min(counts, key=lambda value: (-counts[value], value), default=None)


def _claim_status(reports: Sequence[Report]) -> str:
    """Return how certain the incident is, from the reports of articles that are about it, if there are any.

    It is disputed if one of them says so, or if a third of those that name an actor name another actor than
    most do. It is claimed only if no report states it as a fact.
    """
    main = [r for r in reports if r.is_main] or list(reports)
    actors = Counter(r.actor for r in main if r.actor is not None)
    if len(actors) > 1:
        naming_another = actors.total() - max(actors.values())
        if DISPUTED_ONE_IN * naming_another >= actors.total():
            return ClaimStatus.DISPUTED.value
    return min((ClaimStatus(r.claim_status) for r in main), key=STATUS_PRECEDENCE.index).value
