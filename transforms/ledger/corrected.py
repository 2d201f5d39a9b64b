"""Corrections in the warehouse: storing them, and deriving the incidents that they change.

The incidents that the reports give stay as they are, in their tables. Those that corrections change are
derived as a whole, from these tables and all corrections, into tables of their own. The views show these
instead.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from schemas.identity import parse_instant, report_id
from schemas.records import Correction, CorrectionEffect, Incident, IncidentReport, Report, TollStep
from schemas.rows import Row, record_to_row, row_to_record
from schemas.sql_files import statement
from schemas.step_records import ResolvedIncident, StagedFile
from schemas.tables import tables
from transforms.corrections.apply import Corrected, apply_corrections, incident_before_decisions
from transforms.corrections.facts import with_renamed_reports
from transforms.ledger.merge_statements import (
    delete_unstaged_statement,
    merge_statement,
    overlay_checks,
    retire_unstaged_statement,
    staging_columns,
    staging_name,
)
from transforms.ledger.staged_rows import with_hash
from transforms.util.clock import utc_now
from transforms.warehouse import Warehouse

Stage = Callable[[str, Iterable[Row]], StagedFile]
"""Writes rows of a kind as a file that the warehouse can load; whoever gives it deletes the files."""
_MOST_REPORTS = 100
"""An article has fewer reports at one place."""
_DERIVED = (
    "corrected_incidents_v1",
    "corrected_incident_reports_v1",
    "corrected_incident_history_v1",
    "correction_effects_v1",
)


def read_corrections(warehouse: Warehouse) -> list[Correction]:
    """Return all corrections, in no particular order.

    Where the article of a report has become an alias of another article with the same text, the same report
    of that article stands for it.
    """
    rows = warehouse.query(statement(__file__, "all_corrections"))
    corrections = [row_to_record(Correction, row) for row in rows]
    names = _names_after_aliases(warehouse, {r for c in corrections for r in c.report_ids})
    return [with_renamed_reports(c, names) for c in corrections] if names else corrections


def _names_after_aliases(warehouse: Warehouse, report_ids: Collection[str]) -> dict[str, str]:
    """Return the new ids of reports by their old ones. An id is a hash of address, place and number."""
    if not report_ids:
        return {}
    found = {}
    for row in warehouse.query(statement(__file__, "renamed_reports"), {"reports": sorted(report_ids)}):
        place = row["geonameid"], row["location"]
        numbers = (
            n for n in range(_MOST_REPORTS) if report_id(row["article_url"], *place, n) == row["report_id"]
        )
        number = next(numbers, None)
        if number is not None:
            found[row["report_id"]] = report_id(row["leads_to"], *place, number)
    return found


def store_corrections(
    warehouse: Warehouse, stage: Stage, run_id: str, corrections: Sequence[Correction]
) -> None:
    """Add corrections and derive what they change. One that is stored already changes nothing.

    Args:
        warehouse: the warehouse, whose lease is held.
        stage: writes a file to load.
        run_id: written to the rows.
        corrections: each with its id.
    """
    table = tables()["corrections_v1"]
    file = stage(table.name, [with_hash(record_to_row(c)) for c in corrections])
    _load(warehouse, run_id, [file], [table.name], [merge_statement(table, is_updated=False)], "facts")
    derive_corrected(warehouse, stage, run_id)


def derive_corrected(warehouse: Warehouse, stage: Stage, run_id: str) -> None:
    """Derive the incidents that corrections change. A repetition changes no row.

    Args: as for ``store_corrections``.
    """
    if not warehouse.query(statement(__file__, "any_correction")):
        return
    corrected = corrected_incidents(warehouse, read_corrections(warehouse))
    rows: dict[str, list[Row]] = defaultdict(list)
    for kind, row in corrected_rows(corrected):
        rows[kind].append(row)
    files = [stage(kind, found) for kind, found in rows.items()]
    every = tables()
    statements = [retire_unstaged_statement()]
    statements += [delete_unstaged_statement(every[name]) for name in _DERIVED[1:]]
    statements += [merge_statement(every[name]) for name in _DERIVED]
    _load(warehouse, run_id, files, _DERIVED, statements, "derived")


def corrected_incidents(warehouse: Warehouse, corrections: Sequence[Correction]) -> Corrected:
    """Return the incidents that corrections change, and what each correction does."""
    named = {one for c in corrections for one in c.report_ids}
    return apply_corrections(*_incidents_of(warehouse, named), corrections)


def base_incident(
    warehouse: Warehouse, report_ids: Sequence[str], corrections: Sequence[Correction]
) -> Incident:
    """Return the incident of some reports with the fields that the reports give it. Merges and splits hold.

    Raises:
        LookupError: no incident holds one of the reports.
    """
    named = {*report_ids, *(one for c in corrections for one in c.report_ids)}
    found = incident_before_decisions(*_incidents_of(warehouse, named), corrections, report_ids)
    if found is None:
        raise LookupError(f"no incident holds {report_ids}")
    return found.incident


def _incidents_of(
    warehouse: Warehouse, report_ids: Collection[str]
) -> tuple[list[ResolvedIncident], dict[str, Report]]:
    """Return the incidents, as the reports give them, that hold one of some reports, and all their
    reports."""
    rows = warehouse.query(statement(__file__, "incidents_of_reports"), {"reports": sorted(report_ids)})
    incidents = [row_to_record(Incident, row) for row in rows]
    ids = {"incidents": sorted(i.incident_id for i in incidents)}
    links: dict[str, list[IncidentReport]] = defaultdict(list)
    for row in warehouse.query(statement(__file__, "links_of_incidents"), ids):
        links[row["incident_id"]].append(row_to_record(IncidentReport, row))
    history: dict[str, list[TollStep]] = defaultdict(list)
    for row in warehouse.query(statement(__file__, "history_of_incidents"), ids):
        history[row["incident_id"]].append(row_to_record(TollStep, row))
    held = sorted(link.report_id for of_incident in links.values() for link in of_incident)
    found = warehouse.query(statement(__file__, "reports_by_id"), {"ids": held})
    resolved = [
        ResolvedIncident(
            incident,
            sorted(links[incident.incident_id], key=lambda link: link.report_id),
            history[incident.incident_id],
        )
        for incident in incidents
    ]
    return resolved, {row["report_id"]: row_to_record(Report, row) for row in found}


def corrected_rows(corrected: Corrected) -> Iterable[tuple[str, Row]]:
    """Yield the rows of corrected incidents and of the effects, each with its table."""
    for resolved in corrected.incidents:
        current: Row = {"is_current": True, "superseded_by": None}
        yield _DERIVED[0], with_hash({**record_to_row(resolved.incident), **current})
        for link in resolved.links:
            yield _DERIVED[1], with_hash(record_to_row(link))
        for step in resolved.history:
            yield _DERIVED[2], with_hash(record_to_row(step))
    for effect in corrected.effects:
        yield _DERIVED[3], with_hash(_effect_row(effect))


def _effect_row(effect: CorrectionEffect) -> Row:
    return record_to_row(effect)


def _load(
    warehouse: Warehouse,
    run_id: str,
    files: Sequence[StagedFile],
    names: Sequence[str],
    statements: Sequence[str],
    what: str,
) -> None:
    """Load staged files of some tables and run statements, in one transaction."""
    paths: dict[str, list[str]] = defaultdict(list)
    for file in files:
        paths[file.kind].append(file.path)
    staged: dict[str, Any] = {
        staging_name(name): (staging_columns(tables()[name]), paths[name]) for name in names
    }
    parameters = {"now": parse_instant(utc_now()), "run_id": run_id}
    checks = overlay_checks() if what == "derived" else ()
    warehouse.load(staged, statements, parameters, checks, None, f"{run_id}-corrections-{what}")
