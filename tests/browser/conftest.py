"""Pages in a real browser, without a window and offline. ``make test-browser`` says where Chromium is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("STRIKELEDGER_CHROMIUM", "")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the tests of pages out where no browser is installed."""
    return True if collection_path.name.startswith("test_") and not CHROMIUM else None


# Not for the whole session: while Playwright's loop lives, no later test of this process can call asyncio.run().
@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root in a container cannot make the namespaces that Chromium's sandbox needs. The pages are our own.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()
