"""What the second reader makes of an article, beside our own reports: where there is a second reading."""

from rich.console import Console
from rich.markup import escape

from pipelines.explain_fields import fields, table_of_fields
from schemas.sql_files import statement
from transforms.util.readable import NOT_STATED, text_or_dash, words
from transforms.warehouse import Warehouse, WarehouseError

_DISAGREES = "disagrees"


def print_second_reading(
    warehouse: Warehouse, url: str, console: Console, report_id: str | None = None
) -> None:
    """Print the second reports of an article, with a mark at each field in which they contradict ours.

    Args:
        warehouse: the tables; an older one may have none of the second reader.
        url: canonical URL of the article.
        console: where to print.
        report_id: print only what belongs to this report.
    """
    try:
        warehouse.columns("second_reader_disagreements")
    except WarehouseError:
        return
    parameters = {"url": url}
    contradicted = warehouse.query(statement(__file__, "disagreements_of_article"), parameters)
    marks = {(row["reader"], row["report_id"], row["field"]) for row in contradicted}
    for row in warehouse.query(statement(__file__, "second_reports_of_article"), parameters):
        if report_id not in (None, row["report_id"]):
            continue
        key = (row["reader"], row["report_id"])
        table = table_of_fields(f"second reader, report {row['report_id']}")
        sentences = {e["field"]: " ".join(e["text"].split()) for e in row["evidence"] or ()}
        for name, value, field in fields(row):
            mark = _DISAGREES if (*key, field) in marks else ""
            if value != NOT_STATED:
                table.add_row(name, escape(value), mark, escape(sentences.get(field, "")))
        table.add_row("reader", escape(row["reader"]), "", "")
        console.print(table)
        console.print()
    if report_id is None:
        for row in warehouse.query(statement(__file__, "second_readings_of_article"), parameters):
            why = f" ({words(row['reason'])})" if row["reason"] else ""
            console.print(
                f"second reader {row['reader']}: {row['outcome']}{why}, {row['reports']} reports",
                markup=False,
            )
    for row in contradicted:
        if report_id in (None, row["report_id"]) and row["field"] == "location":
            ours, theirs = text_or_dash(row["ours"]), text_or_dash(row["theirs"])
            console.print(
                f"only one of both reports this incident: ours {ours}, second reader {theirs}", markup=False
            )
