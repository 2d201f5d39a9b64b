"""The whole job beside what a user would write in an afternoon, and beside its own functions in a plain loop.

    python -m benchmarks.whole [--articles 3000] [--rounds 3] [--json FILE] [--table FILE]

A site of articles of 400 to 600 words on loopback; in each round the peer, ``strikeledger run`` and the plain
loop, one after another, each a process of its own measured with all that it starts, its start-up included.
Ratios are of one round; what is told is their median and, in brackets, the lowest and the highest. Then the
start-up of commands. ``--table`` writes the result between the marks of a Markdown file.
"""

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measured import Measured, measured
from benchmarks.news_site import news_site
from pipelines import pipeline_version

_ROOT = Path(__file__).parent.parent
_COMMAND = [sys.executable, "-m", "pipelines.cli"]
_MARKS = ("<!-- bench -->\n", "<!-- /bench -->\n")
_SHARES = {5: "one article in five about a strike", 1: "all about strikes"}
Figures = dict[str, list[float]]


def commands(base: str, folder: str, number: int) -> dict[str, list[str]]:
    """Return what is measured, each with a warehouse of its own."""
    feeds = f"{base}/feeds.txt"
    own = f"duckdb:///{folder}/run{number}.duckdb"
    run = [*_COMMAND, "run", "--feeds", feeds, "--allow-host", "127.0.0.1", "--warehouse", own]
    plain = f"duckdb:///{folder}/plain{number}.duckdb"
    return {
        "peer": [sys.executable, "-m", "benchmarks.afternoon", feeds, f"{folder}/peer{number}.jsonl"],
        "run": run,
        "plain": [sys.executable, "-m", "benchmarks.plain", feeds, plain],
    }


def compare(articles: int, every: int, rounds: int) -> dict[str, Any]:
    """Return the figures of all rounds on one site."""
    taken: dict[str, list[Measured]] = {"peer": [], "run": [], "plain": []}
    with news_site(articles, every) as base, tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            for name, command in commands(base, folder, number).items():
                taken[name].append(measured(command, cwd=_ROOT))
                print(f"  {name}: {articles / taken[name][-1].wall_s:.1f} articles/s", flush=True)
    ratios: Figures = {"throughput": [], "cpu": [], "overhead": []}
    for peer, run, plain in zip(taken["peer"], taken["run"], taken["plain"], strict=True):
        ratios["throughput"].append(peer.wall_s / run.wall_s)
        ratios["cpu"].append(run.cpu_s / peer.cpu_s)
        ratios["overhead"].append((run.cpu_s - plain.cpu_s) / run.cpu_s)
    steps = [json.loads(m.output.strip().splitlines()[-1]) for m in taken["plain"]]
    return {
        "articles": articles,
        "about": _SHARES[every],
        "ratios": ratios,
        "measured": {name: [asdict(m) for m in some] for name, some in taken.items()},
        "steps_ms": {
            name: [
                statistics.median(step[part][name] for step in steps) * 1000 / articles
                for part in ("own", "others")
            ]
            for name in steps[0]["own"]
        },
    }


def start_up() -> Figures:
    """Return the seconds of commands from a cold start, five times each."""
    text = "A missile killed two people in Kharkiv on Friday."
    line = json.dumps({"url": "https://a.example/1", "published_at": "2025-04-05T12:00:00Z", "text": text})
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder, "article.jsonl")
        article.write_text(f"{line}\n", "utf-8")
        sample = [sys.executable, str(_ROOT / "examples" / "run_sample.py")]
        return {
            "strikeledger --help": _seconds(lambda _: [*_COMMAND, "--help"]),
            "extract of one article": _seconds(lambda _: [*_COMMAND, "extract", str(article)]),
            "make run, installed": _seconds(lambda n: [*sample, "--warehouse", f"{folder}/{n}.duckdb"], 3),
        }


def _seconds(command: Callable[[int], Sequence[str]], times: int = 5) -> list[float]:
    return [measured(command(number), cwd=_ROOT).wall_s for number in range(times)]


def spread(values: Sequence[float], form: str) -> str:
    """Return the median with the lowest and the highest."""
    low, middle, high = (form.format(v) for v in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})"


def table(result: dict[str, Any]) -> str:
    """Return the result in Markdown."""
    lines = [
        f"{result['machine']}; version {result['version']}; {result['date']}.", "",
        "| | | peer | `run` | plain loop |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for site in result["sites"]:
        number, about = site["articles"], f"{site['articles']:,} articles, {site['about']}"
        kinds = [site["measured"][name] for name in ("peer", "run", "plain")]
        rows: list[tuple[str, str, Callable[[dict[str, float]], float]]] = [
            ("articles/s", "{:.1f}", lambda m, n=number: n / m["wall_s"]),  # type: ignore[misc]
            ("CPU, ms an article", "{:.1f}", lambda m, n=number: m["cpu_s"] * 1000 / n),  # type: ignore[misc]
            ("peak memory, MiB", "{:,.0f}", lambda m: m["peak_mib"]),
        ]
        for label, form, value in rows:
            cells = [spread([value(m) for m in kind], form) for kind in kinds]
            lines.append(f"| {about} | {label} | {' | '.join(cells)} |")
            about = ""
    lines += [
        "",
        "| `run` against the peer | throughput | CPU | Beam's share of the CPU |",
        "|---|---|---|---|",
    ]
    for site in result["sites"]:
        ratios = site["ratios"]
        cells = (
            spread(ratios["throughput"], "{:.2f}"), spread(ratios["cpu"], "{:.0%}"),
            spread(ratios["overhead"], "{:.1%}"),
        )  # fmt: skip
        lines.append(f"| {site['about']} | {' | '.join(cells)} |")
    lines += [
        "",
        "| step: CPU, ms an article (its processes) | "
        + " | ".join(s["about"] for s in result["sites"])
        + " |",
    ]
    lines.append("|---" * (1 + len(result["sites"])) + "|")
    for step in result["sites"][0]["steps_ms"]:
        cells = tuple("{:.2f} ({:.2f})".format(*s["steps_ms"][step]) for s in result["sites"])
        lines.append(f"| {step} | {' | '.join(cells)} |")
    lines += ["", "| start-up | seconds |", "|---|---|"]
    lines += [f"| {name} | {spread(values, '{:.2f}')} |" for name, values in result["start_up_s"].items()]
    return "\n".join(lines) + "\n"


def write_table(path: Path, text: str) -> None:
    """Put a text between the marks of a Markdown file."""
    whole = path.read_text("utf-8")
    before, _, rest = whole.partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    path.write_text(f"{before}{_MARKS[0]}{text}{_MARKS[1]}{after}", "utf-8")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--table", type=Path)
    given = parser.parse_args()
    sites = []
    for every, about in _SHARES.items():
        print(f"{given.articles} articles, {about}", flush=True)
        sites.append(compare(given.articles, every, given.rounds))
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    result = {
        "machine": f"{cores} cores, {memory:.0f} GiB, Python {platform.python_version()}",
        "version": pipeline_version(),
        "date": time.strftime("%Y-%m-%d"),
        "sites": sites,
        "start_up_s": start_up(),
    }
    text = table(result)
    print(text)
    if given.json is not None:
        given.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    if given.table is not None:
        write_table(given.table, text)


if __name__ == "__main__":
    main()
