"""A watch: the conditions on incidents, the kinds of events, and the channels that are told."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.identity import digest


class Event(StrEnum):
    """What happened to an incident."""

    NEW = "new"
    CHANGED = "changed"
    CORRECTED = "corrected"


class Digest(StrEnum):
    """How messages are joined: not at all, all of a run, or all of a day (UTC)."""

    NONE = "none"
    RUN = "run"
    DAY = "day"


class Security(StrEnum):
    """How the connection to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Circle:
    """A place and a distance from it: degrees and kilometres."""

    latitude: float
    longitude: float
    within_km: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """What an incident must be like. All conditions hold together; of a list, one item is enough.

    Empty and None mean any. ``countries``: ISO 3166-1 alpha-2 codes. ``actors``: names as
    ``schemas.identity.fold_name`` returns them.
    """

    countries: tuple[str, ...] = ()
    circle: Circle | None = None
    killed_at_least: int | None = None
    injured_at_least: int | None = None
    weapons: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    publishable_only: bool = True


@dataclass(frozen=True, slots=True)
class FileChannel:
    """A feed in a file. ``form``: atom or json_feed. ``feed_url``: where readers find the file."""

    name: str
    form: str
    path: str
    title: str
    feed_url: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class WebhookChannel:
    """An address that gets a POST for each message. ``secret`` signs; it is never shown."""

    name: str
    url: str
    secret: str | None = None
    digest: Digest = Digest.NONE


@dataclass(frozen=True, slots=True, repr=False)
class EmailChannel:
    """A mail server and the recipients. ``user`` and ``password`` are never shown."""

    name: str
    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    security: Security = Security.STARTTLS
    user: str | None = None
    password: str | None = None
    digest: Digest = Digest.NONE


Channel = FileChannel | WebhookChannel | EmailChannel


@dataclass(frozen=True, slots=True)
class Watch:
    """One watch of the user's file."""

    name: str
    conditions: Conditions
    events: tuple[Event, ...]
    channels: tuple[Channel, ...]

    @property
    def hash(self) -> str:
        """Return a hash of what decides which incidents the watch tells. Channels have no part in it."""
        return digest("watch", repr(self.conditions), *sorted(self.events))
