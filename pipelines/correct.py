"""``correct``: a person's decisions about an incident, stored as corrections."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pipelines.arguments import check_warehouse_exists
from pipelines.find_ids import NotFound, find_correction, find_incident
from pipelines.hold_lease import hold_lease
from pipelines.ingest import new_run
from pipelines.options import staging_root
from schemas.records import Correction, Incident
from schemas.rows import Row, row_to_record
from schemas.sql_files import statement
from schemas.vocabulary import CorrectionKind
from transforms.corrections.decide import confirmed_fields
from transforms.corrections.facts import holding, left_by_split, time_of_next, with_id
from transforms.corrections.settable import (
    SHORT_FORMS,
    ValueRefused,
    read_value,
    value_of,
    with_value,
)
from transforms.ledger.corrected import base_incident, read_corrections, store_corrections
from transforms.storage.staged import clear_run, run_folder, write_staged
from transforms.util.errors import UserError
from transforms.warehouse import Warehouse, open_warehouse

LAST = "last"
"""Stands for the latest decision about an incident that still holds."""


class CorrectionRefused(UserError):
    """The decision cannot be stored. The message says why."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides about one incident.

    ``settings``: pairs FIELD=VALUE. ``merge``: another incident. ``split``: reports, by id or by the address
    of their article. ``undo``: a correction, or ``last``. ``unmerge``: take the merges of the incident back.
    """

    confirm: bool = False
    reject: bool = False
    settings: Sequence[str] = ()
    merge: str | None = None
    split: Sequence[str] = ()
    undo: str | None = None
    unmerge: bool = False
    why: str | None = None
    source_url: str | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is decided."""
        return not (
            self.confirm
            or self.reject
            or self.settings
            or self.merge
            or self.split
            or self.undo
            or self.unmerge
        )


@dataclass(frozen=True, slots=True)
class Changed:
    """What a decision changed. ``before``, ``after``: the incident as the ledger showed and shows it."""

    corrections: Sequence[Correction]
    before: Incident
    after: Incident | None


def correct(warehouse_url: str, storage: str | None, typed: str, decision: Decision, made_by: str) -> Changed:
    """Store a decision and derive what it changes.

    Args:
        warehouse_url: the warehouse.
        storage: folder of staged files. Default: beside the warehouse.
        typed: the incident, as a person types its id.
        decision: what the person decides.
        made_by: who.

    Raises:
        NotFound: there is no such incident, report or correction.
        CorrectionRefused: the decision cannot be stored.
    """
    check_warehouse_exists(warehouse_url)  # a mistyped path must not make a new file
    run = new_run()
    root = staging_root(warehouse_url, storage)
    folder = run_folder(root, run.run_id)
    with hold_lease(warehouse_url, run.run_id):
        try:
            with open_warehouse(warehouse_url) as warehouse:
                warehouse.ensure()
                incident_id = find_incident(warehouse, typed)
                before = _shown(warehouse, incident_id)
                assert before is not None
                made_at = time_of_next(read_corrections(warehouse), run.started_at)
                facts = corrections_of(warehouse, before, decision, made_by, made_at)
                store_corrections(warehouse, partial(write_staged, folder), run.run_id, facts)
                after = _shown(warehouse, find_incident(warehouse, incident_id))
        finally:
            clear_run(root, run.run_id)
    return Changed(facts, before, after)


def _shown(warehouse: Warehouse, incident_id: str) -> Incident | None:
    rows = warehouse.query(statement(__file__, "incident_now"), {"incident_id": incident_id})
    return row_to_record(Incident, rows[0]) if rows else None


def corrections_of(
    warehouse: Warehouse, incident: Incident, decision: Decision, made_by: str, made_at: str
) -> list[Correction]:
    """Return the corrections that a decision makes, each with its id, in the order in which they apply.

    Raises:
        NotFound, CorrectionRefused: as ``correct``.
    """
    writer = _Writer(warehouse, incident, decision, made_by, made_at)
    found = [*writer.undos(), *writer.splits(), *writer.merges(), *writer.sets(), *writer.verdicts()]
    if not found:
        raise CorrectionRefused("nothing to correct: the ledger says so already")
    return found


