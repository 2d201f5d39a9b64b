"""The options by which ``show`` and ``export`` choose rows and columns."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from pipelines.chosen_columns import split_names
from pipelines.row_filter import RowFilter
from transforms.serving.list_filter import ORDERS

_OPTIONS = (
    click.option("--country", metavar="CC", help="Only this country: ISO 3166-1 alpha-2, such as UA."),
    click.option("--since", metavar="DATE", help="Only from this day on."),
    click.option("--until", metavar="DATE", help="Only up to this day."),
    click.option("--weapon", metavar="W", help="Only this weapon, such as drone."),
    click.option("--place", metavar="NAME", help="Only places whose name holds this."),
    click.option("--min-killed", type=click.IntRange(0), metavar="N", help="Only with at least N killed."),
    click.option("--status", metavar="S", help="Only this status, such as needs_review."),
    click.option(
        "--geo-precision",
        type=click.IntRange(1, 3),
        metavar="N",
        help="Only places known so exactly: 1 town, 2 region, 3 country.",
    ),
    click.option(
        "--order",
        type=click.Choice(ORDERS),
        help="latest: the latest day first. deadliest: by the lower limit of the killed. "
        "Default: show has the latest first, export sorts by the key of the table.",
    ),
    click.option("--limit", type=click.IntRange(0), metavar="N", help="The first N rows."),
    click.option(
        "--columns", metavar="A,B", help="Only these columns, in this order, with commas between them."
    ),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the filters to a command. It gets them as ``wanted``, and the names of columns as ``columns``."""

    @wraps(command)
    def with_filter(**values: Any) -> Any:
        names = (
            "country", "since", "until", "weapon", "place", "min_killed", "status", "geo_precision", "order",
            "limit",
        )  # fmt: skip
        chosen = {name: values.pop(name) for name in names}
        for option in ("since", "until"):
            chosen[option] = _day(option, chosen[option])
        columns = split_names(values.pop("columns"))
        return command(wanted=RowFilter(**chosen), columns=columns, **values)

    for option in reversed(_OPTIONS):
        with_filter = option(with_filter)
    return with_filter


def _day(option: str, text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--{option} takes a date such as 2025-04-01, not {text!r}") from None
