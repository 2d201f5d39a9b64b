"""The second reader in the commands: its rows come after ours, change none of them, and are never asked for twice."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving
from reader_endpoint import (
    Reply,
    Request,
    article_in,
    completion,
    reports,
    serving_reader,
    settings_for,
)
from sample_records import a_newsroom_article, an_article

from pipelines.cli import main
from pipelines.ingest import new_run
from pipelines.jobs import read_stored_again
from pipelines.second_reader_options import ChosenReader
from schemas.identity import sha256_hex
from schemas.records import Article
from transforms.ledger.load import load_run
from transforms.ledger.staged_rows import incident_rows, plain_rows
from transforms.nlp.reports import extract_reports
from transforms.resolution.resolve import resolve_incidents
from transforms.storage.staged import write_staged
from transforms.warehouse import WarehouseBusy, open_warehouse

Captured = pytest.CaptureFixture[str]
LEAD = (
    "A Russian ballistic missile hit an apartment building in Kharkiv on Thursday evening, killing {killed} people "
    "and injuring 31 others, Kharkiv mayor Ihor Terekhov said."
)
KILLED = (5, 6, 7)


def a_reading(killed: int, weapon: str = "ballistic_missile", place: str = "Kharkiv") -> dict[str, Any]:
    """Return a raw report of the story that the newsroom tells with this number of killed."""
    lead = LEAD.format(killed=killed)
    return {
        "location": {"name": place, "country": "UA", "sentence": lead},
        "event_date": {"start": "2025-04-03", "end": "2025-04-03", "sentence": lead},
        "weapon": {"value": weapon, "sentence": lead},
        "weapon_name": None,
        "actor": {"value": "Russia", "sentence": lead},
        "targets": [{"value": "residential", "sentence": lead}],
        "fatalities": {"low": killed, "best": killed, "high": killed, "sentence": lead},
        "injured": {"low": 31, "best": 31, "high": 31, "sentence": lead},
        "child_fatalities": None,
        "child_injured": None,
        "sublocation": None,
        "event_time": {"value": "evening", "sentence": lead},
        "claim_status": None,
        "is_main": True,
    }


def killed_in(request: Request) -> int:
    """Return the number of killed in the headline of a story."""
    return int(article_in(request)["headline"].split()[2])


def a_story(killed: int) -> Article:
    text = LEAD.format(killed=killed)
    return an_article(
        f"Missile kills {killed} in Kharkiv", text, "2025-04-04T08:00:00Z",
        article_url=f"https://a.example/{killed}", text_sha256=sha256_hex(text.encode()),
    )  # fmt: skip


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a DuckDB file with three stories, their reports and the incident, as a run writes them."""
    folder = tmp_path_factory.mktemp("stored")
    ledger = Ledger(folder)
    extracted = list(extract_reports([a_story(killed) for killed in KILLED]))
    found = [report for _, reports_of_one in extracted for report in reports_of_one]
    assert len(found) == 3
    rows: dict[str, list[Any]] = {}
    for kind, records in (("articles_v1", [article for article, _ in extracted]), ("reports_v1", found)):
        for record in records:
            rows.setdefault(kind, []).extend(row for _, row in plain_rows(kind)(record))
    for resolved in resolve_incidents(found):
        for kind, row in incident_rows(resolved):
            rows.setdefault(kind, []).append(row)
    files = [write_staged(str(folder / "staged"), kind, some) for kind, some in rows.items()]
    with open_warehouse(ledger.url) as warehouse:
        warehouse.ensure()
        load_run(warehouse, new_run(), files, "test")
    return folder / "ledger.duckdb"


@pytest.fixture
def desk(ledger: Ledger, stored: Path) -> Ledger:
    """Return a ledger of its own with the three stories."""
    shutil.copy(stored, ledger.folder / "ledger.duckdb")
    return ledger


def read_stored(ledger: Ledger, base: str, since: str | None = None, **settings: Any) -> str:
    """Let the second reader read what is stored; return its summary."""
    reader = ChosenReader(settings_for(base, **settings), since)
    return "\n".join(read_stored_again(ledger.url, None, reader))


def right_answer(request: Request) -> Reply:
    return reports(a_reading(killed_in(request)))


