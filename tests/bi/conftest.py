"""Tools that read the ledger. ``make test-bi`` installs them in an environment of their own."""

from __future__ import annotations

import os
from pathlib import Path

BI_PYTHON = os.environ.get("STRIKELEDGER_BI", "")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Where the tools are not installed, there are no tests of them."""
    return True if collection_path.name.startswith("test_") and not BI_PYTHON else None
