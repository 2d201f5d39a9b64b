"""Worker processes that are killed when they take too much, and cost no neighbour."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.pages.clean import clean_page
from transforms.pages.markup import ArticleUnreadable
from transforms.util.sandbox import LimitExceeded, Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(2)
    yield made
    made.close()


def run_script(script: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, whose server of worker processes nobody started before."""
    return subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": ""}, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_what_spins_is_killed_and_its_neighbour_served(sandbox: Sandbox) -> None:
    # eval, as a worker imports what it runs by name
    spinning = sandbox.submit(eval, "[None for _ in iter(int, 1)]")
    beside = [sandbox.submit(len, "abc") for _ in range(20)]
    assert [b.result() for b in beside] == [3] * 20
    with pytest.raises(LimitExceeded):
        spinning.result()
    assert sandbox.run(len, "ab") == 2


def test_what_eats_memory_is_stopped(sandbox: Sandbox) -> None:
    with pytest.raises(LimitExceeded):
        sandbox.run(bytearray, 2_000_000_000)
    assert len(sandbox.run(bytes, 50_000_000)) == 50_000_000


def test_what_dies_is_replaced(sandbox: Sandbox) -> None:
    for _ in range(4):
        with pytest.raises(LimitExceeded):
            sandbox.run(eval, "__import__('os')._exit(3)")
    assert sandbox.run(len, "ab") == 2


def test_faults_come_back_as_they_are(sandbox: Sandbox) -> None:
    with pytest.raises(ArticleUnreadable) as caught:
        sandbox.run(clean_page, b"%PDF-1.7")
    assert (caught.value.reason, str(caught.value)) == ("not_html", "the page is a binary file")
    with pytest.raises(ZeroDivisionError):
        sandbox.run(eval, "1 / 0")


def test_what_cannot_be_sent_back_is_an_error_and_breaks_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError):
        sandbox.run(eval, "lambda: 1")
    assert sandbox.run(len, "ab") == 2


def test_a_closed_sandbox_starts_anew() -> None:
    made = Sandbox(1)
    assert made.run(len, "a") == 1
    made.close()
    assert made.run(len, "ab") == 2
    made.close()


def test_a_script_without_a_guard_is_not_run_again_by_the_workers(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('started', flush=True)\n"
        "from transforms.pages.parser_processes import parsing_sandbox\n"
        "print(parsing_sandbox().run(len, 'abc'))\n"
    )
    done = run_script(script)
    assert (done.stdout.split(), done.stderr) == (["started", "3"], "")


@pytest.mark.parametrize(("early", "told"), [("", "False False"), ("start_early()", "True True")])
def test_the_model_is_loaded_once_for_all_and_only_where_processes_are_to_read(
    tmp_path: Path, early: str, told: str
) -> None:
    seen = "[n in __import__('sys').modules for n in ('spacy', 'datasketch')]"
    script = tmp_path / "script.py"
    script.write_text(
        "from transforms.nlp.extraction_processes import start_early\n"
        "from transforms.pages.parser_processes import parsing_sandbox\n"
        f"{early}\nprint(*parsing_sandbox().run(eval, {seen!r}))\n"
    )
    done = run_script(script)
    assert (done.stdout.strip(), done.stderr) == (told, "")


def test_the_model_loaded_early_is_the_one_that_reads(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import json\n"
        "from pipelines.extract_files import article_of_line\n"
        "from transforms.nlp.extraction_processes import extraction_sandbox, start_early\n"
        "from transforms.nlp.batches import extract_batch\n"
        "from transforms.nlp.settings import ExtractionSettings\n"
        "start_early()\n"
        "text = 'A missile killed two people in Kharkiv on Friday.'\n"
        "line = {'url': 'https://a.example/1', 'published_at': '2025-04-05T12:00:00Z', 'text': text}\n"
        "made = extraction_sandbox(1)\n"
        "(reports,) = made.run(extract_batch, [article_of_line(json.dumps(line))], ExtractionSettings())\n"
        'nlp = \'__import__("transforms.nlp.pipeline", fromlist=["build_nlp"])\'\n'
        "print(len(reports), made.run(eval, nlp + '.build_nlp.cache_info().misses'))\n"
    )
    done = run_script(script)
    assert done.stdout.split() == ["1", "1"], done.stderr
