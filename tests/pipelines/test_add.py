"""``add``: own articles go through the graph into the ledger."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import Ledger
from newsroom import Newsroom, serving

from pipelines.cli import main
from pipelines.own_articles import read_own_articles

Captured = pytest.CaptureFixture[str]
TEXT = (
    "A Russian ballistic missile hit an apartment building in Kharkiv on Thursday evening, killing {killed} "
    "people and injuring 31 others, Kharkiv mayor Ihor Terekhov said. Rescuers worked through the night.\n\n"
    "The missile destroyed the entrance of the five-storey building, officials said."
)


def an_article(n: int = 0, killed: int = 5, **change: Any) -> dict[str, Any]:
    return {
        "url": f"https://outlet{n}.example/story", "title": f"Missile kills {killed} in Kharkiv",
        "published_at": f"2025-04-04T{8 + n:02d}:00:00+03:00", "text": TEXT.format(killed=killed),
        "source_name": f"Outlet {n}", **change,
    }  # fmt: skip


def json_lines(articles: Sequence[Any]) -> str:
    return "".join((a if isinstance(a, str) else json.dumps(a)) + "\n" for a in articles)


def csv_of(articles: Sequence[dict[str, Any]], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(articles[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(articles)
    return out.getvalue()


def add(ledger: Ledger, *sources: Path | str) -> int:
    return main(
        [
            "add",
            *map(str, sources),
            "--warehouse",
            ledger.url,
            "--allow-host",
            "127.0.0.1",
            "--host-delay",
            "0",
        ]
    )


def file_of(ledger: Ledger, text: str, name: str = "own") -> Path:
    path = ledger.folder / name
    path.write_text(text, "utf-8", newline="")
    return path


def last_run(ledger: Ledger) -> dict[str, Any]:
    run: dict[str, Any] = ledger.rows(
        "SELECT * FROM runs ORDER BY finished_at DESC, started_at DESC LIMIT 1"
    )[0]
    return run


@pytest.fixture
def page() -> Iterator[str]:
    """Serve the sample newsroom and return the address of one of its pages."""
    room = Newsroom()
    with serving(room) as base:
        yield base + room.articles[0]["url"].removeprefix("https:/")


def test_articles_with_their_text_become_incidents_and_adding_them_again_changes_nothing(
    ledger: Ledger, capsys: Captured
) -> None:
    path = file_of(
        ledger, json_lines([an_article(0), an_article(1, 7), "{broken", an_article(2, url="nothing")])
    )
    assert add(ledger, path) == 0
    shown = capsys.readouterr()
    assert "entries    2 in = 2 written + 0 duplicate + 0 dropped + 0 dead letters" in shown.out
    assert [line.partition(": ")[2][:7] for line in shown.err.splitlines()] == ["line 3:", "line 4:"]
    (run,) = ledger.rows("SELECT * FROM runs")
    assert (run["feeds_polled"], run["entries_in"], run["entries_written"], run["articles_written"]) == (
        0,
        2,
        2,
        2,
    )
    (incident,) = ledger.rows("SELECT * FROM incidents")
    assert (incident["location"], str(incident["event_date"]), incident["fatalities_best"]) == (
        "Kharkiv",
        "2025-04-03",
        7,
    )
    (article, _) = ledger.rows("SELECT * FROM articles ORDER BY article_url")
    assert (article["source_name"], article["text_source"]) == ("Outlet 0", "full_content_feed")
    assert article["text"] == an_article(0)["text"].replace("\n\n", "\n\n")

    before = ledger.tables()
    assert add(ledger, path) == 0
    assert ledger.tables() == before
    assert last_run(ledger)["entries_duplicate"] == 2


def test_the_same_articles_as_csv_give_the_same_ledger(tmp_path: Path, capsys: Captured) -> None:
    articles = [an_article(0), an_article(1, 7, title='Missile, "kills" 7; in\nKharkiv')]
    found = []
    for name, text in (
        ("a", json_lines(articles)),
        ("b", csv_of(articles)),
        ("c", "\ufeff" + csv_of(articles, ";")),
    ):
        (tmp_path / name).mkdir()
        ledger = Ledger(tmp_path / name)
        assert add(ledger, file_of(ledger, text)) == 0
        found.append(
            [ledger.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("reports", "incidents")]
        )
    assert found[0] == found[1] == found[2]
    assert found[0][1]


def test_the_incidents_that_articles_make_or_join_are_named(
    ledger: Ledger, capsys: Captured, tmp_path: Path
) -> None:
    quiet = an_article(
        3, url="https://outlet.example/quiet", title="Rain in Kharkiv", text="It rained all day."
    )
    assert add(ledger, file_of(ledger, json_lines([an_article(0), quiet]))) == 0
    (incident,) = ledger.rows("SELECT incident_id FROM incidents")
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("incident ")]
    assert told == [
        f"incident   {incident['incident_id']} new: 2025-04-03 Kharkiv (UA) ballistic missile, killed 5, injured 31; "
        "https://outlet0.example/story",
        "incident   none: https://outlet.example/quiet",
    ]
    later = [an_article(1, 7), an_article(2, 7)]
    assert add(ledger, file_of(ledger, json_lines(later))) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("incident ")]
    assert line.startswith(
        f"incident   {incident['incident_id']} joined 1 other report: 2025-04-03 Kharkiv (UA)"
    )
    assert line.endswith("killed 7, injured 31; https://outlet1.example/story and 1 more")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("url,body,heading", "unknown columns 'body, heading'; there are url, text, title, published_at"),
        ("url;text;Datum", "unknown column 'datum'"),
        ("url,,text", "unknown column 'without a name'"),
        ("url,text,text", "the column text stands twice"),
    ],
)
def test_csv_with_unknown_columns_is_refused_in_one_line(
    ledger: Ledger, capsys: Captured, header: str, says: str
) -> None:
    path = file_of(ledger, f"{header}\nhttps://outlet.example/1,a,b\n")
    assert add(ledger, path) == 2
    error = capsys.readouterr().err
    assert f"{path}: {says}" in error and error.count("\n") == 1


def test_csv_may_end_its_lines_with_delimiters(ledger: Ledger) -> None:
    path = file_of(ledger, "url,text,,\nhttps://outlet.example/1,a drone,,\n,,,\n")
    own = read_own_articles([str(path)])
    assert (len(own.entries), own.messages) == (1, [])


def test_an_address_is_fetched_and_cleaned(ledger: Ledger, page: str, capsys: Captured) -> None:
    listed = file_of(ledger, f"# my list\n\n{page}\nnot an address\n{page}#part\n")
    assert add(ledger, listed, page) == 0
    shown = capsys.readouterr()
    assert "entries    3 in = 1 written + 2 duplicate" in shown.out
    (line,) = shown.err.splitlines()
    assert line.startswith(f"{listed}: line 4: not an address: 'not an address'")
    (article,) = ledger.rows("SELECT * FROM articles")
    assert (article["text_source"], article["http_status"]) == ("page", 200)
    assert article["title"]
    before = ledger.tables()
    assert add(ledger, page) == 0
    assert ledger.tables() == before


@contextmanager
def serving_page(head: str) -> Iterator[str]:
    """Serve one page on loopback and return its address."""
    paragraphs = "".join(f"<p>{part}</p>" for part in TEXT.format(killed=5).split("\n\n"))
    title = "<title>Missile hits Kharkiv</title>"
    body = f"<html><head>{title}{head}</head><body><article>{paragraphs}</article></body></html>"

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/story"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


STAMP = '<meta property="article:published_time" content="{}">'


@pytest.mark.parametrize(
    ("head", "published", "incidents"),
    [
        (STAMP.format("2025-04-04T08:00:00+03:00"), "2025-04-04T05:00:00Z", 1),
        (STAMP.format("yesterday"), None, 0),
        ("", None, 0),
    ],
)
def test_a_bare_address_has_the_date_that_its_page_declares(
    ledger: Ledger, head: str, published: str | None, incidents: int
) -> None:
    with serving_page(head) as address:
        assert add(ledger, address) == 0
    (article,) = ledger.rows("SELECT published_at FROM articles")
    assert article == {"published_at": published}
    assert len(ledger.rows("SELECT * FROM incidents")) == incidents


def test_a_page_that_fails_is_a_dead_letter_and_the_others_are_written(
    ledger: Ledger, page: str, capsys: Captured
) -> None:
    assert add(ledger, page, page + "/missing") == 0
    assert "2 in = 1 written + 0 duplicate + 0 dropped + 1 dead letters" in capsys.readouterr().out
    (letter,) = ledger.rows("SELECT stage, reason, feed_url FROM dead_letters")
    assert letter == {"stage": "fetch", "reason": "not_found", "feed_url": "own:articles"}


def test_another_text_of_an_article_is_a_new_version(ledger: Ledger) -> None:
    add(ledger, file_of(ledger, json_lines([an_article(0)])))
    add(ledger, file_of(ledger, json_lines([an_article(0, 9)])))
    versions = ledger.rows("SELECT version, is_latest FROM articles ORDER BY version")
    assert versions == [{"version": 1, "is_latest": False}, {"version": 2, "is_latest": True}]
    (incident,) = ledger.rows("SELECT fatalities_best FROM incidents")
    assert incident == {"fatalities_best": 9}


def test_one_article_twice_in_a_file_is_written_once(ledger: Ledger, capsys: Captured) -> None:
    assert add(ledger, file_of(ledger, json_lines([an_article(0), an_article(0), an_article(0, 8)]))) == 0
    assert "3 in = 1 written + 2 duplicate" in capsys.readouterr().out


def test_an_article_in_a_language_without_a_pack_is_stored_and_counted(ledger: Ledger) -> None:
    add(ledger, file_of(ledger, json_lines([an_article(0, language="xx")])))
    run = last_run(ledger)
    assert (run["articles_written"], run["articles_not_extracted"], run["reports_written"]) == (1, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "{broken",
        "[1, 2]",
        "7",
        "a sentence of words",
        "url,text\n,\n",
        "ftp://x.example/a",
        '{"url": 7}',
    ],
)
def test_where_nothing_can_be_used_the_status_is_1_and_no_warehouse_is_made(
    ledger: Ledger, capsys: Captured, text: str
) -> None:
    assert add(ledger, file_of(ledger, text)) == 1
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "strikeledger: no article to add"
    assert not (ledger.folder / "ledger.duckdb").exists()


def test_a_missing_file_is_one_line(ledger: Ledger, capsys: Captured) -> None:
    assert add(ledger, "missing.jsonl") == 2
    assert capsys.readouterr().err == "strikeledger: can't read missing.jsonl: No such file or directory\n"


# -- lines ----------------------------------------------------------------------------------------------------

LINES: list[tuple[str, int, list[str]]] = [
    (json_lines([an_article(text="")]), 0, ["line 1: text is required"]),
    (json_lines([an_article(published_at="yesterday")]), 0, ["line 1: published_at is not ISO 8601"]),
    (json_lines([an_article(title=7)]), 0, ["line 1: title must be a string"]),
    (json_lines([an_article(), "", "[]", an_article(1)]), 2, ["line 3: not a JSON object"]),
    (json_lines([an_article(text="a\u2028b")]), 1, []),
    ("url\nhttps://a.example/1\nhttps://b.example/2\n", 2, []),
    ("url,title\nhttps://a.example/1,T\n", 1, []),
    ("URL,Text\nhttps://a.example/1,words\nhttps://b.example/2\n", 2, []),
    ("url,text\nhttps://a.example/1,a,b\nhttps://b.example/2,words\n", 1, ["line 2: 3 cells under 2 columns"]),
    ('url,text\nhttps://a.example/1,"two\nlines"\nmailto:x,words\n', 1, ["line 4: url: "]),
    ("url,text,published_at\nhttps://a.example/1,words,soon\n", 0, ["line 2: published_at is not ISO 8601"]),
    ("url,published_at\nhttps://a.example/1,soon\n", 0, ["line 2: published_at is not ISO 8601"]),
    ("https://a.example/1\r\nhttps://b.example/2\r\n", 2, []),
    ("https://a.example/1\nfile:///etc/passwd\njavascript:x\n", 1, ["line 2: not an address", "line 3: not an address"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "number", "messages"), LINES, ids=range(len(LINES)))
def test_a_bad_line_is_one_message_by_its_number(
    tmp_path: Path, text: str, number: int, messages: list[str]
) -> None:
    path = tmp_path / "own"
    path.write_text(text, "utf-8", newline="")
    own = read_own_articles([str(path)])
    assert len(own.entries) == number
    assert len(own.messages) == len(messages)
    for message, start in zip(own.messages, messages, strict=True):
        assert message.removeprefix(f"{path}: ").startswith(start)
