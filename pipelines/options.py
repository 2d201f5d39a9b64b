"""Options of the ingest pipeline in one place, turned once into a checked, frozen configuration."""

import argparse
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions, StreamingOptions

from schemas.records import Feed
from transforms.schedule import SHORTEST_S
from transforms.warehouse import parse_warehouse_url
from transforms.web.guard import AllowedHost
from transforms.web.messages import FetchPolicy


class ConfigurationInvalid(ValueError):
    """Options that can't be used; the message is one line."""


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """What a run needs, checked. Transforms get its plain fields, never Beam's options.

    ``host_groups``: groups of hosts that workers fetch one beside another; 1 lets one worker ask all hosts
    at once. ``replay``: put the open dead letters of this reason through instead; empty: of every reason.
    """

    feeds: tuple[Feed, ...]
    warehouse: str
    policy: FetchPolicy
    staging: str
    payloads: str
    model: str | None = None
    shards: int = 1
    settle_s: float = 0.0
    host_groups: int = 1
    only_due: bool = False
    shortest_interval_s: float = SHORTEST_S
    replay: str | None = None


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


def run_folder(root: str, run_id: str) -> str:
    """Return the staging folder of one run."""
    return posixpath.join(root, run_id)


def beam_options(flags: Sequence[str]) -> PipelineOptions:
    """Return Beam's options of the flags after ``--``; the default runner is FnApiRunner.

    Raises:
        ConfigurationInvalid: a flag that Beam does not know.
    """
    options = PipelineOptions(list(flags))
    unknown = _unknown_flags(flags)
    if unknown:
        raise ConfigurationInvalid(f"unknown Beam flag {unknown[0]!r}")
    standard = options.view_as(StandardOptions)
    if standard.runner is None:
        standard.runner = "FnApiRunner"
    if standard.runner == "DirectRunner":
        # DirectRunner first tries to download the Prism engine; with an update compatibility
        # version it uses the engines inside the SDK, and needs no network.
        import apache_beam

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
