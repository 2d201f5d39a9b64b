"""The filters of a list, as they stand in an address."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from schemas.countries import UnknownCountry, check_country
from schemas.identity import parse_instant
from schemas.vocabulary import Status, Weapon
from transforms.corrections.settable import MAX_TOLL

MAX_TEXT = 200
"""Characters of a value that is searched for."""
ORDERS = ("latest", "deadliest")
"""The orders that a reader may ask for."""


class BadParameter(ValueError):
    """A parameter that cannot be used. The message is one line for a person and names it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of degrees. It crosses the date line where ``west`` is greater than ``east``."""

    west: float
    south: float
    east: float
    north: float

    def written(self) -> str:
        """Return the box as an address has it."""
        return ",".join(map(_degrees, (self.west, self.south, self.east, self.north)))


@lru_cache(maxsize=1_000)
def _degrees(value: float) -> str:
    # The boxes of a map share their edges. Plus 0.0: the cache holds -0.0 and 0.0 to be one.
    return f"{value + 0.0:.6f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which incidents are wanted; None leaves all, except that rejected ones are listed only where
    ``status`` asks for them.

    ``country``: ISO 3166-1 alpha-2. ``since``, ``until``: first and last day. ``min_killed``: the least that
    the lower limit of the killed may be. ``place``: a part of the place's name. ``geo_precision``: 1 town, 2
    region, 3 country. ``text``: words of headline, place and attacker. ``changed_since``: an instant; the row
    was written in the ledger then or later.
    ``order``: ``deadliest``; None for the latest first, and for the order of change with ``changed_since``.
    ``exact_place``: country and whole name of a place. No parameter sets it, only the page of a place.
    """

    country: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    weapon: str | None = None
    status: str | None = None
    min_killed: int | None = None
    place: str | None = None
    bbox: Box | None = None
    geo_precision: int | None = None
    text: str | None = None
    changed_since: str | None = None
    order: str | None = None
    exact_place: tuple[str | None, str] | None = None

    def address(self, **others: object) -> str:
        """Return the filters as the query of an address, with other parameters after them."""
        given = {f.name: _written(getattr(self, f.name)) for f in fields(self) if f.name != "exact_place"}
        return urlencode({k: str(v) for k, v in {**given, **others}.items() if v is not None})


def _written(value: Any) -> Any:
    return value.written() if isinstance(value, Box) else value


def _country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise BadParameter(f"country takes a code of two letters such as UA, not {_quoted(text)}")
    try:
        check_country(text.upper())
    except UnknownCountry as error:
        raise BadParameter(f"country: {error}") from None
    return text.upper()


def _day(name: str) -> Callable[[str], dt.date]:
    def read(text: str) -> dt.date:
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                return dt.date.fromisoformat(text)
        except ValueError:
            pass
        raise BadParameter(f"{name} takes a date such as 2025-04-01, not {_quoted(text)}")

    return read


def _word(name: str, known: Iterable[str]) -> Callable[[str], str]:
    words = tuple(known)

    def read(text: str) -> str:
        if text not in words:
            raise BadParameter(f"{name} takes one of {', '.join(words)}, not {_quoted(text)}")
        return text

    return read


def whole_number(name: str, text: str, least: int, most: int) -> int:
    """Return a whole number.

    Raises:
        BadParameter: it is none, or too small or too large.
    """
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise BadParameter(f"{name} takes a whole number from {least} to {most}, not {_quoted(text)}")
    return int(text)


def _some_text(name: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > MAX_TEXT or "\x00" in text:
            raise BadParameter(f"{name} takes at most {MAX_TEXT} characters of text")
        return text

    return read


def _box(text: str) -> Box:
    parts = text.split(",")
    if len(parts) == 4 and all(re.fullmatch(r"-?\d{1,3}(\.\d{1,10})?", part) for part in parts):
        west, south, east, north = map(float, parts)
        if -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90:
            return Box(west, south, east, north)
    raise BadParameter(
        f"bbox takes west,south,east,north in degrees such as 22,44,40.5,52.5, not {_quoted(text)}"
    )


def _instant(text: str) -> str:
    # in a query a plus means a blank, so the offset of an instant that nobody escaped comes with one
    found = parse_instant(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
    try:
        if found is not None:
            return f"{found.astimezone(dt.UTC).isoformat()[:19]}Z"
    except OverflowError:
        pass
    raise BadParameter(f"changed_since takes an instant such as 2025-04-01T12:00:00Z, not {_quoted(text)}")


def _order(text: str) -> str | None:
    return None if _word("order", ORDERS)(text) == "latest" else text


_READERS: dict[str, Callable[[str], Any]] = {
    "country": _country,
    "since": _day("since"),
    "until": _day("until"),
    "weapon": _word("weapon", Weapon),
    "status": _word("status", Status),
    "min_killed": lambda text: whole_number("min_killed", text, 0, MAX_TOLL),
    "place": _some_text("place"),
    "bbox": _box,
    "geo_precision": lambda text: whole_number("geo_precision", text, 1, 3),
    "text": _some_text("text"),
    "changed_since": _instant,
    "order": _order,
}
FILTER_NAMES = tuple(_READERS)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a reader asks of a list: the filters, where to go on, and how many rows (None: not said)."""

    wanted: ListFilter
    cursor: str | None
    limit: int | None


def read_list_request(parameters: Iterable[tuple[str, str]], most: int) -> ListRequest:
    """Return what the parameters of an address ask for. An empty value is none, as a form sends it.

    Args:
        parameters: names with values, in their order.
        most: the most that ``limit`` may be.

    Raises:
        BadParameter: a parameter is unknown, stands twice, or has a value that cannot be used.
    """
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in _READERS and name not in ("cursor", "limit"):
            known = ", ".join((*FILTER_NAMES, "cursor", "limit"))
            raise BadParameter(f"no parameter {_quoted(name)}; there are {known}")
        if name in given:
            raise BadParameter(f"{name} stands twice")
        given[name] = value.strip()
    read = {name: reader(given[name]) for name, reader in _READERS.items() if given.get(name)}
    wanted = ListFilter(**read)
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise BadParameter(f"since {wanted.since} is later than until {wanted.until}")
    if wanted.order is not None and wanted.changed_since is not None:
        raise BadParameter("changed_since has an order of its own; leave order out")
    limit = whole_number("limit", given["limit"], 1, most) if given.get("limit") else None
    return ListRequest(wanted, given.get("cursor") or None, limit)


def _quoted(text: str) -> str:
    """Return a value as an error shows it: short, and without characters that are not printed."""
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
