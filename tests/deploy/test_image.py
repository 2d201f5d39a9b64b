"""The contents of the image, built without Docker, run the pipeline and submit jobs to a fake Dataflow."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from apache_beam.portability.api import beam_runner_api_pb2
from conftest import feeds_of
from engines import compared_tables, new_ledger
from fake_cloud import FakeCloud, cloud, service_account
from newsroom import Newsroom, serving
from ports import free_port

IMAGE = Path(os.environ.get("STRIKELEDGER_IMAGE", "")).absolute()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("STRIKELEDGER_IMAGE" not in os.environ, reason="make deploy-check"),
]
WORKER_ACCOUNT = "worker@a-project.iam.gserviceaccount.com"
IMAGE_TAG = "europe-west1-docker.pkg.dev/a-project/strikeledger/strikeledger:abc"

# Numbers of JobType and WorkerIPAddressConfiguration in google.cloud.dataflow_v1beta3.
_BATCH, _STREAMING, _PRIVATE = 1, 2, 2


def run_in_image(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{IMAGE}/venv/bin:/usr/bin:/bin", "HOME": str(folder), **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)


def test_the_image_writes_the_tables_of_a_run_in_this_environment(tmp_path: Path) -> None:
    own_ledger, image_ledger = new_ledger(tmp_path, "own"), new_ledger(tmp_path, "image")
    with serving(Newsroom(), 0) as base:
        done = run_in_image(["strikeledger", *image_ledger.run_arguments(f"{base}/feeds.txt")], tmp_path)
        assert done.returncode == 0, done.stderr
        row = own_ledger.run(feeds_of(Newsroom(), base))
    assert row["articles_written"] == 31
    assert compared_tables(image_ledger) == compared_tables(own_ledger)


class Submission:
    """A job that the launcher of a template submitted to a fake cloud, and the requests that it made."""

    def __init__(self, folder: Path, *parameters: str) -> None:
        port = free_port()
        with cloud(port) as fake:
            fake.objects["a-bucket/feeds/feeds.yaml"] = b"- url: https://news.example/feed.xml\n"
            self.done = run_in_image(
                ["python", str(IMAGE / "files/template/launch.py"), "--feeds=gs://a-bucket/feeds/feeds.yaml",
                 "--warehouse=bigquery://a-project/ledger?location=EU", "--storage=gs://a-bucket/files", *parameters,
                 "--runner=DataflowRunner", "--project=a-project", "--region=europe-west1", "--job_name=strikeledger-1",
                 "--temp_location=gs://a-bucket/temp", "--staging_location=gs://a-bucket/temp/staging",
                 f"--service_account_email={WORKER_ACCOUNT}", f"--sdk_container_image={IMAGE_TAG}", "--no_use_public_ips",
                 "--max_num_workers=4", "--labels=mode=trial", f"--dataflow_endpoint=http://localhost:{port}"],
                folder,
                GOOGLE_APPLICATION_CREDENTIALS=str(service_account(folder, port)),
                STORAGE_EMULATOR_HOST=f"http://localhost:{port}",
                NO_GCE_CHECK="true",
            )  # fmt: skip
        self.cloud: FakeCloud = fake

    @property
    def job(self) -> dict[str, Any]:
        (job,) = self.cloud.jobs
        return job

    @property
    def graph(self) -> Any:
        (name,) = (name for name in self.cloud.objects if name.endswith("/pipeline.pb"))
        return beam_runner_api_pb2.Pipeline.FromString(self.cloud.objects[name])

    @property
    def steps(self) -> set[str]:
        return {t.unique_name for t in self.graph.components.transforms.values() if "/" not in t.unique_name}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    return Submission(tmp_path_factory.mktemp("batch"), "--due=true")


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    return Submission(tmp_path_factory.mktemp("stream"), "--every=15m")


COMMON = {
    "ReadState",
    "PollFeeds",
    "FetchArticles",
    "ExtractReports",
    "StageArticles",
    "ResolveIncidents",
    "LoadRun",
}


def test_a_batch_job_is_submitted(batch: Submission) -> None:
    assert batch.done.returncode == 0, batch.done.stderr[-2000:]
    assert batch.job["type"] == _BATCH
    assert COMMON | {"TakeLease"} <= batch.steps
    assert "StartPanes" not in batch.steps


def test_a_streaming_job_is_submitted(stream: Submission) -> None:
    assert stream.done.returncode == 0, stream.done.stderr[-2000:]
    assert stream.job["type"] == _STREAMING
    assert COMMON | {"StartPanes"} <= stream.steps
    assert "TakeLease" not in stream.steps
    experiments = stream.job["environment"]["experiments"]
    assert {"enable_streaming_engine", "enable_windmill_service"} <= set(experiments)


@pytest.mark.parametrize("kind", ["batch", "stream"])
def test_the_job_has_the_settings_of_the_launch(kind: str, request: pytest.FixtureRequest) -> None:
    submission: Submission = request.getfixturevalue(kind)
    job = submission.job
    assert job["name"] == "strikeledger-1"
    assert job["labels"] == {"mode": "trial", "app": "strikeledger", "version": "0-1-0"}
    environment = job["environment"]
    assert environment["serviceAccountEmail"] == WORKER_ACCOUNT
    (pool,) = environment["workerPools"]
    assert [image["containerImage"] for image in pool["sdkHarnessContainerImages"]] == [IMAGE_TAG]
    assert pool["ipConfiguration"] == _PRIVATE
    assert pool["autoscalingSettings"]["maxNumWorkers"] == 4
    images = {json.dumps(str(e.payload)) for e in submission.graph.components.environments.values()}
    assert all(IMAGE_TAG in image for image in images)


@pytest.mark.parametrize("kind", ["batch", "stream"])
def test_the_submission_is_the_last_request(kind: str, request: pytest.FixtureRequest) -> None:
    submission: Submission = request.getfixturevalue(kind)
    requests = submission.cloud.requests
    assert requests[-1] == "POST /v1b3/projects/a-project/locations/europe-west1/jobs"
    assert len([request for request in requests if "/v1b3/" in request]) == 1
    # No session and no package is staged, because the image has all that workers need. Only the graph and a
    # list of the launcher's package versions are.
    staged = {name.rpartition("/")[2] for name in submission.cloud.objects if "/temp/" in name}
    assert staged == {"pipeline.pb", "submission_environment_dependencies.txt"}


@pytest.mark.parametrize("kind", ["batch", "stream"])
def test_no_step_reads_the_output_of_the_load(kind: str, request: pytest.FixtureRequest) -> None:
    components = request.getfixturevalue(kind).graph.components
    transforms = components.transforms.values()
    (load,) = (t for t in transforms if t.unique_name == "LoadRun")
    outputs = set(load.outputs.values())
    inner = {name for name, t in components.transforms.items() if t.unique_name.startswith("LoadRun")}
    readers = [
        t.unique_name
        for name, t in components.transforms.items()
        if name not in inner and outputs & set(t.inputs.values())
    ]
    assert outputs
    assert not readers


def test_the_error_of_an_unusable_submission_is_one_line(tmp_path: Path) -> None:
    launch = ["python", str(IMAGE / "files/template/launch.py")]
    done = run_in_image(
        [*launch, "--feeds=gs://a-bucket/x", "--warehouse=bigquery://a-project/ledger"], tmp_path
    )
    assert (done.returncode, done.stderr) == (2, "strikeledger: the parameter storage is missing\n")
