"""Runs the worked examples of the documentation.

An HTML comment before a fenced block says what the block is. Readers do not see the comment.

``<!-- example: run -->``     shell commands
``<!-- example: file -->``    the content of the file that ``title="..."`` names
``<!-- example: patch -->``   a change of files, as ``git apply`` takes it
``<!-- example: output -->``  lines that the commands before it print, in this order; ``...`` is any text
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = ("run", "file", "patch", "output")
TIMEOUT_S = 120
_BLOCK = re.compile(
    r"^<!-- example: (?P<kind>.*?) -->\n(?P<fence>`{3,})(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_MARKER = "<!-- example:"
_TITLE = re.compile(r'title="([^"]+)"')
_HOST = re.compile(r"https?://([^/\s\"',:]+)")
# What a reader's checkout has and an example may read or change.
_COPIED = (
    "pipelines", "schemas", "transforms", "examples", "pyproject.toml",
    "tests/conftest.py", "tests/support", "tests/transforms",
)  # fmt: skip


class ExampleFailed(AssertionError):
    """A block of a page does not do what the page says."""


@dataclass(frozen=True, slots=True)
class Block:
    """One marked block. ``title`` is the file it names; ``line`` is where it begins in its page."""

    kind: str
    title: str
    text: str
    line: int


def has_examples(page: Path) -> bool:
    """Return whether a page has marked blocks."""
    return _MARKER in page.read_text("utf-8")


def blocks_of(page: Path) -> list[Block]:
    """Return the marked blocks of a page, in order.

    Raises:
        ExampleFailed: a marker has no block behind it, or an unknown kind.
    """
    text = page.read_text("utf-8")
    blocks = list(_blocks(page, text))
    if len(blocks) != text.count(_MARKER):
        raise ExampleFailed(f"{page.name}: a marker has no block on the next line")
    return blocks


def _blocks(page: Path, text: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("text")) + 1
        title = _TITLE.search(found["info"])
        if found["kind"] not in KINDS or (found["kind"] == "file") > (title is not None):
            raise ExampleFailed(f"{page.name}:{line}: unusable marker {found['kind']!r}")
        yield Block(found["kind"], title[1] if title else "", found["text"], line)


def run_page(page: Path, workspace: Path, replaced: Mapping[str, str]) -> None:
    """Run all marked blocks of a page in a workspace, in order.

    Args:
        page: a Markdown file.
        workspace: the folder that stands for the reader's checkout.
        replaced: texts of the blocks and what the test runs in their place, such as the address of a feed.

    Raises:
        ExampleFailed: a command fails, prints something else, or would reach another host than this one.
    """
    printed, unused = "", set(replaced)
    for block in blocks_of(page):
        where, text = f"{page.name}:{block.line}", block.text
        for old, new in replaced.items():
            if old in text:
                unused.discard(old)
                text = text.replace(old, new)
        _refuse_other_hosts(where, text)
        if block.kind == "output":
            _expect(where, text, printed)
        elif block.kind == "file":
            target = workspace / block.title
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        else:
            command = ["git", "apply", "-"] if block.kind == "patch" else ["bash", "-euo", "pipefail", "-s"]
            printed = _run(where, command, text, workspace)
    if unused:
        raise ExampleFailed(f"{page.name}: no block has {sorted(unused)}")


def _refuse_other_hosts(where: str, text: str) -> None:
    for host in _HOST.findall(text):
        if host != "127.0.0.1" and not host.endswith(".example"):  # a name that nobody can register
            raise ExampleFailed(f"{where}: the test would reach {host}")


def _run(where: str, command: list[str], given: str, workspace: Path) -> str:
    done = subprocess.run(
        command,
        input=given,
        cwd=workspace,
        env=_environment(workspace),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        raise ExampleFailed(f"{where}: exit status {done.returncode}\n{given}\n{done.stdout}")
    return done.stdout


def _environment(workspace: Path) -> dict[str, str]:
    """Return the environment in which the workspace's copy of the package is the one that runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STRIKELEDGER_")}
    gazetteer = os.environ.get("STRIKELEDGER_GAZETTEER", str(ROOT / "transforms/nlp/gazetteer.sqlite"))
    return {
        **kept,
        "PYTHONPATH": str(workspace),
        "STRIKELEDGER_GAZETTEER": gazetteer,
        "GIT_CEILING_DIRECTORIES": str(workspace.parent),
    }


def _expect(where: str, expected: str, printed: str) -> None:
    rest = iter(printed.splitlines())
    for line in expected.splitlines():
        wanted = r"\s+".join(re.escape(word).replace(r"\.\.\.", ".*") for word in line.split())
        # ``any`` takes lines until one matches, so the next search goes on behind it.
        if wanted and not any(re.fullmatch(wanted, found.strip()) for found in rest):
            raise ExampleFailed(f"{where}: not printed: {line!r}\n--- printed ---\n{printed}")


def make_workspace(folder: Path) -> Path:
    """Return a folder that looks like a checkout after ``make install``."""
    for name in _COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.sqlite*"))
        else:
            shutil.copy(source, target)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder
