"""Results are taken in a fixed order, group by group."""

from __future__ import annotations

import itertools

import pytest

from transforms.pages.turns import Turns

GROUPS = ["a", "b", "a", "a", "b"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(5))))
def test_any_order_of_arrival_gives_each_group_its_order(order: tuple[int, ...]) -> None:
    turns: Turns[str] = Turns(GROUPS)
    taken = [item for position in order for item in turns.take(position, f"result {position}")]
    assert [(p, r) for g, p, r in taken if g == "a"] == [(p, f"result {p}") for p in (0, 2, 3)]
    assert [(p, r) for g, p, r in taken if g == "b"] == [(p, f"result {p}") for p in (1, 4)]


def test_a_result_waits_only_for_its_own_group() -> None:
    turns: Turns[str] = Turns(GROUPS)
    assert list(turns.take(2, "late")) == []
    assert list(turns.take(1, "other group")) == [("b", 1, "other group")]
    assert list(turns.take(0, "first")) == [("a", 0, "first"), ("a", 2, "late")]
