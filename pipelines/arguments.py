"""Checks of arguments that need no heavy library: a refusal need not wait for Beam, DuckDB or spaCy."""

import datetime as dt
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from schemas.identity import parse_instant
from transforms.util.errors import UserError
from transforms.warehouse import WarehouseError, open_warehouse, parse_warehouse_url

MAX_INTERVAL_SECONDS = 100 * 366 * 86_400.0
_SECONDS_BY_UNIT = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, None: 60}
_STORE_MODULES = {
    "gs": "google.cloud.storage", "s3": "boto3", "hdfs": "hdfs", "azfs": "azure.storage.blob",
}  # fmt: skip
"""The kinds of object stores that Beam reads and writes, and the module that each needs."""


_DUCKDB_ENDINGS = frozenset({".duckdb", ".db", ".ddb"})


class ConfigurationInvalid(UserError):
    """Options that cannot be used."""


def interval_s(option: str, text: str) -> float:
    """Return the seconds of an interval such as ``90s``, ``15m``, ``2h`` or ``1d``; a bare number is minutes.

    Raises:
        ConfigurationInvalid: not an interval.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])?", text.strip())
    seconds = float(match.group(1)) * _SECONDS_BY_UNIT[match.group(2)] if match else 0
    if not 0 < seconds <= MAX_INTERVAL_SECONDS:
        raise ConfigurationInvalid(f"{option} takes an interval such as 90s, 15m, 2h or 1d, not {text!r}")
    return seconds


def object_store_fault(address: str) -> str | None:
    """Return why this installation cannot reach an address such as gs://BUCKET/PATH, or None if it may.

    A path of this machine has no fault here: it is looked for when it is opened.
    """
    scheme, separator, rest = address.partition("://")
    if not separator:
        return None
    module = _STORE_MODULES.get(scheme)
    if module is None:
        return f"{scheme}:// is no kind of address that is known here"
    if not rest.strip("/"):
        return "it names no bucket"
    try:
        is_installed = find_spec(module) is not None
    except ModuleNotFoundError:  # its parent package is missing
        is_installed = False
    return None if is_installed else f"the library that reads {scheme}:// is not installed here"


def base_url(text: str | None) -> str | None:
    """Return the address under which a site will lie, with a slash at its end; None where none is given.

    Raises:
        ConfigurationInvalid: it is not an http or https address of a folder.
    """
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        parts.port  # noqa: B018  raises ValueError where it is no number
    except ValueError:
        is_usable = False
    if not is_usable or parts.query or parts.fragment or any(map(str.isspace, text)):
        raise ConfigurationInvalid(
            "--base-url takes the address of the site's folder, such as https://example.org/strikes/, "
            f"not {text[:120]!r}"
        )
    return text if text.endswith("/") else f"{text}/"


def check_model(name: str | None) -> None:
    """Check that a spaCy model is installed, without loading spaCy.

    Raises:
        ConfigurationInvalid: it is not.
    """
    if name is None or Path(name).is_dir():
        return
    if not name.isidentifier() or find_spec(name) is None:
        raise ConfigurationInvalid(f"--model: no spaCy model {name!r} is installed")


def check_warehouse_exists(warehouse: str) -> None:
    """Open a warehouse for reading and close it again.

    Raises:
        WarehouseError: there is none, or it cannot be read.
    """
    with open_warehouse(warehouse, read_only=True):
        pass


def warehouse_argument(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return the URL of ``--warehouse``, which also takes the plain path of a DuckDB file.

    It is a callback of click, called while it reads the arguments.

    Raises:
        WarehouseURLInvalid: neither a warehouse URL nor such a path.
    """
    if "://" not in value and Path(value).suffix in _DUCKDB_ENDINGS:
        value = f"duckdb:///{Path(value).absolute()}"
    parse_warehouse_url(value)
    return value


def ledger_argument(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Return the URL of ``--warehouse`` of a command that reads. It is a callback of click.

    Raises:
        WarehouseURLInvalid: neither a warehouse URL nor the path of a DuckDB file.
        WarehouseError: there is no file yet, because its first run is writing.
    """
    url = warehouse_argument(context, parameter, value)
    parsed = parse_warehouse_url(url)
    # Only where the file is missing: what looks at locks is slow to load.
    if parsed.scheme == "duckdb" and not Path(parsed.file).exists():
        from pipelines.hold_lease import is_run_going

        if is_run_going(url):
            raise WarehouseError(
                f"nothing is in {parsed.path} yet: its first run is writing; try again later"
            )
    return url


def storage_argument(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return the value of ``--storage``. It is a callback of click, called while it reads the arguments.

    Raises:
        ConfigurationInvalid: this installation cannot reach it.
    """
    fault = object_store_fault(value) if value else None
    if fault:
        raise ConfigurationInvalid(f"--storage {value}: {fault}")
    return value


def model_argument(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return the value of ``--model``. It is a callback of click, called while it reads the arguments.

    Raises:
        ConfigurationInvalid: no such model is installed.
    """
    check_model(value)
    return value


def instant_argument(text: str | None) -> str | None:
    """Return the value of ``--since`` of a command that takes instants.

    Raises:
        UsageError: not a date.
    """
    if text is not None and parse_instant(text) is None:
        raise click.UsageError(f"--since takes a date such as 2025-04-01, not {text!r}")
    return text


def days_argument(since: str | None, until: str | None) -> tuple[dt.date, dt.date]:
    """Return the days of ``--since`` and ``--until``; without one, the first or last day of the calendar.

    Raises:
        UsageError: one is no date, or the first is later than the last.
    """
    first = _day("--since", since, dt.date.min)
    last = _day("--until", until, dt.date.max)
    if first > last:
        raise click.UsageError(f"--since {first} is later than --until {last}")
    return first, last


def _day(option: str, text: str | None, default: dt.date) -> dt.date:
    if text is None:
        return default
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{option} takes a date such as 2025-04-01, not {text!r}") from None


def open_or_refuse(opener: Callable[[str], Any], name: str) -> Any:
    """Return what an opener returns for a file.

    Raises:
        UsageError: the file cannot be opened.
    """
    try:
        return opener(name)
    except OSError as error:
        raise click.UsageError(f"can't read {name}: {error.strerror}") from None
