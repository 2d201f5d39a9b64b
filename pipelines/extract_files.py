"""``extract``: article JSON lines in, report JSON lines out.

No warehouse, and no network unless a second reader is named.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

from pipelines.second_reader_options import ChosenReader
from pipelines.second_reading_file import SecondReadingFile
from schemas.identity import parse_instant, sha256_hex, utc_iso
from schemas.records import Article
from schemas.rows import record_to_json
from schemas.vocabulary import TextSource
from transforms.nlp.reports import extract_reports
from transforms.nlp.settings import ExtractionSettings
from transforms.util.errors import UserError
from transforms.util.text import clean_text, one_line
from transforms.util.urls import NotAnArticleURL, canonical_url

_BATCH_ARTICLES = 64
_REQUIRED = ("url", "text")
_OPTIONAL = ("title", "published_at", "language", "source_name")


class LineInvalid(ValueError):
    """A line of input that cannot be used. The other lines are used all the same."""


def numbered_lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield number, line.strip("\r\n")


def article_of_line(line: str) -> Article:
    """Return the article of one line of ``extract``'s input.

    Raises:
        LineInvalid: it is not a JSON object, a required field is missing, or a field has an unusable value.
    """
    try:
        raw: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineInvalid(f"not JSON ({error})") from None
    if not isinstance(raw, dict):
        raise LineInvalid("not a JSON object")
    for name in _REQUIRED:
        if not isinstance(raw.get(name), str) or not raw[name].strip():
            raise LineInvalid(f"{name} is required")
    for name in _OPTIONAL:
        if not isinstance(raw.get(name), str | None):
            raise LineInvalid(f"{name} must be a string")
    try:
        url = canonical_url(raw["url"])
    except NotAnArticleURL as error:
        raise LineInvalid(f"url: {error}") from None
    published = parse_instant(raw.get("published_at"))
    if raw.get("published_at") and published is None:
        raise LineInvalid("published_at is not ISO 8601")
    offset = published.utcoffset() if published is not None else None
    text = clean_text(raw["text"])
    return Article(
        article_url=url,
        version=1,
        is_latest=True,
        source_name=raw.get("source_name"),
        feed_url=None,
        title=one_line(raw.get("title") or ""),
        summary=None,
        author=None,
        published_at=utc_iso(raw.get("published_at")),
        published_offset_minutes=int(offset.total_seconds() // 60) if offset is not None else None,
        updated_at=None,
        fetched_at="1970-01-01T00:00:00Z",
        language=(raw.get("language") or "en").split("-")[0].lower(),
        text=text,
        text_source=TextSource.PAGE,
        text_sha256=sha256_hex(text.encode()),
        final_url=None,
        http_status=None,
        flags=[],
    )


def extract_lines(
    stream: TextIO, out: TextIO, settings: ExtractionSettings, again: SecondReadingFile | None = None
) -> tuple[int, list[str]]:
    """Write the reports of article lines.

    Args:
        stream: article lines.
        out: where the report lines are written.
        settings: which model.
        again: what the second reader writes, where there is one.

    Returns:
        The number of lines used, and one message for each line that cannot be used.
    """
    messages: list[str] = []
    used = 0

    def articles() -> Iterator[Article]:
        for number, line in numbered_lines(stream):
            try:
                yield article_of_line(line)
            except LineInvalid as error:
                messages.append(f"line {number}: {error}")

    for batch in _batches(articles()):
        used += len(batch)
        extracted = list(extract_reports(batch, settings))
        for _, reports in extracted:
            for report in reports:
                out.write(record_to_json(report) + "\n")
        if again is not None:
            again.read(extracted)
    return used, messages


def extract_and_read_again(
    stream: TextIO, out: TextIO, settings: ExtractionSettings, reader: ChosenReader | None, console: Console
) -> tuple[int, list[str]]:
    """Do as ``extract_lines``; let the second reader read too, and print on a console what it did.

    Raises:
        UserError: the file of the second reader cannot be written.
    """
    if reader is None or reader.out is None:
        return extract_lines(stream, out, settings)
    try:
        written = reader.out.open("w", encoding="utf-8")
    except OSError as error:
        raise UserError(f"--second-readings: can't write {reader.out}: {error.strerror}") from None
    with written:
        again = SecondReadingFile(reader, written)
        result = extract_lines(stream, out, settings, again)
    for line in again.summary():
        console.print(line, markup=False, soft_wrap=True)
    return result


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if len(batch) == _BATCH_ARTICLES:
            yield batch
            batch = []
    if batch:
        yield batch


def open_input(name: str) -> TextIO:
    """Open a file, or standard input for ``-``.

    Only a line feed ends a line: a text may hold other line separators (U+2028), which JSON does not escape.

    Raises:
        OSError: the file cannot be opened.
    """
    if name == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
        return sys.stdin
    return Path(name).open(encoding="utf-8", errors="replace", newline="\n")
