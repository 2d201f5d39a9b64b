"""``make deploy-check``: checks of this folder that need no cloud and no network.

A check is a function of the repository's root folder. It returns the faults that it found, one line each.
Building the packages takes some seconds; every other check takes less than one.
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

from deploy.base_images import base_images, image_faults
from deploy.clean_room import last_stage
from deploy.hcl import HCLInvalid, Terraform, parameter_names, read_terraform
from deploy.privileges import egress_faults, role_faults

ROOT = Path(__file__).parent.parent
_PACKAGES = ("schemas", "transforms", "pipelines")


def dockerfile_faults(root: Path) -> list[str]:
    """Check the Dockerfile with hadolint, its base images, that it does not run as root, what it copies."""
    found = _lines_of_failed_tool("hadolint", "--no-color", str(root / "deploy/Dockerfile"))
    found += image_faults((root / "deploy/Dockerfile").read_text())
    users = [value for instruction, value in last_stage(root / "deploy/Dockerfile") if instruction == "USER"]
    if not users or users[-1].partition(":")[0] in ("0", "root"):
        found.append("the image runs as root")
    for line in (root / "deploy/Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            found += [
                f"the Dockerfile copies {s}, which is not there" for s in sources if not (root / s).exists()
            ]
    return found


def cloud_build_faults(root: Path) -> list[str]:
    """Check Cloud Build's file against its schema, and its names of image and bucket against Terraform's."""
    path = root / "deploy/cloudbuild.yaml"
    found = _lines_of_failed_tool(
        "check-jsonschema",
        "-o",
        "text",
        "--builtin-schema",
        "vendor.cloudbuild",
        str(path),
        prints_on_success=True,
    )
    if found:
        return found
    text, terraform = path.read_text(), read_terraform(root)
    if terraform is None:
        return []
    name = terraform.locals["name"].strip('"')
    region = terraform.variables["region"]["default"].strip('"')
    for expected in (
        f"_IMAGE: {region}-docker.pkg.dev/${{PROJECT_ID}}/{name}/{name}\n",
        f"_BUCKET: ${{PROJECT_ID}}-{name}-releases\n",
        "gs://$_BUCKET/templates/batch-$SHORT_SHA.json",
        "gs://$_BUCKET/templates/stream-$SHORT_SHA.json",
        "--metadata-file=deploy/templates/batch.json",
        "--metadata-file=deploy/templates/stream.json",
    ):
        if expected not in text:
            found.append(f"cloudbuild.yaml lacks {expected.strip()!r}")
    return found


def terraform_faults(root: Path) -> list[str]:
    """Check that Terraform's files parse, declare all that they refer to, and read only files that exist.

    The parameters that they pass to the templates are compared with those that the templates take.
    """
    try:
        terraform = Terraform(root / "deploy/terraform")
    except HCLInvalid as error:
        return [str(error)]
    found = [*terraform.undeclared_names(), *terraform.missing_files()]
    tables = set(json.loads((root / "schemas/tables.json").read_text()))
    with_columns = {path.stem for path in (root / "schemas/bigquery").glob("*.json")}
    found += [
        f"{name}: only in one of schemas/tables.json and schemas/bigquery"
        for name in sorted(tables ^ with_columns)
    ]
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


def template_faults(root: Path) -> list[str]:
    """Check that the templates' parameters are the options of the job, with the same ones required."""
    from pipelines.template import REQUIRED_PARAMETERS, IngestOptions

    options = set(IngestOptions([]).get_all_options(current_only=True))
    found = []
    for mode, unused_option, required in (
        ("batch", "every", {*REQUIRED_PARAMETERS}),
        ("stream", "due", {*REQUIRED_PARAMETERS, "every"}),
    ):
        parameters = _template(root, mode)["parameters"]
        names = [p["name"] for p in parameters]
        expected = options - {unused_option}
        found += [
            f"{mode}.json: {name} is not an option of the job" for name in sorted(set(names) - expected)
        ]
        found += [f"{mode}.json: the option {name} is missing" for name in sorted(expected - set(names))]
        found += [
            f"{mode}.json: {name} is listed twice" for name in sorted(set(names)) if names.count(name) > 1
        ]
        found += [
            f"{mode}.json: {p['name']} must {'not ' if p['isOptional'] else ''}be optional"
            for p in parameters
            if p["isOptional"] == (p["name"] in required)
        ]
        for parameter in parameters:
            for pattern in parameter.get("regexes", []):
                re.compile(pattern)
    return found


