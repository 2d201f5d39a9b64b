"""The records of alerts: what is told of an incident, and what a channel was told so far.

They follow the rules of ``schemas.records``.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

CHANNEL_ROW = "*"
"""Takes the place of an incident in the row that describes the channel itself."""


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """Place, date, weapon and toll of an incident. A channel gets a message when one of them changes."""

    location: str
    geonameid: Optional[int]
    admin1: Optional[str]
    country: Optional[str]
    event_date_start: datetime.date
    event_date_end: datetime.date
    weapon: str
    fatalities_low: Optional[int]
    fatalities_best: Optional[int]
    fatalities_high: Optional[int]
    injured_low: Optional[int]
    injured_best: Optional[int]
    injured_high: Optional[int]
    child_fatalities: Optional[int]
    child_injured: Optional[int]


@dataclass(frozen=True, slots=True)
class AlertCorrection:
    """A person's decision that holds: who made it, when and why, and where that can be read.

    ``kind``: confirm, reject, set, merge or split. ``field`` and ``value``: what ``set`` sets; JSON.
    """

    correction_id: str
    made_at: str
    made_by: str
    kind: str
    field: Optional[str]
    value: Optional[str]
    why: Optional[str]
    source_url: Optional[str]


@dataclass(frozen=True, slots=True)
class AlertContext:
    """What else a message says of an incident, as of the time it is sent. A change of it sends no message.

    ``status``: auto, needs_review, confirmed, corrected or rejected. ``corrections``: the decisions of people
    that hold, in the order in which they were made.
    """

    status: str
    headline: str
    actor: Optional[str]
    claim_status: str
    sublocation: Optional[str]
    event_time: Optional[str]
    latitude: Optional[float]
    longitude: Optional[float]
    geo_precision: int
    number_of_sources: int
    source_urls: Sequence[str]
    corrections: Sequence[AlertCorrection]


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told of an incident."""

    incident_id: str
    facts: AlertFacts
    context: AlertContext


@dataclass(frozen=True, slots=True)
class AlertDelivery:
    """What a channel was told of one incident. One row of ``alert_deliveries_v1``.

    ``incident_id``: the id when the channel first heard of the incident; it names the thread of messages.
    ``content``: the ``Telling`` as JSON. Instants are ISO 8601 strings in UTC.
    """

    watch: str
    channel: str
    incident_id: str
    event: str
    revision: int
    is_withdrawn: bool
    attempts: int
    starts: int
    told_as: Optional[str]
    content: Optional[str]
    content_hash: Optional[str]
    first_told_at: Optional[str]
    told_at: Optional[str]
    last_error: Optional[str]
    started_key: Optional[str]
