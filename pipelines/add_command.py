"""The command ``add``."""

import click

from pipelines.command_options import ERR, model_option, storage_option, warehouse_option
from pipelines.fetch_options import fetch_options


@click.command(
    help="Add own articles to the ledger: JSON lines, CSV, lists of addresses, or single addresses. The page "
    "of an address is fetched; a text that is given is taken as it is. The incidents that they make or join "
    "are printed."
)
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL...")
@fetch_options
@model_option
@warehouse_option
@storage_option
def add(
    sources: tuple[str, ...], allow_hosts: tuple[str, ...], host_delay: float | None,
    host_budget: float | None, payload_quota: str | None, model: str | None, warehouse: str,
    storage: str | None,
) -> None:  # fmt: skip
    """Add own articles. The status is 1 where no line could be used."""
    from pipelines.options import add_config, beam_options, make_policy
    from pipelines.own_articles import read_own_articles

    policy = make_policy(allow_hosts, host_delay, host_budget, payload_quota)
    own = read_own_articles(sources)
    for message in own.messages:
        click.echo(message, err=True)
    if not own.entries:
        click.echo("strikeledger: no article to add", err=True)
        raise SystemExit(1)
    from transforms.nlp.extraction_processes import start_early

    start_early()
    from pipelines.jobs import run_once

    config = add_config(own.entries, warehouse, storage, policy, model)
    for line in run_once(config, beam_options([]), ERR):
        click.echo(line)
    from pipelines.added_incidents import lines_of_added
    from transforms.warehouse import open_warehouse

    with open_warehouse(warehouse, read_only=True) as opened:
        for line in lines_of_added(opened, (entry.article_url for entry in own.entries if entry.article_url)):
            click.echo(line)
