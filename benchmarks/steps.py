"""What each step of the main job costs: time and shuffled bytes an article, as the runner counts them.

    python -m benchmarks.steps [--articles 930]

The sample newsroom's articles in variations, one process, one
bundle after another. Shares carry over to other machines, milliseconds do not. Time is that of the step's own
thread; cleaning pages and parsing feeds happen in other processes, and are told apart below the table.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.extend(str(Path(__file__).parent.parent / part) for part in ("examples/newsroom", "tests/support"))

import apache_beam as beam
import psutil
from apache_beam.metrics import monitoring_infos
from newsroom import Newsroom, serving
from press import Press, varied
from rich.console import Console
from rich.table import Table

from pipelines.ingest import build_ingest, new_run
from pipelines.options import RunChoices, beam_options, ingest_config
from transforms.pages.parsing import parsing_sandbox

_TIME, _COUNT, _SIZE = "ptransform_execution_time:total_msecs", "element_count", "sampled_byte_size"
_FORMS = ("{:.2f}", "{:.1%}", "{:,.0f}", "{:.2f}")


def measure(feeds: str, folder: str) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Run once; return by step: milliseconds, bytes into shuffles, and elements into them."""
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
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=930)
    number = parser.parse_args().articles
    press = Press(varied(Newsroom().articles, number))
    with serving(press, 0) as base, tempfile.TemporaryDirectory() as folder:
        time, shuffled, elements = measure(f"{base}/feeds.txt", folder)
    used = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    parsing_sandbox().close()
    table = Table(title=f"{number} articles")
    for name in ("step", "ms an article", "share", "shuffled bytes an article", "elements"):
        table.add_column(name, justify="left" if name == "step" else "right")
    whole = sum(time.values())
    for step in sorted(time, key=lambda s: -time[s]):
        if time[step] > 0.001 * whole or shuffled[step]:
            cells = (
                time[step] / number,
                time[step] / whole,
                shuffled[step] / number,
                elements[step] / number,
            )
            shown = (form.format(cell) for form, cell in zip(_FORMS, cells, strict=True))
            table.add_row(step, *shown)
    table.add_row("all", f"{whole / number:.2f}", "", f"{sum(shuffled.values()) / number:,.0f}", "")
    console = Console(width=110)
    console.print(table)
    cleaning = sum(times.user + times.system for times in used) * 1000 / number
    console.print(f"processes that clean pages and parse feeds: {cleaning:.2f} ms of CPU an article")


if __name__ == "__main__":
    main()
