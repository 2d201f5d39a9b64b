"""The main job as a Dataflow template: it takes parameters and submits the graph.

A launcher only submits and must not wait. So no code follows ``run()``, and the last step of the graph writes
the tables.
"""

import logging
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
from pipelines.arguments import ConfigurationInvalid
from pipelines.ingest import build_ingest, new_run
from pipelines.options import RunChoices, ingest_config
from pipelines.terminal import neutral
from transforms.util.errors import UserError

_LOG = logging.getLogger(__name__)
REQUIRED_PARAMETERS = ("feeds", "warehouse", "storage")
"""Parameters that every job needs. A stream also needs ``every``."""


class IngestOptions(PipelineOptions):
    """The parameters of the templates. They have the names of the options of ``strikeledger run``."""

    @classmethod
    def _add_argparse_args(cls, parser: beam.options.pipeline_options._BeamArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--feeds",
            help="The feeds: a YAML or OPML file, or one feed URL a line; gs://, https:// or a path.",
        )
        add("--warehouse", help="bigquery://PROJECT/DATASET[?location=EU]")
        add("--storage", help="gs://BUCKET/PATH for staged files and payloads of dead letters.")
        add(
            "--every",
            help="Run a stream that polls every feed at this interval, such as 15m. Default: one batch.",
        )
        add("--settle", help="Show an incident only this long after its first report, such as 1h.")
        add("--due", type=_flag, default=False, help="true: poll only the feeds whose next poll is due.")
        add("--allow_hosts", default="", help="Private hosts that may be fetched from, comma-separated.")
        add("--host_delay", type=float, help="Seconds between two requests to one host; default 5.")
        add("--host_budget", type=float, help="Seconds that a run spends on one host; default 300.")
        add("--payload_quota", help="Size of all documents that dead letters keep in files; default 1GB.")
        add("--groups", type=int, default=1, help="Groups of hosts that workers fetch in parallel.")
        add("--model", help="An installed spaCy model.")


def _flag(text: str) -> bool:
    """Return a parameter as a truth value. Templates pass strings."""
    if text.strip().lower() not in ("true", "false"):
        raise ValueError(f"true or false, not {text!r}")
    return text.strip().lower() == "true"


def choices_of(options: PipelineOptions) -> RunChoices:
    """Return the choices that the parameters make.

    Raises:
        ConfigurationInvalid: a parameter is missing.
    """
    given = options.view_as(IngestOptions)
    for name in REQUIRED_PARAMETERS:
        if not getattr(given, name):
            raise ConfigurationInvalid(f"the parameter {name} is missing")
    if not 1 <= given.groups <= 1000:
        raise ConfigurationInvalid("groups must be between 1 and 1000")
    hosts = tuple(host.strip() for host in given.allow_hosts.split(",") if host.strip())
    return RunChoices(
        given.feeds, given.warehouse, given.storage, given.every, given.settle, given.due, hosts,
        given.host_delay, given.groups, given.model, is_stream=bool(given.every), waits=False,
        host_budget=given.host_budget, payload_quota=given.payload_quota,
    )  # fmt: skip


def set_up(options: PipelineOptions, is_stream: bool) -> None:
    """Set the options of the service that depend on the job.

    Raises:
        ConfigurationInvalid: the workers have no image.
    """
    # Workers have the package, and need nothing that the launcher's module defines.
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
    config = ingest_config(choices, _LOG.warning)
    pipeline = beam.Pipeline(options=options)
    build_ingest(pipeline, config, new_run())
    pipeline.run()


def main() -> None:
    """Submit with the process's arguments. Unusable arguments give one line and exit status 2."""
    try:
        submit(sys.argv[1:])
    except UserError as error:
        sys.stderr.write(f"strikeledger: {neutral(str(error))}\n")
        sys.exit(2)
