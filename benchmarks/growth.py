"""Whether an article costs more in a large run, or in a large ledger, and whether memory is bounded.

    python -m benchmarks.growth [--sizes 1000,10000,100000] [--every 5]

For each size one ``strikeledger run`` of so many articles into an empty ledger, and one more that finds
nothing new in it. Beside the CPU time an article stands what is left of it without the fixed cost: that of
40 articles, which load the model as well.
"""

import argparse
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measured import Measured, measured
from benchmarks.news_site import news_site
from benchmarks.whole import commands

_ROOT = Path(__file__).parent.parent
_FEW = 40


def run(articles: int, every: int) -> tuple[Measured, Measured]:
    """Return what a run of so many articles took, and a second one that finds nothing new."""
    with news_site(articles, every) as base, tempfile.TemporaryDirectory() as folder:
        command = commands(base, folder, 0)["run"]
        return measured(command, cwd=_ROOT), measured(command, cwd=_ROOT)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--every", type=int, default=5, help="one article in so many is about a strike")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    fixed = run(_FEW, given.every)[0].cpu_s
    table = Table(
        "articles",
        "articles/s",
        "CPU, ms an article",
        "without the fixed cost",
        "against the first",
        "peak memory, MiB",
        "nothing new: CPU, s",
        "peak, MiB",
        title=f"fixed cost {fixed:.1f} s of CPU",
    )
    figures = []
    for size in sizes:
        first, second = run(size, given.every)
        each, net = first.cpu_s * 1000 / size, (first.cpu_s - fixed) * 1000 / size
        figures.append(
            {
                "articles": size,
                "wall_s": first.wall_s,
                "cpu_ms": each,
                "net_cpu_ms": net,
                "peak_mib": first.peak_mib,
                "second_cpu_s": second.cpu_s,
                "second_peak_mib": second.peak_mib,
            }
        )
        ratio = f"{each / figures[0]['cpu_ms']:.2f}, {net / figures[0]['net_cpu_ms']:.2f} without"
        table.add_row(
            f"{size:,}",
            f"{size / first.wall_s:.1f}",
            f"{each:.1f}",
            f"{net:.1f}",
            ratio,
            f"{first.peak_mib:,.0f}",
            f"{second.cpu_s:.1f}",
            f"{second.peak_mib:,.0f}",
        )
        print(json.dumps(figures[-1]), flush=True)
    Console(width=130).print(table)
    if given.json is not None:
        given.json.write_text(json.dumps({"fixed_cpu_s": fixed, "sizes": figures}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
