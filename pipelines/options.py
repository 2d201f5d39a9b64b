"""The options of a run in one place, turned once into a checked, frozen configuration."""

import argparse
import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

import apache_beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions, StreamingOptions

from pipelines.feed_list import read_feed_list
from schemas.records import Feed, FeedEntry
from transforms.feeds.schedule import LONGEST_INTERVAL_SECONDS, SHORTEST_INTERVAL_SECONDS
from transforms.util.errors import UserError
from transforms.warehouse import parse_warehouse_url
from transforms.warehouse.lease import Lease, waiting_lease
from transforms.web.guard import AllowedHost
from transforms.web.messages import FetchPolicy

MAX_INTERVAL_SECONDS = 100 * 366 * 86_400.0
BATCH_RUNNERS = ("FnApiRunner", "DirectRunner", "BundleBasedDirectRunner")
MAX_EXTRACTION_PROCESSES = 4  # each holds a model, about 200 MB
PORTABLE_RUNNERS = ("FlinkRunner", "PortableRunner", "PrismRunner")


class ConfigurationInvalid(UserError):
    """Options that cannot be used."""


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """What a run needs, checked. Transforms get its plain fields, never Beam's options.

    Attributes:
        feeds: the feeds to poll.
        warehouse: URL of the warehouse.
        policy: limits and politeness of fetching.
        staging: folder where runs stage their files.
        payloads: folder where dead letters keep what is too large for a row.
        model: an installed spaCy model; None: the first known one.
        settle_s: show an incident only this many seconds after its first report.
        host_groups: number of groups of hosts that workers fetch in parallel. With 1, one worker fetches from
            all hosts.
        only_due: poll only the feeds whose next poll is due.
        poll_limits_s: the shortest and the longest interval between two polls of a feed, seconds.
        replay: instead of polling, retry the open dead letters of this reason; empty: of every reason.
        lease: what keeps other runs away.
        stream_every_s: seconds between the starts of two panes of a stream; None: one run.
        processes: number of extraction subprocesses; 0 on distributed runners.
        own_articles: entries that the user adds; such a run polls nothing and retries nothing.
    """

    feeds: tuple[Feed, ...]
    warehouse: str
    policy: FetchPolicy
    staging: str
    payloads: str
    model: str | None = None
    settle_s: float = 0.0
    host_groups: int = 1
    only_due: bool = False
    poll_limits_s: tuple[float, float] = (SHORTEST_INTERVAL_SECONDS, LONGEST_INTERVAL_SECONDS)
    replay: str | None = None
    lease: Lease = Lease.FILE
    stream_every_s: float | None = None
    processes: int = 0
    own_articles: tuple[FeedEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class RunChoices:
    """What a user chooses for ``run``, as the flags give it. ``ingest_config`` turns it into an
    ``IngestConfig``."""

    feeds: str
    warehouse: str
    storage: str | None = None
    every: str | None = None
    settle: str | None = None
    due: bool = False
    allow_hosts: tuple[str, ...] = ()
    host_delay: float | None = None
    groups: int = 1
    model: str | None = None
    is_stream: bool = False
    waits: bool = True

    @property
    def every_s(self) -> float | None:
        """Return the interval in seconds."""
        return interval_s("--every", self.every) if self.every else None


def ingest_config(choices: RunChoices) -> IngestConfig:
    """Return the configuration of a run or a stream.

    Raises:
        ConfigurationInvalid: a flag is unusable.
        FeedListInvalid: the list of feeds is.
        WarehouseURLInvalid: not a warehouse URL.
    """
    every = choices.every_s
    # Each round polls every feed that answers, because the user named the interval. The limit is half of it:
    # the schedule shifts polls by up to a quarter, and a round itself takes time.
    limits = (
        (min(every / 2, SHORTEST_INTERVAL_SECONDS), every / 2)
        if every
        else (SHORTEST_INTERVAL_SECONDS, LONGEST_INTERVAL_SECONDS)
    )
    policy = make_policy(choices.allow_hosts, choices.host_delay)
    staging = staging_root(choices.warehouse, choices.storage)
    is_taken_in_graph = choices.is_stream or not choices.waits
    return IngestConfig(
        feeds=tuple(read_feed_list(choices.feeds, policy)),
        warehouse=choices.warehouse,
        policy=policy,
        staging=staging,
        payloads=payload_folder(choices.warehouse, choices.storage),
        model=choices.model,
        settle_s=interval_s("--settle", choices.settle) if choices.settle else 0.0,
        host_groups=choices.groups,
        only_due=choices.due or every is not None,
        poll_limits_s=limits,
        lease=Lease.GRAPH if is_taken_in_graph else waiting_lease(choices.warehouse),
        stream_every_s=every if choices.is_stream else None,
    )


def replay_config(
    reason: str | None, warehouse: str, storage: str | None, policy: FetchPolicy, model: str | None
) -> IngestConfig:
    """Return the configuration of a run that retries dead letters.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    staging, payloads = staging_root(warehouse, storage), payload_folder(warehouse, storage)
    return IngestConfig(
        (), warehouse, policy, staging, payloads, model, replay=reason or "", lease=waiting_lease(warehouse)
    )  # fmt: skip


def add_config(
    own_articles: Sequence[FeedEntry],
    warehouse: str,
    storage: str | None,
    policy: FetchPolicy,
    model: str | None,
) -> IngestConfig:
    """Return the configuration of a run that adds own articles.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    staging, payloads = staging_root(warehouse, storage), payload_folder(warehouse, storage)
    return IngestConfig(
        (), warehouse, policy, staging, payloads, model, lease=waiting_lease(warehouse),
        own_articles=tuple(own_articles),
    )  # fmt: skip


def interval_s(option: str, text: str) -> float:
    """Return the seconds of an interval such as ``90s``, ``15m`` or ``1h``; a bare number is minutes.

    Raises:
        ConfigurationInvalid: not an interval.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|h)?", text.strip())
    seconds = float(match.group(1)) * {"s": 1, "m": 60, "h": 3600, None: 60}[match.group(2)] if match else 0
    if not 0 < seconds <= MAX_INTERVAL_SECONDS:
        raise ConfigurationInvalid(f"{option} takes an interval such as 90s, 15m or 1h, not {text!r}")
    return seconds


def extraction_processes(options: PipelineOptions) -> int:
    """Return the number of extraction subprocesses: one for each core where the engine runs in this
    process, and 0 where the engine has its own process for each core."""
    is_local = options.view_as(StandardOptions).runner in BATCH_RUNNERS
    return min(os.cpu_count() or 1, MAX_EXTRACTION_PROCESSES) if is_local else 0


def streams(options: PipelineOptions) -> bool:
    """Return whether the flags after ``--`` ask for a stream.

    Raises:
        ConfigurationInvalid: the runner can't.
    """
    standard = options.view_as(StandardOptions)
    if standard.streaming and standard.runner in BATCH_RUNNERS:
        raise ConfigurationInvalid(
            f"{standard.runner} does not stream; --every without --streaming repeats whole runs"
        )
    return bool(standard.streaming)


def make_policy(allow_hosts: Sequence[str], host_delay: float | None) -> FetchPolicy:
    """Return the fetch policy of the flags.

    Raises:
        ConfigurationInvalid: a host or the delay is unusable.
    """
    for host in allow_hosts:
        try:
            AllowedHost.parse(host)
        except ValueError as error:
            raise ConfigurationInvalid(f"--allow-host: {error}") from None
    if host_delay is not None and not 0 <= host_delay <= 3600:
        raise ConfigurationInvalid("--host-delay must be between 0 and 3600 seconds")
    return FetchPolicy(allow_hosts=tuple(allow_hosts), host_delay_s=host_delay)


def staging_root(warehouse: str, storage: str | None = None) -> str:
    """Return where runs on a warehouse stage their files.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    return _beside(warehouse, storage, "staging")


def payload_folder(warehouse: str, storage: str | None = None) -> str:
    """Return where dead letters on a warehouse keep what is too large for a row.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    return _beside(warehouse, storage, "payloads")


def _beside(warehouse: str, storage: str | None, what: str) -> str:
    """Return a folder of the storage; without one, beside a DuckDB file, or in the working directory."""
    url = parse_warehouse_url(warehouse)
    if storage is None and url.scheme == "duckdb":
        return f"{url.path}.{what}"
    folder = storage or posixpath.join("strikeledger-files", f"{url.project}.{url.dataset}")
    return posixpath.join(folder, what)


def beam_options(flags: Sequence[str]) -> PipelineOptions:
    """Return Beam's options of the flags after ``--``; the default runner is FnApiRunner.

    Raises:
        ConfigurationInvalid: a flag that Beam does not know.
    """
    options = PipelineOptions(list(flags))
    standard = options.view_as(StandardOptions)
    unknown = _unknown_flags(flags)
    # A job server has further options. Beam asks it for them when the job is submitted.
    if unknown and standard.runner not in PORTABLE_RUNNERS:
        raise ConfigurationInvalid(f"unknown Beam flag {unknown[0]!r}")
    if standard.runner is None:
        standard.runner = "FnApiRunner"
    if standard.runner == "DirectRunner":
        # DirectRunner first tries to download the Prism engine. With an update compatibility version it uses
        # the engines inside the SDK and needs no network.
        streaming = options.view_as(StreamingOptions)
        streaming.update_compatibility_version = apache_beam.__version__
    return options


def _unknown_flags(flags: Sequence[str]) -> list[str]:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for kind in PipelineOptions.__subclasses__():
        if kind.__module__.startswith("apache_beam."):
            try:
                kind._add_argparse_args(parser)
            except argparse.ArgumentError:
                continue
    try:
        _, unknown = parser.parse_known_args(list(flags))
    except SystemExit:
        raise ConfigurationInvalid("a Beam flag has an unusable value") from None
    return [flag for flag in unknown if flag.startswith("-")]
