"""The data dictionary, made from the schema files by ``python -m pipelines.dictionary``."""

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator

from schemas.tables import Column, tables, view_columns, view_files
from schemas.vocabulary import (
    READING_FAULTS,
    REASONS,
    ClaimStatus,
    CorrectionKind,
    Effect,
    Outcome,
    ReadingOutcome,
    Stage,
    Status,
    Target,
    TextSource,
    Weapon,
)
from transforms.warehouse import Warehouse, open_warehouse

_HEAD = """# Data dictionary

Generated from `schemas/` by `make dictionary`. A test fails if this page and the schemas differ.

Read views, because they keep their names. The tables below them have a version in their names. They also have
columns for the writer alone, which begin with an underscore (`_ingested_at`, `_run_id`, `_row_hash` and
others). BI tools should not use these columns.

Types are those of BigQuery. In a DuckDB file STRING is VARCHAR, INTEGER is BIGINT, FLOAT is DOUBLE, TIMESTAMP
is TIMESTAMP WITH TIME ZONE (read it in UTC), RECORD is STRUCT, and a repeated column is a list.
"""


_LISTS: dict[str, Iterable[str]] = {
    "`targets`": Target,
    "`claim_status`": ClaimStatus,
    "`status` of an incident": Status,
    "`outcome` of an entry": Outcome,
    "`stage` of a dead letter": Stage,
    "`text_source` of an article": TextSource,
    "`kind` of a correction": CorrectionKind,
    "`effect` of a correction": Effect,
    "`outcome` of a second reading": ReadingOutcome,
    "`reason` of a second reading": READING_FAULTS,
}
"""The columns that hold words of a closed list, beside the weapon and the reason of a dead letter."""
_FIRST_READ = re.compile(r"\bFROM (\w+)")


def dictionary() -> str:
    """Return the data dictionary as Markdown."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(f"duckdb:///{folder}/x.duckdb") as warehouse:
        warehouse.ensure()
        return "\n".join([_HEAD, *_views(warehouse), *_tables(), *_closed_lists()]) + "\n"


def _views(warehouse: Warehouse) -> Iterator[str]:
    yield "## Views\n"
    for name, file in sorted(view_files(for_bigquery=True).items()):
        yield f"### {name}\n\n{file.meaning}\n"
        yield "| column | type | meaning |\n|---|---|---|"
        if name in view_files():
            yield from _view_columns(name, warehouse)
        else:  # a view of BigQuery alone, such as incidents_geo
            for column, meaning in view_columns().get(name, {}).items():
                yield f"| `{column}` | GEOGRAPHY | {meaning} The others are those of `incidents`. |"
        yield ""


def _view_columns(view: str, warehouse: Warehouse) -> Iterator[str]:
    """Yield a row for each column: its meaning is the view's own, else that of the table it comes from."""
    own_meanings = view_columns().get(view, {})
    base_columns = {c.name: c for c in _base_columns(view)}
    for column in warehouse.columns(view):
        source = base_columns.get(column.name) or _any_table().get(column.name)
        if column.name in own_meanings or source is None:
            yield f"| `{column.name}` | {column.type} | {own_meanings.get(column.name, '')} |"
        else:
            yield f"| `{column.name}` | {_type(source)} | {source.description} |"


def _base_columns(view: str) -> tuple[Column, ...]:
    """Return the columns of the table that a view is about: the one of its name, else that of the first view
    it reads. Several tables have a ``confidence``, and only one is meant."""
    for name in (
        view.removesuffix("_all"),
        *_FIRST_READ.findall(view_files(for_bigquery=True)[view].sql)[:1],
    ):
        if f"{name}_v1" in tables():
            return tables()[f"{name}_v1"].columns
    return ()


def _any_table() -> dict[str, Column]:
    """Return the columns of all tables by name; of two with one name, that of the first table."""
    return {column.name: column for table in reversed(tables().values()) for column in table.columns}


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
                yield f"| `{name}` | `{field.name}` | {_type(field)} | {field.description} |"


def _closed_lists() -> Iterator[str]:
    yield "\n## Closed lists\n"
    yield "These columns hold one of the words of a list, and no other.\n"
    yield "| `weapon` | family | ACLED's sub-event |\n|---|---|---|"
    for weapon in Weapon:
        traits = weapon.traits
        yield f"| `{weapon}` | {traits.family} | {traits.acled_sub_event_type or 'none fits'} |"
    yield "\nWeapons of one family agree with one another. `any` agrees with each.\n"
    yield "| column | words |\n|---|---|"
    for column, words in _LISTS.items():
        yield f"| {column} | {', '.join(f'`{word}`' for word in words)} |"
    yield "\n| `reason` of a dead letter | tried again |\n|---|---|"
    for reason, retry in REASONS.items():
        yield f"| `{reason}` | {retry.replace('_', ' ')} |"


def _type(column: Column) -> str:
    mode = {"REPEATED": ", repeated", "NULLABLE": ", nullable"}.get(column.mode, "")
    return f"{column.type}{mode}"


if __name__ == "__main__":
    sys.stdout.write(dictionary())
