"""Measure pages in a browser: their weight, and how long until a reader can use them.

    STRIKELEDGER_CHROMIUM=/usr/bin/chromium python -m benchmarks.page_load LEDGER.duckdb [...]

Each ledger is served, and written as one page by ``dashboard --out``. Headless Chromium opens each page as a
desktop does, and as Lighthouse lets a phone do: the processor four times slower, 1.6 Mbit/s, 150 ms until an
answer begins. A page is interactive where its first content is drawn and its last long task (over 50 ms) has
ended, as Lighthouse defines it. ``python -m benchmarks.serving --keep FILE --incidents N`` makes a ledger.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from transforms.warehouse import open_warehouse

TIMES = 3
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
SLOWER = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
QUIET_S = 2.0
_OBSERVE = """
window.longTasks = [];
new PerformanceObserver(
  list => window.longTasks.push(...list.getEntries().map(e => [e.startTime, e.duration]))
).observe({type: "longtask", buffered: true});
"""
_MEASURE = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const page = performance.getEntriesByType("navigation")[0];
  const parts = performance.getEntriesByType("resource");
  return {
    paint, long: window.longTasks, dom: page.domContentLoadedEventEnd,
    bytes: [page, ...parts].reduce((sum, part) => sum + part.transferSize, 0), requests: 1 + parts.length,
  };
}"""
COMMAND = (sys.executable, "-m", "pipelines.cli")


@contextmanager
def served(ledger: Path) -> Iterator[str]:
    """Serve a ledger; yield the address."""
    command = [*COMMAND, "serve", "--port", "0", "--rate", "0", "--warehouse", f"duckdb:///{ledger}"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = re.search(r"http://[^/ ]+", server.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        server.terminate()
        server.wait()


def open_once(browser: Any, address: str, is_phone: bool) -> Mapping[str, float]:
    """Open a page with nothing at hand; return its figures: milliseconds, bytes and requests."""
    context = browser.new_context(viewport=PHONE if is_phone else DESKTOP)
    page = context.new_page()
    page.add_init_script(_OBSERVE)
    if is_phone:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(address, wait_until="load", timeout=300_000)
    if answer is not None and not answer.ok:
        raise RuntimeError(f"{address}: {answer.status}")
    page.wait_for_timeout(QUIET_S * 1000)
    found = page.evaluate(_MEASURE)
    context.close()
    ends = [start + duration for start, duration in found["long"]]
    blocked = sum(duration - 50 for start, duration in found["long"] if start >= found["paint"])
    return {
        "first content": found["paint"],
        "interactive": max([found["paint"], found["dom"], *ends]),
        "blocked": blocked,
        "bytes": found["bytes"],
        "requests": found["requests"],
    }


def print_page(browser: Any, name: str, address: str) -> None:
    """Print the medians of a page, as a desktop and as a phone."""
    for device in ("desktop", "phone"):
        runs = [open_once(browser, address, device == "phone") for _ in range(TIMES)]
        of = {key: median(run[key] for run in runs) for key in runs[0]}
        size = of["bytes"] or Path(address.removeprefix("file://")).stat().st_size
        print(
            f"{name:>20} {device:>8}: {size / 1024:8.0f} KiB in {of['requests']:.0f} requests, "
            f"first content {of['first content'] / 1000:5.2f} s, "
            f"interactive {of['interactive'] / 1000:5.2f} s, blocked {of['blocked']:4.0f} ms",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ledgers", nargs="+", type=Path)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=os.environ["STRIKELEDGER_CHROMIUM"], args=["--no-sandbox"]
        )
        for ledger in options.ledgers:
            url = f"duckdb:///{ledger.absolute()}"
            with open_warehouse(url, read_only=True) as warehouse:
                (count,) = warehouse.query("SELECT COUNT(*) AS n FROM incidents")
                (one,) = warehouse.query(
                    "SELECT incident_id, country, location FROM incidents "
                    "ORDER BY number_of_reports DESC, incident_id LIMIT 1"
                )
            print(f"{count['n']:,} incidents")
            with served(ledger.absolute()) as address:
                print_page(browser, "list", f"{address}/")
                print_page(browser, "incident", f"{address}/incidents/{one['incident_id']}")
                place = f"{one['country']}/{quote(one['location'], safe='')}"
                print_page(browser, "place", f"{address}/places/{place}")
            page = Path(folder) / "page.html"
            subprocess.run([*COMMAND, "dashboard", "--out", str(page), "--warehouse", url], check=True)
            print_page(browser, "dashboard --out", f"file://{page}")
        browser.close()


if __name__ == "__main__":
    main()
