"""What the Dockerfile builds, without Docker: it runs the pipeline, and its launcher submits to a fake Dataflow."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from apache_beam.portability.api import beam_runner_api_pb2
from bigquery_wire import free_port
from engines import TABLES, new_ledger
from fake_cloud import FakeCloud, cloud, service_account
from newsroom import Newsroom, serving
from warehouse_support import content

IMAGE = Path(os.environ.get("STRIKELEDGER_IMAGE", "")).absolute()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("STRIKELEDGER_IMAGE" not in os.environ, reason="make deploy-check"),
]
WORKER, TAG = (
    "worker@a-project.iam.gserviceaccount.com",
    "europe-west1-docker.pkg.dev/a-project/strikeledger/strikeledger:abc",
)

# google.cloud.dataflow_v1beta3: JobType and WorkerIPAddressConfiguration; on the wire they are numbers.
_BATCH, _STREAMING, _PRIVATE = 1, 2, 2


def run(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{IMAGE}/venv/bin:/usr/bin:/bin", "HOME": str(folder), **more}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)


def test_it_runs_the_pipeline(tmp_path: Path) -> None:
    here, there = new_ledger(tmp_path, "here"), new_ledger(tmp_path, "there")
    with serving(Newsroom(), 0) as base:
        feeds = f"{base}/feeds.txt"
        done = run(
            ["strikeledger", "run", "--feeds", feeds, "--allow-host", "127.0.0.1", "--host-delay", "0",
             "--warehouse", there.url], tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        names = [f"{base}/{outlet}/feed.xml" for outlet in Newsroom().outlets]
        row = here.run(names)
    assert row["articles_written"] == 31
    assert content(there, TABLES) == content(here, TABLES)


class Submission:
    """What the launcher of a template asked of the cloud."""

    def __init__(self, folder: Path, *parameters: str) -> None:
        port = free_port()
        with cloud(port) as fake:
            fake.objects["a-bucket/feeds/feeds.yaml"] = b"- url: https://news.example/feed.xml\n"
            self.done = run(
                ["python", str(IMAGE / "files/template/launch.py"), "--feeds=gs://a-bucket/feeds/feeds.yaml",
                 "--warehouse=bigquery://a-project/ledger?location=EU", "--storage=gs://a-bucket/files", *parameters,
                 "--runner=DataflowRunner", "--project=a-project", "--region=europe-west1", "--job_name=strikeledger-1",
                 "--temp_location=gs://a-bucket/temp", "--staging_location=gs://a-bucket/temp/staging",
                 f"--service_account_email={WORKER}", f"--sdk_container_image={TAG}", "--no_use_public_ips",
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


def test_a_batch_is_submitted(batch: Submission) -> None:
    assert batch.done.returncode == 0, batch.done.stderr[-2000:]
    assert batch.job["type"] == _BATCH
    assert COMMON | {"TakeLease"} <= batch.steps
    assert "StartPanes" not in batch.steps


def test_a_stream_is_submitted(stream: Submission) -> None:
    assert stream.done.returncode == 0, stream.done.stderr[-2000:]
    assert stream.job["type"] == _STREAMING
    assert COMMON | {"StartPanes"} <= stream.steps
    assert "TakeLease" not in stream.steps
    experiments = stream.job["environment"]["experiments"]
    assert {"enable_streaming_engine", "enable_windmill_service"} <= set(experiments)


@pytest.mark.parametrize("kind", ["batch", "stream"])
def test_the_job_is_what_the_launch_asked_for(kind: str, request: pytest.FixtureRequest) -> None:
    submission: Submission = request.getfixturevalue(kind)
    job = submission.job
    assert job["name"] == "strikeledger-1"
    assert job["labels"] == {"mode": "trial", "app": "strikeledger", "version": "0-1-0"}
    environment = job["environment"]
    assert environment["serviceAccountEmail"] == WORKER
    (pool,) = environment["workerPools"]
    assert [image["containerImage"] for image in pool["sdkHarnessContainerImages"]] == [TAG]
    assert pool["ipConfiguration"] == _PRIVATE
    assert pool["autoscalingSettings"]["maxNumWorkers"] == 4
    images = {json.dumps(str(e.payload)) for e in submission.graph.components.environments.values()}
    assert all(TAG in image for image in images)


@pytest.mark.parametrize("kind", ["batch", "stream"])
def test_nothing_comes_after_the_submission(kind: str, request: pytest.FixtureRequest) -> None:
    submission: Submission = request.getfixturevalue(kind)
    asked = submission.cloud.requests
    assert asked[-1] == "POST /v1b3/projects/a-project/locations/europe-west1/jobs"
    assert len([one for one in asked if "/v1b3/" in one]) == 1
    # What workers need is in their image: no session and no package is staged, only the graph and a list of
    # the versions here.
    staged = {name.rpartition("/")[2] for name in submission.cloud.objects if "/temp/" in name}
    assert staged == {"pipeline.pb", "submission_environment_dependencies.txt"}


@pytest.mark.parametrize("kind", ["batch", "stream"])
def test_the_graph_waits_for_the_load_alone(kind: str, request: pytest.FixtureRequest) -> None:
    """Nothing reads what the last step makes."""
    components = request.getfixturevalue(kind).graph.components
    transforms = components.transforms.values()
    (load,) = (t for t in transforms if t.unique_name == "LoadRun")
    made = set(load.outputs.values())
    inner = {name for name, t in components.transforms.items() if t.unique_name.startswith("LoadRun")}
    readers = [
        t.unique_name
        for name, t in components.transforms.items()
        if name not in inner and made & set(t.inputs.values())
    ]
    assert made
    assert not readers


def test_what_cannot_be_submitted_is_one_line(tmp_path: Path) -> None:
    launch = ["python", str(IMAGE / "files/template/launch.py")]
    done = run([*launch, "--feeds=gs://a-bucket/x", "--warehouse=bigquery://a-project/ledger"], tmp_path)
    assert (done.returncode, done.stderr) == (2, "strikeledger: the parameter storage is missing\n")
