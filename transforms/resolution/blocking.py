"""Divide the reports of one scope into blocks. No incident has reports from two blocks."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from schemas.records import Report
from transforms.resolution.dated_report import place_of
from transforms.resolution.event_days import days_of_loose, event_days, is_loose

DAYS_PER_KEY = 2**22
"""More than the days of any calendar. Each place key gets its own stretch of this many numbers, so one number
stands for a key and a day."""


def blocks_of(reports: Sequence[Report]) -> Iterator[list[Report]]:
    """Yield the reports block by block.

    Two reports that share a place key and a day are in one block, and so is each report that shares a key and
    a day with one of those. A report without a date counts for every day that it may mean, one with a whole
    region for each town of it.
    """
    regions = {key for r in reports if is_loose(r) and (p := place_of(r)).is_coarse for key in p.name_keys}
    number_of_key: dict[str, int] = {}
    keys: list[int] = []
    first_days: list[int] = []
    last_days: list[int] = []
    positions: list[int] = []
    for position, report in enumerate(reports):
        place = place_of(report)
        if is_loose(report):
            first, last = days_of_loose(report)
            place_keys = place.name_keys
        else:
            first, last = event_days(report).with_slack()
            place_keys = (*place.keys, *(key for key in place.region_keys if key in regions))
        for key in place_keys:
            keys.append(number_of_key.setdefault(key, len(number_of_key)))
            first_days.append(first)
            last_days.append(last)
            positions.append(position)
    for block in _connected(
        len(reports), np.array(keys), np.array(first_days), np.array(last_days), np.array(positions)
    ):
        yield [reports[position] for position in block]


def _connected(
    number: int, keys: np.ndarray, first: np.ndarray, last: np.ndarray, positions: np.ndarray
) -> Iterator[np.ndarray]:
    """Yield the positions of the reports of each block.

    Args:
        number: how many reports there are.
        keys: the number of a place key, one entry for each pair of report and key.
        first: the first day of that entry.
        last: its last day.
        positions: the position of its report.
    """
    if not len(keys):
        yield from (np.array([n]) for n in range(number))
        return
    order = np.lexsort((first, keys))
    keys, first, last, positions = keys[order], first[order], last[order], positions[order]
    # Sorted by key and first day: an entry starts a new group if all entries before it have ended by then.
    latest_end = np.maximum.accumulate(last + keys * DAYS_PER_KEY)
    starts_group = np.ones(len(keys), dtype=bool)
    starts_group[1:] = first[1:] + keys[1:] * DAYS_PER_KEY > latest_end[:-1]
    # A graph with a node for each report and for each group. Its connected components are the blocks.
    group = number + np.cumsum(starts_group) - 1
    size = int(group[-1]) + 1
    graph = coo_array((np.ones(len(positions), dtype=np.int8), (positions, group)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    labels = labels[:number]
    by_label = np.argsort(labels, kind="stable")
    yield from np.split(by_label, np.flatnonzero(np.diff(labels[by_label])) + 1)
