"""Measure each step of the main job: time and shuffled bytes per article, as the runner counts them.

    python -m benchmarks.steps [--articles 930]

The articles are variations of the sample newsroom's. One process runs one bundle after another. The shares of
the steps are similar on other machines; the milliseconds are not. The time of a step is that of its own
thread. Other processes clean pages and parse feeds. Their time is printed below the table.
"""

import argparse
import tempfile
from collections import defaultdict

import apache_beam as beam
import psutil
from apache_beam.metrics import monitoring_infos
from newsroom import Newsroom, serving
from press import Press, varied
from rich.console import Console
from rich.table import Table

from pipelines.ingest import build_ingest, new_run
from pipelines.options import RunChoices, beam_options, ingest_config
from transforms.pages.parser_processes import parsing_sandbox

# Parts of the names of the runner's metrics.
_TIME, _COUNT, _SIZE = "ptransform_execution_time:total_msecs", "element_count", "sampled_byte_size"
MIN_SHARE = 0.001
"""Steps that take a smaller share of the time and shuffle nothing are left out of the table."""
_CELL_FORMATS = ("{:.2f}", "{:.1%}", "{:,.0f}", "{:.2f}")
CONSOLE_WIDTH = 110


def measure(feeds: str, folder: str) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Run once; return by step: milliseconds, shuffled bytes, and shuffled elements."""
    choices = RunChoices(
        feeds, f"duckdb:///{folder}/ledger.duckdb", allow_hosts=("127.0.0.1",), host_delay=0.0
    )
    pipeline = beam.Pipeline(options=beam_options([]))
    build_ingest(pipeline, ingest_config(choices), new_run())
    transforms = pipeline.to_runner_api().components.transforms.values()
    result = pipeline.run()
    result.wait_until_finish()
    time: dict[str, float] = defaultdict(float)
    counts: dict[str, float] = {}
    sizes: dict[str, float] = {}
    for info in result.monitoring_infos():
        if _TIME in info.urn:
            step = info.labels["PTRANSFORM"].partition("/")[0]
            time[step] += monitoring_infos.extract_counter_value(info)
        elif _COUNT in info.urn:
            counts[info.labels["PCOLLECTION"]] = monitoring_infos.extract_counter_value(info)
        elif _SIZE in info.urn:
            sampled, total, *_ = monitoring_infos.extract_distribution(info)
            sizes[info.labels["PCOLLECTION"]] = total / sampled if sampled else 0.0
    shuffled: dict[str, float] = defaultdict(float)
    elements: dict[str, float] = defaultdict(float)
    for transform in transforms:
        if transform.spec.urn == "beam:transform:group_by_key:v1":
            step = transform.unique_name.partition("/")[0]
            for collection in transform.inputs.values():
                shuffled[step] += counts.get(collection, 0) * sizes.get(collection, 0)
                elements[step] += counts.get(collection, 0)
    return time, shuffled, elements


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=930)
    number = parser.parse_args().articles
    press = Press(varied(Newsroom().articles, number))
    with serving(press, 0) as base, tempfile.TemporaryDirectory() as folder:
        time, shuffled, elements = measure(f"{base}/feeds.txt", folder)
    children = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    parsing_sandbox().close()
    table = Table(title=f"{number} articles")
    for name in ("step", "ms per article", "share", "shuffled bytes per article", "elements per article"):
        table.add_column(name, justify="left" if name == "step" else "right")
    total = sum(time.values())
    for step in sorted(time, key=lambda s: -time[s]):
        if time[step] > MIN_SHARE * total or shuffled[step]:
            cells = (
                time[step] / number,
                time[step] / total,
                shuffled[step] / number,
                elements[step] / number,
            )
            texts = (form.format(cell) for form, cell in zip(_CELL_FORMATS, cells, strict=True))
            table.add_row(step, *texts)
    table.add_row("all", f"{total / number:.2f}", "", f"{sum(shuffled.values()) / number:,.0f}", "")
    console = Console(width=CONSOLE_WIDTH)
    console.print(table)
    cleaning_ms = sum(times.user + times.system for times in children) * 1000 / number
    console.print(f"processes that clean pages and parse feeds: {cleaning_ms:.2f} ms of CPU per article")


if __name__ == "__main__":
    main()
