"""Worker processes are killed above their limits, and other calls are not affected."""

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
    sandbox = Sandbox(2)
    yield sandbox
    sandbox.close()


def run_script(script: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a new process, in which no server of worker processes has been started."""
    return subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": ""}, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_call_without_end_is_killed_and_others_return(sandbox: Sandbox) -> None:
    # ``eval``, because a worker imports the function by its name.
    endless = sandbox.submit(eval, "[None for _ in iter(int, 1)]")
    others = [sandbox.submit(len, "abc") for _ in range(20)]
    assert [other.result() for other in others] == [3] * 20
    with pytest.raises(LimitExceeded):
        endless.result()
    assert sandbox.run(len, "ab") == 2


def test_a_call_above_the_memory_limit_fails(sandbox: Sandbox) -> None:
    with pytest.raises(LimitExceeded):
        sandbox.run(bytearray, 2_000_000_000)
    assert len(sandbox.run(bytes, 50_000_000)) == 50_000_000


def test_a_process_that_ends_is_replaced(sandbox: Sandbox) -> None:
    for _ in range(4):
        with pytest.raises(LimitExceeded):
            sandbox.run(eval, "__import__('os')._exit(3)")
    assert sandbox.run(len, "ab") == 2


def test_an_exception_of_a_call_is_raised_unchanged(sandbox: Sandbox) -> None:
    with pytest.raises(ArticleUnreadable) as caught:
        sandbox.run(clean_page, b"%PDF-1.7")
    assert (caught.value.reason, str(caught.value)) == ("not_html", "the page is a binary file")
    with pytest.raises(ZeroDivisionError):
        sandbox.run(eval, "1 / 0")


def test_a_result_that_cannot_be_pickled_fails_only_its_call(sandbox: Sandbox) -> None:
    with pytest.raises(RuntimeError):
        sandbox.run(eval, "lambda: 1")
    assert sandbox.run(len, "ab") == 2


def test_a_closed_sandbox_starts_again() -> None:
    sandbox = Sandbox(1)
    assert sandbox.run(len, "a") == 1
    sandbox.close()
    assert sandbox.run(len, "ab") == 2
    sandbox.close()


def test_workers_do_not_run_a_script_without_a_main_guard_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('started', flush=True)\n"
        "from transforms.pages.parser_processes import parsing_sandbox\n"
        "print(parsing_sandbox().run(len, 'abc'))\n"
    )
    done = run_script(script)
    assert (done.stdout.split(), done.stderr) == (["started", "3"], "")


@pytest.mark.parametrize(("early", "loaded"), [("", "False False"), ("start_early()", "True True")])
def test_only_an_early_start_loads_the_model_into_the_server_of_the_processes(
    tmp_path: Path, early: str, loaded: str
) -> None:
    is_loaded = "[n in __import__('sys').modules for n in ('spacy', 'datasketch')]"
    script = tmp_path / "script.py"
    script.write_text(
        "from transforms.nlp.extraction_processes import start_early\n"
        "from transforms.pages.parser_processes import parsing_sandbox\n"
        f"{early}\nprint(*parsing_sandbox().run(eval, {is_loaded!r}))\n"
    )
    done = run_script(script)
    assert (done.stdout.strip(), done.stderr) == (loaded, "")


def test_processes_extract_with_the_model_that_was_loaded_early(tmp_path: Path) -> None:
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
