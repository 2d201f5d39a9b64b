"""``make deploy-check``: what can be proved of this folder without a cloud.

Each check returns its faults, a line each. Building the packages takes seconds, the rest less.
"""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from deploy.hcl import HCLInvalid, Terraform, parameter_names

ROOT = Path(__file__).parent.parent
_PACKAGES = ("schemas", "transforms", "pipelines")

# Who may do what, and on what: a grant that is not here is a fault. Nobody has a role of the whole project
# that could read or write data.
_PROJECT, _DATASET = "google_project_iam_member", "google_bigquery_dataset_iam_member"
_ACCOUNT, _BUCKET = "google_service_account_iam_member", "google_storage_bucket_iam_member"
_REPOSITORY = "google_artifact_registry_repository_iam_member"
GRANTS = {
    ("worker", _PROJECT, "roles/dataflow.worker"),
    ("worker", _PROJECT, "roles/dataflow.developer"),
    ("worker", _PROJECT, "roles/bigquery.jobUser"),
    ("worker", _DATASET, "roles/bigquery.dataEditor"),
    ("worker", _BUCKET, "roles/storage.objectAdmin"),
    ("worker", _REPOSITORY, "roles/artifactregistry.reader"),
    ("worker", _ACCOUNT, "roles/iam.serviceAccountUser"),
    ("launcher", _PROJECT, "roles/dataflow.developer"),
    ("launcher", _ACCOUNT, "roles/iam.serviceAccountUser"),
    ("launcher", _BUCKET, "roles/storage.objectViewer"),
    ("builder", _PROJECT, "roles/logging.logWriter"),
    ("builder", _BUCKET, "roles/storage.objectUser"),
    ("builder", _REPOSITORY, "roles/artifactregistry.writer"),
}


def dockerfile_faults(root: Path) -> list[str]:
    """The Dockerfile's syntax and habits, by hadolint; what it copies is there."""
    found = _said("hadolint", "--no-color", str(root / "deploy/Dockerfile"))
    for line in (root / "deploy/Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            found += [
                f"the Dockerfile copies {s}, which is not there" for s in sources if not (root / s).exists()
            ]
    return found


def cloud_build_faults(root: Path) -> list[str]:
    """Cloud Build's file against its schema; it names the image and the bucket that Terraform makes."""
    path = root / "deploy/cloudbuild.yaml"
    found = _said(
        "check-jsonschema", "-o", "text", "--builtin-schema", "vendor.cloudbuild", str(path), is_quiet=True
    )
    if found:
        return found
    text, terraform = path.read_text(), _terraform(root)
    if terraform is None:
        return []
    name = terraform.locals["name"].strip('"')
    region = terraform.variables["region"]["default"].strip('"')
    for wanted in (
        f"_IMAGE: {region}-docker.pkg.dev/${{PROJECT_ID}}/{name}/{name}\n",
        f"_BUCKET: ${{PROJECT_ID}}-{name}\n",
        "gs://$_BUCKET/templates/batch-$SHORT_SHA.json",
        "gs://$_BUCKET/templates/stream-$SHORT_SHA.json",
        "--metadata-file=deploy/templates/batch.json",
        "--metadata-file=deploy/templates/stream.json",
    ):
        if wanted not in text:
            found.append(f"cloudbuild.yaml lacks {wanted.strip()!r}")
    return found


