"""``watch``: tells the channels of a file of watches what is due since the last time."""

import datetime as dt
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.hold_lease import hold_alerts_lease
from transforms.alerts.deliver import Delivery, Told, begin_watches, deliver_alerts
from transforms.alerts.find_place import find_place
from transforms.alerts.read_watches import read_watches
from transforms.alerts.watch_warnings import actor_warnings
from transforms.alerts.watches import Watch
from transforms.nlp.language import available_languages, load_pack
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.party_names import usual_names
from transforms.util.clock import utc_now
from transforms.util.errors import UserError
from transforms.warehouse import open_warehouse
from transforms.web.guard import AddressGuard


@dataclass(frozen=True, slots=True)
class Watching:
    """A checked file of watches and how they are delivered.

    ``allow_hosts``: private hosts that webhooks and mail may go to. ``since``: also tell incidents that the
    ledger held when a watch began, from this event date on.
    """

    watches: tuple[Watch, ...]
    warehouse: str
    allow_hosts: tuple[str, ...] = ()
    since: str | None = None
    is_dry: bool = False


def load_watches(path: str) -> tuple[Watch, ...]:
    """Return the watches of a file. Secrets come from the environment, places from the gazetteer.

    Raises:
        WatchesInvalid: the file cannot be used.
    """
    return read_watches(
        path, os.environ, lambda name, countries: find_place(open_gazetteer(), name, countries)
    )


def warnings_of(watches: Sequence[Watch]) -> list[str]:
    """Return a line for each name of an actor that no report has, in any language."""
    if not any(watch.conditions.actors for watch in watches):
        return []
    names: dict[str, str] = {}
    for language in available_languages():
        names |= usual_names(load_pack(language))
    return list(actor_warnings(watches, names))


def run_watch(watching: Watching) -> Told:
    """Deliver what is due since the last time.

    Raises:
        WarehouseBusy: another process delivers.
        WarehouseError: there is no such warehouse, or it cannot be used.
    """
    with open_warehouse(watching.warehouse, read_only=True):
        pass  # a mistyped name must not create a file
    return _work(watching, deliver_alerts)


def begin_watch(watching: Watching) -> Told:
    """Note what the ledger holds for watches that are new, and send nothing. A run does so before it writes.

    Raises:
        WarehouseBusy: another process delivers.
        WarehouseError: the warehouse cannot be used.
    """
    return _work(watching, begin_watches)


def _work(watching: Watching, work: Callable[[Sequence[Watch], Delivery], Told]) -> Told:
    run_id = f"watch-{uuid.uuid4().hex[:12]}"
    delivery = Delivery(
        open_state=lambda: open_warehouse(watching.warehouse, read_only=watching.is_dry),
        guard=AddressGuard.of(watching.allow_hosts),
        run_id=run_id,
        now=utc_now,
        since=watching.since,
        is_dry=watching.is_dry,
    )
    if watching.is_dry:
        return work(watching.watches, delivery)
    with hold_alerts_lease(watching.warehouse, run_id):
        with open_warehouse(watching.warehouse) as warehouse:
            warehouse.ensure()
        return work(watching.watches, delivery)


def summary_of(told: Told, *, is_dry: bool = False) -> str:
    """Return the counts as one line."""
    if is_dry:
        return f"alerts     {told.due} due, nothing sent"
    parts = ((told.sent, "sent"), (told.failed, "failed"), (told.given_up, "given up"))
    return "alerts     " + ", ".join(f"{n} {word}" for n, word in parts if n or word == "sent")


def whole_day(text: str) -> str:
    """Return a date such as 2025-04-01.

    Raises:
        SinceInvalid: it is none.
    """
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise SinceInvalid(f"--since takes a date such as 2025-04-01, not {text!r}") from None


class SinceInvalid(UserError):
    """Not a date."""
