"""Articles and comparisons for the suite of the warehouses."""

from __future__ import annotations

from typing import Any

from conftest import Ledger

from schemas.rows import Row

# What says when we did something, and so differs between any two runs.
CLOCK = {
    "_ingested_at", "_run_id", "_row_hash", "fetched_at", "run_id", "started_at", "finished_at",
    "last_polled_at", "last_success_at", "next_poll_at", "first_failed_at", "last_failed_at",
    "next_attempt_at", "resolved_at", "expires_at", "holder",
}  # fmt: skip
STORY = (
    "A Russian ballistic missile hit an apartment building in Kharkiv on Thursday evening, killing {killed} "
    "people and injuring 31 others, Kharkiv mayor Ihor Terekhov said. Rescuers worked through the night.\n\n"
    "The missile destroyed the entrance of the five-storey building, officials said."
)


def an_outlet(killed: int, outlet: int, hour: int) -> dict[str, Any]:
    return {
        "id": f"t-{outlet}", "url": f"https://outlet{outlet}.example/story", "source": f"Outlet {outlet}",
        "title": f"Missile kills {killed} in Kharkiv", "published": f"2025-04-04T{hour:02d}:00:00+00:00",
        "summary": f"{killed} dead in Kharkiv", "paragraphs": STORY.format(killed=killed).split("\n\n"), "byline": None, "language": "en",
    }  # fmt: skip


def content(ledger: Ledger, names: list[str]) -> dict[str, list[Row]]:
    """Return tables without what the clock wrote."""
    found = {}
    for name in names:
        rows = ledger.rows(f"SELECT * FROM {name}")
        found[name] = sorted(({k: v for k, v in row.items() if k not in CLOCK} for row in rows), key=repr)
    return found
