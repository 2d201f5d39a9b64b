"""What the weights of resolution are fitted on: for each report the strikes that it may mean, and the true
one."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from schemas.identity import report_id
from schemas.records import Report
from training.corpus import COMMITTED, Annotated
from training.dense_days import City, dense_day
from transforms.resolution.assign import fits_of, publication_order, with_others_here
from transforms.resolution.dated_report import DatedReport
from transforms.resolution.day_index import DayIndex
from transforms.resolution.match_model import Aspects, MatchModel, share
from transforms.resolution.strike import Strike
from transforms.resolution.vetting import vet_reports

WHEREABOUTS = COMMITTED / "whereabouts.jsonl"
Events = Mapping[str, Hashable]
"""The true strike of each report id."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A report, and the strikes near it that earlier reports founded.

    ``options``: the aspects of each. ``right``: which of them the report means, None for a new one.
    ``group``: the article or day; all decisions of one are left out together.
    """

    options: tuple[Aspects, ...]
    right: int | None
    weight: float
    group: str


def decisions(
    reports: Iterable[Report], events: Events, weight: float, group: str, model: MatchModel | None = None
) -> Iterator[Decision]:
    """Yield the decisions of resolution. Reports without dates are left out.

    Args:
        reports: in any order.
        events: the true strike of each.
        weight: of each decision.
        group: the name of the set.
        model: decides where a report goes, also wrongly, so that the weights learn from strikes that hold a
        wrong report; without it each report goes where it belongs.
    """
    usable, _ = vet_reports(reports)
    state = _State(events, model)
    dated = sorted((r for r in usable if r.event_date_start is not None), key=publication_order)
    for _, of_article in groupby(dated, key=lambda r: r.article_url):
        for each, strike, found in [state.decide(each) for each in with_others_here(list(of_article))]:
            if found is not None:
                right, options = found
                yield Decision(options, right, weight, group)
            state.add(each, strike)


class _State:
    """The strikes so far. ``_events_of``: how many reports of each true strike are in a strike."""

    def __init__(self, events: Events, model: MatchModel | None) -> None:
        self._events, self._model = events, model
        self._index: DayIndex[Strike] = DayIndex()
        self._events_of: dict[int, Counter[Hashable]] = {}
        self._kept: list[Strike] = []  # an id means one strike only while the strike is kept

    def decide(
        self, dated: DatedReport
    ) -> tuple[DatedReport, Strike | None, tuple[int | None, tuple[Aspects, ...]] | None]:
        """Return the report, the strike that it goes to, and which of which options is right."""
        near = {id(s): s for s in self._index.overlapping(dated.place.keys, *dated.days.with_slack())}
        event = self._events[dated.report.report_id]
        holds = {n: self._events_of[n][event] for n in near}
        fits = fits_of(dated, near.values())
        right = max(range(len(fits)), key=lambda n: holds[id(fits[n][1])], default=None)
        if right is not None and not holds[id(fits[right][1])]:
            right = None
        true = fits[right][1] if right is not None else None
        if not fits:
            return dated, None, None
        options = tuple(fit.aspects for fit, _ in fits)
        is_out_of_reach = right is None and any(holds.values())
        strike = true if self._model is None else self._chosen(options, [s for _, s in fits])
        return dated, strike, None if is_out_of_reach else (right, options)

    def _chosen(self, options: Sequence[Aspects], strikes: Sequence[Strike]) -> Strike | None:
        assert self._model is not None
        odds = [self._model.log_odds(option) for option in options]
        best = max(range(len(odds)), key=lambda n: odds[n])
        others = [o for n, o in enumerate(odds) if n != best]
        return strikes[best] if share(odds[best], others) >= self._model.join else None

    def add(self, dated: DatedReport, strike: Strike | None) -> None:
        """Add a report to a strike, or to a new one."""
        if strike is not None and dated.report.article_url not in strike.article_urls:
            strike.add_settled(dated, None)
        else:
            strike = Strike.founded_by(dated, None)
        self._events_of.setdefault(id(strike), Counter())[self._events[dated.report.report_id]] += 1
        self._kept.append(strike)
        self._index.add(dated.place.keys, *dated.days.with_slack(), strike)


def read_whereabouts() -> dict[tuple[str, int], dict[str, Any]]:
    """Return where in the town and when in the day each annotated strike was, by article and number of the
    strike."""
    lines = WHEREABOUTS.read_text("utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return {(row["id"], row["n"]): row for row in rows}


def sublocation_of(spots: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the most exact spot, with the quarter that holds it where both are named."""
    wide = ("quarter", "camp", "part")
    exact = next((s["text"] for s in spots if s["kind"] not in wide), None)
    quarter = next((s["text"] for s in spots if s["kind"] in wide), None)
    return ", ".join(text for text in (exact, quarter) if text) or None


