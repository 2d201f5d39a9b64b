"""The function, the Beam transform and the command resolve a synthetic ledger in the same way."""

from __future__ import annotations

import random
from pathlib import Path

import apache_beam as beam
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

from benchmarks.pairwise import pairwise
from benchmarks.synthetic import real_towns, synthetic_ledger
from pipelines.cli import main
from pipelines.ingest import new_run
from schemas.rows import record_to_json
from transforms.resolution.resolve import resolve_incidents, to_resolve
from transforms.resolve_incidents import ResolveIncidents


def test_function_transform_and_command_give_the_same_incidents(tmp_path: Path) -> None:
    reports_and_events = list(synthetic_ledger(1500, real_towns(40), days=60))
    reports = [report for report, _ in reports_and_events]
    expected = resolve_incidents(reports)
    random.Random(7).shuffle(reports)

    with TestPipeline("FnApiRunner") as pipeline:
        found = pipeline | beam.Create([to_resolve(r) for r in reports]) | ResolveIncidents(new_run())
        assert_that(found, equal_to(expected))

    path, out = tmp_path / "reports.jsonl", tmp_path / "out"
    path.write_text("".join(record_to_json(r) + "\n" for r in reports))
    assert main(["resolve", "--reports", str(path), "--out", str(out)]) == 0
    for name, records in {
        "incidents": [r.incident for r in expected],
        "incident_reports": [link for r in expected for link in r.links],
        "incident_history": [step for r in expected for step in r.history],
    }.items():
        lines = (out / f"{name}.jsonl").read_text().splitlines()
        assert sorted(lines) == sorted(map(record_to_json, records)), name

    incident = {link.report_id: r.incident.incident_id for r in expected for link in r.links}
    assert pairwise(incident, {r.report_id: event for r, event in reports_and_events})[2] > 0.9