class _Writer:
    """Writes the corrections of one decision."""

    def __init__(
        self, warehouse: Warehouse, incident: Incident, decision: Decision, made_by: str, made_at: str
    ) -> None:
        self._warehouse, self._incident, self._decision = warehouse, incident, decision
        self._made_by, self._made_at = made_by, made_at
        links = self._links(incident.incident_id)
        self._reports = _founder_first(incident.incident_id, links)
        self._articles = {row["report_id"]: row["article_url"] for row in links}

    def _links(self, incident_id: str) -> list[Row]:
        return self._warehouse.query(statement(__file__, "links_now"), {"incidents": [incident_id]})

    def _fact(self, kind: CorrectionKind, report_ids: Sequence[str], **more: str | None) -> Correction:
        return with_id(
            Correction(
                "", self._made_at, self._made_by, kind.value, list(report_ids), why=self._decision.why,
                source_url=self._decision.source_url, **more,
            )
        )  # fmt: skip

    def undos(self) -> list[Correction]:
        """Return the corrections that take others back."""
        found = []
        if self._decision.undo is not None:
            found += self._undos_of(self._decision.undo)
        if self._decision.unmerge:
            merges = [c for c in self._holding() if c.kind == CorrectionKind.MERGE]
            if not merges:
                raise CorrectionRefused("no merge to take back: no person merged this incident")
            found += [self._undo(c) for c in merges]
        return found

    def _undos_of(self, typed: str) -> list[Correction]:
        if typed != LAST:
            its_id = find_correction(self._warehouse, typed)
            chosen = [c for c in self._about_this() if c.correction_id == its_id]
            if not chosen:
                raise CorrectionRefused(f"{its_id} is no correction of {self._incident.incident_id}")
        else:
            chosen = self._holding()[-1:]
            if not chosen:
                raise CorrectionRefused("nothing to undo: no correction of this incident holds")
        # "killed=22" is one decision and three facts: it is taken back as a whole
        (one,) = chosen
        whole = (c for c in self._about_this() if (c.made_at, c.made_by) == (one.made_at, one.made_by))
        return [
            self._undo(c)
            for c in whole
            if (c.kind == CorrectionKind.UNDO) == (one.kind == CorrectionKind.UNDO)
        ]

    def _undo(self, correction: Correction) -> Correction:
        return self._fact(CorrectionKind.UNDO, correction.report_ids, value=correction.correction_id)

    def _about_this(self) -> list[Correction]:
        """Return all corrections about this incident. A split is also about those that stayed."""
        own = set(self._reports)
        return [
            c
            for c in read_corrections(self._warehouse)
            if not own.isdisjoint(c.report_ids) or not own.isdisjoint(left_by_split(c))
        ]

    def _holding(self) -> list[Correction]:
        """Return the corrections about this incident that hold, in order."""
        here = {c.correction_id for c in self._about_this()}
        return [c for c in holding(read_corrections(self._warehouse)) if c.correction_id in here]

    def splits(self) -> list[Correction]:
        """Return the correction that gives some reports an incident of their own."""
        if not self._decision.split:
            return []
        chosen = sorted({r for typed in self._decision.split for r in self._reports_of(typed)})
        if len(chosen) == len(self._reports):
            raise CorrectionRefused("a split must leave a report in the incident")
        rest = [r for r in self._reports if r not in chosen]
        return [self._fact(CorrectionKind.SPLIT, chosen, seen=json.dumps(rest))]

    def _reports_of(self, typed: str) -> list[str]:
        found = [r for r, url in self._articles.items() if url == typed or r.startswith(typed)]
        if not found:
            raise NotFound(f"no report {typed!r} in {self._incident.incident_id}")
        return found

    def merges(self) -> list[Correction]:
        """Return the correction that joins another incident to this one."""
        if self._decision.merge is None:
            return []
        other = find_incident(self._warehouse, self._decision.merge)
        if other == self._incident.incident_id:
            raise CorrectionRefused(f"{other} is this incident itself")
        theirs = _founder_first(other, self._links(other))
        sides = [self._reports, theirs]
        return [self._fact(CorrectionKind.MERGE, [*self._reports, *theirs], value=json.dumps(sides))]

    def sets(self) -> list[Correction]:
        """Return a correction for each field that gets another value."""
        if not self._decision.settings:
            return []
        machine = base_incident(self._warehouse, self._reports)
        changed, found = self._incident, []
        chosen = _fields_of(self._decision.settings)
        values: dict[str, str] = {}
        for field, written in chosen:
            try:
                values[field] = read_value(field, written)
                changed = with_value(changed, field, values[field])
            except ValueRefused as error:
                raise CorrectionRefused(str(error)) from None
        self._check(values, changed)
        for field, value in values.items():
            if value != value_of(self._incident, field):
                seen = value_of(machine, field)
                found.append(
                    self._fact(CorrectionKind.SET, self._reports, field=field, value=value, seen=seen)
                )
        return found

    def _check(self, values: Mapping[str, str], changed: Incident) -> None:
        """Refuse values that contradict each other, days to come, and countries that there are not."""
        for field, value in values.items():
            if value_of(changed, field) != value:
                raise CorrectionRefused(f"{field}={value} contradicts the other values")
        tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
        if changed.event_date_start > tomorrow or changed.event_date_end > tomorrow:
            raise CorrectionRefused("the day of a strike lies in the past")
        known = {row["country"] for row in self._warehouse.query(statement(__file__, "country_codes"))}
        if "country" in values and changed.country is not None and changed.country not in known:
            raise CorrectionRefused(
                f"country takes an ISO 3166-1 alpha-2 code such as GB, not {changed.country!r}"
            )

    def verdicts(self) -> list[Correction]:
        """Return the correction that confirms or rejects the incident."""
        if self._decision.reject:
            return [self._fact(CorrectionKind.REJECT, self._reports)]
        if not self._decision.confirm:
            return []
        changed = self._incident
        for field, written in _fields_of(self._decision.settings):
            changed = with_value(changed, field, read_value(field, written))
        seen = json.dumps(confirmed_fields(changed), ensure_ascii=False)
        return [self._fact(CorrectionKind.CONFIRM, self._reports, seen=seen)]


def _founder_first(incident_id: str, links: Sequence[Mapping[str, str]]) -> list[str]:
    founder = incident_id.removeprefix("i-")
    return sorted((row["report_id"] for row in links), key=lambda r: (r != founder, r))


def _fields_of(settings: Sequence[str]) -> list[tuple[str, str]]:
    """Return the fields and values of pairs FIELD=VALUE; a short form stands for several fields.

    Raises:
        CorrectionRefused: a setting is no pair.
    """
    found: list[tuple[str, str]] = []
    for setting in settings:
        field, sign, written = setting.partition("=")
        if not sign:
            raise CorrectionRefused(f"--set takes FIELD=VALUE, not {setting!r}")
        names = SHORT_FORMS.get(field.strip(), (field.strip(),))
        if any(name in names for name, _ in found):
            raise CorrectionRefused(f"{field.strip()} is set twice")
        found += [(name, written) for name in names]
    return found
