"""Opening the warehouse that a URL names."""

from collections.abc import Iterator
from contextlib import contextmanager

from transforms.warehouse.base import ClosableWarehouse, Warehouse
from transforms.warehouse.warehouse_url import parse_warehouse_url


@contextmanager
def open_warehouse(url: str, *, read_only: bool = False) -> Iterator[Warehouse]:
    """Open a warehouse for a short time and close it again.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
        WarehouseBusy: another process holds it for more than 30 s.
        WarehouseError: it cannot be opened.
    """
    warehouse = _connect(url, read_only=read_only)
    try:
        yield warehouse
    finally:
        warehouse.close()


def _connect(url: str, *, read_only: bool) -> ClosableWarehouse:
    """Return the adapter for a URL. Each is imported where it is used: BigQuery's client takes a second."""
    parsed = parse_warehouse_url(url)
    if parsed.scheme == "bigquery":
        from transforms.warehouse.bigquery import BigQueryWarehouse

        return BigQueryWarehouse(parsed, read_only=read_only)
    from transforms.warehouse.duckdb import DuckDBWarehouse

    return DuckDBWarehouse(parsed.file, read_only=read_only)
