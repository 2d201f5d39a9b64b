"""Turn the news reports of MUC-4 into a folder of the corpus: ``python -m training.muc4 FOLDER OUT [SPLIT]``.

FOLDER holds docs.jsonl and templates.jsonl; SPLIT is dev unless it is given. The reports are in upper case
and get their case back. Bombings, and attacks with mortars, rockets and the like, are strikes; threats, duds,
shootings, arson and kidnappings are none. An article is left out where the templates leave open which of its
towns were struck.
"""

import dataclasses
import datetime as dt
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.identity import fold_name
from training.muc4_names import true_caser
from training.muc4_spans import BLAST, count_span, evidence_of, place_span, sentences_of
from training.muc4_templates import (
    DOUBTFUL,
    Strike,
    day_of,
    read_template,
)
from training.true_case import TrueCaser
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.util.geo import kilometres

_HEADER = re.compile(
    r"\s*(?P<place>[A-Z' .-]+?)\s*(?:[(\[](?P<country>[A-Z ,.]+)[)\]])?, "
    r"(?P<day>\d{1,2}) (?P<month>[A-Z]{3})[A-Z]* (?P<year>\d\d)\s*"
    r"(?:[(\[](?P<agency>[^)\]]+)[)\]]*)?\s*--\s*",
)
_TAGS = re.compile(
    r"\[(?:[A-Z]+ )*(?:TEXT|EXCERPTS?|REPORTS?|CONTINUED|PASSAGE OMITTED|ARTICLE|EDITORIAL|COMMENTARY|"
    r"COMMUNIQUE|SPEECH|STATEMENT|RECORDING|INDISTINCT|RECEPTION|THOUGHT|HEARD|PUBLISHED|RECEIVED|REPORTER|SIGNED|APPLAUSE|"
    r"INTERVIEW|TRANSMISSION|BREAK|NAME|IDENTIFIED|SPEAKER)\b[^\]]*\]\s*",
)
_HERE = re.compile(r"\b(?:this|the) (?:capital|city|town)\b|\bhere\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][a-z'-]+(?: (?:de|del|la|las|los|y|[A-Z][a-z'-]+))*(?P<after> [a-z]+)?")
_NO_TOWN = frozenset(
    "neighborhood neighborhoods school monastery street avenue hospital church battalion airport department "
    "cartel volcano brigade university departments hotel highway bridge drug college park district "
    "colony farm".split()
)
"""Words that say that the name before them is no town's."""
_CODES = "SV CO PE GT CL HN BO EC AR PA NI BR VE CR MX CU UY PY DO HT JM".split()
_NEAR_KM = 15
Point = tuple[float, float]
Row = dict[str, Any]
_BATCH = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """A report in upper case. ``paragraphs``: without the header, without tags of the monitoring service."""

    id: str
    place: str
    country: str
    day: str
    agency: str
    paragraphs: tuple[str, ...]


def read_report(doc: Mapping[str, str]) -> Report | None:
    """Return a report, or None where its header gives no day or it has no text."""
    header = _HEADER.match(doc["text"])
    if header is None:
        return None
    body = _TAGS.sub("", doc["text"][header.end() :]).replace("[", "(").replace("]", ")")
    paragraphs = tuple(q for p in re.split(r"\n\s*\n", body) if (q := re.sub(r"\s+", " ", p).strip()))
    if not paragraphs:
        return None
    return Report(
        doc["doc_id"],
        "" if header["place"] in ("CLANDESTINE", "NO CITY") else header["place"],
        header["country"] or "",
        day_of(header["day"], header["month"], header["year"]).isoformat(),
        re.sub(r"\s+", " ", header["agency"] or ""),
        paragraphs,
    )


def unexplained(blocks: Sequence[str], known: Sequence[Point], gazetteer: Gazetteer) -> bool:
    """Return whether a sentence on an explosion names a town, and none that a template explains."""
    for sentence in (s for block in blocks for s in sentences_of(block) if BLAST.search(s)):
        towns = [t for name in _NAME.finditer(sentence) for t in _towns(name, gazetteer)]
        explained = any(kilometres(t, k) <= _NEAR_KM for t in towns for k in known)
        if (towns and not explained) or (not towns and not known and _HERE.search(sentence)):
            return True
    return False


def _towns(name: re.Match[str], gazetteer: Gazetteer) -> list[Point]:
    """Return where the towns lie whose names are in a capitalised phrase, the longest only."""
    words = name.group(0).split()
    if name["after"]:
        words.pop()
    found: list[Point] = []
    first = 0
    while first < len(words):
        for last in range(len(words), first, -1):
            spelled = " ".join(words[first:last])
            after = (words[last] if last < len(words) else name["after"] or "").strip().lower()
            towns = [p for p in gazetteer.find(spelled) if p.country in _CODES and p.geo_precision == 1]
            if towns and spelled[0].isupper() and len(spelled) > 3:
                if after not in _NO_TOWN:
                    found += [p for t in towns if (p := _point(t)) is not None]
                first = last - 1
                break
        first += 1
    return found


