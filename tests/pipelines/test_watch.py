"""``watch`` from the command line: messages, exit statuses, kills, and runs split in any way."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from receivers import HookReceiver, receiving_hooks, receiving_mail
from sample_records import a_report
from store_reports import store

from pipelines.cli import main
from schemas.records import Report
from transforms.warehouse import open_warehouse

ROOT = Path(__file__).parents[2]
Captured = pytest.CaptureFixture[str]
PLACES = [("Kryvyi Rih", 703845, 47.9, 33.4), ("Kharkiv", 706483, 49.98, 36.25), ("Odesa", 698740, 46.48, 30.73),
          ("Sumy", 692194, 50.91, 34.8), ("Kherson", 706448, 46.65, 32.61), ("Zaporizhzhia", 687700, 47.82, 35.19)]  # fmt: skip


def a_strike(place: int, n: int, killed: int, **change: Any) -> Report:
    location, geonameid, latitude, longitude = PLACES[place]
    return a_report(
        n, article_url=f"https://outlet-{n}.example/{place}/{n}", location=location, geonameid=geonameid,
        latitude=latitude, longitude=longitude, fatalities_low=killed, fatalities_best=killed, fatalities_high=killed,
        **change,
    )  # fmt: skip


@pytest.fixture
def hooks() -> Iterator[HookReceiver]:
    with receiving_hooks() as receiver:
        yield receiver


class Desk:
    """A ledger and a file of watches with a webhook and a feed."""

    def __init__(self, ledger: Ledger, hooks: HookReceiver, **conditions: Any) -> None:
        self.ledger, self.hooks = ledger, hooks
        self.feed = ledger.folder / "alerts.json"
        self.file = ledger.folder / "watches.yaml"
        channels = [
            {"kind": "webhook", "url": hooks.url, "secret_env": "HOOK_SECRET"},
            {"kind": "json_feed", "path": str(self.feed)},
        ]
        self.file.write_text(json.dumps({"watches": [{"name": "desk", **conditions, "channels": channels}]}))
        os.environ["HOOK_SECRET"] = "s3cret"
        with open_warehouse(ledger.url) as warehouse:
            warehouse.ensure()

    def arguments(self, *more: str) -> list[str]:
        return ["watch", "--watches", str(self.file), "--warehouse", self.ledger.url,
                "--allow-host", "127.0.0.1", *more]  # fmt: skip

    def watch(self, *more: str) -> int:
        return main(self.arguments(*more))

    def store(self, reports: Sequence[Report]) -> None:
        store(self.ledger, list(reports), replaces=True)

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(hook.body) for hook in self.hooks.hooks]


def test_a_correction_is_told_with_who_why_and_source(ledger: Ledger, hooks: HookReceiver) -> None:
    desk = Desk(ledger, hooks)
    assert desk.watch() == 0
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 2)])
    assert desk.watch() == 0
    first, second = (f"i-{a_strike(n, n, k).report_id}" for n, k in ((0, 4), (1, 2)))
    why = ["--why", "hospital list", "--source", "https://hospital.example/list", "--by", "anna"]
    for decision in ([first, "--set", "killed=6"], [second, "--reject"]):
        assert main(["correct", *decision, *why, "--warehouse", ledger.url]) == 0
    assert desk.watch() == 0
    told = {row["incident_id"]: row for row in desk.rows()[-2:]}
    assert {row["event"] for row in told.values()} == {"corrected"}
    for incident in (first, second):
        made = told[incident]["context"]["corrections"]
        assert {(c["made_by"], c["why"], c["source_url"]) for c in made} == {
            ("anna", "hospital list", "https://hospital.example/list")
        }
    texts = [item["content_text"] for item in json.loads(desk.feed.read_text())["items"]]
    assert any("Corrected by anna" in text and "killed=6; why: hospital list" in text for text in texts)
    assert any(
        "Rejected by anna" in text and "source: https://hospital.example/list" in text for text in texts
    )
    assert main(["correct", first, "--undo", "last", *why, "--warehouse", ledger.url]) == 0
    assert desk.watch() == 0
    assert desk.rows()[-1]["context"]["corrections"] == []


def test_an_actor_that_no_report_names_is_told_of_and_an_unknown_country_is_an_error(
    ledger: Ledger, hooks: HookReceiver, capsys: Captured
) -> None:
    assert Desk(ledger, hooks, actor=["Russia", "IDF"]).watch() == 0
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "actor" in line]
    assert "'idf'" in line and "'Israel' is the name that reports have" in line
    assert Desk(ledger, hooks, country="UK").watch() == 2
    error = capsys.readouterr().err
    assert "for United Kingdom write GB" in error and error.count("\n") == 1


def test_a_new_watch_is_quiet_and_then_tells_what_is_new(
    ledger: Ledger, hooks: HookReceiver, capsys: Captured
) -> None:
    desk = Desk(ledger, hooks)
    desk.store([a_strike(0, 0, 4)])
    assert desk.watch() == 0
    shown = capsys.readouterr()
    assert shown.out == "alerts     0 sent\n"
    assert shown.err.count("1 incidents that the ledger already holds are not told") == 2
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 7)])
    assert desk.watch() == 0
    assert capsys.readouterr().out == "alerts     2 sent\n"
    assert [row["incident"]["location"] for row in desk.rows()] == ["Kharkiv"]
    assert desk.watch("--since", "2025-04-01") == 0
    assert [row["incident"]["location"] for row in desk.rows()] == ["Kharkiv", "Kryvyi Rih"]
    assert len(json.loads(desk.feed.read_text())["items"]) == 2


def test_a_dry_run_prints_what_is_due(ledger: Ledger, hooks: HookReceiver, capsys: Captured) -> None:
    desk = Desk(ledger, hooks, killed_at_least=5)
    desk.watch()
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 7)])
    capsys.readouterr()
    assert desk.watch("--dry-run") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(
        "watch 'desk', webhook: would send new: Kharkiv (UA): 7 killed; ballistic missile"
    )
    assert out[-1] == "alerts     2 due, nothing sent"
    assert (hooks.hooks, desk.feed.exists()) == ([], True)  # the feed is the empty one of the first time


def test_a_channel_that_fails_leaves_the_status_and_the_others_alone(
    ledger: Ledger, hooks: HookReceiver, capsys: Captured
) -> None:
    desk = Desk(ledger, hooks)
    desk.watch()
    desk.store([a_strike(0, 0, 4)])
    hooks.answer = lambda hook: 404
    capsys.readouterr()
    assert desk.watch() == 0
    shown = capsys.readouterr()
    assert shown.out == "alerts     1 sent, 1 failed\n"
    assert shown.err == "watch 'desk', webhook: HTTP 404; 1 messages wait for the next time\n"
    assert desk.watch() == 1  # something was due and nothing could be sent


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--since", "yesterday"], "--since takes a date such as 2025-04-01, not 'yesterday'"),
        (["--allow-host", "http://x/"], "--allow-host: not a host"),
        (["--watches", "missing.yaml"], "no file of watches at missing.yaml"),
    ],
)
def test_unusable_arguments_are_one_line(
    ledger: Ledger, hooks: HookReceiver, capsys: Captured, arguments: list[str], message: str
) -> None:
    assert Desk(ledger, hooks).watch(*arguments) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_missing_warehouse_is_not_created(ledger: Ledger, hooks: HookReceiver, capsys: Captured) -> None:
    desk = Desk(ledger, hooks)
    other = f"duckdb:///{ledger.folder}/other.duckdb"
    assert main(["watch", "--watches", str(desk.file), "--warehouse", other]) == 1
    assert "no warehouse at" in capsys.readouterr().err
    assert not (ledger.folder / "other.duckdb").exists()


def test_a_status_of_the_ledger_is_obeyed(ledger: Ledger, hooks: HookReceiver) -> None:
    """An incident in review is not told, a corrected one is."""
    desk = Desk(ledger, hooks)
    desk.watch()
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 7)])
    with open_warehouse(ledger.url) as warehouse:
        warehouse.execute("UPDATE incidents_v1 SET status = 'needs_review' WHERE location = 'Kharkiv'")
    desk.watch()
    assert [(r["incident"]["location"], r["event"]) for r in desk.rows()] == [("Kryvyi Rih", "new")]
    with open_warehouse(ledger.url) as warehouse:
        warehouse.execute("UPDATE incidents_v1 SET status = 'corrected', fatalities_low = 9 WHERE TRUE")
    desk.watch()
    assert sorted((r["incident"]["location"], r["event"]) for r in desk.rows()[1:]) == [
        ("Kharkiv", "new"), ("Kryvyi Rih", "corrected"),
    ]  # fmt: skip
    with open_warehouse(ledger.url) as warehouse:
        warehouse.execute("UPDATE incidents_v1 SET status = 'rejected' WHERE location = 'Kharkiv'")
    desk.watch()
    assert (desk.rows()[-1]["event"], desk.rows()[-1]["withdrawn"]) == (
        "corrected",
        "a person rejected this incident",
    )


# -- kills --------------------------------------------------------------------------------------------------


def killed(desk: Desk, point: str) -> int:
    """Run ``watch`` in a process of its own that is killed at a point; return its status."""
    return start(desk, point).wait(60)


def check_signatures(hooks: HookReceiver) -> None:
    for hook in hooks.hooks:
        signed = hook.headers["X-Strikeledger-Timestamp"].encode() + b"." + hook.body
        wanted = hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
        assert hook.headers["X-Strikeledger-Signature"] == f"sha256={wanted}"


def test_kills_right_after_each_sending_send_every_message_twice_and_none_a_third_time(
    ledger: Ledger, hooks: HookReceiver, capsys: Captured
) -> None:
    desk = Desk(ledger, hooks)
    desk.watch()
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 7)])
    for _ in range(5):
        killed(desk, "sent:1")
    capsys.readouterr()
    assert desk.watch() == 0
    keys = Counter(hook.headers["Idempotency-Key"] for hook in hooks.hooks)
    assert list(keys.values()) == [2, 2]
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 7), a_strike(0, 2, 9)])
    desk.watch()
    assert [(row["event"], row["revision"]) for row in desk.rows()[4:]] == [("changed", 2)]


@pytest.mark.parametrize(("point", "times"), [("sent:1", [2, 1]), ("marked:1", [1, 1]), ("sent:2", [1, 2])])
def test_a_kill_between_sending_and_marking_sends_one_message_twice(
    ledger: Ledger, hooks: HookReceiver, point: str, times: list[int]
) -> None:
    desk = Desk(ledger, hooks)
    desk.watch()
    desk.store([a_strike(0, 0, 4), a_strike(1, 1, 7)])
    assert killed(desk, point) == -signal.SIGKILL
    desk.watch()
    desk.watch()
    keys = Counter(hook.headers["Idempotency-Key"] for hook in hooks.hooks)
    assert list(keys.values()) == times
    bodies = {hook.headers["Idempotency-Key"]: hook.body for hook in hooks.hooks}
    assert all(bodies[hook.headers["Idempotency-Key"]] == hook.body for hook in hooks.hooks)
    assert len(json.loads(desk.feed.read_text())["items"]) == 2


def start(desk: Desk, point: str) -> subprocess.Popen[bytes]:
    """Start ``watch`` in a process of its own that is killed at a point."""
    command = [sys.executable, str(ROOT / "tests/support/watch_and_die.py"), point, *desk.arguments()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOOK_SECRET": "s3cret"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_while_it_sends(desk: Desk, after_hooks: int, delay_s: float) -> None:
    """Kill the process some time after it has sent a number of webhooks, or let it end."""
    sent = len(desk.hooks.hooks)
    process = start(desk, "after:60")
    while process.poll() is None and len(desk.hooks.hooks) < sent + after_hooks:
        time.sleep(0.001)
    time.sleep(delay_s)
    process.kill()
    process.wait()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_twenty_kills_at_random_moments_lose_no_alert_and_tell_none_more_than_twice(
    ledger: Ledger, hooks: HookReceiver
) -> None:
    desk = Desk(ledger, hooks)
    desk.watch()
    dice = random.Random(7)
    reports: list[Report] = []
    for n in range(20):
        # Each round brings three new strikes. Half of the processes die at a time, half while they send.
        day = f"2025-03-{1 + n:02d}"
        reports += [_strike_of_day(place, n, day) for place in range(3)]
        desk.store(reports)
        if n % 2:
            process = start(desk, f"after:{dice.uniform(0.0, 2.0):.3f}")
            process.wait(60)
        else:
            kill_while_it_sends(desk, dice.randint(1, 3), dice.uniform(0.0, 0.05))
    assert desk.watch() == 0
    told = Counter(row["incident_id"] for row in desk.rows())
    wanted = {row["incident_id"] for row in ledger.rows("SELECT incident_id FROM incidents")}
    assert len(wanted) == 60
    assert set(told) == wanted
    assert max(told.values()) <= 2
    keys = {
        (row["incident_id"], hook.headers["Idempotency-Key"])
        for row, hook in zip(desk.rows(), hooks.hooks, strict=True)
    }
    assert len(keys) == 60
    check_signatures(hooks)
    assert len(json.loads(desk.feed.read_text())["items"]) == 60


def _strike_of_day(place: int, n: int, day: str) -> Report:
    strike = a_strike(place, n, 1 + n)
    return dataclasses.replace(
        strike, report_id=f"{strike.report_id[:12]}{n:08d}", article_url=f"{strike.article_url}/{n}",
        event_date_start=dt.date.fromisoformat(day), event_date_end=dt.date.fromisoformat(day),
        published_at=f"{day}T12:00:00Z",
    )  # fmt: skip


# -- any split of runs tells the same -----------------------------------------------------------------------


def final_content(desk: Desk) -> dict[str, dict[str, Any]]:
    """Return what a reader of the webhooks believes at the end: facts by the current id of the incident."""
    last = {row["thread_id"]: row for row in desk.rows()}
    current = {
        row["incident_id"]: row["incident_id"] if row["is_current"] else row["superseded_by"]
        for row in desk.ledger.rows("SELECT incident_id, is_current, superseded_by FROM incidents_all")
    }
    return {current[thread]: row["incident"] for thread, row in last.items() if row["withdrawn"] is None}


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 6))])
def test_any_split_of_runs_tells_the_same_final_content(
    tmp_path: Path, hooks: HookReceiver, seed: int
) -> None:
    reports = [a_strike(place, n, (3 * n + place) % 11) for place in range(3) for n in range(4)]
    final = []
    for split in (1, 2, 4):
        folder = tmp_path / str(split)
        folder.mkdir()
        hooks.hooks.clear()
        desk = Desk(Ledger(folder), hooks, killed_at_least=5)
        desk.watch()
        order = reports.copy()
        random.Random(seed).shuffle(order)
        for n in range(1, split + 1):
            desk.store(order[: len(order) * n // split])
            assert desk.watch() in (0, 1)
        final.append(final_content(desk))
        in_ledger = {
            r["incident_id"]
            for r in desk.ledger.rows("SELECT incident_id FROM incidents WHERE fatalities_best >= 5")
        }
        assert set(final[-1]) == in_ledger
    assert final[0] == final[1] == final[2]
    assert final[0]


# -- after a run ----------------------------------------------------------------------------------------------


def test_a_run_delivers_alerts_and_a_failure_of_theirs_is_none_of_the_run(
    ledger: Ledger, hooks: HookReceiver, feeds: list[str], capsys: Captured
) -> None:
    desk = Desk(ledger, hooks)
    listed = ledger.folder / "feeds.txt"
    listed.write_text("\n".join(feeds))
    with receiving_mail():
        assert main([*ledger.run_arguments(str(listed)), "--watches", str(desk.file)]) == 0
    shown = capsys.readouterr()
    number = len(ledger.rows("SELECT incident_id FROM incidents_publishable"))
    assert f"alerts     {2 * number} sent" in shown.out
    assert {row["incident_id"] for row in desk.rows()} == {
        r["incident_id"] for r in ledger.rows("SELECT incident_id FROM incidents_publishable")
    }
    desk.feed.unlink()
    desk.feed.mkdir()  # the file can no longer be written
    assert main([*ledger.run_arguments(str(listed)), "--watches", str(desk.file)]) == 0


def test_a_run_with_an_unusable_file_of_watches_does_not_begin(
    ledger: Ledger, feeds: list[str], capsys: Captured
) -> None:
    listed = ledger.folder / "feeds.txt"
    listed.write_text("\n".join(feeds))
    (ledger.folder / "w.yaml").write_text("watches: []")
    assert main([*ledger.run_arguments(str(listed)), "--watches", str(ledger.folder / "w.yaml")]) == 2
    assert "a list of watches is expected" in capsys.readouterr().err
    assert not (ledger.folder / "ledger.duckdb").exists()
