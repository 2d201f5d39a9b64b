"""The page itself: template, libraries and packed data in one file."""

import base64
import datetime as dt
import gc
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipelines import pipeline_version
from pipelines.dashboard.content import read_details, read_incidents
from transforms.warehouse import Warehouse

MAX_BYTES = 18_000_000
"""A page larger than this opens badly on a phone; details beyond it are left out, and the page says so."""

_STYLES = ("vendor/leaflet.css", "vendor/tabulator.css", "vendor/uplot.css", "page.css")
_SCRIPTS = (
    "vendor/leaflet.js", "vendor/topojson-client.js", "vendor/supercluster.js", "vendor/uplot.js",
    "vendor/tabulator.js", "page.js",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What a page holds: incidents, how many of them with details, and its size in bytes."""

    incidents: int
    detailed: int
    size: int


def write_dashboard(
    warehouse: Warehouse,
    out: Path,
    made: str,
    since: dt.date = dt.date.min,
    until: dt.date = dt.date.max,
    max_bytes: int = MAX_BYTES,
) -> Written:
    """Write the page of the incidents of some days.

    Args:
        warehouse: where they are.
        out: the file; its folder is made.
        made: the present instant, UTC.
        since: first day.
        until: last day.
        max_bytes: how large the page may become by its details.
    """
    with _without_collection():
        return _write(warehouse, out, made, since, until, max_bytes)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Do not look for rubbish among millions of rows that are all in use: a fifth of the time of a page of
    240,000 incidents."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(
    warehouse: Warehouse, out: Path, made: str, since: dt.date, until: dt.date, max_bytes: int
) -> Written:
    ledger = read_incidents(warehouse, since, until)
    core = ledger.core | {"made": made, "version": pipeline_version(), "detailed": 0}
    shell = _text("page.html")
    shell = shell.replace("{{STYLE}}", "\n".join(map(_text, _STYLES)))
    head, _, tail = shell.partition("{{DATA}}")
    tail = tail.replace("{{SCRIPT}}", "\n;\n".join(map(_text, _SCRIPTS)))
    codes = {code for code, _ in core["countries"]}
    regions = {code: lines for code, lines in _regions().items() if code in codes}
    fixed = [
        _packed("countries", json.loads(_text("vendor/countries.json"))), _packed("regions", regions),
    ]  # fmt: skip
    room = max_bytes - len(head) - len(tail) - sum(map(len, fixed)) - len(_packed("core", core))
    details: list[str] = []
    for number, chunk in enumerate(read_details(warehouse, ledger.rows)):
        packed = _packed(f"d{number}", chunk)
        if len(packed) > room:
            break
        room -= len(packed)
        details.append(packed)
        core["detailed"] += len(chunk)
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8", newline="\n") as page:
        page.writelines([head, *fixed, _packed("core", core), *details, tail])
    return Written(len(ledger.rows), core["detailed"], out.stat().st_size)


def _packed(name: str, value: Any) -> str:
    """Return a value as an element of the page: gzip in base64, so that no text in it can be markup."""
    data = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text = base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")
    return f'<script type="application/octet-stream" id="{name}">{text}</script>\n'


@cache
def _text(name: str) -> str:
    return (files("pipelines.dashboard") / name).read_text("utf-8")


def _regions() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_text("vendor/regions.json"))
    return found