def reader_file(folder: Path, base: str, **keys: Any) -> str:
    path = folder / "reader.yaml"
    lines = {
        "url": base,
        "model": "test-model",
        "scope": "gated",
        "since": "2025-01-01",
        "timeout": 5,
        **keys,
    }
    path.write_text("".join(f"{name}: {value}\n" for name, value in lines.items() if value is not None))
    return str(path)


# -- what is stored -----------------------------------------------------------------------------------


def test_stored_articles_are_read_once_and_nothing_of_ours_changes(desk: Ledger) -> None:
    before = desk.tables()
    with serving_reader(right_answer) as endpoint:
        prices = {"price_in": 1.0, "price_out": 10.0}
        summary = read_stored(desk, endpoint.base, **prices)
        assert "second reader  3 articles = 3 read + 0 dropped + 0 failed + 0 left for a later run" in summary
        assert "3 reports; 3 requests, 3000 tokens sent, 300 received, cost 0.0060" in summary
        readings = desk.rows("SELECT * FROM second_readings_v1 ORDER BY article_url")
        assert "0 articles = 0 read" in read_stored(desk, endpoint.base, **prices)
    assert len(endpoint.asked) == 3
    assert desk.rows("SELECT * FROM second_readings_v1 ORDER BY article_url") == readings
    rows = desk.rows("SELECT * FROM second_reports ORDER BY fatalities_low")
    assert [row["fatalities_low"] for row in rows] == list(KILLED)
    assert {row["report_id"] for row in rows} == {row["report_id"] for row in before["reports_v1"]}
    assert desk.tables() == before
    assert desk.rows("SELECT * FROM second_reader_disagreements") == []
    assert not (desk.folder / "ledger.duckdb.staging").exists() or not any(
        (desk.folder / "ledger.duckdb.staging").iterdir()
    )


def test_the_order_of_reading_changes_no_second_report(desk: Ledger, stored: Path, tmp_path: Path) -> None:
    """All at once, or one after another in three runs: the same second reports."""
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other")
    shutil.copy(stored, other.folder / "ledger.duckdb")
    with serving_reader(right_answer) as endpoint:
        read_stored(desk, endpoint.base)
        for _ in KILLED:
            read_stored(other, endpoint.base, requests=1)
    sql = "SELECT * FROM second_reports ORDER BY report_id"
    assert desk.rows(sql) == other.rows(sql)
    assert len(desk.rows(sql)) == 3


def test_another_model_reads_anew_beside_the_first(desk: Ledger) -> None:
    with serving_reader(right_answer) as endpoint:
        read_stored(desk, endpoint.base)
        read_stored(desk, endpoint.base, request={"seed": 1})
    assert len(endpoint.asked) == 6
    assert len(desk.rows("SELECT DISTINCT reader FROM second_reports")) == 2


def test_what_is_over_the_budget_is_read_by_a_later_run(desk: Ledger) -> None:
    with serving_reader(right_answer) as endpoint:
        summary = read_stored(desk, endpoint.base, requests=2)
        assert "3 articles = 2 read + 0 dropped + 0 failed + 1 left for a later run" in summary
        assert "left: 1 over budget" in summary
        assert "1 articles = 1 read" in read_stored(desk, endpoint.base, requests=2)
    assert sorted(endpoint.headlines) == [f"Missile kills {n} in Kharkiv" for n in KILLED]


@pytest.mark.parametrize("kind", ["dead", "silent", "broken"])
def test_an_endpoint_that_is_of_no_use_changes_no_row(desk: Ledger, kind: str) -> None:
    before = desk.tables()
    reply = {"silent": Reply(b"", delay_s=2.0), "broken": Reply(b"<html>", 502)}.get(kind, Reply())
    with serving_reader(lambda _: reply) as endpoint, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        summary = read_stored(desk, dead if kind == "dead" else endpoint.base, endpoint={"timeout_s": 0.3})
    reason = {"dead": "no connection", "silent": "deadline", "broken": "server error"}[kind]
    assert "3 articles = 0 read + 0 dropped + 0 failed + 3 left for a later run" in summary
    assert f"left: 3 {reason}" in summary
    assert desk.tables() == before
    assert desk.rows("SELECT * FROM second_readings_v1") == []


