"""What the documentation names exists: pages, anchors, files, targets of make, folders, steps, commands."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from doc_examples import ROOT

from pipelines.cli import cli

DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")), *ROOT.glob("*/README.md"),
     *ROOT.glob("examples/*/README.md")]
)  # fmt: skip
FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(
    r"`((?:transforms|pipelines|schemas|tests|docs|deploy|examples|benchmarks|\.ci)/[\w./*-]*)`"
)
TARGET = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
OUR_WORDS = {"one", "sure", "a", "the"}  # "make" of a sentence


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    texts = [re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", h) for h in HEADING.findall(prose(page))]
    return {re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower()) for text in texts}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    missing = [path for path in PATH.findall(prose(page)) if not list(ROOT.glob(path.rstrip("/")))]
    assert not missing


def test_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(TARGET.findall(page.read_text("utf-8")))
        in_code = {
            t for t in named if re.search(rf"(?:`|^ *|; )make {t}\b", page.read_text("utf-8"), re.MULTILINE)
        }
        assert in_code - OUR_WORDS <= targets, page.name


def _pages_of(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    children = nav.values() if isinstance(nav, dict) else nav
    return [page for child in children for page in _pages_of(child)]


def test_the_site_has_every_page() -> None:
    nav = _pages_of(yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"])
    assert sorted(nav) == sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def modules() -> list[str]:
    return sorted(path.stem for path in (ROOT / "transforms").glob("*.py") if path.stem != "__init__")


def test_the_architecture_shows_every_folder_and_step() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    folders = {path.parent.name for path in (ROOT / "transforms").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE)) == folders
    in_graph = set(modules()) - {"read_stored_articles", "take_lease"}
    assert set(re.findall(r"`transforms/(\w+)\.py`", text)) >= in_graph


def test_the_reference_shows_every_step() -> None:
    text = (DOCS / "reference/transforms.md").read_text("utf-8")
    shown = re.findall(r"^::: (.+)$", text, re.MULTILINE)
    assert {name.split(".")[1] for name in shown if name.count(".") == 1} == set(modules())
    for name in shown:
        pkgutil.resolve_name(name)


def test_the_readme_shows_every_command() -> None:
    section = (ROOT / "README.md").read_text("utf-8").partition("## Commands")[2].partition("##")[0]
    assert set(re.findall(r"^\| `(\w+)", section, re.MULTILINE)) == set(cli.commands)


def test_alerts_name_a_paragraph_of_the_operations_page() -> None:
    alerts = (ROOT / "deploy/terraform/alerts.tf").read_text("utf-8")
    named = re.findall(r'"(docs/[\w/.-]+\.md), \\"([^"]+)\\"', alerts)
    assert len(named) == 4
    for page, paragraph in named:
        assert f"**{paragraph}.**" in (ROOT / page).read_text("utf-8")


DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_is_whole(page: Path) -> None:
    text = page.read_text("utf-8")
    assert HEADING.findall(text)[1:] == ["Context", "Alternatives considered", "Decision", "Consequences"]
    title = HEADING.findall(text)[0].partition(". ")[2]
    assert f"]({page.name}) | {title} |" in (DOCS / "decisions/index.md").read_text("utf-8")
