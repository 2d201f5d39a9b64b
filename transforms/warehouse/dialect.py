"""SQL is written once, in BigQuery's dialect. The one place that imports sqlglot."""

from functools import cache

import sqlglot
from sqlglot.errors import ErrorLevel


@cache
def to_duckdb(sql: str) -> str:
    """Return a BigQuery statement in DuckDB's dialect.

    Raises:
        sqlglot.errors.UnsupportedError: it uses what DuckDB lacks.
    """
    statements: list[str] = sqlglot.transpile(
        sql, read="bigquery", write="duckdb", unsupported_level=ErrorLevel.RAISE
    )
    return statements[0]
