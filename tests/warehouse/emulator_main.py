"""Starts bqemulator with corrections of three faults. It runs as a process in the emulator's own environment.

The faults of bqemulator 1.4.0:

* ``KEYWORD_FIELD``: it does not quote the names of nested fields. So a table cannot be created if such a name
is a
  keyword, such as ``end`` of ``reports.evidence``.
* ``SCRIPT_PARAMETERS``: the statements of a script do not get the parameters of the query, as they do in
BigQuery
  (https://cloud.google.com/bigquery/docs/multi-statement-queries).
* ``AVRO``: it downloads an extension that nothing here needs.
"""

import hashlib
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_spatial
from bqemulator.jobs import executor
from bqemulator.scripting import interpreter
from bqemulator.storage import engine, type_map

Fields = list[dict[str, Any]]

# -- KEYWORD_FIELD -----------------------------------------------------------------------------------

_columns = type_map.bq_schema_to_duckdb_columns


def _quoted(fields: Fields) -> Fields:
    return [
        {
            **field,
            "name": '"{}"'.format(field["name"].strip('"')),
            "fields": _quoted(field.get("fields") or []),
        }
        for field in fields
    ]


def _columns_with_quoted_fields(fields: Fields) -> list[tuple[str, str]]:
    return _columns([{**field, "fields": _quoted(field.get("fields") or [])} for field in fields])


type_map.bq_schema_to_duckdb_columns = _columns_with_quoted_fields

# -- SCRIPT_PARAMETERS -------------------------------------------------------------------------------

_parameters: ContextVar[Fields | None] = ContextVar("parameters", default=None)
_run_query_body, _bind = executor._run_query_body, interpreter.bind_parameters


async def _run_with_parameters(*, query_params: Fields | None, **rest: Any) -> Any:
    token = _parameters.set(query_params)
    try:
        return await _run_query_body(query_params=query_params, **rest)
    finally:
        _parameters.reset(token)


executor._run_query_body = _run_with_parameters
interpreter.bind_parameters = lambda sql, _: _bind(sql, _parameters.get())

# -- AVRO --------------------------------------------------------------------------------------------

engine.DuckDBEngine._load_format_extensions = lambda self: None


# -- the spatial extension, from a wheel instead of the network --------------------------------------

# The wheel is published by a third party, not by DuckDB. So only the build that was inspected is loaded.
SPATIAL_SHA256 = "03cbb687fbb1583af6154266dc17b9c99e11fdcc1cd4a43cec19f38ef272d4de"


def install_spatial() -> None:
    """Install DuckDB's spatial extension for this user.

    Raises:
        SystemExit: it is not the build that was inspected.
    """
    (file,) = Path(duckdb_extension_spatial.__file__).parent.rglob("*.duckdb_extension")
    if hashlib.sha256(file.read_bytes()).hexdigest() != SPATIAL_SHA256:
        raise SystemExit(f"{file.name} is not the inspected build")
    with duckdb.connect() as db:
        db.execute(f"INSTALL '{file}'")


if __name__ == "__main__":
    from bqemulator.cli import main

    install_spatial()
    main()
