"""The words of a message."""

from __future__ import annotations

from typing import Any

import pytest
from alerts import a_telling

from transforms.alerts.telling import (
    changes_between,
    decode_telling,
    encode_telling,
    headline_of,
    lines_of,
    subject_of,
)


def a_toll(low: int | None, best: int | None, high: int | None) -> dict[str, Any]:
    return {"fatalities_low": low, "fatalities_best": best, "fatalities_high": high, "injured_low": None,
            "injured_best": None, "injured_high": None}  # fmt: skip


@pytest.mark.parametrize(
    ("toll", "words"),
    [
        (a_toll(14, 14, 14), "14 killed"),
        (a_toll(14, 14, None), "at least 14 killed"),
        (a_toll(0, 20, 20), "up to 20 killed"),
        (a_toll(10, None, 15), "10 to 15 killed"),
        (a_toll(24, None, None), "at least 24 killed"),
        (a_toll(0, 0, 0), "0 killed"),
        (a_toll(None, 7, None), "at least 7 killed"),
        (a_toll(None, None, 7), "up to 7 killed"),
        (a_toll(None, None, None), "toll not reported"),
    ],
)
def test_a_toll_in_words(toll: dict[str, Any], words: str) -> None:
    assert headline_of(a_telling(**toll).facts) == f"Kharkiv (UA): {words}; drone, 4 April 2025"


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({}, "Kharkiv (UA): 5 killed, at least 20 injured; drone, 4 April 2025"),
        ({"country": None}, "Kharkiv: 5 killed, at least 20 injured; drone, 4 April 2025"),
        (
            {"weapon": "unknown"},
            "Kharkiv (UA): 5 killed, at least 20 injured; weapon not known, 4 April 2025",
        ),
        (
            {"event_date_end": "2025-04-05"},
            "Kharkiv (UA): 5 killed, at least 20 injured; drone, 4 April 2025 to 5 April 2025",
        ),
        ({"location": "a\r\nBcc: x"}, "a Bcc: x (UA): 5 killed, at least 20 injured; drone, 4 April 2025"),
    ],
)
def test_a_title(change: dict[str, Any], title: str) -> None:
    assert headline_of(a_telling(**change).facts) == title


def test_a_subject_has_no_toll() -> None:
    assert subject_of(a_telling().facts) == "Kharkiv (UA), 4 April 2025"


def test_changes_say_what_was_and_what_is() -> None:
    after = a_telling(
        fatalities_low=6, fatalities_best=6, fatalities_high=6, weapon="missile", child_fatalities=1
    )
    assert changes_between(a_telling().facts, after.facts) == [
        "weapon: drone -> missile",
        "killed: 5 killed -> 6 killed",
        "children: not reported -> 1 killed",
    ]


def test_a_message_names_the_sources_and_the_attacker() -> None:
    lines = list(lines_of(a_telling(claim_status="disputed", child_injured=2)))
    assert lines[1:] == [
        "Children: 2 injured", "Attacker, as reported: Russia", "How certain: disputed", "Headline: Drones hit Kharkiv",
        "Source: https://outlet.example/1", "Incident: i-1",
    ]  # fmt: skip


def test_what_is_told_is_read_back() -> None:
    telling = a_telling(location="Ха\u2028рків", headline='"<&>')
    assert decode_telling(encode_telling(telling)) == telling


@pytest.mark.parametrize(("status", "stored"), [("confirmed", "confirmed"), (None, "auto")])
def test_a_ledger_without_statuses_has_automatic_ones(status: str | None, stored: str) -> None:
    assert a_telling(status=status).context.status == stored
    assert a_telling().context.status == "auto"
