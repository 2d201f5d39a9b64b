"""Why a report is as it is: each field with its confidence and the sentence that it was read from."""

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from pipelines.explain_fields import fields, first_row, table_of_fields
from pipelines.explain_second_reading import print_second_reading
from schemas.sql_files import statement
from transforms.warehouse import Row, Warehouse


def explain_report(warehouse: Warehouse, report_id: str, console: Console) -> None:
    """Print a report field by field, and the incident that it is linked to.

    Raises:
        NothingToExplain: there is no such report.
    """
    parameters = {"report_id": report_id}
    versions = warehouse.query(statement(__file__, "report_versions"), parameters)
    row = first_row(versions, f"no report {report_id!r}")
    print_heading(row, row["headline"], console)
    print_report(row, console)
    print_second_reading(warehouse, row["article_url"], console, report_id)
    for link in warehouse.query(statement(__file__, "incidents_of_report"), parameters):
        console.print(
            f"in incident {link['incident_id']} with score {link['match_score']:.2f}: {link['match_reason']}",
            markup=False,
        )


def print_heading(row: Row, title: str | None, console: Console) -> None:
    """Print the title, outlet, instant of publication and URL of an article or a report."""
    console.print(Text(title or "(no title)", "bold"))
    console.print(
        Text(f"{row['source_name'] or 'unknown source'}, {row['published_at'] or 'no date'}", "dim")
    )
    console.print(Text(row["article_url"], "dim"), soft_wrap=True)
    console.print()


def print_report(row: Row, console: Console) -> None:
    """Print the fields of a report, who gave its counts, its overall confidence and the extractor."""
    table = table_of_fields(f"report {row['report_id']}" + ("" if row["is_main"] else " (background)"))
    sentences = {e["field"]: e["text"] for e in row["evidence"] or ()}
    confidence = {f["field"]: f"{f['confidence']:.2f}" for f in row["field_confidence"] or ()}
    for name, value, field in fields(row):
        sentence = " ".join(sentences.get(field, "").split())
        table.add_row(name, escape(value), confidence.get(field, ""), escape(sentence))
    if row["attributed_to"]:
        table.add_row("attributed to", escape(row["attributed_to"]), "", "")
    table.add_row("overall", "", f"{row['confidence']:.2f}", "")
    table.add_row("extractor", escape(row["extractor_version"]), "", "")
    console.print(table)
    console.print()
