"""Warehouses behind one small interface. A pipeline never names an adapter: it opens a URL.

Nothing in this package knows what a strike is.
"""

from schemas.rows import Row
from transforms.warehouse.base import (
    LoadRefused,
    Staged,
    Warehouse,
    WarehouseBusy,
    WarehouseDamaged,
    WarehouseError,
)
from transforms.warehouse.open import open_warehouse
from transforms.warehouse.private_copy import FileStamp, file_stamp, open_copy
from transforms.warehouse.warehouse_url import WarehouseURL, WarehouseURLInvalid, parse_warehouse_url

__all__ = [
    "FileStamp",
    "LoadRefused",
    "Row",
    "Staged",
    "Warehouse",
    "WarehouseBusy",
    "WarehouseDamaged",
    "WarehouseError",
    "WarehouseURL",
    "WarehouseURLInvalid",
    "file_stamp",
    "open_copy",
    "open_warehouse",
    "parse_warehouse_url",
]