def annotated_reports(articles: Iterable[Annotated]) -> tuple[list[Report], dict[str, Hashable]]:
    """Return a report for each annotated strike, as extraction without an error would write it, and its
    event.

    All reports of one town have one point and one id, as those of the gazetteer.
    """
    whereabouts, reports = read_whereabouts(), []
    events: dict[str, Hashable] = {}
    points: dict[tuple[str, str], tuple[float, float] | None] = {}
    for article in articles:
        url = article.url or f"https://{article.folder}.example/{article.id}"
        for n, gold in enumerate(article.golds):
            town = (gold.place, gold.country)
            point = points.setdefault(town, gold.point)
            number = list(points).index(town) + 1
            where = whereabouts.get((f"{article.folder}/{article.id}", n), {"spots": [], "time": None})
            time = where["time"] if where["time"] and not where["time"].startswith("GMT") else None
            the_id = report_id(url, number, gold.place, n)
            events[the_id] = (article.folder, gold.event)
            reports.append(
                _report(article, url, gold, the_id, number, point, sublocation_of(where["spots"]), time)
            )
    return reports, events


def _report(
    article: Annotated, url: str, gold: Any, the_id: str, number: int, point: tuple[float, float] | None,
    sublocation: str | None, time: str | None,
) -> Report:  # fmt: skip
    start, end = gold.dates or (None, None)
    return Report(
        report_id=the_id, article_url=url, article_version=1, source_name=url.split("/")[2],
        headline=article.title, published_at=article.published, language="en", is_main=gold.main,
        event_date_start=start, event_date_end=end, time_precision=1, location=gold.place, geonameid=number,
        admin1=None, country=gold.country, latitude=point[0] if point else None,
        longitude=point[1] if point else None, geo_precision=1, weapon=gold.weapon, weapon_name=None,
        actor=gold.attacker, targets=gold.targets, fatalities_low=gold.killed[0], fatalities_best=None,
        fatalities_high=gold.killed[1], injured_low=gold.injured[0], injured_best=None,
        injured_high=gold.injured[1], child_fatalities=None, child_injured=None, claim_status="reported",
        attributed_to=None, evidence=[], text_signature=None, confidence=1.0, extractor_version="annotated",
        field_confidence=[], sublocation=sublocation, event_time=time,
    )  # fmt: skip


_LEFT_OUT = {
    "sublocation": 0.5,
    "event_time": 0.5,
    "actor": 0.4,
    "fatalities_low": 0.15,
    "injured_low": 0.35,
}
_NO_TARGETS, _NO_WEAPON, _NOT_EXACT = 0.4, 0.15, 0.2


def as_extracted(reports: Sequence[Report], seed: int) -> list[Report]:
    """Return annotated reports with gaps and slips as extraction leaves them, each with a text of its own.

    The shares are about those of the fifth of the articles that no model saw.
    """
    rnd = random.Random(seed)
    found = []
    for report in reports:
        gone: dict[str, Any] = {name: None for name, share in _LEFT_OUT.items() if rnd.random() < share}
        if rnd.random() < _NO_TARGETS:
            gone["targets"] = ()
        if rnd.random() < _NO_WEAPON:
            gone["weapon"] = "unknown"
        if rnd.random() < _NOT_EXACT:
            gone["fatalities_high"] = None
        gone["text_signature"] = rnd.randbytes(128).hex() if rnd.random() < 0.8 else None
        if gone.get("fatalities_low", 0) is None:
            gone["fatalities_high"] = None
        if gone.get("injured_low", 0) is None:
            gone["injured_high"] = None
        found.append(replace(report, **gone))
    return found


def generated_days(
    seed: int, days: int, strikes: tuple[int, int], weight: float = 1.0
) -> Iterator[tuple[list[Report], dict[str, Hashable]]]:
    """Yield days of one city each, with so many strikes, and the true strike of each report."""
    rnd = random.Random(seed)
    for day in range(days):
        city = City(f"City{day}", 10**7 + day, "SY", rnd.uniform(-40, 60), rnd.uniform(-100, 140))
        pairs = dense_day(rnd, city, rnd.randint(*strikes), 1000 * day)
        yield [r for r, _ in pairs], {r.report_id: n for r, n in pairs}
