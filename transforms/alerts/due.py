"""What is due: the difference between the ledger and what a channel was told. Pure decisions.

One incident has one thread of messages in a channel. The thread is named after the incident's id when the
channel first heard of it. If that id is superseded, the thread goes on with the incident that it leads to.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.alert_records import CHANNEL_ROW, AlertDelivery, AlertFacts, Telling
from schemas.identity import digest
from transforms.alerts.match import is_told
from transforms.alerts.telling import content_hash, decode_telling, encode_telling
from transforms.alerts.watches import Event, Watch

HELD, FAILED, GIVEN_UP, UNSURE, CHANNEL = "held", "failed", "given_up", "unsure", "channel"
"""What the column ``event`` says besides the kinds of events."""
MAX_STARTS = 2
"""A message is begun at most this often by processes that are ended before they note the outcome."""
_REJECTED, _CORRECTED = "rejected", "corrected"


@dataclass(frozen=True, slots=True)
class Heard:
    """An incident that a channel heard of, with what the ledger knows of it now.

    ``current_id``: the current incident that the thread's id leads to; None where nothing supersedes it.
    """

    delivery: AlertDelivery
    current_id: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is due.

    ``thread``: names the thread. ``revision``: its number in the thread, from 1. ``before``: the facts that
    the channel was told last. ``withdrawn``: why the incident no longer belongs to the watch, else None.
    """

    watch: str
    channel: str
    thread: str
    revision: int
    event: Event
    telling: Telling
    before: AlertFacts | None = None
    withdrawn: str | None = None

    @property
    def content(self) -> str:
        """Return what is told, as JSON."""
        return encode_telling(self.telling)

    @property
    def key(self) -> str:
        """Return the idempotency key: equal for every attempt to send this message, and for no other."""
        parts = (self.watch, self.channel, self.thread, str(self.revision), self.event, self.withdrawn)
        return digest("message", *parts, content_hash(self.content))


@dataclass(frozen=True, slots=True)
class Due:
    """What a channel has to be told, and what is only noted down because the watch has just begun."""

    messages: Sequence[Message]
    held: Sequence[AlertDelivery]


def find_due(
    watch: Watch,
    channel: str,
    found: Mapping[str, Telling],
    heard: Sequence[Heard],
    others: Mapping[str, Telling],
    since: str | None = None,
) -> Due:
    """Return what a channel has to be told.

    Args:
        watch: the watch.
        channel: name of the channel.
        found: the current incidents that fit the watch, by id.
        heard: what the channel heard of, with the row of the channel itself.
        others: current incidents that do not fit, by id; those that a thread leads to are enough.
        since: also tell incidents that were held back when the watch began, from this event date on.
    """
    row = next((h.delivery for h in heard if h.delivery.incident_id == CHANNEL_ROW), None)
    begins = row is None or row.content_hash != watch.hash
    threads = _Threads([h for h in heard if h.delivery.incident_id != CHANNEL_ROW])
    messages: list[Message] = []
    held: list[AlertDelivery] = []
    for message in _all_changes(watch, channel, found, threads, others):
        is_asked_for = since is not None and message.telling.facts.event_date_start.isoformat() >= since
        earlier = threads.by_id.get(message.thread)
        is_untold = earlier is None or earlier.revision == 0
        if begins and not (is_asked_for and is_untold):
            held.append(_held(message, earlier))
        elif message.event in watch.events:
            messages.append(message)
        elif earlier is None:
            held.append(_held(message, None))
    if since is not None and Event.NEW in watch.events:
        known = {message.thread for message in messages}
        messages += [m for m in _held_back(watch, channel, found, threads, since) if m.thread not in known]
    return Due(sorted(messages, key=_order), held)


def _order(message: Message) -> tuple[str, str]:
    return message.telling.facts.event_date_start.isoformat(), message.thread


class _Threads:
    """The threads of a channel, by their names and by the current incident that each leads to."""

    def __init__(self, heard: Iterable[Heard]) -> None:
        self.by_id: dict[str, AlertDelivery] = {}
        self.current: dict[str, str | None] = {}
        self._leaders: dict[str, AlertDelivery] = {}
        for item in sorted(heard, key=_rank):
            self.by_id[item.delivery.incident_id] = item.delivery
            self.current[item.delivery.incident_id] = item.current_id
            if item.current_id is not None:
                self._leaders.setdefault(item.current_id, item.delivery)

    def leader(self, incident_id: str) -> AlertDelivery | None:
        """Return the thread that goes on with a current incident.

        Where several lead to it, one that was told comes first, then the one of its own id, then the least.
        """
        return self._leaders.get(incident_id)


def _rank(heard: Heard) -> tuple[bool, bool, str]:
    delivery = heard.delivery
    return delivery.revision == 0, delivery.incident_id != heard.current_id, delivery.incident_id


def _all_changes(
    watch: Watch,
    channel: str,
    found: Mapping[str, Telling],
    threads: _Threads,
    others: Mapping[str, Telling],
) -> Iterator[Message]:
    """Yield a message for every difference, whether or not the watch asks for its kind of event."""
    for incident_id, telling in found.items():
        thread = threads.leader(incident_id)
        if thread is None or thread.content is None:
            name = incident_id if thread is None else thread.incident_id
            yield Message(watch.name, channel, name, 1, Event.NEW, telling)
            continue
        told = decode_telling(thread.content)
        event = _change(watch, told, telling, is_back=thread.is_withdrawn)
        if event is not None:
            yield Message(
                watch.name, channel, thread.incident_id, thread.revision + 1, event, telling, told.facts
            )
    for name, thread in threads.by_id.items():
        current = threads.current[name]
        leads = current in found and threads.leader(current or "") is thread
        if thread.content and not thread.is_withdrawn and not leads:
            message = _withdrawal(watch, channel, thread, current, found, others)
            # Of an incident that was held back, only a correction by a person is told.
            if thread.revision or (thread.event == HELD and message.event is Event.CORRECTED):
                yield message


