"""The incident that comes of a strike's reports: every field by a stated rule."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from schemas.identity import founder_key, incident_id
from schemas.records import Incident, IncidentReport, Report, ResolvedIncident
from schemas.vocabulary import ClaimStatus, Weapon
from transforms.resolution.strike import OPEN, Fit, Strike, family_of, spot_of
from transforms.resolution.toll_history import toll_history
from transforms.util.signature import count_sources

_STATUS_ORDER = (ClaimStatus.DISPUTED, ClaimStatus.REPORTED, ClaimStatus.CLAIMED)
_UNDATED_SCORE = 0.3
_TOGETHER = 2


def incident_of(strike: Strike) -> ResolvedIncident:
    """Return the incident of a strike with its links and its history."""
    everyone = strike.reports + [report for report, _ in strike.undated]
    reports = sorted(everyone, key=lambda r: founder_key(r.published_at, r.report_id))
    the_id = incident_id(reports[0].report_id)
    history = toll_history(the_id, reports)
    toll = history[-1]
    place = _place(reports)
    published = [r.published_at for r in reports if r.published_at]
    face = next((r for r in reports if r.is_main), reports[0])
    start, end = dt.date.fromordinal(strike.start), dt.date.fromordinal(strike.end)
    incident = Incident(
        incident_id=the_id,
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
        number_of_sources=count_sources((r.source_name or r.article_url, r.text_signature) for r in reports),
        first_reported_at=min(published, default=None),
        last_reported_at=max(published, default=None),
        headline=face.headline,
        source_urls=sorted({r.article_url for r in reports}),
        revision=len(history),
    )
    return ResolvedIncident(incident, _links(the_id, reports[0], strike), history)


def _links(the_id: str, founder: Report, strike: Strike) -> list[IncidentReport]:
    links = []
    for report, how in zip(strike.reports, strike.links, strict=True):
        if isinstance(how, IncidentReport):
            links.append(how)
        elif report is founder:
            links.append(IncidentReport(the_id, report.report_id, 1.0, "founder"))
        elif isinstance(how, Fit):
            links.append(IncidentReport(the_id, report.report_id, how.score, how.reason))
        else:  # as early as the founder, by another outlet
            links.append(IncidentReport(the_id, report.report_id, 1.0, "told first as well"))
    for report, link in strike.undated:
        reason = "no date; the only incident at this place that it can mean"
        links.append(link or IncidentReport(the_id, report.report_id, _UNDATED_SCORE, reason))
    return sorted(links, key=lambda link: link.report_id)


def _time_precision(strike: Strike) -> int:
    """Return 1 for a day or a night, 2 up to a week, 3 coarser; never finer than the days agreed on."""
    days = strike.end - strike.start + 1
    agreed = 1 if days <= 2 else 2 if days <= 7 else 3
    return max(agreed, min(r.time_precision or 3 for r in strike.reports))


def _place(reports: Sequence[Report]) -> Report:
    """Return the report whose place stands for all: the most exact (a quarter before its city, where a
    second report names it too or no other names the city), then the most told."""
    told = Counter((r.geonameid, r.location) for r in reports)

    def key(r: Report) -> tuple[int, bool, bool, int, str]:
        times = told[r.geonameid, r.location]
        is_part = spot_of(r).whole is not None and times >= min(_TOGETHER, len(reports))
        return (r.geo_precision, r.latitude is None, not is_part, -times, r.report_id)

    return min(reports, key=key)


def _weapon(reports: Sequence[Report]) -> str:
    """Return the most specific weapon of the family that most reports name."""
    named = [Weapon(r.weapon) for r in reports if r.weapon != Weapon.UNKNOWN]
    families = Counter(family_of(w) for w in named if family_of(w) != OPEN)
    if not families:
        return str(named[0]) if named else Weapon.UNKNOWN.value
    top = max(families.values())
    family = min(f for f, n in families.items() if n == top)
    if sum(w is Weapon.MIXED for w in named) > top:
        return Weapon.MIXED.value
    of_family = {w for w in named if family_of(w) == family}
    return max(of_family, key=lambda w: w.traits.specificity).value


def _most_common(values: Iterable[str | None]) -> str | None:
    told = Counter(v for v in values if v is not None)
    return min(told, key=lambda v: (-told[v], v), default=None)


def _status(reports: Sequence[Report]) -> str:
    """Disputed where a main report says so, or where a third of those that name who struck name another;
    claimed only where nobody reports it plainly."""
    main = [r for r in reports if r.is_main] or list(reports)
    actors = Counter(r.actor for r in main if r.actor is not None)
    if len(actors) > 1 and 3 * (actors.total() - max(actors.values())) >= actors.total():
        return ClaimStatus.DISPUTED.value
    return min((ClaimStatus(r.claim_status) for r in main), key=_STATUS_ORDER.index).value
