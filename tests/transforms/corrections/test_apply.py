"""What corrections do to incidents: status, fields, toll history, merges and splits, conflicts, undo, and the laws."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_records import KHARKIV, a_report
from worlds import worlds

from schemas.records import Correction, Incident, Report
from schemas.rows import record_to_json
from schemas.step_records import ResolvedIncident
from schemas.vocabulary import CorrectionKind
from transforms.corrections.apply import Corrected, apply_corrections
from transforms.corrections.decide import confirmed_fields
from transforms.corrections.facts import with_id
from transforms.corrections.settable import ValueRefused, read_value, value_of, with_value
from transforms.resolution.resolve import resolve_incidents


def fact(kind: str, reports: list[str], minute: int = 0, **more: Any) -> Correction:
    at = dt.datetime(2025, 4, 8, 12, minute, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return with_id(Correction("", at, "editor", kind, reports, **more))


def ids(resolved: ResolvedIncident) -> list[str]:
    """The reports of an incident, the founder first."""
    founder = resolved.incident.incident_id.removeprefix("i-")
    return [founder, *sorted({link.report_id for link in resolved.links} - {founder})]


def a_set(base: ResolvedIncident, field: str, value: str, minute: int = 0) -> Correction:
    seen = value_of(base.incident, field)
    return fact("set", ids(base), minute, field=field, value=read_value(field, value), seen=seen)


def a_confirm(resolved: ResolvedIncident, minute: int = 0) -> Correction:
    return fact("confirm", ids(resolved), minute, seen=json.dumps(confirmed_fields(resolved.incident)))


def a_merge(first: ResolvedIncident, second: ResolvedIncident, minute: int = 0) -> Correction:
    sides = [ids(first), ids(second)]
    return fact("merge", [r for side in sides for r in side], minute, value=json.dumps(sides))


def an_undo(correction: Correction, minute: int = 59) -> Correction:
    return fact("undo", list(correction.report_ids), minute, value=correction.correction_id)


def corrected(reports: list[Report], *corrections: Correction) -> Corrected:
    return apply_corrections(resolve_incidents(reports), {r.report_id: r for r in reports}, corrections)


def shown(reports: list[Report], *corrections: Correction) -> list[Incident]:
    """What the view ``incidents`` shows: corrected incidents, and the others that none of their reports is in."""
    result = corrected(reports, *corrections)
    held = {link.report_id for i in result.incidents for link in i.links}
    rest = [r for r in resolve_incidents(reports) if r.incident.incident_id[2:] not in held]
    return sorted((r.incident for r in [*result.incidents, *rest]), key=lambda i: i.incident_id)


def effect_of(result: Corrected, correction: Correction) -> tuple[str, str | None]:
    (found,) = (e for e in result.effects if e.correction_id == correction.correction_id)
    return found.effect, found.incident_id


ONE = [a_report(1), a_report(2)]
(BASE,) = resolve_incidents(ONE)
OTHER = a_report(3, **KHARKIV)
TWO = [*ONE, OTHER]
FIRST, SECOND = sorted(resolve_incidents(TWO), key=lambda r: r.incident.location, reverse=True)


@pytest.mark.parametrize(
    ("corrections", "status"),
    [
        ([], BASE.incident.status),
        ([a_confirm(BASE)], "confirmed"),
        ([fact("reject", ids(BASE))], "rejected"),
        ([a_set(BASE, "actor", "null")], "corrected"),
        ([fact("reject", ids(BASE)), a_confirm(BASE, 1)], "confirmed"),
        ([a_confirm(BASE), fact("reject", ids(BASE), 1)], "rejected"),
        ([fact("reject", ids(BASE)), an_undo(fact("reject", ids(BASE)))], BASE.incident.status),
    ],
)
def test_the_latest_decision_gives_the_status(corrections: list[Correction], status: str) -> None:
    (incident,) = shown(ONE, *corrections)
    assert incident.status == status
    assert incident.incident_id == BASE.incident.incident_id


def test_a_set_toll_is_a_step_of_the_history_made_by_a_person() -> None:
    correction = a_set(BASE, "fatalities_low", "22")
    (result,) = corrected(ONE, correction).incidents
    incident, steps = result.incident, result.history
    assert (incident.fatalities_low, incident.fatalities_best, incident.fatalities_high) == (22, 22, 22)
    assert [(s.fatalities_low, s.correction_id, s.is_current) for s in steps] == [
        (14, None, False), (22, correction.correction_id, True),
    ]  # fmt: skip
    assert steps[0].valid_to == steps[1].valid_from == correction.made_at
    assert incident.revision == 2


def test_a_later_report_does_not_overwrite_a_person_and_the_conflict_is_shown() -> None:
    correction = a_set(BASE, "fatalities_low", "22")
    late = a_report(
        90, published_at="2025-04-09T00:00:00Z", fatalities_low=19, fatalities_best=19, fatalities_high=19
    )
    result = corrected([*ONE, late], correction)
    (incident,) = (r.incident for r in result.incidents)
    assert incident.fatalities_low == 22
    assert "newer_evidence" in incident.flags
    assert effect_of(result, correction) == ("newer_evidence", incident.incident_id)
    assert [s.fatalities_low for s in result.incidents[0].history] == [14, 22]
    agreeing = dataclasses.replace(late, fatalities_low=22, fatalities_best=22, fatalities_high=22)
    result = corrected([*ONE, agreeing], correction)
    assert effect_of(result, correction)[0] == "agrees"
    assert "newer_evidence" not in result.incidents[0].incident.flags


def test_a_confirmed_incident_that_changes_is_no_longer_confirmed() -> None:
    late = a_report(
        90, published_at="2025-04-09T00:00:00Z", fatalities_low=20, fatalities_best=20, fatalities_high=20
    )
    (incident,) = shown([*ONE, late], a_confirm(BASE))
    assert incident.status in ("auto", "needs_review")
    assert "changed_since_confirmed" in incident.flags
    assert incident.fatalities_low == 20


def test_a_merge_gives_one_incident_with_the_id_of_its_founder() -> None:
    merge = a_merge(FIRST, SECOND)
    (incident,) = shown(TWO, merge)
    assert incident.incident_id == FIRST.incident.incident_id
    assert (incident.number_of_reports, incident.number_of_sources, incident.status) == (3, 3, "corrected")
    result = corrected(TWO, merge)
    (link,) = (link for link in result.incidents[0].links if link.report_id == OTHER.report_id)
    assert link.match_reason == f"put here by correction {merge.correction_id}"
    assert effect_of(result, merge) == ("applied", incident.incident_id)
    assert shown(TWO, merge, an_undo(merge)) == sorted(
        (r.incident for r in resolve_incidents(TWO)), key=lambda i: i.incident_id
    )


def test_what_was_confirmed_before_a_split_is_no_longer_confirmed() -> None:
    split = fact("split", [ONE[1].report_id], 2)
    incidents = {i.incident_id: i.status for i in shown(ONE, a_confirm(BASE, 1), split)}
    assert set(incidents.values()) == {"corrected"}


def test_a_number_that_fits_no_column_does_not_keep_the_others_from_being_applied() -> None:
    """An earlier version stored it. What other decisions say must still be derived."""
    large = replace(a_set(BASE, "fatalities_low", "22"), value="9" * 20, correction_id="c-large")
    (incident,) = shown(ONE, large, a_set(BASE, "weapon", "drone"))
    assert (incident.weapon, incident.fatalities_low) == ("drone", BASE.incident.fatalities_low)


@pytest.mark.parametrize("taken", [0, 1])
def test_a_split_gives_two_incidents_each_with_the_id_of_its_founder(taken: int) -> None:
    split = fact("split", [ONE[taken].report_id])
    incidents = shown(ONE, split)
    assert {i.incident_id for i in incidents} == {f"i-{r.report_id}" for r in ONE}
    assert {(i.number_of_reports, i.status) for i in incidents} == {(1, "corrected")}


def test_a_split_that_leaves_no_dated_report_has_no_effect() -> None:
    undated = a_report(5, event_date_start=None, event_date_end=None, time_precision=None)
    reports = [*ONE, undated]
    (whole,) = resolve_incidents(reports)
    assert len(whole.links) == 3
    split = fact("split", [undated.report_id])
    result = corrected(reports, split)
    assert (result.incidents, effect_of(result, split)[0]) == ([], "no_report")


def test_corrections_survive_that_some_reports_go_and_say_when_all_are_gone() -> None:
    correction = a_set(BASE, "weapon", "drone")
    (incident,) = shown([ONE[1]], correction)
    assert (incident.weapon, incident.incident_id) == ("drone", f"i-{ONE[1].report_id}")
    result = corrected([OTHER], correction)
    assert (result.incidents, effect_of(result, correction)) == ([], ("no_report", None))


def test_an_undo_of_an_undo_brings_a_correction_back() -> None:
    reject = fact("reject", ids(BASE))
    undo = an_undo(reject, 1)
    (incident,) = shown(ONE, reject, undo, an_undo(undo, 2))
    assert incident.status == "rejected"


@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        ("fatalities_low", "22", (22, 22, 22)),
        ("fatalities_low", "null", (None, 14, 14)),
        ("fatalities_high", "9", (9, 9, 9)),
        ("fatalities_high", "30", (14, 14, 30)),
        ("fatalities_best", "20", (14, 20, 20)),
        ("fatalities_best", "3", (3, 3, 14)),
    ],
)
def test_a_set_figure_never_breaks_the_range(
    field: str, written: str, expected: tuple[int | None, ...]
) -> None:
    changed = with_value(BASE.incident, field, read_value(field, written))
    assert (changed.fatalities_low, changed.fatalities_best, changed.fatalities_high) == expected


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("fatalities_low", "-1"), ("fatalities_low", "many"), ("weapon", "catapult"), ("country", "Ukraine"),
        ("latitude", "91"), ("latitude", "nan"), ("event_date_start", "2025-13-01"), ("targets", "moon"), ("event_time", "25:00"),
        ("geo_precision", "4"), ("location", ""), ("location", "a\x1b[31m"), ("incident_id", "i-1"), ("status", "auto"),
    ],
)  # fmt: skip
def test_values_that_a_field_cannot_have_are_refused(field: str, written: str) -> None:
    with pytest.raises(ValueRefused, match=field):
        read_value(field, written)


# -- the laws ------------------------------------------------------------------------------------------

LAWS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
SETS = (
    ("fatalities_low", "7"), ("injured_high", "3"), ("weapon", "drone"), ("actor", "null"), ("event_date_start", "2025-04-02"),
    ("location", "Elsewhere"), ("child_fatalities", "1"),
)  # fmt: skip


def random_corrections(seen: list[ResolvedIncident], rnd: random.Random) -> list[Correction]:
    """Return decisions about incidents as an editor saw them at some time."""
    made: list[Correction] = []
    for minute in range(rnd.randrange(1, 12)):
        base = rnd.choice(seen)
        kind = rnd.choice(["confirm", "reject", "set", "set", "merge", "split", "undo"])
        if kind == "confirm":
            made.append(a_confirm(base, minute))
        elif kind == "set":
            made.append(a_set(base, *rnd.choice(SETS), minute))
        elif kind == "merge" and len(seen) > 1:
            made.append(a_merge(base, rnd.choice([r for r in seen if r is not base]), minute))
        elif kind == "split" and len(base.links) > 1:
            some = rnd.sample(ids(base), rnd.randrange(1, len(base.links)))
            made.append(fact("split", some, minute))
        elif kind == "undo" and made:
            made.append(an_undo(rnd.choice(made), minute))
        else:
            made.append(fact("reject", ids(base), minute))
    return made


@LAWS
@given(worlds(), st.randoms(use_true_random=False))
def test_any_order_of_corrections_and_reports_gives_the_same_ledger(
    articles: list[list[Report]], rnd: random.Random
) -> None:
    reports = [r for article in articles for r in article]
    # The editor decided when only some of the articles had arrived.
    early = [r for article in articles[: len(articles) // 2 + 1] for r in article]
    seen = resolve_incidents(early)
    if not seen:
        return
    corrections = random_corrections(seen, rnd)
    result = corrected(reports, *corrections)
    shuffled, reordered = corrections[:], reports[:]
    rnd.shuffle(shuffled)
    rnd.shuffle(reordered)
    assert record_lines(corrected(reordered, *shuffled, *shuffled[:2])) == record_lines(result)
    whole(result, reports)
    assert corrected(reports, *(c for c in corrections if c.kind == CorrectionKind.UNDO)).incidents == []


def record_lines(result: Corrected) -> list[str]:
    return [record_to_json(r) for r in result.incidents] + sorted({record_to_json(e) for e in result.effects})


def whole(result: Corrected, reports: list[Report]) -> None:
    """Each report is in one incident at most, ids are those of founders, histories are whole, ranges are ranges."""
    held = [link.report_id for r in result.incidents for link in r.links]
    assert len(held) == len(set(held))
    machine = {
        i: {k.report_id for k in r.links}
        for r in resolve_incidents(reports)
        for i in [r.incident.incident_id]
    }
    for resolved in result.incidents:
        incident, steps = resolved.incident, resolved.history
        assert incident.incident_id[2:] in {link.report_id for link in resolved.links}
        assert incident.number_of_reports == len(resolved.links)
        assert [s.revision for s in steps] == list(range(1, len(steps) + 1)) and incident.revision == len(
            steps
        )
        assert [s.is_current for s in steps] == [False] * (len(steps) - 1) + [True]
        assert steps[-1].fatalities_low == incident.fatalities_low
        for toll in ("fatalities", "injured"):
            figures = [
                v
                for v in (getattr(incident, f"{toll}_{e}") for e in ("low", "best", "high"))
                if v is not None
            ]
            assert figures == sorted(figures)
        assert incident.event_date_start <= incident.event_date_end
    for members in machine.values():
        assert not members & set(held) or members <= set(held), "an incident is replaced as a whole"
