"""The review desk on both warehouses: what an editor decides is stored, and the pages show it."""

from __future__ import annotations

import time
from collections.abc import Callable

from conftest import Ledger
from editor import PAGE, Editor, a_desk, facts
from served_ledger import Answer


def until_shown(words: str, ask: Callable[[], Answer]) -> None:
    """Ask until a page has some words: the snapshot with a decision may take longer than the desk waits."""
    end = time.monotonic() + 300
    while words not in ask().text:
        assert time.monotonic() < end, words
        time.sleep(1)


def test_a_decision_is_stored_and_shown(kind: str, ledger: Ledger) -> None:
    with a_desk(ledger) as served:
        anna, boris = Editor(served), Editor(served, "boris")
        seen_by_boris = boris.open(PAGE)
        answer = anna.decide("/review", "set", ("field", "killed"), ("value", "38-41"), why="hospital list")
        assert answer.status == 303
        until_shown("38–41", lambda: anna.open(answer.headers["location"]))
        assert anna.decide(PAGE, "reject", why="a drill").status == 303
        until_shown("A person rejected this incident", lambda: served.ask(PAGE))
        assert boris.decide(seen_by_boris, "confirm").status == 409
        assert served.told == []
    assert [f["kind"] for f in facts(ledger)] == ["set"] * (len(facts(ledger)) - 1) + ["reject"]
