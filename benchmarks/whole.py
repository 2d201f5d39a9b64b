"""Compare the whole job with a user's script of an afternoon, and with its own functions in a plain loop.

    python -m benchmarks.whole [--articles 3000] [--rounds 3] [--json FILE] [--table FILE]

A site on loopback serves articles of 400 to 600 words. Each round runs the peer (``benchmarks.afternoon``),
``strikeledger run`` and the plain loop (``benchmarks.plain``), one after another. Each is a process that is
measured with its start-up and with all processes that it starts. A ratio compares figures of one round. The
tables show the median of the rounds and, in brackets, the lowest and the highest. The last table has the
start-up times of commands.

``--json`` writes all figures to a file. ``--table`` writes the tables between the two markers of a Markdown
file.
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

from benchmarks.measure import Measurement, measure_command
from benchmarks.news_site import news_site
from pipelines import pipeline_version

_ROOT = Path(__file__).parent.parent
_COMMAND = [sys.executable, "-m", "pipelines.cli"]
_MARKERS = ("<!-- bench -->\n", "<!-- /bench -->\n")
SITES = {5: "one article in five about a strike", 1: "all about strikes"}
"""What is said of each site, by its number of articles per article on a strike."""
Ratios = dict[str, list[float]]


def commands(base: str, folder: str, round_number: int) -> dict[str, list[str]]:
    """Return the commands of one round by name. Each writes to its own file in ``folder``."""
    feeds = f"{base}/feeds.txt"
    run_url = f"duckdb:///{folder}/run{round_number}.duckdb"
    plain_url = f"duckdb:///{folder}/plain{round_number}.duckdb"
    peer_file = f"{folder}/peer{round_number}.jsonl"
    return {
        "peer": [sys.executable, "-m", "benchmarks.afternoon", feeds, peer_file],
        "run": [*_COMMAND, "run", "--feeds", feeds, "--allow-host", "127.0.0.1", "--warehouse", run_url],
        "plain": [sys.executable, "-m", "benchmarks.plain", feeds, plain_url],
    }


def compare(articles: int, articles_per_strike: int, rounds: int) -> dict[str, Any]:
    """Return the figures of all rounds on one site."""
    measured: dict[str, list[Measurement]] = {"peer": [], "run": [], "plain": []}
    with news_site(articles, articles_per_strike) as base, tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            for name, command in commands(base, folder, number).items():
                measured[name].append(measure_command(command, cwd=_ROOT))
                print(f"  {name}: {articles / measured[name][-1].wall_s:.1f} articles/s", flush=True)
    ratios: Ratios = {"throughput": [], "cpu": [], "overhead": []}
    for peer, run, plain in zip(measured["peer"], measured["run"], measured["plain"], strict=True):
        ratios["throughput"].append(peer.wall_s / run.wall_s)
        ratios["cpu"].append(run.cpu_s / peer.cpu_s)
        ratios["overhead"].append((run.cpu_s - plain.cpu_s) / run.cpu_s)
    steps = [json.loads(m.output.strip().splitlines()[-1]) for m in measured["plain"]]
    return {
        "articles": articles,
        "about": SITES[articles_per_strike],
        "ratios": ratios,
        "measured": {name: [asdict(m) for m in some] for name, some in measured.items()},
        "steps_ms": {
            step: [
                statistics.median(times[process][step] for times in steps) * 1000 / articles
                for process in ("own", "children")
            ]
            for step in steps[0]["own"]
        },
    }


def start_up_s() -> dict[str, list[float]]:
    """Return the seconds that commands with little to do take: five runs of each, three of ``make run``."""
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


def _seconds(command: Callable[[int], Sequence[str]], repetitions: int = 5) -> list[float]:
    return [measure_command(command(number), cwd=_ROOT).wall_s for number in range(repetitions)]


def median_and_range(values: Sequence[float], form: str) -> str:
    """Return the median and, in brackets, the lowest and the highest value."""
    low, middle, high = (form.format(v) for v in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low} to {high})"


def markdown(result: dict[str, Any]) -> str:
    """Return the result as Markdown: a line on the machine, then four tables."""
    sites = result["sites"]
    parts = (
        [f"{result['machine']}; version {result['version']}; {result['date']}."],
        ["| | | peer | `run` | plain loop |", "|---|---|---|---|---|", *_cost_rows(sites)],
        [
            "| `run` against the peer | throughput | CPU | Beam's share of the CPU |",
            "|---|---|---|---|",
            *_ratio_rows(sites),
        ],
        [
            f"| step: CPU, ms per article (its processes) | {' | '.join(s['about'] for s in sites)} |",
            "|---" * (1 + len(sites)) + "|",
            *_step_rows(sites),
        ],
        [
            "| start-up | seconds |",
            "|---|---|",
            *(
                f"| {name} | {median_and_range(values, '{:.2f}')} |"
                for name, values in result["start_up_s"].items()
            ),
        ],
    )
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _cost_rows(sites: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    for site in sites:
        number, about = site["articles"], f"{site['articles']:,} articles, {site['about']}"
        kinds = [site["measured"][name] for name in ("peer", "run", "plain")]
        rows: list[tuple[str, str, Callable[[dict[str, float]], float]]] = [
            ("articles/s", "{:.1f}", lambda m, n=number: n / m["wall_s"]),  # type: ignore[misc]
            ("CPU, ms per article", "{:.1f}", lambda m, n=number: m["cpu_s"] * 1000 / n),  # type: ignore[misc]
            ("peak memory, MiB", "{:,.0f}", lambda m: m["peak_mib"]),
        ]
        for label, form, value in rows:
            cells = [median_and_range([value(m) for m in kind], form) for kind in kinds]
            lines.append(f"| {about} | {label} | {' | '.join(cells)} |")
            about = ""
    return lines


def _ratio_rows(sites: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    for site in sites:
        ratios = site["ratios"]
        cells = (
            median_and_range(ratios["throughput"], "{:.2f}"), median_and_range(ratios["cpu"], "{:.0%}"),
            median_and_range(ratios["overhead"], "{:.1%}"),
        )  # fmt: skip
        lines.append(f"| {site['about']} | {' | '.join(cells)} |")
    return lines


def _step_rows(sites: Sequence[dict[str, Any]]) -> list[str]:
    lines = []
    for step in sites[0]["steps_ms"]:
        cells = ("{:.2f} ({:.2f})".format(*site["steps_ms"][step]) for site in sites)
        lines.append(f"| {step} | {' | '.join(cells)} |")
    return lines


def write_between_markers(path: Path, text: str) -> None:
    """Replace what stands between the two markers of a Markdown file."""
    content = path.read_text("utf-8")
    before, _, rest = content.partition(_MARKERS[0])
    _, _, after = rest.partition(_MARKERS[1])
    path.write_text(f"{before}{_MARKERS[0]}{text}{_MARKERS[1]}{after}", "utf-8")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    sites = []
    for articles_per_strike, about in SITES.items():
        print(f"{options.articles} articles, {about}", flush=True)
        sites.append(compare(options.articles, articles_per_strike, options.rounds))
    cores, memory_gib = psutil.cpu_count(), psutil.virtual_memory().total / 2**30
    result = {
        "machine": f"{cores} cores, {memory_gib:.0f} GiB, Python {platform.python_version()}",
        "version": pipeline_version(),
        "date": time.strftime("%Y-%m-%d"),
        "sites": sites,
        "start_up_s": start_up_s(),
    }
    tables = markdown(result)
    print(tables)
    if options.json is not None:
        options.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    if options.table is not None:
        write_between_markers(options.table, tables)


if __name__ == "__main__":
    main()
