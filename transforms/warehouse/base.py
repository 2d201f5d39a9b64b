"""What every warehouse can do, and how a URL names one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from schemas.tables import Column

Row = dict[str, Any]


class WarehouseError(RuntimeError):
    """The warehouse can't be used; the message is one line for a person."""


class WarehouseBusy(WarehouseError):
    """Another process owns the warehouse and did not let go in time."""


class WarehouseURLInvalid(ValueError):
    """Not the URL of a warehouse."""


@dataclass(frozen=True, slots=True)
class WarehouseURL:
    """A parsed warehouse URL. ``scheme`` is duckdb; ``path`` its file."""

    scheme: str
    path: str

    @property
    def text(self) -> str:
        """Return the URL in its usual form."""
        return f"{self.scheme}:///{self.path}"


def parse_warehouse_url(text: str) -> WarehouseURL:
    """Return the parts of ``duckdb:///path/file.duckdb``.

    What follows ``duckdb://`` is an absolute path, but for a bare file name and for a path that begins
    with a dot: those lie in the working directory (``duckdb:///./strikeledger.duckdb``).

    Raises:
        WarehouseURLInvalid: it is no such URL.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise WarehouseURLInvalid(f"not a warehouse URL: {text!r} (expected duckdb:///path/file.duckdb)")
    if scheme == "bigquery":
        raise WarehouseURLInvalid("bigquery:// warehouses are not supported by this version")
    if scheme != "duckdb":
        raise WarehouseURLInvalid(f"unknown kind of warehouse {scheme!r} (expected duckdb)")
    if not rest.startswith("/") or len(rest) < 2 or rest.endswith("/"):
        raise WarehouseURLInvalid(
            f"no file in the warehouse URL {text!r} (expected duckdb:///path/file.duckdb)"
        )
    if "?" in rest or "\x00" in rest:
        raise WarehouseURLInvalid(f"a DuckDB warehouse takes no options: {text!r}")
    path = rest.lstrip("/")
    is_relative = not rest.startswith("//") and ("/" not in path or path.startswith("."))
    return WarehouseURL("duckdb", path if is_relative else f"/{path}")


class Warehouse(Protocol):
    """The operations that steps need. All SQL is in BigQuery's dialect."""

    def ensure(self) -> list[str]:
        """Create or upgrade tables and views, additively; return what was done."""

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Return the rows of a query, as JSON-ready values."""

    def load(
        self,
        staged: Mapping[str, tuple[Sequence[Column], Sequence[str]]],
        statements: Sequence[str],
        parameters: Mapping[str, Any],
        checks: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Load staged files and run the statements, all in one transaction.

        Args:
            staged: temporary table name to its columns and its NDJSON files.
            statements: SQL that moves them into the tables; each is repeatable.
            parameters: values for ``@name`` in the statements.
            checks: (message, query) pairs; a query that returns rows rolls everything back.
        """


@contextmanager
def open_warehouse(url: str, *, read_only: bool = False) -> Iterator[Warehouse]:
    """Open a warehouse for a moment and close it again.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
        WarehouseBusy: another process holds it for more than 30 s.
        WarehouseError: it can't be opened.
    """
    parsed = parse_warehouse_url(url)
    from transforms.warehouse.embedded import EmbeddedWarehouse

    warehouse = EmbeddedWarehouse(parsed.path, read_only=read_only)
    try:
        yield warehouse
    finally:
        warehouse.close()