def _change(watch: Watch, told: Telling, now: Telling, *, is_back: bool) -> Event | None:
    """Return the event between what was told and what is true now, or None where nothing changed.

    A person who sets a status without another change of facts has corrected nothing but that status: only
    ``corrected`` is told, for ``confirmed`` says that the channel was told the truth.
    """
    is_other = is_back or told.facts != now.facts
    status = now.context.status
    if status == _CORRECTED and (is_other or told.context.status != status):
        is_asked_for = Event.CORRECTED in watch.events or not is_other
        return Event.CORRECTED if is_asked_for else Event.CHANGED
    return Event.CHANGED if is_other else None


def _withdrawal(
    watch: Watch,
    channel: str,
    thread: AlertDelivery,
    current: str | None,
    found: Mapping[str, Telling],
    others: Mapping[str, Telling],
) -> Message:
    """Return the message that an incident no longer belongs to the watch, with the reason."""
    told = decode_telling(thread.content or "")
    now = others.get(current or "") or (found.get(current or ""))
    event = Event.CHANGED
    if current is None or now is None:
        reason = "the ledger no longer holds this incident"
    elif current in found:
        reason = f"this incident is now part of {current}"
    elif now.context.status == _REJECTED:
        reason = "a person rejected this incident"
        event = Event.CORRECTED if Event.CORRECTED in watch.events else Event.CHANGED
    elif not is_told(watch.conditions, now.context.status):
        reason = "this incident is in review"
    else:
        reason = "this incident no longer fits the watch"
    return Message(
        watch.name, channel, thread.incident_id, thread.revision + 1, event, now or told, told.facts, reason
    )


def _held_back(
    watch: Watch, channel: str, found: Mapping[str, Telling], threads: _Threads, since: str
) -> Iterator[Message]:
    """Yield the incidents that were held back when the watch began and that are asked for now."""
    for incident_id, telling in found.items():
        thread = threads.leader(incident_id)
        is_held = thread is not None and thread.event == HELD and thread.revision == 0
        if thread is not None and is_held and telling.facts.event_date_start.isoformat() >= since:
            yield Message(watch.name, channel, thread.incident_id, 1, Event.NEW, telling)


# -- rows -------------------------------------------------------------------------------------------------


def _held(message: Message, earlier: AlertDelivery | None) -> AlertDelivery:
    row = earlier or _first_row(message)
    return dataclasses.replace(
        row, event=HELD, told_as=message.telling.incident_id, content=message.content,
        content_hash=content_hash(message.content), is_withdrawn=message.withdrawn is not None,
        attempts=0, starts=0, last_error=None, started_key=None,
    )  # fmt: skip


def _first_row(message: Message) -> AlertDelivery:
    nothing = (None,) * 7
    return AlertDelivery(message.watch, message.channel, message.thread, FAILED, 0, False, 0, 0, *nothing)


def sent_row(message: Message, earlier: AlertDelivery | None, now: str) -> AlertDelivery:
    """Return the row of a thread after its message was sent.

    Args:
        message: the message.
        earlier: the row of the thread before; None: it begins.
        now: when it was sent, ISO 8601 in UTC.
    """
    row = _held(message, earlier)
    return dataclasses.replace(
        row, event=str(message.event), revision=message.revision, first_told_at=row.first_told_at or now,
        told_at=now,
    )  # fmt: skip


def failed_row(message: Message, earlier: AlertDelivery | None, error: str, limit: int) -> AlertDelivery:
    """Return the row of a thread after an attempt to send its message failed.

    After ``limit`` attempts the message is given up: it counts as told, so that it is not tried again.
    """
    row = earlier or _first_row(message)
    attempts = row.attempts + 1
    if attempts < limit:
        return dataclasses.replace(row, attempts=attempts, last_error=error, starts=0, started_key=None)
    given_up = _held(message, earlier)
    return dataclasses.replace(given_up, event=GIVEN_UP, attempts=attempts, last_error=error)


def started_row(message: Message, earlier: AlertDelivery | None) -> AlertDelivery:
    """Return the row of a thread when the sending of its message begins."""
    row = earlier or _first_row(message)
    starts = row.starts if row.started_key == message.key else 0
    return dataclasses.replace(row, starts=starts + 1, started_key=message.key)


def is_unsure(message: Message, earlier: AlertDelivery | None) -> bool:
    """Return whether two processes began to send a message and noted no outcome.

    It may have arrived twice already, so it is not sent a third time.
    """
    return earlier is not None and earlier.started_key == message.key and earlier.starts >= MAX_STARTS


def unsure_row(message: Message, earlier: AlertDelivery | None, now: str) -> AlertDelivery:
    """Return the row of a thread whose message is not sent again, because it may have arrived twice."""
    return dataclasses.replace(sent_row(message, earlier, now), event=UNSURE)


def channel_row(
    watch: Watch, channel: str, digest_at: str | None, tried_at: str | None = None
) -> AlertDelivery:
    """Return the row of a channel itself.

    Args:
        watch: the watch.
        channel: name of the channel.
        digest_at: when the last digest was sent.
        tried_at: when there was last something to send.
    """
    nothing = (CHANNEL_ROW, CHANNEL, 0, False, 0, 0, None, None)
    return AlertDelivery(watch.name, channel, *nothing, watch.hash, tried_at, digest_at, None, None)
