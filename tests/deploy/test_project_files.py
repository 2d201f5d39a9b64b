"""The files that only GitHub and pre-commit read are valid, and every file and command that they name exists."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from transforms.web.messages import USER_AGENT

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github/workflows/ci.yml"
BIN = Path(sys.executable).parent

SCHEMAS = {
    "vendor.github-workflows": [WORKFLOW],
    "custom.github-workflows-require-timeout": [WORKFLOW],
    "vendor.github-issue-config": [ROOT / ".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.github-issue-forms": sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")),
    "vendor.dependabot": [ROOT / ".github/dependabot.yml"],
}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def is_valid(schema: str, *paths: Path) -> bool:
    return CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, *map(str, paths)]).exit_code == 0


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def workflow_commands() -> list[str]:
    return [step["run"] for job in read(WORKFLOW)["jobs"].values() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_file_matches_its_schema(schema: str) -> None:
    assert SCHEMAS[schema]
    assert is_valid(schema, *SCHEMAS[schema])


FAULTS = [
    ("vendor.github-workflows", "runs-on:", "runs_on:"),
    ("custom.github-workflows-require-timeout", "timeout-minutes:", "# timeout-minutes:"),
    ("vendor.github-issue-config", "contact_links:", "contacts:"),
    ("vendor.github-issue-forms", "type: textarea", "type: text"),
    ("vendor.dependabot", "interval: monthly", "interval: sometimes"),
]


@pytest.mark.parametrize(("schema", "old", "new"), FAULTS)
def test_a_broken_file_does_not_match(tmp_path: Path, schema: str, old: str, new: str) -> None:
    text = SCHEMAS[schema][0].read_text()
    assert old in text
    broken = tmp_path / "broken.yml"
    broken.write_text(text.replace(old, new))
    assert not is_valid(schema, broken)


def test_every_command_of_the_workflow_exists() -> None:
    targets = make_targets()
    for command in workflow_commands():
        program, *arguments = command.split()
        if program == "make":
            assert set(arguments) <= targets, command
        elif program != "git":
            assert os.access(ROOT / program, os.X_OK), command


def test_the_workflow_runs_check_tests_coverage_and_gate() -> None:
    expected = {"make check", "make test", "make coverage", "make sbom", "make audit", ".ci/run"}
    assert expected <= set(workflow_commands())


def test_every_make_target_of_the_gate_exists() -> None:
    gate = re.sub(r"^#.*", "", (ROOT / ".ci/run").read_text(), flags=re.MULTILINE)
    called = set(re.findall(r"\bmake (?:-\S+ )*([a-z-]+)(?=[\s)]|$)", gate))
    assert {"check", "test-all", "eval"} <= called
    assert called <= make_targets()


def test_workflow_and_pyproject_name_the_same_versions_of_python() -> None:
    classified = re.findall(r"Python :: (3\.\d+)", "\n".join(project()["classifiers"]))
    jobs = read(WORKFLOW)["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == classified
    assert project()["requires-python"] == f">={classified[0]}"
    assert jobs["nightly"]["container"]["image"].startswith(f"python:{classified[0]}-")


def test_the_workflow_has_read_permission_only_and_pins_its_actions() -> None:
    assert read(WORKFLOW)["permissions"] == {"contents": "read"}
    uses = re.findall(r"uses: (.*)", WORKFLOW.read_text())
    assert uses
    for action in uses:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_all_links_lead_to_one_repository() -> None:
    urls = project()["urls"]
    assert urls["Source"] in USER_AGENT
    links = [link["url"] for link in read(ROOT / ".github/ISSUE_TEMPLATE/config.yml")["contact_links"]]
    for url in (*urls.values(), *links):
        assert url.startswith(urls["Source"]), url


def test_each_hook_runs_an_installed_tool() -> None:
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"  # nothing is downloaded
    hooks = {hook["id"]: hook for hook in repository["hooks"]}
    assert len(hooks) == len(repository["hooks"])
    for hook in hooks.values():
        if hook["language"] == "pygrep":
            re.compile(hook["entry"])
            continue
        assert hook["language"] == "system"
        tool = hook["entry"].split()[0]
        assert tool.startswith(".venv/bin/")
        assert (BIN / Path(tool).name).exists(), tool


def test_each_tool_of_make_check_is_a_hook() -> None:
    entries = [hook["entry"] for hook in read(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]]
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    tools = re.findall(r"\$\(BIN\)/([\w-]+(?: (?:check|format))?)", recipe[1])
    assert {"ruff format", "ruff check", "mypy", "lint-imports", "codespell"} == set(tools)
    for tool in tools:
        assert any(entry.startswith(f".venv/bin/{tool}") for entry in entries), tool


def test_every_path_and_link_on_the_security_page_exists() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    paths = re.findall(r"`((?:transforms|pipelines|deploy|tests|\.github)/[\w/.-]+)`", text)
    links = re.findall(r"\]\((?!https:)([^)]+)\)", text)
    assert len(paths) > 8
    assert len(links) > 1
    for name in (*paths, *links):
        assert (ROOT / name).exists(), name
