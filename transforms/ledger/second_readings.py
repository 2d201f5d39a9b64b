"""What the second reader has yet to read, and writing what it read. No report and no incident changes."""

from collections.abc import Mapping, Sequence

from schemas.identity import parse_instant
from schemas.records import Article
from schemas.rows import Row, record_to_row, row_to_record
from schemas.sql_files import statement
from schemas.step_records import StagedFile
from schemas.tables import tables
from schemas.validation import check_row
from transforms.ledger.merge_statements import load_checks, merge_statement, staging_columns, staging_name
from transforms.ledger.staged_rows import with_hash
from transforms.nlp.language import available_languages
from transforms.nlp.second_reader.prompt import reader_version
from transforms.nlp.second_reader.read_again import MAX_ATTEMPTS, SecondReadings, Unread
from transforms.nlp.second_reader.reader_settings import ReaderSettings
from transforms.util.clock import utc_now
from transforms.warehouse import Warehouse

TABLES = ("second_readings_v1", "second_reports_v1")


def read_unread(warehouse: Warehouse, settings: ReaderSettings, since: str | None, most: int) -> list[Unread]:
    """Return the articles in the scope of the second reader that it has not read, the most urgent first.

    Args:
        warehouse: where they are stored.
        settings: of the reader.
        since: only articles published since this date, or fetched where they have no date; None: all.
        most: the most articles.
    """
    parameters = {
        "reader": reader_version(settings),
        "languages": list(available_languages()),
        "is_any_time": since is None,
        "since": since or "1970-01-01",
        "max_attempts": MAX_ATTEMPTS,
        "is_doubtful": settings.scope == "doubtful",
        "confidence_below": settings.confidence_below,
        "most": most,
    }
    rows = warehouse.query(statement(__file__, "unread_articles"), parameters)
    return [Unread(row_to_record(Article, row), row["attempts"]) for row in rows]


def stored_answers(
    warehouse: Warehouse, settings: ReaderSettings, unread: Sequence[Unread]
) -> Mapping[str, str]:
    """Return the answers that the reader has given on the texts of articles, by the SHA-256 of the text."""
    texts = sorted({item.article.text_sha256 for item in unread})
    rows = warehouse.query(
        statement(__file__, "stored_answers"), {"reader": reader_version(settings), "texts": texts}
    )
    return {row["text_sha256"]: row["answer"] for row in rows}


def rows_of(found: SecondReadings) -> dict[str, list[Row]]:
    """Return the checked rows of second readings, by table."""
    rows = {
        TABLES[0]: [with_hash(record_to_row(reading)) for reading in found.readings],
        TABLES[1]: [with_hash(record_to_row(report)) for report in found.reports],
    }
    for table, some in rows.items():
        for row in some:
            check_row(table, row)
    return rows


def load_second_readings(
    warehouse: Warehouse, files: Sequence[StagedFile], run_id: str, number: int, *, is_leased: bool
) -> None:
    """Load staged second readings, all or none.

    Args:
        warehouse: where to.
        files: the staged files of both tables.
        run_id: the run.
        number: of this load in the run.
        is_leased: the run holds the lease by its row.

    Raises:
        WarehouseError: the warehouse refuses.
    """
    every = tables()
    staged = {
        staging_name(name): (staging_columns(every[name]), [f.path for f in files if f.kind == name])
        for name in TABLES
    }
    expected = {name: sum(f.rows for f in files if f.kind == name) for name in TABLES}
    warehouse.load(
        staged,
        [merge_statement(every[name]) for name in TABLES],
        {"now": parse_instant(utc_now()), "run_id": run_id},
        load_checks(expected, is_leased=is_leased),
        name=f"{run_id}-second-{number}",
    )
