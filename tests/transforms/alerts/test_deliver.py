"""Delivering to files, webhooks and mail servers: what was sent is marked, what failed is tried again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alerts import a_watch
from conftest import Ledger
from receivers import Hook, HookReceiver, MailReceiver, receiving_hooks, receiving_mail
from sample_records import a_report
from store_reports import store

from schemas.records import Report
from transforms.alerts import deliver
from transforms.alerts.deliver import GIVE_UP_ATTEMPTS, Delivery, Told, begin_watches, deliver_alerts
from transforms.alerts.watches import (
    Channel,
    Conditions,
    Digest,
    EmailChannel,
    FileChannel,
    Security,
    Watch,
    WebhookChannel,
)
from transforms.warehouse import WarehouseError, open_warehouse
from transforms.web import outbox
from transforms.web.guard import AddressGuard

GUARD = AddressGuard.of(["127.0.0.1"])
KHARKIV: dict[str, Any] = {"location": "Kharkiv", "geonameid": 706483, "latitude": 49.98, "longitude": 36.25}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(outbox, "_MAX_PAUSE_SECONDS", 0.002)


@pytest.fixture
def hooks() -> Iterator[HookReceiver]:
    with receiving_hooks() as receiver:
        yield receiver


@pytest.fixture
def mail() -> Iterator[MailReceiver]:
    with receiving_mail() as receiver:
        yield receiver


class Desk:
    """A ledger with a watch, at a time that a test sets."""

    def __init__(self, ledger: Ledger, *channels: Channel) -> None:
        self.ledger, self.watch = ledger, a_watch(channels=channels)
        self.now = "2025-04-06T10:00:00Z"
        with open_warehouse(ledger.url) as warehouse:
            warehouse.ensure()
        self.work(begin_watches)

    def work(self, work: Callable[[list[Watch], Delivery], Told], **change: Any) -> Told:
        delivery = Delivery(lambda: open_warehouse(self.ledger.url), GUARD, "watch-1", lambda: self.now)
        return work([self.watch], dataclasses.replace(delivery, **change))

    def deliver(self, **change: Any) -> Told:
        return self.work(deliver_alerts, **change)

    def store(self, *reports: Report) -> None:
        store(self.ledger, list(reports), replaces=True)

    def states(self) -> list[dict[str, Any]]:
        return self.ledger.rows("SELECT * FROM alert_deliveries ORDER BY channel, incident_id")


def webhook(hooks: HookReceiver, **change: Any) -> WebhookChannel:
    return dataclasses.replace(WebhookChannel("webhook", hooks.url, "s3cret"), **change)


def mailbox(mail: MailReceiver, **change: Any) -> EmailChannel:
    base = EmailChannel(
        "email", "127.0.0.1", mail.port, "ledger@example.org", ("desk@example.org",), Security.NONE
    )
    return dataclasses.replace(base, **change)


def row_of(hook: Hook) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(hook.body)
    return row


def later(n: int, killed: int, **change: Any) -> Report:
    return a_report(n, fatalities_low=killed, fatalities_best=killed, fatalities_high=killed, **change)


# -- webhooks -----------------------------------------------------------------------------------------------


def test_each_message_is_sent_once_and_a_rerun_sends_nothing(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14), later(1, 3, **KHARKIV))
    assert desk.deliver().sent == 2
    assert desk.deliver().sent == 0
    assert sorted(row_of(h)["incident"]["location"] for h in hooks.hooks) == ["Kharkiv", "Kryvyi Rih"]


def test_an_incident_updates_in_one_thread(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14))
    desk.deliver()
    desk.store(later(0, 14), later(1, 18))
    desk.deliver()
    first, second = map(row_of, hooks.hooks)
    assert (first["event"], first["revision"], second["event"], second["revision"]) == (
        "new",
        1,
        "changed",
        2,
    )
    assert first["thread_id"] == second["thread_id"] == second["incident_id"]
    assert second["changes"] == ["killed: 14 killed -> 18 killed"]


def test_a_renamed_incident_keeps_its_thread(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(5, 14))
    desk.deliver()
    (old,) = ledger.rows("SELECT incident_id FROM incidents")
    desk.store(later(5, 14), later(1, 14))
    assert desk.deliver().sent == 0  # another name is no news
    desk.store(later(5, 14), later(1, 14), later(7, 20))
    desk.deliver()
    row = row_of(hooks.hooks[-1])
    assert (row["thread_id"], row["revision"]) == (old["incident_id"], 2)
    assert row["incident_id"] != old["incident_id"]


def test_the_signature_covers_timestamp_and_body(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14))
    desk.deliver()
    (hook,) = hooks.hooks
    stamp = hook.headers["X-Strikeledger-Timestamp"]
    assert dt.datetime.fromtimestamp(int(stamp), dt.UTC).isoformat() == "2025-04-06T10:00:00+00:00"
    wanted = hmac.new(b"s3cret", stamp.encode() + b"." + hook.body, hashlib.sha256).hexdigest()
    assert hook.headers["X-Strikeledger-Signature"] == f"sha256={wanted}"


def test_without_a_secret_there_is_no_signature(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks, secret=None))
    desk.store(later(0, 14))
    desk.deliver()
    assert "X-Strikeledger-Signature" not in hooks.hooks[0].headers


def test_a_passing_fault_is_tried_again_at_once(ledger: Ledger, hooks: HookReceiver) -> None:
    answers = iter([503, 429, 204])
    hooks.answer = lambda hook: next(answers)
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14))
    told = desk.deliver()
    assert (told.sent, told.failed, told.lines) == (1, 0, [])


@pytest.mark.parametrize("status", [500, 503, 404, 401, 301, 429])
def test_a_channel_that_fails_is_one_line_and_stops_no_other(
    ledger: Ledger, hooks: HookReceiver, tmp_path: Path, status: int
) -> None:
    seen: list[str] = []
    hooks.answer = lambda hook: seen.append(hook.headers["Idempotency-Key"]) or status  # type: ignore[func-returns-value]
    feed = FileChannel("atom", "atom", str(tmp_path / "feed.xml"), "Feed")
    desk = Desk(ledger, webhook(hooks), feed)
    desk.store(later(0, 14), later(1, 3, **KHARKIV))
    told = desk.deliver()
    assert (told.sent, told.failed, len(told.lines)) == (2, 2, 1)
    assert f"HTTP {status}" in told.lines[0]
    assert "2 messages wait" in told.lines[0]
    assert len(set(seen)) == 1  # the second message is not even tried
    hooks.answer = lambda hook: 200
    assert desk.deliver().sent == 2
    assert {h.headers["Idempotency-Key"] for h in hooks.hooks} >= set(seen)


def test_a_message_that_is_refused_holds_up_no_other(ledger: Ledger, hooks: HookReceiver) -> None:
    hooks.answer = lambda hook: 422 if b"Kharkiv" in hook.body else 200
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14), later(1, 3, **KHARKIV))
    told = desk.deliver()
    assert (told.sent, told.failed) == (1, 1)


def test_a_message_is_given_up_after_a_stated_number_with_a_line(ledger: Ledger, hooks: HookReceiver) -> None:
    hooks.answer = lambda hook: 404
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14))
    told = [desk.deliver() for _ in range(GIVE_UP_ATTEMPTS)]
    assert [t.failed for t in told] == [1] * (GIVE_UP_ATTEMPTS - 1) + [0]
    assert f"gave up 1 messages after {GIVE_UP_ATTEMPTS} attempts" in told[-1].lines[0]
    hooks.answer = lambda hook: 200
    assert (desk.deliver().sent, hooks.hooks) == (0, [])
    (state,) = desk.states()
    assert (state["event"], state["attempts"], state["revision"]) == ("given_up", GIVE_UP_ATTEMPTS, 0)


def test_a_private_address_that_is_not_allowed_gets_nothing(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks))
    desk.store(later(0, 14))
    told = desk.deliver(guard=AddressGuard())
    assert (told.sent, told.failed, hooks.hooks) == (0, 1, [])
    assert "ssrf_blocked" in told.lines[0]


def test_no_line_shows_the_address_or_the_secret(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks, url=hooks.url + "?token=t0ken"))
    desk.store(later(0, 14))
    hooks.answer = lambda hook: 404
    lines = str([desk.deliver().lines, desk.states(), repr(desk.watch)])
    assert "t0ken" not in lines
    assert "s3cret" not in lines


def test_a_digest_joins_the_messages_of_a_run(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks, digest=Digest.RUN))
    desk.store(later(0, 14), later(1, 3, **KHARKIV))
    assert desk.deliver().sent == 2
    (hook,) = hooks.hooks
    assert [m["revision"] for m in row_of(hook)["messages"]] == [1, 1]
    assert desk.deliver().sent == 0


def test_a_digest_of_a_day_waits_for_the_next_day(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks, digest=Digest.DAY))
    desk.store(later(0, 14))
    assert desk.deliver().sent == 1
    desk.store(later(0, 14), later(1, 18), later(2, 3, **KHARKIV))
    desk.now = "2025-04-06T23:59:59Z"
    assert desk.deliver().sent == 0
    desk.now = "2025-04-07T00:00:00Z"
    assert desk.deliver().sent == 2
    assert len(hooks.hooks) == 2


# -- beginning ----------------------------------------------------------------------------------------------


def test_a_watch_that_begins_says_what_it_holds_back(ledger: Ledger, hooks: HookReceiver) -> None:
    store(ledger, [later(0, 14), later(1, 3, **KHARKIV)])
    desk = Desk(ledger)
    desk.watch = a_watch(channels=(webhook(hooks),))
    told = desk.deliver()
    assert (told.sent, hooks.hooks) == (0, [])
    assert "2 incidents that the ledger already holds are not told" in told.lines[0]
    assert desk.deliver().lines == []
    desk.store(later(0, 14), later(2, 18), later(1, 3, **KHARKIV))
    desk.deliver()
    assert [row_of(h)["event"] for h in hooks.hooks] == ["changed"]


def test_since_tells_what_the_ledger_holds(ledger: Ledger, hooks: HookReceiver) -> None:
    store(ledger, [later(0, 14)])
    desk = Desk(ledger, webhook(hooks))
    assert desk.deliver(since="2025-04-05").sent == 0
    assert desk.deliver(since="2025-04-04").sent == 1
    assert desk.deliver(since="2025-04-04").sent == 0


def test_a_dry_run_sends_and_writes_nothing(ledger: Ledger, hooks: HookReceiver, tmp_path: Path) -> None:
    feed = FileChannel("atom", "atom", str(tmp_path / "feed.xml"), "Feed")
    desk = Desk(ledger, webhook(hooks), feed)
    desk.store(later(0, 14))
    told = desk.deliver(is_dry=True)
    assert (told.due, told.sent, hooks.hooks, desk.states()) == (2, 0, [], [])
    assert "would send new: Kryvyi Rih (UA): 14 killed" in told.lines[0]
    assert not (tmp_path / "feed.xml").exists()


# -- mail ---------------------------------------------------------------------------------------------------


def test_the_mails_of_an_incident_are_one_thread(ledger: Ledger, mail: MailReceiver) -> None:
    desk = Desk(ledger, mailbox(mail, recipients=("a@example.org", "b@example.org")))
    for reports in ([later(0, 14)], [later(0, 14), later(1, 18)], [later(0, 14), later(1, 18), later(2, 20)]):
        desk.store(*reports)
        assert desk.deliver().sent == 1
    first, second, third = mail.mails
    assert "In-Reply-To" not in first
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
    assert second["Subject"] == third["Subject"] == f"Re: {first['Subject']}"
    assert "killed: 14 killed -> 18 killed" in second.get_content()
    assert len(mail.recipients) == 6


@pytest.mark.parametrize(
    ("command", "answer", "word"),
    [
        ("MAIL", "451 later", "451"),
        ("RCPT", "550 nobody", "every recipient was refused (550)"),
        ("BODY", "552 too large", "refused the message (552)"),
        ("EHLO", "", ""),
    ],
)
def test_a_mail_server_that_refuses_is_one_line(
    ledger: Ledger, mail: MailReceiver, command: str, answer: str, word: str
) -> None:
    if answer:
        mail.refusals[command] = answer
    desk = Desk(ledger, mailbox(mail))
    desk.store(later(0, 14))
    told = desk.deliver()
    assert (told.sent, told.failed) == ((0, 1) if answer else (1, 0))
    assert all(word in line for line in told.lines)
    mail.refusals.clear()
    desk.deliver()
    assert len(mail.mails) == 1


def test_a_fault_after_the_mail_was_taken_does_not_send_it_again(ledger: Ledger, mail: MailReceiver) -> None:
    mail.refusals["QUIT"] = "500 what"
    desk = Desk(ledger, mailbox(mail))
    desk.store(later(0, 14))
    assert [desk.deliver().sent, desk.deliver().sent, len(mail.mails)] == [1, 0, 1]


def test_one_refused_recipient_of_several_is_a_line_and_the_others_have_the_mail_once(
    ledger: Ledger, mail: MailReceiver
) -> None:
    mail.refusals["RCPT TO"] = "b@example.org"
    desk = Desk(ledger, mailbox(mail, recipients=("a@example.org", "b@example.org")))
    desk.store(later(0, 14))
    told = desk.deliver()
    assert (told.sent, told.failed, len(told.lines)) == (1, 0, 1)
    assert "refused 1 of the recipients" in told.lines[0]
    desk.deliver()
    assert len(mail.mails) == 1


def test_a_mail_server_gets_the_login(ledger: Ledger, mail: MailReceiver) -> None:
    desk = Desk(ledger, mailbox(mail, user="desk", password="pw"))
    desk.store(later(0, 14))
    desk.deliver()
    assert mail.logins == ["AGRlc2sAcHc="]  # NUL desk NUL pw


def test_a_mail_server_without_starttls_gets_no_mail_where_it_is_asked_for(
    ledger: Ledger, mail: MailReceiver
) -> None:
    desk = Desk(ledger, mailbox(mail, security=Security.STARTTLS))
    desk.store(later(0, 14))
    told = desk.deliver()
    assert (told.failed, mail.mails) == (1, [])
    assert "lacks what 'security'" in told.lines[0]


def test_a_digest_by_mail(ledger: Ledger, mail: MailReceiver) -> None:
    desk = Desk(ledger, mailbox(mail, digest=Digest.RUN))
    desk.store(later(0, 14), later(1, 3, **KHARKIV))
    desk.deliver()
    (message,) = mail.mails
    assert message["Subject"] == "[w] 2 messages"
    assert "Kharkiv (UA): 3 killed" in message.get_content()


# -- files --------------------------------------------------------------------------------------------------


def test_a_feed_keeps_the_id_of_an_incident_and_is_written_only_where_something_is_due(
    ledger: Ledger, tmp_path: Path
) -> None:
    path = tmp_path / "feeds" / "feed.json"
    desk = Desk(ledger, FileChannel("json", "json_feed", str(path), "Feed"))
    desk.store(later(0, 14))
    desk.deliver()
    (first,) = json.loads(path.read_text())["items"]
    desk.store(later(0, 14), later(1, 18))
    desk.now = "2025-04-06T12:00:00Z"
    desk.deliver()
    (second,) = json.loads(path.read_text())["items"]
    assert (second["id"], second["date_published"]) == (first["id"], first["date_published"])
    assert second["date_modified"] == "2025-04-06T12:00:00Z"
    before = path.stat().st_mtime_ns
    desk.deliver()
    assert path.stat().st_mtime_ns == before
    path.unlink()
    assert desk.deliver().sent == 0
    assert json.loads(path.read_text())["items"] == [second]


def test_a_file_that_cannot_be_written_is_one_line_and_is_tried_again(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    channel = FileChannel("atom", "atom", str(tmp_path / "file" / "feed.xml"), "Feed")
    desk = Desk(ledger, channel)
    desk.store(later(0, 14))
    told = desk.deliver()
    assert (told.sent, told.failed, len(told.lines)) == (0, 1, 1)
    (tmp_path / "file").unlink()
    assert desk.deliver().sent == 1


# -- the state ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OSError("no space on the device"), WarehouseError("it is gone")])
def test_nothing_is_sent_that_cannot_be_marked(
    ledger: Ledger, hooks: HookReceiver, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    desk = Desk(ledger, webhook(hooks), webhook(hooks, name="second"))
    desk.store(later(0, 14))

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(deliver, "save_deliveries", fail)
        told = desk.deliver()
    assert (told.sent, told.failed, hooks.hooks, len(told.lines)) == (0, 2, [], 2)
    assert desk.deliver().sent == 2


def test_a_fault_of_our_own_in_one_channel_silences_no_other_and_shows_no_secret(
    ledger: Ledger, hooks: HookReceiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = FileChannel("atom", "atom", str(tmp_path / "feed.xml"), "Feed")
    desk = Desk(ledger, webhook(hooks), feed)
    desk.store(later(0, 14))

    def break_down(*_: object) -> None:
        raise RuntimeError("s3cret")

    with monkeypatch.context() as patched:
        patched.setattr(deliver, "post", break_down)
        told = desk.deliver()
    assert (told.sent, told.failed) == (1, 1)
    assert told.lines == ["watch 'w', webhook: RuntimeError; 1 messages wait for the next time"]
    assert desk.deliver().sent == 1


def test_two_watches_do_not_share_a_state(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, webhook(hooks))
    other = a_watch(name="v", conditions=Conditions(killed_at_least=10), channels=desk.watch.channels)
    delivery = Delivery(lambda: open_warehouse(ledger.url), GUARD, "watch-1", lambda: desk.now)
    begin_watches([other], delivery)
    desk.store(later(0, 14), later(1, 3, **KHARKIV))
    assert deliver_alerts([desk.watch, other], delivery).sent == 3
