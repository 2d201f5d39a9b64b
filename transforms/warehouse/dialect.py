"""SQL is written once, in BigQuery's dialect. The one place that imports sqlglot."""

from collections.abc import Mapping
from functools import cache, lru_cache

import sqlglot
from sqlglot import exp
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


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> exp.Expr:
    return sqlglot.parse_one(sql, read="bigquery")


def qualified(sql: str, project: str, dataset: str, renamed: Mapping[str, str] | None = None) -> str:
    """Return a BigQuery statement in which every table has its project and dataset.

    A view must name them (https://cloud.google.com/bigquery/docs/views#query_syntax), and a statement that
    does needs no default dataset.

    Args:
        sql: the statement; tables by their bare names.
        project: the project of the tables.
        dataset: their dataset.
        renamed: bare names that stand for other tables, such as those staged by one run.
    """
    tree = _parsed(sql).copy()
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.db or not isinstance(table.this, exp.Identifier) or table.name in own:
            continue
        name = (renamed or {}).get(table.name, table.name)
        if name != table.name and not table.alias:  # columns go by the bare name of their table
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        table.set("this", exp.to_identifier(name, quoted=True))
        table.set("db", exp.to_identifier(dataset, quoted=True))
        table.set("catalog", exp.to_identifier(project, quoted=True))
    rendered: str = tree.sql(dialect="bigquery")
    return rendered
