"""Rows that a warehouse would refuse: a dead letter at extraction, a failed run at staging."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from apache_beam.transforms.window import GlobalWindow
from sample_records import a_report, an_article

import transforms.nlp.batches as module
import transforms.nlp.reports as extractor
from schemas.records import DeadLetter
from schemas.step_records import RunContext
from schemas.validation import RowRefused
from transforms.ledger.staged_rows import plain_rows
from transforms.nlp.reports import ExtractionSettings
from transforms.stage_files import _StageFiles


def test_a_report_that_a_warehouse_would_refuse_is_a_dead_letter_of_its_article(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad = an_article("Good", "Text."), an_article("Bad", "Text.", article_url="https://bad.example/1")
    broken = dataclasses.replace(a_report(), latitude=float("nan"))
    reports = {good.article_url: [a_report()], bad.article_url: [a_report(), broken]}
    monkeypatch.setattr(
        extractor, "extract_reports", lambda articles, _: [(a, reports[a.article_url]) for a in articles]
    )
    results = list(module.extract_or_fail([good, bad], ExtractionSettings()))
    letters = [r for r in results if isinstance(r, DeadLetter)]
    assert [(x.reason, x.page_url, x.stage) for x in letters] == [("row_invalid", bad.article_url, "extract")]
    assert "reports_v1.latitude is not finite" in letters[0].message
    assert [r[0] for r in results if not isinstance(r, DeadLetter)] == [good]


def test_a_bad_row_at_staging_fails_the_run(tmp_path: Path) -> None:
    step, window = (
        _StageFiles(str(tmp_path), RunContext("run-1", ""), plain_rows("reports_v1")),
        GlobalWindow(),
    )
    step.start_bundle()
    assert not list(step.process(a_report(), window))
    with pytest.raises(RowRefused, match=r"reports_v1\.longitude is not finite"):
        list(step.process(dataclasses.replace(a_report(), longitude=float("inf")), window))
    assert [file.value.rows for file in step.finish_bundle()] == [1]
