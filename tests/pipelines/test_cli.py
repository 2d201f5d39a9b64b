"""The command line: results, messages and exit statuses."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Ledger, feeds_of
from newsroom import Newsroom, serving
from sample_records import a_report

from pipelines.cli import main
from schemas.rows import record_to_json
from schemas.tables import Column

Captured = pytest.CaptureFixture[str]


def error_of(capsys: Captured, status: int, arguments: list[str]) -> str:
    """Check that a command fails with a status and one line on standard error; return the line."""
    assert main(arguments) == status
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def test_help_lists_the_commands(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for command in ("run", "extract", "resolve", "export", "show", "explain", "dashboard", "replay", "init"):
        assert f"\n  {command} " in out


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (None, "missing.yaml", "no feed list"),
        ("", "empty.yaml", "is empty"),
        ("# nothing\n", "nothing.txt", "names no feed"),
        ("feeds: 7\n", "number.yaml", "must be a list"),
        ("{a: b}\n", "other.yaml", "'feeds' only"),
        ("feeds: [{url: 'http://x.example/f', nmae: x}]\n", "typo.yaml", "unknown key 'nmae'"),
        ("feeds: [\n", "broken.yaml", "cannot be read"),
        ("not a url\n", "lines.txt", "not a feed URL"),
        ("file:///etc/passwd\n", "file.txt", "not a feed URL"),
        ("<html></html>", "page.opml", "must be OPML"),
    ],
)
def test_the_error_of_an_unusable_feed_list_says_what_is_wrong(
    capsys: Captured, tmp_path: Path, content: str | None, name: str, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    warehouse = f"duckdb:///{tmp_path}/x.duckdb"
    assert message in error_of(capsys, 2, ["run", "--feeds", str(path), "--warehouse", warehouse])
    assert not (tmp_path / "x.duckdb").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["bogus"], "No such command"),
        (["run"], "--feeds"),
        (["show", "bogus"], "bogus"),
        (["show", "--warehouse", "nonsense"], "not a warehouse URL"),
        (["show", "--warehouse", "mysql://x/y"], "unknown kind"),
        (["show", "--warehouse", "duckdb://"], "no file"),
        (["run", "--feeds", "x", "--every", "soon"], "interval"),
        (["run", "--feeds", "x", "--once", "--every", "5m"], "exclude"),
        (["run", "--feeds", "x", "--host-delay", "-1"], "--host-delay"),
        (["run", "--feeds", "x", "--allow-host", "http://x/"], "--allow-host"),
        (["run", "--feeds", "x", "--", "--no_such_flag=1"], "unknown Beam flag"),
        (["run", "--feeds", "x", "--every", "5m", "--", "--streaming"], "FnApiRunner does not stream"),
        (["run", "--feeds", "x", "--", "--streaming", "--runner=PortableRunner"], "takes --every"),
        (["extract", "/nonexistent/file"], "can't read"),
        (["resolve", "--reports", "x"], "go together"),
        (["export", "articles", "--format", "xml"], "xml"),
    ],
)
def test_unusable_arguments_give_one_line_and_exit_status_2(
    capsys: Captured, arguments: list[str], message: str
) -> None:
    assert message in error_of(capsys, 2, arguments)


def test_a_missing_warehouse_gives_exit_status_1(capsys: Captured, tmp_path: Path) -> None:
    warehouse = f"duckdb:///{tmp_path}/none.duckdb"
    assert "no warehouse" in error_of(capsys, 1, ["show", "incidents", "--warehouse", warehouse])


def test_a_file_that_is_not_a_database_gives_exit_status_1(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").write_text("not a database, but long enough to look like a file")
    warehouse = f"duckdb:///{tmp_path}/x.duckdb"
    assert "can't open" in error_of(capsys, 1, ["show", "incidents", "--warehouse", warehouse])


def test_extract_names_broken_lines_and_reads_the_others(capsys: Captured, tmp_path: Path) -> None:
    good = {
        "url": "https://outlet.example/1",
        "title": "Drone kills two in Nikopol",
        "published_at": "2025-04-05T12:00:00+03:00",
        "text": "A Russian drone killed two people in Nikopol on Friday.\u2028Officials said so.",
    }
    lines = [
        json.dumps(good, ensure_ascii=False),
        "{broken",
        json.dumps({"url": "https://outlet.example/2"}),
        json.dumps({**good, "url": "https://outlet.example/3"}),
        json.dumps({**good, "url": "https://outlet.example/4", "language": "zz"}),
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(lines) + "\n")
    assert main(["extract", str(path)]) == 0
    captured = capsys.readouterr()
    reports = [json.loads(line) for line in captured.out.splitlines()]
    assert [r["article_url"] for r in reports] == ["https://outlet.example/1", "https://outlet.example/3"]
    assert [r["fatalities_low"] for r in reports] == [2, 2]
    errors = captured.err.splitlines()
    assert len(errors) == 3
    assert "line 2: not JSON" in errors[0]
    assert "line 3: text is required" in errors[1]
    assert "2 of 5 lines could not be used" in errors[2]


def test_resolve_reads_and_writes_files(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    lines = [record_to_json(a_report(n)) for n in range(3)]
    path.write_text("\n".join(lines) + "\n")
    out = tmp_path / "out"
    assert main(["resolve", "--reports", str(path), "--out", str(out)]) == 0
    (incident,) = (json.loads(line) for line in (out / "incidents.jsonl").read_text().splitlines())
    assert incident["number_of_reports"] == 3
    assert len((out / "incident_reports.jsonl").read_text().splitlines()) == 3
    path.write_text("\n".join([*lines, "[]"]))
    assert main(["resolve", "--reports", str(path), "--out", str(out)]) == 0
    assert "line 4" in capsys.readouterr().err
    path.write_text("[]")
    assert main(["resolve", "--reports", str(path), "--out", str(out)]) == 1


def test_run_show_export_and_resolve_work_on_one_ledger(capsys: Captured, ledger: Ledger) -> None:
    room = Newsroom([a for a in Newsroom().articles if a["id"] in ("dev-001", "dev-002", "dev-034")])
    with serving(room) as base:
        assert main(ledger.run_arguments(f"{base}/feeds.txt")) == 0
    assert "3 in = 3 written + 0 duplicate + 0 dropped + 0 dead letters" in capsys.readouterr().out
    for what in ("incidents", "reports", "feeds", "dead-letters", "runs"):
        assert main(["show", what, "--warehouse", ledger.url]) == 0
    out = capsys.readouterr().out
    assert "Kryvyi Rih" in out
    assert "14+" in out

    assert main(["export", "incidents", "--warehouse", ledger.url]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert main(["export", "incidents", "--format", "csv", "--warehouse", ledger.url]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [r["incident_id"] for r in table] == [r["incident_id"] for r in rows]
    target = ledger.folder / "incidents.geojson"
    flags = ["--format", "geojson", "--out", str(target), "--warehouse", ledger.url]
    assert main(["export", "incidents", *flags]) == 0
    features = json.loads(target.read_text())["features"]
    assert len(features) == len(rows)
    assert features[0]["geometry"]["type"] == "Point"
    assert "no table" in error_of(capsys, 2, ["export", "nothing", "--warehouse", ledger.url])

    before = ledger.tables()
    assert main(["resolve", "--warehouse", ledger.url]) == 0
    assert ledger.tables() == before


def test_init_creates_tables_and_a_second_init_does_nothing(capsys: Captured, ledger: Ledger) -> None:
    assert main(["init", "--warehouse", ledger.url]) == 0
    assert "created reports_v1" in capsys.readouterr().out
    assert main(["init", "--warehouse", ledger.url]) == 0
    assert capsys.readouterr().out == "nothing to do\n"
    assert main(["export", "incidents", "--warehouse", ledger.url]) == 0
    assert capsys.readouterr().out == ""


def test_formulas_are_escaped_in_csv() -> None:
    from pipelines.export import encode

    columns = [Column("headline", "STRING", "NULLABLE", ""), Column("n", "INTEGER", "NULLABLE", "")]
    data = encode([{"headline": '=HYPERLINK("x")', "n": -1}], "csv", columns)
    assert list(csv.reader(io.StringIO(data.decode())))[1] == ['\'=HYPERLINK("x")', "-1"]


def test_an_empty_parquet_file_has_the_types_of_the_columns(ledger: Ledger) -> None:
    import pyarrow.parquet as pq

    assert main(["init", "--warehouse", ledger.url]) == 0
    out = ledger.folder / "x.parquet"
    assert (
        main(["export", "reports", "--format", "parquet", "--out", str(out), "--warehouse", ledger.url]) == 0
    )
    table = pq.read_table(out)
    types = {field.name: str(field.type) for field in table.schema}
    assert table.num_rows == 0
    assert types["event_date_start"] == "date32[day]"
    assert types["published_at"] == "timestamp[us, tz=UTC]"
    assert types["fatalities_low"] == "int64"
    assert types["targets"].startswith("list<element: string")
    assert "end: int64" in types["evidence"]


@pytest.mark.slow
def test_python_m_pipelines_cli_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "bogus"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "No such command" in done.stderr


def test_opml_lines_and_yaml_name_the_same_feeds(tmp_path: Path) -> None:
    from pipelines.feed_list import read_feed_list
    from transforms.web.messages import FetchPolicy

    url = "https://outlet.example/feed"
    (tmp_path / "a.txt").write_text(f"\ufeff{url}\r\n\r\n{url}\r\n# comment\r\n")
    (tmp_path / "b.opml").write_text(
        f"<opml version='2.0'><body><outline><outline xmlUrl='{url}'/></outline></body></opml>"
    )
    (tmp_path / "c.yaml").write_text(f"feeds:\n  - url: {url}\n    name: Outlet\n")
    for name in ("a.txt", "b.opml", "c.yaml"):
        feeds = read_feed_list(str(tmp_path / name), FetchPolicy())
        assert [f.feed_url for f in feeds] == [url]


def test_the_example_list_of_feeds_is_valid() -> None:
    from pipelines.feed_list import read_feed_list
    from transforms.web.messages import FetchPolicy

    path = Path(__file__).parents[2] / "examples" / "feeds.yaml"
    assert len(read_feed_list(str(path), FetchPolicy())) >= 20


def test_feeds_of_lists_every_outlet(room: Newsroom) -> None:
    assert len(feeds_of(room, "http://127.0.0.1:1")) == len(room.outlets)
    assert {room.feed_format(h) for h in room.outlets} == {"rss2", "atom", "rss1"}
