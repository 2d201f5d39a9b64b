"""The options of a run in one place, turned once into a checked, frozen configuration.

Beam takes seconds to load. So only the functions that read Beam's own flags import it, and unusable options
are refused before.
"""

import argparse
import os
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.arguments import ConfigurationInvalid, check_model, interval_s
from pipelines.feed_list import read_feed_list
from schemas.records import Feed, FeedEntry
from transforms.feeds.schedule import LONGEST_INTERVAL_SECONDS, SHORTEST_INTERVAL_SECONDS
from transforms.warehouse import WarehouseURL, parse_warehouse_url
from transforms.warehouse.lease import Lease, waiting_lease
from transforms.web.guard import AllowedHost
from transforms.web.messages import FetchPolicy

if TYPE_CHECKING:
    from apache_beam.options.pipeline_options import PipelineOptions

MAX_HOST_BUDGET_SECONDS = 86_400.0
_BYTES_BY_UNIT = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
BATCH_RUNNERS = ("FnApiRunner", "DirectRunner", "BundleBasedDirectRunner")
MAX_EXTRACTION_PROCESSES = 4  # each holds a model, about 200 MB
PORTABLE_RUNNERS = ("FlinkRunner", "PortableRunner", "PrismRunner")


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
    host_budget: float | None = None
    payload_quota: str | None = None

    @property
    def every_s(self) -> float | None:
        """Return the interval in seconds."""
        return None if self.every is None else interval_s("--every", self.every)

    @property
    def settle_s(self) -> float:
        """Return how long an incident waits before it is shown, in seconds."""
        return 0.0 if self.settle is None else interval_s("--settle", self.settle)

    def check(self) -> None:
        """Check everything but the list of feeds, without network and without Beam.

        Raises:
            ConfigurationInvalid: a flag is unusable.
            WarehouseURLInvalid: not a warehouse URL.
        """
        _ = self.every_s, self.settle_s
        make_policy(self.allow_hosts, self.host_delay, self.host_budget, self.payload_quota)
        staging_root(self.warehouse, self.storage)
        check_model(self.model)


