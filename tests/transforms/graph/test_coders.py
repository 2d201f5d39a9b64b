"""Elements have deterministic coders, and no step uses pickle."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.coders import registry
from apache_beam.coders.coders import deserialize_coder
from google.protobuf.wrappers_pb2 import BytesValue
from sample_records import a_report, an_article, an_entry

from pipelines.ingest import build_ingest, new_run
from pipelines.options import IngestConfig, beam_options
from schemas.records import Evidence, Feed
from transforms.graph.coders import ALL_RECORDS, RecordCoder
from transforms.resolution.resolve import resolve_incidents
from transforms.web.messages import FetchPolicy


@pytest.mark.parametrize("kind", ALL_RECORDS)
def test_every_record_has_a_deterministic_coder_without_pickled_fields(kind: type) -> None:
    coder = registry.get_coder(kind)
    assert coder.is_deterministic()
    assert "pickle" not in str(coder.schema).lower()


@pytest.mark.parametrize(
    "record",
    [
        a_report(evidence=[Evidence("weapon", "drone", None, None)], event_date_end=None, latitude=None),
        an_article("T", "text"),
        an_entry(flags=["a", "b"]),
        resolve_incidents([a_report(0), a_report(1)])[0],
    ],
)
def test_a_record_is_the_same_after_its_coder(record: object) -> None:
    coder = registry.get_coder(type(record))
    assert coder.decode(coder.encode(record)) == record


def test_a_worker_decodes_records_without_importing_our_modules_first() -> None:
    """The worker learns the classes only from the coder that is stored in the graph."""
    report = a_report(evidence=[Evidence("weapon", "drone", None, None)])
    coder = registry.get_coder(type(report))
    _, payload, _ = coder.to_runner_api_parameter(None)
    code = (
        "import sys; from apache_beam.coders.coders import deserialize_coder;"
        "coder = deserialize_coder(bytes.fromhex(sys.argv[1])); record = coder.decode(bytes.fromhex(sys.argv[2]));"
        "print(type(record).__module__, type(record).__name__, type(record.evidence[0]).__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, payload.value.hex(), coder.encode(report).hex()],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["schemas.records", "Report", "Evidence"]


def _config(folder: Path) -> IngestConfig:
    return IngestConfig(
        (Feed("http://127.0.0.1:1/feed"),),
        f"duckdb:///{folder}/x.duckdb",
        FetchPolicy(),
        str(folder),
        str(folder),
    )


def test_no_grouping_in_the_graph_uses_pickle(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pipeline = beam.Pipeline(options=beam_options([]))
    with caplog.at_level(logging.WARNING):
        build_ingest(pipeline, _config(tmp_path), new_run())
        proto = pipeline.to_runner_api()
    assert not [r.message for r in caplog.records if "fallback" in r.message.lower()]
    components = proto.components

    def pickled(coder_id: str) -> list[str]:
        """Return the coders, also of parts, that pickle elements.

        Our coders are themselves pickled into the graph, but they do not pickle records.
        """
        coder = components.coders[coder_id]
        found = [name for part in coder.component_coder_ids for name in pickled(part)]
        if "pickle" in coder.spec.urn:
            parsed = deserialize_coder(BytesValue.FromString(coder.spec.payload).value)
            found += [] if isinstance(parsed, RecordCoder) else [str(parsed)]
        return found

    shuffled = [t for t in components.transforms.values() if t.spec.urn == "beam:transform:group_by_key:v1"]
    ours = [t for t in shuffled if "Reshuffle" not in t.unique_name and "Create" not in t.unique_name]
    assert len(ours) == 8, "every grouping is checked"
    for transform in ours:
        for collection in transform.inputs.values():
            assert not pickled(components.pcollections[collection].coder_id), transform.unique_name


def test_the_labels_of_the_graph_are_the_same_each_time(tmp_path: Path) -> None:
    def labels() -> set[str]:
        pipeline = beam.Pipeline(options=beam_options([]))
        build_ingest(pipeline, _config(tmp_path), new_run())
        return {t.unique_name for t in pipeline.to_runner_api().components.transforms.values()}

    assert labels() == labels()
