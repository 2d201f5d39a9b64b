"""The gate before the model: it rejects other news, and no annotated strike."""

from __future__ import annotations

from pathlib import Path

import pytest
from scoring import MODEL, read_own, read_sample

from transforms.nlp.gate import may_tell_of_strikes
from transforms.nlp.language import load_pack
from transforms.nlp.reports import ExtractionSettings, analyse, extract_reports, passes_gate

EVAL = Path(__file__).parents[2] / "eval"


def test_every_annotated_strike_passes() -> None:
    passed = [
        passes_gate(a)
        for _, a, golds in [*read_sample(EVAL / "gold.jsonl"), *read_own(EVAL / "own")]
        if golds
    ]
    assert len(passed) > 130
    assert all(passed)


@pytest.mark.parametrize(
    "text",
    [
        "The council approved a new budget for parks and libraries on Monday.",
        "Shares rose after the bank cut rates; the currency gained.",
        "She won the final in three sets and will play the world number one on Sunday.",
    ],
)
def test_other_news_does_not_pass(text: str) -> None:
    assert not may_tell_of_strikes(text, load_pack("en"))


@pytest.mark.parametrize(
    "text",
    [
        "Glide bombs on the town left two dead.",
        "The village was shelled; a man was wounded.",
        "A roadside bomb hit a bus.",
        "Loitering munitions damaged a depot.",
        "An Iskander-M landed in a field.",
    ],
)
def test_short_reports_of_strikes_pass(text: str) -> None:
    assert may_tell_of_strikes(text, load_pack("en"))


def test_explain_shows_the_reports_that_extraction_gives_also_of_what_the_checks_reject() -> None:
    settings = ExtractionSettings(MODEL)
    articles = [a for _, a, _ in read_own(EVAL / "own")]
    rejected = 0
    for article, reports in extract_reports(articles, settings):
        analysis = analyse(article, settings)
        assert list(analysis.reports) == reports
        assert analysis.passed or not reports
        rejected += not analysis.passed
    assert rejected
