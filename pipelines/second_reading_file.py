"""Second readings without a warehouse: ``extract --second-reader`` writes second reports as JSON lines."""

import time
from collections.abc import Iterable, Sequence
from typing import TextIO

from pipelines.second_pass import summary
from pipelines.second_reader_options import ChosenReader
from schemas.records import Article, Report
from schemas.rows import record_to_json
from transforms.nlp.second_reader.read_again import Tally, Unread, read_again
from transforms.nlp.second_reader.reading_budget import Budget
from transforms.util.clock import utc_now


class SecondReadingFile:
    """Reads articles again, batch by batch, within one budget.

    Args:
        reader: the second reader.
        out: where the second reports are written.
    """

    def __init__(self, reader: ChosenReader, out: TextIO) -> None:
        settings = reader.settings
        self._settings, self._out = settings, out
        self._budget, self._total = Budget(settings.requests, settings.tokens), Tally()
        self._deadline: float | None = None

    def read(self, extracted: Iterable[tuple[Article, Sequence[Report]]]) -> None:
        """Read those articles again that are in the scope, and write what comes of it."""
        started = time.monotonic()
        if self._deadline is None:
            self._deadline = started + self._settings.seconds
        unread = [Unread(article) for article, reports in extracted if self._is_in_scope(reports)]
        seconds = max(0.01, self._deadline - started)
        found = read_again(unread, self._settings, self._budget, seconds, utc_now())
        self._total.add(found.tally)
        for report in found.reports:
            self._out.write(record_to_json(report) + "\n")

    def _is_in_scope(self, reports: Sequence[Report]) -> bool:
        return self._settings.scope == "gated" or any(
            report.confidence < self._settings.confidence_below for report in reports
        )

    def summary(self) -> list[str]:
        """Return what was done, as lines for a person."""
        return summary(self._total, self._budget, self._settings)
