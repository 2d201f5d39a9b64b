"""Taking results that arrive in any order in a fixed one, group by group."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Turns(Generic[Result]):
    """Holds each result back until those before it in its group have arrived.

    Args:
        groups: the group of each position.
    """

    def __init__(self, groups: Sequence[str]) -> None:
        self._groups = groups
        self._left: dict[str, list[int]] = {}
        for position in reversed(range(len(groups))):
            self._left.setdefault(groups[position], []).append(position)
        self._waiting: dict[int, Result] = {}

    def take(self, position: int, result: Result) -> Iterator[tuple[str, int, Result]]:
        """Take one result; yield the group, the position and the result of each whose turn it is now."""
        self._waiting[position] = result
        group = self._groups[position]
        left = self._left[group]
        while left and left[-1] in self._waiting:
            ready = left.pop()
            yield group, ready, self._waiting.pop(ready)