def test_an_article_that_fails_is_tried_three_times_in_all(desk: Ledger) -> None:
    def reply(request: Request) -> Reply:
        return completion("no JSON") if killed_in(request) == 6 else reports()

    with serving_reader(reply) as endpoint:
        for _ in range(5):
            read_stored(desk, endpoint.base)
    (failed,) = desk.rows("SELECT * FROM second_readings WHERE outcome = 'failed'")
    assert (failed["attempts"], failed["reason"]) == (3, "invalid_answer")
    assert len(endpoint.asked) == 2 + 3 * 2  # each attempt with its one repair


def test_only_what_is_doubtful_is_read(desk: Ledger) -> None:
    confidence = sorted(row["confidence"] for row in desk.rows("SELECT confidence FROM reports"))
    with serving_reader(lambda _: reports()) as endpoint:
        for limit in (0.0, confidence[0] + 0.001, 1.0):
            read_stored(desk, endpoint.base, scope="doubtful", confidence_below=limit)
            assert len(endpoint.asked) == sum(c < limit for c in confidence)


def test_nothing_published_before_the_date_is_sent(desk: Ledger) -> None:
    with serving_reader(lambda _: reports()) as endpoint:
        read_stored(desk, endpoint.base, since="2025-04-05")
        assert endpoint.asked == []
        read_stored(desk, endpoint.base, since="2025-04-04")
    assert len(endpoint.asked) == 3


def test_many_articles_are_written_in_parts_and_what_is_left_is_counted(
    desk: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.second_pass._CHUNK_ARTICLES", 1)
    with serving_reader(right_answer) as endpoint:
        summary = read_stored(desk, endpoint.base, requests=1)
        assert "3 articles = 1 read + 0 dropped + 0 failed + 2 left for a later run" in summary
        assert "2 articles = 2 read" in read_stored(desk, endpoint.base)
    assert len(desk.rows("SELECT * FROM second_readings")) == 3


def test_one_fault_of_the_endpoint_does_not_end_the_run(
    desk: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.second_pass._CHUNK_ARTICLES", 2)
    order = iter([Reply(b"", 503)])

    def reply(request: Request) -> Reply:
        return next(order, right_answer(request))

    with serving_reader(reply) as endpoint:
        summary = read_stored(desk, endpoint.base, parallel=1)
    assert "3 articles = 2 read + 0 dropped + 0 failed + 1 left for a later run" in summary


def test_a_contradiction_is_in_the_view_and_in_explain(desk: Ledger, capsys: Captured) -> None:
    """The reader takes the injured of one story for its dead, and finds nothing in the two others."""

    def reply(request: Request) -> Reply:
        if killed_in(request) != 5:
            return reports()
        wrong = {"low": 31, "best": 31, "high": 31, "sentence": LEAD.format(killed=5)}
        return reports({**a_reading(5, "drone"), "fatalities": wrong})

    with serving_reader(reply) as endpoint:
        read_stored(desk, endpoint.base)
    rows = desk.rows("SELECT * FROM second_reader_disagreements ORDER BY field, article_url")
    assert [(row["flag"], row["ours"], row["theirs"]) for row in rows] == [
        ("second_reader_disagrees:fatalities_low", "5", "31"),
        ("second_reader_disagrees:location", "Kharkiv", None),
        ("second_reader_disagrees:location", "Kharkiv", None),
    ]  # "drone" is not in its sentence, so it is no value of the second reader
    for what in (rows[0]["article_url"], rows[0]["report_id"]):
        assert main(["explain", what, "--warehouse", desk.url]) == 0
        out = capsys.readouterr().out
        assert f"second reader, report {rows[0]['report_id']}" in out
        assert any(line.split()[:3] == ["killed", "31", "disagrees"] for line in out.splitlines())
    assert main(["explain", rows[1]["article_url"], "--warehouse", desk.url]) == 0
    out = capsys.readouterr().out
    assert "read, 0 reports" in out
    assert "only one of both reports this incident: ours Kharkiv, second reader –" in out


def test_a_ledger_that_an_older_version_made_is_explained_as_before(desk: Ledger, capsys: Captured) -> None:
    with open_warehouse(desk.url) as warehouse:
        for view in ("second_reader_disagreements", "second_reports", "second_readings"):
            warehouse.execute(f"DROP VIEW {view}")
        for table in ("second_reports_v1", "second_readings_v1"):
            warehouse.execute(f"DROP TABLE {table}")
    assert main(["explain", a_story(5).article_url, "--warehouse", desk.url]) == 0
    assert "second reader" not in capsys.readouterr().out
    with serving_reader(right_answer) as endpoint:  # the tables are made where they are missing
        assert "3 articles = 3 read" in read_stored(desk, endpoint.base)


def test_a_warehouse_that_refuses_is_said_and_what_was_read_is_read_again(
    desk: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise WarehouseBusy("another process holds the file")

    with serving_reader(right_answer) as endpoint:
        with monkeypatch.context() as patch:
            patch.setattr("pipelines.second_pass.load_second_readings", refuse)
            summary = read_stored(desk, endpoint.base)
        assert summary == "second reader  stopped: another process holds the file"
        assert desk.rows("SELECT * FROM second_readings_v1") == []
        assert "3 articles = 3 read" in read_stored(desk, endpoint.base)


A_PAIR = {
    "event_date_start": dt.date(2025, 4, 3), "event_date_end": dt.date(2025, 4, 3), "weapon": "missile",
    "actor": "Russia", "claim_status": "reported", "fatalities_low": 5, "fatalities_best": 5, "fatalities_high": 5,
    "injured_low": 31, "injured_best": 31, "injured_high": 31, "child_fatalities": 1, "child_injured": None,
}  # fmt: skip
DISAGREEMENTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"event_date_start": dt.date(2025, 4, 2)}, []),  # the days overlap
    ({"event_date_start": dt.date(2025, 4, 1), "event_date_end": dt.date(2025, 4, 2)}, ["event_date_start"]),
    ({"event_date_start": None, "event_date_end": None}, []),
    ({"weapon": "ballistic_missile"}, []),  # of one family
    ({"weapon": "unknown"}, []),
    ({"weapon": "mixed"}, []),
    ({"weapon": "drone"}, ["weapon"]),
    ({"actor": None}, []),
    ({"actor": "Ukraine"}, ["actor"]),
    ({"claim_status": "disputed"}, ["claim_status"]),
    ({"fatalities_low": 4, "fatalities_best": 4, "fatalities_high": None}, []),  # at least four
    ({"fatalities_low": 6, "fatalities_best": 6, "fatalities_high": None}, ["fatalities_low"]),
    ({"fatalities_low": 0, "fatalities_best": 5, "fatalities_high": 5}, []),  # up to five
    ({"fatalities_low": 0, "fatalities_best": 0, "fatalities_high": 0}, ["fatalities_low"]),
    ({"fatalities_low": None, "fatalities_best": None, "fatalities_high": None}, []),
    ({"injured_low": 30, "injured_best": 30, "injured_high": 30}, ["injured_low"]),
    ({"child_fatalities": 2, "child_injured": 3}, ["child_fatalities"]),
]