def terraform_faults(root: Path) -> list[str]:
    """Terraform's files parse, what they refer to is declared, what they read is there."""
    try:
        terraform = Terraform(root / "deploy/terraform")
    except HCLInvalid as error:
        return [str(error)]
    found = [*terraform.unresolved(), *terraform.missing_files()]
    names = set(json.loads((root / "schemas/tables.json").read_text()))
    columns = {path.stem for path in (root / "schemas/bigquery").glob("*.json")}
    found += [f"{name}: in schemas/tables.json or schemas/bigquery alone" for name in sorted(names ^ columns)]
    feeds = terraform.variables["feeds"]["default"].strip('"')
    if not (root / "deploy/terraform" / feeds).exists():
        found.append(f"variables.tf: no file {feeds}")
    for type_, name, body in terraform.blocks("resource"):
        if type_ == "google_cloud_scheduler_job":
            (target,) = body["http_target"]
            if not target["uri"].strip('"').endswith("/flexTemplates:launch"):
                found.append(f"{name}: the scheduler does not launch a template")
            found += _parameter_faults(root, "batch", parameter_names(target["body"], terraform))
        elif type_ == "google_dataflow_flex_template_job":
            found += _parameter_faults(root, "stream", parameter_names(body["parameters"], terraform))
    return found


def role_faults(root: Path) -> list[str]:
    """Three accounts, and no grant but those that are known here."""
    terraform = _terraform(root)
    if terraform is None:
        return []
    grants = set(terraform.grants())
    return [
        *(f"{who} has {role} by a {how}: not a known grant" for who, how, role in sorted(grants - GRANTS)),
        *(f"{who} lacks {role} by a {how}" for who, how, role in sorted(GRANTS - grants)),
    ]


def template_faults(root: Path) -> list[str]:
    """The templates' parameters are the job's options: no other, none missing, the same ones required."""
    from pipelines.template import REQUIRED_PARAMETERS, IngestOptions

    options = set(IngestOptions([]).get_all_options(current_only=True))
    found = []
    for name, without, required in (
        ("batch", "every", {*REQUIRED_PARAMETERS}),
        ("stream", "due", {*REQUIRED_PARAMETERS, "every"}),
    ):
        parameters = _template(root, name)["parameters"]
        names = [p["name"] for p in parameters]
        wanted = options - {without}
        found += [f"{name}.json: {n} is no option of the job" for n in sorted(set(names) - wanted)]
        found += [f"{name}.json: the option {n} is missing" for n in sorted(wanted - set(names))]
        found += [f"{name}.json: {n} stands twice" for n in sorted(set(names)) if names.count(n) > 1]
        found += [
            f"{name}.json: {p['name']} must {'not ' if p['isOptional'] else ''}be optional"
            for p in parameters
            if p["isOptional"] == (p["name"] in required)
        ]
        for parameter in parameters:
            for pattern in parameter.get("regexes", []):
                re.compile(pattern)
    return found


def version_faults(root: Path) -> list[str]:
    """One version of Beam and of Python everywhere."""
    lines = (root / "deploy/versions.env").read_text().splitlines()
    versions = dict(line.split("=") for line in lines if re.match(r"\w+=", line))
    beam, python = versions["BEAM_VERSION"], versions["PYTHON_VERSION"]
    dockerfile = (root / "deploy/Dockerfile").read_text()
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)", dockerfile, re.MULTILINE))
    pyproject, setup = (root / "pyproject.toml").read_text(), (root / "setup.py").read_text()
    found = []

    def agree(where: str, said: str | None, wanted: str) -> None:
        if said != wanted:
            found.append(f"{where} says {said}, deploy/versions.env {wanted}")

    agree("the Dockerfile's BEAM_VERSION", arguments.get("BEAM_VERSION"), beam)
    agree("the Dockerfile's PYTHON_VERSION", arguments.get("PYTHON_VERSION"), python)
    launcher = re.search(r"/python(\d)(\d+)-template-launcher-base", dockerfile)
    agree("the Dockerfile's launcher", f"{launcher[1]}.{launcher[2]}" if launcher else None, python)
    agree("constraints.txt's apache-beam", _match(r"^apache-beam==(\S+)", root / "constraints.txt"), beam)
    agree("pyproject's mypy", _match(r'^python_version = "(.+)"', pyproject), python)
    agree("pyproject's ruff", _match(r'^target-version = "py(.+)"', pyproject), python.replace(".", ""))
    agree("pyproject's requires-python", _match(r'^requires-python = ">=(.+)"', pyproject), python)
    for text in re.findall(r'"(apache-beam.*?)"', setup):
        if not Requirement(text).specifier.contains(beam):
            found.append(f"setup.py's {text} leaves out deploy/versions.env's {beam}")
    return found


