"""Pages in a real browser, without a window and offline. ``make test-browser`` says where Chromium is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from served_ledger import Served

CHROMIUM = os.environ.get("STRIKELEDGER_CHROMIUM", "")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the tests of pages out where no browser is installed."""
    return True if collection_path.name.startswith("test_") and not CHROMIUM else None


# Not for the whole session: while Playwright's loop lives, no later test of this process can call asyncio.run().
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root in a container cannot make the namespaces that Chromium's sandbox needs. The pages are our own.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that makes an empty page in a context of its own.

    ``page.faults`` lists errors of scripts, warnings, and requests for other addresses than those that begin with
    one of the given texts or ``data:``.
    """
    contexts = []

    def made(*own: str, width: int = 1280, height: int = 900, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda m: page.faults.append(m.text) if m.type in ("error", "warning") else None)
        page.on("request", lambda r: None if r.url.startswith((*own, "data:")) else page.faults.append(r.url))
        return page

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(new_page: Callable[..., Any], served: Served) -> Callable[..., Any]:
    """Return a function that opens a path of the served ledger."""

    def opened(path: str, width: int = 1280, **options: Any) -> Any:
        page = new_page(served.address, width=width, **options)
        page.goto(served.address + path)
        return page

    return opened
