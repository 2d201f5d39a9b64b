"""The page of the dashboard: one file with the template, the libraries and the packed data."""

import base64
import datetime as dt
import gzip
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO

from pipelines import pipeline_version
from pipelines.dashboard.content import read_details, read_incidents
from pipelines.output_file import written_whole
from pipelines.without_collection import without_collection
from transforms.warehouse import Warehouse

MAX_PAGE_BYTES = 18_000_000
"""A larger page opens slowly on a phone. So details of older incidents are left out, and the page says so."""

_STYLES = ("vendor/leaflet.css", "vendor/tabulator.css", "vendor/uplot.css", "page.css")
_SCRIPTS = (
    "vendor/leaflet.js", "vendor/topojson-client.js", "vendor/supercluster.js", "vendor/uplot.js",
    "vendor/tabulator.js", "page.js",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """What was written: the number of incidents, the number of those with details, and the size in bytes."""

    incidents: int
    detailed: int
    size: int


def write_dashboard(
    warehouse: Warehouse,
    out: Path,
    made: str,
    since: dt.date = dt.date.min,
    until: dt.date = dt.date.max,
    max_bytes: int = MAX_PAGE_BYTES,
) -> WrittenPage:
    """Write the page of the incidents from one day to another.

    Args:
        warehouse: the tables.
        out: the file. It is replaced only once the page is complete.
        made: the present instant, UTC.
        since: the first day.
        until: the last day.
        max_bytes: details are added, the latest incident first, while the page is not larger than this.

    Raises:
        OutputInvalid: the file's folder is missing.
        OutputFailed: the file cannot be written.
    """
    with written_whole(out) as page, without_collection():
        return _write(warehouse, page, made, since, until, max_bytes)


def _write(
    warehouse: Warehouse, out: BinaryIO, made: str, since: dt.date, until: dt.date, max_bytes: int
) -> WrittenPage:
    ledger = read_incidents(warehouse, since, until)
    core = ledger.core | {"made": made, "version": pipeline_version(), "detailed": 0}
    template = _text("page.html").replace("{{STYLE}}", "\n".join(map(_text, _STYLES)))
    head, _, tail = template.partition("{{DATA}}")
    tail = tail.replace("{{SCRIPT}}", "\n;\n".join(map(_text, _SCRIPTS)))
    codes = {code for code, _ in core["countries"]}
    regions = {code: lines for code, lines in _regions().items() if code in codes}
    outlines = [
        _packed("countries", json.loads(_text("vendor/countries.json"))), _packed("regions", regions),
    ]  # fmt: skip
    room = max_bytes - len(head) - len(tail) - sum(map(len, outlines)) - len(_packed("core", core))
    details: list[str] = []
    for number, chunk in enumerate(read_details(warehouse, ledger.rows)):
        packed = _packed(f"d{number}", chunk)
        if len(packed) > room:
            break
        room -= len(packed)
        details.append(packed)
        core["detailed"] += len(chunk)
    page = "".join([head, *outlines, _packed("core", core), *details, tail]).encode()
    out.write(page)
    return WrittenPage(len(ledger.rows), core["detailed"], len(page))


def _packed(name: str, value: Any) -> str:
    """Return a value as an element of the page. It is gzip in base64, so no text in it can become markup."""
    data = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text = base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")
    return f'<script type="application/octet-stream" id="{name}">{text}</script>\n'


@cache
def _text(name: str) -> str:
    return (files("pipelines.dashboard") / name).read_text("utf-8")


def _regions() -> dict[str, Any]:
    regions: dict[str, Any] = json.loads(_text("vendor/regions.json"))
    return regions
