"""The job as a template: its parameters, and errors of unusable ones. ``tests/deploy`` tests the submission."""

from __future__ import annotations

from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
)

from pipelines.feed_list import FeedListInvalid
from pipelines.options import ConfigurationInvalid, ingest_config
from pipelines.template import choices_of, set_up, submit
from transforms.warehouse.lease import Lease

GIVEN = ["--warehouse=bigquery://a-project/ledger", "--storage=gs://b/files"]


@pytest.fixture
def feeds(tmp_path: Path) -> str:
    path = tmp_path / "feeds.txt"
    path.write_text("https://news.example/feed.xml\n")
    return f"--feeds={path}"


def test_parameters_become_choices_and_the_lease_is_taken_in_the_graph(feeds: str) -> None:
    more = ["--due=true", "--groups=8", "--allow_hosts=10.0.0.1, 10.0.0.2", "--host_delay=2.5", "--settle=1h"]
    choices = choices_of(PipelineOptions([feeds, *GIVEN, *more]))
    assert (choices.due, choices.groups, choices.host_delay) == (True, 8, 2.5)
    assert choices.allow_hosts == ("10.0.0.1", "10.0.0.2")
    config = ingest_config(choices)
    assert (config.lease, config.stream_every_s, config.settle_s) == (Lease.GRAPH, None, 3600)
    assert config.staging == "gs://b/files/staging/a-project.ledger"


def test_the_budget_of_a_host_and_the_quota_become_limits_of_fetching(feeds: str) -> None:
    choices = choices_of(PipelineOptions([feeds, *GIVEN, "--host_budget=60", "--payload_quota=2GB"]))
    policy = ingest_config(choices).policy
    assert (policy.host_budget_s, policy.payload_quota_bytes) == (60, 2 * 10**9)


def test_an_interval_makes_a_stream(feeds: str) -> None:
    choices = choices_of(PipelineOptions([feeds, *GIVEN, "--every=15m"]))
    assert choices.is_stream
    assert ingest_config(choices).stream_every_s == 900


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--storage=gs://b/files"], "the parameter warehouse is missing"),
        (["--warehouse=bigquery://a-project/ledger"], "the parameter storage is missing"),
        ([*GIVEN, "--groups=0"], "groups must be between"),
        ([*GIVEN, "--every=soon"], "--every takes an interval"),
        ([*GIVEN, "--runner=DataflowRunner"], "sdk_container_image must name"),
    ],
)
def test_the_error_of_a_bad_parameter_says_what_is_wrong(
    feeds: str, arguments: list[str], message: str
) -> None:
    with pytest.raises(ConfigurationInvalid, match=message):
        submit([feeds, *arguments])


def test_a_missing_list_of_feeds_is_an_error() -> None:
    with pytest.raises(FeedListInvalid, match="no feed list at"):
        submit(["--feeds=/nowhere/feeds.txt", *GIVEN])


def test_a_streaming_job_sets_the_options_of_the_service() -> None:
    options = PipelineOptions(["--runner=DataflowRunner", "--sdk_container_image=i:1", "--labels=mode=x"])
    set_up(options, is_stream=True)
    cloud = options.view_as(GoogleCloudOptions)
    assert cloud.enable_streaming_engine
    assert options.view_as(StandardOptions).streaming
    assert options.view_as(SetupOptions).save_main_session is False
    assert cloud.labels[:2] == ["mode=x", "app=strikeledger"]


def test_a_flag_must_be_true_or_false(feeds: str) -> None:
    with pytest.raises(SystemExit):
        choices_of(PipelineOptions([feeds, *GIVEN, "--due=perhaps"]))