def _point(place: Place | None) -> Point | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def convert(
    report: Report, templates: Sequence[Mapping[str, Any]], caser: TrueCaser, gazetteer: Gazetteer
) -> tuple[Row, list[Row]] | None:
    """Return an article and its events, or None where it is doubtful what was struck."""
    readings = [read_template(t, gazetteer) for t in templates]
    if any(r.verdict == DOUBTFUL for r in readings):
        return None
    blocks = _blocks(report, caser)
    known = [p for r in readings if r.is_explosive and (p := _point(r.place)) is not None]
    if unexplained(blocks, known, gazetteer):
        return None
    found = [
        _gold(report.id, group, blocks, caser) for group in _merged(r.strike for r in readings if r.strike)
    ]
    told = [pair for pair in found if pair is not None]
    if len(told) < len(found):
        return None
    name = report.id.lower()
    return {
        "id": name, "source": caser.restore(report.agency) or "FBIS", "url": f"https://muc4.example/{name}",
        "title": "", "byline": None, "published": f"{report.day}T20:00:00-05:00", "summary": "",
        "paragraphs": blocks[1:], "language": "en", "gold": [gold for gold, _ in told], "decoys": [],
    }, [event for _, event in told]  # fmt: skip


def _blocks(report: Report, caser: TrueCaser) -> list[str]:
    """Return the empty title and the paragraphs with their case, the first behind its dateline."""
    day = dt.date.fromisoformat(report.day)
    country = f", {caser.restore(report.country)}" if report.country else ""
    agency = f" ({caser.restore(report.agency)})" if report.agency else ""
    line = f"{report.place}{country}, {day:%b} {day.day}{agency}" if report.place else agency.strip()
    first, *rest = (caser.restore(p) for p in report.paragraphs)
    return ["", f"{line} -- {first}" if line else first, *rest]


def _merged(strikes: Iterable[Strike]) -> list[list[Strike]]:
    """Return strikes of one place and day together: a reader meets one incident."""
    groups: dict[Any, list[Strike]] = defaultdict(list)
    for strike in strikes:
        groups[strike.place, strike.days].append(strike)
    return list(groups.values())


def _gold(
    doc: str, group: Sequence[Strike], blocks: Sequence[str], caser: TrueCaser
) -> tuple[Row, Row] | None:
    """Return a strike and its event; None where the text does not name the place."""
    strike, place = group[0], group[0].place
    span = place_span(strike, blocks)
    if span is None or _point(place) is None:
        return None
    first, last = (d.isoformat() for d in strike.days) if strike.days else (None, None)
    weapons, attackers = {s.weapon for s in group}, {s.attacker for s in group}
    counts = strike.counts if len(group) == 1 else {"killed": (None, None), "injured": (None, None)}
    spans = {k: count_span(counts[k][0], strike.victims[k], blocks) for k in ("killed", "injured")}
    attacker = attackers.pop() if len(attackers) == 1 else None
    shared = {
        "event": f"{place.country}-{first or doc}-{fold_name(place.name)}".lower().replace(" ", "-"),
        "date_start": first, "date_end": last, "place": place.name, "country": place.country,
        "weapon": weapons.pop() if len(weapons) == 1 else "mixed",
        "attacker": caser.restore(attacker) if attacker else None,
        "targets": sorted({t for s in group for t in s.targets}),
    }  # fmt: skip
    gold = {
        **shared, "main": any(s.is_main for s in group), "killed_min": counts["killed"][0],
        "killed_max": counts["killed"][1], "injured_min": counts["injured"][0],
        "injured_max": counts["injured"][1], "children_killed": None, "children_injured": None,
        "status": "reported", "evidence": evidence_of(blocks[span[0]], span[1]),
        "spans": {"place": span, **spans},
    }  # fmt: skip
    return gold, {
        **shared, "kind": "strike", "admin1": place.admin1, "lat": place.latitude, "lon": place.longitude,
        "final_killed": None, "final_injured": None, "final_children_killed": None,
    }  # fmt: skip


def main(arguments: list[str]) -> None:
    """Write the folder of the corpus."""
    source, out, *splits = arguments
    docs, templates = _read(Path(source) / "docs.jsonl"), _read(Path(source) / "templates.jsonl")
    by_doc = defaultdict(list)
    for template in templates:
        by_doc[template["doc_id"]].append(template)
    read = [(d["split"], r) for d in docs if (r := read_report(d)) is not None]
    caser = true_caser(
        ["\n".join(r.paragraphs) for split, r in read if split == "dev"],
        {r.agency for split, r in read if split == "dev"},
        [t for t in templates if t["split"] == "dev"],
    )
    gazetteer = open_gazetteer()
    reports = [r for split, r in read if split in (splits or ["dev"])]
    found = [c for r in reports if (c := convert(r, by_doc[r.id], caser, gazetteer)) is not None]
    articles = [article for article, _ in found]
    events = {e["event"]: e for _, told in found for e in told}
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("articles-*.json"):
        old.unlink()
    for n in range(0, len(articles), _BATCH):
        _write(folder / f"articles-{n // _BATCH + 1:02}.json", articles[n : n + _BATCH])
    _write(folder / "events.json", [events[e] for e in sorted(events)])
    strikes, quiet = sum(len(a["gold"]) for a in articles), sum(not a["gold"] for a in articles)
    print(f"{len(reports)} reports, {len(articles)} articles, {strikes} strikes, {quiet} without any")


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _write(path: Path, rows: Sequence[Row]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
