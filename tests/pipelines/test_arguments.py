"""Arguments are refused before a heavy library is loaded, in one line of our own words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.arguments import ConfigurationInvalid, interval_s, object_store_fault

HEAVY = ("apache_beam", "duckdb", "spacy", "numpy", "google.cloud.bigquery", "trafilatura", "aiohttp")
# It runs all cases in one fresh process, because an import cannot be undone.
PROGRAM = """
import sys
from pipelines.cli import main
for line in sys.stdin.read().splitlines():
    sys.stderr.write(f"> {main(line.split(chr(9)))} {[m for m in HEAVY if m in sys.modules]}\\n")
"""
REFUSED = [
    (["run", "--feeds", "missing.yaml"], "no feed list at missing.yaml"),
    (["run", "--feeds", "empty.txt"], "is empty"),
    (["run", "--feeds", "bad.txt"], "not a feed URL"),
    (["run", "--feeds", "http://"], "not the URL of a feed list"),
    (["run", "--feeds", "http://[x"], "not the URL of a feed list"),
    (["run", "--feeds", "ftp://outlet.example/feeds"], "ftp:// is no kind of address"),
    (["run", "--feeds", "file:///etc/passwd"], "file:// is no kind of address"),
    (["run", "--feeds", "gs://"], "names no bucket"),
    (["run", "--feeds", "feeds.txt", "--every", "soon"], "--every takes an interval"),
    (["run", "--feeds", "feeds.txt", "--every", "0"], "--every takes an interval"),
    (["run", "--feeds", "feeds.txt", "--every", ""], "--every takes an interval"),
    (["run", "--feeds", "feeds.txt", "--settle", "1w"], "--settle takes an interval"),
    (["run", "--feeds", "feeds.txt", "--warehouse", "mysql://x/y"], "unknown kind of warehouse"),
    (["run", "--feeds", "feeds.txt", "--storage", "foo://x"], "--storage foo://x"),
    (["run", "--feeds", "feeds.txt", "--model", "no_such_model"], "no spaCy model 'no_such_model'"),
    (["run", "--feeds", "feeds.txt", "--allow-host", "a/b"], "--allow-host"),
    (["run", "--feeds", "feeds.txt", "--host-delay", "nan"], "--host-delay"),
    (["run", "--feeds", "feeds.txt", "--every", "soon", "--", "--runner=DirectRunner"], "--every takes"),
    (["resolve", "--since", "soon"], "--since takes a date"),
    (["resolve", "--warehouse", "bigquery://x"], "no project and dataset"),
    (["resolve", "--reports", "missing.jsonl", "--out", "x"], "can't read missing.jsonl"),
    (["reextract", "--since", "2025-13-01"], "--since takes a date"),
    (["replay", "--reason", "bad_mood"], "no such reason"),
    (["extract", "missing.jsonl"], "can't read missing.jsonl"),
    (["extract", "--model", "no_such_model"], "no spaCy model"),
    (["show", "--warehouse", "duckdb://"], "no file in the warehouse URL"),
    (["export", "incidents", "--warehouse", "nonsense"], "not a warehouse URL"),
    (["explain", "x", "--warehouse", "nonsense"], "not a warehouse URL"),
    (["init", "--warehouse", "nonsense"], "not a warehouse URL"),
    (["dashboard"], "--out FILE.html, --site DIR, or both"),
    (["dashboard", "--out", "x.html", "--since", "Friday"], "--since takes a date"),
    (["dashboard", "--out", "x.html", "--since", "2025-05-02", "--until", "2025-05-01"], "is later than --until"),
]  # fmt: skip


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return, for each case, its lines on standard error; the last has the status and the heavy modules."""
    folder = tmp_path_factory.mktemp("arguments")
    (folder / "feeds.txt").write_text("http://127.0.0.1:9/f\n")
    (folder / "bad.txt").write_text("not a url\n")
    (folder / "empty.txt").write_text("\n")
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{PROGRAM}"],
        input="\n".join("\t".join(arguments) for arguments, _ in REFUSED),
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout == ""
    assert sorted(path.name for path in folder.iterdir()) == ["bad.txt", "empty.txt", "feeds.txt"]
    return done.stderr.splitlines()


def test_unusable_arguments_are_refused_in_one_line_before_a_heavy_library_is_loaded(
    refusals: list[str],
) -> None:
    assert len(refusals) == 2 * len(REFUSED)
    for (arguments, message), said, outcome in zip(REFUSED, refusals[::2], refusals[1::2], strict=True):
        assert message in said, arguments
        assert "pip install" not in said
        assert outcome == "> 2 []", arguments


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("2h", 7_200), ("1d", 86_400), ("15", 900), ("0.5h", 1_800), (" 10 m ", 600)],
)
def test_intervals(text: str, seconds: float) -> None:
    assert interval_s("--every", text) == seconds


@pytest.mark.parametrize(
    "text", ["", "0", "0s", "-5m", "5w", "1h30m", "m", "1e3s", "inf", "nan", "99999999d", "5 m m"]
)
def test_a_text_that_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationInvalid, match="--every takes an interval such as 90s, 15m, 2h or 1d"):
        interval_s("--every", text)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("folder/files", None),
        ("/folder", None),
        ("foo://x/y", "no kind of address"),
        ("gs://", "no bucket"),
        ("hdfs://x/y", "not installed here"),
    ],
)
def test_an_object_store_that_cannot_be_reached_is_named(address: str, fault: str | None) -> None:
    found = object_store_fault(address)
    assert found is None if fault is None else fault in (found or "")
