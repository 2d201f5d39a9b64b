"""The commands that read a ledger, and the one that creates it."""

from pathlib import Path

import click

from pipelines import arguments
from pipelines.command_options import ERR, OUT, ledger_option, warehouse_option
from pipelines.filter_options import filter_options
from pipelines.output_file import FORMATS, format_of
from pipelines.row_filter import EVERY_ROW, RowFilter
from pipelines.terminal import table_console

_SHOWN = ("incidents", "reports", "feeds", "dead-letters", "runs", "checks")


def _complete_table(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return what a shell offers for the name of a table."""
    from pipelines.export import exportable
    from pipelines.export_training import NAME

    return [name for name in [*exportable(), NAME] if name.startswith(incomplete)]


@click.command(
    help="Write a table or view as JSON lines, CSV, XLSX, Parquet or GeoJSON; training: what people decided, "
    "as annotated articles."
)
@click.argument("table", shell_complete=_complete_table)
@click.option(
    "--format", "form", type=click.Choice(FORMATS),
    help="Default: what the ending of FILE says, else jsonl.",
)  # fmt: skip
@click.option("--out", metavar="FILE", help="Default: standard output.")
@filter_options
@ledger_option
def export(
    table: str, form: str | None, out: str | None, warehouse: str, wanted: RowFilter, columns: tuple[str, ...]
) -> None:
    path = None if out is None else Path(out)
    form = form or format_of(path)
    from pipelines.export import export_table

    number = export_table(warehouse, table, form, path, wanted, columns)
    if out is not None:
        OUT.print(f"{out}: {number} row{'' if number == 1 else 's'}", markup=False, soft_wrap=True)


@click.command(help="Print a readable table.")
@click.argument("what", type=click.Choice(_SHOWN), default="incidents", metavar=f"[{'|'.join(_SHOWN)}]")
@filter_options
@ledger_option
def show(what: str, warehouse: str, wanted: RowFilter, columns: tuple[str, ...]) -> None:
    if what == "checks" and (columns or wanted != EVERY_ROW):
        raise click.UsageError("show checks takes no filter and no --columns")
    from pipelines.checks import print_checks
    from pipelines.show import print_view
    from transforms.warehouse import open_warehouse

    console = table_console(OUT)
    with open_warehouse(warehouse, read_only=True) as opened:
        if what == "checks":
            print_checks(opened, console)
            return
        rows = print_view(opened, what, console, wanted, columns)
    if not rows:
        from pipelines.hold_lease import is_run_going

        if is_run_going(warehouse):
            ERR.print("a run is writing now; its rows will be here when it ends")


@click.command(
    help="Write one self-contained page (map, timeline, toll history, sources, table), or the pages of serve "
    "as files. Both open from disk."
)
@click.option("--out", metavar="FILE.html", help="The file of the page.")
@click.option(
    "--site", metavar="DIR",
    help="The folder of the pages, for any web host. An earlier site in it is replaced.",
)  # fmt: skip
@click.option(
    "--base-url", metavar="URL",
    help="Where the site will lie. The links of its Atom feed are then absolute, as readers need them.",
)  # fmt: skip
@click.option("--since", metavar="DATE", help="Only incidents from this day on.")
@click.option("--until", metavar="DATE", help="Only incidents up to this day.")
@ledger_option
def dashboard(
    out: str | None,
    site: str | None,
    base_url: str | None,
    since: str | None,
    until: str | None,
    warehouse: str,
) -> None:
    first, last = arguments.days_argument(since, until)
    if not out and not site:
        raise click.UsageError("say where to write: --out FILE.html, --site DIR, or both")
    if base_url is not None and not site:
        raise click.UsageError("--base-url goes with --site DIR")
    base = arguments.base_url(base_url)
    from pipelines.dashboard.page import write_dashboard
    from pipelines.dashboard.write_site import check_apart, write_site
    from transforms.util.clock import utc_now
    from transforms.warehouse import open_warehouse

    check_apart(Path(out) if out else None, Path(site) if site else None)
    if site:
        days = (first if since else None, last if until else None)
        pages = write_site(warehouse, Path(site), utc_now(), *days, base)
        if base is None:
            ERR.print(
                "links in the site's Atom feed are relative, and feed readers need absolute ones: "
                "say with --base-url URL where the site will lie",
                markup=False, soft_wrap=True,
            )  # fmt: skip
        OUT.print(
            f"{site}: {pages.incidents} incidents, {pages.files} files, {pages.size / 1e6:.1f} MB",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    if out:
        with open_warehouse(warehouse, read_only=True) as opened:
            page = write_dashboard(opened, Path(out), utc_now(), first, last)
        OUT.print(
            f"{out}: {page.incidents} incidents, {page.size / 1e6:.1f} MB"
            + (f"; details of the {page.detailed} latest" if page.detailed < page.incidents else ""),
            markup=False, soft_wrap=True,
        )  # fmt: skip


@click.command(
    help="Why: an article with what was seen in it and what was left out; a report or incident by field."
)
@click.argument("what", metavar="ID_OR_URL")
@ledger_option
def explain(what: str, warehouse: str) -> None:
    from pipelines.explain import explain as print_explanation
    from transforms.warehouse import open_warehouse

    console = table_console(OUT)
    with open_warehouse(warehouse, read_only=True) as opened:
        print_explanation(opened, what, console)


@click.command(help="Create tables and views, or upgrade them; nothing is ever dropped.")
@warehouse_option
def init(warehouse: str) -> None:
    from pipelines.hold_lease import hold_lease
    from transforms.warehouse import open_warehouse

    with hold_lease(warehouse, "init"), open_warehouse(warehouse) as opened:
        done = opened.ensure()
    for line in done or ["nothing to do"]:
        OUT.print(line, markup=False)
