"""Measure whether an article costs more in a large run or in a large ledger, and whether memory is bounded.

    python -m benchmarks.growth [--sizes 1000,10000,100000] [--articles-per-strike 5]

For each number of articles: one ``strikeledger run`` into an empty ledger, then a second one that finds
nothing new. The table shows the CPU time per article with and without the cost of start-up. The cost of
start-up is the CPU time of a run of 40 articles, which also loads the model.
"""

import argparse
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Measurement, measure_command
from benchmarks.news_site import news_site
from benchmarks.whole import commands

_ROOT = Path(__file__).parent.parent
START_UP_ARTICLES = 40
CONSOLE_WIDTH = 130


def run_twice(articles: int, articles_per_strike: int) -> tuple[Measurement, Measurement]:
    """Measure a run into an empty ledger, and a second run that finds nothing new."""
    with news_site(articles, articles_per_strike) as base, tempfile.TemporaryDirectory() as folder:
        command = commands(base, folder, 0)["run"]
        return measure_command(command, cwd=_ROOT), measure_command(command, cwd=_ROOT)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000", help="numbers of articles")
    parser.add_argument(
        "--articles-per-strike", type=int, default=5, help="5: one article in five is about a strike"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    start_up_s = run_twice(START_UP_ARTICLES, options.articles_per_strike)[0].cpu_s
    table = Table(
        "articles",
        "articles/s",
        "CPU, ms per article",
        "without start-up",
        "ratio to the first size (without start-up)",
        "peak memory, MiB",
        "nothing new: CPU, s",
        "peak, MiB",
        title=f"start-up: {start_up_s:.1f} s of CPU",
    )
    figures = []
    for size in sizes:
        first, second = run_twice(size, options.articles_per_strike)
        cpu_ms = first.cpu_s * 1000 / size
        net_cpu_ms = (first.cpu_s - start_up_s) * 1000 / size
        figures.append(
            {
                "articles": size,
                "wall_s": first.wall_s,
                "cpu_ms": cpu_ms,
                "net_cpu_ms": net_cpu_ms,
                "peak_mib": first.peak_mib,
                "second_cpu_s": second.cpu_s,
                "second_peak_mib": second.peak_mib,
            }
        )
        ratio, net_ratio = cpu_ms / figures[0]["cpu_ms"], net_cpu_ms / figures[0]["net_cpu_ms"]
        table.add_row(
            f"{size:,}",
            f"{size / first.wall_s:.1f}",
            f"{cpu_ms:.1f}",
            f"{net_cpu_ms:.1f}",
            f"{ratio:.2f} ({net_ratio:.2f})",
            f"{first.peak_mib:,.0f}",
            f"{second.cpu_s:.1f}",
            f"{second.peak_mib:,.0f}",
        )
        print(json.dumps(figures[-1]), flush=True)
    Console(width=CONSOLE_WIDTH).print(table)
    if options.json is not None:
        result = {"fixed_cpu_s": start_up_s, "sizes": figures}
        options.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
