"""Identities of reports, incidents and dead letters.

Each is derived from content, never from the order of arrival or from the clock.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

_APOSTROPHES = re.compile("['`\u2019\u02bc\u02b9]")
_STORED_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_NON_WORD = re.compile(r"[^\w]+")
_ARABIC_ARTICLE = re.compile(r"\b(?:al|el|ad|ed|an|ar|as|ash|at|az)\s+(?=\w)")


def digest(*parts: str | None) -> str:
    """Return a hash of the parts, 20 hexadecimal digits. ``None`` and ``""`` give different hashes."""
    joined = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=50_000)
def fold_name(name: str) -> str:
    """Return a place name without accents, case, hyphens and Arabic articles, for comparison.

    >>> fold_name("Deir al-Balah") == fold_name("Deir el Balah")
    True
    """
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    return _ARABIC_ARTICLE.sub("", _NON_WORD.sub(" ", text).strip()).strip()


def report_id(article_url: str, geonameid: int | None, location: str, nth: int) -> str:
    """Return the id of the nth report (from 0) at a place in an article."""
    place = str(geonameid) if geonameid is not None else fold_name(location)
    return digest("report", article_url, place, str(nth))


def incident_id(founder_report_id: str) -> str:
    """Return the id of the incident that a report founds."""
    return f"i-{founder_report_id}"


def founder_key(published_at: str | None, the_report_id: str) -> tuple[bool, str, str]:
    """Return the sort key of founders, the least of which founds: earliest instant, unknown last, then id."""
    return (published_at is None, utc_iso(published_at) or "", the_report_id)


def dead_letter_id(stage: str, unit: Sequence[str | None]) -> str:
    """Return the id of a dead letter: the same for every failure of one input (``unit``) at one stage."""
    return digest("dead_letter", stage, *unit)


def utc_iso(value: str | None) -> str | None:
    """Return an ISO 8601 instant in UTC with whole seconds, or None where it cannot be read.

    >>> utc_iso("2025-04-04T19:40:00+03:00")
    '2025-04-04T16:40:00Z'
    """
    moment = parse_instant(value)
    if moment is not None and value is not None and _STORED_INSTANT.fullmatch(value):
        return value  # most instants are stored in this form: no conversion needed
    try:
        utc = None if moment is None else moment.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    except OverflowError:
        return None  # the year 1 or 9999, and another year in UTC
    return None if utc is None else f"{utc.isoformat()}Z"  # strftime writes the year 1 as "1"


def parse_instant(value: str | None) -> datetime | None:
    """Return the instant of an ISO 8601 string, or None. A string without an offset is taken as UTC."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(moment.tzinfo)
    except (OverflowError, ValueError):
        return None
