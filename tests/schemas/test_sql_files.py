"""Every SQL file is one statement that both warehouses understand; none is unused, and none is hidden in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any, cast

import duckdb
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipelines.checks import ask_checks
from pipelines.export import export_rows, exportable
from pipelines.show import VIEWS
from schemas.rows import Row
from schemas.sql_files import sql_files, statement
from schemas.tables import Column, tables, views
from transforms.ledger.merge_statements import (
    delete_replaced_statement,
    delete_unstaged_statement,
    merge_statement,
    run_checks,
)
from transforms.serving.snapshot_statements import (
    OF_DAYS,
    OF_IDS,
    incidents_statement,
    links_statement,
    reports_statement,
    state_statement,
    steps_statement,
)
from transforms.warehouse import Warehouse
from transforms.warehouse.dialect import qualified, to_duckdb

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipelines", "schemas", "transforms")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.sql"))
ON_BOTH = [path for path in FILES if path.parent.name != "views_bigquery"]
OWN_NAMES = {*tables(), *views(for_bigquery=True)}


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


# -- the statements of a file -----------------------------------------------------------------------


class Recorder:
    """A warehouse that records queries and has no rows."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def columns(self, name: str) -> Sequence[Column]:
        return (tables().get(name) or tables().get(f"{name}_v1") or tables()["incidents_v1"]).columns

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        self.statements.append(sql)
        return []


def _exports() -> list[str]:
    recorder = Recorder()
    for name in exportable():
        export_rows(cast(Warehouse, recorder), name)
    return recorder.statements


def _check_rows() -> list[str]:
    recorder = Recorder()
    assert list(ask_checks(cast(Warehouse, recorder)))
    return recorder.statements


def _run_checks() -> list[str]:
    expected = dict.fromkeys(tables(), 1)
    return [sql for is_leased in (True, False) for _, sql in run_checks(expected, is_leased=is_leased)]


TEMPLATES = {
    "transforms/ledger/sql/merge_table.sql": lambda: [
        merge_statement(table, is_updated=is_updated)
        for table in tables().values()
        for is_updated in (True, False)
    ],
    "transforms/ledger/sql/delete_replaced.sql": lambda: [
        delete_replaced_statement(tables()[name]) for name in ("incident_reports_v1", "incident_history_v1")
    ],
    "transforms/ledger/sql/delete_unstaged.sql": lambda: [
        delete_unstaged_statement(table) for name, table in tables().items() if name.startswith("correct")
    ],
    "transforms/ledger/sql/check_staged.sql": _run_checks,
    "transforms/ledger/sql/check_arrived.sql": _run_checks,
    "transforms/serving/sql/snapshot_incidents.sql": lambda: [
        incidents_statement(which) for which in (OF_DAYS, OF_IDS)
    ],
    "transforms/serving/sql/table_state.sql": lambda: [state_statement()],
    "transforms/serving/sql/snapshot_links.sql": lambda: [
        links_statement(which) for which in (OF_DAYS, OF_IDS)
    ],
    "transforms/serving/sql/snapshot_steps.sql": lambda: [
        steps_statement(which) for which in (OF_DAYS, OF_IDS)
    ],
    "transforms/serving/sql/written_reports.sql": lambda: [reports_statement()],
    "pipelines/sql/check_rows.sql": _check_rows,
    "pipelines/sql/export_table.sql": _exports,
}
"""Files with parts that code fills in: the statements that this code makes of them."""


def pieces(sql: str) -> list[tuple[str, str | None]]:
    """Return the text of a template before each of its parts, with the name of the part."""
    return [(text, part) for text, part, _, _ in Formatter().parse(sql)]


def parts_to_fill(path: Path) -> set[str]:
    """Return the parts of a file that are not other files of its folder."""
    files = sql_files(path.parent)
    found = {part for _, part in pieces(files[path.stem].sql) if part}
    return found - set(files) if path.parent.name == "sql" else set()


def statements(path: Path) -> list[str]:
    """Return what the warehouses are given of a file."""
    if path.parent.name != "sql":  # a view or a check, which has no parts
        return [sql_files(path.parent)[path.stem].sql]
    if parts_to_fill(path):
        return TEMPLATES[label(path)]()
    return [statement(str(path.parent.parent / "any.py"), path.stem)]


