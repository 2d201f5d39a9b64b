"""Parting the reports of one scope into blocks that no incident can cross."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from schemas.records import Report
from transforms.resolution.strike import days_of, reach_of, spot_of

_DAYS = 2**22
"""More than the days of any calendar."""


def blocks_of(reports: Sequence[Report]) -> Iterator[list[Report]]:
    """Yield the reports in groups: two that share a place key and a day are in one, and so is who shares
    one with either. Reports without a date share any day on which what they mean may have happened."""
    names: dict[str, int] = {}
    keys: list[int] = []
    first: list[int] = []
    last: list[int] = []
    who: list[int] = []
    for n, report in enumerate(reports):
        here = spot_of(report)
        is_dated = report.event_date_start is not None
        begin, end = days_of(report) if is_dated else reach_of(report.published_at, report.is_main)
        for key in here.keys if is_dated else here.exact_keys:
            keys.append(names.setdefault(key, len(names)))
            first.append(begin)
            last.append(end)
            who.append(n)
    for members in _connected(len(reports), np.array(keys), np.array(first), np.array(last), np.array(who)):
        yield [reports[n] for n in members]


def _connected(
    number: int, keys: np.ndarray, first: np.ndarray, last: np.ndarray, who: np.ndarray
) -> Iterator[np.ndarray]:
    if not len(keys):
        yield from (np.array([n]) for n in range(number))
        return
    order = np.lexsort((first, keys))
    keys, first, last, who = keys[order], first[order], last[order], who[order]
    # Per key, from left to right: a stretch that begins after all before it have ended opens a group.
    reached = np.maximum.accumulate(last + keys * _DAYS)
    opens = np.ones(len(keys), dtype=bool)
    opens[1:] = first[1:] + keys[1:] * _DAYS > reached[:-1]
    group = number + np.cumsum(opens) - 1
    size = int(group[-1]) + 1
    graph = coo_array((np.ones(len(who), dtype=np.int8), (who, group)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    labels = labels[:number]
    by_label = np.argsort(labels, kind="stable")
    yield from np.split(by_label, np.flatnonzero(np.diff(labels[by_label])) + 1)
