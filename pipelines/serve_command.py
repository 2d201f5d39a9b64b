"""The command ``serve``."""

import click

from pipelines import arguments
from pipelines.command_options import OUT, ledger_option, storage_option

_DEFAULT_PORT = 8000


@click.command(
    help="Serve the ledger to browsers and programs: pages, a JSON API, downloads, a feed. Read-only without "
    "--edit."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="H",
    help="The address to listen at. Any other than this machine's own lets others read the ledger.",
)  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=_DEFAULT_PORT, show_default=True, metavar="N",
              help="The port; 0 takes a free one.")  # fmt: skip
@click.option(
    "--refresh", default="15s", show_default=True, metavar="15s",
    help="How often to look whether the ledger has changed.",
)  # fmt: skip
@click.option(
    "--rate", type=click.FloatRange(0, 10_000), default=10.0, show_default=True, metavar="N",
    help="Requests a second that one client may send for long; 0 sets no limit.",
)  # fmt: skip
@click.option(
    "--behind-proxy", is_flag=True,
    help="A proxy on this machine passes requests on: believe its headers, and answer for any host name.",
)  # fmt: skip
@click.option(
    "--edit", is_flag=True,
    help="Let editors sign in and decide about incidents, with the token of STRIKELEDGER_EDIT_TOKEN.",
)  # fmt: skip
@ledger_option
@storage_option
def serve(
    host: str, port: int, refresh: str, rate: float, behind_proxy: bool, edit: bool, warehouse: str,
    storage: str | None,
) -> None:  # fmt: skip
    """Take the port, read the ledger, and answer until a signal ends the process."""
    from pipelines.server.edit_token import edit_token

    token = edit_token() if edit else None  # before anything takes time
    every_s = arguments.interval_s("--refresh", refresh)
    from pipelines.ending import say
    from pipelines.server.request_guard import is_loopback
    from pipelines.server.run_server import bind, make_server, serve_until_stopped
    from pipelines.server.snapshot_keeper import SnapshotKeeper
    from pipelines.server.web_app import AppSettings, make_app
    from transforms.util.clock import utc_now

    bound = bind(host, port)
    if edit and not behind_proxy and not is_loopback(host):
        say("a token sent from elsewhere is in clear: use a web server with TLS and --behind-proxy")
    say("reading the ledger ...")
    keeper = SnapshotKeeper(warehouse, every_s, utc_now, say)
    try:
        settings = AppSettings(rate, is_loopback(host) and not behind_proxy)
        desk = None
        if token is not None:
            from pipelines.server.make_desk import make_desk

            desk = make_desk(keeper, warehouse, storage, token, say)
        app = make_app(keeper, settings, desk)
        server = make_server(app, is_behind_proxy=behind_proxy)
        count = len(keeper.snapshot.columns.ids)
        OUT.print(f"{count} incidents at {bound.address} (Ctrl-C ends it)", markup=False, soft_wrap=True)
        keeper.start()
        serve_until_stopped(server, bound)
    finally:
        keeper.close()
