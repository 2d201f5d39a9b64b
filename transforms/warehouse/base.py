"""What every warehouse can do, and how a URL names one."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

from schemas.tables import Column

Row = dict[str, Any]


class WarehouseError(RuntimeError):
    """The warehouse can't be used; the message is one line for a person."""


class WarehouseBusy(WarehouseError):
    """Another process owns the warehouse and did not let go in time."""


class LoadRefused(WarehouseError):
    """A check found rows that must not be; nothing was written."""


class WarehouseURLInvalid(ValueError):
    """Not the URL of a warehouse."""


@dataclass(frozen=True, slots=True)
class WarehouseURL:
    """A parsed warehouse URL: ``path`` is the file of a ``duckdb`` one; ``project``, ``dataset`` and
    ``location`` those of a ``bigquery`` one."""

    scheme: str
    path: str = ""
    project: str = ""
    dataset: str = ""
    location: str | None = None

    @property
    def text(self) -> str:
        """Return the URL in its usual form."""
        if self.scheme == "duckdb":
            return f"duckdb:///{self.path}"
        return f"bigquery://{self.project}/{self.dataset}"


_PROJECT = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_DATASET = re.compile(r"\w{1,1024}", re.ASCII)
_LOCATION = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,40}")
_EXPECTED = "duckdb:///path/file.duckdb or bigquery://PROJECT/DATASET"


def parse_warehouse_url(text: str) -> WarehouseURL:
    """Return the parts of ``duckdb:///path/file.duckdb`` or ``bigquery://PROJECT/DATASET[?location=EU]``.

    What follows ``duckdb://`` is an absolute path, but for a bare file name and for a path that begins
    with a dot: those lie in the working directory (``duckdb:///./strikeledger.duckdb``).

    Raises:
        WarehouseURLInvalid: it is no such URL.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise WarehouseURLInvalid(f"not a warehouse URL: {text!r} (expected {_EXPECTED})")
    if scheme == "bigquery":
        return _bigquery_url(text, rest)
    if scheme != "duckdb":
        raise WarehouseURLInvalid(f"unknown kind of warehouse {scheme!r} (expected {_EXPECTED})")
    if not rest.startswith("/") or len(rest) < 2 or rest.endswith("/"):
        raise WarehouseURLInvalid(
            f"no file in the warehouse URL {text!r} (expected duckdb:///path/file.duckdb)"
        )
    if "?" in rest or "\x00" in rest:
        raise WarehouseURLInvalid(f"a DuckDB warehouse takes no options: {text!r}")
    path = rest.lstrip("/")
    is_relative = not rest.startswith("//") and ("/" not in path or path.startswith("."))
    return WarehouseURL("duckdb", path if is_relative else f"/{path}")


def _bigquery_url(text: str, rest: str) -> WarehouseURL:
    place, _, query = rest.partition("?")
    project, _, dataset = place.partition("/")
    if not _PROJECT.fullmatch(project) or not _DATASET.fullmatch(dataset):
        raise WarehouseURLInvalid(
            f"no project and dataset in the warehouse URL {text!r} (expected bigquery://PROJECT/DATASET)"
        )
    options = dict(parse_qsl(query, keep_blank_values=True))
    location = options.pop("location", None)
    if options or (query and not _LOCATION.fullmatch(location or "")):
        raise WarehouseURLInvalid(f"a BigQuery warehouse takes the option location only: {text!r}")
    return WarehouseURL("bigquery", project=project, dataset=dataset, location=location)


Staged = Mapping[str, tuple[Sequence[Column], Sequence[str]]]
"""Names of temporary tables with their columns and their NDJSON files."""


class Warehouse(Protocol):
    """The operations that steps need. All SQL is in BigQuery's dialect."""

    def ensure(self) -> list[str]:
        """Create or upgrade tables and views, additively; return what was done."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a query, as JSON-ready values."""

    def columns(self, name: str) -> list[Column]:
        """Return the columns of a table or view, in order, without their descriptions.

        Raises:
            WarehouseError: there is no such table.
        """

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement that changes rows; return how many it changed."""

    def load(
        self,
        staged: Staged,
        statements: Sequence[str],
        parameters: Mapping[str, Any],
        checks: Sequence[tuple[str, str]] = (),
        derived: str | None = None,
        name: str = "",
    ) -> None:
        """Load staged files and run the statements, all in one transaction.

        Args:
            staged: temporary tables to be filled.
            statements: SQL that moves them into the tables; each is repeatable.
            parameters: values for ``@name`` in the statements.
            checks: (message, query) pairs; a query that returns rows rolls everything back.
            derived: a query over the staged rows and the tables; the columns of its one row are further
                parameters.
            name: what is loaded: the same name means the same rows.

        Raises:
            LoadRefused: a check found rows; nothing was written.
            WarehouseError: the warehouse refuses or can't be reached; nothing was written.
        """


_AS_IT_IS = frozenset((str, int, float, bool, type(None)))


def plain_value(value: Any) -> Any:
    """Return a value of a row as JSON has it: dates and instants as ISO strings."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC).isoformat()[:19]}Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {key: plain_value(item) for key, item in value.items()}
    return value


def one_line(error: BaseException) -> str:
    """Return the first line of an error's message."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
