"""``add``: own articles as entries, from JSON lines, CSV, lists of addresses and single addresses."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from pipelines.extract_files import article_of_line, article_of_values
from pipelines.json_lines import LineInvalid, open_lines
from schemas.identity import digest, parse_instant, utc_iso
from schemas.records import Article, FeedEntry
from schemas.vocabulary import OWN_ARTICLES
from transforms.util.errors import UserError
from transforms.util.text import one_line
from transforms.util.urls import NotAnArticleURL, canonical_url, request_url

_MAX_FIELD_CHARACTERS = 20_000_000
_ADDRESS = re.compile(r"https?://", re.I)
_COLUMNS = ("url", "text", "title", "published_at", "language", "source_name")
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a source, and what reads it. ``number``: None for an argument of the command line."""

    number: int | None
    read: Callable[[], FeedEntry]


class SourceInvalid(UserError):
    """A file of own articles that cannot be opened, or whose columns are not known."""


@dataclass(slots=True)
class OwnArticles:
    """What was read: the entries, and one message for each line that cannot be used."""

    entries: list[FeedEntry] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def read_own_articles(sources: Iterable[str]) -> OwnArticles:
    """Return the articles of files and addresses as entries.

    Args:
        sources: addresses that begin with http:// or https://, and paths; ``-`` is standard input. What a
            file holds is told from its first line: JSON, a header with a column ``url``, or an address.

    Raises:
        SourceInvalid: a file cannot be opened, or its header has a column that is not known.
    """
    own = OwnArticles()
    for source in sources:
        if _ADDRESS.match(source):
            _take(own, source, [_Line(None, partial(_entry_of_address, source))])
            continue
        try:
            with open_lines(source) as stream:
                # bytes that are not UTF-8 become surrogates, which their lines are then refused for
                text = stream.read().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        except OSError as error:
            raise SourceInvalid(f"can't read {source}: {error.strerror or error}") from None
        _take(own, source, _lines(source, text))
    return own


def _take(own: OwnArticles, source: str, lines: Iterable[_Line]) -> None:
    for line in lines:
        try:
            own.entries.append(line.read())
        except LineInvalid as error:
            where = f"line {line.number}: " if line.number else ""
            own.messages.append(f"{source}: {where}{error}")


def _lines(source: str, text: str) -> Iterator[_Line]:
    """Yield the lines of a file that are not blank. A row of CSV may stand on several lines."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    delimiter = _delimiter(first)
    if delimiter is not None:
        yield from _csv_lines(source, text, delimiter)
        return
    is_json = first[:1] in "{["
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped and (is_json or not stripped.startswith("#")):
            build = _entry_of_json if is_json else _entry_of_address
            yield _Line(number, partial(build, stripped))


def _delimiter(header: str) -> str | None:
    """Return the delimiter of a header of CSV that names the column ``url``, or None for another line."""
    for delimiter in _DELIMITERS:
        names = [name.strip().strip('"').lower() for name in header.split(delimiter)]
        if "url" in names and (len(names) > 1 or delimiter == _DELIMITERS[-1]):
            return delimiter
    return None


def _csv_lines(source: str, text: str, delimiter: str) -> Iterator[_Line]:
    csv.field_size_limit(_MAX_FIELD_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] | None = None
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Line(number, partial(_refuse, f"not CSV ({error})"))
            continue
        while cells and not cells[-1].strip():
            cells.pop()  # spreadsheets end lines with delimiters
        if not cells:
            continue
        if names is None:
            names = _columns(source, cells)
        elif len(cells) > len(names):
            yield _Line(number, partial(_refuse, f"{len(cells)} cells under {len(names)} columns"))
        else:
            values = dict(zip(names, cells, strict=False))
            yield _Line(number, partial(_entry_of_cells, values))


def _columns(source: str, header: Sequence[str]) -> list[str]:
    """Return the names of the columns.

    Raises:
        SourceInvalid: one is not known, or stands twice. Its cells would be lost.
    """
    names = [cell.strip().lower() for cell in header]
    unknown = [name or "without a name" for name in names if name not in _COLUMNS]
    twice = sorted({name for name in names if names.count(name) > 1} & set(_COLUMNS))
    if unknown:
        raise SourceInvalid(
            f"{source}: unknown column{'s' if len(unknown) > 1 else ''} {', '.join(unknown)[:200]!r}; "
            f"there are {', '.join(_COLUMNS)}"
        )
    if twice:
        raise SourceInvalid(f"{source}: the column {twice[0]} stands twice")
    return names


def _refuse(message: str) -> FeedEntry:
    raise LineInvalid(message)


def _entry_of_json(line: str) -> FeedEntry:
    return _entry_of_article(article_of_line(line))


def _check_text(text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise LineInvalid("not UTF-8")


def _entry_of_cells(cells: Mapping[str, str]) -> FeedEntry:
    """Return the entry of a row. One with an address and no text is an address."""
    values = {name: cells[name] for name in _COLUMNS if cells.get(name, "").strip()}
    for value in values.values():
        _check_text(value)
    if "url" in values and "text" not in values:
        return _entry_of_address(values["url"].strip(), values)
    return _entry_of_article(article_of_values(values))


def _entry_of_article(article: Article) -> FeedEntry:
    return FeedEntry(
        feed_url=OWN_ARTICLES,
        entry_id=digest("entry", OWN_ARTICLES, article.article_url),
        entry_hash=digest(
            article.title, article.text, article.published_at, article.language, article.source_name
        ),
        article_url=article.article_url,
        link=article.article_url,
        source_name=article.source_name or _outlet(article.article_url),
        title=article.title,
        summary=None,
        content=article.text,
        author=None,
        published_at=article.published_at,
        published_offset_minutes=article.published_offset_minutes,
        updated_at=None,
        language=article.language,
        flags=[],
    )


def _entry_of_address(address: str, values: Mapping[str, str] | None = None) -> FeedEntry:
    """Return the entry of an address whose page is fetched."""
    _check_text(address)
    given = values or {}
    try:
        url, link = canonical_url(address), request_url(address, "")
    except (NotAnArticleURL, ValueError) as error:
        raise LineInvalid(f"not an address: {address[:120]!r} ({error})") from None
    published = parse_instant(given.get("published_at"))
    if given.get("published_at") and published is None:
        raise LineInvalid("published_at is not ISO 8601")
    offset = published.utcoffset() if published is not None else None
    title = one_line(given.get("title", ""))
    return FeedEntry(
        feed_url=OWN_ARTICLES,
        entry_id=digest("entry", OWN_ARTICLES, url),
        entry_hash=digest(
            title, None, given.get("published_at"), given.get("language"), given.get("source_name")
        ),
        article_url=url,
        link=link,
        source_name=given.get("source_name") or _outlet(url),
        title=title,
        summary=None,
        content=None,
        author=None,
        published_at=utc_iso(given.get("published_at")),
        published_offset_minutes=int(offset.total_seconds() // 60) if offset is not None else None,
        updated_at=None,
        language=given.get("language"),
        flags=[],
    )


def _outlet(url: str) -> str | None:
    """Return the host of an address, which stands for the outlet where nobody names it."""
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None