def version_faults(root: Path) -> list[str]:
    """Check that every file names the versions of Beam and Python that ``deploy/versions.env`` names."""
    lines = (root / "deploy/versions.env").read_text().splitlines()
    versions = dict(line.split("=") for line in lines if re.match(r"\w+=", line))
    beam, python = versions["BEAM_VERSION"], versions["PYTHON_VERSION"]
    dockerfile = (root / "deploy/Dockerfile").read_text()
    images = base_images(dockerfile)
    pyproject, setup = (root / "pyproject.toml").read_text(), (root / "setup.py").read_text()
    found = []

    def compare(where: str, version: str | None, expected: str) -> None:
        if version != expected:
            found.append(f"{where} says {version}, deploy/versions.env {expected}")

    sdk, launcher = images.get("SDK_IMAGE", ""), images.get("LAUNCHER_IMAGE", "")
    compare("the Dockerfile's SDK_IMAGE", _first_group(r"_sdk:([^@]+)", sdk), beam)
    compare("Python in the SDK_IMAGE", _first_group(r"beam_python([\d.]+)_sdk", sdk), python)
    compare(
        "the Dockerfile's PYTHON_IMAGE", _first_group(r":([\d.]+)-", images.get("PYTHON_IMAGE", "")), python
    )
    digits = _first_group(r"/python(\d+)-template-launcher-base", launcher) or ""
    compare("the Dockerfile's launcher", f"{digits[:1]}.{digits[1:]}", python)
    compare(
        "constraints.txt's apache-beam", _first_group(r"^apache-beam==(\S+)", root / "constraints.txt"), beam
    )
    compare("pyproject's mypy", _first_group(r'^python_version = "(.+)"', pyproject), python)
    compare(
        "pyproject's ruff", _first_group(r'^target-version = "py(.+)"', pyproject), python.replace(".", "")
    )
    compare("pyproject's requires-python", _first_group(r'^requires-python = ">=(.+)"', pyproject), python)
    for text in re.findall(r'"(apache-beam.*?)"', setup):
        if not Requirement(text).specifier.contains(beam):
            found.append(f"setup.py's {text} leaves out deploy/versions.env's {beam}")
    return found


def log_line_faults(root: Path) -> list[str]:
    """Check that the patterns of the alerts match the line that the last step of a run logs."""
    from transforms.ledger.load import run_line

    terraform = read_terraform(root)
    if terraform is None:
        return []
    line = run_line(defaultdict(lambda: 7))
    start = re.search(r"=~\\\"(\^[^\\]*)\\\"", str(terraform.locals["run_line"]))
    found = (
        []
        if start and re.search(start[1], line)
        else ["alerts.tf: run_line is not the line of the last step"]
    )
    for name, pattern in terraform.locals["figures"].items():
        if not name.startswith("__") and re.findall(pattern.strip('"'), line) != ["7"]:
            found.append(f"alerts.tf: {pattern} is not in the line of the last step")
    return found


def package_faults(root: Path) -> list[str]:
    """Check that wheel and sdist hold every file of the packages. The wheel is built from the sdist."""
    expected = {
        str(path.relative_to(root))
        for package in _PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".sqlite" not in path.name
    }
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        # In a copy: setuptools also packs what SOURCES.txt of an earlier build lists. So a file that setup.py
        # forgets would still be packed.
        for name in (*_PACKAGES, "setup.py", "pyproject.toml", "README.md"):
            if (root / name).is_file():
                shutil.copy(root / name, source / name)
            else:
                shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        errors = _lines_of_failed_tool(
            sys.executable, "-m", "build", "--outdir", str(out), str(source), prints_on_success=True
        )
        if errors:
            return errors[-3:]
        (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
        with zipfile.ZipFile(wheel) as archive:
            in_wheel = set(archive.namelist())
        with tarfile.open(sdist) as archive:
            in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    return [
        f"{name} is not in the {kind}"
        for kind, names in (("wheel", in_wheel), ("sdist", in_sdist))
        for name in sorted(expected - names)
    ]


def _parameter_faults(root: Path, template: str, given: set[str]) -> list[str]:
    """Compare the parameters that Terraform gives a template with those that it takes."""
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


def _first_group(pattern: str, text: str | Path) -> str | None:
    """Return the first group of the first match in a text or a file, or None."""
    match = re.search(pattern, text.read_text() if isinstance(text, Path) else text, re.MULTILINE)
    return match.group(1) if match else None


def _lines_of_failed_tool(command: str, *arguments: str, prints_on_success: bool = False) -> list[str]:
    """Run a tool of this environment; return the lines that it printed if it found a fault, else nothing.

    A fault is a non-zero exit status or any output. ``prints_on_success``: output alone is no fault.
    """
    tool = Path(sys.executable).with_name(command) if "/" not in command else Path(command)
    done = subprocess.run([str(tool), *arguments], capture_output=True, text=True)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return (lines or [f"{command} failed"]) if done.returncode or (lines and not prints_on_success) else []


CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "Dockerfile": dockerfile_faults,
    "Cloud Build": cloud_build_faults,
    "Terraform": terraform_faults,
    "roles": role_faults,
    "egress": egress_faults,
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
