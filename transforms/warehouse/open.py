"""Opening the warehouse that a URL names."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from transforms.warehouse.base import Warehouse, parse_warehouse_url


@contextmanager
def open_warehouse(url: str, *, read_only: bool = False) -> Iterator[Warehouse]:
    """Open a warehouse for a moment and close it again.

    Raises:
        WarehouseURLInvalid: not a warehouse URL.
        WarehouseBusy: another process holds it for more than 30 s.
        WarehouseError: it can't be opened.
    """
    parsed = parse_warehouse_url(url)
    warehouse: Any  # each adapter is imported where it is used: BigQuery's client takes a second
    if parsed.scheme == "bigquery":
        from transforms.warehouse.bigquery import BigQueryWarehouse

        warehouse = BigQueryWarehouse(parsed, read_only=read_only)
    else:
        from transforms.warehouse.duckdb import EmbeddedWarehouse

        warehouse = EmbeddedWarehouse(parsed.path, read_only=read_only)
    try:
        yield warehouse
    finally:
        warehouse.close()
