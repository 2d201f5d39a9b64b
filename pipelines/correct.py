"""``correct``: a person's decisions about an incident, stored as corrections."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from pipelines.arguments import check_warehouse_exists
from pipelines.find_ids import find_correction, find_incident
from pipelines.hold_lease import hold_lease
from pipelines.ingest import new_run
from pipelines.options import staging_root
from schemas.records import Correction, Incident
from schemas.rows import Row, row_to_record
from schemas.sql_files import statement
from transforms.corrections.as_seen import check_as_seen
from transforms.corrections.decision import LAST, Decision, Subject, corrections_of, with_whole_place
from transforms.corrections.facts import time_of_next
from transforms.ledger.corrected import base_incident, read_corrections, store_corrections
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.storage.staged import clear_run, run_folder, write_staged
from transforms.warehouse import Warehouse, open_warehouse


@dataclass(frozen=True, slots=True)
class Changed:
    """What a decision changed. ``before``, ``after``: the incident as the ledger showed and shows it."""

    corrections: Sequence[Correction]
    before: Incident
    after: Incident | None


def correct(
    warehouse_url: str,
    storage: str | None,
    typed: str,
    decision: Decision,
    made_by: str,
    *,
    as_seen: str | None = None,
    wait_s: float | None = None,
) -> Changed:
    """Store a decision and derive what it changes.

    Args:
        warehouse_url: the warehouse.
        storage: folder of staged files. Default: beside the warehouse.
        typed: the incident, as a person types its id.
        decision: what the person decides. The beginning of an id is enough.
        made_by: who.
        as_seen: the mark of the incident that the person saw; None where nobody asks what was seen.
        wait_s: how long to wait for another run, seconds. Default: as ``hold_lease``.

    Raises:
        NotFound: there is no such incident or correction.
        ChangedMeanwhile: the incident is not what the person saw.
        CorrectionRefused: the decision cannot be stored.
        WarehouseBusy: another run holds the warehouse.
    """
    check_warehouse_exists(warehouse_url)  # a mistyped path must not make a new file
    run = new_run()
    root = staging_root(warehouse_url, storage)
    folder = run_folder(root, run.run_id)
    with hold_lease(warehouse_url, run.run_id, wait_s):
        try:
            with open_warehouse(warehouse_url) as warehouse:
                warehouse.ensure()
                incident_id = find_incident(warehouse, typed)
                if as_seen is not None:
                    check_as_seen(_row(warehouse, incident_id), as_seen)
                whole = _with_whole_ids(warehouse, decision)
                subject = _read_subject(warehouse, incident_id, whole)
                whole = with_whole_place(whole, subject.incident, open_gazetteer)
                made_at = time_of_next(subject.corrections, run.started_at)
                facts = corrections_of(whole, subject, made_by, made_at)
                store_corrections(warehouse, partial(write_staged, folder), run.run_id, facts)
                after = _shown(warehouse, find_incident(warehouse, incident_id))
        finally:
            clear_run(root, run.run_id)
    return Changed(facts, subject.incident, after)


def _shown(warehouse: Warehouse, incident_id: str) -> Incident | None:
    row = _row(warehouse, incident_id)
    return row_to_record(Incident, row) if row else None


def _row(warehouse: Warehouse, incident_id: str) -> Row:
    """Return a current incident as the ledger shows it; an empty row where there is none."""
    rows = warehouse.query(statement(__file__, "incident_now"), {"incident_id": incident_id})
    return rows[0] if rows else {}


def _with_whole_ids(warehouse: Warehouse, decision: Decision) -> Decision:
    merge, undo = decision.merge, decision.undo
    return replace(
        decision,
        merge=None if merge is None else find_incident(warehouse, merge),
        undo=undo if undo in (None, LAST) else find_correction(warehouse, undo),
    )


def _read_subject(warehouse: Warehouse, incident_id: str, decision: Decision) -> Subject:
    """Read what a decision needs. Only a decision that sets fields needs the machine's values."""
    incident = _shown(warehouse, incident_id)
    assert incident is not None
    articles = _articles(warehouse, incident_id)
    corrections = read_corrections(warehouse)
    sets = bool(decision.settings)
    return Subject(
        incident,
        machine=base_incident(warehouse, list(articles), corrections) if sets else incident,
        articles=articles,
        corrections=corrections,
        merged_with=[] if decision.merge is None else list(_articles(warehouse, decision.merge)),
    )


def _articles(warehouse: Warehouse, incident_id: str) -> dict[str, str]:
    """Return the reports of an incident with the addresses of their articles, its founder first."""
    links = warehouse.query(statement(__file__, "links_now"), {"incident": incident_id})
    # Two queries: a join would go through all reports.
    held = {"reports": [row["report_id"] for row in links]}
    found = warehouse.query(statement(__file__, "articles_of_reports"), held)
    founder = incident_id.removeprefix("i-")
    found.sort(key=lambda row: (row["report_id"] != founder, row["report_id"]))
    return {row["report_id"]: row["article_url"] for row in found}
