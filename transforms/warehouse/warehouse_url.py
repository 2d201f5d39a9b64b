"""The URL of a warehouse: what names a DuckDB file or a BigQuery dataset."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from transforms.util.errors import UserError

_PROJECT = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_DATASET = re.compile(r"\w{1,1024}", re.ASCII)
_LOCATION = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,40}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]")
_EXPECTED = "duckdb:///path/file.duckdb or bigquery://PROJECT/DATASET"


class WarehouseURLInvalid(UserError):
    """Not the URL of a warehouse."""


@dataclass(frozen=True, slots=True)
class WarehouseURL:
    """A parsed warehouse URL.

    ``path`` is the file of a ``duckdb`` URL. ``project``, ``dataset`` and ``location`` belong to a
    ``bigquery`` URL.
    """

    scheme: str
    path: str = ""
    project: str = ""
    dataset: str = ""
    location: str | None = None

    @property
    def text(self) -> str:
        """Return the URL in its usual form."""
        if self.scheme == "duckdb":
            return f"duckdb:///{self.path}"
        return f"bigquery://{self.project}/{self.dataset}"

    @property
    def file(self) -> str:
        """Return the absolute path of a DuckDB file, with all symbolic links followed.

        Locks, DuckDB's log and staged files lie beside this path. Beside a link, two processes would hold two
        locks on one file, and DuckDB would not find the log that it needs after a crash.
        """
        return os.path.realpath(self.path)

    @property
    def identity(self) -> str:
        """Return a name that no other warehouse has, which can name a folder.

        The path alone does not tell two containers apart that both see their file as ``/data/x.duckdb``. So
        the hash also covers the number of the file's folder on its disk.
        """
        if self.scheme == "bigquery":
            return f"{self.project}.{self.dataset}"
        file = Path(self.file)
        number = file.parent.stat().st_ino if file.parent.exists() else 0
        unique = hashlib.sha256(f"{number}:{file}".encode(errors="surrogateescape")).hexdigest()
        return f"{_NOT_IN_NAMES.sub('_', file.name)[:60]}-{unique[:12]}"


def parse_warehouse_url(text: str) -> WarehouseURL:
    """Return the parts of ``duckdb:///path/file.duckdb`` or ``bigquery://PROJECT/DATASET[?location=EU]``.

    What follows ``duckdb://`` is an absolute path. Two exceptions lie in the working directory: a bare file
    name, and a path that begins with a dot (``duckdb:///./strikeledger.duckdb``).

    Raises:
        WarehouseURLInvalid: the text is not such a URL.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        raise WarehouseURLInvalid(f"not a warehouse URL: {text!r} (expected {_EXPECTED})")
    if scheme == "bigquery":
        return _bigquery_url(text, rest)
    if scheme != "duckdb":
        raise WarehouseURLInvalid(f"unknown kind of warehouse {scheme!r} (expected {_EXPECTED})")
    if not rest.startswith("/") or len(rest) < 2 or rest.endswith("/"):
        raise WarehouseURLInvalid(
            f"no file in the warehouse URL {text!r} (expected duckdb:///path/file.duckdb)"
        )
    if "?" in rest or "\x00" in rest:
        raise WarehouseURLInvalid(f"a DuckDB warehouse takes no options: {text!r}")
    path = rest.lstrip("/")
    is_relative = not rest.startswith("//") and ("/" not in path or path.startswith("."))
    return WarehouseURL("duckdb", path if is_relative else f"/{path}")


def _bigquery_url(text: str, rest: str) -> WarehouseURL:
    names, _, query = rest.partition("?")
    project, _, dataset = names.partition("/")
    if not _PROJECT.fullmatch(project) or not _DATASET.fullmatch(dataset):
        raise WarehouseURLInvalid(
            f"no project and dataset in the warehouse URL {text!r} (expected bigquery://PROJECT/DATASET)"
        )
    options = dict(parse_qsl(query, keep_blank_values=True))
    location = options.pop("location", None)
    if options or (query and not _LOCATION.fullmatch(location or "")):
        raise WarehouseURLInvalid(f"a BigQuery warehouse takes the option location only: {text!r}")
    return WarehouseURL("bigquery", project=project, dataset=dataset, location=location)