def test_the_templates_are_those_with_parts_and_each_is_rendered() -> None:
    with_parts = [path for path in FILES if parts_to_fill(path)]
    assert {label(path) for path in with_parts} == set(TEMPLATES)
    for path in with_parts:
        texts = [text for text, _ in pieces(sql_files(path.parent)[path.stem].sql)]
        assert any(all(text in sql for text in texts) for sql in statements(path)), path


# -- both warehouses understand them ----------------------------------------------------------------


def read_as_bigquery(sql: str) -> exp.Expr:
    """Return the one statement. What sqlglot does not know, it keeps as a command without a word of protest."""
    (tree,) = sqlglot.parse(sql, read="bigquery")
    assert tree is not None
    assert not list(tree.find_all(exp.Command)), sql
    return tree


def read_as_duckdb(sql: str) -> None:
    """Transpile the statement, and let DuckDB's own parser read it."""
    assert len(duckdb.extract_statements(to_duckdb(sql))) == 1


@pytest.mark.parametrize("path", FILES, ids=label)
def test_every_file_is_a_statement_of_bigquery(path: Path) -> None:
    for sql in statements(path):
        read_as_bigquery(sql)


@pytest.mark.parametrize("path", ON_BOTH, ids=label)
def test_every_file_transpiles_to_duckdb_without_loss(path: Path) -> None:
    for sql in statements(path):
        read_as_duckdb(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELEC * FROM runs",
        "SELECT run_id FROM runs WHERE",
        "SELECT (run_id FROM runs",
        "SELECT 1; SELECT 2",
        "OPTIMIZE runs_v1",
        "",
    ],
)
def test_a_statement_that_bigquery_cannot_read_is_noticed(sql: str) -> None:
    with pytest.raises((SqlglotError, AssertionError, ValueError)):
        read_as_bigquery(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT JSON_QUERY(payload, '$.a' WITH WRAPPER) FROM dead_letters",
        "SELECT * FROM runs FOR SYSTEM_TIME AS OF TIMESTAMP '2025-01-01 00:00:00+00'",
    ],
)
def test_a_statement_that_duckdb_cannot_read_is_noticed(sql: str) -> None:
    with pytest.raises((SqlglotError, duckdb.Error)):
        read_as_duckdb(sql)


@pytest.mark.parametrize("path", FILES, ids=label)
def test_every_table_gets_its_project_and_dataset(path: Path) -> None:
    for sql in statements(path):
        text = qualified(sql, "a-project", "a_dataset", {"staged_reports_v1": "staged_reports_v1_77"})
        tree = read_as_bigquery(text)
        bare = [t.name for t in tree.find_all(exp.Table) if t.name in OWN_NAMES and not t.db]
        assert bare == [], text
        assert "`staged_reports_v1`" not in text


# -- each is used, and only files hold statements ---------------------------------------------------


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(p.value) if isinstance(p, ast.Constant) else "?" for p in node.values)


@pytest.mark.parametrize("folder", sorted({p.parent for p in FILES if p.parent.name == "sql"}), ids=label)
def test_every_statement_is_used(folder: Path) -> None:
    used = {text for module in folder.parent.glob("*.py") for text in strings(module)}
    used |= {part for file in sql_files(folder).values() for _, part in pieces(file.sql) if part}
    used |= {f"show_{view.replace('-', '_')}" for view in VIEWS}
    assert [name for name in sql_files(folder) if name not in used] == []


_ON_OWN_TABLE = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE|USING)\s+`?({'|'.join(sorted(OWN_NAMES))})\b")


def test_no_statement_on_our_tables_is_in_python() -> None:
    found = [
        (label(module), text)
        for package in PACKAGES
        for module in sorted((ROOT / package).rglob("*.py"))
        for text in strings(module)
        if _ON_OWN_TABLE.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    ["sql = 'SELECT * FROM runs'", "sql = f'SELECT {x}\\nFROM reports WHERE y'", "'DELETE FROM runs_v1'"],
)
def test_a_statement_in_python_would_be_found(code: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(code)
    assert any(_ON_OWN_TABLE.search(text) for text in strings(tmp_path / "a.py"))
