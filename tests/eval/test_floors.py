"""When a figure of the quality gate is below its floor."""

from __future__ import annotations

import pytest
from gate import highest, is_below


@pytest.mark.parametrize(
    ("figure", "floor", "too_low"),
    [
        ((0.92, 96), (0.92, 96), False),
        ((0.91, 96), (0.92, 96), False),  # one more strike was found, with a wrong weapon
        ((0.91, 95), (0.92, 96), True),
        (
            (0.93, 95),
            (0.92, 96),
            False,
        ),  # a strike with a wrong and one with a right weapon are no longer found
        ((0.91, None), (0.92, None), True),  # matched F1 has no number
        ((0.91, 96), (0.92, None), True),
        ((0.91, 96), (None, None), False),  # a new figure
    ],
)
def test_a_share_is_too_low_only_with_fewer_right_values(
    figure: tuple[float, int | None], floor: tuple[float | None, int | None], too_low: bool
) -> None:
    assert is_below(figure, floor) is too_low


def test_an_update_lowers_no_floor() -> None:
    assert highest({"weapon": 0.91, "new": 0.5}, {"weapon": 0.92, "gone": 1.0}) == {
        "weapon": 0.92,
        "new": 0.5,
    }
