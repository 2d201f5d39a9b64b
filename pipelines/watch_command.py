"""The command ``watch``, and how ``run`` delivers alerts."""

from collections.abc import Callable, Sequence

import click

from pipelines.command_options import warehouse_option


@click.command(help="Tell the channels of a file of watches what is due since the last time.")
@click.option("--watches", required=True, metavar="FILE", help="A YAML file of watches.")
@click.option(
    "--since", metavar="DATE",
    help="Also tell incidents that the ledger held when a watch began, from this day of the strike on.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Print what is due; send nothing and write nothing.")
@click.option(
    "--allow-host", "allow_hosts", multiple=True, metavar="HOST[:PORT]",
    help="Let webhooks and mail reach this private or loopback host. Repeatable.",
)  # fmt: skip
@warehouse_option
def watch(
    watches: str, since: str | None, dry_run: bool, allow_hosts: tuple[str, ...], warehouse: str
) -> None:
    """Deliver what is due. The status is 1 only where something was due and nothing could be sent."""
    from pipelines.options import make_policy
    from pipelines.watch import Watching, load_watches, run_watch, summary_of, warnings_of, whole_day

    day = None if since is None else whole_day(since)
    make_policy(allow_hosts, None)  # refuses what is no host
    watching = Watching(load_watches(watches), warehouse, allow_hosts, day, dry_run)
    _say(warnings_of(watching.watches))
    told = run_watch(watching)
    for line in told.lines:
        click.echo(line, err=not dry_run)
    click.echo(summary_of(told, is_dry=dry_run))
    if (told.failed or told.given_up) and not told.sent:
        raise SystemExit(1)


def alerts_of_runs(watches: str, warehouse: str, allow_hosts: tuple[str, ...]) -> Callable[[], None]:
    """Return what delivers the alerts of a run. Watches that are new begin now, before the run writes.

    Whatever fails later is one line: the run itself has succeeded.

    Args:
        watches: path of the file of watches.
        warehouse: URL of the warehouse.
        allow_hosts: private hosts that webhooks and mail may reach.

    Raises:
        WatchesInvalid: the file cannot be used.
        WarehouseError: the warehouse cannot be used.
    """
    from pipelines.watch import Watching, begin_watch, load_watches, run_watch, summary_of, warnings_of

    watching = Watching(load_watches(watches), warehouse, allow_hosts)
    _say(warnings_of(watching.watches))
    _say(begin_watch(watching).lines)

    def tell() -> None:
        try:
            told = run_watch(watching)
        except Exception as error:  # noqa: BLE001  alerts must not end a loop of runs
            _say([f"strikeledger: alerts were not delivered: {' '.join(str(error).split())}"])
            return
        _say(told.lines)
        click.echo(summary_of(told))

    return tell


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        click.echo(line, err=True)
