"""The suite of tools that read the ledger. ``make test-bi`` installs them in a separate environment."""

from __future__ import annotations

import os
from pathlib import Path

BI_PYTHON = os.environ.get("STRIKELEDGER_BI", "")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests where the tools are not installed."""
    return True if collection_path.name.startswith("test_") and not BI_PYTHON else None
