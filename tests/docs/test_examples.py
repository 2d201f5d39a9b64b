"""The worked examples of the documentation do what their pages say."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from doc_examples import ROOT, has_examples, make_workspace, run_page

DOCS = ROOT / "docs"
EXAMPLES = (
    "tutorial.md", "how-to/add-a-rule.md", "how-to/add-a-feed.md", "how-to/add-a-warehouse.md",
    "how-to/add-articles.md", "how-to/watches.md",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path)


def test_every_page_with_examples_is_run() -> None:
    with_examples = {str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md") if has_examples(p)}
    assert with_examples == set(EXAMPLES)


@pytest.mark.slow
def test_add_a_rule(workspace: Path) -> None:
    run_page(DOCS / "how-to/add-a-rule.md", workspace, {})


def test_add_a_warehouse(workspace: Path) -> None:
    run_page(DOCS / "how-to/add-a-warehouse.md", workspace, {})


@pytest.mark.slow
def test_add_a_feed(workspace: Path, served: str) -> None:
    run_page(DOCS / "how-to/add-a-feed.md", workspace, {"127.0.0.1:8765": urlsplit(served).netloc})


@pytest.mark.slow
@pytest.mark.parametrize("page", ["how-to/add-articles.md", "how-to/watches.md"])
def test_a_page_that_needs_no_server(page: str, workspace: Path) -> None:
    run_page(DOCS / page, workspace, {})


@pytest.mark.slow
def test_the_tutorial(workspace: Path, served: str) -> None:
    sample = ".venv/bin/python examples/run_sample.py --port 0"
    run_page(
        DOCS / "tutorial.md",
        workspace,
        {
            "make run": sample,  # what it runs once the package is installed
            "https://feeds.bbci.co.uk/news/world/rss.xml": f"{served}/continental-brief.example/feed.xml",
            "run --feeds my-feeds.yaml": "run --feeds my-feeds.yaml --allow-host 127.0.0.1",
        },
    )
