"""Delivering what is due: watch by watch, channel by channel.

A message is noted before it is sent, and marked right after. So a message that cannot be marked is not sent.
A process that is killed in between leaves one message in doubt. The next process sends it again. A message
that was begun twice is not begun a third time.
"""

import datetime as dt
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from schemas.alert_records import CHANNEL_ROW, AlertDelivery
from schemas.identity import parse_instant
from transforms.alerts.deliveries import Known, read_known, save_deliveries
from transforms.alerts.due import (
    Due,
    Message,
    channel_row,
    failed_row,
    find_due,
    is_unsure,
    sent_row,
    started_row,
    unsure_row,
)
from transforms.alerts.feed_documents import write_feed
from transforms.alerts.mail_message import digest_mail, mail_of
from transforms.alerts.telling import headline_of
from transforms.alerts.watches import Channel, Digest, EmailChannel, FileChannel, Watch, WebhookChannel
from transforms.alerts.webhook_message import digest_key, webhook_body, webhook_digest, webhook_headers
from transforms.util.counters import count
from transforms.warehouse import Warehouse, WarehouseError
from transforms.web.guard import AddressGuard
from transforms.web.outbox import MailServer, SendFailed, post, send_mail

GIVE_UP_ATTEMPTS = 20
"""A message is given up after this many runs that could not send it."""
HOLD_SECONDS = 5.0
"""How long the warehouse is held while messages are sent. Readers of a DuckDB file wait up to 30 seconds."""
Rows = Mapping[str, AlertDelivery]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How alerts are delivered.

    Args:
        open_state: opens the warehouse for a short time.
        guard: decides on addresses.
        run_id: what the rows are written by.
        now: the clock, ISO 8601 in UTC.
        since: also tell incidents that the ledger held when a watch began, from this event date on.
        is_dry: send nothing and write nothing.
    """

    open_state: Callable[[], AbstractContextManager[Warehouse]]
    guard: AddressGuard
    run_id: str
    now: Callable[[], str]
    since: str | None = None
    is_dry: bool = False


@dataclass(slots=True)
class Told:
    """What became of the messages: how many were due, sent, failed or given up, and lines for a person."""

    due: int = 0
    sent: int = 0
    failed: int = 0
    given_up: int = 0
    lines: list[str] = field(default_factory=list)


def deliver_alerts(watches: Sequence[Watch], delivery: Delivery) -> Told:
    """Deliver what is due since the last time. A channel that fails stops neither the others nor the caller.

    Args:
        watches: the watches.
        delivery: how.

    Raises:
        WarehouseError: the warehouse cannot be read or written.
    """
    told = Told()
    for watch in watches:
        with delivery.open_state() as warehouse:
            known = read_known(warehouse, watch)
        for channel in watch.channels:
            _deliver_to(channel, watch, delivery, known, told)
    return told


def _deliver_to(channel: Channel, watch: Watch, delivery: Delivery, known: Known, told: Told) -> None:
    """Deliver to one channel. Whatever goes wrong, the other channels have their turn."""
    outbox = _Outbox(watch, channel, delivery, known, told)
    try:
        outbox.deliver()
    except Exception as error:  # noqa: BLE001  also a fault of our own must not silence the other channels
        # The text of a strange error may hold an address or a secret, so only its type is shown.
        reason = str(error) if isinstance(error, WarehouseError) else type(error).__name__
        outbox.break_off(reason)


def begin_watches(watches: Sequence[Watch], delivery: Delivery) -> Told:
    """Note what the ledger holds when a watch begins, and send nothing.

    A run calls it before it writes, so that what it writes is told.

    Args:
        watches: the watches; those that have begun are left alone.
        delivery: how.

    Raises:
        WarehouseError: the warehouse cannot be read or written.
    """
    told = Told()
    for watch in watches:
        with delivery.open_state() as warehouse:
            known = read_known(warehouse, watch)
        for channel in watch.channels:
            _Outbox(watch, channel, delivery, known, told).begin()
    return told


class _Outbox:
    """Delivers to one channel."""

    def __init__(self, watch: Watch, channel: Channel, delivery: Delivery, known: Known, told: Told) -> None:
        self._watch, self._channel, self._delivery, self._told = watch, channel, delivery, told
        heard = known.heard.get(channel.name, ())
        self._rows = {h.delivery.incident_id: h.delivery for h in heard}
        self._due: Due = find_due(watch, channel.name, known.found, heard, known.others, delivery.since)
        self._settled: set[str] = set()
        self._where = f"watch {watch.name!r}, {channel.name}"

    def begin(self) -> None:
        """Note what the ledger holds, if the watch begins."""
        if self._is_beginning():
            self._say_beginning()
            self._note_channel()

    def deliver(self) -> None:
        """Send what is due and mark it."""
        self._told.due += len(self._due.messages)
        self._say_beginning()
        if self._delivery.is_dry:
            self._told.lines += [f"{self._where}: would send {_line(m)}" for m in self._due.messages]
            return
        self._note_channel()
        if isinstance(self._channel, FileChannel):
            self._write_file(self._channel)
        elif self._channel.digest is Digest.NONE:
            self._send_each(self._channel)
        else:
            self._send_digest(self._channel)

    def break_off(self, reason: str) -> None:
        """Say that the channel could not be served, and count what was not sent."""
        waiting = [m for m in self._due.messages if m.thread not in self._settled]
        count(deliver_alerts, "failed", len(waiting))
        self._told.failed += len(waiting)
        self._told.lines.append(f"{self._where}: {reason}; {len(waiting)} messages wait for the next time")

    def _say_beginning(self) -> None:
        if self._due.held and self._is_beginning():
            self._told.lines.append(
                f"{self._where}: begins now; {len(self._due.held)} incidents that the ledger already holds "
                "are not told (--since DATE tells them)"
            )

    def _is_beginning(self) -> bool:
        row = self._rows.get(CHANNEL_ROW)
        return row is None or row.content_hash != self._watch.hash

    def _note_channel(self) -> None:
        """Note what is held back, and the channel itself where it begins or has something to send.

        All in one transaction: a crash leaves all or nothing. It also proves that the warehouse can be
        written. On a full disk, messages would be sent and not marked, at every run again.
        """
        rows = list(self._due.held)
        if self._is_beginning() or self._due.messages:
            last = self._rows.get(CHANNEL_ROW)
            digest_at = last.told_at if last else None
            rows.append(channel_row(self._watch, self._channel.name, digest_at, self._delivery.now()))
        if rows:
            with self._delivery.open_state() as warehouse:
                self._save(warehouse, rows)

    # -- files ----------------------------------------------------------------------------------------------

    def _write_file(self, channel: FileChannel) -> None:
        """Write the feed and mark its messages. A file that is missing is written again."""
        messages = self._due.messages
        if not messages and Path(channel.path).exists():
            return
        sent = {m.thread: self._sent_row(m) for m in messages}
        try:
            write_file(
                Path(channel.path), write_feed(self._watch.name, channel, [*{**self._rows, **sent}.values()])
            )
        except OSError as error:
            with self._delivery.open_state() as warehouse:
                self._fail(
                    warehouse,
                    messages,
                    f"cannot write {channel.path} ({error.strerror or type(error).__name__})",
                )
            return
        with self._delivery.open_state() as warehouse:
            self._save(warehouse, list(sent.values()))
        self._count_sent(messages)

    # -- messages -------------------------------------------------------------------------------------------

    def _send_each(self, channel: WebhookChannel | EmailChannel) -> None:
        """Send messages one by one. Each is noted before it is sent, and its outcome right after.

        The warehouse stays open for some messages, because opening a DuckDB file costs more than a message.
        It is let go now and then, because a reader waits for it.
        """
        waiting = deque(self._settle_doubts())
        while waiting:
            let_go_at = time.monotonic() + HOLD_SECONDS
            with self._delivery.open_state() as warehouse:
                self._save(warehouse, [self._started_row(waiting[0])])
                goes_on = True
                while goes_on:
                    outcome = self._try(channel, waiting)
                    goes_on = bool(waiting) and not outcome.ends and time.monotonic() < let_go_at
                    # One transaction notes this outcome and the start of the next message.
                    next_row = [self._started_row(waiting[0])] if goes_on else []
                    self._save(warehouse, [*outcome.rows, *next_row])
                    self._count_sent(outcome.sent)
            if outcome.ends:
                return

    def _try(self, channel: WebhookChannel | EmailChannel, waiting: deque[Message]) -> "_Outcome":
        """Send the first message that waits, and take it from the queue."""
        message = waiting[0]
        try:
            self._send(channel, message)
        except SendFailed as failure:
            concerned = [message] if failure.is_of_message else list(waiting)
            rows, ends = self._failed_rows(concerned, str(failure)), not failure.is_of_message
            outcome = _Outcome(rows, [], ends)
        else:
            outcome = _Outcome([self._sent_row(message)], [message], False)
        waiting.popleft()
        return outcome

    def _settle_doubts(self) -> list[Message]:
        """Return the messages to send. One that two processes may have sent is only noted."""
        unsure = [m for m in self._due.messages if is_unsure(m, self._rows.get(m.thread))]
        if unsure:
            now = self._delivery.now()
            with self._delivery.open_state() as warehouse:
                self._save(warehouse, [unsure_row(m, self._rows.get(m.thread), now) for m in unsure])
            self._told.lines += [
                f"{self._where}: not sent a third time, as two processes ended while they sent it: {_line(m)}"
                for m in unsure
            ]
            self._settled.update(m.thread for m in unsure)
        return [m for m in self._due.messages if m not in unsure]

    def _send_digest(self, channel: WebhookChannel | EmailChannel) -> None:
        row = self._rows.get(CHANNEL_ROW)
        now = self._delivery.now()
        if channel.digest is Digest.DAY and row is not None and (row.told_at or "")[:10] == now[:10]:
            return  # one digest a day; the rest waits
        messages = self._settle_doubts()
        if not messages:
            return
        try:
            with self._delivery.open_state() as warehouse:
                self._save(warehouse, [self._started_row(m) for m in messages])
                self._send_joined(channel, messages)
                rows = [self._sent_row(m) for m in messages]
                self._save(warehouse, [*rows, channel_row(self._watch, channel.name, now, now)])
        except SendFailed as failure:
            with self._delivery.open_state() as warehouse:
                self._fail(warehouse, messages, str(failure))
        else:
            self._count_sent(messages)

    def _send(self, channel: WebhookChannel | EmailChannel, message: Message) -> None:
        if isinstance(channel, WebhookChannel):
            self._post(channel, message.key, webhook_body(message))
        else:
            refused = send_mail(
                mail_of(message, channel, self._delivery.now()), _server_of(channel), self._delivery.guard
            )
            self._note_refused(refused)

    def _send_joined(self, channel: WebhookChannel | EmailChannel, messages: Sequence[Message]) -> None:
        if isinstance(channel, WebhookChannel):
            self._post(channel, digest_key(messages), webhook_digest(messages))
        else:
            mail = digest_mail(messages, channel, self._delivery.now())
            self._note_refused(send_mail(mail, _server_of(channel), self._delivery.guard))

    def _post(self, channel: WebhookChannel, key: str, body: bytes) -> None:
        moment = parse_instant(self._delivery.now()) or dt.datetime.now(dt.UTC)
        headers = webhook_headers(key, body, int(moment.timestamp()), channel.secret)
        post(channel.url, body, headers, self._delivery.guard)

    def _note_refused(self, refused: int) -> None:
        if refused:
            self._told.lines.append(f"{self._where}: the mail server refused {refused} of the recipients")

    # -- rows -----------------------------------------------------------------------------------------------

    def _sent_row(self, message: Message) -> AlertDelivery:
        return sent_row(message, self._rows.get(message.thread), self._delivery.now())

    def _started_row(self, message: Message) -> AlertDelivery:
        return started_row(message, self._rows.get(message.thread))

    def _save(self, warehouse: Warehouse, rows: Sequence[AlertDelivery]) -> None:
        save_deliveries(warehouse, rows, self._delivery.run_id, self._delivery.now())
        self._rows.update({row.incident_id: row for row in rows})

    def _fail(self, warehouse: Warehouse, messages: Sequence[Message], error: str) -> None:
        self._save(warehouse, self._failed_rows(messages, error))

    def _failed_rows(self, messages: Sequence[Message], error: str) -> list[AlertDelivery]:
        """Count a failed attempt of each message, and give up those that failed often enough."""
        rows = [failed_row(m, self._rows.get(m.thread), error, GIVE_UP_ATTEMPTS) for m in messages]
        given_up = sum(row.attempts >= GIVE_UP_ATTEMPTS for row in rows)
        count(deliver_alerts, "failed", len(rows) - given_up)
        count(deliver_alerts, "given_up", given_up)
        self._told.failed += len(rows) - given_up
        self._told.given_up += given_up
        waiting = f"; {len(rows) - given_up} messages wait for the next time" if len(rows) > given_up else ""
        lost = f"; gave up {given_up} messages after {GIVE_UP_ATTEMPTS} attempts" if given_up else ""
        self._told.lines.append(f"{self._where}: {error}{waiting}{lost}")
        self._settled.update(m.thread for m in messages)
        return rows

    def _count_sent(self, messages: Sequence[Message]) -> None:
        count(deliver_alerts, "sent", len(messages))
        self._settled.update(message.thread for message in messages)
        self._told.sent += len(messages)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of an attempt: rows to write, what was sent, and whether the channel is left alone now."""

    rows: Sequence[AlertDelivery]
    sent: Sequence[Message]
    ends: bool


def _server_of(channel: EmailChannel) -> MailServer:
    return MailServer(channel.host, channel.port, str(channel.security), channel.user, channel.password)


def _line(message: Message) -> str:
    what = "withdrawn" if message.withdrawn is not None else str(message.event)
    return f"{what}: {headline_of(message.telling.facts)} ({message.telling.incident_id})"


def write_file(path: Path, content: bytes) -> None:
    """Write a file in one step, so that a reader never sees half of it.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)  # a web server reads it; mkstemp lets only the owner
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