@pytest.mark.parametrize(("theirs", "fields"), DISAGREEMENTS)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_what_counts_as_a_contradiction(
    tmp_path: Path, theirs: dict[str, Any], fields: list[str], is_swapped: bool
) -> None:
    values = [A_PAIR, {**A_PAIR, **theirs}]
    ours, second = reversed(values) if is_swapped else values
    with open_warehouse(f"duckdb:///{tmp_path}/x.duckdb") as warehouse:
        warehouse.ensure()
        for table, row in (("reports_v1", ours), ("second_reports_v1", {**second, "reader": "r"})):
            columns = {
                "report_id": "1",
                "article_url": "u",
                "article_version": 1,
                "location": "Kharkiv",
                **row,
            }
            names = ", ".join(columns)
            marks = ", ".join(f"@{name}" for name in columns)
            known = {name: value for name, value in columns.items() if value is not None}
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            for name in columns.keys() - known.keys():
                sql = sql.replace(f"@{name},", "NULL,").replace(f"@{name})", "NULL)")
            warehouse.execute(sql, known)
        rows = warehouse.query("SELECT field FROM second_reader_disagreements ORDER BY field")
    assert [row["field"] for row in rows] == fields


# -- the commands -------------------------------------------------------------------------------------


def test_run_and_reextract_read_again_once_their_rows_are_written(
    ledger: Ledger, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key comes from the environment and is shown nowhere, also where the endpoint repeats it."""
    monkeypatch.setenv("READER_KEY", "sk-secret")
    room = Newsroom([a_newsroom_article(5, 1, 1)])
    feeds = ledger.folder / "feeds.txt"
    with serving(room) as base, serving_reader(lambda _: Reply(b"bad key sk-secret", 401)) as endpoint:
        feeds.write_text("\n".join(feeds_of(room, base)))
        file = reader_file(ledger.folder, endpoint.base, key_env="READER_KEY")
        monkeypatch.setenv("STRIKELEDGER_SECOND_READER", file)
        assert main([*ledger.run_arguments(str(feeds)), "--debug"]) == 0
        captured = capsys.readouterr()
        assert "entries    1 in = 1 written" in captured.out
        assert "left: 1 unauthorized" in captured.out
        assert endpoint.keys == ["Bearer sk-secret"]
        assert "sk-secret" not in captured.out + captured.err
        assert b"sk-secret" not in (ledger.folder / "ledger.duckdb").read_bytes()
        endpoint.reply = lambda _: reports()
        assert main(["reextract", "--second-reader", file, "--warehouse", ledger.url]) == 0
    out = capsys.readouterr().out
    assert "nothing to do" in out  # nothing to extract again is no failure
    assert "1 articles = 1 read" in out
    assert len(ledger.rows("SELECT * FROM second_readings")) == 1


@pytest.mark.parametrize(
    ("keys", "arguments", "message"),
    [
        ({"since": None}, [], "since is missing"),
        ({"url": "nowhere"}, [], "url must be an http or https URL"),
        ({"sope": "all"}, [], "unknown key 'sope'"),
        ({}, ["--second-reader-scope", "all"], "'all' is not one of"),
        ({}, ["--second-reader", "missing.yaml"], "can't read missing.yaml"),
        ({}, ["--every", "1h", "--", "--runner=FlinkRunner", "--streaming"], "a stream has no second reader"),
    ],
)
def test_an_unusable_choice_is_one_line_and_status_2(
    ledger: Ledger, capsys: Captured, keys: dict[str, Any], arguments: list[str], message: str
) -> None:
    feeds = ledger.folder / "feeds.txt"
    feeds.write_text("http://127.0.0.1:9/feed.xml")
    file = reader_file(ledger.folder, "http://127.0.0.1:9/v1", **keys)
    assert main([*ledger.run_arguments(str(feeds)), "--second-reader", file, *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert not (ledger.folder / "ledger.duckdb").exists()


# -- extract ------------------------------------------------------------------------------------------


def article_lines(path: Path) -> str:
    stories = [a_story(killed) for killed in (5, 6)]
    names = ("title", "text", "published_at")
    lines = [{"url": s.article_url, **{name: getattr(s, name) for name in names}} for s in stories]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def test_extract_writes_second_reports_beside_the_reports(tmp_path: Path, capsys: Captured) -> None:
    file, reader, out = (
        article_lines(tmp_path / "a.jsonl"),
        tmp_path / "reader.yaml",
        tmp_path / "second.jsonl",
    )
    assert main(["extract", file]) == 0
    alone = capsys.readouterr().out
    with serving_reader(right_answer) as endpoint:
        reader.write_text(f"url: {endpoint.base}\nmodel: m\nscope: gated\n")
        assert main(["extract", file, "--second-reader", str(reader), "--second-readings", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out == alone
    assert "second reader  2 articles = 2 read" in captured.err
    second = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["fatalities_low"] for row in second] == [5, 6]
    ours = [json.loads(line) for line in alone.splitlines()]
    assert {row["report_id"] for row in second} == {row["report_id"] for row in ours}


def test_extract_uses_no_network_unless_it_is_told_to(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIKELEDGER_SECOND_READER", str(tmp_path / "missing.yaml"))
    file = article_lines(tmp_path / "a.jsonl")
    assert main(["extract", file]) == 0
    reader = tmp_path / "reader.yaml"
    reader.write_text("url: http://127.0.0.1:9/v1\nmodel: m\n")
    capsys.readouterr()
    assert main(["extract", file, "--second-reader", str(reader)]) == 2
    assert "--second-reader goes with --second-readings" in capsys.readouterr().err
    assert main(["extract", file, "--second-readings", "x"]) == 2
    assert "--second-readings goes with --second-reader" in capsys.readouterr().err
    assert main(["extract", file, "--second-reader", str(reader), "--second-readings", str(tmp_path)]) == 2
    assert "can't write" in capsys.readouterr().err
