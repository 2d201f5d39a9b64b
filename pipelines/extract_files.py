"""``extract``: article JSON lines in, report JSON lines out.

No warehouse, and no network unless a second reader is named.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, TextIO

from rich.console import Console

from pipelines.json_lines import BadLine, LineInvalid, parse_object, read_lines
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


def article_of_line(line: str) -> Article:
    """Return the article of one line of ``extract``'s input.

    Raises:
        LineInvalid: ``parse_object`` refuses it, a required field is missing, or a field has an unusable
            value.
    """
    return article_of_values(parse_object(line))


def article_of_values(raw: Mapping[str, Any]) -> Article:
    """Return the article of the fields of one line.

    Raises:
        LineInvalid: a required field is missing, or a field has an unusable value.
    """
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
    published, published_at = parse_instant(raw.get("published_at")), utc_iso(raw.get("published_at"))
    if raw.get("published_at") and published is None:
        raise LineInvalid("published_at is not ISO 8601")
    if published is not None and published_at is None:
        raise LineInvalid("published_at is not within the years 1 to 9999 in UTC")
    offset = published.utcoffset() if published is not None else None
    text = clean_text(raw["text"])
    return Article(
        article_url=url,
        version=1,
        is_latest=True,
        source_name=one_line(raw.get("source_name") or "") or None,
        feed_url=None,
        title=one_line(raw.get("title") or ""),
        summary=None,
        author=None,
        published_at=published_at,
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
    stream: BinaryIO, out: TextIO, settings: ExtractionSettings, again: SecondReadingFile | None = None
) -> tuple[int, list[BadLine]]:
    """Write the reports of article lines.

    Args:
        stream: article lines.
        out: where the report lines are written.
        settings: which model.
        again: what the second reader writes, where there is one.

    Returns:
        The number of lines used, and the lines that cannot be used.
    """
    bad_lines: list[BadLine] = []
    used = 0

    def articles() -> Iterator[Article]:
        for number, line in read_lines(stream, bad_lines):
            try:
                yield article_of_line(line)
            except LineInvalid as error:
                bad_lines.append((number, str(error)))

    for batch in _batches(articles()):
        used += len(batch)
        extracted = list(extract_reports(batch, settings))
        for _, reports in extracted:
            for report in reports:
                out.write(record_to_json(report) + "\n")
        if again is not None:
            again.read(extracted)
    return used, bad_lines


def extract_and_read_again(
    stream: BinaryIO, out: TextIO, settings: ExtractionSettings, reader: ChosenReader | None, console: Console
) -> tuple[int, list[BadLine]]:
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
