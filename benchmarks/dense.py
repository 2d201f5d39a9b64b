"""Days of many strikes on one city: how well are the reports of one strike told from those of another?

The days are generated (``training.dense_days``). Splink gets its thresholds on other days than it is measured
on, as in ``benchmarks.peers``, and compares the spots as well. The weights of this project were fitted on
days of other seeds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from benchmarks.pairwise import Truth, in_words, pairwise
from benchmarks.peers import Clusters, by_splink, one_per_day, ours
from schemas.records import Report
from training.match_rows import generated_days

STRIKES_A_DAY = (1, 5, 10, 20, 40)
STRIKES = 1200
"""So many strikes are generated for each number of strikes a day, and as many to tune on."""


def dense() -> None:
    """Print pairwise figures of each method by the number of strikes on the city in a day."""
    logging.disable(logging.WARNING)
    for many in STRIKES_A_DAY:
        halves, truths = zip(*(_days(seed, many) for seed in (992, 991)), strict=True)
        methods: dict[str, Callable[[], Clusters]] = {
            "ours": lambda r=halves[1]: ours(r),  # type: ignore[misc]
            "place + published day": lambda r=halves[1]: one_per_day(r),  # type: ignore[misc]
            "Splink": lambda h=halves, t=truths[0]: by_splink(h, t),  # type: ignore[misc]
        }
        for name, run in methods.items():
            found = run()
            incidents = len({found.get(i, i) for i in truths[1]})
            strikes = len(set(truths[1].values()))
            figures = in_words(pairwise(found, truths[1]))
            print(
                f"{many:>2} strikes a day, {name:<22} {figures}, {incidents} incidents for {strikes}",
                flush=True,
            )


def _days(seed: int, many: int) -> tuple[Sequence[Report], Truth]:
    """Return the reports of enough days for ``STRIKES`` strikes, each day in a city of its own."""
    reports: list[Report] = []
    truth: Truth = {}
    for of_day, events in generated_days(seed, max(1, STRIKES // many), (many, many)):
        reports += of_day
        truth.update({i: hash(e) for i, e in events.items()})
    return reports, truth
