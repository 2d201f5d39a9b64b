"""What must be known about a stored report to decide whether new reports affect it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from transforms.resolution.place_similarity import ReportedPlace

PublicationTime = tuple[bool, str]
"""(time is unknown, UTC instant or ""): sorts in order of publication, unknown times last."""


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """The fields of a report that decide which other reports and incidents it affects.

    ``first_day`` and ``last_day`` are ordinals, None if the report can found no incident: it has no usable
    date, or only a whole region as its place. In that case, ``possible_days`` are the first and the last day
    of the strikes that it may mean. ``family`` is the family of its weapon. ``incident_id`` is the incident
    that its stored link names, None without a link.
    """

    report_id: str
    article_url: str
    place: ReportedPlace
    first_day: int | None
    last_day: int | None
    published: PublicationTime
    possible_days: tuple[int, int]
    family: str
    incident_id: str | None


class StoredReports(Protocol):
    """The stored reports, read by place and day."""

    def near(
        self, keys: Collection[str], first: int, last: int, since: PublicationTime | None
    ) -> Iterable[ReportSummary]:
        """Return at least the dated reports that have one of the place keys and one of the days.

        With ``since``, reports published earlier may be left out.
        """

    def of_incidents(self, incident_ids: Collection[str]) -> Iterable[ReportSummary]:
        """Return the reports linked to the incidents, also the loose ones."""

    def undated(self, keys: Collection[str], articles: Collection[str]) -> Iterable[ReportSummary]:
        """Return at least the reports without a date or a town at one of the place keys or of one of the
        articles."""
