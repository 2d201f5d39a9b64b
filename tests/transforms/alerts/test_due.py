"""What is due: every difference between the ledger and what a channel was told."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from alerts import a_telling, a_watch, begun, told

from schemas.alert_records import Telling
from transforms.alerts.due import (
    Due,
    Heard,
    Message,
    failed_row,
    find_due,
    is_unsure,
    sent_row,
    started_row,
    unsure_row,
)
from transforms.alerts.watches import Conditions, Event

NOW = "2025-04-06T00:00:00Z"
WATCH = a_watch()


def due(found: list[Telling], heard: list[Heard], others: list[Telling] | None = None, **change: Any) -> Due:
    watch = a_watch(**change)
    return find_due(
        watch,
        "atom",
        {t.incident_id: t for t in found},
        [begun(watch), *heard],
        {t.incident_id: t for t in others or []},
    )


def one(result: Due) -> Message:
    (message,) = result.messages
    return message


def test_an_incident_that_nobody_heard_of_is_new() -> None:
    message = one(due([a_telling()], []))
    assert (message.event, message.thread, message.revision) == (Event.NEW, "i-1", 1)


def test_nothing_is_due_where_nothing_changed() -> None:
    assert due([a_telling()], [told(a_telling())]).messages == []


CHANGES: list[tuple[dict[str, Any], bool]] = [
    ({"fatalities_low": 6, "fatalities_best": 6, "fatalities_high": 6}, True),
    ({"fatalities_high": None}, True),
    ({"injured_best": None}, True),
    ({"child_fatalities": 0}, True),
    ({"child_injured": 2}, True),
    ({"weapon": "cruise_missile"}, True),
    ({"event_date_end": "2025-04-05"}, True),
    ({"event_date_start": "2025-04-03"}, True),
    ({"location": "Chuhuiv", "geonameid": 710229}, True),
    ({"country": None}, True),
    ({"admin1": None}, True),
    ({"headline": "Another headline"}, False),
    (
        {"number_of_sources": 9, "source_urls": ["https://outlet.example/1", "https://outlet.example/2"]},
        False,
    ),
    ({"latitude": 49.99}, False),
    ({"actor": None}, False),
    ({"claim_status": "disputed"}, False),
    ({"status": "confirmed"}, False),
]


@pytest.mark.parametrize(("change", "is_told"), CHANGES)
def test_a_change_of_place_date_weapon_or_toll_is_told(change: dict[str, Any], is_told: bool) -> None:
    result = due([a_telling(**change)], [told(a_telling())])
    assert [(m.event, m.revision, m.thread) for m in result.messages] == (
        [(Event.CHANGED, 2, "i-1")] if is_told else []
    )


@pytest.mark.parametrize(
    ("status", "change", "event"),
    [
        ("corrected", {}, Event.CORRECTED),
        ("corrected", {"fatalities_low": 9}, Event.CORRECTED),
        ("confirmed", {}, None),
        ("confirmed", {"fatalities_low": 9}, Event.CHANGED),
        ("auto", {"fatalities_low": 9}, Event.CHANGED),
    ],
)
def test_what_a_person_set_is_a_correction(status: str, change: dict[str, Any], event: Event | None) -> None:
    result = due([a_telling(status=status, **change)], [told(a_telling())])
    assert [m.event for m in result.messages] == ([] if event is None else [event])


def test_a_correction_of_facts_reaches_a_watch_that_asks_for_changes_only() -> None:
    corrected = a_telling(status="corrected", fatalities_low=9)
    assert one(due([corrected], [told(a_telling())], events=(Event.CHANGED,))).event is Event.CHANGED


@pytest.mark.parametrize(
    ("events", "change", "sent"),
    [
        ((Event.NEW,), {"fatalities_low": 9}, False),
        ((Event.CORRECTED,), {"fatalities_low": 9}, False),
        ((Event.CHANGED,), {"fatalities_low": 9}, True),
        ((Event.CORRECTED,), {"status": "corrected"}, True),
        ((Event.CHANGED,), {"status": "corrected"}, False),
    ],
)
def test_only_the_kinds_of_events_that_a_watch_asks_for(
    events: tuple[Event, ...], change: dict[str, Any], sent: bool
) -> None:
    assert bool(due([a_telling(**change)], [told(a_telling())], events=events).messages) is sent


def test_without_new_an_incident_is_noted_so_that_its_change_is_told() -> None:
    first = due([a_telling()], [], events=(Event.CHANGED,))
    assert (list(first.messages), len(first.held)) == ([], 1)
    later = due([a_telling(fatalities_low=9)], [Heard(first.held[0], "i-1")], events=(Event.CHANGED,))
    assert (one(later).event, one(later).revision) == (Event.CHANGED, 1)


# -- identities ---------------------------------------------------------------------------------------------


def test_an_incident_whose_id_was_superseded_keeps_its_thread() -> None:
    renamed = a_telling(incident_id="i-0")
    assert due([renamed], [told(a_telling(), "i-0")]).messages == []
    message = one(due([a_telling(incident_id="i-0", fatalities_low=9)], [told(a_telling(), "i-0")]))
    assert (message.thread, message.revision, message.telling.incident_id) == ("i-1", 2, "i-0")


def test_of_two_threads_that_become_one_the_other_is_withdrawn_once() -> None:
    heard = [told(a_telling()), told(a_telling(incident_id="i-2", location="Chuhuiv"), "i-1")]
    message = one(due([a_telling()], heard))
    assert (message.thread, message.withdrawn) == ("i-2", "this incident is now part of i-1")
    row = sent_row(message, heard[1].delivery, NOW)
    assert due([a_telling()], [heard[0], Heard(row, "i-1")]).messages == []


def test_a_thread_that_was_told_goes_on_before_one_that_was_held() -> None:
    held = told(a_telling(incident_id="i-0"), event="held", revision=0)
    message = one(due([a_telling(incident_id="i-0", fatalities_low=9)], [held, told(a_telling(), "i-0")]))
    assert message.thread == "i-1"


def test_an_incident_that_splits_off_is_new() -> None:
    result = due([a_telling(), a_telling(incident_id="i-2", location="Chuhuiv")], [told(a_telling())])
    assert [(m.event, m.thread) for m in result.messages] == [(Event.NEW, "i-2")]


# -- withdrawn ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "current", "reason", "event"),
    [
        ({"status": "rejected"}, "i-1", "a person rejected this incident", Event.CORRECTED),
        ({"status": "needs_review"}, "i-1", "this incident is in review", Event.CHANGED),
        ({"fatalities_best": 1}, "i-1", "this incident no longer fits the watch", Event.CHANGED),
        (None, None, "the ledger no longer holds this incident", Event.CHANGED),
    ],
)
def test_an_incident_that_leaves_the_watch_is_withdrawn_once(
    other: dict[str, Any] | None, current: str | None, reason: str, event: Event
) -> None:
    others = [] if other is None else [a_telling(**other)]
    heard = told(a_telling(), current)
    conditions = Conditions(killed_at_least=3)
    message = one(due([], [heard], others, conditions=conditions))
    assert (message.withdrawn, message.event, message.revision) == (reason, event, 2)
    row = sent_row(message, heard.delivery, NOW)
    assert due([], [Heard(row, current)], others, conditions=conditions).messages == []


def test_an_incident_that_comes_back_is_told_again() -> None:
    message = one(due([a_telling()], [told(a_telling(), is_withdrawn=True, revision=2)]))
    assert (message.event, message.revision, message.withdrawn) == (Event.CHANGED, 3, None)


def test_an_incident_that_was_held_and_rejected_is_told_and_one_that_left_is_not() -> None:
    held = told(a_telling(), event="held", revision=0)
    assert one(due([], [held], [a_telling(status="rejected")])).withdrawn
    assert due([], [held], [a_telling(status="needs_review")]).messages == []


# -- the beginning ------------------------------------------------------------------------------------------


def test_a_new_watch_tells_nothing_of_what_the_ledger_holds() -> None:
    first = find_due(WATCH, "atom", {"i-1": a_telling()}, [], {})
    assert (list(first.messages), [row.event for row in first.held]) == ([], ["held"])
    again = due([a_telling(), a_telling(incident_id="i-2")], [Heard(first.held[0], "i-1")])
    assert [m.thread for m in again.messages] == ["i-2"]


def test_a_watch_with_other_conditions_begins_anew() -> None:
    changed = dataclasses.replace(WATCH, conditions=Conditions(killed_at_least=3))
    result = find_due(changed, "atom", {"i-2": a_telling(incident_id="i-2")}, [begun(WATCH)], {})
    assert (list(result.messages), len(result.held)) == ([], 1)


def test_another_channel_or_digest_is_no_other_condition() -> None:
    other = a_watch(channels=())
    assert find_due(other, "atom", {"i-2": a_telling(incident_id="i-2")}, [begun(WATCH)], {}).messages


@pytest.mark.parametrize(("since", "threads"), [("2025-04-04", ["i-1"]), ("2025-04-05", [])])
def test_since_tells_what_was_held_back_and_only_once(since: str, threads: list[str]) -> None:
    found = {"i-1": a_telling()}
    at_once = find_due(WATCH, "atom", found, [], {}, since)
    assert [m.thread for m in at_once.messages] == threads
    held = Heard(find_due(WATCH, "atom", found, [], {}).held[0], "i-1")
    later = find_due(WATCH, "atom", found, [begun(WATCH), held], {}, since)
    assert [m.thread for m in later.messages] == threads
    rows = [Heard(sent_row(m, held.delivery, NOW), "i-1") for m in later.messages] or [held]
    assert find_due(WATCH, "atom", found, [begun(WATCH), *rows], {}, since).messages == []


# -- failures -----------------------------------------------------------------------------------------------


def test_a_message_that_failed_stays_due_until_it_is_given_up() -> None:
    message = one(due([a_telling()], []))
    row = failed_row(message, None, "HTTP 500", limit=2)
    assert (row.attempts, row.revision, row.last_error) == (1, 0, "HTTP 500")
    again = one(due([a_telling()], [Heard(row, "i-1")]))
    assert again.key == message.key
    given_up = failed_row(again, row, "HTTP 500", limit=2)
    assert (given_up.event, given_up.attempts) == ("given_up", 2)
    assert due([a_telling()], [Heard(given_up, "i-1")]).messages == []
    assert one(due([a_telling(fatalities_low=9)], [Heard(given_up, "i-1")])).event is Event.CHANGED


def test_a_success_forgets_the_failures() -> None:
    message = one(due([a_telling()], []))
    row = sent_row(message, failed_row(message, None, "HTTP 500", 9), NOW)
    assert (row.attempts, row.last_error, row.revision, row.first_told_at) == (0, None, 1, NOW)


def test_a_message_that_two_processes_began_is_not_begun_again() -> None:
    message = one(due([a_telling()], []))
    once = started_row(message, None)
    twice = started_row(message, once)
    assert [is_unsure(message, row) for row in (None, once, twice)] == [False, False, True]
    assert one(due([a_telling()], [Heard(once, "i-1")])).key == message.key
    assert due([a_telling()], [Heard(unsure_row(message, twice, NOW), "i-1")]).messages == []


def test_a_message_with_other_facts_is_begun_afresh() -> None:
    twice = started_row(one(due([a_telling()], [])), started_row(one(due([a_telling()], [])), None))
    message = one(due([a_telling(fatalities_low=9)], [Heard(twice, "i-1")]))
    assert not is_unsure(message, twice)
    assert started_row(message, twice).starts == 1


@pytest.mark.parametrize("limit", [1, 9])
def test_an_outcome_ends_the_doubt(limit: int) -> None:
    message = one(due([a_telling()], []))
    started = started_row(message, None)
    for row in (sent_row(message, started, NOW), failed_row(message, started, "HTTP 500", limit)):
        assert (row.starts, row.started_key) == (0, None)


def test_the_key_is_that_of_the_message() -> None:
    first = one(due([a_telling()], []))
    assert first.key == one(due([a_telling()], [])).key
    others = [
        one(due([a_telling(fatalities_low=9)], [])),
        one(due([a_telling(incident_id="i-2")], [])),
        one(due([a_telling()], [], name="v")),
        one(due([a_telling(fatalities_low=9)], [told(a_telling())])),
        one(due([], [told(a_telling(), None)])),
    ]
    assert len({first.key, *(other.key for other in others)}) == 6


def test_messages_are_in_the_order_of_the_strikes() -> None:
    found = [a_telling(incident_id=f"i-{n}", event_date_start=f"2025-04-0{n}") for n in (3, 1, 2)]
    assert [m.thread for m in due(found, []).messages] == ["i-1", "i-2", "i-3"]
