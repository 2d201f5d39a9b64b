"""The fields of a report or an incident as rows of a table, shared by the explanations."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from pipelines.show import dates, toll, words
from transforms.warehouse import Warehouse

Row = Mapping[str, Any]


class NothingToExplain(ValueError):
    """The id or address names nothing in the warehouse."""


def one(warehouse: Warehouse, sql: str, value: str, missing: str) -> Row:
    """Return the one row of a query.

    Raises:
        NothingToExplain: there is none.
    """
    rows = warehouse.query(sql, {"value": value})
    if not rows:
        raise NothingToExplain(f"{missing} {value!r} in this warehouse")
    return rows[0]


def fields(row: Row) -> list[tuple[str, str, str]]:
    """Return (name, value, field of its evidence) of a report or incident."""
    where = ", ".join(str(v) for v in (row["location"], row["admin1"], row["country"]) if v)
    point = "" if row["latitude"] is None else f" ({row['latitude']:.3f}, {row['longitude']:.3f})"
    weapon = words(row["weapon"]) + (f" ({row['weapon_name']})" if row.get("weapon_name") else "")
    told: list[tuple[str, str, str]] = [
        ("place", where + point, "location"),
        ("date", dates(row), "event_date_start"),
        ("weapon", weapon, "weapon"),
        ("actor", row["actor"] or "–", "actor"),
        ("targets", ", ".join(words(t) for t in row["targets"] or ()) or "–", "targets"),
        ("killed", toll(row, "fatalities"), "fatalities_low"),
        ("children killed", _number(row["child_fatalities"]), "child_fatalities"),
        ("injured", toll(row, "injured"), "injured_low"),
        ("children injured", _number(row["child_injured"]), "child_injured"),
        ("account", row["claim_status"], "claim_status"),
    ]
    return told


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def table_of_fields(title: str) -> Table:
    """Return an empty table of (field, value, sure, sentence)."""
    table = Table(box=None, show_header=False, pad_edge=False, title=title, title_justify="left")
    table.add_column("field", style="bold", no_wrap=True)
    table.add_column("value", ratio=1)
    table.add_column("sure", style="dim", no_wrap=True)
    table.add_column("sentence", ratio=3, style="dim")
    return table
