"""A person's decision about one incident, and the corrections that it makes."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.identity import parse_instant
from schemas.records import Correction, Incident
from schemas.vocabulary import CorrectionKind
from transforms.corrections.decide import confirmed_fields
from transforms.corrections.facts import holding, left_by_split, with_id
from transforms.corrections.place_settings import Places, PlaceUnclear, with_place_settings
from transforms.corrections.settable import ValueRefused, read_value, value_of, with_value, written_values
from transforms.util.errors import UserError

LAST = "last"
"""Stands for the latest decision about an incident that still holds."""
_PLACE_FIELDS = frozenset({"location", "geonameid"})
"""What names a place. The other fields of the place follow from it."""


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
class Subject:
    """What a decision is about.

    ``incident``: as the ledger shows it. ``machine``: with the fields that the reports give it. ``articles``:
    the address of the article of each of its reports; the report that founded the incident comes first.
    ``merged_with``: the reports of the incident that the decision merges, its founder first. ``corrections``:
    all of the ledger.
    """

    incident: Incident
    machine: Incident
    articles: Mapping[str, str]
    corrections: Sequence[Correction]
    merged_with: Sequence[str] = ()


def with_whole_place(decision: Decision, incident: Incident, open_places: Callable[[], Places]) -> Decision:
    """Return a decision that sets all fields of a place, where it sets a place.

    Args:
        decision: as a person made it.
        incident: what it is about.
        open_places: opens the gazetteer; called only where the decision sets a place.

    Raises:
        CorrectionRefused: no place can be meant, or several can.
    """
    if not any(setting.partition("=")[0].strip() in _PLACE_FIELDS for setting in decision.settings):
        return decision
    try:
        settings = with_place_settings(decision.settings, incident, open_places())
    except PlaceUnclear as error:
        raise CorrectionRefused(str(error)) from None
    return replace(decision, settings=settings)


def corrections_of(decision: Decision, subject: Subject, made_by: str, made_at: str) -> list[Correction]:
    """Return the corrections that a decision makes, each with its id, in the order in which they apply.

    Args:
        decision: incident and correction are named by their whole ids.
        subject: what it is about.
        made_by: who decides.
        made_at: when, ISO 8601 in UTC.

    Raises:
        CorrectionRefused: the decision cannot be stored.
    """
    writer = _Writer(decision, subject, made_by, made_at)
    found = [*writer.undos(), *writer.splits(), *writer.merges(), *writer.sets(), *writer.verdicts()]
    if not found:
        raise CorrectionRefused("nothing to correct: the ledger says so already")
    return found


class _Writer:
    """Writes the corrections of one decision."""

    def __init__(self, decision: Decision, subject: Subject, made_by: str, made_at: str) -> None:
        self._decision, self._subject = decision, subject
        self._made_by, self._made_at = made_by, made_at
        self._reports = list(subject.articles)
        own = set(self._reports)
        # a split is also about the reports that it left where they were
        self._about_this = [
            c
            for c in subject.corrections
            if not own.isdisjoint(c.report_ids) or not own.isdisjoint(left_by_split(c))
        ]
        self._values, self._changed = self._set_values()

    def _fact(self, kind: CorrectionKind, report_ids: Sequence[str], **more: str | None) -> Correction:
        return with_id(
            Correction(
                "", self._made_at, self._made_by, kind.value, list(report_ids), why=self._decision.why,
                source_url=self._decision.source_url, **more,
            )
        )  # fmt: skip

    def undos(self) -> list[Correction]:
        """Return the corrections that take others back."""
        found = [] if self._decision.undo is None else self._undos_of(self._decision.undo)
        if self._decision.unmerge:
            merges = [c for c in self._holding() if c.kind == CorrectionKind.MERGE]
            if not merges:
                raise CorrectionRefused("no merge to take back: no person merged this incident")
            found += [self._undo(c) for c in merges]
        return found

    def _undos_of(self, correction_id: str) -> list[Correction]:
        if correction_id == LAST:
            chosen = self._holding()[-1:]
            if not chosen:
                raise CorrectionRefused("nothing to undo: no correction of this incident holds")
        else:
            chosen = [c for c in self._about_this if c.correction_id == correction_id]
            if not chosen:
                raise CorrectionRefused(
                    f"{correction_id} is no correction of {self._subject.incident.incident_id}"
                )
        # "killed=22" is one decision and three facts: it is taken back as a whole
        (one,) = chosen
        return [
            self._undo(c)
            for c in self._about_this
            if (c.made_at, c.made_by) == (one.made_at, one.made_by)
            and (c.kind == CorrectionKind.UNDO) == (one.kind == CorrectionKind.UNDO)
        ]

    def _undo(self, correction: Correction) -> Correction:
        return self._fact(CorrectionKind.UNDO, correction.report_ids, value=correction.correction_id)

    def _holding(self) -> list[Correction]:
        """Return the corrections about this incident that hold, in order."""
        here = {c.correction_id for c in self._about_this}
        return [c for c in holding(self._subject.corrections) if c.correction_id in here]

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
        of_article = [r for r, url in self._subject.articles.items() if url == typed]
        if of_article:
            return of_article
        found = [r for r in self._subject.articles if r == typed or (typed and r.startswith(typed))]
        if not found:
            raise CorrectionRefused(f"no report {typed!r} in {self._subject.incident.incident_id}")
        if len(found) > 1:
            raise CorrectionRefused(f"{typed!r} begins several reports: {', '.join(found)}")
        return found

    def merges(self) -> list[Correction]:
        """Return the correction that joins another incident to this one."""
        if self._decision.merge is None:
            return []
        if self._decision.merge == self._subject.incident.incident_id:
            raise CorrectionRefused(f"{self._decision.merge} is this incident itself")
        theirs = list(self._subject.merged_with)
        sides = [self._reports, theirs]
        return [self._fact(CorrectionKind.MERGE, [*self._reports, *theirs], value=json.dumps(sides))]

    def sets(self) -> list[Correction]:
        """Return a correction for each field that gets another value."""
        self._check()
        return [
            self._fact(
                CorrectionKind.SET, self._reports, field=field, value=value,
                seen=value_of(self._subject.machine, field),
            )
            for field, value in self._values.items()
            if value != value_of(self._subject.incident, field)
        ]  # fmt: skip

    def _set_values(self) -> tuple[dict[str, str], Incident]:
        """Return the values that a person sets, as JSON, and the incident with them."""
        values: dict[str, str] = {}
        changed = self._subject.incident
        for field, written in _fields_of(self._decision.settings):
            try:
                values[field] = read_value(field, written)
                changed = with_value(changed, field, values[field])
            except ValueRefused as error:
                raise CorrectionRefused(str(error)) from None
        return values, changed

    def _check(self) -> None:
        """Refuse values that contradict each other, and days to come."""
        values, changed = self._values, self._changed
        for field, value in values.items():
            if value_of(changed, field) != value:
                raise CorrectionRefused(f"{field}={value} contradicts the other values")
        for child, most in (("child_fatalities", "fatalities_high"), ("child_injured", "injured_high")):
            number, high = getattr(changed, child), getattr(changed, most)
            if {child, most} & values.keys() and number is not None and high is not None and number > high:
                raise CorrectionRefused(f"{child}={number} contradicts {most}={high}")
        now = parse_instant(self._made_at)
        # one day more: in the east the next day has begun, while it is still today in UTC
        if values and now is not None and changed.event_date_end > now.date() + dt.timedelta(days=1):
            raise CorrectionRefused("the day of a strike lies in the past")

    def verdicts(self) -> list[Correction]:
        """Return the correction that confirms or rejects the incident."""
        if self._decision.reject:
            return [self._fact(CorrectionKind.REJECT, self._reports)]
        if not self._decision.confirm:
            return []
        seen = json.dumps(confirmed_fields(self._changed), ensure_ascii=False)
        return [self._fact(CorrectionKind.CONFIRM, self._reports, seen=seen)]


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
        try:
            values = written_values(field.strip(), written)
        except ValueRefused as error:
            raise CorrectionRefused(str(error)) from None
        if any(name in values for name, _ in found):
            raise CorrectionRefused(f"{field.strip()} is set twice")
        found += values.items()
    return found