def ingest_config(choices: RunChoices, tell: Callable[[str], None] | None = None) -> IngestConfig:
    """Return the configuration of a run or a stream.

    Args:
        choices: what the user chose.
        tell: called with a message for each feed of the list that cannot be used, while others can.

    Raises:
        ConfigurationInvalid: a flag is unusable.
        FeedListInvalid: the list of feeds is.
        WarehouseURLInvalid: not a warehouse URL.
    """
    choices.check()
    every = choices.every_s
    # Each round polls every feed that answers, because the user named the interval. The limit is half of it:
    # the schedule shifts polls by up to a quarter, and a round itself takes time.
    limits = (
        (min(every / 2, SHORTEST_INTERVAL_SECONDS), every / 2)
        if every
        else (SHORTEST_INTERVAL_SECONDS, LONGEST_INTERVAL_SECONDS)
    )
    policy = make_policy(choices.allow_hosts, choices.host_delay, choices.host_budget, choices.payload_quota)
    if every:
        policy = _within_interval(policy, every)
    staging = staging_root(choices.warehouse, choices.storage)
    is_taken_in_graph = choices.is_stream or not choices.waits
    return IngestConfig(
        feeds=tuple(read_feed_list(choices.feeds, policy, tell)),
        warehouse=choices.warehouse,
        policy=policy,
        staging=staging,
        payloads=payload_folder(choices.warehouse, choices.storage),
        model=choices.model,
        settle_s=choices.settle_s,
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


def extraction_processes(options: "PipelineOptions") -> int:
    """Return the number of extraction subprocesses: one for each core where the engine runs in this
    process, and 0 where the engine has its own process for each core."""
    from apache_beam.options.pipeline_options import StandardOptions

    is_local = options.view_as(StandardOptions).runner in BATCH_RUNNERS
    return min(os.cpu_count() or 1, MAX_EXTRACTION_PROCESSES) if is_local else 0


def streams(options: "PipelineOptions") -> bool:
    """Return whether the flags after ``--`` ask for a stream.

    Raises:
        ConfigurationInvalid: the runner can't.
    """
    from apache_beam.options.pipeline_options import StandardOptions

    standard = options.view_as(StandardOptions)
    if standard.streaming and standard.runner in BATCH_RUNNERS:
        raise ConfigurationInvalid(
            f"{standard.runner} does not stream; --every without --streaming repeats whole runs"
        )
    return bool(standard.streaming)


def make_policy(
    allow_hosts: Sequence[str],
    host_delay: float | None,
    host_budget: float | None = None,
    payload_quota: str | None = None,
) -> FetchPolicy:
    """Return the fetch policy of the flags.

    Args:
        allow_hosts: hosts of ``--allow-host``.
        host_delay: seconds of ``--host-delay``.
        host_budget: seconds of ``--host-budget``. Who names them accepts that one slow host holds a run that
            long, in a stream half an interval at most.
        payload_quota: size of ``--payload-quota``.

    Raises:
        ConfigurationInvalid: a value is unusable.
    """
    for host in allow_hosts:
        try:
            AllowedHost.parse(host)
        except ValueError as error:
            raise ConfigurationInvalid(f"--allow-host: {error}") from None
    if host_delay is not None and not 0 <= host_delay <= 3600:
        raise ConfigurationInvalid("--host-delay must be between 0 and 3600 seconds")
    policy = FetchPolicy(allow_hosts=tuple(allow_hosts), host_delay_s=host_delay)
    if host_budget is not None:
        if not 1 <= host_budget <= MAX_HOST_BUDGET_SECONDS:
            raise ConfigurationInvalid("--host-budget must be between 1 second and a day (86400)")
        policy = replace(policy, host_budget_s=host_budget, slow_host_s=host_budget)
    if payload_quota is not None:
        policy = replace(policy, payload_quota_bytes=size_bytes("--payload-quota", payload_quota))
    return policy


def _within_interval(policy: FetchPolicy, every_s: float) -> FetchPolicy:
    """Return the policy of runs that follow each other.

    One host holds a run for half the interval at most, so that the next run can begin in time.
    """
    return replace(
        policy,
        host_budget_s=min(policy.host_budget_s, every_s / 2),
        slow_host_s=min(policy.slow_host_s, every_s / 2),
    )


def size_bytes(option: str, text: str) -> int:
    """Return the bytes of a size such as ``500MB`` or ``2GB``; a bare number is bytes.

    Raises:
        ConfigurationInvalid: not a size.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB)?", text.strip(), re.IGNORECASE)
    if match is None:
        raise ConfigurationInvalid(f"{option} takes a size such as 500MB or 2GB, not {text!r}")
    return int(float(match.group(1)) * _BYTES_BY_UNIT[(match.group(2) or "B").upper()])


def staging_root(warehouse: str, storage: str | None = None) -> str:
    """Return where runs on a warehouse stage their files. No other warehouse has the same folder.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    url = parse_warehouse_url(warehouse)
    if storage is None:
        return f"{url.file}.staging" if url.scheme == "duckdb" else posixpath.join(_files_of(url), "staging")
    folder = storage if "://" in storage else os.path.realpath(storage)
    return posixpath.join(folder, "staging", url.identity)


def payload_folder(warehouse: str, storage: str | None = None) -> str:
    """Return where dead letters on a warehouse keep what is too large for a row.

    Runs delete the payloads of their own warehouse, so no other warehouse has the same folder.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
    """
    url = parse_warehouse_url(warehouse)
    if storage is not None:
        return posixpath.join(storage, "payloads", url.identity)
    return f"{url.path}.payloads" if url.scheme == "duckdb" else posixpath.join(_files_of(url), "payloads")


def _files_of(url: WarehouseURL) -> str:
    return posixpath.join("strikeledger-files", url.identity)


def beam_options(flags: Sequence[str]) -> "PipelineOptions":
    """Return Beam's options of the flags after ``--``; the default runner is FnApiRunner.

    Raises:
        ConfigurationInvalid: a flag or a runner that Beam does not know.
    """
    import apache_beam
    from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions, StreamingOptions
    from apache_beam.runners.runner import create_runner

    options = PipelineOptions(list(flags))
    standard = options.view_as(StandardOptions)
    unknown = _unknown_flags(flags)
    # A job server has further options. Beam asks it for them when the job is submitted.
    if unknown and standard.runner not in PORTABLE_RUNNERS:
        raise ConfigurationInvalid(f"unknown Beam flag {unknown[0]!r}")
    if standard.runner is None:
        standard.runner = "FnApiRunner"
    try:
        create_runner(standard.runner)
    except ValueError as error:
        raise ConfigurationInvalid(f"--runner: {str(error).split('.')[0]}") from None
    if standard.runner == "DirectRunner":
        # DirectRunner first tries to download the Prism engine. With an update compatibility version it uses
        # the engines inside the SDK and needs no network.
        streaming = options.view_as(StreamingOptions)
        streaming.update_compatibility_version = apache_beam.__version__
    return options


def _unknown_flags(flags: Sequence[str]) -> list[str]:
    from apache_beam.options.pipeline_options import PipelineOptions

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
