"""The incidents of each country or place."""

from collections.abc import Sequence

import numpy as np

from transforms.serving.snapshot_columns import Array


class NumbersByCode:
    """Finds the numbers of the incidents that have some codes.

    Args:
        codes: of each incident.
        count: how many codes there are.
    """

    def __init__(self, codes: Array, count: int) -> None:
        self._by_code = np.argsort(codes, kind="stable")
        self._ends = [0, *np.cumsum(np.bincount(codes, minlength=count)).tolist()]

    def size_of(self, codes: Sequence[int]) -> int:
        """Return how many incidents have one of some codes."""
        return sum(self._ends[code + 1] - self._ends[code] for code in codes)

    def numbers_of(self, codes: Sequence[int]) -> Array:
        """Return the numbers of the incidents that have one of some codes, sorted."""
        parts = [self._by_code[self._ends[code] : self._ends[code + 1]] for code in codes]
        if len(parts) == 1:
            return parts[0]  # those of one code are sorted
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)
