"""pandas, polars, Arrow and SQLAlchemy read the DuckDB file; Apache Superset shows it in a browser."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving
from ports import free_port
from store_reports import a_hostile_report, store

from schemas.tables import views

PYTHON = Path(os.environ.get("STRIKELEDGER_BI", "")).absolute()
CHROMIUM = os.environ.get("STRIKELEDGER_CHROMIUM", "")
SCREENSHOT_FOLDER = os.environ.get("STRIKELEDGER_SHOTS", "")
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUNDLE = ROOT / "examples" / "superset" / "bundle"


def run_on_sample(ledger: Ledger) -> None:
    room = Newsroom()
    with serving(room) as base:
        ledger.run(feeds_of(room, base))


def test_data_frames_arrow_and_sqlalchemy_read_the_views(ledger: Ledger) -> None:
    run_on_sample(ledger)
    done = subprocess.run(
        [str(PYTHON), str(HERE / "readers.py"), str(ledger.folder / "ledger.duckdb")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (incidents,) = ledger.rows("SELECT COUNT(*) AS n, SUM(fatalities_best) AS killed FROM incidents")
    (reports,) = ledger.rows("SELECT COUNT(*) AS n FROM reports")
    assert found["pandas"][0] == incidents["n"]
    assert found["pandas"][1].startswith("datetime64")
    assert found["pandas"][2] == incidents["killed"]
    assert found["arrow"][0] == incidents["n"]
    assert found["arrow"][1] == "date32[day]"
    assert found["arrow"][2].startswith("timestamp[us, tz=")  # in the time zone of the session that reads
    assert found["polars"] == [reports["n"], "Date", "List(Struct("]
    expected = ledger.rows(
        "SELECT country, SUM(fatalities_best) AS killed FROM daily_tolls GROUP BY country ORDER BY country"
    )
    assert found["sqlalchemy"] == [[r["country"], r["killed"]] for r in expected]
    assert set(views()) <= set(found["views"])
    assert found["joined"] == reports["n"]


def test_the_notebook_runs_with_pandas(ledger: Ledger) -> None:
    run_on_sample(ledger)
    done = subprocess.run(
        [str(PYTHON), str(ROOT / "tests/support/notebook.py"), str(ROOT / "examples/ledger.ipynb")],
        env={**os.environ, "STRIKELEDGER_WAREHOUSE": str(ledger.folder / "ledger.duckdb")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *_, frame, closed = json.loads(done.stdout)
    (drones,) = ledger.rows("SELECT SUM(fatalities_low) AS killed FROM incidents WHERE weapon = 'drone'")
    (line,) = (line for line in frame.splitlines() if "drone" in line)
    assert int(float(line.split()[-2])) == drones["killed"]
    assert closed == "None"


@contextmanager
def superset(home: Path, database: Path) -> Iterator[str]:
    """Serve Superset with the example dashboard on loopback until the end of the block; yield its address."""
    environment = {
        **os.environ, "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"), "FLASK_APP": "superset",
        "STRIKELEDGER_SUPERSET_HOME": str(home), "STRIKELEDGER_SUPERSET_SECRET": secrets.token_urlsafe(42),
    }  # fmt: skip
    command = str(PYTHON.parent / "superset")

    def run_superset(*arguments: str) -> None:
        done = subprocess.run(
            [command, *arguments], env=environment, cwd=home, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]

    run_superset("db", "upgrade")
    run_superset("fab", "create-admin", "--username", "admin", "--firstname", "A", "--lastname", "B", "--email", "a@localhost", "--password", "admin")  # fmt: skip
    run_superset("init")
    bundle = home / "bundle"
    shutil.copytree(BUNDLE, bundle / "bundle")
    file = bundle / "bundle" / "databases" / "strikeledger.yaml"
    file.write_text(file.read_text().replace("WAREHOUSE", str(database)))
    archive = shutil.make_archive(str(home / "bundle"), "zip", bundle)
    run_superset("import-dashboards", "-p", archive, "-u", "admin")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with (home / "superset.log").open("wb") as log:
        server = subprocess.Popen(
            [command, "run", "-h", "127.0.0.1", "-p", str(port), "--with-threads"],
            env=environment, cwd=home, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline:
                with suppress(OSError), urllib.request.urlopen(f"{base}/health", timeout=2):
                    break
                time.sleep(0.5)
            yield base
        finally:
            server.terminate()
            server.wait(20)


@pytest.mark.timeout(600)
def test_superset_shows_the_ledger_and_shows_hostile_markup_as_text(ledger: Ledger, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    run_on_sample(ledger)
    store(ledger, [a_hostile_report()])
    (total,) = ledger.rows(
        "SELECT COUNT(*) AS n, SUM(COALESCE(fatalities_best, fatalities_low, 0)) AS killed FROM incidents"
    )
    home = tmp_path / "superset"
    home.mkdir()
    with superset(home, ledger.folder / "ledger.duckdb") as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 1250})
        page.goto(f"{base}/login/", timeout=60_000)
        page.fill("#username, input[name=username]", "admin")
        page.fill("#password, input[name=password]", "admin")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url, timeout=60_000)
        page.goto(f"{base}/superset/dashboard/strikeledger/?standalone=2", timeout=60_000)
        page.wait_for_selector("table tbody tr td", timeout=60_000)
        page.wait_for_function(f"document.body.innerText.includes('{total['killed']}')", timeout=60_000)
        page.wait_for_selector("canvas", timeout=60_000)
        page.wait_for_timeout(3_000)
        text = page.inner_text("body")
        if SCREENSHOT_FOLDER:
            page.screenshot(path=f"{SCREENSHOT_FOLDER}/superset.png")
        assert f"\n{total['n']}\n" in text
        assert "unexpected error" not in text.lower()
        assert page.locator("canvas").count() >= 2
        assert "Kryvyi Rih" in text
        assert 'document.title="pwned"' in text  # as text, because Superset removes the tags
        assert "pwned" not in page.title()
        assert page.locator("td img, td script").count() == 0
        browser.close()
