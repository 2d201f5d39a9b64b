"""The data dictionary, made from the schema files by ``python -m pipelines.dictionary``."""

import sys
import tempfile
from collections.abc import Iterator

from schemas.tables import Column, tables, view_columns, view_files
from transforms.warehouse import Warehouse, open_warehouse

_HEAD = """# Data dictionary

Generated from `schemas/` by `python -m pipelines.dictionary`; a test keeps it current. Read views: they keep
their names. The tables below them carry a version and columns of the writer's own (`_ingested_at`, `_run_id`,
`_row_hash` and others that begin with an underscore), which are not for BI.

Types are BigQuery's. In a DuckDB file STRING is VARCHAR, INTEGER is BIGINT, FLOAT is DOUBLE, TIMESTAMP is
TIMESTAMP WITH TIME ZONE (read it in UTC), RECORD is STRUCT, and a repeated column is a list.
"""


def dictionary() -> str:
    """Return the data dictionary as Markdown."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(f"duckdb:///{folder}/x.duckdb") as warehouse:
        warehouse.ensure()
        return "\n".join([_HEAD, *_views(warehouse), *_tables()]) + "\n"


def _known() -> dict[str, Column]:
    return {column.name: column for table in reversed(tables().values()) for column in table.columns}


def _views(warehouse: Warehouse) -> Iterator[str]:
    yield "## Views\n"
    for name, file in sorted(view_files(for_bigquery=True).items()):
        yield f"### {name}\n\n{file.meaning}\n"
        is_here = name in view_files()
        own = view_columns().get(name, {})
        yield "| column | type | meaning |\n|---|---|---|"
        base = tables().get(f"{name.removesuffix('_all')}_v1")
        of_base = {c.name: c for c in base.columns} if base is not None else {}
        for column in warehouse.columns(name) if is_here else ():
            known = of_base.get(column.name) or _known().get(column.name)
            if column.name in own or known is None:
                yield f"| `{column.name}` | {column.type} | {own.get(column.name, '')} |"
            else:
                yield f"| `{column.name}` | {_kind(known)} | {known.description} |"
        for column_name in () if is_here else own:
            yield f"| `{column_name}` | GEOGRAPHY | {own[column_name]} The others are those of `incidents`. |"
        yield ""


def _tables() -> Iterator[str]:
    yield "## Tables\n"
    yield "| table | key | partition | cluster |\n|---|---|---|---|"
    for table in tables().values():
        cells = (table.key, (table.partition,) if table.partition else (), table.cluster)
        yield f"| `{table.name}` | " + " | ".join(", ".join(f"`{c}`" for c in cell) for cell in cells) + " |"
    yield "\n## Records inside columns\n"
    yield "| column | field | type | meaning |\n|---|---|---|---|"
    for table in tables().values():
        for column in table.columns:
            for field in column.fields:
                name = f"{table.name.removesuffix('_v1')}.{column.name}"
                yield f"| `{name}` | `{field.name}` | {_kind(field)} | {field.description} |"


def _kind(column: Column) -> str:
    extra = {"REPEATED": ", repeated", "NULLABLE": ", nullable"}.get(column.mode, "")
    return f"{column.type}{extra}"


if __name__ == "__main__":
    sys.stdout.write(dictionary())
