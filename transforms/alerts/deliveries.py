"""The state of alerts in the warehouse: what fits a watch, and what its channels were told."""

import json
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.alert_records import CHANNEL_ROW, AlertDelivery, Telling
from schemas.identity import parse_instant
from schemas.rows import record_to_row, row_to_record
from schemas.sql_files import statement
from schemas.tables import tables
from transforms.alerts.due import Heard
from transforms.alerts.match import matches
from transforms.alerts.telling import telling_of
from transforms.alerts.watches import Conditions, Watch
from transforms.ledger.merge_statements import merge_statement, staging_columns, staging_name
from transforms.ledger.staged_rows import with_hash
from transforms.util.geo import KM_PER_DEGREE
from transforms.warehouse import Row, Warehouse

TABLE = "alert_deliveries_v1"


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse holds for a watch.

    ``found``: the current incidents that fit, by id. ``heard``: what each channel heard of, by its name.
    ``others``: incidents that a thread leads to and that do not fit.
    """

    found: Mapping[str, Telling]
    heard: Mapping[str, Sequence[Heard]]
    others: Mapping[str, Telling]


def read_known(warehouse: Warehouse, watch: Watch) -> Known:
    """Return what the warehouse holds for a watch.

    Args:
        warehouse: the tables.
        watch: the watch.

    Raises:
        WarehouseError: a table is missing, or the warehouse cannot be read.
    """
    rows = warehouse.query(statement(__file__, "candidates"), _parameters(watch.conditions))
    corrections: dict[str, list[Row]] = {}
    for row in warehouse.query(statement(__file__, "corrections_that_hold")):
        corrections.setdefault(row["incident_id"], []).append(row)

    def told(row: Row) -> Telling:
        return telling_of({**row, "corrections": corrections.get(row["incident_id"], [])})

    found = {t.incident_id: t for t in map(told, rows) if matches(watch.conditions, t)}
    heard: dict[str, list[Heard]] = {}
    for row in warehouse.query(statement(__file__, "heard"), {"watch": watch.name}):
        heard.setdefault(row["channel"], []).append(
            Heard(row_to_record(AlertDelivery, row), row["current_id"])
        )
    leads = {h.current_id for every in heard.values() for h in every if h.delivery.incident_id != CHANNEL_ROW}
    ids = sorted(incident_id for incident_id in leads if incident_id and incident_id not in found)
    others = warehouse.query(statement(__file__, "incidents_by_id"), {"ids": ids}) if ids else []
    return Known(found, heard, {t.incident_id: t for t in map(told, others)})


def _parameters(conditions: Conditions) -> dict[str, object]:
    circle = conditions.circle
    degrees = circle.within_km / KM_PER_DEGREE + 0.01 if circle else 0.0
    latitude = circle.latitude if circle else 0.0
    return {
        "is_any_country": not conditions.countries,
        "countries": list(conditions.countries),
        "is_any_weapon": not conditions.weapons,
        "weapons": list(conditions.weapons),
        "is_any_place": circle is None,
        "south": latitude - degrees,
        "north": latitude + degrees,
        "killed": conditions.killed_at_least or 0,
        "injured": conditions.injured_at_least or 0,
    }


def save_deliveries(warehouse: Warehouse, rows: Sequence[AlertDelivery], run_id: str, now: str) -> None:
    """Write rows of deliveries in one transaction. Rows that are stored already with this content stay.

    Args:
        warehouse: the tables.
        rows: the rows.
        run_id: what the rows were written by.
        now: the present instant, ISO 8601 in UTC.

    Raises:
        WarehouseError: the warehouse refuses; nothing was written.
    """
    if not rows:
        return
    table = tables()[TABLE]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.ndjson"
        lines = (json.dumps(with_hash(record_to_row(row)), ensure_ascii=False) for row in rows)
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        warehouse.load(
            {staging_name(TABLE): (staging_columns(table), [str(path)])},
            [merge_statement(table)],
            {"now": parse_instant(now), "run_id": run_id},
            name=f"strikeledger-alerts-{uuid.uuid4().hex}",
        )
