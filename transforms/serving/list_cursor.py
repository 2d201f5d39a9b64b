"""Cursors: where a list goes on. A cursor names the last row that was given, not its number, so that a list
goes on at the right row when the ledger has changed meanwhile."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Literal, get_args

from transforms.serving.list_filter import BadParameter

Order = Literal["latest", "changed", "deadliest"]
"""``latest``: the latest day first. ``changed``: what was written first in the ledger first. ``deadliest``:
by the lower limit of the killed, the highest first, and last those of which nobody reported it."""
_MAX_LENGTH = 200
_ID = re.compile(r"i-[0-9a-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class RowKey:
    """The place of a row in an order. ``rank``: its day as an ordinal, the second of its last change, or the
    lower limit of its killed with the opposite sign."""

    order: Order
    rank: int
    incident_id: str


def encode_cursor(key: RowKey) -> str:
    """Return the cursor of a row: letters that an address takes as they are."""
    text = json.dumps([key.order, key.rank, key.incident_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def decode_cursor(cursor: str, order: Order) -> RowKey:
    """Return the row of a cursor.

    Args:
        cursor: what ``encode_cursor`` returned.
        order: the order of the list that goes on.

    Raises:
        BadParameter: it is no cursor, or one of another order.
    """
    try:
        if len(cursor) > _MAX_LENGTH:
            raise ValueError
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        named, rank, incident_id = json.loads(raw)
        if named not in get_args(Order) or type(rank) is not int or abs(rank) > 1 << 62:
            raise ValueError
        if not _ID.fullmatch(incident_id):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadParameter("cursor is none that this server gave; begin without it") from None
    if named != order:
        raise BadParameter("cursor belongs to a list in another order; begin without it")
    return RowKey(named, rank, incident_id)
