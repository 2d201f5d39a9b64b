"""The main job as a Dataflow template: parameters in, a submitted graph out.

A launcher only submits. It must not wait: nothing comes after ``run()``, and the last step of the graph is
the one that writes the tables.
"""

import sys
from collections.abc import Sequence

import apache_beam as beam
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    SetupOptions,
    StandardOptions,
    WorkerOptions,
)

from pipelines import pipeline_version
from pipelines.feed_list import FeedListInvalid
from pipelines.ingest import build_ingest, new_run
from pipelines.options import ConfigurationInvalid, RunChoices, ingest_config
from transforms.warehouse import WarehouseURLInvalid

REQUIRED = ("feeds", "warehouse", "storage")
"""Parameters without which nothing can be submitted; of a stream also ``every``."""


class IngestOptions(PipelineOptions):
    """The parameters of the templates; those of the command line's ``run``, and named as they are."""

    @classmethod
    def _add_argparse_args(cls, parser: beam.options.pipeline_options._BeamArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--feeds",
            help="The feeds: a YAML or OPML file, or one feed URL a line; gs://, https:// or a path.",
        )
        add("--warehouse", help="bigquery://PROJECT/DATASET[?location=EU]")
        add("--storage", help="gs://BUCKET/PATH for staged files and what dead letters keep.")
        add(
            "--every",
            help="A stream that asks every feed at this interval, such as 15m; without it, one batch.",
        )
        add("--settle", help="Show an incident only this long after its first report, such as 1h.")
        add("--due", type=_flag, default=False, help="true: poll only the feeds whose time has come.")
        add("--allow_hosts", default="", help="Private hosts that may be fetched from, comma-separated.")
        add("--host_delay", type=float, help="Seconds between two requests to one host; default 5.")
        add("--groups", type=int, default=1, help="Groups of hosts that workers fetch one beside another.")
        add("--model", help="An installed spaCy model.")


def _flag(text: str) -> bool:
    """Return a parameter's truth: templates pass texts."""
    if text.strip().lower() not in ("true", "false"):
        raise ValueError(f"true or false, not {text!r}")
    return text.strip().lower() == "true"


def choices_of(options: PipelineOptions) -> RunChoices:
    """Return what the parameters choose.

    Raises:
        ConfigurationInvalid: a parameter is missing.
    """
    given = options.view_as(IngestOptions)
    for name in REQUIRED:
        if not getattr(given, name):
            raise ConfigurationInvalid(f"the parameter {name} is missing")
    if not 1 <= given.groups <= 1000:
        raise ConfigurationInvalid("groups must be between 1 and 1000")
    hosts = tuple(host.strip() for host in given.allow_hosts.split(",") if host.strip())
    return RunChoices(
        given.feeds, given.warehouse, given.storage, given.every, given.settle, given.due, hosts,
        given.host_delay, given.groups, given.model, is_stream=bool(given.every), waits=False,
    )  # fmt: skip


def set_up(options: PipelineOptions, is_stream: bool) -> None:
    """Set the service's options that the job itself must decide.

    Raises:
        ConfigurationInvalid: the workers have no image.
    """
    # The launcher's module defines nothing that workers need; they have the package.
    options.view_as(SetupOptions).save_main_session = False
    options.view_as(StandardOptions).streaming = is_stream
    if options.view_as(StandardOptions).runner != "DataflowRunner":
        return
    if not options.view_as(WorkerOptions).sdk_container_image:
        raise ConfigurationInvalid("sdk_container_image must name the template's own image")
    cloud = options.view_as(GoogleCloudOptions)
    cloud.enable_streaming_engine = is_stream
    cloud.labels = [
        *(cloud.labels or []), "app=strikeledger", f"version={pipeline_version().replace('.', '-')}",
    ]  # fmt: skip


def submit(arguments: Sequence[str]) -> None:
    """Build the graph and submit it.

    Raises:
        ConfigurationInvalid: a parameter is missing or unusable.
        FeedListInvalid: the list of feeds is.
        WarehouseURLInvalid: not a warehouse URL.
    """
    options = PipelineOptions(list(arguments))
    choices = choices_of(options)
    set_up(options, choices.is_stream)
    FileSystems.set_options(options)  # the list of feeds may lie in a bucket
    config = ingest_config(choices)
    pipeline = beam.Pipeline(options=options)
    build_ingest(pipeline, config, new_run())
    pipeline.run()


def main() -> None:
    """Submit with the process's arguments; what can't be used is one line, and exit status 2."""
    try:
        submit(sys.argv[1:])
    except (ConfigurationInvalid, FeedListInvalid, WarehouseURLInvalid) as error:
        sys.stderr.write(f"strikeledger: {error}\n")
        sys.exit(2)
