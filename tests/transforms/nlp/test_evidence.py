"""Evidence in all annotated articles: each toll, place, date and weapon has a sentence at the given offsets, or is null."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scoring import MODEL, read_own, read_sample

from schemas.records import Article, Report
from transforms.nlp.reports import ExtractionSettings, extract_reports

EVAL = Path(__file__).parents[2] / "eval"
FIELDS = {
    "location": ("location",),
    "event_date_start": ("event_date_start", "event_date_end"),
    "fatalities_low": ("fatalities_low", "fatalities_best", "fatalities_high"),
    "injured_low": ("injured_low", "injured_best", "injured_high"),
    "child_fatalities": ("child_fatalities",),
    "child_injured": ("child_injured",),
    "actor": ("actor",),
}


@pytest.fixture(scope="module")
def extracted() -> list[tuple[Article, list[Report]]]:
    articles = [a for _, a, _ in [*read_sample(EVAL / "gold.jsonl"), *read_own(EVAL / "own")]]
    return list(extract_reports(articles, ExtractionSettings(MODEL)))


def test_every_field_has_evidence_or_is_null(extracted: list[tuple[Article, list[Report]]]) -> None:
    checked = 0
    for _, reports in extracted:
        for report in reports:
            said = {e.field for e in report.evidence}
            for field, columns in FIELDS.items():
                has_value = any(getattr(report, column) is not None for column in columns)
                assert has_value == (field in said), (report.headline, field)
                checked += has_value
            assert (report.weapon != "unknown") == ("weapon" in said), report.headline
            assert bool(report.targets) == ("targets" in said), report.headline
    assert checked > 800


def test_the_text_of_evidence_is_at_its_offsets(extracted: list[tuple[Article, list[Report]]]) -> None:
    for article, reports in extracted:
        whole = f"{article.title}\n\n{article.text}"
        for report in reports:
            for evidence in report.evidence:
                if evidence.start is None or evidence.end is None:
                    assert evidence.field == "event_date_start"
                    assert evidence.text == f"published {article.published_at}"
                else:
                    assert whole[evidence.start : evidence.end] == evidence.text
                    assert evidence.text.strip()


WORDS = {str(n): w for n, w in enumerate("zero one two three four five six seven eight nine ten".split())}


def test_most_tolls_stand_as_a_number_in_their_sentence(
    extracted: list[tuple[Article, list[Report]]],
) -> None:
    """The other tolls follow from words such as "a man", "a couple", "dozens", "more than 50" or "nobody"."""
    tolls = with_number = 0
    for _, reports in extracted:
        for report in reports:
            text = next((e.text.lower() for e in report.evidence if e.field == "fatalities_low"), None)
            if text is None or report.fatalities_low is None or not 1 < report.fatalities_low <= 10:
                continue
            tolls += 1
            number = str(report.fatalities_low)
            with_number += bool(re.search(rf"\b(?:{number}|{WORDS[number]})\b", text))
    assert tolls > 60
    assert with_number / tolls > 0.75


def test_each_field_with_evidence_has_a_confidence(extracted: list[tuple[Article, list[Report]]]) -> None:
    for _, reports in extracted:
        for report in reports:
            assert [f.field for f in report.field_confidence] == [e.field for e in report.evidence]
            assert all(0 < f.confidence <= 1 for f in report.field_confidence)
            assert 0 < report.confidence <= 1
