"""Lines of input: one that cannot be used gets one message, and the others are used."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from sample_records import a_report

from pipelines import json_lines
from pipelines.cli import main
from pipelines.json_lines import BadLine, LineInvalid, outcome_of_lines, parse_object, read_lines
from schemas.rows import record_to_json, record_to_row

Captured = pytest.CaptureFixture[str]
ARTICLE = {
    "url": "https://outlet.example/1",
    "title": "Drone kills two in Nikopol",
    "published_at": "2025-04-05T12:00:00+03:00",
    "text": "A Russian drone killed two people in Nikopol on Friday.",
}


def article(**fields: object) -> bytes:
    return json.dumps({**ARTICLE, **fields}).encode()


def report(**fields: object) -> bytes:
    return json.dumps({**record_to_row(a_report(9)), **fields}).encode()


GOOD_ARTICLES = [article(url=f"https://outlet.example/good-{n}") for n in range(2)]
GOOD_REPORTS = [record_to_json(a_report(n)).encode() for n in range(2)]

NO_OBJECT = {
    "not JSON": b"{broken",
    "nested too deeply": b"[" * 100_000,
    "nested too deeply ": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "not a JSON object": b'["an", "array"]',
    "not a JSON object ": b"7",
    "not UTF-8 (byte 2": b"\x7b\xff\xfe\x7d",
    "not UTF-8": '{"url": "https://outlet.example/é"}'.encode("latin-1"),
    "not JSON ": '{"url": "https://outlet.example/1"}'.encode("utf-16-le"),
    "Invalid control character": b'{"url": "\x00"}',
    "gives the key 'url' twice": b'{"url": "https://outlet.example/1", "url": "https://outlet.example/2"}',
    "beyond 64 bits": b'{"n": ' + b"9" * 6_000 + b"}",
    "beyond 64 bits ": b'{"n": 9223372036854775808}',
    "half a character": b'{"n": {"deep": ["\\ud83d"]}}',
    "half a character ": b'{"\\uDE00": 1}',
}
BAD_ARTICLES = NO_OBJECT | {
    "url is required": article(url=7),
    "text is required": article(text=None),
    "title must be a string": article(title=["x"]),
    "published_at must be a string": article(published_at=1743843600),
    "published_at is not ISO 8601": article(published_at="Friday"),
    "published_at is not within": article(published_at="0001-01-01T00:00:00+14:00"),
    "published_at is not within ": article(published_at="9999-12-31T23:59:59-14:00"),
    "title must be a string ": article(title=float("nan")),
    "source_name must be a string": article(source_name=float("inf")),
    "only http and https": article(url="file:///etc/passwd"),
    "half a character  ": article(source_name="half \ud83d"),
    "half a character   ": article(text="half \ud83d"),
}
BAD_REPORTS = NO_OBJECT | {
    "event_date_start": report(event_date_start="2025-02-31"),
    "int is required ": report(fatalities_low=float("nan")),
    "int is required": report(fatalities_low="5"),
    "a list is required": report(targets="school"),
    "half a character  ": report(headline="half \ud83d"),
    "beyond 64 bits  ": report(latitude=10**400),
}


@pytest.mark.parametrize(("message", "line"), BAD_ARTICLES.items())
def test_one_bad_article_line_gets_one_message_and_costs_no_other(
    message: str, line: bytes, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"\n".join([GOOD_ARTICLES[0], line, GOOD_ARTICLES[1]]))
    assert main(["extract", str(path)]) == 0
    captured = capsys.readouterr()
    urls = [json.loads(line)["article_url"] for line in captured.out.splitlines()]
    assert urls == ["https://outlet.example/good-0", "https://outlet.example/good-1"]
    about_line, count = captured.err.splitlines()
    assert f"{path}: line 2: " in about_line
    assert message.strip() in about_line
    assert count == f"{path}: 1 of 3 lines could not be used"


@pytest.mark.parametrize(("message", "line"), BAD_REPORTS.items())
def test_one_bad_report_line_gets_one_message_and_costs_no_other(
    message: str, line: bytes, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "reports.jsonl"
    path.write_bytes(b"\n".join([GOOD_REPORTS[0], line, GOOD_REPORTS[1]]))
    assert main(["resolve", "--reports", str(path), "--out", str(tmp_path / "out")]) == 0
    links = (tmp_path / "out" / "incident_reports.jsonl").read_text().splitlines()
    assert sorted(json.loads(link)["report_id"] for link in links) == sorted(
        a_report(n).report_id for n in range(2)
    )
    errors = capsys.readouterr().err
    assert "line 2: " in errors
    assert message.strip() in errors
    assert "1 of 3 lines could not be used" in errors


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 1e308])
def test_a_number_that_is_none_costs_its_field_and_not_its_line(
    number: float, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "reports.jsonl"
    path.write_bytes(b"\n".join([report(latitude=number, confidence=number), *GOOD_REPORTS]))
    assert main(["resolve", "--reports", str(path), "--out", str(tmp_path / "out")]) == 0
    errors = capsys.readouterr().err
    assert "1 x coordinates_off_globe" in errors
    assert "could not be used" not in errors
    for name in ("incidents", "incident_reports", "incident_history"):
        assert "NaN" not in (tmp_path / "out" / f"{name}.jsonl").read_text()
    articles = tmp_path / "articles.jsonl"
    articles.write_bytes(article(score=number))
    assert main(["extract", str(articles)]) == 0


@pytest.mark.parametrize(
    "instant", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31", "0001-01-01"]
)
def test_instants_at_the_ends_of_the_calendar_are_read_and_written(
    instant: str, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"\n".join([article(published_at=instant), *GOOD_ARTICLES]))
    assert main(["extract", str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    (first, *_) = captured.out.splitlines()
    assert json.loads(first)["published_at"][:10] == instant[:10]
    reports = tmp_path / "reports.jsonl"
    dated = report(published_at=instant, event_date_start="2025-04-04", event_date_end="9999-12-31")
    reports.write_bytes(captured.out.encode() + dated)
    assert main(["resolve", "--reports", str(reports), "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize("arguments", [["extract"], ["resolve", "--out", "OUT", "--reports"]])
def test_a_file_without_a_usable_line_fails_and_an_empty_one_does_not(
    arguments: list[str], tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "lines.jsonl"
    command = [str(tmp_path / "out") if word == "OUT" else word for word in arguments]
    path.write_bytes(b"{broken\n[]\n\n")
    assert main([*command, str(path)]) == 1
    assert "2 of 2 lines could not be used" in capsys.readouterr().err
    path.write_bytes(b"\n \r\n\n")
    assert main([*command, str(path)]) == 0
    assert "could not be used" not in capsys.readouterr().err


def lines_of(data: bytes) -> tuple[list[tuple[int, str]], list[BadLine]]:
    bad_lines: list[BadLine] = []
    return list(read_lines(io.BytesIO(data), bad_lines)), bad_lines


def test_only_a_line_feed_ends_a_line() -> None:
    text = '{"text": "one\u2028two\u2029three\x85four"}'
    assert lines_of(f"{text}\r\n{text}".encode()) == ([(1, text), (2, text)], [])


def test_byte_order_marks_empty_lines_and_the_last_line_without_an_end_are_read() -> None:
    assert lines_of(b"\xef\xbb\xbf{}\n\n  \r\n\xef\xbb\xbf{}\n{}") == ([(1, "{}"), (4, "{}"), (5, "{}")], [])


def test_a_line_that_is_too_long_is_skipped_without_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 10)
    monkeypatch.setattr(json_lines, "_LONG_LINE_PART_BYTES", 7)
    found, bad_lines = lines_of(b"1234567890\n" + b"x" * 500 + b"\n{}\n" + b"y" * 11)
    assert found == [(3, "{}")]
    assert [number for number, _ in bad_lines] == [1, 2, 4]


def test_numbers_and_texts_that_json_allows_are_read() -> None:
    line = '{"a": -9223372036854775808, "b": 1e300, "c": "\\ud83d\\ude00", "d": "\\u0000", "e": {"a": 1}}'
    assert parse_object(line) == {"a": -(2**63), "b": 1e300, "c": "😀", "d": "\x00", "e": {"a": 1}}
    with pytest.raises(LineInvalid):
        parse_object("")


def test_the_messages_are_in_the_order_of_the_lines_and_end_with_a_count() -> None:
    assert outcome_of_lines([(7, "b"), (3, "a")], 5) == [
        "line 3: a", "line 7: b", "2 of 7 lines could not be used",
    ]  # fmt: skip
    assert outcome_of_lines([], 5) == []
