"""The site of the dashboard: the pages of the server as files, for any web host or from disk."""

import datetime as dt
import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines import pipeline_version
from pipelines.output_file import OutputInvalid
from pipelines.server.static_files import land_image, style
from pipelines.whole_folder import folder_written_whole
from transforms.serving.read_snapshot import read_snapshot
from transforms.serving.report_store import ReportStore
from transforms.serving.site_pages import SiteFile, make_site, site_document
from transforms.serving.snapshot import Snapshot
from transforms.warehouse import open_copy

_DOCUMENT = "site.json"
_NAMES = re.compile(r"index\.html|page-\d+\.html|site\.json|api|incidents|places|runs|sources|static")
"""What lies at the top of a site."""


@dataclass(frozen=True, slots=True)
class WrittenSite:
    """What was written: the number of incidents and of files, and the size of all in bytes."""

    incidents: int
    files: int
    size: int


def write_site(
    warehouse: str,
    out: Path,
    now: str,
    since: dt.date | None,
    until: dt.date | None,
    base_url: str | None = None,
) -> WrittenSite:
    """Write the incidents of an interval of days as a site. An earlier site is replaced as a whole.

    Args:
        warehouse: URL of the ledger. A DuckDB file is held only while it is copied.
        out: the folder of the site.
        now: the present instant, UTC.
        since: first day, None for no limit.
        until: last day, None for no limit.
        base_url: where the site will lie, with a slash at its end; None where nobody knows.

    Raises:
        OutputInvalid: the folder holds something other than an earlier site, or its parent is missing.
        OutputFailed: the site cannot be written.
    """
    with folder_written_whole(out, why_no_site) as folder:
        snapshot = _read(warehouse, now)
        site = make_site(snapshot, since, until, base_url=base_url)
        count, size = _write(folder, site.files)
        more, rest = _write(folder, [
            SiteFile("static/site.css", [style()]), SiteFile("static/land.svg", [land_image()]),
            SiteFile(_DOCUMENT, [site_document(snapshot, site, pipeline_version())]),
        ])  # fmt: skip
    return WrittenSite(site.incidents, count + more, size + rest)


def check_apart(out: Path | None, site: Path | None) -> None:
    """Check that the page does not lie in the site, which is replaced as a whole.

    Raises:
        OutputInvalid: it does.
    """
    if out is None or site is None:
        return
    page, folder = Path(os.path.realpath(out)), Path(os.path.realpath(site))
    if page.is_relative_to(folder):
        raise OutputInvalid(f"--out {out} lies in --site {site}, which is replaced as a whole")


def why_no_site(folder: Path) -> str | None:
    """Return why a folder is no earlier site, None where it is one."""
    others = sorted(entry.name for entry in folder.iterdir() if not _NAMES.fullmatch(entry.name))
    if others:
        return f"it holds {others[0]!r}, which is no part of a site; name an empty folder or an earlier site"
    try:
        is_site = "snapshot" in json.loads((folder / _DOCUMENT).read_bytes())
    except (OSError, ValueError, TypeError):
        is_site = False
    return None if is_site else f"it has no {_DOCUMENT} of an earlier site; name an empty folder"


def _read(warehouse: str, now: str) -> Snapshot:
    with tempfile.TemporaryDirectory(prefix="strikeledger-site-") as name:
        folder = Path(name)
        with open_copy(warehouse, folder) as opened:
            return read_snapshot(opened, now, pipeline_version(), ReportStore())


def _write(folder: Path, files: Iterable[SiteFile]) -> tuple[int, int]:
    """Write files; return how many they are, and their size in bytes."""
    count = size = 0
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as opened:
            for piece in file.pieces:
                size += opened.write(piece)
        count += 1
    return count, size
