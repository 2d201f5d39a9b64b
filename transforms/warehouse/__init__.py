"""Warehouses behind one small interface. A pipeline never names an adapter: it opens a URL.

Nothing in this package knows what a strike is.
"""

from transforms.warehouse.base import (
    LoadRefused,
    Row,
    Staged,
    Warehouse,
    WarehouseBusy,
    WarehouseError,
    WarehouseURL,
    WarehouseURLInvalid,
    parse_warehouse_url,
)
from transforms.warehouse.open import open_warehouse

__all__ = [
    "LoadRefused",
    "Row",
    "Staged",
    "Warehouse",
    "WarehouseBusy",
    "WarehouseError",
    "WarehouseURL",
    "WarehouseURLInvalid",
    "open_warehouse",
    "parse_warehouse_url",
]