def log_line_faults(root: Path) -> list[str]:
    """The alerts read the line that the last step logs."""
    from transforms.ledger.load import run_line

    terraform = _terraform(root)
    if terraform is None:
        return []
    figures = terraform.locals
    line = run_line(defaultdict(lambda: 7))
    start = re.search(r"=~\\\"(\^[^\\]*)\\\"", str(figures["run_line"]))
    found = (
        []
        if start and re.search(start[1], line)
        else ["alerts.tf: run_line is not the line of the last step"]
    )
    for name, pattern in figures["figures"].items():
        if not name.startswith("__") and re.findall(pattern.strip('"'), line) != ["7"]:
            found.append(f"alerts.tf: {pattern} is not in the line of the last step")
    return found


def package_faults(root: Path) -> list[str]:
    """Wheel and sdist hold every file of the packages. The wheel is built from the sdist."""
    wanted = {
        str(path.relative_to(root))
        for package in _PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".sqlite" not in path.name
    }
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        # Apart: what an earlier build listed of its sources would be packed again.
        for name in (*_PACKAGES, "setup.py", "pyproject.toml", "README.md"):
            if (root / name).is_file():
                shutil.copy(root / name, source / name)
            else:
                shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        said = _said(sys.executable, "-m", "build", "--outdir", str(out), str(source), is_quiet=True)
        if said:
            return said[-3:]
        (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
        with zipfile.ZipFile(wheel) as archive:
            in_wheel = set(archive.namelist())
        with tarfile.open(sdist) as archive:
            in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    return [
        f"{name} is not in the {kind}"
        for kind, names in (("wheel", in_wheel), ("sdist", in_sdist))
        for name in sorted(wanted - names)
    ]


def _terraform(root: Path) -> Terraform | None:
    """Return Terraform's files; None where they do not parse, which the check of them tells."""
    try:
        return Terraform(root / "deploy/terraform")
    except HCLInvalid:
        return None


def _parameter_faults(root: Path, template: str, given: set[str]) -> list[str]:
    parameters = _template(root, template)["parameters"]
    unknown = given - {p["name"] for p in parameters}
    missing = {p["name"] for p in parameters if not p["isOptional"]} - given
    return [
        *(
            f"Terraform gives the {template} template {name}, which it does not take"
            for name in sorted(unknown)
        ),
        *(f"Terraform does not give the {template} template {name}" for name in sorted(missing)),
    ]


def _template(root: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / f"deploy/templates/{name}.json").read_text())
    return found


def _match(pattern: str, text: str | Path) -> str | None:
    match = re.search(pattern, text.read_text() if isinstance(text, Path) else text, re.MULTILINE)
    return match.group(1) if match else None


def _said(command: str, *arguments: str, is_quiet: bool = False) -> list[str]:
    """Return the lines a tool of this environment printed, if it found a fault."""
    tool = Path(sys.executable).with_name(command) if "/" not in command else Path(command)
    done = subprocess.run([str(tool), *arguments], capture_output=True, text=True)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return (lines or [f"{command} failed"]) if done.returncode or (lines and not is_quiet) else []


CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "Dockerfile": dockerfile_faults,
    "Cloud Build": cloud_build_faults,
    "Terraform": terraform_faults,
    "roles": role_faults,
    "template parameters": template_faults,
    "versions": version_faults,
    "log line of the alerts": log_line_faults,
    "wheel and sdist": package_faults,
}


def main() -> int:
    """Run all checks and print a line for each; return 1 if there is a fault."""
    failed = 0
    for name, check in CHECKS.items():
        faults = check(ROOT)
        print(f"{'FAULT' if faults else 'ok':<6}{name}", flush=True)
        for fault in faults:
            print(f"      {fault}", flush=True)
        failed += bool(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
