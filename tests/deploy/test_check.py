"""The offline checks of deploy/ find no fault in the files as they are, and find each fault that is put in."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import check
from deploy.check import ROOT
from deploy.clean_room import last_stage


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of all files that the checks read."""
    ignored = shutil.ignore_patterns("__pycache__", "*.sqlite*", "*.egg-info")
    for name in ("deploy", "schemas", "transforms", "pipelines", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("setup.py", "pyproject.toml", "constraints.txt", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) >= 1, f"{old} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("name", [name for name in check.CHECKS if name != "wheel and sdist"])
def test_the_check_finds_no_fault_in_the_repository(name: str) -> None:
    assert check.CHECKS[name](ROOT) == []


def test_python_code_in_the_dockerfile_runs() -> None:
    # `build_nlp` lost its default arguments, and the Dockerfile still called it without them. No type checker
    # reads the Dockerfile.
    runs = [value for instruction, value in last_stage(ROOT / "deploy/Dockerfile") if instruction == "RUN"]
    commands = [shlex.split(command) for value in runs for command in value.split("&&")]
    codes = [command[2] for command in commands if command[:2] == ["python", "-c"]]
    assert any("build_nlp" in code for code in codes)
    for code in codes:
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=120)


FAULTS = [
    ("template parameters", "templates/batch.json", '"name": "storage"', '"name": "bucket"', "bucket is not an option"),
    ("template parameters", "templates/stream.json", '"name": "groups"', '"name": "feeds"', "feeds is listed twice"),
    ("template parameters", "templates/stream.json", '"isOptional": false', '"isOptional": true', "feeds must not be optional"),
    ("roles", "terraform/accounts.tf", "roles/bigquery.jobUser", "roles/editor", "worker has roles/editor"),
    ("roles", "terraform/accounts.tf", '"roles/storage.objectViewer"', '"roles/storage.admin"', "worker may replace templates: roles/storage.admin on releases"),
    ("roles", "terraform/accounts.tf", "google_storage_bucket.releases.name\n  role   = \"roles/storage.objectViewer\"\n  member = google_service_account.launcher", "google_storage_bucket.files.name\n  role   = \"roles/storage.objectViewer\"\n  member = google_service_account.launcher", "launcher may read data: roles/storage.objectViewer on files"),
    ("roles", "terraform/accounts.tf", "google_storage_bucket.releases.name\n  role   = \"roles/storage.objectUser\"", "google_storage_bucket.files.name\n  role   = \"roles/storage.objectUser\"", "builder may read data: roles/storage.objectUser on files"),
    ("roles", "terraform/accounts.tf", "roles/bigquery.dataEditor\"\n  member     = google_service_account.worker", "roles/bigquery.dataEditor\"\n  member     = google_service_account.builder", "builder may read data: roles/bigquery.dataEditor on ledger"),
    ("roles", "terraform/batch.tf", "google_storage_bucket.releases.name}/templates", "google_storage_bucket.files.name}/templates", "the bucket files holds templates and data"),
    ("roles", "terraform/batch.tf", "google_storage_bucket.files.name}/temp\"", "google_storage_bucket.releases.name}/temp\"", "the bucket releases holds templates and data"),
    ("roles", "terraform/locals.tf", "google_storage_bucket.files.name}/files", "google_storage_bucket.releases.name}/files", "the bucket releases holds templates and data"),
    ("roles", "terraform/accounts.tf", "service_account_id = google_service_account.worker.name\n  role               = \"roles/iam.serviceAccountUser\"\n  member             = google_service_account.launcher", "service_account_id = google_service_account.builder.name\n  role               = \"roles/iam.serviceAccountUser\"\n  member             = google_service_account.launcher", "launcher has roles/iam.serviceAccountUser by a google_service_account_iam_member on builder"),
    ("egress", "terraform/network.tf", '["80", "443"]', '["80", "443", "22"]', "to_web: workers may send to tcp port 22"),
    ("egress", "terraform/network.tf", '    ports    = ["80", "443"]\n', "", "to_web: workers may send to tcp port all"),
    ("egress", "terraform/network.tf", "priority           = 65000", "priority           = 950", "the last rule does not forbid"),
    ("egress", "terraform/network.tf", '"172.16.0.0/12", ', "", "172.16.0.0/12 is not forbidden before the web"),
    ("egress", "terraform/network.tf", "priority           = 1000", "priority           = 1200", "10.0.0.0/8 is not forbidden before the web"),
    ("egress", "terraform/network.tf", "priority           = 1100", 'priority = 1100\n  target_tags = ["dataflow"]', "to_web: the rule concerns only some machines"),
    ("egress", "terraform/network.tf", 'EGRESS"\n  priority           = 65000', 'INGRESS"\n  priority           = 65000', "the last rule does not forbid"),
    ("Dockerfile", "Dockerfile", "USER 10001:10001\n", "", "the image runs as root"),
    ("base images", "Dockerfile", "${BEAM_VERSION}${SDK_DIGEST} AS", "${BEAM_VERSION} AS", "takes no digest"),
    ("base images", "Dockerfile", "ARG SDK_DIGEST=\n", "", "takes no digest"),
    ("base images", "base-images.env", "writes this file.\n", "writes this file.\nSDK_DIGEST=latest\n", "SDK_DIGEST is no digest"),
    ("base images", "base-images.env", "writes this file.\n", f"writes this file.\nX_DIGEST=@sha256:{'a' * 64}\n", "X_DIGEST is no digest that"),
    ("Dockerfile", "Dockerfile", "USER 10001:10001", "USER root", "the image runs as root"),
    ("roles", "terraform/accounts.tf", '"google_bigquery_dataset_iam_member" "worker"', '"google_project_iam_member" "data"', "roles/bigquery.dataEditor by a google_project"),
    ("roles", "terraform/accounts.tf", "google_service_account.builder.member", '"allUsers"', "allUsers"),
    ("versions", "Dockerfile", "BEAM_VERSION=2.77.0", "BEAM_VERSION=2.76.0", "BEAM_VERSION says 2.76.0"),
    ("versions", "versions.env", "BEAM_VERSION=2.77.0", "BEAM_VERSION=2.80.0", "setup.py's apache-beam"),
    ("versions", "Dockerfile", "/python311-template", "/python312-template", "launcher says 3.12"),
    ("Terraform", "terraform/batch.tf", 'Etc/UTC"', 'Etc/UTC', "batch.tf:"),
    ("Terraform", "terraform/batch.tf", "var.machine_type", "var.machine", "var.machine is not declared"),
    ("Terraform", "terraform/stream.tf", "google_service_account.worker", "google_service_account.runner", "google_service_account.runner"),
    ("Terraform", "terraform/stream.tf", "every = var.every", "interval = var.every", "interval, which it does not take"),
    ("Terraform", "terraform/stream.tf", "every = var.every", "", "does not give the stream template every"),
    ("Terraform", "terraform/warehouse.tf", "bigquery/${each.key}.json", "tables/${each.key}.json", "no file"),
    ("Terraform", "terraform/batch.tf", "flexTemplates:launch", "templates:launch", "does not launch a template"),
    ("Cloud Build", "cloudbuild.yaml", "steps:", "stages:", "steps"),
    ("Cloud Build", "cloudbuild.yaml", "europe-west1-docker", "us-docker", "lacks"),
    ("Dockerfile", "Dockerfile", "COPY schemas schemas", "COPY schema schemas", "schema, which is not there"),
    ("Dockerfile", "Dockerfile", "ENTRYPOINT [", "ENTRYPOINT boot [", "DL3025"),
    ("log line of the alerts", "terraform/alerts.tf", "entries_dead_letter=", "dead_letters=", "not in the line"),
    ("log line of the alerts", "terraform/alerts.tf", "^strikeledger run ", "^strikeledger pane ", "not the line"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "file", "old", "new", "fault"), FAULTS, ids=[f"{fault[0]}: {fault[4]}" for fault in FAULTS]
)
def test_the_check_finds_a_fault_that_is_put_in(
    tree: Path, name: str, file: str, old: str, new: str, fault: str
) -> None:
    replace_once(tree / "deploy" / file, old, new)
    assert any(fault in line for line in check.CHECKS[name](tree)), check.CHECKS[name](tree)


@pytest.mark.slow
def test_a_file_that_does_not_parse_is_reported_once(tree: Path) -> None:
    replace_once(tree / "deploy/terraform/network.tf", "}", "")
    quick_checks = (run for name, run in check.CHECKS.items() if name != "wheel and sdist")
    (fault,) = [fault for run in quick_checks for fault in run(tree)]
    assert fault.startswith("network.tf: ")


@pytest.mark.slow
def test_wheel_and_sdist_hold_every_data_file(tree: Path) -> None:
    package_faults: Callable[[Path], list[str]] = check.CHECKS["wheel and sdist"]
    assert package_faults(tree) == []
    replace_once(tree / "setup.py", '"*.yaml", "*.tsv"', '"*.yaml"')
    tables = ("admin1", "further_places", "quarters")
    assert package_faults(tree) == [
        f"transforms/nlp/{table}.tsv is not in the {built}"
        for built in ("wheel", "sdist")
        for table in tables
    ]
